/** The client's page: who is in the data now, with Stop, and everything that happened. */
import type { JSX } from 'preact';
import type { Language, Text } from '../../core/model.ts';
import type { Row } from '../activity-rows.ts';
import { duration, hour, instant, rfc3339, size } from '../formats.ts';
import type { Say } from '../language.ts';
import type { StopNotice } from '../memory.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { CutFacts } from './cut-facts.tsx';
import { Csrf, Notice, State, Table, Time } from './parts.tsx';
import { type RequestCard, type Task, WaitingForYou } from './requests.tsx';

const words = texts.controller;

export interface OpenAccess {
  readonly id: string;
  readonly name: string;
  readonly function: string;
  readonly purpose: string;
  readonly reference: string;
  readonly note: string;
  readonly systems: string;
  readonly since: number;
  readonly until: number;
  /** Stopped here, but not yet recorded. */
  readonly blocked: boolean;
  readonly running: readonly {
    readonly id: string;
    readonly what: string;
    readonly up: number;
    readonly down: number;
  }[];
}

export interface ActivityPanesProps {
  readonly say: Say;
  readonly language: Language;
  readonly zone: string;
  readonly now: number;
  readonly csrf: string;
  readonly open: readonly OpenAccess[];
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
      {!noted && (
        <Notice kind="bad">
          <p>{say(words.readUnrecorded)}</p>
        </Notice>
      )}
      <WaitingForYou frame={frame} cards={waiting} tasks={props.tasks} />
      <LateReferences {...props} />
      <div data-live={live}>
        <ActivityPanes {...panes} />
      </div>
      <p class="quiet" data-live-on hidden>
        {say(words.live)}
      </p>
      <p class="notice calm" data-live-paused hidden>
        {say(words.livePaused)}
      </p>
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

function LateReferences({ frame, late, panes }: ActivityProps): JSX.Element | null {
  const { say, language } = frame;
  if (late.length === 0) return null;
  return (
    <Notice kind="bad">
      <p class="strong">{say(texts.corrections.lateTitle)}</p>
      <ul>
        {late.map(({ id, name, reference, due }) => (
          <li key={id}>
            <a href={`/activity?session=${id}`}>{reference}</a> – {name}.{' '}
            {say(texts.corrections.overdue(instant(due, panes.zone, language)))}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function StopResult({ frame, notice }: { readonly frame: Frame; readonly notice: StopNotice }): JSX.Element {
  const { say } = frame;
  if (notice.kind === 'seated' || notice.kind === 'declined') {
    return (
      <Notice kind="good">
        <p>{say(notice.kind === 'seated' ? words.seatDone : texts.proposals.declined)}</p>
      </Notice>
    );
  }
  const nothing = notice.openings === 0 && notice.exchanges === 0;
  return (
    <Notice kind={notice.recorded ? 'good' : 'bad'}>
      <p class="strong">{say(nothing ? words.nothingToStop : words.stopped(notice.openings))}</p>
      {!nothing && <CutFacts frame={frame} notice={notice} />}
    </Notice>
  );
}

export function ActivityPanes(props: ActivityPanesProps): JSX.Element {
  const { say, open, csrf, session } = props;
  return (
    <>
      <section aria-labelledby="open-now">
        <h2 id="open-now">{say(words.openNow)}</h2>
        {open.length === 0 ? (
          <p class="empty">{say(words.nobody)}</p>
        ) : (
          <>
            <ul class="tiles wide">
              {open.map((access) => (
                <OpenTile key={access.id} panes={props} access={access} />
              ))}
            </ul>
            <form method="post" action="/stop" class="row">
              <Csrf token={csrf} />
              <input type="hidden" name="opening" value="all" />
              <p class="quiet">{say(words.stopAllHint)}</p>
              <button type="submit" class="danger" id="stop-all">
                {say(words.stopAll)}
              </button>
            </form>
          </>
        )}
      </section>
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

function OpenTile({
  panes,
  access,
}: {
  readonly panes: ActivityPanesProps;
  readonly access: OpenAccess;
}): JSX.Element {
  const { say, language, zone, now, csrf } = panes;
  return (
    <li class="tile">
      <div class="row">
        <div>
          <h3>{access.name}</h3>
          <p class="quiet">{access.function}</p>
        </div>
        {access.blocked ? (
          <State kind="bad">{say(words.blocked)}</State>
        ) : (
          <form method="post" action="/stop">
            <Csrf token={csrf} />
            <input type="hidden" name="opening" value={access.id} />
            <button
              type="submit"
              class="danger"
              id={`stop-${access.id}`}
              aria-label={say(words.stopNamed(access.name, access.reference))}
            >
              {say(words.stop)}
            </button>
          </form>
        )}
      </div>
      <dl class="facts">
        <dt>{say(words.purpose)}</dt>
        <dd>{access.purpose}</dd>
        <dt>{say(words.reference)}</dt>
        <dd>{access.reference}</dd>
        {access.note !== '' && (
          <>
            <dt>{say(words.note)}</dt>
            <dd class="text">{access.note}</dd>
          </>
        )}
        <dt>{say(words.systems)}</dt>
        <dd>{access.systems}</dd>
        <dt>{say(words.since)}</dt>
        <dd>
          <time dateTime={rfc3339(access.since)}>{hour(access.since, zone, language)}</time>
        </dd>
        <dt>{say(words.until)}</dt>
        <dd>
          <time dateTime={rfc3339(access.until)}>{hour(access.until, zone, language)}</time>{' '}
          <span class="quiet">({duration(access.until - now, language)})</span>
        </dd>
      </dl>
      {access.running.length === 0 ? (
        <p class="quiet">{say(words.idle)}</p>
      ) : (
        <ul class="running">
          {access.running.map((exchange) => (
            <li key={exchange.id}>
              <State kind="good">{say(words.running)}</State> <code>{exchange.what}</code>{' '}
              {say(words.bytesDown(size(exchange.down, language)))}
              {exchange.up > 0 && `, ${say(words.bytesUp(size(exchange.up, language)))}`}
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={`/activity?session=${access.id}`}>{say(words.onlyThis)}</a>
      </p>
    </li>
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
    </span>,
    amountCell(props, row),
  ];
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
