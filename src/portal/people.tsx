/**
 * Who acts for a client: the list that all of them see, and how a representative invites and removes. Whether that is
 * still allowed is decided by the log's writer; a removed person's sign-ins end with the same act.
 */
import type { Seat } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import { invitationBytes, invitationLife, invitationProof, writeInvitation } from '../core/invitation.ts';
import { isMailAddress, type RefusedAddresses } from '../core/mail.ts';
import {
  type ControllerRole,
  type ControllerUser,
  isInvitedByClient,
  isOwnAccount,
  passkeyAccount,
} from '../core/model.ts';
import { isLongAway, type Visits, visitsTo } from '../core/visits.ts';
import { contractOver } from './contract-over.ts';
import { type Seated, seatedOf } from './controller.ts';
import { date } from './formats.ts';
import { frameRows } from './frames.tsx';
import { seatsOf } from './own-seats.ts';
import type { FieldErrors } from './pages/parts.tsx';
import { InvitedPage, type NewPerson, PeoplePage, type PersonRow, RemovePage } from './pages/people.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.people;

/** GET `/people`. */
export async function showPeople(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  // The id is made with the form, so that sending it twice invites one person.
  const id = `p-${visit.deps.random(8).toString('hex')}`;
  await sendPeople(visit, frame, seated, { id, name: '', function: '', role: '', mail: '' }, new Map());
}

async function sendPeople(
  visit: Visit,
  frame: Framer,
  seated: Seated,
  form: NewPerson,
  errors: FieldErrors,
): Promise<void> {
  const { client, inForce } = seated;
  const frames = await frameRows(visit, seated);
  const reach = await reachOf(visit, seated);
  sendPage(
    visit.res,
    <PeoplePage
      frame={frame(visit, { self: '/people' })}
      csrf={visit.deps.csrf.token(visit.req)}
      zone={client.zone}
      rows={client.controllers.map((person) =>
        rowOf(visit, person, { all: inForce.seats, held: seatsOf(inForce, person), reach }),
      )}
      may={visit.role === 'representative'}
      over={(await contractOver(visit, client)) !== undefined}
      frames={frames}
      me={seated.controller.id}
      form={form}
      errors={errors}
    />,
    errors.size === 0 ? 200 : 422,
  );
}

/** What is known of whether people are reached: when they looked, and where mail does not arrive. */
interface Reach {
  readonly visits: Visits;
  readonly refused: RefusedAddresses;
  readonly zone: string;
}

/** A log or a queue that cannot be read tells nothing here; the page is about who acts. */
async function reachOf({ deps, now }: Visit, { client, inForce }: Seated): Promise<Reach> {
  const { zone } = client;
  try {
    const ids = inForce.seats.map(({ id }) => id);
    const visits = await visitsTo(deps.archive, client.id, ids, now);
    return { zone, visits, refused: await deps.refusedMail() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { zone, visits: { seats: new Map(), whole: false }, refused: new Map() };
  }
}

function notesOf(
  visit: Visit,
  { mail }: ControllerUser,
  held: readonly Seat[],
  { visits, refused, zone }: Reach,
): readonly string[] {
  const { say, now } = visit;
  const since = mail === undefined ? undefined : refused.get(mail.toLowerCase());
  return [
    ...(since === undefined ? [] : [say(words.mailRefused(date(since, zone, visit.language)))]),
    ...(isLongAway(held, visits, now) ? [say(words.longAway)] : []),
  ];
}

function rowOf(
  visit: Visit,
  person: ControllerUser,
  {
    all,
    held,
    reach,
  }: { readonly all: readonly Seat[]; readonly held: readonly Seat[]; readonly reach: Reach },
): PersonRow {
  const { say, now } = visit;
  const alone = isOwnAccount(person);
  const [first] = held;
  const notes = notesOf(visit, person, held, reach);
  if (first === undefined) return { person, alone, notes, seated: undefined };
  const inviter = all.find(({ id }) => id === first.invitedBy)?.name;
  const waits = first.grantsFrom !== undefined && first.grantsFrom > now;
  const by =
    first.invitedBy === undefined ? words.byProvider : inviter === undefined ? words.gone : words.by(inviter);
  return {
    person,
    alone,
    notes,
    seated: { at: first.seatedAt, by: say(by), grantsFrom: waits ? first.grantsFrom : undefined },
  };
}

/** POST `/people`: `person` of the list, or `id name function role` of somebody new. Shows link and code, once. */
export async function invitePerson(visit: Visit, frame: Framer): Promise<void> {
  const { req, deps, now, res } = visit;
  const seated = await seatedOf(visit);
  const known = field(req.body, 'person');
  const form = formOf(req.body);
  const errors = known === '' ? errorsOf(visit, form) : new Map<string, string>();
  if (errors.size > 0) return sendPeople(visit, frame, seated, form, errors);
  const nominee = known === '' ? newPerson(visit, seated, form) : personOf(seated, known);
  const { link, code } = writeInvitation(deps.random(invitationBytes));
  const answer = await deps.authority.run({
    do: 'invite',
    nominee,
    proof: invitationProof(link, code),
    expiresAt: now + invitationLife,
    by: { seat: seated.seat.id, role: seated.seat.role },
  });
  if ('refused' in answer) throw refusedAct(answer.refused);
  const address = `${deps.portalUrl.origin}/enrol#${link}`;
  sendPage(
    res,
    <InvitedPage frame={frame(visit, { self: '/people' })} name={nominee.name} link={address} code={code} />,
  );
}

function formOf(body: unknown): NewPerson {
  const said = (name: string) => field(body, name).trim();
  return {
    id: said('id'),
    name: said('name'),
    function: said('function'),
    role: said('role'),
    mail: said('mail'),
  };
}

function isRole(role: string): role is ControllerRole {
  return role === 'representative' || role === 'delegate' || role === 'reader';
}

function errorsOf({ say }: Visit, form: NewPerson): FieldErrors {
  const errors = new Map<string, string>();
  const sound = (text: string) => text.length >= 2 && text.length <= 80 && !/[\p{C}\u2028\u2029]/u.test(text);
  if (!sound(form.name)) errors.set('name', say(words.nameMissing));
  if (!sound(form.function)) errors.set('function', say(words.jobMissing));
  if (form.mail !== '' && !isMailAddress(form.mail)) errors.set('mail', say(words.mailWrong));
  if (!isRole(form.role)) errors.set('role', say(words.roleMissing));
  return errors;
}

/** Somebody whom no file names; they sign in with a passkey alone. */
function newPerson(visit: Visit, { client, controller }: Seated, form: NewPerson): ControllerUser {
  const { id, name, role } = form;
  if (!isInvitedByClient(form) || !isRole(role) || client.controllers.some((one) => one.id === id))
    throw new Refusal(409, 'form_used', words.unknown, words.whatNext);
  const authority = visit.say(words.namedBy(controller.name));
  return {
    id,
    client: client.id,
    name,
    function: form.function,
    role,
    authority,
    ...(form.mail === '' ? {} : { mail: form.mail }),
    ...passkeyAccount(client.id, id),
  };
}

function personOf({ client }: Seated, id: string): ControllerUser {
  const person = client.controllers.find((one) => one.id === id);
  if (person === undefined) throw new Refusal(404, 'not_found', words.unknown, words.whatNext);
  return person;
}

/** GET `/people/:id/remove`: asks once more. */
export async function confirmRemoval(visit: Visit, frame: Framer): Promise<void> {
  const person = personOf(await seatedOf(visit), String(visit.req.params.id));
  const csrf = visit.deps.csrf.token(visit.req);
  sendPage(visit.res, <RemovePage frame={frame(visit)} csrf={csrf} person={person} />);
}

/** POST `/people/:id/remove`. */
export async function removePerson(visit: Visit): Promise<void> {
  const { deps, res } = visit;
  const seated = await seatedOf(visit);
  const { client, seat } = seated;
  const person = personOf(seated, String(visit.req.params.id));
  const by = { seat: seat.id, role: seat.role };
  const answer = await deps.authority.run({ do: 'unseat', client: client.id, controller: person.id, by });
  if ('refused' in answer) throw refusedAct(answer.refused);
  deps.people.parted(client.id, person.id);
  // Recorded as ended already; this process forgets them now.
  for (const account of answer.accounts) await deps.signIn.end(account);
  await deps.authority.refresh(client.id);
  res.redirect(303, person.id === seated.controller.id ? '/' : '/people');
}

/** POST `/people/:id/confirm`: stands by somebody who may not sign yet. */
export async function confirmPerson(visit: Visit): Promise<void> {
  const { deps, res } = visit;
  const seated = await seatedOf(visit);
  const { client, seat } = seated;
  const person = personOf(seated, String(visit.req.params.id));
  const by = { seat: seat.id, role: seat.role };
  const answer = await deps.authority.run({
    do: 'confirm-seat',
    client: client.id,
    controller: person.id,
    by,
  });
  if ('refused' in answer) throw refusedAct(answer.refused);
  await deps.authority.refresh(client.id);
  res.redirect(303, '/people');
}

/** POST `/people/seen`: the notice about who arrived is not shown to this person again. */
export async function seeArrivals(visit: Visit): Promise<void> {
  const { client, seat } = await seatedOf(visit);
  await visit.deps.authority.run({ do: 'arrivals-seen', client: client.id, seat: seat.id });
  await visit.deps.authority.refresh(client.id);
  visit.res.redirect(303, '/people');
}

type ActRefusal =
  | 'not_seated'
  | 'not_yet'
  | 'nobody_seated'
  | 'last_representative'
  | 'nobody_waits'
  | 'own_seat';

function refusedAct(why: ActRefusal): Refusal {
  switch (why) {
    case 'not_yet':
      return new Refusal(403, why, words.notYetFit, words.notYetFitNext);
    case 'own_seat':
      return new Refusal(403, why, words.ownSeat, words.ownSeatNext);
    case 'nobody_waits':
      return new Refusal(409, why, words.nobodyWaits, words.whatNext);
    case 'not_seated':
      return new Refusal(403, why, words.notSeated, words.whatNext);
    case 'nobody_seated':
      return new Refusal(409, why, words.nobodySeated, words.whatNext);
    case 'last_representative':
      return new Refusal(409, why, words.last, words.lastNext);
  }
}
