/** The companion page of one access: what was declared, how long it still lasts, close it now. */
import type { JSX } from 'preact';
import type { MatterWhat } from '../../core/matters.ts';
import type { Opening } from '../../core/model.ts';
import type { Mending } from '../corrections.tsx';
import { duration, instant, rfc3339 } from '../formats.ts';
import type { KeepForm } from '../keeping-copies.ts';
import type { StopNotice } from '../memory.ts';
import type { OtherPurpose } from '../other-purposes.ts';
import type { Saying } from '../outside.ts';
import { texts } from '../texts.ts';
import { CopiesHere, KeepCopies } from './copies-here.tsx';
import { type MoreTime, MoreTimeForm } from './extensions.tsx';
import { type Frame, Layout } from './layout.tsx';
import { MoreMinutes, Others } from './open-acts.tsx';
import { SaidInput, SaidOutside } from './outside.tsx';
import { Csrf, ErrorSummary, Input, Notice, State, Time } from './parts.tsx';
import { ToolForm } from './tool.tsx';

const words = texts.technician;

/** Minutes by which one click lengthens an access, where the purpose leaves as many. */
export const oneClick = 30;

export interface OpeningProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly client: string;
  readonly zone: string;
  /** The pseudonym by which the client reads the technician; undefined: it reads the name. */
  readonly shownAs: string | undefined;
  readonly now: number;
  readonly opening: Opening;
  readonly purpose: string;
  readonly systems: readonly { readonly name: string; readonly address: string | undefined }[];
  readonly ended: boolean;
  /** For what else it could go on under the same reference. */
  readonly others: readonly OtherPurpose[];
  /** What the ticket may say, once it has ended. */
  readonly summary: string | undefined;
  /** Whether the ticket can be told it here. */
  readonly postable: boolean;
  readonly cause: string | undefined;
  readonly notice: StopNotice | undefined;
  /** The form for more time; undefined: the access has ended. */
  readonly more: MoreTime | undefined;
  /** What the form that mends reference and note shows; undefined: it is too late for it. */
  readonly mending: Mending | undefined;
  /** Whether the client asks about it or disputes it. */
  readonly asked: Exclude<MatterWhat, 'contest'> | undefined;
  /** What the form for what was done outside shows. */
  readonly saying: Saying;
  /** Its copies, and what the form for where they are shows. */
  readonly keeping: KeepForm;
}

export function OpeningPage(props: OpeningProps): JSX.Element {
  const { frame, opening, zone, ended, notice, csrf } = props;
  const { say, language } = frame;
  return (
    <Layout frame={frame} title={say(words.openingTitle)}>
      {notice !== undefined && <Told notice={notice} frame={frame} />}
      {props.asked !== undefined && (
        <Notice kind="calm">
          <p>{say(texts.matters.technician[props.asked])}</p>
        </Notice>
      )}
      {props.more !== undefined && <ErrorSummary errors={props.more.errors} say={say} />}
      {props.mending !== undefined && <ErrorSummary errors={props.mending.errors} say={say} />}
      <ErrorSummary errors={props.saying.errors} say={say} />
      <ErrorSummary errors={props.keeping.errors} say={say} />
      <p class="lead">
        {ended ? (
          <State kind="calm">{say(words.openingEnded)}</State>
        ) : (
          <>
            <State kind="good">{say(words.openingLive)}</State>{' '}
            <span data-until={rfc3339(opening.endsAt)} data-now={rfc3339(props.now)}>
              {say(words.openingLeft(duration(opening.endsAt - props.now, language)))}
            </span>
          </>
        )}{' '}
        {props.cause}
      </p>
      {!ended && <Soon {...props} />}
      {!ended && <Acts {...props} />}
      <SaidOutside {...props} />
      <KeepCopies {...props} />
      {props.summary !== undefined && <Summary {...props} text={props.summary} />}
      <dl class="facts">
        <dt>{say(words.client)}</dt>
        <dd>{props.client}</dd>
        {props.shownAs !== undefined && (
          <>
            <dt>{say(words.shownAs)}</dt>
            <dd>{props.shownAs}</dd>
          </>
        )}
        <dt>{say(words.systems)}</dt>
        <dd>
          <ul class="plainlist">
            {props.systems.map((system) => (
              <li key={system.name}>
                {ended || system.address === undefined ? (
                  system.name
                ) : (
                  <a href={system.address}>{system.name}</a>
                )}
              </li>
            ))}
          </ul>
        </dd>
        <dt>{say(words.purpose)}</dt>
        <dd>{props.purpose}</dd>
        <dt>{say(words.reference)}</dt>
        <dd>
          {opening.reference}
          <Owed {...props} />
        </dd>
        {opening.note !== '' && (
          <>
            <dt>{say(words.note)}</dt>
            <dd class="text">{opening.note}</dd>
          </>
        )}
        <dt>{say(words.opened)}</dt>
        <dd>
          <Time at={opening.openedAt} zone={zone} language={language} />
        </dd>
        <dt>{say(words.ends)}</dt>
        <dd>
          <Time at={opening.endedAt ?? opening.endsAt} zone={zone} language={language} />
        </dd>
      </dl>
      {props.more !== undefined && (
        <MoreTimeForm frame={frame} csrf={csrf} opening={opening} more={props.more} />
      )}
      {!ended && props.systems.some(({ address }) => address !== undefined) && (
        <ToolForm frame={frame} csrf={csrf} opening={opening.id} />
      )}
      <Mend {...props} />
      <p class="actions">
        <a href={`/contests/new?client=${opening.client}&grant=${opening.grant}`}>
          {say(texts.contests.link)}
        </a>
      </p>
      <CopiesHere {...props} />
    </Layout>
  );
}

/** What is wanted most while it runs: more time, its end, another purpose. */
function Acts(props: OpeningProps): JSX.Element {
  const { frame, csrf, opening, more, others } = props;
  return (
    <>
      <div class="actions">
        <MoreMinutes
          frame={frame}
          csrf={csrf}
          opening={{ ...opening, more: Math.min(oneClick, more?.most ?? 0) }}
          from="page"
        />
        {opening.said === undefined && <CloseNow {...props} />}
      </div>
      {opening.said !== undefined && <CloseNow {...props} />}
      <Others frame={frame} csrf={csrf} opening={{ id: opening.id, others }} />
    </>
  );
}

/** One button; where something is outside, with the line on what was done. */
function CloseNow({ frame, csrf, opening, saying }: OpeningProps): JSX.Element {
  const { say } = frame;
  const outside = opening.said !== undefined;
  return (
    <form
      method="post"
      action={`/openings/${opening.id}/close`}
      class={outside ? 'panel stack' : undefined}
      noValidate
    >
      <Csrf token={csrf} />
      {outside && <SaidInput frame={frame} saying={saying} hint={say(texts.outside.closeHint)} />}
      <button type="submit" class="danger">
        {say(words.close)}
      </button>
    </form>
  );
}

/** Minutes before the end at which it is said. */
const notices = [1, 5, 10] as const;

/**
 * Says that the end is near: here for whoever opens the page late, and by a script at each of the times, aloud and in the
 * title of the page.
 */
function Soon({ frame, opening, now }: OpeningProps): JSX.Element {
  const left = Math.max(1, Math.ceil((opening.endsAt - now) / 60_000));
  const said = Object.fromEntries(notices.map((one) => [`data-at-${one}`, frame.say(texts.desk.soon(one))]));
  return (
    <div id="soon" role="alert" {...said}>
      {left <= Math.max(...notices) && <p class="notice bad">{frame.say(texts.desk.soon(left))}</p>}
    </div>
  );
}

function Summary(props: OpeningProps & { readonly text: string }): JSX.Element {
  const { frame, text } = props;
  const { say } = frame;
  const { title, hint } = texts.desk.summary;
  return (
    <section class="panel" aria-labelledby="ticket">
      <h2 id="ticket">{say(title)}</h2>
      <p>{say(hint)}</p>
      <pre id="summary">{text}</pre>
      <button type="button" data-copy="summary" data-copied={say(texts.controller.copied)} hidden>
        {say(texts.controller.copy)}
      </button>
      {props.postable && (
        <form method="post" action={`/openings/${props.opening.id}/summary`}>
          <Csrf token={props.csrf} />
          <button type="submit">{say(texts.desk.summary.post)}</button>
        </form>
      )}
    </section>
  );
}

const done = {
  said: texts.outside.done,
  copies: texts.copies.recorded,
  corrected: texts.corrections.done,
  extended: texts.extensions.done,
  'summary-sent': texts.desk.summary.sent,
  'summary-failed': texts.desk.summary.failed,
} as const;

export function Told({ notice, frame }: { readonly notice: StopNotice; readonly frame: Frame }): JSX.Element {
  const closed = notice.recorded ? words.closed : words.closedUnrecorded;
  return (
    <Notice kind={notice.recorded ? 'good' : 'bad'}>
      <p>{frame.say(done[notice.kind as keyof typeof done] ?? closed)}</p>
    </Notice>
  );
}

function Owed({ frame, opening, zone, now }: OpeningProps): JSX.Element | null {
  const { referenceDue: due } = opening;
  if (due === undefined) return null;
  const when = instant(due, zone, frame.language);
  const { owed, overdue } = texts.corrections;
  return <p class={due < now ? 'error' : 'quiet'}>{frame.say(due < now ? overdue(when) : owed(when))}</p>;
}

function Mend({ frame, csrf, opening, mending }: OpeningProps): JSX.Element | null {
  if (mending === undefined) return null;
  const { say } = frame;
  const { reference, note, errors } = mending;
  return (
    <form method="post" action={`/openings/${opening.id}/correct`} class="panel stack" noValidate>
      <h2>{say(texts.corrections.title)}</h2>
      <p>{say(texts.corrections.intro)}</p>
      <Csrf token={csrf} />
      <Input
        name="reference"
        label={say(words.reference)}
        hint={say(words.referenceHint)}
        value={reference}
        errors={errors}
        maxLength={64}
      />
      <Input
        name="note"
        label={say(words.note)}
        hint={say(words.noteHint)}
        value={note}
        errors={errors}
        maxLength={500}
        long
      />
      <p class="actions">
        <button type="submit">{say(texts.corrections.submit)}</button>
      </p>
    </form>
  );
}
