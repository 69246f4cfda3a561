/** What holds in an emergency: a part of the agreement's form that stays closed until somebody wants it. */
import type { JSX } from 'preact';
import type { AgreementForm, AgreementOffer } from '../agreement-form.ts';
import { whoInEmergency } from '../emergency-form.ts';
import { texts } from '../texts.ts';
import { Boxes } from './choices.tsx';
import type { Frame } from './layout.tsx';
import { type FieldErrors, Input } from './parts.tsx';

const words = texts.emergencies;

export function EmergencyFields(props: {
  readonly frame: Frame;
  readonly offer: AgreementOffer;
  readonly form: AgreementForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, offer, form, errors } = props;
  const { say } = frame;
  const numbers = [
    ['emergencyMinutes', words.minutes, 1440],
    ['emergencyPerYear', words.perYear, 50],
    ['emergencyReviewDays', words.reviewDays, 60],
  ] as const;
  return (
    <fieldset>
      <legend>{say(words.legend)}</legend>
      <p class="hint">{say(words.hint)}</p>
      <Boxes
        name="emergencyPeople"
        legend={say(words.people)}
        errors={errors}
        offer={whoInEmergency(offer)}
        chosen={form.emergencyPeople}
      />
      {numbers.map(([name, label, max]) => (
        <Input
          key={name}
          name={name}
          type="number"
          min={1}
          max={max}
          label={say(label)}
          value={form[name]}
          errors={errors}
        />
      ))}
    </fieldset>
  );
}
