/** The addresses that mail servers refused, as notices.db keeps them: for the thread that writes it, and for commands beside it. */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { RefusedAddresses } from '../core/mail.ts';
import { int, text } from './rows.ts';

/** Mail systems tell letters of an address apart in theory only. */
export function foldAddress(address: string): string {
  return address.toLowerCase();
}

export function refusedIn(db: DatabaseSync): RefusedAddresses {
  const rows = db.prepare('SELECT address, at FROM refused').all();
  return new Map(rows.map((row) => [text(row, 'address'), int(row, 'at')]));
}

/** Reads the file of a gateway that runs, or ran; none was ever written: nothing was refused. Never writes. */
export function readRefused(file: string): RefusedAddresses {
  if (!existsSync(file)) return new Map();
  const db = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
  try {
    const known = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'refused'").get();
    return known === undefined ? new Map() : refusedIn(db);
  } finally {
    db.close();
  }
}
