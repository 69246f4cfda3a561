/**
 * Persons within one log: the key that locks what names them there, found by a keyed token so that the table names
 * nobody, and the random pseudonym by which one shard's lines tell them apart.
 */

import { type Keyring, random } from './disclosure.ts';
import type { LogState, Owner, Pen } from './ledger-log.ts';
import { places } from './ledger-rows.ts';
import { bytes, int, text } from './rows.ts';

/** The person in this log and its current shard; made on first use. `person` is a staff or controller id. */
export function ownerOf(pen: Pen, log: LogState, person: string): Owner {
  const token = pen.keyring.token('person', person);
  const row = pen.sql.ownerByToken.get(token, log.id);
  const known =
    row === undefined
      ? createOwner(pen, log, token)
      : { id: int(row, 'id'), key: pen.keyring.unwrap(places.owner(int(row, 'id')), bytes(row, 'key')) };
  return { ...known, actor: actorOf(pen, log, known.id) };
}

function createOwner(pen: Pen, log: LogState, token: Buffer): { id: number; key: Buffer } {
  const id = Number(pen.sql.insertOwner.run(log.id, token, new Uint8Array(0)).lastInsertRowid);
  const { key, wrapped } = pen.keyring.create(places.owner(id));
  pen.sql.updateOwnerKey.run(wrapped, id);
  return { id, key };
}

function actorOf(pen: Pen, log: LogState, owner: number): string {
  const row = pen.sql.actorOf.get(owner, log.shard.id);
  if (row !== undefined) return text(row, 'actor');
  const actor = random(9).toString('base64url');
  pen.sql.insertActor.run(owner, log.shard.id, actor);
  return actor;
}

/** Whether a text of this client names these very people, in this order: by their ids, or all by what stands for them there. */
export function saysPeople(
  keyring: Pick<Keyring, 'term'>,
  client: string,
  said: readonly string[],
  people: readonly string[],
): boolean {
  const told = said.join(' ');
  return told === people.join(' ') || told === people.map((one) => keyring.term(client, one)).join(' ');
}
