/**
 * The page of one of the technician's own accesses and what is done about it there, and the list of all of them. Shows a
 * technician only what is theirs.
 */

import { purposeLeaves } from '../core/lengthen.ts';
import type { Client, Opening, Text } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import { hidesNames, spoken, termOf } from '../core/pseudonyms.ts';
import { isWaiting } from '../core/requests.ts';
import { isMendable, type Mending, mend } from './corrections.tsx';
import { lengthen } from './extensions.ts';
import { type KeepForm, keepFormOf, sayWhere } from './keeping-copies.ts';
import { askedAbout } from './matter-tasks.ts';
import { memoryOf, plainNotice, takeNotice } from './memory.ts';
import { cellsAt, type OtherPurpose, otherPurposes } from './other-purposes.ts';
import { type Saying, saidIn, sayOutside } from './outside.ts';
import { backFrom, ownOpening, recordLength } from './own-openings.ts';
import { defaultPeriod } from './own-record.ts';
import type { MoreTime } from './pages/extensions.tsx';
import { OpeningPage } from './pages/opening.tsx';
import { RecordPage, type RecordRow } from './pages/record.tsx';
import { type Framer, sendPage } from './render.tsx';
import { isPostable, postSummary } from './summary-posting.ts';
import { systemName } from './system-names.ts';
import { endCauseTexts } from './texts/everywhere.ts';
import { ticketSummary } from './ticket-summary.ts';
import { field, technicianOf, type Visit } from './visit.ts';

/** Live now: not ended, not past its end, not blocked. */
export function liveOf(inForce: InForce, person: string | undefined, now: number): readonly Opening[] {
  return [...inForce.openings.values()].filter(
    (opening) =>
      (person === undefined || opening.person === person) &&
      opening.endedAt === undefined &&
      opening.endsAt > now &&
      !inForce.blocked.has(opening.id),
  );
}

export function purposeLabel(visit: Visit, code: string): string {
  const purpose = visit.snapshot.purposes.get(code);
  return purpose === undefined ? code : visit.say(purpose.label);
}

export function systemNames(visit: Visit, client: Client | undefined, ids: readonly string[]): string {
  return ids.map((id) => visit.say(systemName(client, id))).join(', ');
}

/** GET `/openings/:id`: the companion page of one of the technician's own openings. */
export async function showOpening(visit: Visit, frame: Framer): Promise<void> {
  await sendOpening(visit, frame, await ownOpening(visit, technicianOf(visit)), undefined);
}

/** POST `/openings/:id/correct`: fields `reference note`. */
export async function correctOpening(visit: Visit, frame: Framer): Promise<void> {
  const person = technicianOf(visit);
  const opening = await ownOpening(visit, person);
  const wrong = await mend(visit, person, opening);
  if (wrong !== undefined) return sendOpening(visit, frame, opening, wrong);
  memoryOf(visit.req).notice = plainNotice('corrected');
  visit.res.redirect(303, `/openings/${opening.id}`);
}

/** POST `/openings/:id/summary`: the summary of one's own access goes to its ticket. */
export async function summaryOpening(visit: Visit): Promise<void> {
  const opening = await ownOpening(visit, technicianOf(visit));
  const client = visit.snapshot.clients.get(opening.client);
  await postSummary(visit, client, opening, await isEnded(visit, opening));
}

/** POST `/openings/:id/said`: field `said`, what was done outside. */
export async function saidOpening(visit: Visit, frame: Framer): Promise<void> {
  const person = technicianOf(visit);
  const opening = await ownOpening(visit, person);
  const wrong = await sayOutside(visit, person, opening);
  if (wrong !== undefined) return sendOpening(visit, frame, opening, undefined, undefined, wrong);
  memoryOf(visit.req).notice = plainNotice('said');
  visit.res.redirect(303, `/openings/${opening.id}`);
}

/** POST `/openings/:id/copies`: fields `place custodian`, where the copies of this access are. */
export async function copiesOpening(visit: Visit, frame: Framer): Promise<void> {
  const person = technicianOf(visit);
  const opening = await ownOpening(visit, person);
  const wrong = await sayWhere(visit, person, opening);
  if (wrong !== undefined) return sendOpening(visit, frame, opening, undefined, undefined, undefined, wrong);
  memoryOf(visit.req).notice = plainNotice('copies');
  visit.res.redirect(303, `/openings/${opening.id}`);
}

/** POST `/openings/:id/extend`: fields `minutes from`; `from` is the end that the form was made for. */
export async function extendOpening(visit: Visit, frame: Framer): Promise<void> {
  const person = technicianOf(visit);
  const opening = await ownOpening(visit, person);
  const { body } = visit.req;
  const told = field(body, 'minutes').trim();
  const minutes = /^\d{1,4}$/.test(told) ? Number(told) : Number.NaN;
  const answer = await lengthen(visit, person, opening, { minutes, from: Number(field(body, 'from')) });
  if ('wrong' in answer) return sendOpening(visit, frame, opening, undefined, answer.wrong);
  if ('asked' in answer) return visit.res.redirect(303, `/requests/${answer.asked}`);
  memoryOf(visit.req).notice = plainNotice('extended');
  visit.res.redirect(303, backFrom(visit, opening.id));
}

/** The form for more time, with the requests for it that wait already. */
async function moreTime(visit: Visit, opening: Opening, wrong: Text | undefined): Promise<MoreTime> {
  const requests = await visit.deps.archive.requestsOf(opening.person);
  const errors = new Map(wrong === undefined ? [] : [['minutes', visit.say(wrong)] as const]);
  return {
    most: purposeLeaves(visit.snapshot, opening),
    minutes: wrong === undefined ? '' : field(visit.req.body, 'minutes').trim(),
    errors,
    waiting: requests
      .filter((request) => request.opening === opening.id && isWaiting(request, visit.now))
      .map(({ id }) => id),
  };
}

/** `wrong`: the form that could not be taken, with what is wrong with it. */
async function sendOpening(
  visit: Visit,
  frame: Framer,
  opening: Opening,
  wrong: Mending | undefined,
  tooLong?: Text,
  saying?: Saying,
  keeping?: KeepForm,
): Promise<void> {
  const client = visit.snapshot.clients.get(opening.client);
  const ended = await isEnded(visit, opening);
  const others = ended ? [] : await othersAt(visit, opening);
  const summary = ended && client !== undefined ? await ticketSummary(visit, client, opening) : undefined;
  const systems = opening.systems.map((id) => ({
    name: visit.say(systemName(client, id)),
    address: client?.systems.get(id)?.publicOrigin,
  }));
  sendPage(
    visit.res,
    <OpeningPage
      frame={frame(visit, { scripts: ['companion.js'], self: `/openings/${opening.id}` })}
      csrf={visit.deps.csrf.token(visit.req)}
      client={client?.name ?? opening.client}
      zone={client?.zone ?? 'UTC'}
      shownAs={hidesNames(client) ? spoken(termOf(client, opening.person)) : undefined}
      now={visit.now}
      opening={opening}
      purpose={purposeLabel(visit, opening.purpose)}
      systems={systems}
      ended={ended}
      others={others}
      summary={summary}
      postable={isPostable(visit, client, opening)}
      cause={opening.endCause === undefined ? undefined : visit.say(endCauseTexts[opening.endCause])}
      notice={takeNotice(memoryOf(visit.req))}
      more={ended ? undefined : await moreTime(visit, opening, tooLong)}
      asked={await askedAbout(visit, opening)}
      saying={saying ?? { text: '', errors: new Map() }}
      keeping={keeping ?? (await keepFormOf(visit, opening, undefined))}
      mending={wrong ?? mendingOf(visit, opening)}
    />,
    [wrong, tooLong, saying, keeping].every((form) => form === undefined) ? 200 : 422,
  );
}

async function othersAt(visit: Visit, opening: Opening): Promise<readonly OtherPurpose[]> {
  const inForce = await visit.deps.authority.client(opening.client);
  return otherPurposes(visit, opening, cellsAt(visit, opening.client, inForce));
}

function mendingOf(visit: Visit, opening: Opening): Mending | undefined {
  const { reference, note } = opening;
  return isMendable(opening, visit.now) ? { reference, note, errors: new Map() } : undefined;
}

async function isEnded(visit: Visit, opening: Opening): Promise<boolean> {
  if (opening.endedAt !== undefined || opening.endsAt <= visit.now) return true;
  const inForce = await visit.deps.authority.client(opening.client);
  return inForce.blocked.has(opening.id) || !inForce.openings.has(opening.id);
}

/** POST `/openings/:id/close`: field `said` where something is outside; nothing that is wrong with it holds the end back. */
export async function closeOpening(visit: Visit, frame: Framer): Promise<void> {
  const person = technicianOf(visit);
  const opening = await ownOpening(visit, person);
  const ended = await visit.deps.authority.end(
    { client: opening.client, opening: opening.id },
    'technician',
    undefined,
  );
  memoryOf(visit.req).notice = {
    kind: 'closed',
    openings: ended.openings.length,
    exchanges: ended.exchanges,
    cutMs: ended.cutMs,
    recorded: ended.recorded,
  };
  if (opening.said !== 'owed') return visit.res.redirect(303, backFrom(visit, opening.id));
  if (saidIn(visit) !== '' && ended.recorded) {
    const wrong = await sayOutside(visit, person, opening);
    if (wrong !== undefined)
      return sendOpening(visit, frame, await ownOpening(visit, person), undefined, undefined, wrong);
  }
  visit.res.redirect(303, `/openings/${opening.id}`);
}

/** GET `/record`: what the technician opened, newest first. */
export async function showRecord(visit: Visit, frame: Framer): Promise<void> {
  const person = technicianOf(visit);
  const own = await visit.deps.archive.openingsOf(person.id, recordLength);
  const rows: RecordRow[] = own.map((opening) => {
    const client = visit.snapshot.clients.get(opening.client);
    return {
      id: opening.id,
      client: client?.name ?? opening.client,
      zone: client?.zone ?? 'UTC',
      systems: systemNames(visit, client, opening.systems),
      purpose: purposeLabel(visit, opening.purpose),
      reference: opening.reference,
      due: opening.referenceDue,
      late: (opening.referenceDue ?? visit.now) < visit.now,
      openedAt: opening.openedAt,
      endsAt: opening.endedAt ?? opening.endsAt,
      live: opening.endedAt === undefined && opening.endsAt > visit.now,
      cause:
        opening.endCause === undefined
          ? visit.say(endCauseTexts.expired)
          : visit.say(endCauseTexts[opening.endCause]),
    };
  });
  sendPage(
    visit.res,
    <RecordPage
      frame={frame(visit)}
      rows={rows}
      period={defaultPeriod(visit)}
      recordKey={visit.deps.records.key}
    />,
  );
}
