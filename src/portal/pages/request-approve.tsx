/** The form by which a request is agreed to, in full or to less; it leads to the text that is signed. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { Boxes } from './choices.tsx';
import { Csrf, Input } from './parts.tsx';
import type { RequestProps } from './requests.tsx';

const words = texts.requests;

/** Everything that was asked is filled in; less is one unfolding away. */
export function Approve({ frame, csrf, card, offer, errors }: RequestProps): JSX.Element {
  const { say } = frame;
  const wrong = ['systems', 'operations', 'minutes', 'from', 'until'].some((name) => errors.has(name));
  return (
    <form method="post" action={`/requests/${card.id}/approve`} class="panel stack" noValidate>
      <Csrf token={csrf} />
      <h2>{say(words.approveTitle)}</h2>
      <p class="quiet">{say(words.approveHint)}</p>
      <details open={wrong}>
        <summary>{say(words.less)}</summary>
        <div class="stack">
          <Boxes
            name="systems"
            legend={say(texts.agreements.systems)}
            errors={errors}
            offer={offer.systems}
            chosen={offer.systems.map(({ id }) => id)}
          />
          <Boxes
            name="operations"
            legend={say(texts.agreements.operations)}
            errors={errors}
            offer={offer.operations}
            chosen={offer.operations.map(({ id }) => id)}
          />
          <Input
            name="minutes"
            label={say(words.minutes)}
            value={String(offer.minutes)}
            errors={errors}
            type="number"
            min={1}
            max={offer.minutes}
          />
          <Input
            name="from"
            label={say(words.from)}
            hint={say(words.fromHint)}
            value=""
            errors={errors}
            type="datetime-local"
          />
          <Input
            name="until"
            label={say(words.end)}
            value={offer.until}
            errors={errors}
            type="datetime-local"
          />
        </div>
      </details>
      <button type="submit">{say(words.approve)}</button>
    </form>
  );
}
