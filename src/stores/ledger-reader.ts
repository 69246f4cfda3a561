/**
 * What a reader's thread does: a read-only connection that answers questions, and tells an export or a check piece by piece,
 * one piece per request, so that the other side sets the pace.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { EventPlace } from '../core/events.ts';
import { Fault } from '../core/faults.ts';
import type { Keyset, LineQuery, Period } from '../core/ports.ts';
import type { Take } from '../core/taken-rows.ts';
import { createKeyring, type Keyring } from './disclosure.ts';
import { type Keys, loadKeys } from './keys.ts';
import { budgets, grantEnds, grants } from './ledger-agreements.ts';
import { delegations, proposals, requests, requestsOf, signing } from './ledger-asked.ts';
import { commandLineOf, commandLinesOf } from './ledger-command-lines.ts';
import { connection, connections } from './ledger-connections.ts';
import { contestsOf } from './ledger-contests.ts';
import { copies, copiesIn, copiesOf, copyDeadlines } from './ledger-copy-rows.ts';
import { emergencies } from './ledger-emergencies.ts';
import { endingBook, endingStates } from './ledger-ending-rows.ts';
import { events } from './ledger-events.ts';
import { exportZip, proveLine } from './ledger-export.ts';
import { fsck } from './ledger-fsck.ts';
import { hooks, hookTarget, liveHooks } from './ledger-hooks.ts';
import { instructionVersions } from './ledger-instructions.ts';
import { lines } from './ledger-lines.ts';
import { matterAt, matters, mattersOpen } from './ledger-matters.ts';
import { unsaid } from './ledger-outside.ts';
import {
  openingAt,
  openingsPage,
  openingsWithin,
  ownOpening,
  requestAt,
  requestsPage,
} from './ledger-pages.ts';
import {
  besideLogin,
  busyClients,
  credentials,
  door,
  epochs,
  head,
  inForce,
  learned,
  login,
  logOf,
  opening,
  openingsOf,
  owed,
  passkey,
  type Reading,
  slices,
  token,
} from './ledger-queries.ts';
import { rulesChanged, rulesText, sizes } from './ledger-rules.ts';
import { largeCache, openForReading } from './ledger-schema.ts';
import { takeAway } from './ledger-take.ts';
import { toolOpening } from './ledger-tools.ts';
import { codeLocks } from './ledger-totp.ts';
import { views } from './ledger-views.ts';
import type { ThreadAnswer } from './thread-line.ts';

export interface ReaderData {
  readonly file: string;
  readonly keysDir: string;
}

/** Questions with one answer. */
export interface Questions {
  inForce(client: string): ReturnType<typeof inForce>;
  door(hash: string): ReturnType<typeof door>;
  tool(hash: string): ReturnType<typeof toolOpening>;
  epochs(): ReturnType<typeof epochs>;
  grants(client: string): ReturnType<typeof grants>;
  grantEnds(client: string, ids: readonly string[]): ReturnType<typeof grantEnds>;
  instructions(client: string): ReturnType<typeof instructionVersions>;
  ending(client: string): ReturnType<typeof endingBook>;
  endingStates(): ReturnType<typeof endingStates>;
  delegations(client: string): ReturnType<typeof delegations>;
  budgets(client: string): ReturnType<typeof budgets>;
  signing(client: string): ReturnType<typeof signing>;
  proposals(client: string): ReturnType<typeof proposals>;
  requests(client: string): ReturnType<typeof requests>;
  requestsOf(person: string): ReturnType<typeof requestsOf>;
  rulesChanged(): ReturnType<typeof rulesChanged>;
  sizes(): ReturnType<typeof sizes>;
  slices(): ReturnType<typeof slices>;
  rulesText(client: string, hash: string): ReturnType<typeof rulesText>;
  matters(client: string): ReturnType<typeof matters>;
  matterAt(id: string): ReturnType<typeof matterAt>;
  mattersOpen(): ReturnType<typeof mattersOpen>;
  contestsOf(person: string): ReturnType<typeof contestsOf>;
  views(client: string, controller: string): ReturnType<typeof views>;
  credentials(client: string): ReturnType<typeof credentials>;
  opening(id: string): ReturnType<typeof opening>;
  openingsOf(person: string, limit: number): ReturnType<typeof openingsOf>;
  openingsWithin(person: string, period: Period, page: Keyset): ReturnType<typeof openingsWithin>;
  ownOpening(person: string, id: string): ReturnType<typeof ownOpening>;
  owed(client: string): ReturnType<typeof owed>;
  unsaid(client: string): ReturnType<typeof unsaid>;
  copies(client: string): ReturnType<typeof copies>;
  copiesOf(person: string): ReturnType<typeof copiesOf>;
  copyDeadlines(client: string, since: number, now: number): ReturnType<typeof copyDeadlines>;
  copiesIn(client: string, opening: string): ReturnType<typeof copiesIn>;
  codeLocks(client: string, since: number): ReturnType<typeof codeLocks>;
  emergencies(client: string): ReturnType<typeof emergencies>;
  connections(client: string): ReturnType<typeof connections>;
  connection(hash: string): ReturnType<typeof connection>;
  commandLine(hash: string): ReturnType<typeof commandLineOf>;
  commandLines(login: string): ReturnType<typeof commandLinesOf>;
  hooks(client: string): ReturnType<typeof hooks>;
  liveHooks(): ReturnType<typeof liveHooks>;
  hookTarget(id: string): ReturnType<typeof hookTarget>;
  openingsPage(client: string, page: Keyset): ReturnType<typeof openingsPage>;
  requestsPage(client: string, page: Keyset): ReturnType<typeof requestsPage>;
  openingAt(client: string, id: string): ReturnType<typeof openingAt>;
  requestAt(client: string, id: string): ReturnType<typeof requestAt>;
  passkey(credentialId: string): ReturnType<typeof passkey>;
  login(id: string): ReturnType<typeof login>;
  besideLogin(id: string): ReturnType<typeof besideLogin>;
  token(login: string): ReturnType<typeof token>;
  learned(): ReturnType<typeof learned>;
  busyClients(): ReturnType<typeof busyClients>;
  lines(query: LineQuery): ReturnType<typeof lines>;
  head(client: string): ReturnType<typeof head>;
  events(client: string, after: EventPlace | undefined, limit: number): ReturnType<typeof events>;
  prove(client: string, index: number, year: number | undefined): ReturnType<typeof proveLine>;
}

/** What is told piece by piece. */
export type Told =
  | { readonly open: 'export'; readonly client: string }
  | { readonly open: 'fsck'; readonly client: string | undefined }
  | { readonly open: 'take'; readonly take: Take };

export type ReaderMessage =
  | { readonly id: number; readonly ask: keyof Questions; readonly args: readonly unknown[] }
  | ({ readonly id: number } & Told)
  | { readonly id: number; readonly next: number }
  | { readonly id: number; readonly done: number };

type Answered = {
  readonly [Q in keyof Questions]: (
    ...args: Parameters<Questions[Q]>
  ) => (here: Reading) => ReturnType<Questions[Q]>;
};

/** All reads of one answer see the same commit. */
function consistent<T>(read: (reading: Reading) => T): (here: Reading) => T {
  return (here) => {
    here.db.exec('BEGIN');
    try {
      return read(here);
    } finally {
      here.db.exec('COMMIT');
    }
  };
}

const questions: Answered = {
  inForce: (client) => consistent((r) => inForce(r, client)),
  door: (hash) => consistent((r) => door(r, hash)),
  tool: (hash) => consistent((r) => toolOpening(r, hash)),
  epochs: () => consistent((r) => epochs(r)),
  grants: (client) => consistent((r) => grants(r, client)),
  grantEnds: (client, ids) => consistent((r) => grantEnds(r, client, ids)),
  instructions: (client) =>
    consistent((r) => {
      const log = logOf(r, client);
      return log === undefined ? [] : instructionVersions(r.db, log);
    }),
  ending: (client) => consistent((r) => endingBook(r, client)),
  endingStates: () => consistent(endingStates),
  delegations: (client) => consistent((r) => delegations(r, client)),
  budgets: (client) => consistent((r) => budgets(r, client)),
  signing: (client) => consistent((r) => signing(r, client)),
  proposals: (client) => consistent((r) => proposals(r, client)),
  requests: (client) => consistent((r) => requests(r, client)),
  requestsOf: (person) => consistent((r) => requestsOf(r, person)),
  rulesChanged: () => consistent(rulesChanged),
  sizes: () => consistent(sizes),
  slices: () => consistent(slices),
  rulesText: (client, hash) => consistent((r) => rulesText(r, client, hash)),
  matters: (client) => consistent((r) => matters(r, client)),
  matterAt: (id) => consistent((r) => matterAt(r, id)),
  mattersOpen: () => consistent((r) => mattersOpen(r)),
  contestsOf: (person) => consistent((r) => contestsOf(r, person)),
  views: (client, controller) => consistent((r) => views(r, client, controller)),
  credentials: (client) => consistent((r) => credentials(r, client)),
  opening: (id) => consistent((r) => opening(r, id)),
  openingsOf: (person, limit) => consistent((r) => openingsOf(r, person, limit)),
  openingsWithin: (person, period, page) => consistent((r) => openingsWithin(r, person, period, page)),
  ownOpening: (person, id) => consistent((r) => ownOpening(r, person, id)),
  emergencies: (client) => consistent((r) => emergencies(r, client)),
  owed: (client) => consistent((r) => owed(r, client)),
  unsaid: (client) => consistent((r) => unsaid(r, client)),
  copies: (client) => consistent((r) => copies(r, client)),
  copiesOf: (person) => consistent((r) => copiesOf(r, person)),
  copyDeadlines: (client, since, now) => consistent((r) => copyDeadlines(r, client, since, now)),
  copiesIn: (client, opening) => consistent((r) => copiesIn(r, client, opening)),
  codeLocks: (client, since) => consistent((r) => codeLocks(r, client, since)),
  connections: (client) => consistent((r) => connections(r, client)),
  connection: (hash) => consistent((r) => connection(r, hash)),
  commandLine: (hash) => consistent((r) => commandLineOf(r, hash)),
  commandLines: (login) => consistent((r) => commandLinesOf(r, login)),
  hooks: (client) => consistent((r) => hooks(r, client)),
  liveHooks: () => consistent(liveHooks),
  hookTarget: (id) => consistent((r) => hookTarget(r, id)),
  openingsPage: (client, page) => consistent((r) => openingsPage(r, client, page)),
  requestsPage: (client, page) => consistent((r) => requestsPage(r, client, page)),
  openingAt: (client, id) => consistent((r) => openingAt(r, client, id)),
  requestAt: (client, id) => consistent((r) => requestAt(r, client, id)),
  passkey: (credentialId) => consistent((r) => passkey(r, credentialId)),
  login: (id) => consistent((r) => login(r, id)),
  besideLogin: (id) => consistent((r) => besideLogin(r, id)),
  token: (id) => consistent((r) => token(r, id)),
  learned: () => consistent((r) => learned(r)),
  busyClients: () => consistent((r) => busyClients(r)),
  lines: (query) => consistent((r) => lines(r, query)),
  head: (client) => consistent((r) => head(r, client)),
  events: (client, after, limit) => consistent((r) => events(r, client, after, limit)),
  prove: (client, index, year) => consistent((r) => proveLine(r, client, index, year)),
};

/** Pieces smaller than this are gathered into one answer, in bytes. */
const enough = 65_536;

function nextOf(generator: Generator<unknown>): { pieces: unknown[]; done: boolean } {
  const pieces: unknown[] = [];
  let size = 0;
  let steps = 0;
  while (size < enough && steps < 16) {
    const { value, done } = generator.next();
    if (done === true) return { pieces, done: true };
    if (value !== undefined) pieces.push(value);
    size += value instanceof Uint8Array ? value.length : 0;
    steps += 1;
  }
  return { pieces, done: false };
}

function telling(own: Reading, message: Told): Generator<unknown> {
  switch (message.open) {
    case 'export':
      return exportZip(own, message.client);
    case 'fsck':
      return fsck(own, message.client);
    case 'take':
      return takeAway(own, message.take);
  }
}

/** One reader. Its connection is opened on the first question, and anew on the next one after an error of the database. */
export class Reader {
  readonly #file: string;
  readonly #keys: Keys;
  readonly #keyring: Keyring;
  readonly #running = new Map<number, Generator<unknown>>();
  #reading: Reading | undefined;

  /** Throws KeysFault. */
  constructor({ file, keysDir }: ReaderData) {
    this.#file = file;
    this.#keys = loadKeys(keysDir);
    this.#keyring = createKeyring(this.#keys.master);
  }

  /** Never throws: what went wrong is the answer. */
  answer(message: ReaderMessage): ThreadAnswer {
    try {
      return { id: message.id, ok: this.#found(message) };
    } catch (cause) {
      if (Error.isError(cause) && 'errcode' in cause) this.close();
      return { id: message.id, fault: Error.isError(cause) ? cause.message : 'unknown' };
    }
  }

  close(): void {
    try {
      this.#reading?.db.close();
    } catch {
      // It is of no more use either way.
    }
    this.#reading = undefined;
  }

  #found(message: ReaderMessage): unknown {
    if ('ask' in message) {
      const question = questions[message.ask] as (...args: readonly unknown[]) => (here: Reading) => unknown;
      this.#reading ??= this.#connected(openForReading(this.#file));
      return question(...message.args)(this.#reading);
    }
    if ('open' in message) {
      this.#running.set(message.id, this.#onOneCommit(message));
      return undefined;
    }
    if ('next' in message) {
      const generator = this.#running.get(message.next);
      if (generator === undefined) throw new Fault('internal', 'nothing of that number is being told');
      const told = nextOf(generator);
      if (told.done) this.#running.delete(message.next);
      return told;
    }
    this.#running.get(message.done)?.return(undefined);
    this.#running.delete(message.done);
    return undefined;
  }

  #connected(db: DatabaseSync): Reading {
    return { db, keys: this.#keys, keyring: this.#keyring };
  }

  /** What is told piece by piece while others go on writing and asking sees one commit: on a connection of its own. */
  *#onOneCommit(what: Told): Generator<unknown> {
    const own = this.#connected(openForReading(this.#file, largeCache));
    try {
      own.db.exec('BEGIN');
      yield* telling(own, what);
    } finally {
      own.db.close();
    }
  }
}
