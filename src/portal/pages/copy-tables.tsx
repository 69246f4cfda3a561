/** Tables of copies: those that are there, and those that are gone. */
import type { JSX } from 'preact';
import type { CopyRow } from '../copy-rows.ts';
import { lastDay } from '../formats.ts';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { State, Table, Time } from './parts.tsx';

const words = texts.copies;
const kinds = {
  kept: 'good',
  unanswered: 'calm',
  overdue: 'bad',
  destroyed: 'calm',
  returned: 'calm',
  nothing: 'calm',
} as const;

function What({ row, frame }: { readonly row: CopyRow; readonly frame: Frame }): JSX.Element {
  const { say } = frame;
  return (
    <div>
      {row.what} <span class="quiet">({row.facts})</span>
      <details>
        <summary>{say(words.digest)}</summary>
        <code>{row.digest ?? say(words.noDigest)}</code>
      </details>
    </div>
  );
}

interface Shown {
  readonly frame: Frame;
  readonly zone: string;
  readonly rows: readonly CopyRow[];
  readonly accessAt: string | undefined;
}

/** Headings of the cells with which each row begins. */
const first = [words.what, words.system, words.taken, words.access] as const;

function firstCells({ frame, zone, accessAt }: Shown, row: CopyRow) {
  return [
    <What key="what" row={row} frame={frame} />,
    row.system,
    <Time key="taken" at={row.taken} zone={zone} language={frame.language} />,
    accessAt === undefined ? row.reference : <a href={`${accessAt}/${row.opening}`}>{row.reference}</a>,
  ];
}

export function There(props: Shown & { readonly caption: string }): JSX.Element {
  const { frame, zone, rows } = props;
  const { say, language } = frame;
  return (
    <Table
      caption={props.caption}
      headers={[...first, words.destroyBy, words.kept, words.state].map(say)}
      rows={rows.map((row) => ({
        key: row.id,
        cells: [
          ...firstCells(props, row),
          lastDay(row.destroyBy, zone, language),
          row.kept === undefined ? say(words.notSaid) : `${row.kept.place} – ${row.kept.custodian}`,
          <State key="state" kind={kinds[row.state]}>
            {say(words.states[row.state])}
          </State>,
        ],
      }))}
    />
  );
}

export function Gone(props: Shown): JSX.Element {
  const { frame, zone, rows } = props;
  const { say, language } = frame;
  return (
    <Table
      caption={say(words.gone)}
      headers={[...first, words.state, words.done, words.how].map(say)}
      rows={rows.map((row) => ({
        key: row.id,
        cells: [
          ...firstCells(props, row),
          <span key="state">
            {say(words.states[row.state])} <span class="quiet">({say(words.observed)})</span>
          </span>,
          row.gone === undefined ? (
            ''
          ) : (
            <Time key="done" at={row.gone.done} zone={zone} language={language} />
          ),
          row.gone?.text ?? '',
        ],
      }))}
    />
  );
}
