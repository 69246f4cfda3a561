/** What a declaration and a request both ask: the reference, the words for the client, and for how long. */
import type { JSX } from 'preact';
import type { Declared } from '../declaration.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { type FieldErrors, Input } from './parts.tsx';

const words = texts.technician;

export function DeclaredInputs(props: {
  readonly frame: Frame;
  readonly values: Pick<Declared, 'reference' | 'note' | 'minutes'>;
  readonly errors: FieldErrors;
  readonly note: { readonly label: string; readonly hint: string };
  readonly minutesHint: string;
  /** Whether a reference is asked for that stands for a ticket yet to come; left out: none can be. */
  readonly call?: boolean | undefined;
  /** `reference`: the keyboard starts there. */
  readonly first?: string | undefined;
}): JSX.Element {
  const { frame, values, errors, note, call } = props;
  const { say } = frame;
  return (
    <>
      <Input
        name="reference"
        label={say(words.reference)}
        hint={say(words.referenceHint)}
        value={values.reference}
        errors={errors}
        maxLength={64}
        first={props.first === 'reference'}
      />
      {call !== undefined && (
        <label class="choice">
          <input type="checkbox" name="call" value="yes" checked={call} />
          <span>
            {say(texts.corrections.call)}
            <span class="hint">{say(texts.corrections.callHint)}</span>
          </span>
        </label>
      )}
      <Input
        name="note"
        label={note.label}
        hint={note.hint}
        value={values.note}
        errors={errors}
        maxLength={500}
        long
      />
      <Input
        name="minutes"
        label={say(words.minutes)}
        hint={props.minutesHint}
        value={values.minutes}
        errors={errors}
        type="number"
        min={1}
        max={1440}
      />
    </>
  );
}
