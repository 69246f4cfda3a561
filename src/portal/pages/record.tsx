/** The technician's own record: every access under their name, and what the record is for. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { State, Table, Time } from './parts.tsx';

const words = texts.technician;

export interface RecordRow {
  readonly id: string;
  readonly client: string;
  readonly zone: string;
  readonly systems: string;
  readonly purpose: string;
  readonly reference: string;
  readonly openedAt: number;
  readonly endsAt: number;
  readonly live: boolean;
  readonly cause: string;
}

export function RecordPage(props: {
  readonly frame: Frame;
  readonly rows: readonly RecordRow[];
}): JSX.Element {
  const { frame, rows } = props;
  const { say, language } = frame;
  const headers = [
    words.opened,
    words.client,
    words.systems,
    words.purpose,
    words.reference,
    words.ends,
    words.state,
  ];
  return (
    <Layout frame={frame} title={say(words.recordTitle)}>
      <p class="lead">{say(words.recordIntro)}</p>
      {rows.length === 0 ? (
        <p>{say(words.recordEmpty)}</p>
      ) : (
        <Table
          caption={say(words.recordTitle)}
          headers={headers.map(say)}
          rows={rows.map((row) => ({
            key: row.id,
            cells: [
              <a key="o" href={`/openings/${row.id}`}>
                <Time at={row.openedAt} zone={row.zone} language={language} />
              </a>,
              row.client,
              row.systems,
              row.purpose,
              row.reference,
              <Time key="e" at={row.endsAt} zone={row.zone} language={language} />,
              row.live ? (
                <State kind="good">{say(words.openingLive)}</State>
              ) : (
                <State kind="calm">{row.cause}</State>
              ),
            ],
          }))}
        />
      )}
    </Layout>
  );
}
