/**
 * Reads of a line no more than counting needs. Lines of exchanges come by the thousand, so their few members are cut out
 * where they stand instead of parsing all of it; a line in which anything is escaped, and any other line, is parsed.
 */
import type { LeafValue } from '../core/entries.ts';
import type { ReadFields } from '../core/history.ts';
import { isFlat } from '../core/leaf.ts';
import { kindNumbers } from './ledger-schema.ts';
import { RowFault } from './rows.ts';

/** A row of the log: key, kind, number of the opening if there is one, bytes of the line. */
export type LineRow = readonly [entry: number, kind: number, session: number | null, leaf: string];

/** Throws RowFault for what is no such row. */
export function lineRow(row: unknown): LineRow {
  if (!isLineRow(row)) throw new RowFault('a line of the log is none');
  return row;
}

function isLineRow(row: unknown): row is LineRow {
  if (!Array.isArray(row) || row.length !== 4) return false;
  const [entry, kind, session, leaf] = row as readonly unknown[];
  return (
    typeof entry === 'number' &&
    typeof kind === 'number' &&
    (session === null || typeof session === 'number') &&
    typeof leaf === 'string'
  );
}

const intent = kindNumbers['access.intent'];
const covered = kindNumbers['access.static'];
const result = kindNumbers['access.result'];

/** At least what counting needs of a line; undefined for what is no line. Throws what JSON.parse throws. */
export function readLine(kind: number, leaf: string): ReadFields | undefined {
  const exchanges = kind === result || kind === intent || kind === covered;
  if (exchanges && !leaf.includes('\\')) return kind === result ? ofResult(leaf) : ofIntent(leaf);
  const parsed: unknown = JSON.parse(leaf);
  return isFlat(parsed) ? parsed : undefined;
}

function ofIntent(leaf: string): ReadFields {
  const cut = new Cut(leaf);
  return {
    at: cut.value('"at":'),
    dest: cut.value('"dest":'),
    method: cut.value('"method":'),
    operation: cut.value('"operation":'),
    system: cut.value('"system":'),
  };
}

function ofResult(leaf: string): ReadFields {
  const cut = new Cut(leaf);
  return {
    at: cut.value('"at":'),
    disposition: cut.value('"disposition":'),
    down: cut.value('"down":'),
    intent: cut.value('"intent":'),
    outcome: cut.value('"outcome":'),
    shard: cut.value('"shard":'),
    status: cut.value('"status":'),
    type: cut.value('"type":'),
    up: cut.value('"up":'),
  };
}

/** Members of a line, cut out in the order in which they stand, which is that of their names. */
class Cut {
  readonly #leaf: string;
  #end = 0;

  constructor(leaf: string) {
    this.#leaf = leaf;
  }

  /**
   * The value of a member, `name` as it stands before it; undefined when it is not there. Without escapes a quote stands only around
   * names and strings, so a name with its colon is found where it is a name.
   */
  value(name: string): LeafValue | undefined {
    const leaf = this.#leaf;
    const at = leaf.indexOf(name, this.#end);
    if (at < 0) return undefined;
    const from = at + name.length;
    if (leaf[from] === '"') {
      this.#end = leaf.indexOf('"', from + 1);
      return leaf.slice(from + 1, this.#end);
    }
    const end = leaf.indexOf(',', from);
    this.#end = end < 0 ? leaf.length - 1 : end;
    const value = Number(leaf.slice(from, this.#end));
    return Number.isNaN(value) ? undefined : value;
  }
}
