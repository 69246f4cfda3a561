/** Giving an agreement: the form, where nothing is ticked, and the review, where the whole text is signed. */
import type { JSX } from 'preact';
import { mostKeep } from '../../core/budget.ts';
import type { AgreementForm, AgreementOffer } from '../agreement-form.ts';
import { saysEmergency } from '../emergency-form.ts';
import type { Foresight } from '../foresight.ts';
import type { Ready } from '../signatures.ts';
import { texts } from '../texts.ts';
import { Boxes, Radios, Ticks } from './choices.tsx';
import { EmergencyFields } from './emergency-fields.tsx';
import { Foreseen } from './foreseen.tsx';
import { FormPage } from './form-page.tsx';
import type { Frame } from './layout.tsx';
import { type FieldErrors, Input } from './parts.tsx';
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
    <FormPage
      frame={frame}
      csrf={csrf}
      title={words.formTitle}
      intro={words.formIntro}
      action="/agreements/new"
      errors={errors}
      submit={words.review}
      cancel="/agreements"
    >
      <ScopeBoxes frame={frame} offer={offer} form={form} errors={errors} />
      <People frame={frame} offer={offer} form={form} errors={errors} />
      {offer.robots.length > 0 && <RobotBoxes frame={frame} offer={offer} form={form} errors={errors} />}
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
    </FormPage>
  );
}

/** To what it is agreed: systems, purposes, operations. */
export function ScopeBoxes(props: {
  readonly frame: Frame;
  readonly offer: AgreementOffer;
  readonly form: Pick<AgreementForm, 'systems' | 'purposes' | 'operations'>;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, offer, form, errors } = props;
  return (
    <>
      {(['systems', 'purposes', 'operations'] as const).map((name) => (
        <Boxes
          key={name}
          name={name}
          legend={frame.say(words[name])}
          errors={errors}
          offer={offer[name]}
          chosen={form[name]}
        />
      ))}
    </>
  );
}

export function RobotBoxes(props: {
  readonly frame: Frame;
  readonly offer: AgreementOffer;
  readonly form: AgreementForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, offer, form, errors } = props;
  return (
    <Boxes
      name="robots"
      legend={frame.say(texts.robots.legend)}
      hint={frame.say(texts.robots.hint)}
      errors={errors}
      offer={offer.robots}
      chosen={form.robots}
    />
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
  return (
    <Radios
      name="who"
      legend={say(words.people)}
      errors={errors}
      offer={(['assigned', 'named'] as const).map((id) => ({ id, label: say(words[id]) }))}
      chosen={form.who}
    >
      <div class="inset">
        <Ticks name="people" offer={offer.people} chosen={form.people} />
      </div>
    </Radios>
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
      <Radios
        name="budgetPer"
        legend={say(texts.budgets.per)}
        errors={errors}
        offer={(['', 'day', 'week', 'month'] as const).map((id) => ({
          id,
          label: say(texts.budgets.periods[id === '' ? 'none' : id]),
        }))}
        chosen={form.budgetPer === '' ? undefined : form.budgetPer}
      />
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
