/**
 * Connections of a client's people: made, used and ended, each with its line. A token is known by its hash alone; whether
 * it may still be used is looked at in the transaction of its use.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { type Connection, mayEnd, mostConnections, type Scope } from '../core/connections.ts';
import { latestEnd } from '../core/grant-limits.ts';
import { openBox, sealBox } from './disclosure.ts';
import { type Acts, conflict, rfc3339, write } from './ledger-acts.ts';
import { newId } from './ledger-log.ts';
import type { Reading } from './ledger-queries.ts';
import { logOf } from './ledger-queries.ts';
import { places, words } from './ledger-rows.ts';
import { liveSeat } from './ledger-seated.ts';
import { bytes, int, optionalInt, type Row, text } from './rows.ts';

/** `connection.created` and the row. */
export function connect(acts: Acts, command: Extract<Command, { do: 'connect' }>): Answers['connect'] {
  const { id, client, seat, name, scopes, expiresAt } = command.connection;
  const log = acts.heads.touch(client, acts.now);
  const owner = liveSeat(acts, log, seat);
  if (owner === undefined) return { refused: 'not_seated' };
  if (scopes.length === 0 || expiresAt <= log.at || expiresAt > latestEnd(log.at))
    throw conflict('the connection permits nothing, or lasts too long');
  const live = acts.pen.sql.liveConnections.get(log.id, log.at);
  if (Number(live?.count) >= mostConnections) return { refused: 'too_many_connections' };
  acts.pen.sql.insertConnection.run(
    id,
    log.id,
    seat,
    command.hash,
    scopes.join(' '),
    log.at,
    expiresAt,
    sealBox(log.key, places.connection(id), name),
  );
  const receipt = write(acts, log, {
    t: 'connection.created',
    id: newId(),
    fields: { connection: id, seat, role: owner.role, scopes: scopes.join(' '), expires: rfc3339(expiresAt) },
    groups: { work: { note: name } },
  });
  return { receipt };
}

/** `connection.revoked`; one that was ended already stays as it is. */
export function disconnect(
  acts: Acts,
  command: Extract<Command, { do: 'disconnect' }>,
): Answers['disconnect'] {
  const log = acts.heads.touch(command.client, acts.now);
  const row = acts.pen.sql.connectionById.get(command.connection);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'connection_unknown' };
  const by = liveSeat(acts, log, command.seat);
  if (by === undefined || !mayEnd({ seat: text(row, 'seat') }, by.id, by.role))
    return { refused: 'not_seated' };
  if (optionalInt(row, 'revoked_at') !== undefined) return { already: true };
  acts.pen.sql.revokeConnection.run(log.at, command.connection);
  const fields = { connection: command.connection, seat: by.id, role: by.role };
  return { receipt: write(acts, log, { t: 'connection.revoked', id: newId(), fields }) };
}

/** Notes a use; the first one is a line, `connection.used`. */
export function connectionUsed(
  acts: Acts,
  command: Extract<Command, { do: 'connection-used' }>,
): Answers['connection-used'] {
  const log = acts.heads.touch(command.client, acts.now);
  const row = acts.pen.sql.connectionById.get(command.connection);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'connection_unknown' };
  const over = optionalInt(row, 'revoked_at') !== undefined || int(row, 'expires_at') <= log.at;
  if (over || liveSeat(acts, log, text(row, 'seat')) === undefined) return { refused: 'connection_ended' };
  if (optionalInt(row, 'used_at') === undefined) {
    const fields = { connection: command.connection, seat: text(row, 'seat') };
    write(acts, log, { t: 'connection.used', id: newId(), fields });
  }
  acts.pen.sql.useConnection.run(log.at, command.connection);
  return { ok: true };
}

function connectionFrom(row: Row, client: string, key: Buffer): Connection {
  const id = text(row, 'id');
  return {
    id,
    client,
    seat: text(row, 'seat'),
    name: openBox(key, places.connection(id), bytes(row, 'box')),
    scopes: words(text(row, 'scopes')) as readonly Scope[],
    createdAt: int(row, 'created_at'),
    expiresAt: int(row, 'expires_at'),
    usedAt: optionalInt(row, 'used_at'),
    revokedAt: optionalInt(row, 'revoked_at'),
  };
}

/** All connections of a client, newest first; at most 200. */
export function connections(reading: Reading, client: string): readonly Connection[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare('SELECT * FROM connections WHERE log = ? ORDER BY created_at DESC, id LIMIT 200')
    .all(log.id)
    .map((row) => connectionFrom(row, client, log.key));
}

/** The connection of a token, by its hash; ended ones too. */
export function connection(reading: Reading, hash: string): Connection | undefined {
  const row = reading.db
    .prepare('SELECT c.*, l.client FROM connections c JOIN logs l ON l.id = c.log WHERE c.hash = ?')
    .get(hash);
  const log = row === undefined ? undefined : logOf(reading, text(row, 'client'));
  return row === undefined || log === undefined ? undefined : connectionFrom(row, log.client, log.key);
}

/** What rows and lines say differently about connections: `told` is `live`, `used` or `revoked`, by id. */
export function* compareConnections(
  { db }: Reading,
  log: { readonly id: number; readonly client: string },
  told: ReadonlyMap<string, string>,
): Generator<string> {
  const rows = db.prepare('SELECT id, used_at, revoked_at FROM connections WHERE log = ?').all(log.id);
  for (const row of rows) {
    const used = optionalInt(row, 'used_at') === undefined ? 'live' : 'used';
    const state = optionalInt(row, 'revoked_at') === undefined ? used : 'revoked';
    const said = told.get(text(row, 'id'));
    if (said !== state)
      yield `${log.client}: connection ${text(row, 'id')} is ${state} in its row, ${said ?? 'unknown'} in the log`;
  }
  if (rows.length < told.size) yield `${log.client}: the log knows connections that have no row`;
}
