/**
 * The part of the story that tells of the end of the contract: what the client says of it is signed; from the end on nobody is let in
 * and every agreement rests; nothing is erased without its notice; and it is certified when nothing is outstanding. Pure.
 */
import {
  type EndingStatement,
  endingLine,
  erasureSubjects,
  leastNotice,
  overAt,
  readEnding,
  readHosted,
  statementFault,
} from './ending.ts';
import { countCertified, type EndingCertificate, readCertificate } from './ending-certificate.ts';
import type { LeafFields } from './entries.ts';
import { evidenceFault, evidenceFrom } from './evidence.ts';
import { textHash } from './leaf.ts';
import type { ConsentsTold } from './story-consents.ts';
import type { StoryContext } from './story-context.ts';
import type { CopiesTold } from './story-copies.ts';
import type { CredentialsTold } from './story-credentials.ts';
import { isTime } from './story-lines.ts';
import type { PoliciesTold } from './story-policies.ts';
import type { SeatsTold } from './story-seats.ts';

/** What other parts of the story say. */
export interface EndingBeside {
  readonly seats: Pick<SeatsTold, 'get'>;
  readonly consents: Pick<ConsentsTold, 'active'>;
  readonly copies: Pick<CopiesTold, 'there' | 'certified'>;
  readonly credentials: Pick<CredentialsTold, 'held'>;
  readonly policies: Pick<PoliciesTold, 'hash' | 'fileEnd'>;
  /** Accesses that are open. */
  openings(): number;
}

/** An end that has begun and was not lifted. */
interface Over {
  readonly id: string;
  readonly since: string;
  readonly cause: string;
  /** The earliest day on which data may be erased, RFC 3339; '': nobody gave notice of it. */
  eraseFrom: string;
  certified: boolean;
}

/** What nobody does once the contract is over, as its lines are called. */
const letIn: ReadonlySet<string> = new Set([
  'session.opened',
  'session.extended',
  'access.intent',
  'access.static',
  'consent.granted',
  'consent.signed',
  'consent.resumed',
  'consent.requested',
  'consent.proposed',
  'delegation.granted',
]);

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class EndingsTold {
  readonly #context: StoryContext;
  readonly #beside: EndingBeside;
  #said: EndingStatement | undefined;
  #over: Over | undefined;
  /** Agreements that have to rest next. */
  readonly #due = new Set<string>();
  /** In words, for whoever checks. */
  readonly certified: string[] = [];

  constructor(context: StoryContext, beside: EndingBeside) {
    this.#context = context;
    this.#beside = beside;
  }

  /** Looks at every line before it is taken. */
  line(leaf: LeafFields): string | undefined {
    if (this.#due.size > 0) {
      const rests = leaf.t === 'consent.suspended' && leaf.cause === 'ending';
      if (!rests || !this.#due.delete(String(leaf.grant)))
        return 'the contract is over and a consent in force does not rest';
      return undefined;
    }
    if (leaf.t === 'consent.suspended' && leaf.cause === 'ending')
      return 'a consent rests for the end of a contract that goes on';
    return letIn.has(String(leaf.t)) && this.#isOver(leaf) ? 'the contract is over' : undefined;
  }

  #isOver(leaf: LeafFields): boolean {
    const noticed = this.#said?.endsAt;
    return this.#over !== undefined || (noticed !== undefined && noticed <= Date.parse(String(leaf.at)));
  }

  /** Takes a line of these. `raised`: it takes rights away. */
  take(leaf: LeafFields): { readonly fault: string | undefined; readonly raised: boolean } {
    switch (endingLine(leaf)) {
      case 'set':
        return { fault: this.#set(leaf), raised: true };
      case 'began':
        return { fault: this.#began(leaf), raised: true };
      case 'lifted':
        return { fault: this.#lifted(leaf), raised: false };
      case 'notified':
        return { fault: this.#notified(leaf), raised: false };
      case 'certified':
        return { fault: this.#certify(leaf), raised: false };
    }
  }

  /** The next version of what the client says. */
  #set(leaf: LeafFields): string | undefined {
    const seat = this.#beside.seats.get(String(leaf.seat));
    if (seat === undefined || seat.removed) return 'the end of the contract is not signed by somebody seated';
    if (String(leaf.at) < seat.grantsFrom) return 'whoever signed the end of the contract could not sign yet';
    const hash = String(leaf.text);
    const text = this.#context.textOf(hash);
    if (text === undefined) return 'the text about the end of the contract is missing';
    const said = readEnding(text);
    if (said === undefined) return 'the text about the end of the contract is malformed';
    if (said.textHash !== hash)
      return 'the text about the end of the contract is not the one that was signed';
    if (said.version !== leaf.version) return 'text and line about the end of the contract differ in version';
    if (this.#said !== undefined && said.client !== this.#said.client)
      return 'the text about the end of the contract is of another client';
    const at = Date.parse(String(leaf.at));
    const wrong = statementFault(this.#said, said, at, this.#over?.certified === true);
    if (wrong !== undefined) return `what is said of the end of the contract does not follow: ${wrong}`;
    const fault = evidenceFault(seat, evidenceFrom(leaf), hash, this.#context.party);
    if (fault !== undefined) return `the signature about the end of the contract does not hold: ${fault}`;
    this.#said = said;
    return undefined;
  }

  #began(leaf: LeafFields): string | undefined {
    if (this.#over !== undefined) return 'the contract was over already';
    const at = Date.parse(String(leaf.at));
    const since = String(leaf.since);
    if (!isTime(since) || Date.parse(since) > at) return 'the contract is over since no time that has come';
    if (leaf.policy !== this.#beside.policies.hash) return 'its end names other rules than are in force';
    const file = this.#beside.policies.fileEnd();
    const noticed = this.#said?.endsAt;
    if (leaf.cause === 'notice' && noticed !== Date.parse(since))
      return 'the client gave notice of no such day';
    if (file !== undefined) {
      const over = overAt(file, noticed, at);
      if (
        over === undefined ||
        over.cause !== leaf.cause ||
        (leaf.cause !== 'status' && over.since !== Date.parse(since))
      )
        return 'neither the rules nor the client say that the contract is over';
    }
    if (this.#beside.openings() > 0) return 'the contract is over and an access is open';
    for (const grant of this.#beside.consents.active(String(leaf.at))) this.#due.add(grant);
    if (this.#due.size !== leaf.grants) return 'it counts other consents than are in force';
    this.#over = { id: String(leaf.id), since, cause: String(leaf.cause), eraseFrom: '', certified: false };
    return undefined;
  }

  #lifted(leaf: LeafFields): string | undefined {
    if (this.#over === undefined || leaf.ending !== this.#over.id) return 'the contract was not over';
    if (leaf.policy !== this.#beside.policies.hash) return 'it names other rules than are in force';
    const at = Date.parse(String(leaf.at));
    const noticed = this.#said?.endsAt;
    const file = this.#beside.policies.fileEnd() ?? { ended: false, until: undefined };
    if (overAt(file, noticed, at) !== undefined) return 'the contract is still over';
    this.#over = undefined;
    return undefined;
  }

  #notified(leaf: LeafFields): string | undefined {
    const over = this.#over;
    if (over === undefined || leaf.ending !== over.id)
      return 'it gives notice of erasure while the contract goes on';
    if (leaf.by !== 'provider' || leaf.role !== 'contact')
      return 'the notice of erasure is given by nobody who may';
    if (!erasureSubjects.some((what) => what === leaf.what)) return 'it gives notice of nothing';
    const from = String(leaf.from);
    if (!isTime(from) || Date.parse(from) - Date.parse(String(leaf.at)) < leastNotice)
      return 'the notice of erasure is shorter than 21 days';
    if (leaf.what === 'data' && (over.eraseFrom === '' || from < over.eraseFrom)) over.eraseFrom = from;
    return undefined;
  }

  #certify(leaf: LeafFields): string | undefined {
    const over = this.#over;
    if (over === undefined || leaf.ending !== over.id)
      return 'it certifies the end of a contract that goes on';
    if (over.certified) return 'the end was certified already';
    if (leaf.by !== 'provider' || leaf.role !== 'contact') return 'the end is certified by nobody who may';
    const { copies, credentials } = this.#beside;
    if (this.#beside.openings() + copies.there() + credentials.held() > 0)
      return 'the end is certified while something is outstanding';
    const text = this.#context.textOf(String(leaf.text));
    const certificate = text === undefined ? undefined : readCertificate(text);
    if (text === undefined || certificate === undefined)
      return 'the text of the certificate is missing or malformed';
    if (textHash(text) !== leaf.text) return 'the text of the certificate is not the one that was recorded';
    const fault = copies.certified(certificate.copies) ?? this.#certificateFault(leaf, over, certificate);
    if (fault !== undefined) return fault;
    over.certified = true;
    const { destroyed, returned } = countCertified(certificate);
    this.certified.push(
      `the end of the contract was certified on ${String(leaf.at)}: ${destroyed} copies destroyed, ${returned} returned, ${certificate.credentials.length} accounts returned`,
    );
    return undefined;
  }

  #certificateFault(leaf: LeafFields, over: Over, said: EndingCertificate): string | undefined {
    const { destroyed, returned } = countCertified(said);
    const systems = readHosted(leaf.hosted);
    const hosted = new Map(said.systems.map(({ system, how }) => [system, how]));
    const same =
      said.contract_over.since === over.since &&
      said.contract_over.cause === over.cause &&
      said.made === leaf.at &&
      said.statement === leaf.statement &&
      said.statement === (this.#said?.textHash ?? '') &&
      said.choice === leaf.choice &&
      said.choice === (this.#said?.choice ?? '') &&
      destroyed === leaf.destroyed &&
      returned === leaf.returned &&
      said.kept.every(({ until }) => until === leaf.kept_until) &&
      systems?.size === said.systems.length &&
      [...systems].every(([system, how]) => hosted.get(system) === how);
    if (!same) return 'the certificate tells the end of the contract otherwise than the log';
    const deleted = [...systems.values()].includes('deleted');
    return deleted && (over.eraseFrom === '' || String(leaf.at) < over.eraseFrom)
      ? 'data was deleted before its notice had run'
      : undefined;
  }

  /** At the end of the log. */
  end(): string | undefined {
    return this.#due.size === 0 ? undefined : 'it ends before every consent rests';
  }
}
