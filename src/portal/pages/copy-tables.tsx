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

export function There(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly rows: readonly CopyRow[];
  readonly caption: string;
  readonly accessAt: string | undefined;
}): JSX.Element {
  const { frame, zone, rows, accessAt } = props;
  const { say, language } = frame;
  const { what, system, taken, access, destroyBy, kept, state } = words;
  return (
    <Table
      caption={props.caption}
      headers={[what, system, taken, access, destroyBy, kept, state].map(say)}
      rows={rows.map((row) => ({
        key: row.id,
        cells: [
          <What key="what" row={row} frame={frame} />,
          row.system,
          <Time key="taken" at={row.taken} zone={zone} language={language} />,
          accessAt === undefined ? row.reference : <a href={`${accessAt}/${row.opening}`}>{row.reference}</a>,
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

export function Gone(props: {
  readonly frame: Frame;
  readonly zone: string;
  readonly rows: readonly CopyRow[];
  readonly accessAt: string | undefined;
}): JSX.Element {
  const { frame, zone, rows, accessAt } = props;
  const { say, language } = frame;
  const { what, system, taken, access, state, done, how } = words;
  return (
    <Table
      caption={say(words.gone)}
      headers={[what, system, taken, access, state, done, how].map(say)}
      rows={rows.map((row) => ({
        key: row.id,
        cells: [
          <What key="what" row={row} frame={frame} />,
          row.system,
          <Time key="taken" at={row.taken} zone={zone} language={language} />,
          accessAt === undefined ? row.reference : <a href={`${accessAt}/${row.opening}`}>{row.reference}</a>,
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
