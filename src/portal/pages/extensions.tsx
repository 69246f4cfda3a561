/** More time for a running access: the technician's small form, and the client's one signature. */
import type { JSX } from 'preact';
import type { Ready } from '../signatures.ts';
import { texts } from '../texts.ts';
import { FullText } from './agreements.tsx';
import type { Frame } from './layout.tsx';
import { Csrf, type FieldErrors, Hidden, Input } from './parts.tsx';
import { SignForms } from './sign-forms.tsx';

const words = texts.extensions;

export interface MoreTime {
  /** Whole minutes that the purpose leaves. */
  readonly most: number;
  /** As it was sent, shown again. */
  readonly minutes: string;
  readonly errors: FieldErrors;
  /** Requests for more time that wait for the client. */
  readonly waiting: readonly string[];
}

export function MoreTimeForm(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly opening: { readonly id: string; readonly endsAt: number };
  readonly more: MoreTime;
}): JSX.Element {
  const { frame, csrf, opening, more } = props;
  const { say } = frame;
  return (
    <section class="panel stack" aria-labelledby="more">
      <h2 id="more">{say(words.title)}</h2>
      {more.waiting.map((id) => (
        <p key={id}>
          {say(words.asked)} <a href={`/requests/${id}`}>{say(words.seeRequest)}</a>
        </p>
      ))}
      {more.most === 0 ? (
        <p>{say(words.none)}</p>
      ) : (
        <form method="post" action={`/openings/${opening.id}/extend`} class="stack" noValidate>
          <Csrf token={csrf} />
          <Hidden values={{ from: String(opening.endsAt) }} />
          <Input
            name="minutes"
            label={say(words.minutes)}
            hint={say(words.intro(more.most))}
            value={more.minutes}
            errors={more.errors}
            type="number"
            min={1}
            max={more.most}
          />
          <p class="actions">
            <button type="submit">{say(words.submit)}</button>
          </p>
        </form>
      )}
    </section>
  );
}

export function SignHere(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly minutes: number;
  readonly ready: Ready;
}): JSX.Element {
  const { frame, csrf, minutes, ready } = props;
  const { say } = frame;
  return (
    <section class="stack" aria-labelledby="lengthen">
      <h2 id="lengthen">{say(words.approveTitle(minutes))}</h2>
      <p class="quiet">{say(words.approveHint)}</p>
      <SignForms
        frame={frame}
        csrf={csrf}
        textHash={ready.textHash}
        ways={ready}
        to="/agreements/sign"
        brief
      />
      <details>
        <summary>{say(words.fullText)}</summary>
        <FullText frame={frame} {...ready} />
      </details>
    </section>
  );
}
