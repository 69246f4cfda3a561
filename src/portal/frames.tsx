/**
 * Frames for delegates: the form, the text that a representative signs, and taking a frame back. Signing itself goes the way of
 * agreements (agreement-signing.ts).
 */
import type { Evidence, Seat } from '../core/commands.ts';
import { dayAt } from '../core/days.ts';
import {
  type Delegation,
  frameFault,
  isSubstitution,
  mostMinutes,
  printHours,
  writeFrameText,
} from '../core/delegations.ts';
import { longestMonths } from '../core/grant-limits.ts';
import type { Operation, Text } from '../core/model.ts';
import { type AgreementOffer, offerOf, ticked } from './agreement-form.ts';
import { mustGoOn } from './contract-over.ts';
import { type Seated, seatedOf } from './controller.ts';
import { type Draft, ownDraft } from './drafts.ts';
import { firstDay, instant } from './formats.ts';
import { hoursText, untilText } from './frame-of.ts';
import { sayErrors } from './language.ts';
import { readDayEnd } from './local-times.ts';
import { memoryOf } from './memory.ts';
import { seatsOf } from './own-seats.ts';
import { FrameFormPage, type FrameRow } from './pages/frames.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { sendToSign } from './sign-page.tsx';
import { purposeLabel, systemNames } from './technician.tsx';
import { operationTexts } from './texts/everywhere.ts';
import { texts } from './texts.ts';
import { field, fields, type Visit } from './visit.ts';

const words = texts.frames;

/** A frame as its author reads it before signing. */
export type FrameDraft = Draft & Omit<Delegation, 'status' | 'grantedBy' | 'grantedAt'>;

export interface FrameForm {
  readonly delegate: string;
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly string[];
  readonly minutes: string;
  readonly days: readonly string[];
  readonly hoursFrom: string;
  readonly hoursUntil: string;
  readonly until: string;
}

/** Frames as the page of people lists them. */
export async function frameRows(visit: Visit, seated: Seated): Promise<readonly FrameRow[]> {
  const { client, inForce } = seated;
  const all = await visit.deps.archive.delegations(client.id);
  return all.map((one) => ({
    id: one.id,
    delegate:
      client.controllers.find(({ id }) => id === one.controller)?.name ?? visit.say(texts.people.gone),
    scope: scopeText(visit, seated, one),
    when: whenText(visit, seated, one),
    by: inForce.seats.find(({ id }) => id === one.grantedBy)?.name ?? visit.say(texts.people.gone),
    state: stateOf(one, visit.now),
  }));
}

function stateOf({ status, from, until }: Delegation, now: number): FrameRow['state'] {
  if (status === 'revoked') return 'withdrawn';
  if (until <= now) return 'ended';
  return from > now ? 'coming' : 'active';
}

/** A substitute's days are both told; another frame's, only the last. */
function whenText(visit: Visit, seated: Seated, one: Delegation): string {
  const last = untilText(visit, seated, one.until);
  const hours = hoursText(visit, one.hours);
  if (!isSubstitution(one)) return `${hours}; ${visit.say(texts.requests.end)} ${last}`;
  return `${hours}; ${visit.say(texts.substitutes.days(firstDay(one.from, seated.client.zone, visit.language), last))}`;
}

function scopeText(
  visit: Visit,
  { client }: Seated,
  one: Pick<Delegation, 'systems' | 'purposes' | 'operations' | 'minutes'>,
): string {
  const purposes = one.purposes.map((code) => purposeLabel(visit, code)).join(', ');
  const operations = one.operations.map((id) => visit.say(operationTexts[id])).join(', ');
  return visit.say(words.says(systemNames(visit, client, one.systems), purposes, operations, one.minutes));
}

/** People who sit as delegates. */
export function delegatesOf({ client, inForce }: Seated) {
  return client.controllers.filter((one) => one.role === 'delegate' && seatsOf(inForce, one).length > 0);
}

/** The delegate of that id, and the seat by which they act; undefined: nobody sits as such a delegate. */
export function delegateOf(
  seated: Seated,
  id: string,
): { readonly seat: string; readonly controller: string; readonly name: string } | undefined {
  const delegate = delegatesOf(seated).find((one) => one.id === id);
  const [seat] = delegate === undefined ? [] : seatsOf(seated.inForce, delegate);
  return delegate && seat && { seat: seat.id, controller: delegate.id, name: delegate.name };
}

/** What these purposes permit between them: operations, and the longest access. */
export function permittedBy(
  { snapshot }: Pick<Visit, 'snapshot'>,
  codes: readonly string[],
): { readonly operations: ReadonlySet<Operation>; readonly minutes: number } {
  const purposes = codes.flatMap((code) => snapshot.purposes.get(code) ?? []);
  return {
    operations: new Set(purposes.flatMap(({ operations }) => operations)),
    minutes: Math.max(0, ...purposes.map(({ minutes }) => minutes)) || mostMinutes,
  };
}

/** GET `/people/frames/new`. */
export async function showFrameForm(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  await mustGoOn(visit, seated.client);
  const today = dayAt(visit.now, seated.client.zone);
  const form: FrameForm = {
    ...{ delegate: '', systems: [], purposes: [], operations: [], minutes: '30' },
    ...{ days: ['1', '2', '3', '4', '5'], hoursFrom: '08:00', hoursUntil: '18:00' },
    until: today.add({ months: 6 }).toString(),
  };
  sendForm(visit, frame, seated, form, new Map());
}

/** POST `/people/frames/new`: fields `delegate systems purposes operations minutes days hoursFrom hoursUntil until`. */
export async function draftFrame(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { body } = visit.req;
  const one = (name: string) => field(body, name).trim();
  const form: FrameForm = {
    ...{ delegate: one('delegate'), minutes: one('minutes'), until: one('until') },
    ...{ systems: fields(body, 'systems'), purposes: fields(body, 'purposes') },
    ...{ operations: fields(body, 'operations'), days: fields(body, 'days') },
    ...{ hoursFrom: one('hoursFrom'), hoursUntil: one('hoursUntil') },
  };
  const checked = checkForm(visit, seated, form);
  if (checked instanceof Map) return sendForm(visit, frame, seated, form, checked);
  memoryOf(visit.req).frame = checked;
  visit.res.redirect(303, '/people/frames/review');
}

function checkForm(visit: Visit, seated: Seated, form: FrameForm): FrameDraft | Map<string, Text> {
  const { client } = seated;
  const { snapshot, say, now } = visit;
  const errors = new Map<string, Text>();
  const offer = offerOf(client, snapshot, say, now);
  const { errors: wrong } = texts.agreements;
  const delegate = delegateOf(seated, form.delegate);
  if (delegate === undefined) errors.set('delegate', words.errors.delegate);
  const systems = ticked(form.systems, offer.systems);
  const purposes = ticked(form.purposes, offer.purposes);
  const permitted = permittedBy(visit, purposes);
  const operations = ticked(form.operations, offer.operations).filter((id) => permitted.operations.has(id));
  if (systems.length === 0) errors.set('systems', wrong.systems);
  if (purposes.length === 0) errors.set('purposes', wrong.purposes);
  if (operations.length === 0) errors.set('operations', wrong.operations);
  const most = permitted.minutes;
  const minutes = /^\d{1,4}$/.test(form.minutes) ? Number(form.minutes) : 0;
  if (minutes < 1 || minutes > most) errors.set('minutes', words.errors.minutes(most));
  const days = [...new Set(form.days)].filter((day) => /^[1-7]$/.test(day)).map(Number);
  if (days.length === 0 || days.length !== form.days.length) errors.set('days', words.errors.days);
  const opens = timeOf(form.hoursFrom);
  const closes = timeOf(form.hoursUntil);
  if (opens === undefined || closes === undefined || opens >= closes)
    errors.set('hoursFrom', words.errors.hours);
  const until = readDayEnd(form.until, client.zone);
  const latest = Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO(client.zone)
    .add({ months: longestMonths, days: 1 }).epochMilliseconds;
  if (until === undefined || until <= now || until > latest) errors.set('until', words.errors.until);
  if (errors.size > 0 || delegate === undefined || until === undefined) return errors;
  const scope = {
    ...{ systems, purposes, operations, minutes, from: now, until },
    hours: printHours(days, opens ?? 0, closes ?? 0, client.zone),
  };
  if (frameFault(scope, now) !== undefined) return new Map([['until', words.errors.until]]);
  const { name, ...who } = delegate;
  return draftOf(visit, seated, { ...scope, ...who }, name);
}

/** `24:00` is the end of the day. */
function timeOf(text: string): number | undefined {
  const [, hours = '', minutes = ''] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const time = Number(hours) * 60 + Number(minutes);
  return hours === '' || time > 1440 ? undefined : time;
}

export function draftOf(
  visit: Visit,
  seated: Seated,
  scope: Omit<Delegation, 'id' | 'client' | 'status' | 'textHash' | 'grantedBy' | 'grantedAt'> & {
    readonly operations: readonly Operation[];
  },
  name: string,
): FrameDraft {
  const { client, controller } = seated;
  const { say, language } = visit;
  const id = visit.deps.random(16).toString('base64url');
  const from = instant(scope.from, client.zone, language);
  const sentences = [
    say(
      (isSubstitution(scope) ? texts.substitutes : words).sentences(
        client.name,
        `${controller.name}, ${controller.function}`,
        name,
      ),
    ),
    scopeText(visit, seated, scope),
    say(words.saysWhen(hoursText(visit, scope.hours), from, untilText(visit, seated, scope.until))),
    say(words.saysEnd),
  ];
  const { authority } = controller;
  const written = writeFrameText({
    ...scope,
    ...{ id, client: client.id, language, sentences, author: controller.name, authority },
  });
  return { ...scope, id, client: client.id, language, ...written };
}

function sendForm(
  visit: Visit,
  frame: Framer,
  seated: Seated,
  form: FrameForm,
  errors: ReadonlyMap<string, Text>,
): void {
  const offer: AgreementOffer = offerOf(seated.client, visit.snapshot, visit.say, visit.now);
  const page = (
    <FrameFormPage
      frame={frame(visit, { self: '/people/frames/new' })}
      csrf={visit.deps.csrf.token(visit.req)}
      zone={seated.client.zone}
      delegates={delegatesOf(seated).map(({ id, name }) => ({ id, label: name }))}
      offer={offer}
      form={form}
      errors={sayErrors(errors, visit.say)}
    />
  );
  sendPage(visit.res, page, errors.size === 0 ? 200 : 422);
}

/** GET `/people/frames/review`: the whole text, and how to sign it. */
export async function reviewFrame(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { formIntro, reviewIntro } = texts.agreements;
  const draft = ownDraft(memoryOf(visit.req).frame, seated, formIntro);
  sendToSign(visit, frame, seated, draft, {
    title: words.reviewTitle,
    intro: reviewIntro,
    to: '/agreements/sign',
    brief: true,
    change: isSubstitution(draft) ? '/people/substitutes/new' : '/people/frames/new',
    cancel: '/people',
  });
}

/** Gives the frame that was read and signed. Throws the Refusal that says why not. */
export async function giveFrame(
  visit: Visit,
  draft: FrameDraft,
  seat: Seat,
  evidence: Evidence,
): Promise<void> {
  const { text, language: _language, ...frame } = draft;
  const delegation: Delegation = { ...frame, status: 'active', grantedBy: seat.id, grantedAt: visit.now };
  const answer = await visit.deps.authority.run({ do: 'delegate', delegation, text, evidence });
  if ('refused' in answer) {
    const { errors } = texts.agreements;
    const why = answer.refused === 'delegate_gone' ? words.errors.delegate_gone : errors[answer.refused];
    throw new Refusal(409, answer.refused, why, texts.people.whatNext);
  }
  delete memoryOf(visit.req).frame;
}

/** POST `/people/frames/:id/revoke`. */
export async function revokeFrame(visit: Visit): Promise<void> {
  const { client, seat } = await seatedOf(visit);
  const answer = await visit.deps.authority.run({
    do: 'undelegate',
    client: client.id,
    delegation: String(visit.req.params.id),
    by: { seat: seat.id, role: seat.role },
  });
  if ('refused' in answer) {
    if (answer.refused === 'not_seated')
      throw new Refusal(403, 'not_seated', texts.people.notSeated, texts.people.whatNext);
    throw new Refusal(404, answer.refused, words.unknown, texts.people.whatNext);
  }
  // What hung on it ended in the log; looked at anew, it is cut here.
  await visit.deps.authority.refresh(client.id);
  for (const grant of answer.grants)
    await visit.deps.authority.end({ client: client.id, grant }, 'revoked', {
      seat: seat.id,
      role: seat.role,
    });
  visit.res.redirect(303, '/people');
}
