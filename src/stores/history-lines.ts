/**
 * Reads of a line no more than counting needs. Lines of exchanges come by the thousand, so their few members are cut out
 * where they stand instead of parsing all of it; a line in which anything is escaped, and any other line, is parsed.
 */
import type { LeafFields, LeafValue } from '../core/entries.ts';
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

/** A member's name as it stands before its value. Lists of them are sorted, as members of a line are. */
type Name = readonly [name: string, written: string];

const namesOf = (...names: readonly string[]): readonly Name[] =>
  names.map((name) => [name, `${JSON.stringify(name)}:`]);

const exchange = namesOf('at', 'dest', 'method', 'operation', 'system');
const result = namesOf('at', 'disposition', 'down', 'intent', 'outcome', 'shard', 'status', 'type', 'up');

/** What counting reads of lines of these kinds. */
const wanted: Readonly<Record<number, readonly Name[] | undefined>> = {
  [kindNumbers['access.intent']]: exchange,
  [kindNumbers['access.static']]: exchange,
  [kindNumbers['access.result']]: result,
};

/** At least what counting needs of a line; undefined for what is no line. Throws what JSON.parse throws. */
export function readLine(kind: number, leaf: string): LeafFields | undefined {
  const names = leaf.includes('\\') ? undefined : wanted[kind];
  if (names !== undefined) return cutOut(leaf, names);
  const parsed: unknown = JSON.parse(leaf);
  return isFlat(parsed) ? parsed : undefined;
}

/** Without escapes a quote stands only around names and strings, so a name with its colon is found where it is a name. */
function cutOut(leaf: string, names: readonly Name[]): LeafFields {
  const fields: Record<string, LeafValue> = {};
  let end = 0;
  for (const [name, written] of names) {
    const at = leaf.indexOf(written, end);
    if (at < 0) continue;
    const from = at + written.length;
    if (leaf[from] === '"') {
      end = leaf.indexOf('"', from + 1);
      fields[name] = leaf.slice(from + 1, end);
    } else {
      end = leaf.indexOf(',', from);
      if (end < 0) end = leaf.length - 1;
      const value = Number(leaf.slice(from, end));
      if (!Number.isNaN(value)) fields[name] = value;
    }
  }
  return fields;
}
