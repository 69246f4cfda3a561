/**
 * The thread that keeps and sends mail: a queue in notices.db, so that nothing is lost or told twice by itself. Without a
 * mail server each mail becomes a file of the outbox folder. A mail that was handed over but not marked before a crash is
 * sent again under the same Message-ID, by which mail systems know it.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Transporter } from 'nodemailer';
import type { Mail, MailNumbers } from '../core/mail.ts';
import { systemClock } from './clock.ts';
import { foldAddress, refusedIn } from './refused-addresses.ts';
import { createHookTable, type HookQuestion } from './notices-hooks.ts';
import { int, type Row, text } from './rows.ts';
import type { ThreadAnswer } from './thread-line.ts';

export interface NoticesData {
  /** Path of notices.db. */
  readonly file: string;
  /** Folder of files when there is no mail server. */
  readonly outbox: string;
  readonly smtpUrl: string | undefined;
  /** Address that mails come from. */
  readonly from: string;
  readonly domain: string;
  /** Milliseconds until a first retry; each further one waits twice as long, a day at most. */
  readonly retryAfter: number;
}

export type NoticesQuestion =
  | { readonly offer: readonly Mail[] }
  | { readonly ask: 'since' | 'numbers' | 'refused' }
  | { readonly ask: 'settled' }
  | HookQuestion;

const day = 86_400_000;
/** Mails that nobody took within this time are given up, and counted. */
const patience = 5 * day;
const stride = 20;
/** A server that answers slower than this is tried again later. */
const serverPatience = 20_000;

const data = workerData as NoticesData;
const clock = systemClock();
const db = open();
const hooks = createHookTable(db);
/** Made for the first mail: until then the thread does without the megabytes of what sends it. */
let transport: Transporter | undefined;

async function transportNow(): Promise<Transporter> {
  const { default: nodemailer } = await import('nodemailer');
  if (data.smtpUrl === undefined) return nodemailer.createTransport({ streamTransport: true, buffer: true });
  return nodemailer.createTransport(data.smtpUrl, {
    connectionTimeout: serverPatience,
    greetingTimeout: serverPatience,
    socketTimeout: serverPatience,
  } as object);
}

function open(): DatabaseSync {
  const made = new DatabaseSync(data.file, { timeout: 2000 });
  made.exec('PRAGMA journal_mode = WAL');
  made.exec('PRAGMA synchronous = FULL');
  made.exec('PRAGMA cache_size = -1024');
  made.exec(`CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mails (key TEXT PRIMARY KEY, mail TEXT NOT NULL, made_at INTEGER NOT NULL, tries INTEGER NOT NULL,
  next_at INTEGER NOT NULL, state TEXT NOT NULL, fault TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mails_next ON mails (next_at) WHERE state = 'waiting';
CREATE TABLE IF NOT EXISTS refused (address TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;`);
  made.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING').run('since', String(clock.now()));
  return made;
}

const insert = db.prepare("INSERT INTO mails VALUES (?, ?, ?, 0, ?, 'waiting', '') ON CONFLICT DO NOTHING");
const due = db.prepare(
  "SELECT * FROM mails WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT ?",
);
const sent = db.prepare("UPDATE mails SET state = 'sent', mail = '', fault = '' WHERE key = ?");
const later = db.prepare('UPDATE mails SET tries = tries + 1, next_at = ?, fault = ? WHERE key = ?');
const refuse = db.prepare('INSERT INTO refused VALUES (?, ?) ON CONFLICT DO NOTHING');
const taken = db.prepare('DELETE FROM refused WHERE address = ?');
const dead = db.prepare("UPDATE mails SET state = 'dead', fault = ? WHERE key = ?");

function offer(mails: readonly Mail[]): number {
  const now = clock.now();
  db.exec('BEGIN IMMEDIATE');
  let kept = 0;
  for (const mail of mails) kept += Number(insert.run(mail.key, JSON.stringify(mail), now, now).changes);
  db.exec('COMMIT');
  if (kept > 0) void work();
  return kept;
}

function numbers(): MailNumbers {
  const count = (state: string): number => {
    const row = db.prepare('SELECT count(*) AS n FROM mails WHERE state = ?').get(state);
    return row === undefined ? 0 : int(row, 'n');
  };
  const first = db.prepare("SELECT min(made_at) AS at FROM mails WHERE state = 'waiting'").get();
  const oldest = first === undefined || first.at === null ? undefined : int(first, 'at');
  return { waiting: count('waiting'), sent: count('sent'), dead: count('dead'), oldest };
}

let working: Promise<void> | undefined;
let timer: NodeJS.Timeout | undefined;

/** Sends what is due, one mail at a time; then sleeps until the next is. */
function work(): Promise<void> {
  working ??= sendDue().finally(() => {
    working = undefined;
    wakeFor();
  });
  return working;
}

async function sendDue(): Promise<void> {
  for (;;) {
    const rows = due.all(clock.now(), stride);
    if (rows.length === 0) return;
    for (const row of rows) await sendOne(row);
  }
}

function wakeFor(): void {
  clearTimeout(timer);
  const row = db.prepare("SELECT min(next_at) AS at FROM mails WHERE state = 'waiting'").get();
  if (row === undefined || row.at === null) return;
  timer = setTimeout(() => void work(), Math.min(60_000, Math.max(10, int(row, 'at') - clock.now())));
  timer.unref();
}

async function sendOne(row: Row): Promise<void> {
  const key = text(row, 'key');
  const mail = JSON.parse(text(row, 'mail')) as Mail;
  try {
    await deliver(mail, key);
    sent.run(key);
    taken.run(foldAddress(mail.to));
  } catch (cause) {
    const why = refusalOf(cause);
    const fault = Error.isError(cause) ? cause.message.slice(0, 200) : 'unknown';
    const tries = int(row, 'tries');
    if (why === 'address') refuse.run(foldAddress(mail.to), clock.now());
    if (why !== undefined || clock.now() - int(row, 'made_at') > patience) dead.run(fault, key);
    else later.run(clock.now() + Math.min(day, data.retryAfter * 2 ** Math.min(tries, 20)), fault, key);
  }
}

/**
 * Whether the server said no for good, with a code from 500 on: to this address, or to this mail. That it does not know us (a
 * wrong password, a greeting that turns us away) is mended by the provider, so mails wait for that.
 */
function refusalOf(cause: unknown): 'address' | 'mail' | undefined {
  if (!Error.isError(cause) || !('responseCode' in cause) || !('code' in cause)) return undefined;
  if (typeof cause.responseCode !== 'number' || cause.responseCode < 500) return undefined;
  if (cause.code !== 'EENVELOPE' && cause.code !== 'EMESSAGE') return undefined;
  return 'command' in cause && cause.command === 'RCPT TO' ? 'address' : 'mail';
}

async function deliver(mail: Mail, key: string): Promise<void> {
  const message = {
    from: data.from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${Buffer.from(key).toString('base64url')}@${data.domain}>`,
    headers: { 'auto-submitted': 'auto-generated', 'content-language': mail.language },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  transport ??= await transportNow();
  const built = await transport.sendMail(message);
  if (data.smtpUrl !== undefined) return;
  mkdirSync(data.outbox, { recursive: true, mode: 0o700 });
  const name = join(data.outbox, `${Buffer.from(key).toString('base64url').slice(0, 200)}.eml`);
  writeFileSync(`${name}.part`, built.message as Buffer, { mode: 0o600 });
  renameSync(`${name}.part`, name);
}

async function answer(message: NoticesQuestion): Promise<unknown> {
  if ('offer' in message) return offer(message.offer);
  if ('hooks' in message) return hooks(message);
  switch (message.ask) {
    case 'since': {
      const row = db.prepare("SELECT value FROM meta WHERE name = 'since'").get();
      return row === undefined ? clock.now() : Number(text(row, 'value'));
    }
    case 'numbers':
      return numbers();
    case 'refused':
      return refusedIn(db);
    case 'settled':
      await work();
      return undefined;
  }
}

parentPort?.on('message', (message: NoticesQuestion & { readonly id: number }) => {
  answer(message)
    .then((ok) => parentPort?.postMessage({ id: message.id, ok } satisfies ThreadAnswer))
    .catch((cause: unknown) => {
      const fault = Error.isError(cause) ? cause.message : 'unknown';
      parentPort?.postMessage({ id: message.id, fault } satisfies ThreadAnswer);
    });
});
void work();
