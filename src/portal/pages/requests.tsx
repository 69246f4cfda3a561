/** Requests: the list of one side, and one request with its conversation and what the reader may do about it. */
import type { JSX } from 'preact';
import type { RequestStatus, Said } from '../../core/requests.ts';
import { duration, instant, lastDay, rfc3339 } from '../formats.ts';
import type { Ready } from '../signatures.ts';
import { texts } from '../texts.ts';
import { CallWhom, type Contacts } from './call-whom.tsx';
import { ContractOver } from './contract-over.tsx';
import { SignHere } from './extensions.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Input, Notice, State, Time } from './parts.tsx';
import { Approve } from './request-approve.tsx';

const words = texts.requests;

export interface RequestCard {
  readonly id: string;
  readonly status: RequestStatus;
  readonly client: string;
  readonly zone: string;
  readonly person: string;
  readonly function: string;
  readonly systems: string;
  readonly purpose: string;
  readonly operations: string;
  readonly reference: string;
  readonly note: string;
  /** The running access that it is to lengthen. */
  readonly opening: string | undefined;
  readonly minutes: number;
  readonly from: number | undefined;
  readonly until: number;
  readonly raisedAt: number;
  readonly reminders: { readonly sent: number; readonly most: number };
  /** How long each side was waited for so far, milliseconds. */
  readonly waited: { readonly client: number; readonly technician: number };
  readonly waitedMs: number;
  readonly leftMs: number;
  readonly grant: string | undefined;
}

export function RequestsPage(props: {
  readonly frame: Frame;
  /** A technician's own, or those to the client. */
  readonly own: boolean;
  readonly cards: readonly RequestCard[];
}): JSX.Element {
  const { frame, own, cards } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(own ? words.mine : words.received)}>
      <p class="lead">{say(own ? words.mineIntro : words.receivedIntro)}</p>
      {cards.length === 0 ? (
        <p class="empty">{say(own ? words.mineEmpty : words.receivedEmpty)}</p>
      ) : (
        <ul class="tiles wide">
          {cards.map((card) => (
            <RequestTile key={card.id} frame={frame} card={card} own={own} heading="h2" />
          ))}
        </ul>
      )}
    </Layout>
  );
}

/** One request in a list. */
export function RequestTile(props: {
  readonly frame: Frame;
  readonly card: RequestCard;
  readonly own: boolean;
  readonly heading: 'h2' | 'h3';
}): JSX.Element {
  const { frame, card, own, heading: Heading } = props;
  const { say } = frame;
  const answerable = !own && card.status === 'raised';
  return (
    <li class="tile">
      <Heading>{own ? card.client : card.person}</Heading>
      <p>
        <StateOf frame={frame} card={card} />
      </p>
      <p>
        {card.opening !== undefined && `${say(texts.extensions.kind)}: `}
        {card.purpose} – {card.systems}
        <span class="quiet block">{card.reference}</span>
      </p>
      <p class="actions">
        <a class={answerable ? 'button' : undefined} href={`/requests/${card.id}`}>
          {say(answerable ? words.look : words.details)}
          <span class="unseen">
            {' '}
            – {card.person}, {card.reference}
          </span>
        </a>
      </p>
    </li>
  );
}

function StateOf({ frame, card }: { readonly frame: Frame; readonly card: RequestCard }): JSX.Element {
  const { say, language } = frame;
  const waits = card.status === 'raised' || card.status === 'more_info';
  const kind = card.status === 'approved' ? 'good' : card.status === 'refused' ? 'bad' : 'calm';
  return (
    <>
      <State kind={kind}>{say(words.states[card.status])}</State>{' '}
      {waits && (
        <span class="quiet">
          {say(words.waiting(duration(card.waitedMs, language)))}
          {language === 'fr' ? '\u202f; ' : '; '}
          {say(words.lapsesIn(duration(card.leftMs, language)))}
        </span>
      )}
    </>
  );
}

export interface RequestProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly own: boolean;
  readonly card: RequestCard;
  readonly zone: string;
  readonly said: readonly Said[];
  /** That the contract is over; undefined: it goes on. */
  readonly ended: string | undefined;
  /** What the reader may do about it now. */
  readonly turn: {
    readonly answer: boolean;
    readonly remind: boolean;
    readonly ask: boolean;
    readonly refuse: boolean;
    readonly approve: boolean;
  };
  readonly offer: {
    readonly systems: readonly { readonly id: string; readonly label: string }[];
    readonly operations: readonly { readonly id: string; readonly label: string }[];
    readonly minutes: number;
    readonly until: string;
  };
  /** The text that one signature agrees to, when it is more time for a running access. */
  readonly ready: Ready | undefined;
  /** A representative must decide; whoever looks is a delegate. */
  readonly others: boolean;
  /** Where to declare what was agreed to. */
  readonly declare: string | undefined;
  /** Whom the technician calls while nobody answers. */
  readonly callWhom: Contacts | undefined;
  /** One representative agreed, and a second one must. */
  readonly waits: boolean;
  /** It was agreed to, and that is over. */
  readonly over: boolean;
  readonly errors: FieldErrors;
  /** Free texts as they were sent, shown again. */
  readonly texts: Readonly<Record<string, string>>;
}

export function RequestPage(props: RequestProps): JSX.Element {
  const { frame, own, card, turn, declare } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title(card.person))}>
      <ErrorSummary errors={props.errors} say={say} />
      <p class="lead">
        <StateOf frame={frame} card={card} />
      </p>
      {own && props.ended !== undefined && (
        <Notice kind="calm">
          <p class="strong">{props.ended}</p>
          <p>{say(texts.contractOver.technician)}</p>
        </Notice>
      )}
      {!own && <ContractOver frame={frame} over={props.ended} />}
      {declare !== undefined && (
        <Notice kind="good">
          <p>{say(words.agreedText)}</p>
          <p class="actions">
            <a class="button" href={declare}>
              {say(words.declareNow)}
            </a>
          </p>
        </Notice>
      )}
      {own && card.opening !== undefined && card.status === 'approved' && !props.waits && (
        <Notice kind="good">
          <p>{say(texts.extensions.agreed)}</p>
          <p class="actions">
            <a href={`/openings/${card.opening}`}>{say(texts.technician.openingTitle)}</a>
          </p>
        </Notice>
      )}
      {props.waits && (
        <Notice kind="calm">
          <p>{say(texts.signing.requestWaits)}</p>
        </Notice>
      )}
      {props.over && (
        <Notice kind="calm">
          <p>{say(words.over)}</p>
        </Notice>
      )}
      <RequestFacts frame={frame} card={card} />
      <Conversation {...props} />
      {props.others && (
        <Notice kind="calm">
          <p>{say(texts.frames.representative)}</p>
        </Notice>
      )}
      {turn.approve && <Approve {...props} />}
      {props.ready !== undefined && (
        <SignHere frame={frame} csrf={props.csrf} minutes={card.minutes} ready={props.ready} />
      )}
      {props.callWhom !== undefined && <CallWhom frame={frame} callWhom={props.callWhom} />}
      {turn.answer && <SayForm {...props} act="answer" name="text" />}
      {turn.remind && <SayForm {...props} act="remind" name="text" />}
      {turn.ask && <SayForm {...props} act="ask" name="text" />}
      {turn.refuse && <SayForm {...props} act="refuse" name="reason" />}
      <p class="actions">
        <a href="/requests">{say(own ? words.mine : words.received)}</a>
        {own && <a href="/contests/new">{say(texts.contests.link)}</a>}
        {!own && card.grant !== undefined && (
          <a href={`/agreements/${card.grant}`}>{say(words.seeAgreement)}</a>
        )}
      </p>
    </Layout>
  );
}

/** Who, what, why and for how long first, in a few lines also on a phone; the rest of the case after it. */
function RequestFacts({ frame, card }: { readonly frame: Frame; readonly card: RequestCard }): JSX.Element {
  const { say, language } = frame;
  const length =
    card.opening === undefined
      ? words.length(card.minutes, lastDay(card.until, card.zone, language))
      : texts.extensions.length(card.minutes, instant(card.until, card.zone, language));
  return (
    <>
      <dl class="facts gist">
        <div>
          <dt>{say(words.who)}</dt>
          <dd>{card.person}</dd>
        </div>
        <div>
          <dt>{say(words.what)}</dt>
          <dd>
            {card.operations} – {card.systems} – {card.purpose}
          </dd>
        </div>
        <div>
          <dt>{say(words.why)}</dt>
          <dd class="text">{card.note === '' ? '–' : card.note}</dd>
        </div>
        <div>
          <dt>{say(words.howLong)}</dt>
          <dd>
            {say(length)}
            {card.from !== undefined && say(words.notBefore(instant(card.from, card.zone, language)))}
          </dd>
        </div>
      </dl>
      <CaseFacts frame={frame} card={card} />
    </>
  );
}

function CaseFacts({ frame, card }: { readonly frame: Frame; readonly card: RequestCard }): JSX.Element {
  const { say, language } = frame;
  return (
    <dl class="facts">
      <dt>{say(texts.people.job)}</dt>
      <dd>{card.function}</dd>
      <dt>{say(words.reference)}</dt>
      <dd>{card.reference === '' ? '–' : card.reference}</dd>
      <dt>{say(words.client)}</dt>
      <dd>{card.client}</dd>
      <dt>{say(words.raised)}</dt>
      <dd>
        <Time at={card.raisedAt} zone={card.zone} language={language} />
      </dd>
      <dt>{say(words.waited)}</dt>
      <dd>
        {say(
          words.waitedFor(duration(card.waited.client, language), duration(card.waited.technician, language)),
        )}
      </dd>
      {card.reminders.sent > 0 && (
        <>
          <dt>{say(words.reminders)}</dt>
          <dd>{say(words.remindersOf(card.reminders.sent, card.reminders.most))}</dd>
        </>
      )}
    </dl>
  );
}

function Conversation({ frame, said, zone }: RequestProps): JSX.Element | null {
  const { say, language } = frame;
  if (said.length === 0) return null;
  return (
    <section aria-labelledby="conversation">
      <h2 id="conversation">{say(words.conversation)}</h2>
      <ol class="plainlist">
        {said.map((one) => (
          <li key={`${one.at} ${one.say}`} class="panel">
            <p>
              <span class="strong">{one.by}</span> {say(words.says[one.say])}{' '}
              <time class="quiet" dateTime={rfc3339(one.at)}>
                {instant(one.at, zone, language)}
              </time>
            </p>
            {one.text !== '' && <p class="text">{one.text}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}

const forms = {
  answer: { label: words.answer, hint: words.answerHint, send: words.sendAnswer },
  remind: { label: words.word, hint: words.wordHint, send: words.remind },
  ask: { label: words.question, hint: words.questionHint, send: words.askBack },
  refuse: { label: words.reason, hint: words.reasonHint, send: words.refuse },
} as const;

function SayForm(
  props: RequestProps & { readonly act: keyof typeof forms; readonly name: 'text' | 'reason' },
): JSX.Element {
  const { frame, csrf, card, act, name } = props;
  const { say } = frame;
  const form = forms[act];
  return (
    <form method="post" action={`/requests/${card.id}/${act}`} class="panel stack" noValidate>
      <Csrf token={csrf} />
      <Input
        name={name}
        label={say(form.label)}
        hint={say(form.hint)}
        value={props.texts[name] ?? ''}
        errors={props.errors}
        maxLength={500}
        long
      />
      <button type="submit" class={act === 'refuse' ? 'danger' : undefined}>
        {say(form.send)}
      </button>
    </form>
  );
}
