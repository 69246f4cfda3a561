/**
 * The archive as the rest of the program sees it: questions to a reader's thread, and a second thread for the long
 * works (exports, checks), so that neither the main loop nor a question waits behind them.
 */
import { Worker } from 'node:worker_threads';
import { Fault } from '../core/faults.ts';
import type { Opening } from '../core/model.ts';
import type { Archive } from '../core/ports.ts';
import { loadKeys } from './keys.ts';
import type { Questions, ReaderAnswer, ReaderData, ReaderMessage } from './ledger-reader.ts';

export interface ArchiveOptions {
  /** Path of ledger.db. */
  readonly file: string;
  readonly keysDir: string;
}

type Unnumbered<M> = M extends { readonly id: number } ? Omit<M, 'id'> : never;

/** The archive, and what only the command line asks of it. */
export interface LedgerArchive extends Archive {
  /** A `.tlog-proof` for one line of the current or the given year; undefined when there is no such line. */
  prove(client: string, index: number, year: number | undefined): Promise<string | undefined>;
  /** An opening by its id, ended ones too. */
  opening(id: string): Promise<Opening | undefined>;
}

/** Starts the reader. It opens the database on its first question. Throws KeysFault. */
export async function createArchive(options: ArchiveOptions): Promise<LedgerArchive> {
  loadKeys(options.keysDir);
  const quick = new ReaderLine(options);
  const slow = new ReaderLine(options);
  const ask = <Q extends keyof Questions>(
    question: Q,
    ...args: Parameters<Questions[Q]>
  ): Promise<ReturnType<Questions[Q]>> =>
    quick.send({ ask: question, args }) as Promise<ReturnType<Questions[Q]>>;
  return {
    inForce: (client) => ask('inForce', client),
    door: (hash) => ask('door', hash),
    epochs: () => ask('epochs'),
    grants: (client) => ask('grants', client),
    budgets: (client) => ask('budgets', client),
    proposals: (client) => ask('proposals', client),
    requests: (client) => ask('requests', client),
    requestsOf: (person) => ask('requestsOf', person),
    rulesChanged: () => ask('rulesChanged'),
    slices: () => ask('slices'),
    sliceText: (client, hash) => ask('sliceText', client, hash),
    credentials: (client) => ask('credentials', client),
    opening: (id) => ask('opening', id),
    openingsOf: (person, limit) => ask('openingsOf', person, limit),
    owed: (client) => ask('owed', client),
    passkey: (credentialId) => ask('passkey', credentialId),
    login: (id) => ask('login', id),
    token: (login) => ask('token', login),
    learned: () => ask('learned'),
    busyClients: () => ask('busyClients'),
    lines: (query) => ask('lines', query),
    head: (client) => ask('head', client),
    prove: (client, index, year) => ask('prove', client, index, year),
    async *export(client) {
      for await (const chunk of tell(slow, 'export', client)) if (chunk instanceof Uint8Array) yield chunk;
    },
    async fsck(client) {
      const findings: string[] = [];
      for await (const finding of tell(slow, 'fsck', client)) findings.push(String(finding));
      return findings;
    },
    async close() {
      await Promise.all([quick.close(), slow.close()]);
    },
  };
}

/** What the thread tells, piece by piece: the next is asked for only when this one was taken. */
async function* tell(
  line: ReaderLine,
  what: 'export' | 'fsck',
  client: string | undefined,
): AsyncGenerator<unknown> {
  const number = await line.begin(what, client);
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

/** The line to one reader's thread: questions by number, answers in any order; a thread that died is replaced. */
class ReaderLine {
  readonly #data: ReaderData;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(fault: Fault): void }>();
  #worker: Worker | undefined;
  #count = 0;
  #closed = false;

  constructor({ file, keysDir }: ArchiveOptions) {
    this.#data = { file, keysDir };
  }

  send(message: Unnumbered<ReaderMessage>): Promise<unknown> {
    return this.#post(message).answer;
  }

  /** Begins something told in pieces; answers its number. */
  async begin(open: 'export' | 'fsck', client: string | undefined): Promise<number> {
    const { id, answer } = this.#post({ open, client });
    await answer;
    return id;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const gone = this.#worker;
    this.#worker = undefined;
    this.#failAll(new Fault('ledger_unavailable', 'the archive is closed'));
    await gone?.terminate();
  }

  #post(message: Unnumbered<ReaderMessage>): { id: number; answer: Promise<unknown> } {
    this.#count += 1;
    const id = this.#count;
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#closed) return reject(new Fault('ledger_unavailable', 'the archive is closed'));
      this.#waiting.set(id, { resolve, reject });
      this.#spawned().postMessage({ id, ...message });
    });
    return { id, answer };
  }

  #spawned(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const script = import.meta.url.endsWith('.ts') ? './ledger-reader.ts' : './ledger-reader.js';
    const made = new Worker(new URL(script, import.meta.url), { workerData: this.#data });
    const lost = (cause: unknown): void => {
      if (this.#worker !== made) return;
      this.#worker = undefined;
      this.#failAll(new Fault('ledger_unavailable', 'the reader ended', cause));
    };
    made.on('message', (answer: ReaderAnswer) => this.#take(answer));
    made.on('error', lost);
    made.on('exit', lost);
    this.#worker = made;
    return made;
  }

  #take(answer: ReaderAnswer): void {
    const asked = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('ok' in answer) asked?.resolve(answer.ok);
    else asked?.reject(new Fault('ledger_unavailable', answer.fault));
  }

  #failAll(fault: Fault): void {
    for (const { reject } of this.#waiting.values()) reject(fault);
    this.#waiting.clear();
  }
}
