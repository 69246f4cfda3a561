/**
 * Emergencies as the client's people see them: what waits for a review, one of them with its reason, and the review. Whoever reads
 * may look; whoever acts for the client says whether it was in order, once.
 */
import { type Emergency, type ReviewOutcome, reviewOutcomes } from '../core/emergency.ts';
import type { Text } from '../core/model.ts';
import { isReason } from '../core/requests.ts';
import { type Seated, seatedOf } from './controller.ts';
import { isPlain, longest } from './declaration.ts';
import { instant } from './formats.ts';
import { sayErrors } from './language.ts';
import type { Alarm } from './pages/alarms.tsx';
import { type EmergencyCard, EmergencyPage } from './pages/emergencies.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { may } from './roles.ts';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.emergencies;

/** Those that nobody has reviewed, oldest first: each user of the client sees them in red on the first page. */
export async function alarmsAt(visit: Visit, seated: Seated): Promise<readonly Alarm[]> {
  const { client } = seated;
  const waiting = (await visit.deps.archive.emergencies(client.id)).filter(
    ({ review }) => review === undefined,
  );
  return Promise.all(
    waiting.toReversed().map(async (one) => {
      const opening = await visit.deps.archive.openingAt(client.id, one.opening);
      return {
        href: `/emergencies/${one.opening}`,
        text: visit.say(words.toldText(nameOf(visit, opening?.person), said(visit, seated, one.at))),
        due: visit.say(dueOf(visit, seated, one)),
      };
    }),
  );
}

function nameOf(visit: Visit, person: string | undefined): string {
  return visit.snapshot.people.get(person ?? '')?.name ?? visit.say(texts.controller.unnamed);
}

function said(visit: Visit, { client }: Seated, at: number): string {
  return instant(at, client.zone, visit.language);
}

function dueOf(visit: Visit, seated: Seated, one: Emergency): Text {
  const when = said(visit, seated, one.reviewBy);
  return one.reviewBy <= visit.now ? words.reviewLate(when) : words.reviewBy(when);
}

/** GET `/emergencies/:id`: the id is that of the access. */
export async function showEmergency(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  await sendEmergency(visit, frame, seated, await emergencyOf(visit, seated), { status: 200 });
}

async function emergencyOf(visit: Visit, { client }: Seated): Promise<Emergency> {
  const all = await visit.deps.archive.emergencies(client.id);
  const found = all.find(({ opening }) => opening === visit.req.params.id);
  if (found === undefined) throw unknown();
  return found;
}

function unknown(): Refusal {
  return new Refusal(404, 'emergency_unknown', words.errors.emergency_unknown, texts.errors.notFoundNext);
}

interface Sent {
  readonly status: number;
  readonly errors?: ReadonlyMap<string, Text>;
  readonly values?: { readonly outcome: string; readonly note: string };
}

async function sendEmergency(
  visit: Visit,
  frame: Framer,
  seated: Seated,
  one: Emergency,
  { status, errors = new Map(), values = { outcome: '', note: '' } }: Sent,
): Promise<void> {
  const opening = await visit.deps.archive.openingAt(seated.client.id, one.opening);
  if (opening === undefined) throw unknown();
  const card: EmergencyCard = {
    id: one.opening,
    text: visit.say(words.toldText(nameOf(visit, opening.person), said(visit, seated, one.at))),
    purpose: purposeLabel(visit, opening.purpose),
    systems: systemNames(visit, seated.client, opening.systems),
    reference: opening.reference,
    reason: opening.note,
    grant: one.grant,
    due: visit.say(dueOf(visit, seated, one)),
    review: one.review && {
      outcome: one.review.outcome,
      note: one.review.note,
      by: visit.say(
        words.reviewedBy(reviewerOf(visit, seated, one.review.seat), said(visit, seated, one.review.at)),
      ),
    },
  };
  sendPage(
    visit.res,
    <EmergencyPage
      frame={frame(visit)}
      csrf={visit.deps.csrf.token(visit.req)}
      card={card}
      mayReview={may(visit.role, 'emergencyReview')}
      values={values}
      errors={sayErrors(errors, visit.say)}
    />,
    status,
  );
}

function reviewerOf(visit: Visit, { inForce }: Seated, seat: string): string {
  return inForce.seats.find(({ id }) => id === seat)?.name ?? visit.say(texts.people.signedByGone);
}

/** POST `/emergencies/:id/review`: fields `outcome` (`in_order` or `not_in_order`) and `note`. */
export async function reviewEmergency(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const one = await emergencyOf(visit, seated);
  const outcome = field(visit.req.body, 'outcome');
  const note = field(visit.req.body, 'note').replace(/\r\n?/g, '\n').trim();
  const errors = faultsOf(outcome, note);
  if (errors.size > 0)
    return sendEmergency(visit, frame, seated, one, { status: 422, errors, values: { outcome, note } });
  const answer = await visit.deps.authority.run({
    do: 'review-emergency',
    client: seated.client.id,
    opening: one.opening,
    outcome: outcome as ReviewOutcome,
    note,
    by: { seat: seated.seat.id, role: seated.seat.role },
  });
  if ('refused' in answer) throw refusedReview(answer.refused);
  visit.res.redirect(303, `/emergencies/${one.opening}`);
}

function faultsOf(outcome: string, note: string): ReadonlyMap<string, Text> {
  const errors = new Map<string, Text>();
  if (!(reviewOutcomes as readonly string[]).includes(outcome)) errors.set('outcome', words.errors.outcome);
  const silent = outcome === 'not_in_order' && !isReason(note);
  if (silent || note.length > longest.note || !isPlain(note, true)) errors.set('note', words.errors.note);
  return errors;
}

function refusedReview(why: 'not_seated' | 'not_yet' | 'emergency_unknown' | 'reviewed_already'): Refusal {
  if (why === 'emergency_unknown') return unknown();
  if (why === 'reviewed_already')
    return new Refusal(409, why, words.errors.reviewed_already, words.errors.lookAgain);
  return new Refusal(409, why, texts.agreements.errors[why], words.errors.lookAgain);
}
