/** The technician's own record: every access under their name, and what the record is for. */
import type { JSX } from 'preact';
import { instant } from '../formats.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { Input, State, Table, Time } from './parts.tsx';

const words = texts.technician;

export interface RecordRow {
  readonly id: string;
  readonly client: string;
  readonly zone: string;
  readonly systems: string;
  readonly purpose: string;
  readonly reference: string;
  /** Until when the real reference is owed; undefined: it is not. */
  readonly due: number | undefined;
  readonly late: boolean;
  readonly openedAt: number;
  readonly endsAt: number;
  readonly live: boolean;
  readonly cause: string;
}

export function RecordPage(props: {
  readonly frame: Frame;
  readonly rows: readonly RecordRow[];
  /** Days that the extract is of unless others are given. */
  readonly period: { readonly first: string; readonly last: string };
  /** What extracts are checked with. */
  readonly recordKey: string;
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
              <Reference key="r" row={row} frame={frame} />,
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
      <TakeIt {...props} />
    </Layout>
  );
}

function TakeIt({ frame, period, recordKey }: Parameters<typeof RecordPage>[0]): JSX.Element {
  const { say } = frame;
  const { take, hint, from, until, asText, asJson, key } = texts.ownRecord;
  const errors = new Map<string, string>();
  return (
    <form method="get" action="/record/extract" class="panel stack">
      <h2>{say(take)}</h2>
      <p>{say(hint)}</p>
      <Input name="from" label={say(from)} value={period.first} errors={errors} type="date" />
      <Input name="until" label={say(until)} value={period.last} errors={errors} type="date" />
      <p class="actions">
        <button type="submit" name="format" value="text">
          {say(asText)}
        </button>
        <button type="submit" name="format" value="json" class="plain">
          {say(asJson)}
        </button>
      </p>
      <p class="quiet">
        {say(key)} <code>{recordKey}</code>
      </p>
    </form>
  );
}

function Reference({ row, frame }: { readonly row: RecordRow; readonly frame: Frame }): JSX.Element {
  const { say, language } = frame;
  const { reference, due, late } = row;
  if (due === undefined) return <>{reference}</>;
  const { owed, overdue, give } = texts.corrections;
  const when = instant(due, row.zone, language);
  return (
    <div>
      {reference}
      <p class={late ? 'error' : 'quiet'}>
        {say(late ? overdue(when) : owed(when))}{' '}
        <a href={`/openings/${row.id}#reference`}>
          {say(give)}
          <span class="unseen"> – {reference}</span>
        </a>
      </p>
    </div>
  );
}
