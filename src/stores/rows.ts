/**
 * Reading what SQLite answers: each accessor checks the type it promises, so a damaged or foreign row is an error
 * here and not a wrong value later.
 */
import type { SQLOutputValue } from 'node:sqlite';

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** The database holds something it cannot hold: damage, or a foreign hand. */
export class RowFault extends Error {}

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new RowFault(`column ${column} holds no text`);
  return value;
}

export function int(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new RowFault(`column ${column} holds no integer`);
  return value;
}

export function optionalInt(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : int(row, column);
}

export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!ArrayBuffer.isView(value)) throw new RowFault(`column ${column} holds no bytes`);
  return value;
}
