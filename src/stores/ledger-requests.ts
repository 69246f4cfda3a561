/**
 * Requests: raised by a technician, asked and answered, and ended once: by a consent, a refusal or silence. Which of
 * two acts comes first is decided here, in the transaction of its line; the other one is told that it came too late.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import type { EntryKind } from '../core/entries.ts';
import type { Grant, Opening } from '../core/model.ts';
import {
  afterSaying,
  beyondRequest,
  type ConsentRequest,
  isWaiting,
  mostWaiting,
  reminderFault,
  remindersOf,
  type Said,
} from '../core/requests.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, conflict, rfc3339, seatFields, write } from './ledger-acts.ts';
import { checkExtension, extendUnder, runningRow } from './ledger-extensions.ts';
import { type LogState, newId, type Owner } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { places, type RequestBox, requestFrom } from './ledger-rows.ts';
import { entryKey } from './ledger-schema.ts';
import { liveSeat, type SeatRow } from './ledger-seated.ts';
import { bytes, int, type Row, text } from './rows.ts';

/** `consent.requested` and the row; the same wish that waits already is that request. */
export function request(acts: Acts, command: Extract<Command, { do: 'request' }>): Answers['request'] {
  const { request: asked } = command;
  const log = acts.heads.touch(asked.client, acts.now);
  const { sql } = acts.pen;
  if (asked.until <= log.at) throw conflict('the request lapses before it is raised');
  const digest = digestOf(acts, log, asked);
  const same = sql.openRequest.get(digest);
  if (same !== undefined && int(same, 'until_at') > log.at) return { already: text(same, 'id') };
  // What nobody answered in time makes room for a new one.
  if (same !== undefined) lapse(acts, log, text(same, 'id'));
  const owner = ownerOf(acts.pen, log, asked.person);
  if (Number(sql.waitingOf.get(owner.id, log.at)?.count) >= mostWaiting)
    return { refused: 'too_many_requests' };
  if (asked.opening !== undefined) checkExtension(acts, log, asked, owner.id);
  const box = boxOf(asked, []);
  sql.insertRequest.run(
    asked.id,
    log.id,
    owner.id,
    'raised',
    asked.systems.join(' '),
    asked.purpose,
    asked.operations.join(' '),
    asked.minutes,
    asked.until,
    log.at,
    log.at,
    digest,
    entryKey(log.shard.id, log.range.size + log.added.hashes.length),
    sealBox(owner.key, places.request(asked.id), JSON.stringify(box)),
    asked.from ?? null,
    asked.opening ?? null,
  );
  const receipt = write(acts, log, {
    t: 'consent.requested',
    id: asked.id,
    fields: {
      systems: asked.systems.join(' '),
      purpose: asked.purpose,
      operations: asked.operations.join(' '),
      minutes: asked.minutes,
      ...(asked.from === undefined ? {} : { from: rfc3339(asked.from) }),
      until: rfc3339(asked.until),
      ...(asked.opening === undefined ? {} : { session: asked.opening }),
    },
    groups: command.groups,
    owner,
  });
  return { receipt };
}

/** One mark per wish: the same person, the same words, the same end. */
function digestOf(acts: Acts, log: LogState, asked: ConsentRequest): Buffer {
  const { person, systems, purpose, operations, reference, note, minutes, until } = asked;
  const { from, opening } = asked;
  const when = from === undefined && opening === undefined ? [until] : [until, from ?? 0, opening ?? ''];
  const wish = [log.client, person, systems, purpose, operations, reference, note, minutes, ...when];
  return acts.pen.keyring.token('request', JSON.stringify(wish));
}

const sayings = {
  asked: 'consent.asked',
  answered: 'consent.answered',
  reminded: 'consent.reminded',
  refused: 'consent.refused',
} as const satisfies Readonly<Record<Said['say'], EntryKind>>;

/** A question, an answer or a refusal; only in its turn, and only while the request waits. */
export function say(acts: Acts, command: Extract<Command, { do: 'request-say' }>): Answers['request-say'] {
  const { by, say: what } = command;
  const log = acts.heads.touch(command.client, acts.now);
  const found = waitingRequest(acts, log, command.request);
  if (typeof found === 'string') return { refused: found };
  const { asked, owner } = found;
  const seat = 'seat' in by ? liveSeat(acts, log, by.seat) : undefined;
  if ('seat' in by && seat === undefined) return { refused: 'not_seated' };
  if ((what === 'answered' || what === 'reminded') !== 'provider' in by)
    throw conflict('this is said by the other side');
  if ('provider' in by && by.provider !== asked.person)
    throw conflict('only the technician who asked answers');
  if (what === 'refused' && seat?.role === 'reader') throw conflict('a reader refuses nothing');
  const { from, to } = afterSaying[what];
  if (!(from as readonly string[]).includes(asked.status)) return { refused: 'request_turn' };
  const early = what === 'reminded' ? reminderFault(asked, log.at) : undefined;
  if (early !== undefined) return { refused: early };
  const speaker = 'seat' in by ? by.seat : by.provider;
  const said = [...asked.said, { say: what, by: speaker, at: log.at, text: command.text }];
  const receipt = write(acts, log, {
    t: sayings[what],
    id: newId(),
    fields: {
      request: asked.id,
      ...(what === 'reminded' ? { count: remindersOf(asked).length + 1 } : {}),
      ...('seat' in by ? seatFields(by) : {}),
    },
    groups: {
      ...('provider' in by ? { person: { subject: by.provider } } : {}),
      work: { note: command.text },
    },
    owner,
  });
  change(acts, asked, owner, { status: to, said, at: what === 'reminded' ? asked.changedAt : log.at });
  return { receipt };
}

/** The request that this consent answers, if it may; `answered` is called once its line is written, and tells what was lengthened. */
export function answering(
  acts: Acts,
  log: LogState,
  given: Grant,
  seat: SeatRow,
): { readonly answered: (waits: boolean) => Opening | undefined } | 'request_ended' | 'own_request' {
  const found = waitingRequest(acts, log, given.request ?? '');
  if (found === 'request_unknown') throw conflict('there is no such request');
  if (found === 'request_ended') return found;
  const { asked, owner } = found;
  if (isOwn(acts, asked, seat)) return 'own_request';
  const beyond = beyondRequest(asked, given);
  if (beyond !== undefined) throw conflict(`the consent goes beyond its request in ${beyond}`);
  if (asked.from !== undefined && given.from < asked.from)
    throw conflict('the consent begins before its request does');
  const { minutes = 0, people } = given;
  if (given.session !== asked.opening)
    throw conflict('the consent lengthens another access than its request');
  const longer = asked.opening === undefined ? 0 : minutes * 60_000;
  if (given.until > asked.until + longer) throw conflict('the consent lasts longer than its request');
  const running = asked.opening === undefined ? undefined : runningRow(acts, log, asked.opening);
  if (asked.opening !== undefined && running === undefined) return 'request_ended';
  if (!(minutes > 0 && minutes <= asked.minutes))
    throw conflict('the consent permits longer accesses than its request');
  if (people.length !== 1 || people[0] !== asked.person)
    throw conflict('the consent is for another person than its request');
  const { said } = asked;
  const answer = { status: 'approved', said, at: log.at, grant: given.id } as const;
  return {
    // What waits for a second signature lengthens nothing yet.
    answered: (waits) => {
      change(acts, asked, owner, answer);
      return waits ? undefined : running && extendUnder(acts, log, given, running);
    },
  };
}

/** Nobody answers what their own account asked, whatever else it has become since. */
function isOwn(acts: Acts, { account }: ConsentRequest, seat: SeatRow): boolean {
  if (account === undefined) return false;
  const token = acts.pen.keyring.token('seat', `${account.issuer}\n${account.subject}`);
  return Buffer.compare(token, seat.account) === 0;
}

/** `consent.lapsed` for all whose time is over, in every log that is sound. Answers how many. */
export function lapseRequests(acts: Acts): number {
  let lapsed = 0;
  for (const row of acts.pen.sql.overdueRequests.all(acts.now)) {
    const log = acts.heads.touchIfSound(text(row, 'client'), acts.now);
    if (log === undefined) continue;
    lapse(acts, log, text(row, 'id'));
    lapsed += 1;
  }
  return lapsed;
}

function lapse(acts: Acts, log: LogState, id: string): void {
  write(acts, log, { t: 'consent.lapsed', id: newId(), fields: { request: id } });
  acts.pen.sql.lapseRequest.run(log.at, id);
}

interface Found {
  readonly asked: ConsentRequest;
  readonly owner: Owner;
}

function waitingRequest(acts: Acts, log: LogState, id: string): Found | 'request_unknown' | 'request_ended' {
  const row = acts.pen.sql.requestById.get(id);
  if (row === undefined || int(row, 'log') !== log.id) return 'request_unknown';
  const asked = requestFrom(row, log.client, keyOf(acts, row));
  return isWaiting(asked, log.at) ? { asked, owner: ownerOf(acts.pen, log, asked.person) } : 'request_ended';
}

function keyOf(acts: Acts, row: Row): Buffer {
  const owner = int(row, 'owner');
  const wrapped = acts.pen.sql.ownerById.get(owner);
  if (wrapped === undefined) throw conflict('the person who asked has no key');
  return acts.pen.keyring.unwrap(places.owner(owner), bytes(wrapped, 'key'));
}

function change(
  acts: Acts,
  asked: ConsentRequest,
  owner: Owner,
  to: Pick<ConsentRequest, 'status' | 'said'> & { readonly at: number; readonly grant?: string },
): void {
  const sealed = sealBox(owner.key, places.request(asked.id), JSON.stringify(boxOf(asked, to.said)));
  acts.pen.sql.changeRequest.run(to.status, to.at, to.grant ?? null, sealed, asked.id);
}

function boxOf({ person, account, reference, note }: ConsentRequest, said: readonly Said[]): RequestBox {
  return { person, ...(account === undefined ? {} : { account }), reference, note, said };
}
