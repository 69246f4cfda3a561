/** Pages of the provider's own people: what is open, the rules, standing, rollout. No form on them. */
import type { JSX } from 'preact';
import type { Client } from '../../core/model.ts';
import type { PolicyState } from '../../core/ports.ts';
import type { MissedRun } from '../missed-runs.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { type MatterCard, MattersWaiting } from './matters.tsx';
import { MissedRuns } from './missed-runs.tsx';
import { Notice, State, Table, Time } from './parts.tsx';

const words = texts.provider;

export function OpenAcrossPage(props: {
  readonly frame: Frame;
  readonly rows: readonly {
    readonly id: string;
    readonly name: string;
    readonly count: number;
    readonly until: number;
    readonly zone: string;
  }[];
  /** What clients asked and nobody answered yet. */
  readonly matters: readonly MatterCard[];
  /** Robots that did not come. */
  readonly missed: readonly MissedRun[];
}): JSX.Element {
  const { frame, rows } = props;
  const { say, language } = frame;
  const { open } = words;
  return (
    <Layout frame={frame} title={say(open.title)}>
      <p class="lead">{say(open.intro)}</p>
      <Table
        caption={say(open.title)}
        headers={[open.client, open.count, open.until, open.look].map(say)}
        none={say(open.none)}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            row.name,
            String(row.count),
            <Time key="until" at={row.until} zone={row.zone} language={language} />,
            <a key="look" href={`/provider/open/${row.id}`}>
              {say(open.look)}
              <span class="unseen"> – {row.name}</span>
            </a>,
          ],
        }))}
      />
      <MissedRuns frame={frame} missed={props.missed} across />
      <MattersWaiting frame={frame} cards={props.matters} />
    </Layout>
  );
}

export function OpenAtPage(props: {
  readonly frame: Frame;
  readonly client: { readonly name: string; readonly zone: string };
  readonly rows: readonly {
    readonly id: string;
    readonly who: string;
    readonly function: string;
    readonly purpose: string;
    readonly systems: string;
    readonly reference: string;
    readonly since: number;
    readonly until: number;
  }[];
}): JSX.Element {
  const { frame, client, rows } = props;
  const { say, language } = frame;
  const { open } = words;
  const time = (at: number) => <Time key={at} at={at} zone={client.zone} language={language} />;
  return (
    <Layout frame={frame} title={say(open.at(client.name))}>
      <p class="lead">{say(open.recorded)}</p>
      <Table
        caption={say(open.at(client.name))}
        headers={[open.who, open.purpose, open.systems, open.reference, open.since, open.ends].map(say)}
        none={say(open.none)}
        rows={rows.map((row) => ({
          key: row.id,
          cells: [
            `${row.who}, ${row.function}`,
            row.purpose,
            row.systems,
            row.reference,
            time(row.since),
            time(row.until),
          ],
        }))}
      />
      <p class="actions">
        <a href="/provider">{say(open.back)}</a>
      </p>
    </Layout>
  );
}

export function RulesPage(props: {
  readonly frame: Frame;
  readonly version: string;
  readonly changedAt: number | undefined;
  readonly clients: number;
  readonly people: number;
  readonly state: PolicyState;
}): JSX.Element {
  const { frame, state } = props;
  const { say, language, imprint } = frame;
  const { rules } = words;
  const well = state.faults.length === 0 && !state.unread;
  return (
    <Layout frame={frame} title={say(rules.title)}>
      <Notice kind={well ? 'good' : 'bad'}>
        <p>{say(well ? rules.well : state.unread ? rules.unread : rules.faulty)}</p>
      </Notice>
      <dl class="facts">
        <dt>{say(rules.version)}</dt>
        <dd>
          <code>{props.version}</code>
        </dd>
        <dt>{say(rules.since)}</dt>
        <dd>
          {props.changedAt === undefined ? (
            say(rules.never)
          ) : (
            <Time at={props.changedAt} zone={imprint.zone} language={language} />
          )}
        </dd>
        <dt>{say(rules.size)}</dt>
        <dd>{say(rules.counts(props.clients, props.people))}</dd>
        <dt>{say(rules.read)}</dt>
        <dd>
          <Time at={state.readAt} zone={imprint.zone} language={language} />
        </dd>
      </dl>
      {state.faults.length > 0 && (
        <Table
          caption={say(rules.fault)}
          headers={[rules.place, rules.fault].map(say)}
          rows={state.faults.map(({ file, line, column, message }) => ({
            key: `${file}:${line}:${column} ${message}`,
            cells: [`${file}:${line}:${column}`, message],
          }))}
        />
      )}
    </Layout>
  );
}

export function StandingPage(props: {
  readonly frame: Frame;
  readonly rows: readonly {
    readonly key: string;
    readonly name: string;
    readonly what: string;
    readonly until: string;
    readonly bad: boolean;
  }[];
}): JSX.Element {
  const { frame, rows } = props;
  const { say } = frame;
  const { standing } = words;
  return (
    <Layout frame={frame} title={say(standing.title)}>
      <p class="lead">{say(standing.intro)}</p>
      <Table
        caption={say(standing.title)}
        headers={[standing.person, standing.what, standing.until].map(say)}
        none={say(standing.none)}
        rows={rows.map(({ key, name, what, until, bad }) => ({
          key,
          cells: [
            name,
            what,
            <State key="until" kind={bad ? 'bad' : 'calm'}>
              {until}
            </State>,
          ],
        }))}
      />
    </Layout>
  );
}

export interface RolloutRow {
  readonly id: string;
  readonly name: string;
  readonly status: Client['status'];
  readonly people: { readonly nominated: number; readonly invited: number; readonly seated: number };
  readonly granted: number;
  readonly second: boolean;
  /** As the command says it. */
  readonly todo: readonly string[];
}

export function RolloutPage(props: {
  readonly frame: Frame;
  readonly rows: readonly RolloutRow[];
  /** The client after which the next page begins; undefined: this is the last. */
  readonly next: string | undefined;
  readonly later: boolean;
}): JSX.Element {
  const { frame, rows, next, later } = props;
  const { say } = frame;
  const { rollout } = words;
  const headers = [
    rollout.client,
    rollout.status,
    rollout.people,
    rollout.granted,
    rollout.second,
    rollout.look,
  ];
  return (
    <Layout frame={frame} title={say(rollout.title)}>
      <p class="lead">{say(rollout.intro)}</p>
      <Table
        caption={say(rollout.title)}
        headers={headers.map(say)}
        rows={rows.map(({ id, name, status, people, granted, second, todo }) => ({
          key: id,
          cells: [
            name,
            say(rollout.statuses[status]),
            say(rollout.enrolled(people.seated, people.nominated, people.invited)),
            String(granted),
            say(second ? rollout.yes : rollout.no),
            todo.length === 0 ? (
              say(rollout.nothing)
            ) : (
              <ul lang="en">
                {todo.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            ),
          ],
        }))}
      />
      {(later || next !== undefined) && (
        <p class="actions">
          {later && <a href="/provider/rollout">{say(rollout.first)}</a>}
          {next !== undefined && <a href={`/provider/rollout?after=${next}`}>{say(rollout.more)}</a>}
        </p>
      )}
    </Layout>
  );
}
