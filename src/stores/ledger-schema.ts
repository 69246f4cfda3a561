/**
 * The tables of ledger.db and how it is opened: WAL, fsync at every commit, waiting at most two seconds for a lock.
 * Lines stand in one table whose key is shard * 2^32 + index; everything that names a person is in a sealed box.
 */
import { DatabaseSync } from 'node:sqlite';
import type { EntryKind } from '../core/entries.ts';

/** Shards are numbered below 2^20 and hold at most 2^32 lines, so that a line's key is a safe integer. */
const shardSpan = 2 ** 32;

export function entryKey(shard: number, index: number): number {
  return shard * shardSpan + index;
}

export function placeOf(entry: number): { shard: number; index: number } {
  return { shard: Math.floor(entry / shardSpan), index: entry % shardSpan };
}

/** Numbers of kinds as stored. Never renumber. */
export const kindNumbers: { readonly [K in EntryKind]: number } = {
  'log.opened': 1,
  'log.closed': 2,
  'node.started': 3,
  'node.stopped': 4,
  'policy.activated': 5,
  'controller.nominated': 6,
  'controller.seated': 7,
  'controller.removed': 8,
  'consent.granted': 9,
  'consent.suspended': 10,
  'consent.resumed': 11,
  'consent.revoked': 12,
  'consent.expired': 13,
  'staff.bound': 14,
  'credential.recorded': 15,
  'credential.rotated': 16,
  'credential.returned': 17,
  'session.extended': 19,
  'session.opened': 20,
  'session.closed': 21,
  'log.read': 22,
  heartbeat: 23,
  'consent.requested': 24,
  'consent.asked': 25,
  'consent.answered': 26,
  'consent.refused': 27,
  'consent.lapsed': 28,
  'session.corrected': 29,
  'session.declared': 93,
  'consent.reminded': 30,
  'consent.proposed': 18,
  'instructions.set': 31,
  'delegation.granted': 38,
  'consent.signed': 64,
  'consent.rule': 65,
  'access.intent': 32,
  'access.static': 33,
  'access.progress': 34,
  'access.result': 35,
  'access.refused': 36,
  'delegation.revoked': 37,
  'connection.created': 66,
  'connection.used': 67,
  'connection.revoked': 68,
  'hook.added': 69,
  'hook.removed': 70,
  'ending.set': 71,
  'ending.began': 72,
  'ending.lifted': 73,
  'ending.notified': 74,
  'ending.certified': 75,
  'controller.confirmed': 80,
  'controller.recovery': 81,
  'emergency.reviewed': 86,
  'drill.ran': 87,
  'matter.opened': 82,
  'matter.answered': 83,
  'matter.closed': 84,
  'copy.kept': 88,
  'copy.registered': 90,
  'copy.destroyed': 91,
  'bypass.checked': 92,
  'robot.missed': 95,
};

/**
 * What is said of exchanges (32 to 36) is frequent; all other kinds are rare, and `entries_rare` finds them. A query has to
 * hold this very text, or SQLite does not take that index.
 */
export const rareKinds = '(kind < 32 OR kind > 36)';

export function isRare(kind: number): boolean {
  return kind < 32 || kind > 36;
}

/** The tables of schema 1. What came later is in `steps`: a new database takes them all, an older one those it lacks. */
/** Schema 1, as it was first released. */
export const firstTables = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE logs (id INTEGER PRIMARY KEY, client TEXT NOT NULL UNIQUE, token TEXT NOT NULL UNIQUE,
  key BLOB NOT NULL, epoch INTEGER NOT NULL, shard INTEGER NOT NULL, slice TEXT NOT NULL);
CREATE TABLE shards (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, year INTEGER NOT NULL, origin TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL, root BLOB NOT NULL, range BLOB NOT NULL, at INTEGER NOT NULL, checkpoint TEXT NOT NULL,
  UNIQUE (log, year));
CREATE TABLE entries (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, session INTEGER, leaf TEXT NOT NULL);
CREATE INDEX entries_rare ON entries (kind, id) WHERE kind < 32;
CREATE TABLE blocks (id INTEGER PRIMARY KEY, last INTEGER NOT NULL, box BLOB NOT NULL);
CREATE TABLE personal (entry INTEGER PRIMARY KEY, owner INTEGER NOT NULL, box BLOB NOT NULL);
CREATE TABLE owners (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, token BLOB NOT NULL, key BLOB NOT NULL,
  UNIQUE (token, log));
CREATE TABLE actors (owner INTEGER NOT NULL, shard INTEGER NOT NULL, actor TEXT NOT NULL,
  PRIMARY KEY (owner, shard)) WITHOUT ROWID;
CREATE TABLE boots (id INTEGER PRIMARY KEY, boot TEXT NOT NULL UNIQUE, host TEXT NOT NULL, pid INTEGER NOT NULL,
  seen_at INTEGER NOT NULL, ended_at INTEGER);
CREATE TABLE exchanges (entry INTEGER PRIMARY KEY, boot INTEGER NOT NULL);
CREATE TABLE openings (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, log INTEGER NOT NULL, owner INTEGER NOT NULL,
  login TEXT NOT NULL, systems TEXT NOT NULL, operations TEXT NOT NULL, purpose TEXT NOT NULL, consent TEXT NOT NULL,
  opened_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, ended_at INTEGER, end_cause TEXT, entry INTEGER NOT NULL, box BLOB NOT NULL);
CREATE INDEX openings_live ON openings (log) WHERE ended_at IS NULL;
CREATE INDEX openings_owner ON openings (owner);
CREATE INDEX openings_login ON openings (login) WHERE ended_at IS NULL;
CREATE TABLE doors (hash TEXT PRIMARY KEY, opening INTEGER NOT NULL, system TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX doors_opening ON doors (opening);
CREATE TABLE codes (hash TEXT PRIMARY KEY, opening INTEGER NOT NULL, system TEXT NOT NULL, nonce TEXT NOT NULL,
  expires_at INTEGER NOT NULL, used_at INTEGER) WITHOUT ROWID;
CREATE TABLE grants (id TEXT PRIMARY KEY, log INTEGER NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL,
  systems TEXT NOT NULL, purposes TEXT NOT NULL, operations TEXT NOT NULL, from_at INTEGER NOT NULL,
  until_at INTEGER NOT NULL, text_hash TEXT NOT NULL, granted_at INTEGER NOT NULL, entry INTEGER NOT NULL,
  box BLOB NOT NULL);
CREATE INDEX grants_log ON grants (log);
CREATE TABLE seats (id TEXT PRIMARY KEY, log INTEGER NOT NULL, owner INTEGER NOT NULL, role TEXT NOT NULL,
  method TEXT NOT NULL, credential TEXT NOT NULL, public_key TEXT NOT NULL, account BLOB NOT NULL,
  seated_at INTEGER NOT NULL, removed_at INTEGER, entry INTEGER NOT NULL, box BLOB NOT NULL);
CREATE INDEX seats_log ON seats (log);
CREATE TABLE invites (hash TEXT PRIMARY KEY, log INTEGER NOT NULL, owner INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  used_at INTEGER) WITHOUT ROWID;
CREATE TABLE logins (id TEXT PRIMARY KEY, sid BLOB, subject BLOB NOT NULL, started_at INTEGER NOT NULL,
  ended_at INTEGER, box BLOB NOT NULL);
CREATE INDEX logins_sid ON logins (sid) WHERE ended_at IS NULL;
CREATE INDEX logins_subject ON logins (subject) WHERE ended_at IS NULL;
CREATE TABLE slices (log INTEGER NOT NULL, hash TEXT NOT NULL, box BLOB NOT NULL, PRIMARY KEY (log, hash));
`;

/** Each raises the schema by one. Never changed once released, only added to. */
const steps: readonly string[] = [
  // 2: what the provider calls a person in its own tokens, where that is not what identifies them here; accounts bound
  // to staff entries at their first sign-in; what the company's directory says; refresh tokens.
  `ALTER TABLE logins ADD COLUMN sub BLOB;
UPDATE logins SET sub = subject;
CREATE INDEX logins_sub ON logins (sub) WHERE ended_at IS NULL;
CREATE TABLE bindings (entry BLOB PRIMARY KEY, bound_at INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE directory (id TEXT PRIMARY KEY, changed_at INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE tokens (login TEXT PRIMARY KEY, confirmed_at INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;`,
  // 3: the register of what clients handed over; never the secrets.
  `CREATE TABLE credentials (id TEXT PRIMARY KEY, log INTEGER NOT NULL, system TEXT NOT NULL, kind TEXT NOT NULL,
  recorded_at INTEGER NOT NULL, rotated_at INTEGER, returned_at INTEGER, used_at INTEGER, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX credentials_log ON credentials (log);`,
  // 4: what technicians ask of clients, and the consents that answer it. `digest`: the same wish, asked twice.
  `ALTER TABLE grants ADD COLUMN kind TEXT NOT NULL DEFAULT 'standing';
ALTER TABLE grants ADD COLUMN request TEXT;
CREATE TABLE requests (id TEXT PRIMARY KEY, log INTEGER NOT NULL, owner INTEGER NOT NULL, status TEXT NOT NULL,
  systems TEXT NOT NULL, purpose TEXT NOT NULL, operations TEXT NOT NULL, minutes INTEGER NOT NULL,
  until_at INTEGER NOT NULL, raised_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, consent TEXT, digest BLOB NOT NULL,
  entry INTEGER NOT NULL, box BLOB NOT NULL);
CREATE INDEX requests_log ON requests (log);
CREATE INDEX requests_owner ON requests (owner);
CREATE UNIQUE INDEX requests_open ON requests (digest) WHERE status IN ('raised', 'more_info');`,
  // 5: budgets of consents, what was used of them in each period, and how much of a running exchange is counted in it.
  `ALTER TABLE grants ADD COLUMN budget TEXT;
CREATE TABLE budgets (consent TEXT NOT NULL, period INTEGER NOT NULL, openings INTEGER NOT NULL, minutes INTEGER NOT NULL,
  bytes INTEGER NOT NULL, PRIMARY KEY (consent, period)) WITHOUT ROWID;
CREATE TABLE counted (request TEXT PRIMARY KEY, consent TEXT NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;`,
  // 6: invitations of a link and a code; who invited a seat, and from when on it may sign. Codes alone are void.
  `DROP TABLE invites;
CREATE TABLE invitations (link TEXT PRIMARY KEY, id TEXT NOT NULL, log INTEGER NOT NULL, owner INTEGER NOT NULL,
  code TEXT NOT NULL, expires_at INTEGER NOT NULL, wrong INTEGER NOT NULL, used_at INTEGER, inviter TEXT, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX invitations_owner ON invitations (owner);
ALTER TABLE seats ADD COLUMN grants_from INTEGER;
ALTER TABLE seats ADD COLUMN inviter TEXT;
CREATE INDEX seats_credential ON seats (credential) WHERE removed_at IS NULL;`,
  // 7: consents whose clock starts at their first use.
  `ALTER TABLE grants ADD COLUMN first_use TEXT;
ALTER TABLE grants ADD COLUMN started_at INTEGER;`,
  // 8: the longest access that a consent permits.
  'ALTER TABLE grants ADD COLUMN minutes INTEGER',
  // 9: from when on a request is of use; the running access that it is to lengthen.
  `ALTER TABLE requests ADD COLUMN from_at INTEGER;
ALTER TABLE requests ADD COLUMN opening TEXT;`,
  // 10: until when the real reference of an access is owed, and how often it was mended.
  `ALTER TABLE openings ADD COLUMN due_at INTEGER;
ALTER TABLE openings ADD COLUMN corrections INTEGER NOT NULL DEFAULT 0;
CREATE INDEX openings_owed ON openings (log, owner) WHERE due_at IS NOT NULL;`,
  // 11: what the provider proposes, and the consents that came of it.
  `ALTER TABLE grants ADD COLUMN proposal TEXT;
CREATE TABLE proposals (id TEXT PRIMARY KEY, log INTEGER NOT NULL, status TEXT NOT NULL, template TEXT NOT NULL,
  systems TEXT NOT NULL, purposes TEXT NOT NULL, operations TEXT NOT NULL, days INTEGER NOT NULL, once INTEGER,
  budget TEXT, proposed_at INTEGER NOT NULL, until_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, consent TEXT,
  entry INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX proposals_log ON proposals (log);`,
  // 12: the client's own instructions, version by version.
  `CREATE TABLE instructions (log INTEGER NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, set_at INTEGER NOT NULL,
  box BLOB NOT NULL, PRIMARY KEY (log, version)) WITHOUT ROWID;`,
  // 13: in which frames delegates may agree, and what they agreed to within them.
  `CREATE TABLE delegations (id TEXT PRIMARY KEY, log INTEGER NOT NULL, owner INTEGER NOT NULL, status TEXT NOT NULL,
  seat TEXT NOT NULL, systems TEXT NOT NULL, purposes TEXT NOT NULL, operations TEXT NOT NULL, minutes INTEGER NOT NULL,
  hours TEXT NOT NULL, from_at INTEGER NOT NULL, until_at INTEGER NOT NULL, granted_at INTEGER NOT NULL,
  entry INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX delegations_owner ON delegations (owner) WHERE status = 'active';
CREATE INDEX delegations_log ON delegations (log);
ALTER TABLE grants ADD COLUMN delegation TEXT;
CREATE INDEX grants_delegation ON grants (delegation) WHERE delegation IS NOT NULL;`,
  // 14: who signed each consent, how many must, and until when one whose signer was removed holds; the client's own rule.
  // Kinds from 64 on are rare, too.
  `CREATE TABLE signatures (seq INTEGER PRIMARY KEY, consent TEXT NOT NULL, seat TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX signatures_consent ON signatures (consent);
INSERT INTO signatures (consent, seat, at)
  SELECT g.id, json_extract(e.leaf, '$.seat'), g.granted_at FROM grants g JOIN entries e ON e.id = g.entry ORDER BY g.entry;
ALTER TABLE grants ADD COLUMN needed INTEGER NOT NULL DEFAULT 1;
ALTER TABLE grants ADD COLUMN confirm_by INTEGER;
CREATE TABLE rules (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, log INTEGER NOT NULL, wish TEXT NOT NULL, status TEXT NOT NULL,
  text_hash TEXT NOT NULL, seat TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX rules_log ON rules (log);
DROP INDEX entries_rare;
CREATE INDEX entries_rare ON entries (kind, id) WHERE kind < 32 OR kind > 63;`,
  // 15: programs that act for people of clients; of a token its hash alone.
  `CREATE TABLE connections (id TEXT PRIMARY KEY, log INTEGER NOT NULL, seat TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER, revoked_at INTEGER,
  box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX connections_log ON connections (log);`,
  // 16: views of the history that people of clients kept.
  `CREATE TABLE views (id TEXT PRIMARY KEY, owner INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX views_owner ON views (owner);`,
  // 17: recovery codes, of which only keyed marks are kept; which seats the client's users are told of, and have seen.
  `ALTER TABLE seats ADD COLUMN arrival TEXT;
ALTER TABLE seats ADD COLUMN seen_at INTEGER;
CREATE TABLE recoveries (name TEXT PRIMARY KEY, log INTEGER NOT NULL, owner INTEGER NOT NULL, made_at INTEGER NOT NULL,
  wrong INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX recoveries_owner ON recoveries (owner);
CREATE TABLE recovery_codes (code BLOB PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX recovery_codes_name ON recovery_codes (name);`,
  // What is said of exchanges is frequent, everything else rare.
  `DROP INDEX entries_rare;
CREATE INDEX entries_rare ON entries (kind, id) WHERE kind < 32 OR kind > 36;`,
  // Consents with a clause for emergencies, the accesses that were declared emergencies, and their reviews.
  `ALTER TABLE grants ADD COLUMN emergency TEXT;
ALTER TABLE openings ADD COLUMN emergency INTEGER NOT NULL DEFAULT 0;
CREATE TABLE emergencies (opening TEXT PRIMARY KEY, log INTEGER NOT NULL, consent TEXT NOT NULL, at INTEGER NOT NULL,
  mark TEXT NOT NULL, review_by INTEGER NOT NULL, reviewed_at INTEGER, outcome TEXT, seat TEXT, box BLOB) WITHOUT ROWID;
CREATE INDEX emergencies_log ON emergencies (log);`,
  // What clients ask about accesses or dispute, and what was said.
  `CREATE TABLE matters (id TEXT PRIMARY KEY, log INTEGER NOT NULL, owner INTEGER NOT NULL, opening TEXT NOT NULL, what TEXT NOT NULL,
  status TEXT NOT NULL, opened_at INTEGER NOT NULL, due_at INTEGER, changed_at INTEGER NOT NULL, said INTEGER NOT NULL,
  entry INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX matters_log ON matters (log);
CREATE INDEX matters_opening ON matters (opening);
CREATE INDEX matters_open ON matters (due_at) WHERE status = 'open';`,
  // People who sign in by mail and code: their apps' secrets, sealed, and what was tried.
  `CREATE TABLE totps (seat TEXT PRIMARY KEY, box BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE totp_tries (owner INTEGER PRIMARY KEY, step INTEGER NOT NULL, wrong INTEGER NOT NULL,
  locked_until INTEGER NOT NULL);
CREATE INDEX seats_mail ON seats (account) WHERE method = 'mail-totp';`,
  // Which version of the notice to staff was read by whom, sealed.
  'CREATE TABLE notices_read (entry BLOB PRIMARY KEY, read_at INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;',
  `CREATE TABLE hooks (id TEXT PRIMARY KEY, log INTEGER NOT NULL, seat TEXT NOT NULL, events TEXT NOT NULL,
  added_at INTEGER NOT NULL, removed_at INTEGER, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX hooks_log ON hooks (log);`,
  // What the provider's staff contest: the consent, the instruction under it, and how the client answered.
  `ALTER TABLE matters ADD COLUMN consent TEXT;
ALTER TABLE matters ADD COLUMN instruction TEXT;
ALTER TABLE matters ADD COLUMN outcome TEXT;
CREATE INDEX matters_contested ON matters (consent) WHERE consent IS NOT NULL AND status = 'open';
CREATE INDEX matters_owner ON matters (owner) WHERE what = 'contest';`,
  // Accesses outside: when what was done was said, and in which line; 0: it is owed.
  `ALTER TABLE openings ADD COLUMN said_at INTEGER;
ALTER TABLE openings ADD COLUMN said_entry INTEGER;
CREATE INDEX openings_unsaid ON openings (log, owner) WHERE said_at = 0;`,
  // Credentials of tools, by their hash alone.
  `CREATE TABLE tools (hash TEXT PRIMARY KEY, opening INTEGER NOT NULL, made_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX tools_opening ON tools (opening);`,
  // How often in a row wrong codes locked somebody out, and when last.
  `ALTER TABLE totp_tries ADD COLUMN locks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE totp_tries ADD COLUMN locked_at INTEGER;`,
  // Sessions of the command line, by their hash alone; what their machines said of themselves is sealed.
  `CREATE TABLE command_lines (hash TEXT PRIMARY KEY, login TEXT NOT NULL, made_at INTEGER NOT NULL, used_at INTEGER NOT NULL,
  box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX command_lines_login ON command_lines (login);`,
  // Up to when it was looked whether a robot came.
  `CREATE TABLE robot_runs (log INTEGER NOT NULL, robot TEXT NOT NULL, system TEXT NOT NULL, plan TEXT NOT NULL,
  upto INTEGER NOT NULL, PRIMARY KEY (log, robot, system)) WITHOUT ROWID;`,
  // Copies that left, by the exchange that carried them; where they are kept and how they came to an end.
  `CREATE TABLE copies (request TEXT PRIMARY KEY, log INTEGER NOT NULL, owner INTEGER NOT NULL, opening INTEGER NOT NULL,
  system TEXT NOT NULL, purpose TEXT NOT NULL, registered_at INTEGER NOT NULL, destroy_by INTEGER NOT NULL,
  grace_days INTEGER NOT NULL, answer_by INTEGER NOT NULL, kept_at INTEGER, bytes INTEGER NOT NULL DEFAULT 0, outcome TEXT,
  digest TEXT, gone_at INTEGER, how TEXT, done_at INTEGER, entry INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX copies_log ON copies (log, destroy_by);
CREATE INDEX copies_there ON copies (owner) WHERE gone_at IS NULL;
CREATE INDEX copies_opening ON copies (opening);`,
  // By which session of the command line it was declared, by its hash; null: in a browser, or by a robot.
  `ALTER TABLE openings ADD COLUMN command_line TEXT;
CREATE INDEX openings_command_line ON openings (command_line) WHERE command_line IS NOT NULL AND ended_at IS NULL;`,
  // Copies that agreements limit, and the budget that a copy uses while it runs.
  `ALTER TABLE budgets ADD COLUMN copies INTEGER NOT NULL DEFAULT 0;
ALTER TABLE budgets ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
ALTER TABLE copies ADD COLUMN consent TEXT;
ALTER TABLE copies ADD COLUMN period INTEGER;
ALTER TABLE copies ADD COLUMN at_most INTEGER;`,
  // Of sign-ins that took one another's place in one browser: the first of them.
  `ALTER TABLE logins ADD COLUMN browser TEXT;
CREATE INDEX logins_browser ON logins (browser) WHERE browser IS NOT NULL AND ended_at IS NULL;`,
  // The end of contracts: what clients signed about it, when it came, notices of erasure, certificates.
  `CREATE TABLE ending_statements (log INTEGER NOT NULL, version INTEGER NOT NULL, hash TEXT NOT NULL, ends_at INTEGER,
  set_at INTEGER NOT NULL, box BLOB NOT NULL, PRIMARY KEY (log, version)) WITHOUT ROWID;
CREATE TABLE endings (id TEXT PRIMARY KEY, log INTEGER NOT NULL, cause TEXT NOT NULL, since_at INTEGER NOT NULL,
  began_at INTEGER NOT NULL, lifted_at INTEGER, certified_at INTEGER, hash TEXT, entry INTEGER NOT NULL, box BLOB) WITHOUT ROWID;
CREATE INDEX endings_log ON endings (log);
CREATE TABLE erasure_notices (id TEXT PRIMARY KEY, log INTEGER NOT NULL, ending TEXT NOT NULL, what TEXT NOT NULL,
  at INTEGER NOT NULL, from_at INTEGER NOT NULL, entry INTEGER NOT NULL, box BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX erasure_notices_ending ON erasure_notices (ending);`,
];

export const schemaVersion = 1 + steps.length;

/** Opens the database for writing and makes the tables in a new one. Throws what SQLite throws. */
export function openForWriting(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 2000 });
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  db.exec('PRAGMA wal_autocheckpoint = 4000');
  // The writer only adds: of old pages it needs few again.
  db.exec('PRAGMA cache_size = -2048');
  db.exec('PRAGMA temp_store = MEMORY');
  db.exec('BEGIN IMMEDIATE');
  try {
    const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").get();
    if (known === undefined) {
      db.exec(firstTables);
      db.exec("INSERT INTO meta VALUES ('schema', '1')");
    }
    bringUp(db);
    checkVersion(db);
    db.exec('COMMIT');
  } catch (cause) {
    db.close();
    throw cause;
  }
  return db;
}

/** Takes the steps that this database lacks, in the transaction that is open. */
function bringUp(db: DatabaseSync): void {
  const row = db.prepare("SELECT value FROM meta WHERE name = 'schema'").get();
  const missing = steps.slice(Number(row?.value) - 1);
  for (const step of missing) db.exec(step);
  if (missing.length > 0)
    db.prepare("UPDATE meta SET value = ? WHERE name = 'schema'").run(String(schemaVersion));
}

/** Old pages that a connection keeps, in KiB: each commit of the writer makes them worthless, so most need few. */
const usualCache = 2048;
/** For whoever reads much of one commit. */
export const largeCache = 16_384;

/** Opens the database read-only: it never changes a byte of it. */
export function openForReading(file: string, cache = usualCache): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 2000 });
  db.exec(`PRAGMA cache_size = -${cache}`);
  checkVersion(db);
  return db;
}

function checkVersion(db: DatabaseSync): void {
  const row = db.prepare("SELECT value FROM meta WHERE name = 'schema'").get();
  if (row?.value !== String(schemaVersion)) {
    throw new Error(`ledger.db has schema ${String(row?.value)}, this program reads ${schemaVersion}`);
  }
}
