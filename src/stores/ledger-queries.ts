/**
 * What the reader's thread answers of what is in force, and the heads of logs; lines are in ledger-lines.ts. Read-only; each
 * answer is consistent in itself.
 */
import type { DatabaseSync } from 'node:sqlite';
import { bytesAreSpent, periodAt } from '../core/budget.ts';
import type { Login, Seat } from '../core/commands.ts';
import type { RegisteredCredential } from '../core/credential.ts';
import { type ControllerUser, type Grant, type Opening, passkeyIssuer } from '../core/model.ts';
import { ed25519Type, formatVerifierKey } from '../core/note.ts';
import type { OwnInstructions } from '../core/own-instructions.ts';
import type { Binding, DirectoryUser } from '../core/people.ts';
import type { NoticeRead } from '../core/staff-notice.ts';
import { type Keyring, openBox } from './disclosure.ts';
import type { Keys } from './keys.ts';
import { spentFrom } from './ledger-budgets.ts';
import { ownInstructions } from './ledger-instructions.ts';
import {
  controllerFrom,
  credentialFrom,
  grantFrom,
  loginFrom,
  openingFrom,
  places,
  seatFrom,
} from './ledger-rows.ts';
import { bytes, int, optionalInt, type Row, RowFault, text } from './rows.ts';

export interface Reading {
  readonly db: DatabaseSync;
  readonly keys: Keys;
  readonly keyring: Keyring;
}

/** A client's log as the reader knows it. */
export interface LogRow {
  readonly id: number;
  readonly client: string;
  readonly epoch: number;
  readonly shard: number;
  readonly key: Buffer;
}

export function logOf(reading: Reading, client: string): LogRow | undefined {
  const row = reading.db
    .prepare('SELECT id, client, epoch, shard, key FROM logs WHERE client = ?')
    .get(client);
  if (row === undefined) return undefined;
  const id = int(row, 'id');
  const key = reading.keyring.unwrap(places.log(id), bytes(row, 'key'));
  return { id, client, epoch: int(row, 'epoch'), shard: int(row, 'shard'), key };
}

/** The key of a person, under which their boxes are sealed. */
export function ownerKey(reading: Reading, id: number): Buffer {
  const row = reading.db.prepare('SELECT key FROM owners WHERE id = ?').get(id);
  if (row === undefined) throw new RowFault('a person has no key');
  return reading.keyring.unwrap(places.owner(id), bytes(row, 'key'));
}

export function toOpening(reading: Reading, client: string, row: Row): Opening {
  return openingFrom(row, client, ownerKey(reading, int(row, 'owner')));
}

export interface InForceRows {
  readonly epoch: number;
  readonly grants: readonly Grant[];
  readonly openings: readonly Opening[];
  readonly seats: readonly Seat[];
  readonly instructions?: OwnInstructions;
  readonly noticed?: number;
}

/** Rows whose status says they are live; expiry by time is the caller's to judge. Epoch 0: no log yet. */
export function inForce(reading: Reading, client: string): InForceRows {
  const log = logOf(reading, client);
  if (log === undefined) return { epoch: 0, grants: [], openings: [], seats: [] };
  const { db } = reading;
  const own = ownInstructions(db, log);
  const noticed = noticedIn(reading, log);
  const narrowed = {
    ...(own === undefined ? {} : { instructions: own }),
    ...(noticed === undefined ? {} : { noticed }),
  };
  const grants = db
    .prepare(
      "SELECT * FROM grants WHERE log = ? AND status IN ('active', 'suspended', 'waiting') ORDER BY entry",
    )
    .all(log.id)
    .map((row) => ({ ...spentOrNot(reading, withoutText(grantFrom(row, client, log.key))), ...narrowed }));
  const openings = db
    .prepare('SELECT * FROM openings WHERE log = ? AND ended_at IS NULL ORDER BY seq')
    .all(log.id)
    .map((row) => toOpening(reading, client, row));
  const seats = db
    .prepare('SELECT * FROM seats WHERE log = ? AND removed_at IS NULL ORDER BY entry')
    .all(log.id)
    .map((row) => seatFrom(row, client, ownerKey(reading, int(row, 'owner'))));
  return { epoch: log.epoch, grants, openings, seats, ...narrowed };
}

/** The last day of the contract that the client gave notice of; undefined: none. */
function noticedIn({ db }: Reading, log: LogRow): number | undefined {
  const row = db
    .prepare('SELECT ends_at FROM ending_statements WHERE log = ? ORDER BY version DESC LIMIT 1')
    .get(log.id);
  return row === undefined ? undefined : optionalInt(row, 'ends_at');
}

function withoutText({ text: _, ...grant }: Grant & { readonly text: string }): Grant {
  return grant;
}

/** With the end of the period whose bytes are used up, if the last that was used is. */
function spentOrNot({ db }: Reading, grant: Grant): Grant {
  const { budget } = grant;
  if (budget?.bytes === undefined) return grant;
  const last = db
    .prepare('SELECT * FROM budgets WHERE consent = ? ORDER BY period DESC LIMIT 1')
    .get(grant.id);
  if (last === undefined || !bytesAreSpent(budget, spentFrom(last))) return grant;
  return { ...grant, spentUntil: periodAt(budget, int(last, 'period')).until };
}

export function door(reading: Reading, hash: string): { opening: Opening; system: string } | undefined {
  const row = reading.db
    .prepare(
      `SELECT o.*, d.system, l.client FROM doors d JOIN openings o ON o.seq = d.opening JOIN logs l ON l.id = o.log
       WHERE d.hash = ? AND o.ended_at IS NULL`,
    )
    .get(hash);
  if (row === undefined) return undefined;
  return { opening: toOpening(reading, text(row, 'client'), row), system: text(row, 'system') };
}

export function epochs(reading: Reading): ReadonlyMap<string, number> {
  const rows = reading.db.prepare('SELECT client, epoch FROM logs').all();
  return new Map(rows.map((row) => [text(row, 'client'), int(row, 'epoch')]));
}

export function opening(reading: Reading, id: string): Opening | undefined {
  const row = reading.db
    .prepare('SELECT o.*, l.client FROM openings o JOIN logs l ON l.id = o.log WHERE o.id = ?')
    .get(id);
  return row === undefined ? undefined : toOpening(reading, text(row, 'client'), row);
}

export function slices(reading: Reading): ReadonlyMap<string, string> {
  const rows = reading.db.prepare('SELECT client, slice FROM logs').all();
  return new Map(rows.map((row) => [text(row, 'client'), text(row, 'slice')]));
}

export function sliceText(reading: Reading, client: string, hash: string): string | undefined {
  const log = logOf(reading, client);
  if (log === undefined) return undefined;
  const row = reading.db.prepare('SELECT box FROM slices WHERE log = ? AND hash = ?').get(log.id, hash);
  return row === undefined ? undefined : openBox(log.key, places.slice(log.id, hash), bytes(row, 'box'));
}

/** The register of a client's credentials, newest first, returned ones too. */
export function credentials(reading: Reading, client: string): readonly RegisteredCredential[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare('SELECT * FROM credentials WHERE log = ? ORDER BY recorded_at DESC, id')
    .all(log.id)
    .map((row) => {
      const { mark: _, ...shown } = credentialFrom(row, log.key);
      return shown;
    });
}

export function openingsOf(reading: Reading, person: string, limit: number): readonly Opening[] {
  const rows = reading.db
    .prepare(
      `SELECT o.*, l.client FROM owners w JOIN openings o ON o.owner = w.id JOIN logs l ON l.id = o.log
       WHERE w.token = ? ORDER BY o.opened_at DESC, o.seq DESC LIMIT ?`,
    )
    .all(reading.keyring.token('person', person), limit);
  return rows.map((row) => toOpening(reading, text(row, 'client'), row));
}

/** Openings at a client whose real reference is still owed. */
export function owed(reading: Reading, client: string): readonly Opening[] {
  const log = logOf(reading, client);
  if (log === undefined) return [];
  return reading.db
    .prepare('SELECT * FROM openings WHERE log = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 100')
    .all(log.id)
    .map((row) => toOpening(reading, client, row));
}

/** The live seat whose passkey has this credential id. */
export function passkey(reading: Reading, credentialId: string): Seat | undefined {
  const row = reading.db
    .prepare(
      `SELECT s.*, l.client FROM seats s JOIN logs l ON l.id = s.log
       WHERE s.credential = ? AND s.removed_at IS NULL AND s.method = 'passkey' ORDER BY s.entry LIMIT 1`,
    )
    .get(credentialId);
  return row === undefined
    ? undefined
    : seatFrom(row, text(row, 'client'), ownerKey(reading, int(row, 'owner')));
}

export function login(
  reading: Reading,
  id: string,
): (Login & { readonly endedAt: number | undefined }) | undefined {
  const row = reading.db.prepare('SELECT * FROM logins WHERE id = ?').get(id);
  return row === undefined ? undefined : loginFrom(row, reading.keyring.installation);
}

/** Sign-ins that live and took one another's place in one browser with this one, itself left out. */
export function besideLogin(reading: Reading, id: string): readonly string[] {
  return reading.db
    .prepare(
      `SELECT o.id FROM logins l JOIN logins o ON o.browser = l.browser AND o.id <> l.id
       WHERE l.id = ? AND o.ended_at IS NULL`,
    )
    .all(id)
    .map((row) => text(row, 'id'));
}

/** The newest refresh token of a sign-in, and when the provider last stood by it. */
export function token(
  reading: Reading,
  login: string,
): { readonly token: string; readonly confirmedAt: number } | undefined {
  const row = reading.db.prepare('SELECT confirmed_at, box FROM tokens WHERE login = ?').get(login);
  if (row === undefined) return undefined;
  const token = openBox(reading.keyring.installation, places.token(login), bytes(row, 'box'));
  return { token, confirmedAt: int(row, 'confirmed_at') };
}

/** What was learned about staff: accounts bound to entries, and the company's directory. */
export function learned(reading: Reading): {
  readonly bindings: readonly Binding[];
  readonly directory: readonly DirectoryUser[];
  readonly controllers: readonly ControllerUser[];
  readonly notices: readonly NoticeRead[];
} {
  const open = (place: string, row: Row): unknown =>
    JSON.parse(openBox(reading.keyring.installation, place, bytes(row, 'box')));
  const bindings = reading.db
    .prepare('SELECT entry, box FROM bindings ORDER BY bound_at')
    .all()
    .map(
      (row) => open(places.binding(Buffer.from(bytes(row, 'entry')).toString('base64url')), row) as Binding,
    );
  const directory = reading.db
    .prepare('SELECT id, box FROM directory ORDER BY id')
    .all()
    .map((row) => open(places.directory(text(row, 'id')), row) as DirectoryUser);
  const seats = reading.db
    .prepare(
      `SELECT s.*, l.client FROM seats s JOIN logs l ON l.id = s.log
       WHERE s.removed_at IS NULL AND s.method = 'passkey' ORDER BY s.entry`,
    )
    .all()
    .map((row) => controllerFrom(row, text(row, 'client'), ownerKey(reading, int(row, 'owner'))));
  const notices = reading.db
    .prepare('SELECT entry, box FROM notices_read ORDER BY read_at')
    .all()
    .map(
      (row) => open(places.notice(Buffer.from(bytes(row, 'entry')).toString('base64url')), row) as NoticeRead,
    );
  const controllers = seats.filter(({ issuer }) => issuer === passkeyIssuer);
  return { bindings, directory, controllers, notices };
}

/** Clients in whose log an opening has not ended. */
export function busyClients(reading: Reading): readonly string[] {
  const rows = reading.db
    .prepare('SELECT client FROM logs WHERE id IN (SELECT log FROM openings WHERE ended_at IS NULL)')
    .all();
  return rows.map((row) => text(row, 'client'));
}

/** The newest signed head of a client's current shard, and the key it verifies with. */
export function head(
  reading: Reading,
  client: string,
): { origin: string; size: number; checkpoint: string; verifierKey: string } | undefined {
  const row = reading.db
    .prepare('SELECT s.* FROM logs l JOIN shards s ON s.id = l.shard WHERE l.client = ?')
    .get(client);
  if (row === undefined) return undefined;
  const origin = text(row, 'origin');
  const verifierKey = formatVerifierKey({ name: origin, type: ed25519Type, key: reading.keys.ledgerPublic });
  return { origin, size: int(row, 'size'), checkpoint: text(row, 'checkpoint'), verifierKey };
}
