/** One access alone: its sentence, its card, every request of it page by page, and how its line is checked. */
import type { JSX } from 'preact';
import { count } from '../../core/history-words.ts';
import type { Text } from '../../core/model.ts';
import { shown } from '../../core/shown.ts';
import type { Row } from '../activity-rows.ts';
import type { CopyRow } from '../copy-rows.ts';
import { size } from '../formats.ts';
import type { Card } from '../history-cards.ts';
import { texts } from '../texts.ts';
import { CopiesLeft } from './copies-here.tsx';
import { type Frame, Layout } from './layout.tsx';
import { type MatterCard, MattersAbout } from './matters.tsx';
import { State, Table } from './parts.tsx';
import { Behind, Unnoted } from './reading.tsx';
import { BothTimes, CardBody, StoryState } from './story-card.tsx';

const words = texts.history;
const { controller } = texts;

export interface StoryProps {
  readonly frame: Frame;
  readonly zone: string;
  readonly noted: boolean;
  readonly card: Card;
  readonly proof: { readonly hash: string; readonly size: number };
  readonly behind: number | undefined;
  readonly rows: readonly Row[];
  /** Keys of rows that are scripts, styles or images. */
  readonly assets: ReadonlySet<string>;
  readonly paged: boolean;
  /** What was asked about it; undefined: it is no access. */
  readonly matters: readonly MatterCard[] | undefined;
  readonly next: string | undefined;
  /** Copies that left in it. */
  readonly copies: readonly CopyRow[];
}

export function StoryPage(props: StoryProps): JSX.Element {
  const { frame, card, zone, behind } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.storyTitle)}>
      <Unnoted frame={frame} noted={props.noted} />
      <Behind frame={frame} zone={zone} behind={behind} />
      <p class="lead">
        {card.sentence} <StoryState frame={frame} card={card} />
      </p>
      <section class="panel" aria-labelledby="counted">
        <h2 id="counted">{say(words.counted)}</h2>
        <CardBody frame={frame} zone={zone} card={card} most={200} times />
      </section>
      <CopiesLeft frame={frame} zone={zone} copies={props.copies} />
      <Requests {...props} />
      {props.matters !== undefined && (
        <MattersAbout frame={frame} opening={card.story.id} cards={props.matters} />
      )}
      <Proof {...props} />
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

/** Scripts, styles and images that follow one another are one row. */
function folded(rows: readonly Row[], assets: ReadonlySet<string>): readonly (Row & { folded: number })[] {
  const shownRows: (Row & { folded: number })[] = [];
  for (const row of rows) {
    const last = shownRows.at(-1);
    if (!assets.has(row.key)) shownRows.push({ ...row, folded: 0 });
    else if (last === undefined || last.folded === 0) shownRows.push({ ...row, folded: 1 });
    else
      shownRows[shownRows.length - 1] = {
        ...last,
        folded: last.folded + 1,
        up: last.up + row.up,
        down: last.down + row.down,
      };
  }
  return shownRows;
}

function Requests(props: StoryProps): JSX.Element {
  const { frame, card, rows, assets, paged, next, zone } = props;
  const { say, language } = frame;
  const speak = (text: Text | string): string => shown(typeof text === 'string' ? text : say(text), 100);
  const headers = [words.when, controller.what, controller.operation, controller.result, controller.amount];
  return (
    <section aria-labelledby="requests">
      <h2 id="requests">{say(words.requests)}</h2>
      <Table
        caption={say(words.requests)}
        headers={headers.map(say)}
        none={say(paged ? words.noMore : words.noRequests)}
        rows={folded(rows, assets).map((row) => ({
          key: row.key,
          kind: row.kind,
          cells: [
            <BothTimes key="when" at={row.at} zone={zone} language={language} />,
            <span key="what">
              {row.folded > 0 ? count('assets', row.folded, language) : speak(row.what)}
              <span class="quiet block">{speak(row.system)}</span>
              {row.change !== undefined && (
                <span class="quiet block text">{shown(say(row.change), 500)}</span>
              )}
            </span>,
            row.operation === undefined ? null : say(row.operation),
            <State key="result" kind={row.kind}>
              {say(row.result)}
            </State>,
            row.up + row.down === 0
              ? null
              : [
                  ...(row.down > 0 ? [say(controller.bytesDown(size(row.down, language)))] : []),
                  ...(row.up > 0 ? [say(controller.bytesUp(size(row.up, language)))] : []),
                ].join(', '),
          ],
        }))}
      />
      <p class="actions">
        {paged && <a href={`/history/${card.story.id}`}>{say(words.first)}</a>}
        {next !== undefined && <a href={next}>{say(words.further)}</a>}
      </p>
    </section>
  );
}

function Proof({ frame, card, proof }: StoryProps): JSX.Element {
  const { say, language } = frame;
  const { story } = card;
  return (
    <section class="panel" aria-labelledby="proof">
      <h2 id="proof">{say(words.proof)}</h2>
      <p>{say(words.proofIntro)}</p>
      <dl class="facts">
        <dt>{say(words.log)}</dt>
        <dd>
          <code>{story.origin}</code>
        </dd>
        <dt>{say(words.line)}</dt>
        <dd>
          <code>{story.index}</code>
        </dd>
        <dt>{say(words.lineHash)}</dt>
        <dd>
          <code>{proof.hash}</code>
        </dd>
        <dt>{say(words.lines)}</dt>
        <dd>{proof.size.toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB')}</dd>
      </dl>
      <p>
        {say(words.proofHow)} <code>{story.index}</code>.
      </p>
      <p>
        <a href="/verify">{say(words.proofLink)}</a>
      </p>
    </section>
  );
}
