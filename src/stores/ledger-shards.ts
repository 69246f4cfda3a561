/**
 * The parts of a log: one shard per UTC year, the lines with which a shard and a run begin, and the turn of the year,
 * when the old shard is closed and the new one takes over what is open. All inside the transaction that needs it.
 */
import { randomBytes } from 'node:crypto';
import type { LeafFields } from '../core/entries.ts';
import { textHash } from '../core/leaf.ts';
import { emptyRange, emptyRoot } from '../core/merkle.ts';
import { ed25519Type, formatVerifierKey, keyId, mlDsaType } from '../core/note.ts';
import {
  type LogState,
  newId,
  nextIndex,
  type Pen,
  type Shard,
  sealHead,
  settle,
  writeEntry,
} from './ledger-log.ts';
import { entryKey, placeOf } from './ledger-schema.ts';
import { int, text } from './rows.ts';

export interface ShardDeps {
  readonly pen: Pen;
  /** Host of the portal, the first part of new origins. */
  readonly host: string;
  /** Shards in which this run may have written lines. */
  readonly visited: Set<number>;
}

/** The shard of a year: named, signed under its own origin. */
export function shardOf(pen: Pen, id: number, year: number, origin: string): Shard {
  return { id, year, origin, signatureId: keyId({ name: origin, type: ed25519Type, key: pen.publicKey }) };
}

/** Makes the row of a new shard; its first checkpoint is stored with its first line in the same transaction. */
export function createShard(pen: Pen, log: number, host: string, token: string, year: number): Shard {
  const origin = `${host}/ledger/${token}/${year}`;
  const { lastInsertRowid } = pen.sql.insertShard.run(
    log,
    year,
    origin,
    0,
    emptyRoot,
    new Uint8Array(0),
    0,
    '',
  );
  return shardOf(pen, Number(lastInsertRowid), year, origin);
}

/** A token of 16 characters that tells nothing of the client. */
export function newLogToken(): string {
  return randomBytes(12).toString('base64url').replaceAll('_', 'a').replaceAll('-', 'b');
}

export function yearOf(at: number): number {
  return new Date(at).getUTCFullYear();
}

/** The range of a shard as it starts. */
export const shardStart = { range: emptyRange, root: emptyRoot };

/** What `log.opened` says of the cosigner: the hash of its verifier key under this origin. */
function cosignerField(pen: Pen, origin: string): string {
  return textHash(formatVerifierKey({ name: origin, type: mlDsaType, key: pen.cosignerPublic }));
}

/** `log.opened` for a new shard, and `node.started` when this run has not written to it yet. */
export function startLines(deps: ShardDeps, log: LogState): void {
  const { pen } = deps;
  if (yearOf(log.at) > log.shard.year) turnYear(deps, log);
  if (log.started) return;
  deps.visited.add(log.shard.id);
  if (nextIndex(log) === 0) {
    writeEntry(pen, log, { t: 'log.opened', id: newId(), fields: openingFields(pen, log.shard) });
  }
  startNode(pen, log);
}

function openingFields(pen: Pen, shard: Shard): LeafFields {
  return { year: shard.year, cosigner: cosignerField(pen, shard.origin) };
}

/** Sets the time of the lines to come. */
export function setTime(log: LogState, at: number): void {
  if (at === log.at && log.atText !== '') return;
  log.at = at;
  log.atText = new Date(at).toISOString();
}

function startNode(pen: Pen, log: LogState): void {
  writeEntry(pen, log, { t: 'node.started', id: newId(), fields: {} });
  log.started = true;
}

/**
 * Closes the shard of a past year and opens the one of this year: the last line of the old names the new, the first
 * lines of the new carry the final checkpoint of the old and list what is open.
 */
function turnYear(deps: ShardDeps, log: LogState): void {
  const { pen } = deps;
  const old = log.shard;
  const shard = createShard(pen, log.id, deps.host, log.token, yearOf(log.at));
  deps.visited.add(old.id);
  if (!log.started) startNode(pen, log);
  writeEntry(pen, log, { t: 'node.stopped', id: newId(), fields: { last: log.n } });
  writeEntry(pen, log, { t: 'log.closed', id: newId(), fields: { next: shard.origin } });
  sealHead(pen, log);
  const checkpoint = log.added.head?.note ?? '';
  const size = log.added.head?.range.size ?? 0;
  settle(log);
  pen.sql.updateLogShard.run(shard.id, log.id);
  log.shard = shard;
  log.range = shardStart.range;
  log.root = shardStart.root;
  log.n = 0;
  log.started = false;
  deps.visited.add(shard.id);
  const open = stillOpen(deps, log, old.id, size);
  writeEntry(pen, log, {
    t: 'log.opened',
    id: newId(),
    fields: { ...openingFields(pen, shard), previous: old.origin, checkpoint, ...open.counts },
  });
  for (const [what, names] of open.lists) {
    for (let i = 0; i < names.length; i += 500) {
      const chunk = names.slice(i, i + 500).join(' ');
      writeEntry(pen, log, { t: 'log.opened', id: newId(), fields: { carried: what, names: chunk } });
    }
  }
}

interface StillOpen {
  readonly counts: Readonly<Record<string, number>>;
  readonly lists: readonly (readonly [string, readonly string[]])[];
}

function stillOpen(deps: ShardDeps, log: LogState, oldShard: number, size: number): StillOpen {
  const { sql } = deps.pen;
  const exchanges = sql.exchangesBetween
    .all(entryKey(oldShard, 0), entryKey(oldShard, size))
    .map((row) => String(placeOf(int(row, 'entry')).index));
  const sessions = sql.liveOpenings.all(log.id).map((row) => text(row, 'id'));
  const grants = sql.liveGrants.all(log.id).map((row) => text(row, 'id'));
  return {
    counts: { exchanges: exchanges.length, sessions: sessions.length, grants: grants.length },
    lists: [
      ['exchanges', exchanges],
      ['sessions', sessions],
      ['grants', grants],
    ],
  };
}
