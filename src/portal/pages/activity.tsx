/** The client's page: who is in the data now, with Stop, and everything that happened. */
import type { JSX } from 'preact';
import type { Text } from '../../core/model.ts';
import type { Row } from '../activity-rows.ts';
import { instant, size } from '../formats.ts';
import type { StopNotice } from '../memory.ts';
import type { Unsaid } from '../outside.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { LiveState } from './live-state.tsx';
import { OpenNow, type OpenNowProps, StopResult } from './open-access.tsx';
import { UnsaidOutside } from './outside.tsx';
import { Csrf, Notice, State, Table, Time } from './parts.tsx';
import { Unnoted } from './reading.tsx';
import type { RequestCard } from './requests.tsx';
import { type Task, WaitingForYou } from './waiting.tsx';

const words = texts.controller;

export interface ActivityPanesProps extends OpenNowProps {
  readonly rows: readonly (Row & { readonly purpose: string })[];
  readonly session: string | undefined;
  readonly paged: boolean;
  readonly older: string | undefined;
}

export interface LateReference {
  readonly id: string;
  readonly name: string;
  readonly reference: string;
  readonly due: number;
}

export interface ActivityProps {
  readonly frame: Frame;
  readonly client: string;
  readonly noted: boolean;
  readonly notice: StopNotice | undefined;
  readonly waiting: readonly RequestCard[];
  /** Accesses whose real reference is overdue. */
  readonly late: readonly LateReference[];
  /** Accesses outside of which nobody has said what was done. */
  readonly unsaid: readonly Unsaid[];
  readonly tasks: readonly Task[];
  readonly panes: ActivityPanesProps;
  readonly live: string;
}

export function ActivityPage(props: ActivityProps): JSX.Element {
  const { frame, client, noted, notice, waiting, panes, live } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.activityTitle(client))}>
      {notice !== undefined && <StopResult frame={frame} notice={notice} />}
      <Unnoted frame={frame} noted={noted} />
      <WaitingForYou frame={frame} cards={waiting} tasks={props.tasks} />
      <LateReferences frame={frame} late={props.late} zone={panes.zone} />
      <UnsaidOutside frame={frame} unsaid={props.unsaid} zone={panes.zone} now={panes.now} />
      <div data-stream={live}>
        <ActivityPanes {...panes} />
      </div>
      <LiveState frame={frame} />
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

export function LateReferences(props: {
  readonly frame: Frame;
  readonly late: readonly LateReference[];
  readonly zone: string;
}): JSX.Element | null {
  const { frame, late, zone } = props;
  const { say, language } = frame;
  if (late.length === 0) return null;
  return (
    <Notice kind="bad">
      <p class="strong">{say(texts.corrections.lateTitle)}</p>
      <ul>
        {late.map(({ id, name, reference, due }) => (
          <li key={id}>
            <a href={`/activity?session=${id}`}>{reference}</a> – {name}.{' '}
            {say(texts.corrections.overdue(instant(due, zone, language)))}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

export function ActivityPanes(props: ActivityPanesProps): JSX.Element {
  const { say, session } = props;
  return (
    <>
      <OpenNow {...props} />
      <section aria-labelledby="happened">
        <h2 id="happened">{say(session === undefined ? words.happened : words.happenedOne)}</h2>
        {session !== undefined && (
          <p>
            <a href="/activity">{say(words.showAll)}</a>
          </p>
        )}
        <History {...props} />
      </section>
    </>
  );
}

function History(props: ActivityPanesProps): JSX.Element {
  const { say, rows, older, paged, session } = props;
  const headers = [
    words.when,
    words.person,
    words.purpose,
    words.what,
    words.operation,
    words.result,
    words.amount,
  ];
  if (rows.length === 0) return <p class="empty">{say(paged ? words.nothingMore : words.nothing)}</p>;
  return (
    <>
      <Table
        caption={say(words.happened)}
        headers={headers.map(say)}
        rows={rows.map((row) => ({ key: row.key, kind: row.kind, cells: cellsOf(props, row) }))}
      />
      <p class="actions">
        {paged && (
          <a href={session === undefined ? '/activity' : `/activity?session=${session}`}>
            {say(words.newest)}
          </a>
        )}
        {older !== undefined && <a href={older}>{say(words.older)}</a>}
      </p>
    </>
  );
}

function cellsOf(props: ActivityPanesProps, row: ActivityPanesProps['rows'][number]): (JSX.Element | null)[] {
  const { say, language, zone } = props;
  const speak = (words: Text | string): string => (typeof words === 'string' ? words : say(words));
  return [
    <Time key="when" at={row.at} zone={zone} language={language} />,
    whoCell(props, row),
    whyCell(props, row),
    <span key="what">
      {row.grant === undefined ? speak(row.what) : <a href={`/agreements/${row.grant}`}>{speak(row.what)}</a>}
      <span class="quiet block">{speak(row.system)}</span>
      {row.note !== '' && (
        <span class="quiet block text">
          {say(words.noteSaid)} {row.note}
        </span>
      )}
      {row.change !== undefined &&
        say(row.change)
          .split('\n')
          .map((line) => (
            <span key={line} class="quiet block text">
              {line}
            </span>
          ))}
    </span>,
    row.operation === undefined ? null : <span key="operation">{say(row.operation)}</span>,
    <span key="result">
      <State kind={row.kind}>{say(row.result)}</State>
      {row.count > 1 && <span class="quiet block">{say(words.times(row.count))}</span>}
      {row.access !== undefined && row.actor !== undefined && row.actor !== row.access.name && (
        <span class="quiet block">{say(words.by(row.actor))}</span>
      )}
      <RowStop panes={props} row={row} />
    </span>,
    amountCell(props, row),
  ];
}

/** Stop, on each row of an access that is still open. */
function RowStop({
  panes,
  row,
}: {
  readonly panes: ActivityPanesProps;
  readonly row: Row;
}): JSX.Element | null {
  const { say, csrf, open } = panes;
  const access = open.find(({ id, blocked }) => id === row.access?.id && !blocked);
  if (access === undefined) return null;
  return (
    <form method="post" action="/stop">
      <Csrf token={csrf} />
      <input type="hidden" name="opening" value={access.id} />
      <button
        type="submit"
        class="danger small"
        id={`stop-${row.key.replaceAll(' ', '-')}`}
        aria-label={say(words.stopNamed(access.name, access.reference))}
      >
        {say(words.stop)}
      </button>
    </form>
  );
}

function whoCell({ say }: ActivityPanesProps, { access, actor }: Row): JSX.Element | null {
  if (access === undefined) return actor === undefined ? null : <span key="who">{actor}</span>;
  return (
    <span key="who">
      {access.name ?? say(words.unnamed)}
      {access.function !== '' && <span class="quiet block">{access.function}</span>}
    </span>
  );
}

function whyCell(
  { session }: ActivityPanesProps,
  row: ActivityPanesProps['rows'][number],
): JSX.Element | null {
  const { access, purpose } = row;
  if (access === undefined || (purpose === '' && access.reference === '')) return null;
  const linked = session === undefined && access.id !== '';
  return (
    <span key="why">
      {purpose}
      <span class="quiet block">
        {linked ? <a href={`/activity?session=${access.id}`}>{access.reference}</a> : access.reference}
      </span>
    </span>
  );
}

function amountCell({ say, language }: ActivityPanesProps, { up, down }: Row): JSX.Element | null {
  if (up === 0 && down === 0) return null;
  return (
    <span key="amount">
      {down > 0 && <span class="block">{say(words.bytesDown(size(down, language)))}</span>}
      {up > 0 && <span class="block">{say(words.bytesUp(size(up, language)))}</span>}
    </span>
  );
}
