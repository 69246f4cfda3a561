/**
 * Webhooks of a client: added and removed, each with its line. Address and secret lie sealed under the client's key; whether
 * a hook still lives is read anew for each message.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { type Hook, type HookEvent, type HookTarget, mostHooks } from '../core/hooks.ts';
import { openBox, sealBox } from './disclosure.ts';
import { type Acts, conflict, seatFields, write } from './ledger-acts.ts';
import { newId } from './ledger-log.ts';
import { logOf, type Reading } from './ledger-queries.ts';
import { places, words } from './ledger-rows.ts';
import { unfit } from './ledger-seated.ts';
import { bytes, int, optionalInt, type Row, RowFault, text } from './rows.ts';

/** `hook.added` and the row. The line tells where it leads, without the path, which may be a secret. */
export function addHook(acts: Acts, command: Extract<Command, { do: 'hook-add' }>): Answers['hook-add'] {
  const { client, hook, by } = command;
  const log = acts.heads.touch(client, acts.now);
  const refused = unfit(acts, log, by);
  if (refused !== undefined || !('seat' in by)) return { refused: refused ?? 'not_seated' };
  if (hook.events.length === 0) throw conflict('the webhook is told of nothing');
  const live = acts.pen.sql.liveHooks.get(log.id);
  if (Number(live?.count) >= mostHooks) return { refused: 'too_many_hooks' };
  const { id, events, address, secret } = hook;
  const box = sealBox(log.key, places.hook(id), JSON.stringify({ address, secret }));
  acts.pen.sql.insertHook.run(id, log.id, by.seat, events.join(' '), log.at, box);
  const receipt = write(acts, log, {
    t: 'hook.added',
    id: newId(),
    fields: { hook: id, ...seatFields(by), events: events.join(' ') },
    groups: { work: { note: new URL(address).origin } },
  });
  return { receipt };
}

/** `hook.removed`; one that was removed already stays as it is. */
export function removeHook(
  acts: Acts,
  command: Extract<Command, { do: 'hook-remove' }>,
): Answers['hook-remove'] {
  const { client, hook, by } = command;
  const log = acts.heads.touch(client, acts.now);
  const refused = unfit(acts, log, by);
  if (refused !== undefined || !('seat' in by)) return { refused: refused ?? 'not_seated' };
  const row = acts.pen.sql.hookById.get(hook);
  if (row === undefined || int(row, 'log') !== log.id) return { refused: 'hook_unknown' };
  if (optionalInt(row, 'removed_at') !== undefined) return { already: true };
  acts.pen.sql.removeHook.run(log.at, hook);
  return {
    receipt: write(acts, log, { t: 'hook.removed', id: newId(), fields: { hook, ...seatFields(by) } }),
  };
}

function boxOf(row: Row, key: Buffer): Pick<HookTarget, 'address' | 'secret'> {
  const place = places.hook(text(row, 'id'));
  const told: unknown = JSON.parse(openBox(key, place, bytes(row, 'box')));
  if (typeof told !== 'object' || told === null || !('address' in told) || !('secret' in told))
    throw new RowFault(`${place} holds no address`);
  return { address: String(told.address), secret: String(told.secret) };
}

function hookFrom(row: Row, client: string, key: Buffer): Hook {
  return {
    id: text(row, 'id'),
    client,
    seat: text(row, 'seat'),
    events: words(text(row, 'events')) as readonly HookEvent[],
    origin: new URL(boxOf(row, key).address).origin,
    addedAt: int(row, 'added_at'),
    removedAt: optionalInt(row, 'removed_at'),
  };
}

/** All hooks of a client, newest first; at most 100. */
export function hooks(reading: Reading, client: string): readonly Hook[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare('SELECT * FROM hooks WHERE log = ? ORDER BY added_at DESC, id LIMIT 100')
    .all(log.id)
    .map((row) => hookFrom(row, client, log.key));
}

const live = `SELECT h.*, l.client FROM hooks h JOIN logs l ON l.id = h.log JOIN seats s ON s.id = h.seat
  WHERE h.removed_at IS NULL AND s.removed_at IS NULL`;

/** Those of all clients that nobody removed, and whose seat is held. */
export function liveHooks(reading: Reading): readonly Hook[] {
  return reading.db
    .prepare(live)
    .all()
    .flatMap((row) => {
      const log = logOf(reading, text(row, 'client'));
      return log === undefined ? [] : [hookFrom(row, log.client, log.key)];
    });
}

/** Where one of them leads, and what signs. */
export function hookTarget(reading: Reading, id: string): HookTarget | undefined {
  const row = reading.db.prepare(`${live} AND h.id = ?`).get(id);
  const log = row === undefined ? undefined : logOf(reading, text(row, 'client'));
  return row === undefined || log === undefined ? undefined : { client: log.client, ...boxOf(row, log.key) };
}

/** What rows and lines say differently about webhooks. */
export function* compareHooks(
  { db }: Reading,
  log: { readonly id: number; readonly client: string },
  told: ReadonlyMap<string, boolean>,
): Generator<string> {
  const rows = db.prepare('SELECT id, removed_at FROM hooks WHERE log = ?').all(log.id);
  for (const row of rows) {
    const there = optionalInt(row, 'removed_at') === undefined;
    if (told.get(text(row, 'id')) !== there)
      yield `${log.client}: webhook ${text(row, 'id')} is ${there ? 'there' : 'removed'} in its row and not so in the log`;
  }
  if (rows.length < told.size) yield `${log.client}: the log knows webhooks that have no row`;
}
