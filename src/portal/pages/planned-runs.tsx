/** Planned runs of robots as a part of the pages about copies, for the client and for the provider. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { State, Table } from './parts.tsx';

const words = texts.robots.runs;

export interface RunRow {
  readonly key: string;
  readonly robot: string;
  readonly system: string;
  /** Between when and when it was to begin. */
  readonly planned: string;
  readonly what: string;
  readonly kind: 'good' | 'bad' | 'calm';
  /** The access that began it; undefined: none did. */
  readonly opening: string | undefined;
}

export function PlannedRuns(props: {
  readonly frame: Frame;
  readonly rows: readonly RunRow[];
  /** Where an access is shown; undefined: nowhere for whoever looks. */
  readonly accessAt: string | undefined;
}): JSX.Element | null {
  const { frame, rows, accessAt } = props;
  const { say } = frame;
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="runs">
      <h2 id="runs">{say(words.title)}</h2>
      <p>{say(words.intro)}</p>
      <Table
        caption={say(words.title)}
        headers={[words.robot, words.system, words.planned, words.what].map(say)}
        rows={rows.map((row) => ({
          key: row.key,
          kind: row.kind,
          cells: [
            row.robot,
            row.system,
            row.planned,
            <span key="what">
              <State kind={row.kind}>{row.what}</State>
              {row.opening !== undefined && accessAt !== undefined && (
                <>
                  {' '}
                  <a href={`${accessAt}/${row.opening}`}>
                    {say(words.see)}
                    <span class="unseen"> – {row.planned}</span>
                  </a>
                </>
              )}
            </span>,
          ],
        }))}
      />
    </section>
  );
}
