/** One question about an access, or dispute: the form that begins it, and everything that was said. */
import type { JSX } from 'preact';
import { instant, rfc3339 } from '../formats.ts';
import type { StopNotice } from '../memory.ts';
import { texts } from '../texts.ts';
import { ContestedFacts, type ContestFacts, Decide } from './contests.tsx';
import { type Frame, Layout } from './layout.tsx';
import type { MatterCard } from './matters.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Hidden, Input, Notice, State, Time } from './parts.tsx';

const words = texts.matters;
const { technician } = texts;

export interface AccessFacts {
  readonly who: string;
  readonly systems: string;
  readonly purpose: string;
  readonly reference: string;
  readonly openedAt: number;
  readonly zone: string;
}

function Facts({ frame, facts }: { readonly frame: Frame; readonly facts: AccessFacts }): JSX.Element {
  const { say, language } = frame;
  return (
    <>
      <dt>{say(words.who)}</dt>
      <dd>{facts.who}</dd>
      <dt>{say(technician.systems)}</dt>
      <dd>{facts.systems}</dd>
      <dt>{say(technician.purpose)}</dt>
      <dd>{facts.purpose}</dd>
      <dt>{say(technician.reference)}</dt>
      <dd>{facts.reference === '' ? '–' : facts.reference}</dd>
      <dt>{say(words.opened)}</dt>
      <dd>
        <Time at={facts.openedAt} zone={facts.zone} language={language} />
      </dd>
    </>
  );
}

export interface MatterFormProps {
  readonly frame: Frame;
  readonly csrf: string;
  /** Of the question and of the dispute that the forms make. */
  readonly ids: readonly [string, string];
  readonly opening: string;
  readonly facts: AccessFacts;
  readonly mayDispute: boolean;
  /** The dispute that is open about it already. */
  readonly disputed: string | undefined;
  readonly texts: Partial<Record<'question' | 'ground', string>>;
  readonly errors: FieldErrors;
}

export function MatterFormPage(props: MatterFormProps): JSX.Element {
  const { frame, csrf, opening, ids, errors } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.formTitle)}>
      <ErrorSummary errors={errors} say={say} />
      <p class="lead">{say(words.formIntro)}</p>
      <dl class="facts">
        <Facts frame={frame} facts={props.facts} />
      </dl>
      <form method="post" action="/matters/ask" class="panel stack" noValidate>
        <h2>{say(words.askTitle)}</h2>
        <p>{say(words.askIntro)}</p>
        <Csrf token={csrf} />
        <Hidden values={{ id: ids[0], opening }} />
        <Input
          name="question"
          label={say(words.question)}
          hint={say(words.questionHint)}
          value={props.texts.question ?? ''}
          errors={errors}
          maxLength={500}
          long
        />
        <button type="submit">{say(words.askSend)}</button>
      </form>
      <Dispute {...props} />
      <p class="actions">
        <a href={`/history/${opening}`}>{say(words.seeAccess)}</a>
      </p>
    </Layout>
  );
}

function Dispute(props: MatterFormProps): JSX.Element {
  const { frame, csrf, opening, ids, errors, disputed } = props;
  const { say } = frame;
  if (disputed !== undefined)
    return (
      <p>
        <a href={`/matters/${disputed}`}>{say(words.disputedAlready)}</a>
      </p>
    );
  if (!props.mayDispute) return <p class="quiet">{say(words.disputeOthers)}</p>;
  return (
    <form method="post" action="/matters/dispute" class="panel stack" noValidate>
      <h2>{say(words.disputeTitle)}</h2>
      <p>
        {say(words.disputeIntro)} {say(texts.agreements.suspendText)} {say(words.disputeKept)}
      </p>
      <Csrf token={csrf} />
      <Hidden values={{ id: ids[1], opening }} />
      <Input
        name="ground"
        label={say(words.ground)}
        hint={say(words.groundHint)}
        value={props.texts.ground ?? ''}
        errors={errors}
        maxLength={500}
        long
      />
      <button type="submit" class="danger">
        {say(words.disputeSend)}
      </button>
    </form>
  );
}

export interface MatterProps {
  readonly frame: Frame;
  readonly csrf: string;
  /** Of what is said next, and of the outcome. */
  readonly keys: readonly [string, string];
  readonly notice: StopNotice | undefined;
  readonly card: MatterCard;
  /** Somebody of the client reads it. */
  readonly ours: boolean;
  /** The access, for those who may look at it; undefined: the provider, or it is about none. */
  readonly opening: string | undefined;
  /** What is contested; undefined: it is about an access. */
  readonly contested: ContestFacts | undefined;
  /** What the representative chose in a form that could not be taken. */
  readonly decision: string;
  /** Undefined: the access cannot be found any more. */
  readonly facts: AccessFacts | undefined;
  readonly said: readonly {
    readonly id: string;
    readonly by: 'client' | 'provider';
    readonly name: string;
    readonly at: number;
    readonly text: string;
  }[];
  readonly closed: boolean;
  readonly mayClose: boolean;
  readonly texts: Partial<Record<'text' | 'outcome', string>>;
  readonly errors: FieldErrors;
}

export function MatterPage(props: MatterProps): JSX.Element {
  const { frame, card, notice, facts, opening, closed } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.titles[card.what])}>
      <ErrorSummary errors={props.errors} say={say} />
      {notice !== undefined && (
        <Notice kind={notice.recorded ? 'good' : 'bad'}>
          <p>{say(notice.recorded ? words.suspended : words.suspendedUnrecorded)}</p>
        </Notice>
      )}
      <dl class="facts">
        <dt>{say(words.state)}</dt>
        <dd>
          <State kind={card.kind}>{say(card.state)}</State>
        </dd>
        <dt>{say(words.client)}</dt>
        <dd>{card.client}</dd>
        {facts !== undefined && <Facts frame={frame} facts={facts} />}
        {props.contested !== undefined && <ContestedFacts frame={frame} facts={props.contested} />}
      </dl>
      <Said {...props} />
      {!closed && props.contested !== undefined && !props.mayClose && (
        <p>{say(props.ours ? texts.contests.othersDecide : texts.contests.staffWaits)}</p>
      )}
      {!closed && props.mayClose && props.contested !== undefined && <Decision {...props} />}
      {!closed && <Say {...props} />}
      {!closed && props.mayClose && props.contested === undefined && <Close {...props} />}
      <p class="actions">
        <a href="/matters">{say(words.seeAll)}</a>
        {opening !== undefined && <a href={`/history/${opening}`}>{say(words.seeAccess)}</a>}
        {opening !== undefined && card.what === 'dispute' && (
          <a href="/agreements">{say(texts.nav.agreements)}</a>
        )}
      </p>
    </Layout>
  );
}

function Decision(props: MatterProps): JSX.Element {
  return <Decide {...props} token={props.keys[1]} value={props.texts.outcome ?? ''} />;
}

function Said({ frame, said, closed, card }: MatterProps): JSX.Element {
  const { say, language } = frame;
  return (
    <section aria-labelledby="conversation">
      <h2 id="conversation">{say(words.conversation)}</h2>
      <ol class="plainlist">
        {said.map(({ id, by, name, at, text }, index) => (
          <li key={id} class="panel">
            <p>
              {closed && index === said.length - 1 && <State kind="calm">{say(words.outcome)}</State>}{' '}
              <span class="strong">{name}</span> {say(by === 'client' ? words.ofClient : words.ofProvider)}{' '}
              <time class="quiet" dateTime={rfc3339(at)}>
                {instant(at, card.zone, language)}
              </time>
            </p>
            <p class="text">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Say(props: MatterProps): JSX.Element {
  const { frame, csrf, card, keys, errors, ours } = props;
  const { say } = frame;
  return (
    <form method="post" action={`/matters/${card.id}/say`} class="panel stack" noValidate>
      <Csrf token={csrf} />
      <Hidden values={{ key: keys[0] }} />
      <Input
        name="text"
        label={say(ours || card.what === 'contest' ? words.more : words.answer)}
        hint={say(ours ? words.moreHint : words.answerHint)}
        value={props.texts.text ?? ''}
        errors={errors}
        maxLength={500}
        long
      />
      <button type="submit">
        {say(ours || card.what === 'contest' ? words.moreSend : words.answerSend)}
      </button>
    </form>
  );
}

function Close(props: MatterProps): JSX.Element {
  const { frame, csrf, card, keys, errors } = props;
  const { say } = frame;
  return (
    <form method="post" action={`/matters/${card.id}/close`} class="panel stack" noValidate>
      <h2>{say(words.closeTitle)}</h2>
      <p>{say(words.closeIntro)}</p>
      <Csrf token={csrf} />
      <Hidden values={{ key: keys[1] }} />
      <Input
        name="outcome"
        label={say(words.outcome)}
        hint={say(words.outcomeHint)}
        value={props.texts.outcome ?? ''}
        errors={errors}
        maxLength={500}
        long
      />
      <button type="submit">{say(words.closeSend)}</button>
    </form>
  );
}
