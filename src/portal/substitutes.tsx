/**
 * Who answers requests while a representative is away: a frame (frames.tsx) over everything that may be asked for, at any hour,
 * from one day to another. A delegate's, never a reader's: who only looks, such as a data protection officer, decides nothing.
 */
import { dayAt, dayEnd, dayStart, parseDay } from '../core/days.ts';
import { latestEnd } from '../core/grant-limits.ts';
import type { Text } from '../core/model.ts';
import { offerOf } from './agreement-form.ts';
import { mustGoOn } from './contract-over.ts';
import { type Seated, seatedOf } from './controller.ts';
import { delegateOf, delegatesOf, draftOf, type FrameDraft, permittedBy } from './frames.tsx';
import { sayErrors } from './language.ts';
import { memoryOf } from './memory.ts';
import { SubstitutePage } from './pages/substitutes.tsx';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.substitutes;

/** A long summer; who is away longer names another representative. */
const mostDays = 62;

export interface SubstituteForm {
  readonly delegate: string;
  readonly from: string;
  readonly until: string;
}

/** GET `/people/substitutes/new`. */
export async function showSubstituteForm(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  await mustGoOn(visit, seated.client);
  const today = dayAt(visit.now, seated.client.zone);
  const form = { delegate: '', from: today.toString(), until: today.add({ days: 14 }).toString() };
  sendForm(visit, frame, seated, form, new Map());
}

/** POST `/people/substitutes/new`: fields `delegate from until`. Leads to the text, which is signed as every frame's. */
export async function draftSubstitute(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const one = (name: string) => field(visit.req.body, name).trim();
  const form = { delegate: one('delegate'), from: one('from'), until: one('until') };
  const checked = checkForm(visit, seated, form);
  if (checked instanceof Map) return sendForm(visit, frame, seated, form, checked);
  memoryOf(visit.req).frame = checked;
  visit.res.redirect(303, '/people/frames/review');
}

function checkForm(visit: Visit, seated: Seated, form: SubstituteForm): FrameDraft | Map<string, Text> {
  const { client } = seated;
  const { snapshot, say, now } = visit;
  const errors = new Map<string, Text>();
  const delegate = delegateOf(seated, form.delegate);
  if (delegate === undefined) errors.set('delegate', texts.frames.errors.delegate);
  const first = parseDay(form.from);
  const last = parseDay(form.until);
  const today = dayAt(now, client.zone);
  if (first === undefined || Temporal.PlainDate.compare(first, today) < 0)
    errors.set('from', words.errors.from);
  const length = first === undefined || last === undefined ? undefined : first.until(last).days + 1;
  const until = last && dayEnd(last, client.zone);
  if (
    length === undefined ||
    length < 1 ||
    length > mostDays ||
    until === undefined ||
    until > latestEnd(now)
  )
    errors.set('until', words.errors.until(mostDays));
  const offer = offerOf(client, snapshot, say, now);
  const purposes = offer.purposes.map(({ id }) => id);
  const permitted = permittedBy(visit, purposes);
  const operations = offer.operations.map(({ id }) => id).filter((id) => permitted.operations.has(id));
  const systems = offer.systems.map(({ id }) => id);
  if (systems.length === 0 || operations.length === 0) errors.set('delegate', words.errors.nothing);
  if (errors.size > 0 || first === undefined || until === undefined || delegate === undefined) return errors;
  const scope = {
    ...{ systems, purposes, operations, hours: '' },
    minutes: permitted.minutes,
    from: Math.max(now, dayStart(first, client.zone)),
    until,
  };
  const { name, ...who } = delegate;
  return draftOf(visit, seated, { ...scope, ...who }, name);
}

function sendForm(
  visit: Visit,
  frame: Framer,
  seated: Seated,
  form: SubstituteForm,
  errors: ReadonlyMap<string, Text>,
): void {
  sendPage(
    visit.res,
    <SubstitutePage
      frame={frame(visit, { self: '/people/substitutes/new' })}
      csrf={visit.deps.csrf.token(visit.req)}
      delegates={delegatesOf(seated).map(({ id, name }) => ({ id, label: name }))}
      mostDays={mostDays}
      form={form}
      errors={sayErrors(errors, visit.say)}
    />,
    errors.size === 0 ? 200 : 422,
  );
}
