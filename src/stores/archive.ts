/**
 * The archive as the rest of the program sees it: questions to three readers' threads. The first answers only what each
 * decision and the lease hang on, in small fixed work, so that nothing anybody asks can make the process blind; the second
 * answers pages; the third does long works (exports, checks, events, whole records).
 */
import type { Opening } from '../core/model.ts';
import type { Archive } from '../core/ports.ts';
import { type StartThread, startThread } from '../threads.ts';
import { loadKeys } from './keys.ts';
import type { Questions, ReaderData, ReaderMessage, Told } from './ledger-reader.ts';
import { ThreadLine } from './thread-line.ts';

export interface ArchiveOptions {
  /** Path of ledger.db. */
  readonly file: string;
  readonly keysDir: string;
  /** Whether the threads that decisions and pages need start now; left out, each starts with its first question. */
  readonly ahead?: boolean;
  readonly start?: StartThread;
}

type Unnumbered<M> = M extends { readonly id: number } ? Omit<M, 'id'> : never;

/** The archive, and what only the command line asks of it. */
export interface LedgerArchive extends Archive {
  /** A `.tlog-proof` for one line of the current or the given year; undefined when there is no such line. */
  prove(client: string, index: number, year: number | undefined): Promise<string | undefined>;
  /** An opening by its id, ended ones too. */
  opening(id: string): Promise<Opening | undefined>;
}

/** The readers open the database on their first question. Throws KeysFault. */
export async function createArchive(options: ArchiveOptions): Promise<LedgerArchive> {
  loadKeys(options.keysDir);
  const deciding = new ReaderLine('read-deciding', options);
  const quick = new ReaderLine('read-pages', options);
  const slow = new ReaderLine('read-long', options);
  if (options.ahead === true) for (const line of [quick, deciding]) line.running();
  const askOn =
    (line: ReaderLine) =>
    <Q extends keyof Questions>(
      question: Q,
      ...args: Parameters<Questions[Q]>
    ): Promise<ReturnType<Questions[Q]>> =>
      line.send({ ask: question, args }) as Promise<ReturnType<Questions[Q]>>;
  const decide = askOn(deciding);
  const ask = askOn(quick);
  const work = askOn(slow);
  return {
    // Nothing else may be asked on this line, and nothing whose answer grows with a log.
    inForce: (client) => decide('inForce', client),
    door: (hash) => decide('door', hash),
    tool: (hash) => decide('tool', hash),
    epochs: () => decide('epochs'),
    besideLogin: (id) => ask('besideLogin', id),
    login: (id) => decide('login', id),
    grants: (client) => ask('grants', client),
    grantEnds: (client, ids) => ask('grantEnds', client, ids),
    delegations: (client) => ask('delegations', client),
    budgets: (client) => ask('budgets', client),
    signing: (client) => ask('signing', client),
    proposals: (client) => ask('proposals', client),
    instructions: (client) => ask('instructions', client),
    ending: (client) => ask('ending', client),
    endingStates: () => ask('endingStates'),
    requests: (client) => ask('requests', client),
    requestsOf: (person) => ask('requestsOf', person),
    rulesChanged: () => ask('rulesChanged'),
    sizes: () => ask('sizes'),
    slices: () => ask('slices'),
    rulesText: (client, hash) => ask('rulesText', client, hash),
    matters: (client) => ask('matters', client),
    matterAt: (id) => ask('matterAt', id),
    mattersOpen: () => ask('mattersOpen'),
    contestsOf: (person) => ask('contestsOf', person),
    views: (client, controller) => ask('views', client, controller),
    credentials: (client) => ask('credentials', client),
    opening: (id) => ask('opening', id),
    openingsOf: (person, limit) => ask('openingsOf', person, limit),
    openingsWithin: (person, period, page) => work('openingsWithin', person, period, page),
    ownOpening: (person, id) => ask('ownOpening', person, id),
    emergencies: (client) => ask('emergencies', client),
    owed: (client) => ask('owed', client),
    unsaid: (client) => ask('unsaid', client),
    copies: (client) => ask('copies', client),
    copiesOf: (person) => ask('copiesOf', person),
    copyDeadlines: (client, since, now) => ask('copyDeadlines', client, since, now),
    copiesIn: (client, opening) => ask('copiesIn', client, opening),
    codeLocks: (client, since) => ask('codeLocks', client, since),
    connections: (client) => ask('connections', client),
    connection: (hash) => ask('connection', hash),
    commandLine: (hash) => ask('commandLine', hash),
    commandLines: (login) => ask('commandLines', login),
    hooks: (client) => ask('hooks', client),
    liveHooks: () => ask('liveHooks'),
    hookTarget: (id) => ask('hookTarget', id),
    openingsPage: (client, page) => ask('openingsPage', client, page),
    requestsPage: (client, page) => ask('requestsPage', client, page),
    openingAt: (client, id) => ask('openingAt', client, id),
    requestAt: (client, id) => ask('requestAt', client, id),
    passkey: (credentialId) => ask('passkey', credentialId),
    token: (login) => ask('token', login),
    learned: () => ask('learned'),
    busyClients: () => ask('busyClients'),
    lines: (query) => ask('lines', query),
    head: (client) => ask('head', client),
    events: (client, after, limit) => work('events', client, after, limit),
    prove: (client, index, year) => ask('prove', client, index, year),
    async *export(client) {
      for await (const chunk of tell(slow, { open: 'export', client }))
        if (chunk instanceof Uint8Array) yield chunk;
    },
    async *take(take) {
      for await (const chunk of tell(slow, { open: 'take', take }))
        if (chunk instanceof Uint8Array) yield chunk;
    },
    async fsck(client) {
      const findings: string[] = [];
      for await (const finding of tell(slow, { open: 'fsck', client })) findings.push(String(finding));
      return findings;
    },
    async close() {
      await Promise.all([deciding.close(), quick.close(), slow.close()]);
    },
  };
}

/** What the thread tells, piece by piece: the next is asked for only when this one was taken. */
async function* tell(line: ReaderLine, what: Told): AsyncGenerator<unknown> {
  const number = await line.begin(what);
  let finished = false;
  try {
    while (!finished) {
      const { pieces, done } = (await line.send({ next: number })) as { pieces: unknown[]; done: boolean };
      finished = done;
      yield* pieces;
    }
  } finally {
    if (!finished) await line.send({ done: number }).catch(() => undefined);
  }
}

const resourceLimits = { maxYoungGenerationSizeMb: 3 };

/** The line to one reader's thread. */
class ReaderLine {
  readonly #line: ThreadLine;

  constructor(name: string, { file, keysDir, start = startThread }: ArchiveOptions) {
    const workerData: ReaderData = { file, keysDir };
    this.#line = new ThreadLine(() =>
      start('stores/ledger-reader-thread', { name, workerData, resourceLimits }),
    );
  }

  running(): void {
    this.#line.running();
  }

  send(message: Unnumbered<ReaderMessage>): Promise<unknown> {
    return this.#line.send(message);
  }

  /** Begins something told in pieces; answers its number. */
  async begin(what: Told): Promise<number> {
    const { id, answer } = this.#line.post(what satisfies Unnumbered<ReaderMessage>);
    await answer;
    return id;
  }

  close(): Promise<void> {
    return this.#line.close();
  }
}
