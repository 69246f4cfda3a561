/** The card of one access: who, why, when, and what was done, by kinds of requests. */
import type { JSX } from 'preact';
import { count } from '../../core/history-words.ts';
import type { Language } from '../../core/model.ts';
import { shown } from '../../core/shown.ts';
import type { ReferenceCheck } from '../../core/ticket-check.ts';
import { instant, rfc3339, size } from '../formats.ts';
import type { Card, CardRow } from '../history-cards.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { State, Table } from './parts.tsx';

const words = texts.history;
const { controller } = texts;

/** What is out of the ordinary about an access, in a word; nothing for one that ended as usual. */
export function StoryState({
  frame,
  card,
}: {
  readonly frame: Frame;
  readonly card: Card;
}): JSX.Element | null {
  const { story } = card;
  const { say } = frame;
  if (story.kind === 'refusal') return null;
  return (
    <>
      {story.emergency && (
        <a href={`/emergencies/${story.id}`}>
          <State kind="bad">{say(texts.emergencies.tag)}</State>
        </a>
      )}{' '}
      <EndState frame={frame} card={card} />
    </>
  );
}

function EndState({ frame, card }: { readonly frame: Frame; readonly card: Card }): JSX.Element | null {
  const { story, cause } = card;
  const { say } = frame;
  if (story.endedAt === undefined) return <State kind="good">{say(words.stillOpen)}</State>;
  if (cause === undefined || ['technician', 'robot', 'expired', 'signed-out'].includes(story.cause))
    return null;
  return <State kind="calm">{say(cause)}</State>;
}

export function CardBody(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly card: Card;
  /** How many kinds of requests are shown. */
  readonly most: number;
  /** With when each kind was first and last made. */
  readonly times: boolean;
}): JSX.Element {
  const { frame, zone, card, most, times } = props;
  const { say } = frame;
  const { story, rows } = card;
  const hidden = rows.length - most;
  return (
    <div class="card">
      <Facts frame={frame} zone={zone} card={card} />
      {rows.length > 0 && (
        <Table
          caption={say(words.counted)}
          headers={[
            say(words.counted),
            say(controller.operation),
            say(controller.result),
            say(words.times),
            say(controller.amount),
            ...(times ? [say(words.when)] : []),
          ]}
          rows={rows.slice(0, most).map((row) => ({
            key: row.key,
            kind: row.kind,
            cells: [
              ...cellsOf(frame, row),
              ...(times ? [<When key="when" frame={frame} zone={zone} row={row} />] : []),
            ],
          }))}
        />
      )}
      {hidden > 0 && <p class="quiet">{say(words.moreRows(hidden))}</p>}
      {(card.furniture > 0 || (story.statics ?? 0) > 0) && (
        <p class="quiet">
          {say(words.furniture)}{' '}
          {[
            ...(card.furniture > 0 ? [count('assets', card.furniture, frame.language)] : []),
            ...((story.statics ?? 0) > 0 ? [say(words.furnitureCovered(story.statics ?? 0))] : []),
          ].join(', ')}
        </p>
      )}
    </div>
  );
}

function cellsOf({ say, language }: Frame, row: CardRow): (JSX.Element | string | null)[] {
  const amounts = [
    ...(row.down > 0 ? [say(controller.bytesDown(size(row.down, language)))] : []),
    ...(row.up > 0 ? [say(controller.bytesUp(size(row.up, language)))] : []),
  ];
  return [
    <span key="what">
      {row.what}
      <span class="quiet block">{row.system}</span>
    </span>,
    row.operation === undefined ? null : say(row.operation),
    <State key="result" kind={row.kind}>
      {say(row.result)}
    </State>,
    row.count.toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB'),
    amounts.length === 0 ? null : amounts.join(', '),
  ];
}

function When(props: { readonly frame: Frame; readonly zone: string; readonly row: CardRow }): JSX.Element {
  const { frame, zone, row } = props;
  const { language } = frame;
  return (
    <span>
      <BothTimes at={row.first} zone={zone} language={language} />
      {row.last !== row.first && (
        <span class="block">
          – <BothTimes at={row.last} zone={zone} language={language} />
        </span>
      )}
    </span>
  );
}

function Facts(props: { readonly frame: Frame; readonly zone: string; readonly card: Card }): JSX.Element {
  const { frame, zone, card } = props;
  const { say, language } = frame;
  const { story } = card;
  return (
    <dl class="facts">
      <dt>{say(words.who)}</dt>
      <dd>
        {card.name}
        {card.function !== '' && <span class="quiet"> – {card.function}</span>}
      </dd>
      <dt>{say(controller.systems)}</dt>
      <dd>{card.systems}</dd>
      {story.kind === 'opening' && (
        <>
          <dt>{say(controller.purpose)}</dt>
          <dd>{card.purpose}</dd>
          <dt>{say(words.reference)}</dt>
          <dd>
            {card.reference} {story.corrected && <span class="quiet">({say(words.mended)})</span>}
            <Checked frame={frame} check={story.check} />
          </dd>
        </>
      )}
      {card.note !== '' && (
        <>
          <dt>{say(controller.note)}</dt>
          <dd class="text">{card.note}</dd>
        </>
      )}
      <Said {...props} />
      <dt>{say(words.begun)}</dt>
      <dd>
        <BothTimes at={story.at} zone={zone} language={language} />
        {story.commandLine === true && <span class="quiet"> – {say(texts.commandLine.opened)}</span>}
      </dd>
      {story.kind === 'opening' && (
        <>
          <dt>{say(words.ended)}</dt>
          <dd>
            {story.endedAt === undefined ? (
              say(words.stillOpen)
            ) : (
              <BothTimes at={story.endedAt} zone={zone} language={language} />
            )}
            {card.cause !== undefined && <span class="quiet"> – {say(card.cause)}</span>}
          </dd>
          <dt>{say(words.consent)}</dt>
          <dd>
            <a href={`/agreements/${story.grant}`}>{say(words.consentLink)}</a>
          </dd>
        </>
      )}
    </dl>
  );
}

/** What the person says was done outside, in their words. */
function Said(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly card: Card;
}): JSX.Element | null {
  const { frame, zone, card } = props;
  const { story } = card;
  const { said } = story;
  if (said === undefined || story.endedAt === undefined) return null;
  const { say, language } = frame;
  const { outside } = texts;
  return (
    <>
      <dt>{say(outside.title)}</dt>
      {said === 'owed' ? (
        <dd>
          <State kind="bad">{say(outside.unsaid)}</State>
        </dd>
      ) : (
        <dd>
          <span class="text">{said.text === undefined ? say(words.erased) : shown(said.text, 500)}</span>{' '}
          <span class="quiet">
            ({say(outside.observed)}, <BothTimes at={said.at} zone={zone} language={language} />)
          </span>{' '}
          {said.late && <State kind="calm">{say(outside.late)}</State>}
        </dd>
      )}
    </>
  );
}

/** What the ticket system said about a reference, where it was asked. */
function Checked(props: {
  readonly frame: Frame;
  readonly check: ReferenceCheck | undefined;
}): JSX.Element | null {
  const { frame, check } = props;
  if (check === undefined) return null;
  const said = frame.say(texts.corrections.checks[check]);
  return (
    <span class="block">
      {check === 'ok' ? <span class="quiet">{said}</span> : <State kind="calm">{said}</State>}
    </span>
  );
}

/** Local time with its offset, and UTC: the one is what people remember, the other what stands in the log. */
export function BothTimes(props: {
  readonly at: number;
  readonly zone: string;
  readonly language: Language;
}): JSX.Element {
  const { at, zone, language } = props;
  return (
    <time dateTime={rfc3339(at)}>
      {instant(at, zone, language)} <span class="quiet">({rfc3339(at).slice(11, 19)} UTC)</span>
    </time>
  );
}
