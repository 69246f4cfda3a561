/** Naming a substitute: who, and from which day to which. */
import type { JSX } from 'preact';
import type { SubstituteForm } from '../substitutes.tsx';
import { texts } from '../texts.ts';
import { DelegateChoice, NoDelegate } from './frames.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Input } from './parts.tsx';

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
    <Layout frame={frame} title={say(words.name)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.intro)}</p>
      {delegates.length === 0 ? (
        <NoDelegate frame={frame} />
      ) : (
        <form method="post" action="/people/substitutes/new" class="stack" noValidate>
          <Csrf token={csrf} />
          <DelegateChoice frame={frame} delegates={delegates} chosen={form.delegate} errors={errors} />
          <Input name="from" label={say(words.from)} value={form.from} errors={errors} type="date" />
          <Input
            name="until"
            label={say(words.until)}
            hint={say(words.untilHint(mostDays))}
            value={form.until}
            errors={errors}
            type="date"
          />
          <p class="actions">
            <button type="submit">{say(texts.frames.review)}</button>
            <a href="/people">{say(texts.cancel)}</a>
          </p>
        </form>
      )}
    </Layout>
  );
}
