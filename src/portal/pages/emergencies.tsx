/** One emergency: who came in, why, what it says of its review, and the form by which the client gives it. */
import type { JSX } from 'preact';
import { type ReviewOutcome, reviewOutcomes } from '../../core/emergency.ts';
import { texts } from '../texts.ts';
import { Radios } from './choices.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Input, Notice, State } from './parts.tsx';

const words = texts.emergencies;

export interface EmergencyCard {
  /** The access. */
  readonly id: string;
  readonly text: string;
  readonly purpose: string;
  readonly systems: string;
  readonly reference: string;
  readonly reason: string;
  readonly grant: string;
  readonly due: string;
  readonly review:
    | { readonly outcome: ReviewOutcome; readonly note: string; readonly by: string }
    | undefined;
}

export interface EmergencyProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly card: EmergencyCard;
  readonly mayReview: boolean;
  readonly values: { readonly outcome: string; readonly note: string };
  readonly errors: FieldErrors;
}

export function EmergencyPage(props: EmergencyProps): JSX.Element {
  const { frame, card, errors } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{card.text}</p>
      <dl class="facts">
        <dt>{say(texts.controller.purpose)}</dt>
        <dd>{card.purpose}</dd>
        <dt>{say(texts.controller.systems)}</dt>
        <dd>{card.systems}</dd>
        <dt>{say(texts.history.reference)}</dt>
        <dd>{card.reference}</dd>
        <dt>{say(words.reason)}</dt>
        <dd class="text">{card.reason}</dd>
      </dl>
      <p class="actions">
        <a href={`/history/${card.id}`}>{say(words.story)}</a>
        <a href={`/agreements/${card.grant}`}>{say(texts.history.consentLink)}</a>
      </p>
      <section aria-labelledby="review">
        <h2 id="review">{say(words.reviewTitle)}</h2>
        {card.review === undefined ? <Waiting {...props} /> : <Reviewed frame={frame} review={card.review} />}
      </section>
    </Layout>
  );
}

function Reviewed(props: {
  readonly frame: Frame;
  readonly review: NonNullable<EmergencyCard['review']>;
}): JSX.Element {
  const { frame, review } = props;
  return (
    <>
      <p>
        <State kind={review.outcome === 'in_order' ? 'good' : 'bad'}>
          {frame.say(words.outcomes[review.outcome])}
        </State>{' '}
        <span class="quiet">{review.by}</span>
      </p>
      {review.note !== '' && <p class="text">{review.note}</p>}
    </>
  );
}

function Waiting({ frame, csrf, card, mayReview, values, errors }: EmergencyProps): JSX.Element {
  const { say } = frame;
  return (
    <>
      <Notice kind="bad">
        <p>{card.due}</p>
        {!mayReview && <p>{say(words.waits)}</p>}
      </Notice>
      {mayReview && (
        <form method="post" action={`/emergencies/${card.id}/review`} class="stack" noValidate>
          <Csrf token={csrf} />
          <p>{say(words.reviewIntro)}</p>
          <Radios
            name="outcome"
            legend={say(words.outcome)}
            offer={reviewOutcomes.map((id) => ({ id, label: say(words.outcomes[id]) }))}
            chosen={values.outcome}
            errors={errors}
          />
          <Input
            name="note"
            label={say(words.note)}
            hint={say(words.noteHint)}
            value={values.note}
            errors={errors}
            maxLength={500}
            long
          />
          <p class="actions">
            <button type="submit">{say(words.review)}</button>
          </p>
        </form>
      )}
    </>
  );
}
