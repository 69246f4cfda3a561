/** The agreement pages that show: list, full text, confirmation of a change. */
import type { JSX } from 'preact';
import type { GrantStatus, Text } from '../../core/model.ts';
import type { BudgetLeft } from '../budget-left.ts';
import type { Foresight } from '../foresight.ts';
import { duration, firstDay, lastDay, rfc3339 } from '../formats.ts';
import type { StopNotice } from '../memory.ts';
import type { Ways } from '../signatures.ts';
import { grantStatusTexts } from '../texts/everywhere.ts';
import { texts } from '../texts.ts';
import { type ContestNote, ContestNotes } from './contests.tsx';
import { ContractOver } from './contract-over.tsx';
import { CutFacts } from './cut-facts.tsx';
import { Foreseen } from './foreseen.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, Notice, State } from './parts.tsx';
import { SignForms } from './sign-forms.tsx';

const words = texts.agreements;

export interface AgreementCard {
  readonly id: string;
  readonly status: GrantStatus;
  /** Taken back here, and not in the log yet. */
  readonly unrecorded: boolean;
  readonly started: boolean;
  readonly systems: string;
  readonly purposes: string;
  readonly operations: string;
  readonly people: string;
  readonly from: number;
  readonly until: number;
  readonly left: number;
  readonly author: string;
  /** Somebody who gave it was known by mail and code only. */
  readonly unsigned: boolean;
  /** Everybody who signed, first to last; empty: not looked at. */
  readonly signers: readonly string[];
  /** Until when it holds unless another representative signs. */
  readonly confirmBy: number | undefined;
  /** It ends soon and may be renewed. */
  readonly renewable: boolean;
  readonly grantedAt: number;
  readonly zone: string;
  /** What is left in the period that runs; undefined: nothing limits it. */
  readonly budget: BudgetLeft | undefined;
  /** What holds in an emergency, with the counter of the year; undefined: nothing. */
  readonly emergency: Text | undefined;
  /** Of an agreement that is used once. */
  readonly clock: Text | undefined;
}

export function AgreementsPage(props: {
  readonly frame: Frame;
  readonly cards: readonly AgreementCard[];
  /** That the contract is over; undefined: it goes on. */
  readonly over: string | undefined;
  /** The reader may give and change agreements. */
  readonly may: boolean;
  /** Two representatives sign. */
  readonly two: boolean;
  readonly notice: StopNotice | undefined;
}): JSX.Element {
  const { frame, cards, over, may, notice } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      {notice !== undefined && <ChangeResult frame={frame} notice={notice} />}
      <ContractOver frame={frame} over={over} />
      <p class="lead">{say(words.intro)}</p>
      {may && over === undefined && (
        <p class="actions">
          <a class="button" href="/agreements/new">
            {say(words.give)}
          </a>
        </p>
      )}
      {props.two && (
        <p>
          {say(texts.signing.twoNow)} <a href="/signing">{say(texts.signing.tasks.see)}</a>
        </p>
      )}
      {cards.length === 0 ? (
        <p class="empty">{say(words.empty)}</p>
      ) : (
        <ul class="tiles wide spaced">
          {cards.map((card) => (
            <li key={card.id} class="tile">
              <Facts frame={frame} card={card} />
              <p class="actions">
                <a href={`/agreements/${card.id}`}>{say(words.see)}</a>
                {may && card.renewable && (
                  <a href={`/agreements/new?renew=${card.id}`}>{say(texts.signing.renew)}</a>
                )}
                {may && <Changes frame={frame} card={card} over={over} />}
              </p>
            </li>
          ))}
        </ul>
      )}
    </Layout>
  );
}

const plainResults = {
  granted: words.given,
  resumed: words.resumed,
  'granted-first': texts.signing.givenFirst,
  signed: texts.signing.signedSecond,
  'signed-more': texts.signing.signedMore,
} as const;

function ChangeResult({
  frame,
  notice,
}: {
  readonly frame: Frame;
  readonly notice: StopNotice;
}): JSX.Element {
  const { say } = frame;
  const plain = Object.hasOwn(plainResults, notice.kind)
    ? plainResults[notice.kind as keyof typeof plainResults]
    : undefined;
  if (plain !== undefined) {
    return (
      <Notice kind="good">
        <p>{say(plain)}</p>
      </Notice>
    );
  }
  return (
    <Notice kind={notice.recorded ? 'good' : 'bad'}>
      <p class="strong">
        {say(notice.kind === 'suspended' ? words.suspended : words.withdrawn)}{' '}
        {say(words.cutOff(notice.openings))}
      </p>
      <CutFacts frame={frame} notice={notice} />
    </Notice>
  );
}

/** Taking away works also after the end of the contract. */
function Changes(props: {
  readonly frame: Frame;
  readonly card: AgreementCard;
  readonly over: string | undefined;
}): JSX.Element | null {
  const { frame, card, over } = props;
  const { say } = frame;
  if (card.status === 'waiting') return <a href={`/agreements/${card.id}/revoke`}>{say(words.revoke)}</a>;
  if (card.status !== 'active' && card.status !== 'suspended') return null;
  const other = card.status === 'active' ? ('suspend' as const) : ('resume' as const);
  return (
    <>
      {(other === 'suspend' || over === undefined) && (
        <a href={`/agreements/${card.id}/${other}`}>{say(words[other])}</a>
      )}
      <a href={`/agreements/${card.id}/revoke`}>{say(words.revoke)}</a>
    </>
  );
}

function Facts({ frame, card }: { readonly frame: Frame; readonly card: AgreementCard }): JSX.Element {
  const { say, language } = frame;
  const live = card.status === 'active';
  const facts: readonly (readonly [string, JSX.Element | string])[] = [
    [say(words.systems), card.systems],
    [say(words.purposes), card.purposes],
    [say(words.operations), card.operations],
    [say(words.people), card.people],
    ...(card.clock === undefined ? [] : [[say(texts.firstUse.clock), say(card.clock)] as const]),
    ...(card.budget?.left === undefined
      ? []
      : [[say(texts.budgets.left[card.budget.per]), say(card.budget.left)] as const]),
    ...(card.budget?.keep === undefined
      ? []
      : [[say(texts.budgets.keptAtMost), say(card.budget.keep)] as const]),
    ...(card.emergency === undefined ? [] : [[say(texts.emergencies.fact), say(card.emergency)] as const]),
    [
      say(words.from),
      <time key="from" dateTime={rfc3339(card.from)}>
        {firstDay(card.from, card.zone, language)}
      </time>,
    ],
    [
      say(words.until),
      <time key="until" dateTime={rfc3339(card.until)}>
        {lastDay(card.until, card.zone, language)}
      </time>,
    ],
    [say(words.author), card.author],
    ...(card.signers.length > 1 ? [[say(texts.signing.signers), card.signers.join(', ')] as const] : []),
    [
      say(words.givenAt),
      <time key="given" dateTime={rfc3339(card.grantedAt)}>
        {firstDay(card.grantedAt, card.zone, language)}
      </time>,
    ],
  ];
  return (
    <>
      <p>
        <State kind={live ? 'good' : 'calm'}>
          {say(live && !card.started ? words.notStarted : grantStatusTexts[card.status])}
        </State>{' '}
        {live && <span class="quiet">{say(words.left(duration(card.left, language)))}</span>}
      </p>
      {card.unrecorded && <p class="strong">{say(texts.controller.unrecorded)}</p>}
      {card.unsigned && <p class="strong">{say(texts.mailSignIn.unsigned)}</p>}
      {card.status === 'waiting' && <p class="strong">{say(texts.signing.waits)}</p>}
      {card.confirmBy !== undefined && (
        <p class="strong">{say(texts.signing.confirm(lastDay(card.confirmBy, card.zone, language)))}</p>
      )}
      <dl class="facts">
        {facts.flatMap(([term, value]) => [
          <dt key={`t ${term}`}>{term}</dt>,
          <dd key={`d ${term}`}>{value}</dd>,
        ])}
      </dl>
    </>
  );
}

export function AgreementPage(props: {
  readonly frame: Frame;
  readonly card: AgreementCard;
  readonly sentences: readonly string[];
  readonly text: string;
  readonly textHash: string;
  /** What staff of the provider contested about it. */
  readonly contests: readonly ContestNote[];
  readonly over: string | undefined;
  readonly mayChange: boolean;
  readonly csrf: string;
  /** It waits for a signature that the reader may give, or has given. */
  readonly sign: { readonly mine: boolean; readonly ways: Ways; readonly foresight: Foresight } | undefined;
}): JSX.Element {
  const { frame, card, over, mayChange, sign } = props;
  return (
    <Layout frame={frame} title={frame.say(words.fullText)}>
      <ContractOver frame={frame} over={over} />
      <Facts frame={frame} card={card} />
      <ContestNotes frame={frame} notes={props.contests} />
      {sign !== undefined && !sign.mine && <Foreseen frame={frame} foresight={sign.foresight} />}
      <FullText {...props} />
      {sign?.mine === true && <p>{frame.say(texts.signing.signedAlready)}</p>}
      {sign?.mine === false && (
        <section aria-labelledby="sign">
          <h2 id="sign">{frame.say(texts.signing.signTitle)}</h2>
          <SignForms {...props} ways={sign.ways} to="/signing" />
        </section>
      )}
      <p class="actions">
        <a href="/agreements">{frame.say(texts.back)}</a>
        {mayChange && <Changes frame={frame} card={card} over={over} />}
      </p>
    </Layout>
  );
}

export function FullText(props: {
  readonly frame: Frame;
  readonly sentences: readonly string[];
  readonly text: string;
  readonly textHash: string;
}): JSX.Element {
  const { say } = props.frame;
  return (
    <>
      <div class="panel document">
        {props.sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <details>
        <summary>{say(words.machine)}</summary>
        <pre>{props.text}</pre>
      </details>
      <dl class="facts">
        <dt>{say(words.hash)}</dt>
        <dd>
          <code>{props.textHash}</code>
        </dd>
      </dl>
    </>
  );
}

export function ConfirmPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly card: AgreementCard;
  readonly change: 'revoke' | 'suspend' | 'resume';
  readonly title: string;
  readonly text: string;
  /** What changed, for an agreement that rests because of it: one sentence a line. */
  readonly rest?: string | undefined;
  /** What staff of the provider contested about it; it is resumed once all of that is answered. */
  readonly contests: readonly ContestNote[];
  readonly act: string;
}): JSX.Element {
  const { frame, csrf, card, change, contests } = props;
  const unanswered = contests.some(({ open }) => open);
  return (
    <Layout frame={frame} title={props.title}>
      <p class="lead">{props.text}</p>
      {props.rest !== undefined && props.rest !== '' && (
        <ul class="panel">
          {props.rest.split('\n').map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <div class="panel">
        <Facts frame={frame} card={card} />
      </div>
      <ContestNotes frame={frame} notes={contests} />
      {unanswered ? (
        <p>{frame.say(texts.contests.answerFirst)}</p>
      ) : (
        <form method="post" action={`/agreements/${card.id}/${change}`} class="actions">
          <Csrf token={csrf} />
          <button type="submit" class={change === 'resume' ? undefined : 'danger'}>
            {props.act}
          </button>
          <a href="/agreements">{frame.say(texts.cancel)}</a>
        </form>
      )}
    </Layout>
  );
}
