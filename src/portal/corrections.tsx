/**
 * Mending the reference or note of one's own access, and giving the real reference where a provisional one stands. The
 * client reads both; what stood there before stays in its log.
 */
import { dayAt } from '../core/days.ts';
import { judgeNote, judgeReference } from '../core/declared.ts';
import type { Opening, Person, Purpose, Text } from '../core/model.ts';
import { reasonAnswers } from '../core/reasons.ts';
import { type CorrectionRefusal, mendingTime, provisionalReference } from '../core/references.ts';
import { isPlain, longest } from './declaration.ts';
import { sayErrors } from './language.ts';
import { workGroups } from './lines.ts';
import { type Checked, checkReference } from './reference-check.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.corrections;

/** What the form of one's own access shows. */
export interface Mending {
  readonly reference: string;
  readonly note: string;
  readonly errors: ReadonlyMap<string, string>;
}

/** Whether the form is offered: within the time there is for it, or while the real reference is owed. */
export function isMendable(opening: Opening, now: number): boolean {
  return opening.referenceDue !== undefined || now <= opening.openedAt + mendingTime;
}

/** Mends an access as the form says; answers what is wrong with the form, or nothing. Throws Refusal. */
export async function mend(visit: Visit, person: Person, opening: Opening): Promise<Mending | undefined> {
  const reference = field(visit.req.body, 'reference').trim();
  const note = field(visit.req.body, 'note').replace(/\r\n?/g, '\n').trim();
  const purpose = visit.snapshot.purposes.get(opening.purpose);
  const wrong = faultsOf(purpose, opening, reference, note);
  if (wrong.size > 0) return { reference, note, errors: sayErrors(wrong, visit.say) };
  const client = visit.snapshot.clients.get(opening.client);
  const known = reference === opening.reference ? undefined : client;
  const checked: Checked =
    known === undefined ? { check: undefined } : await checkReference(visit.deps, known, reference);
  if ('refused' in checked) {
    const { title, next } = reasonAnswers[checked.refused];
    return { reference, note, errors: new Map([['reference', `${visit.say(title)}. ${visit.say(next)}`]]) };
  }
  const { work: _, ...groups } = workGroups({ reference, note }, person, client, visit.snapshot.organisation);
  const answer = await visit.deps.authority.run({
    do: 'correct',
    client: opening.client,
    opening: opening.id,
    person: person.id,
    reference,
    note,
    groups,
    ...(checked.check === undefined ? {} : { check: checked.check }),
  });
  if ('refused' in answer) throw refusedCorrection(answer.refused);
  return undefined;
}

/** Only what is changed is looked at: the rules may have changed since the rest was declared. */
function faultsOf(
  purpose: Purpose | undefined,
  opening: Opening,
  reference: string,
  note: string,
): ReadonlyMap<string, Text> {
  const { errors } = texts.technician;
  const wrong = new Map<string, Text>();
  if (reference.length > longest.reference || !isPlain(reference, false))
    wrong.set('reference', errors.referenceForm);
  else if (reference === '') wrong.set('reference', errors.referenceMissing);
  else if (reference !== opening.reference && purpose !== undefined) {
    const missing = judgeReference(purpose, reference);
    const forms = purpose.referencePatterns.map(({ text }) => text).join(', ');
    if (missing !== undefined) wrong.set('reference', errors.referencePattern(forms));
  }
  if (note.length > longest.note || !isPlain(note, true)) wrong.set('note', errors.noteForm);
  else if (note !== opening.note && purpose !== undefined) {
    const missing = judgeNote(purpose, note);
    if (missing === 'note_too_short') wrong.set('note', errors.noteTooShort(purpose.noteMinimum));
    else if (missing !== undefined) wrong.set('note', errors.noteMissing);
  }
  return wrong;
}

function refusedCorrection(why: 'opening_unknown' | CorrectionRefusal): Refusal {
  if (why === 'opening_unknown')
    return new Refusal(404, 'not_found', texts.technician.openingUnknown, texts.errors.notFoundNext);
  return new Refusal(why === 'correction_provisional' ? 422 : 409, why, words.refused[why], words.next[why]);
}

/** A reference for somebody who calls before there is a ticket, on the client's day. */
export function newProvisional(visit: Pick<Visit, 'now' | 'deps'>, zone: string): string {
  return provisionalReference(dayAt(visit.now, zone).toString(), visit.deps.random(4).readUInt32BE());
}

/** Whether a purpose takes such a reference: one that names its forms names this one too, or does not take it. */
export function takesProvisional(purpose: Purpose): boolean {
  return judgeReference(purpose, provisionalReference('2026-01-01', 0)) === undefined;
}
