/**
 * Opens the boxes beside a log's lines: the blocks under the client's key and each person's box. What is gone stays
 * gone: a group without a readable box is erased. One instance serves one log and keeps the last block it opened.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { LeafFields } from '../core/entries.ts';
import { isFlat } from '../core/leaf.ts';
import { type Keyring, openBox } from './disclosure.ts';
import { places } from './ledger-rows.ts';
import { entryKey, placeOf } from './ledger-schema.ts';
import { bytes, int } from './rows.ts';

/** One group as stored: its nonce (base64url) and the canonical JSON it was committed with. */
export interface Opened {
  readonly nonce: string;
  readonly json: string;
}

export interface Boxes {
  /** Those under the client's key alone. */
  sharedAt(entry: number): ReadonlyMap<string, Opened> | undefined;
  /** The groups of a line that can still be read, by name. */
  groupsAt(entry: number): ReadonlyMap<string, Opened>;
}

/** The content of a group, parsed. */
export function groupValue(opened: Opened): LeafFields {
  const value: unknown = JSON.parse(opened.json);
  return isFlat(value) ? value : {};
}

export function createBoxes(db: DatabaseSync, keyring: Keyring, log: number, clientKey: Buffer): Boxes {
  const blockAt = db.prepare(
    'SELECT id, last, box FROM blocks WHERE id >= ? AND id <= ? ORDER BY id DESC LIMIT 1',
  );
  const personalAt = db.prepare(
    'SELECT p.box, o.id, o.key FROM personal p JOIN owners o ON o.id = p.owner WHERE p.entry = ?',
  );
  const ownerKeys = new Map<number, Buffer>();
  let block: { from: number; to: number; groups: Map<number, Map<string, Opened>> } | undefined;

  function blockFor(entry: number): Map<string, Opened> | undefined {
    if (block === undefined || entry < block.from || entry > block.to) {
      const { shard } = placeOf(entry);
      const row = blockAt.get(entryKey(shard, 0), entry);
      if (row === undefined) return undefined;
      const from = int(row, 'id');
      const content = openBox(clientKey, places.block(log, from), bytes(row, 'box'));
      block = { from, to: entryKey(shard, int(row, 'last')), groups: parseGroups(content, shard) };
    }
    return block.groups.get(entry);
  }

  function ownerKey(id: number, wrapped: Uint8Array): Buffer {
    const known = ownerKeys.get(id);
    if (known !== undefined) return known;
    const key = keyring.unwrap(places.owner(id), wrapped);
    ownerKeys.set(id, key);
    return key;
  }

  return {
    sharedAt: blockFor,
    groupsAt(entry) {
      const all = new Map(blockFor(entry));
      const row = personalAt.get(entry);
      if (row !== undefined) {
        const key = ownerKey(int(row, 'id'), bytes(row, 'key'));
        const content = openBox(key, places.personal(log, entry), bytes(row, 'box'));
        for (const [group, opened] of parseGroups(content, placeOf(entry).shard).get(entry) ?? []) {
          all.set(group, opened);
        }
      }
      return all;
    },
  };
}

/** Lines of `index group nonce json`. */
function parseGroups(content: string, shard: number): Map<number, Map<string, Opened>> {
  const groups = new Map<number, Map<string, Opened>>();
  for (const line of content.split('\n')) {
    const [index = '', group = '', nonce = ''] = line.split(' ', 3);
    const json = line.slice(index.length + group.length + nonce.length + 3);
    const key = entryKey(shard, Number(index));
    const at = groups.get(key) ?? new Map<string, Opened>();
    at.set(group, { nonce, json });
    groups.set(key, at);
  }
  return groups;
}
