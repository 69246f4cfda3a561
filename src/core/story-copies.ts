/**
 * The part of the story that tells of copies: each is registered while its exchange runs and under the rules then in force, while
 * its person owes nothing; what left whole has a digest; it is said to be gone once, and not before it was there. Pure.
 */
import { type CopyRules, doneFault, goneWays, holdsBackFrom, keptAtMost, timesOf } from './copies.ts';
import type { CertifiedCopy } from './ending-certificate.ts';
import type { LeafFields } from './entries.ts';
import type { RunningTold } from './story-exchanges.ts';
import { isTime } from './story-lines.ts';
import type { SessionTold } from './story-sessions.ts';

interface Told {
  readonly session: string;
  readonly actor: string;
  readonly shard: number;
  readonly at: number;
  readonly destroyBy: number;
  readonly answerBy: number;
  readonly graceDays: number;
  readonly live: boolean;
  kept: true | undefined;
  ended: boolean;
  gone: boolean;
  /** What its last line says of its end; undefined: there is none, or nothing left. */
  attested:
    | { readonly how: string; readonly done: string; readonly said: string; readonly by: string }
    | undefined;
  digest: string;
}

/** What one person has in this part. */
interface There {
  readonly copies: Set<Told>;
  /** Before this instant none of them holds back new ones: a log of many copies is not gone through for each. */
  until: number;
}

/** The rules that were told last. */
interface RulesTold {
  readonly hash: string;
  /** What they say of copies under a purpose; undefined: they are not there to be read. */
  copyRules(purpose: string): CopyRules | undefined;
}

/** What agreements say of how long copies are kept. */
interface KeepingTold {
  /** Days; undefined: as long as the rules say. */
  keepUnder(grant: string): number | undefined;
}

const digestForm = /^sha256:[A-Za-z0-9_-]{43}$/;

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class CopiesTold {
  readonly #all = new Map<string, Told>();
  readonly #bySession = new Map<string, Told[]>();
  readonly #rules: RulesTold;
  readonly #consents: KeepingTold;
  /** In this part, by who took them: those that are there. */
  #there = new Map<string, There>();
  #shard = 0;

  constructor(rules: RulesTold, consents: KeepingTold) {
    this.#rules = rules;
    this.#consents = consents;
  }

  /** A new part begins: people have other names in it. */
  shard(): void {
    this.#shard += 1;
    this.#there = new Map();
  }

  registered(
    leaf: LeafFields,
    session: SessionTold | undefined,
    exchange: RunningTold | undefined,
  ): string | undefined {
    const id = String(leaf.request);
    if (this.#all.has(id)) return 'the copy is registered already';
    if (exchange === undefined || session === undefined)
      return 'it registers a copy of no exchange that runs';
    if (exchange.session !== leaf.session || exchange.system !== leaf.system)
      return 'its exchange is of another access or system';
    if (session.purpose !== leaf.purpose) return 'its access has another purpose';
    if (!session.operations.includes('copy')) return 'its access does not permit copies';
    const at = Date.parse(String(leaf.at));
    const fault = this.#timesFault(leaf, at, session.grant);
    if (fault !== undefined) return fault;
    const actor = String(leaf.actor);
    const copy: Told = {
      ...{ session: String(leaf.session), actor, shard: this.#shard, at },
      destroyBy: Date.parse(String(leaf.destroy_by)),
      answerBy: Date.parse(String(leaf.answer_by)),
      graceDays: Number(leaf.grace_days),
      live: leaf.live === true,
      kept: leaf.kept === 'rule' ? true : undefined,
      ended: false,
      gone: false,
      attested: undefined,
      digest: '',
    };
    if (this.#owes(actor, at)) return 'its person owes what became of earlier copies';
    this.#all.set(id, copy);
    const there = this.#there.get(actor) ?? { copies: new Set<Told>(), until: Number.POSITIVE_INFINITY };
    this.#there.set(actor, there);
    there.copies.add(copy);
    there.until = Math.min(there.until, holdsBackFrom(copy));
    const beside = this.#bySession.get(copy.session) ?? [];
    this.#bySession.set(copy.session, beside);
    beside.push(copy);
    return undefined;
  }

  /** Also takes results of what is no copy. */
  resulted(leaf: LeafFields, exchange: RunningTold | undefined): string | undefined {
    const copy = this.#all.get(String(leaf.request));
    const whole = leaf.outcome === 'complete' && leaf.down !== 0;
    if (copy === undefined) {
      if (leaf.digest !== undefined) return 'it has a digest and is no registered copy';
      return whole && this.#all.size > 0 && exchange?.operation === 'copy' && isSuccess(leaf.status)
        ? 'a copy left that was not registered'
        : undefined;
    }
    copy.ended = true;
    if (typeof leaf.digest === 'string') copy.digest = leaf.digest;
    if (leaf.down === 0 && leaf.outcome !== 'unknown-after-crash') this.#gone(copy);
    if (!whole || copy.live)
      return leaf.digest === undefined ? undefined : 'it has a digest of what did not leave whole';
    return digestForm.test(String(leaf.digest)) ? undefined : 'a copy left whole and has no digest';
  }

  kept(leaf: LeafFields): string | undefined {
    const unsaid = (this.#bySession.get(String(leaf.session)) ?? []).filter(
      ({ kept, gone }) => kept === undefined && !gone,
    );
    if (unsaid.length === 0) return 'it says where copies are kept that are not there';
    if (unsaid.length !== leaf.copies) return 'it is said of another number of copies';
    if (unsaid.some(({ shard, actor }) => shard === this.#shard && actor !== leaf.actor))
      return 'it says where copies of somebody else are kept';
    for (const copy of unsaid) copy.kept = true;
    return undefined;
  }

  destroyed(leaf: LeafFields): string | undefined {
    const copy = this.#all.get(String(leaf.request));
    if (copy?.session !== leaf.session) return 'it ends a copy that was never registered';
    if (copy?.gone !== false) return 'the copy was gone already';
    if (!copy.ended) return 'it ends a copy that still runs';
    if (!goneWays.some((way) => way === leaf.how)) return 'how the copy ended has no meaning';
    if (leaf.by !== 'provider' || (leaf.role !== 'taker' && leaf.role !== 'contact'))
      return 'the end of the copy is said by nobody who may';
    if (leaf.role === 'taker' && copy.shard === this.#shard && copy.actor !== leaf.actor)
      return 'the end of the copy is said by somebody else';
    const done = String(leaf.done);
    if (!isTime(done) || doneFault(copy.at, Date.parse(done), Date.parse(String(leaf.at))) !== undefined)
      return 'the copy ended before it was there, or later than it is said';
    copy.attested = { how: String(leaf.how), done, said: String(leaf.at), by: String(leaf.role) };
    this.#gone(copy);
    return undefined;
  }

  /** How many copies are there, so far as lines say. */
  there(): number {
    return [...this.#all.values()].filter(({ gone }) => !gone).length;
  }

  /** What a certificate tells otherwise than the lines: each copy that left is in it, once, with its end. */
  certified(copies: readonly CertifiedCopy[]): string | undefined {
    const attested = [...this.#all.values()].filter((copy) => copy.attested !== undefined).length;
    const told = new Set(copies.map(({ id }) => id));
    if (told.size !== copies.length || copies.length !== attested)
      return 'the certificate tells other copies than the log';
    const same = copies.every(({ id, access, taken, digest, how, done, said, by }) => {
      const copy = this.#all.get(id);
      const end = copy?.attested;
      return (
        copy?.session === access &&
        copy.at === Date.parse(taken) &&
        copy.digest === digest &&
        end?.how === how &&
        end.done === done &&
        end.said === said &&
        end.by === by
      );
    });
    return same ? undefined : 'the certificate tells a copy otherwise than the log';
  }

  /** Each of its deadlines is the one that the rules in force and its agreement make of its time. */
  #timesFault(leaf: LeafFields, at: number, grant: string): string | undefined {
    const days = Number(leaf.keep_days);
    const rules = this.#rules.copyRules(String(leaf.purpose));
    const longest = this.#consents.keepUnder(grant);
    if (leaf.policy !== this.#rules.hash) return 'the copy names other rules than are in force';
    if (!isDays(leaf.keep_days) || !isDays(leaf.grace_days)) return 'how long the copy is kept is no time';
    if (longest !== undefined && days > longest) return 'its agreement keeps such copies for a shorter time';
    if (rules !== undefined && days !== keptAtMost(rules, longest).keepDays)
      return 'the rules keep such copies for another time';
    if (rules !== undefined && leaf.grace_days !== rules.graceDays)
      return 'the rules give such copies another time of grace';
    if (leaf.destroy_by !== new Date(timesOf({ keepDays: days, answerHours: 0 }, at).destroyBy).toISOString())
      return 'the copy is to be destroyed at another time than its rules say';
    if (!isTime(String(leaf.answer_by)))
      return 'until when it is to be said where the copy is kept is no time';
    if (rules === undefined) return undefined;
    if (leaf.answer_by !== new Date(timesOf(rules, at).answerBy).toISOString())
      return 'the rules ask where such copies are kept by another time';
    return (leaf.kept === 'rule') === (rules.place !== undefined && rules.custodian !== undefined)
      ? undefined
      : 'the rules say otherwise whether it is known where such copies are kept';
  }

  /** Whether somebody holds a copy in this part that holds back new ones. */
  #owes(actor: string, at: number): boolean {
    const there = this.#there.get(actor);
    if (there === undefined || at < there.until) return false;
    there.until = Number.POSITIVE_INFINITY;
    for (const copy of there.copies) there.until = Math.min(there.until, holdsBackFrom(copy));
    return at >= there.until;
  }

  #gone(copy: Told): void {
    copy.gone = true;
    if (copy.shard === this.#shard) this.#there.get(copy.actor)?.copies.delete(copy);
  }
}

/** Of which a date can be made. */
function isDays(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= 1_000_000;
}

function isSuccess(status: unknown): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}
