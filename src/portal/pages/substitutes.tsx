/** Naming a substitute: who, and from which day to which. */
import type { JSX } from 'preact';
import type { SubstituteForm } from '../substitutes.tsx';
import { texts } from '../texts.ts';
import { DelegateFormPage } from './frames.tsx';
import type { Frame } from './layout.tsx';
import { type FieldErrors, Input } from './parts.tsx';

const words = texts.substitutes;

export function SubstitutePage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly delegates: readonly { readonly id: string; readonly label: string }[];
  readonly mostDays: number;
  readonly form: SubstituteForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, csrf, delegates, mostDays, form, errors } = props;
  const { say } = frame;
  return (
    <DelegateFormPage
      frame={frame}
      csrf={csrf}
      title={words.name}
      intro={words.intro}
      action="/people/substitutes/new"
      delegates={delegates}
      chosen={form.delegate}
      errors={errors}
    >
      <Input name="from" label={say(words.from)} value={form.from} errors={errors} type="date" />
      <Input
        name="until"
        label={say(words.until)}
        hint={say(words.untilHint(mostDays))}
        value={form.until}
        errors={errors}
        type="date"
      />
    </DelegateFormPage>
  );
}
