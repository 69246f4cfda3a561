/**
 * The queue of messages for webhooks, in notices.db: each is kept before it is sent, tried again at growing distances, and given
 * up after days. Holds no address and no secret. Times are told by whoever asks.
 */
import type { DatabaseSync } from 'node:sqlite';
import {
  type HookDelivery,
  type HookFault,
  type HookMessage,
  type HookOutcome,
  type HookState,
  hookPatience,
  pauseAfter,
} from '../core/hooks.ts';
import { int, optionalInt, text } from './rows.ts';

export type HookQuestion =
  | { readonly hooks: 'offer'; readonly messages: readonly HookMessage[]; readonly now: number }
  | { readonly hooks: 'due'; readonly now: number; readonly of: string | undefined }
  | { readonly hooks: 'note'; readonly message: string; readonly outcome: HookOutcome; readonly now: number }
  | { readonly hooks: 'keep'; readonly only: readonly string[] }
  | { readonly hooks: 'states'; readonly of: readonly string[] }
  | { readonly hooks: 'deliveries'; readonly of: string; readonly limit: number };

/** Messages of one hook looked at in one go: a long queue of one takes no room from another's. */
const stride = 20;
/** So long it is remembered that something was told: nothing that is older is offered again. */
const memory = 30 * 86_400_000;

const tables = `CREATE TABLE IF NOT EXISTS hook_messages (id TEXT PRIMARY KEY, hook TEXT NOT NULL, client TEXT NOT NULL, body TEXT NOT NULL,
  made_at INTEGER NOT NULL, tries INTEGER NOT NULL, next_at INTEGER NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS hook_messages_next ON hook_messages (next_at) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS hook_messages_of ON hook_messages (hook, next_at) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS hook_states (hook TEXT PRIMARY KEY, taken_at INTEGER, failing_since INTEGER, disabled_at INTEGER,
  fault TEXT) WITHOUT ROWID;`;

/** Of what is over only the type of the message is kept, for whoever reads how sending went. */
const typeOf = "CASE WHEN json_valid(body) THEN coalesce(body ->> '$.type', '') ELSE '' END";
const typeAlone = "CASE WHEN json_valid(body) THEN json_object('type', body ->> '$.type') ELSE '' END";

/** Makes the tables that lack; answers each question in one transaction, durable when it returns. */
export function createHookTable(db: DatabaseSync): (question: HookQuestion) => unknown {
  db.exec(tables);
  const sql = {
    insert: db.prepare(
      "INSERT INTO hook_messages VALUES (?, ?, ?, ?, ?, 0, ?, 'waiting') ON CONFLICT DO NOTHING",
    ),
    forget: db.prepare("DELETE FROM hook_messages WHERE state <> 'waiting' AND made_at < ?"),
    dueOf: db.prepare(
      `SELECT id, hook, client, body FROM hook_messages
       WHERE state = 'waiting' AND hook = ? AND next_at <= ? ORDER BY next_at, rowid LIMIT ?`,
    ),
    message: db.prepare("SELECT * FROM hook_messages WHERE id = ? AND state = 'waiting'"),
    over: db.prepare(`UPDATE hook_messages SET state = ?, body = ${typeAlone} WHERE id = ?`),
    later: db.prepare('UPDATE hook_messages SET tries = tries + 1, next_at = ? WHERE id = ?'),
    // Whoever does not answer one message is not asked about the next before it is tried again.
    hold: db.prepare(
      "UPDATE hook_messages SET next_at = max(next_at, ?) WHERE hook = ? AND state = 'waiting'",
    ),
    release: db.prepare(
      "UPDATE hook_messages SET next_at = min(next_at, ?) WHERE hook = ? AND state = 'waiting' AND tries = 0",
    ),
    drop: db.prepare(
      `UPDATE hook_messages SET state = 'dropped', body = ${typeAlone} WHERE hook = ? AND state = 'waiting'`,
    ),
    waiting: db.prepare("SELECT DISTINCT hook FROM hook_messages WHERE state = 'waiting'"),
    state: db.prepare('SELECT * FROM hook_states WHERE hook = ?'),
    taken: db.prepare(
      `INSERT INTO hook_states VALUES (?, ?, NULL, NULL, NULL)
       ON CONFLICT DO UPDATE SET taken_at = excluded.taken_at, failing_since = NULL, fault = NULL`,
    ),
    failed: db.prepare(
      `INSERT INTO hook_states VALUES (?, NULL, ?, NULL, ?)
       ON CONFLICT DO UPDATE SET failing_since = coalesce(failing_since, excluded.failing_since), fault = excluded.fault`,
    ),
    disable: db.prepare('UPDATE hook_states SET disabled_at = ? WHERE hook = ? AND disabled_at IS NULL'),
    dropState: db.prepare('DELETE FROM hook_states WHERE hook = ?'),
    states: db.prepare('SELECT hook FROM hook_states'),
    deliveries: db.prepare(
      `SELECT id, client, made_at, tries, next_at, state, ${typeOf} AS type FROM hook_messages
       WHERE hook = ? ORDER BY made_at DESC, rowid DESC LIMIT ?`,
    ),
  };

  function offer(messages: readonly HookMessage[], now: number): number {
    sql.forget.run(now - memory);
    let kept = 0;
    const wanted = messages.filter(({ hook }) => stateOf(hook)?.disabledAt === undefined);
    for (const { id, hook, client, body } of wanted)
      kept += Number(sql.insert.run(id, hook, client, body, now, now).changes);
    return kept;
  }

  function due(now: number, of: string | undefined): readonly HookMessage[] {
    const hooks = of === undefined ? sql.waiting.all().map((row) => text(row, 'hook')) : [of];
    return hooks
      .filter((hook) => stateOf(hook)?.disabledAt === undefined)
      .flatMap((hook) => dueOf(hook, now));
  }

  function dueOf(hook: string, now: number): readonly HookMessage[] {
    return sql.dueOf.all(hook, now, stride).map((row) => ({
      id: text(row, 'id'),
      hook: text(row, 'hook'),
      client: text(row, 'client'),
      body: text(row, 'body'),
    }));
  }

  /** A message that was dropped meanwhile stays so. */
  function note(id: string, outcome: HookOutcome, now: number): void {
    const row = sql.message.get(id);
    if (row === undefined) return;
    const hook = text(row, 'hook');
    if ('ok' in outcome) {
      sql.over.run('sent', id);
      sql.taken.run(hook, now);
      sql.release.run(now, hook);
      return;
    }
    sql.failed.run(hook, now, outcome.fault);
    const since = stateOf(hook)?.failingSince ?? now;
    if (outcome.gone === true || now - since >= hookPatience) {
      sql.disable.run(now, hook);
      sql.drop.run(hook);
      return;
    }
    const next = now + pauseAfter(int(row, 'tries') + 1);
    if (now - int(row, 'made_at') >= hookPatience) sql.over.run('dead', id);
    else sql.later.run(next, id);
    sql.hold.run(next, hook);
  }

  function keep(only: readonly string[]): void {
    const kept = new Set(only);
    const others = (rows: readonly unknown[]): string[] =>
      rows.map((row) => text(row as Parameters<typeof text>[0], 'hook')).filter((hook) => !kept.has(hook));
    for (const hook of others(sql.waiting.all())) sql.drop.run(hook);
    for (const hook of others(sql.states.all())) sql.dropState.run(hook);
  }

  function stateOf(hook: string): HookState | undefined {
    const row = sql.state.get(hook);
    if (row === undefined) return undefined;
    const fault = row.fault === null ? undefined : (text(row, 'fault') as HookFault);
    return {
      hook,
      takenAt: optionalInt(row, 'taken_at'),
      failingSince: optionalInt(row, 'failing_since'),
      disabledAt: optionalInt(row, 'disabled_at'),
      fault,
    };
  }

  function deliveries(hook: string, limit: number): readonly HookDelivery[] {
    return sql.deliveries.all(hook, limit).map((row) => {
      const state = text(row, 'state') as HookDelivery['state'];
      return {
        id: text(row, 'id'),
        client: text(row, 'client'),
        type: text(row, 'type'),
        madeAt: int(row, 'made_at'),
        tries: int(row, 'tries'),
        state,
        nextAt: state === 'waiting' ? int(row, 'next_at') : undefined,
      };
    });
  }

  function answer(question: HookQuestion): unknown {
    switch (question.hooks) {
      case 'offer':
        return offer(question.messages, question.now);
      case 'due':
        return due(question.now, question.of);
      case 'note':
        return note(question.message, question.outcome, question.now);
      case 'keep':
        return keep(question.only);
      case 'states':
        return question.of.flatMap((hook) => stateOf(hook) ?? []);
      case 'deliveries':
        return deliveries(question.of, question.limit);
    }
  }

  return (question) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const answered = answer(question);
      db.exec('COMMIT');
      return answered;
    } catch (cause) {
      db.exec('ROLLBACK');
      throw cause;
    }
  };
}
