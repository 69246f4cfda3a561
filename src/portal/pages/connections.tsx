/** The connections of a client, the form that makes one, and the token that is shown once. */
import type { JSX } from 'preact';
import type { Connection, Scope } from '../../core/connections.ts';
import { texts } from '../texts.ts';
import { Boxes } from './choices.tsx';
import { Hooks, type HooksProps } from './hooks.tsx';
import { type Frame, Layout } from './layout.tsx';
import { Csrf, ErrorSummary, type FieldErrors, Input, State, Table, Time } from './parts.tsx';

const words = texts.api;

export interface NewConnection {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly until: string;
}

export interface ConnectionRow {
  readonly connection: Connection;
  readonly owner: string;
  readonly live: boolean;
  readonly mayEnd: boolean;
}

export interface ConnectionsProps {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly rows: readonly ConnectionRow[];
  readonly offered: readonly Scope[];
  readonly form: NewConnection;
  readonly errors: FieldErrors;
  readonly hooks: Omit<HooksProps, 'frame' | 'csrf' | 'zone'>;
}

export function ConnectionsPage(props: ConnectionsProps): JSX.Element {
  const { frame, rows, errors, csrf, zone, hooks } = props;
  const { say } = frame;
  const headers = [words.name, words.scopes, words.owner, words.created, words.used, words.ends, words.state];
  return (
    <Layout frame={frame} title={say(words.title)}>
      <ErrorSummary errors={new Map([...errors, ...hooks.errors])} say={say} />
      <p class="lead">{say(words.intro)}</p>
      <Table
        caption={say(words.title)}
        headers={headers.map(say)}
        none={say(words.none)}
        rows={rows.map((row) => ({ key: row.connection.id, cells: cellsOf(row, props) }))}
      />
      <Form {...props} />
      <p>
        <a href="/api/v1/openapi.json">{say(words.document)}</a>
      </p>
      <Hooks {...{ frame, csrf, zone, ...hooks }} />
      <p class="quiet">{say(texts.clock)}</p>
    </Layout>
  );
}

function cellsOf(
  row: ConnectionRow,
  { frame, zone, csrf }: ConnectionsProps,
): readonly (JSX.Element | string | null)[] {
  const { say, language } = frame;
  const { connection, owner, live } = row;
  const { id, name, scopes, createdAt, expiresAt, usedAt } = connection;
  return [
    name,
    scopes.map((one) => say(words.scope[one])).join(', '),
    owner,
    <Time key="created" at={createdAt} zone={zone} language={language} />,
    usedAt === undefined ? null : <Time key="used" at={usedAt} zone={zone} language={language} />,
    <Time key="ends" at={expiresAt} zone={zone} language={language} />,
    <div key="state">
      <State kind={live ? 'good' : 'calm'}>{say(live ? words.live : words.over)}</State>
      {row.mayEnd && (
        <form method="post" action={`/connections/${id}/end`}>
          <Csrf token={csrf} />
          <button class="plain" type="submit">
            {say(words.end)}
            <span class="unseen"> – {name}</span>
          </button>
        </form>
      )}
    </div>,
  ];
}

function Form({ frame, csrf, offered, form, errors }: ConnectionsProps): JSX.Element {
  const { say } = frame;
  return (
    <form method="post" action="/connections" class="panel stack" noValidate>
      <h2>{say(words.newTitle)}</h2>
      <Csrf token={csrf} />
      <Input
        name="name"
        label={say(words.name)}
        hint={say(words.nameHint)}
        value={form.name}
        errors={errors}
        maxLength={80}
      />
      <Boxes
        name="scopes"
        legend={say(words.scopes)}
        errors={errors}
        offer={offered.map((id) => ({ id, label: say(words.scope[id]) }))}
        chosen={form.scopes}
      />
      <Input
        name="until"
        type="date"
        label={say(words.until)}
        hint={say(words.untilHint)}
        value={form.until}
        errors={errors}
      />
      <button type="submit">{say(words.make)}</button>
    </form>
  );
}

export function TokenPage(props: {
  readonly frame: Frame;
  readonly name: string;
  readonly token: string;
}): JSX.Element {
  const { frame, name, token } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.shownTitle)}>
      <p class="lead">{say(words.shown)}</p>
      <h2>{name}</h2>
      <pre class="paste" id="token">
        {token}
      </pre>
      <p>
        <a href="/connections">{say(words.back)}</a>
      </p>
    </Layout>
  );
}
