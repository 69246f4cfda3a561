/**
 * Keeps and sends mail, in the portal's thread: a queue in notices.db, so that nothing is lost or told twice by itself. Without a
 * mail server each mail becomes a file of the outbox folder. A mail that was handed over but not marked before a crash is
 * sent again under the same Message-ID, by which mail systems know it.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { MessagePort } from 'node:worker_threads';
import type { Transporter } from 'nodemailer';
import type { Mail, MailNumbers } from '../core/mail.ts';
import { systemClock } from './clock.ts';
import { createHookTable, type HookQuestion } from './notices-hooks.ts';
import { foldAddress, refusedIn } from './refused-addresses.ts';
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

const clock = systemClock();

/**
 * Opens the queue and answers on the port; sends at once what an earlier run left. Throws what SQLite throws; closes the port
 * when the database fails while nobody asks.
 */
export function serveNotices(port: MessagePort, data: NoticesData): void {
  const queue = new NoticesQueue(data, () => port.close());
  port.on('message', (message: NoticesQuestion & { readonly id: number }) => {
    queue
      .answer(message)
      .then((ok) => port.postMessage({ id: message.id, ok } satisfies ThreadAnswer))
      .catch((cause: unknown) => {
        const fault = Error.isError(cause) ? cause.message : 'unknown';
        port.postMessage({ id: message.id, fault } satisfies ThreadAnswer);
      });
  });
  port.on('close', () => queue.close());
  queue.begin();
}

function open(file: string): DatabaseSync {
  const made = new DatabaseSync(file, { timeout: 2000 });
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

/** One instance belongs to one connection. */
class NoticesQueue {
  readonly #data: NoticesData;
  readonly #db: DatabaseSync;
  readonly #failed: () => void;
  readonly #hooks: (question: HookQuestion) => unknown;
  readonly #insert: StatementSync;
  readonly #due: StatementSync;
  readonly #sent: StatementSync;
  readonly #later: StatementSync;
  readonly #refuse: StatementSync;
  readonly #taken: StatementSync;
  readonly #dead: StatementSync;
  /** Made for the first mail: until then the thread does without the megabytes of what sends it. */
  #transport: Transporter | undefined;
  #working: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(data: NoticesData, failed: () => void) {
    this.#data = data;
    this.#failed = failed;
    this.#db = open(data.file);
    this.#hooks = createHookTable(this.#db);
    this.#insert = this.#db.prepare(
      "INSERT INTO mails VALUES (?, ?, ?, 0, ?, 'waiting', '') ON CONFLICT DO NOTHING",
    );
    this.#due = this.#db.prepare(
      "SELECT * FROM mails WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at LIMIT ?",
    );
    this.#sent = this.#db.prepare("UPDATE mails SET state = 'sent', mail = '', fault = '' WHERE key = ?");
    this.#later = this.#db.prepare(
      'UPDATE mails SET tries = tries + 1, next_at = ?, fault = ? WHERE key = ?',
    );
    this.#refuse = this.#db.prepare('INSERT INTO refused VALUES (?, ?) ON CONFLICT DO NOTHING');
    this.#taken = this.#db.prepare('DELETE FROM refused WHERE address = ?');
    this.#dead = this.#db.prepare("UPDATE mails SET state = 'dead', fault = ? WHERE key = ?");
  }

  /** Sends what is due, without being asked to. */
  begin(): void {
    this.#work().catch(this.#failed);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#db.close();
  }

  #offer(mails: readonly Mail[]): number {
    const now = clock.now();
    this.#db.exec('BEGIN IMMEDIATE');
    let kept = 0;
    for (const mail of mails)
      kept += Number(this.#insert.run(mail.key, JSON.stringify(mail), now, now).changes);
    this.#db.exec('COMMIT');
    if (kept > 0) this.begin();
    return kept;
  }

  #numbers(): MailNumbers {
    const count = (state: string): number => {
      const row = this.#db.prepare('SELECT count(*) AS n FROM mails WHERE state = ?').get(state);
      return row === undefined ? 0 : int(row, 'n');
    };
    const first = this.#db.prepare("SELECT min(made_at) AS at FROM mails WHERE state = 'waiting'").get();
    const oldest = first === undefined || first.at === null ? undefined : int(first, 'at');
    return { waiting: count('waiting'), sent: count('sent'), dead: count('dead'), oldest };
  }

  /** Sends what is due, one mail at a time; then sleeps until the next is. */
  #work(): Promise<void> {
    this.#working ??= this.#sendDue().finally(() => {
      this.#working = undefined;
      this.#wakeFor();
    });
    return this.#working;
  }

  async #sendDue(): Promise<void> {
    for (;;) {
      const rows = this.#due.all(clock.now(), stride);
      if (rows.length === 0) return;
      for (const row of rows) await this.#sendOne(row);
    }
  }

  #wakeFor(): void {
    clearTimeout(this.#timer);
    const row = this.#db.prepare("SELECT min(next_at) AS at FROM mails WHERE state = 'waiting'").get();
    if (row === undefined || row.at === null) return;
    this.#timer = setTimeout(
      () => this.begin(),
      Math.min(60_000, Math.max(10, int(row, 'at') - clock.now())),
    );
    this.#timer.unref();
  }

  async #sendOne(row: Row): Promise<void> {
    const key = text(row, 'key');
    const mail = JSON.parse(text(row, 'mail')) as Mail;
    try {
      await this.#deliver(mail, key);
      this.#sent.run(key);
      this.#taken.run(foldAddress(mail.to));
    } catch (cause) {
      const why = refusalOf(cause);
      const fault = Error.isError(cause) ? cause.message.slice(0, 200) : 'unknown';
      const tries = int(row, 'tries');
      if (why === 'address') this.#refuse.run(foldAddress(mail.to), clock.now());
      if (why !== undefined || clock.now() - int(row, 'made_at') > patience) this.#dead.run(fault, key);
      else
        this.#later.run(
          clock.now() + Math.min(day, this.#data.retryAfter * 2 ** Math.min(tries, 20)),
          fault,
          key,
        );
    }
  }

  async #deliver(mail: Mail, key: string): Promise<void> {
    const message = {
      from: this.#data.from,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: `<${Buffer.from(key).toString('base64url')}@${this.#data.domain}>`,
      headers: { 'auto-submitted': 'auto-generated', 'content-language': mail.language },
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    this.#transport ??= await this.#transportNow();
    const built = await this.#transport.sendMail(message);
    if (this.#data.smtpUrl !== undefined) return;
    mkdirSync(this.#data.outbox, { recursive: true, mode: 0o700 });
    const name = join(this.#data.outbox, `${Buffer.from(key).toString('base64url').slice(0, 200)}.eml`);
    writeFileSync(`${name}.part`, built.message as Buffer, { mode: 0o600 });
    renameSync(`${name}.part`, name);
  }

  /** Rejects with what SQLite throws. */
  async answer(message: NoticesQuestion): Promise<unknown> {
    if ('offer' in message) return this.#offer(message.offer);
    if ('hooks' in message) return this.#hooks(message);
    switch (message.ask) {
      case 'since': {
        const row = this.#db.prepare("SELECT value FROM meta WHERE name = 'since'").get();
        return row === undefined ? clock.now() : Number(text(row, 'value'));
      }
      case 'numbers':
        return this.#numbers();
      case 'refused':
        return refusedIn(this.#db);
      case 'settled':
        await this.#work();
        return undefined;
    }
  }

  async #transportNow(): Promise<Transporter> {
    const { default: nodemailer } = await import('nodemailer');
    if (this.#data.smtpUrl === undefined)
      return nodemailer.createTransport({ streamTransport: true, buffer: true });
    return nodemailer.createTransport(this.#data.smtpUrl, {
      connectionTimeout: serverPatience,
      greetingTimeout: serverPatience,
      socketTimeout: serverPatience,
    } as object);
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
