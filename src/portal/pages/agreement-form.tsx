/** Giving an agreement: the form, where nothing is ticked, and the review, where the whole text is signed. */
import type { JSX } from 'preact';
import { mostKeep } from '../../core/budget.ts';
import type { AgreementForm, AgreementOffer } from '../agreement-form.ts';
import { saysEmergency } from '../emergency-form.ts';
import type { Foresight } from '../foresight.ts';
import type { Ready } from '../signatures.ts';
import { texts } from '../texts.ts';
import { EmergencyFields } from './emergency-fields.tsx';
import { Foreseen } from './foreseen.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Group, Input } from './parts.tsx';
import { SignPage } from './sign-page.tsx';

const words = texts.agreements;

export function AgreementFormPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly offer: AgreementOffer;
  readonly form: AgreementForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, csrf, offer, form, errors } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.formTitle)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.formIntro)}</p>
      <form method="post" action="/agreements/new" class="stack" noValidate>
        <Csrf token={csrf} />
        <Boxes
          name="systems"
          legend={say(words.systems)}
          errors={errors}
          offer={offer.systems}
          chosen={form.systems}
        />
        <Boxes
          name="purposes"
          legend={say(words.purposes)}
          errors={errors}
          offer={offer.purposes}
          chosen={form.purposes}
        />
        <Boxes
          name="operations"
          legend={say(words.operations)}
          errors={errors}
          offer={offer.operations}
          chosen={form.operations}
        />
        <People frame={frame} offer={offer} form={form} errors={errors} />
        {offer.robots.length > 0 && (
          <Boxes
            name="robots"
            legend={say(texts.robots.legend)}
            hint={say(texts.robots.hint)}
            errors={errors}
            offer={offer.robots}
            chosen={form.robots}
          />
        )}
        <Input
          name="from"
          type="date"
          label={say(words.from)}
          hint={say(words.fromHint)}
          value={form.from}
          errors={errors}
        />
        <Input
          name="until"
          type="date"
          label={say(words.until)}
          hint={say(words.untilHint)}
          value={form.until}
          errors={errors}
        />
        <details open={hasMore(form, errors)}>
          <summary>{say(texts.signing.more)}</summary>
          <fieldset>
            <legend>{say(texts.firstUse.legend)}</legend>
            <Input
              name="onceMinutes"
              type="number"
              min={1}
              max={1440}
              label={say(texts.firstUse.minutes)}
              hint={say(texts.firstUse.hint)}
              value={form.onceMinutes}
              errors={errors}
            />
          </fieldset>
          <BudgetFields frame={frame} form={form} errors={errors} />
          <EmergencyFields frame={frame} offer={offer} form={form} errors={errors} />
          <p>
            <a href="/signing">{say(texts.signing.twoLink)}</a>
          </p>
        </details>
        <p class="actions">
          <button type="submit">{say(words.review)}</button>
          <a href="/agreements">{say(texts.cancel)}</a>
        </p>
      </form>
    </Layout>
  );
}

/** A group of boxes to tick. */
export function Boxes(props: {
  readonly name: string;
  readonly legend: string;
  readonly hint?: string;
  readonly errors: FieldErrors;
  readonly offer: readonly { readonly id: string; readonly label: string; readonly about?: string }[];
  readonly chosen: readonly string[];
}): JSX.Element {
  return (
    <Group name={props.name} legend={props.legend} errors={props.errors}>
      {props.hint !== undefined && <p class="hint">{props.hint}</p>}
      {props.offer.map((item) => (
        <label key={item.id} class="choice">
          <input type="checkbox" name={props.name} value={item.id} checked={props.chosen.includes(item.id)} />
          <span>
            {item.label}
            {item.about !== undefined && <span class="hint">{item.about}</span>}
          </span>
        </label>
      ))}
    </Group>
  );
}

function People(props: {
  readonly frame: Frame;
  readonly offer: AgreementOffer;
  readonly form: AgreementForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, offer, form, errors } = props;
  const { say } = frame;
  const choices = [
    ['assigned', words.assigned],
    ['named', words.named],
  ] as const;
  return (
    <Group name="who" legend={say(words.people)} errors={errors}>
      {choices.map(([value, label]) => (
        <label key={value} class="choice">
          <input type="radio" name="who" value={value} checked={form.who === value} />
          <span>{say(label)}</span>
        </label>
      ))}
      <div class="inset">
        {offer.people.map((person) => (
          <label key={person.id} class="choice">
            <input
              type="checkbox"
              name="people"
              value={person.id}
              checked={form.people.includes(person.id)}
            />
            <span>{person.label}</span>
          </label>
        ))}
      </div>
    </Group>
  );
}

/** Closed until somebody wants one of them. */
function hasMore(form: AgreementForm, errors: FieldErrors): boolean {
  const limited = form.budgetPer !== '' || form.budgetKeepDays !== '';
  const chosen = form.onceMinutes !== '' || limited || saysEmergency(form);
  return chosen || ['onceMinutes', 'budgetPer', 'emergencyPeople'].some((name) => errors.has(name));
}

function BudgetFields(props: {
  readonly frame: Frame;
  readonly form: AgreementForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, form, errors } = props;
  const { say } = frame;
  const numbers = [
    ['budgetOpenings', texts.budgets.openings],
    ['budgetMinutes', texts.budgets.minutes],
    ['budgetMegabytes', texts.budgets.megabytes],
    ['budgetCopies', texts.budgets.copies],
    ['budgetCopiedMegabytes', texts.budgets.copiedMegabytes],
  ] as const;
  return (
    <fieldset>
      <legend>{say(texts.budgets.legend)}</legend>
      <p class="hint">{say(texts.budgets.hint)}</p>
      <Group name="budgetPer" legend={say(texts.budgets.per)} errors={errors}>
        {(['', 'day', 'week', 'month'] as const).map((per) => (
          <label key={per} class="choice">
            <input type="radio" name="budgetPer" value={per} checked={per !== '' && form.budgetPer === per} />
            <span>{say(texts.budgets.periods[per === '' ? 'none' : per])}</span>
          </label>
        ))}
      </Group>
      {numbers.map(([name, label]) => (
        <Input
          key={name}
          name={name}
          type="number"
          min={1}
          label={say(label)}
          value={form[name]}
          errors={errors}
        />
      ))}
      <Input
        name="budgetKeepDays"
        type="number"
        min={1}
        max={mostKeep}
        label={say(texts.budgets.keepDays)}
        hint={say(texts.budgets.keepHint)}
        value={form.budgetKeepDays}
        errors={errors}
      />
    </fieldset>
  );
}

export function ReviewPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly foresight: Foresight;
  readonly change: string;
  readonly ready: Ready;
}): JSX.Element {
  const { frame } = props;
  return (
    <SignPage
      {...props}
      title={words.reviewTitle}
      intro={words.reviewIntro}
      to="/agreements/sign"
      cancel="/agreements"
    >
      <Foreseen frame={frame} foresight={props.foresight} />
      <h2>{frame.say(words.fullText)}</h2>
    </SignPage>
  );
}
