/** The form by which a technician asks a client for an agreement for one case. */
import type { JSX } from 'preact';
import type { Asking } from '../request-form.ts';
import { operationTexts } from '../texts/everywhere.ts';
import { texts } from '../texts.ts';
import { Boxes, Radios } from './choices.tsx';
import type { Problem } from './declare.tsx';
import { DeclaredInputs } from './declared-inputs.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Hidden, Input, Notice } from './parts.tsx';

const words = texts.requests;
const fields = texts.technician;

export interface RequestFormProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly client: string;
  readonly zone: string;
  /** `client/system`: where the technician came from. */
  readonly system: string;
  readonly systems: readonly { readonly id: string; readonly label: string }[];
  readonly purposes: readonly { readonly id: string; readonly label: string; readonly about: string }[];
  readonly values: Asking;
  readonly errors: FieldErrors;
  readonly problem: Problem | undefined;
  /** Why nothing can be asked for; no form then. */
  readonly barred: Problem | undefined;
}

export function RequestFormPage(props: RequestFormProps): JSX.Element {
  const { frame, barred } = props;
  const problem = barred ?? props.problem;
  return (
    <Layout frame={frame} title={frame.say(words.formTitle(props.client))}>
      {problem !== undefined && (
        <Notice kind="bad">
          <p class="strong">{problem.title}</p>
          <p>{problem.next}</p>
        </Notice>
      )}
      {barred === undefined && <AskingForm {...props} />}
    </Layout>
  );
}

function AskingForm(props: RequestFormProps): JSX.Element {
  const { frame, csrf, values, errors } = props;
  const { say } = frame;
  const operations = (['read', 'write', 'copy'] as const).map((id) => ({
    id,
    label: say(operationTexts[id]),
  }));
  return (
    <>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.formIntro)}</p>
      <form method="post" action="/requests/new" class="stack" noValidate>
        <Csrf token={csrf} />
        <Hidden values={{ system: props.system }} />
        <Boxes
          name="systems"
          legend={say(fields.systems)}
          errors={errors}
          offer={props.systems}
          chosen={values.systems}
        />
        <Radios
          name="purpose"
          legend={say(fields.purpose)}
          errors={errors}
          offer={props.purposes}
          chosen={values.purpose}
        />
        <Boxes
          name="operations"
          legend={say(words.operations)}
          errors={errors}
          offer={operations}
          chosen={values.operations}
        />
        <DeclaredInputs
          frame={frame}
          values={values}
          errors={errors}
          note={{ label: say(words.why), hint: say(words.noteHint) }}
          minutesHint={say(words.minutesHint)}
        />
        <Input
          name="from"
          label={say(words.from)}
          hint={say(words.askFromHint(props.zone))}
          value={values.from}
          errors={errors}
          type="datetime-local"
        />
        <Input
          name="until"
          label={say(words.until)}
          hint={say(words.untilHint(props.zone))}
          value={values.until}
          errors={errors}
          type="datetime-local"
        />
        <p class="actions">
          <button type="submit">{say(words.send)}</button>
          <a href="/">{say(texts.cancel)}</a>
        </p>
      </form>
    </>
  );
}
