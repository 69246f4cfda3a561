/**
 * The archive as the rest of the program sees it: questions to a reader's thread, and a second thread for the long
 * works (exports, checks), so that neither the main loop nor a question waits behind them.
 */
import { Worker } from 'node:worker_threads';
import { Fault } from '../core/faults.ts';
import type { Archive } from '../core/ports.ts';
import { loadKeys } from './keys.ts';
import type { Questions, ReaderAnswer, ReaderData, ReaderMessage } from './ledger-reader.ts';

export interface ArchiveOptions {
  /** Path of ledger.db. */
  readonly file: string;
  readonly keysDir: string;
}

type Unnumbered<M> = M extends { readonly id: number } ? Omit<M, 'id'> : never;

interface ReaderLine {
  send(message: Unnumbered<ReaderMessage>): Promise<unknown>;
  /** Begins something told in pieces; answers its number. */
  begin(open: 'export' | 'fsck', client: string | undefined): Promise<number>;
  close(): Promise<void>;
}

/** The archive, and what only the command line asks of it. */
export interface LedgerArchive extends Archive {
  /** A `.tlog-proof` for one line of the current or the given year; undefined when there is no such line. */
  prove(client: string, index: number, year: number | undefined): Promise<string | undefined>;
}

/** Starts the reader. It opens the database on its first question. Throws KeysFault. */
export async function createArchive(options: ArchiveOptions): Promise<LedgerArchive> {
  loadKeys(options.keysDir);
  const quick = createReaderLine(options);
  const slow = createReaderLine(options);
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
    openingsOf: (person, limit) => ask('openingsOf', person, limit),
    login: (id) => ask('login', id),
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

function createReaderLine(options: ArchiveOptions): ReaderLine {
  const workerData: ReaderData = { file: options.file, keysDir: options.keysDir };
  const waiting = new Map<number, { resolve(value: unknown): void; reject(fault: Fault): void }>();
  let worker: Worker | undefined;
  let count = 0;
  let closed = false;

  function lost(made: Worker, cause: unknown): void {
    if (worker !== made) return;
    worker = undefined;
    for (const { reject } of waiting.values()) {
      reject(new Fault('ledger_unavailable', 'the reader ended', cause));
    }
    waiting.clear();
  }

  function spawned(): Worker {
    if (worker !== undefined) return worker;
    const script = import.meta.url.endsWith('.ts') ? './ledger-reader.ts' : './ledger-reader.js';
    const made = new Worker(new URL(script, import.meta.url), { workerData });
    made.on('message', (answer: ReaderAnswer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('ok' in answer) asked?.resolve(answer.ok);
      else asked?.reject(new Fault('ledger_unavailable', answer.fault));
    });
    made.on('error', (cause) => lost(made, cause));
    made.on('exit', () => lost(made, undefined));
    worker = made;
    return made;
  }

  function post(message: Unnumbered<ReaderMessage>): { id: number; answer: Promise<unknown> } {
    count += 1;
    const id = count;
    const answer = new Promise<unknown>((resolve, reject) => {
      if (closed) reject(new Fault('ledger_unavailable', 'the archive is closed'));
      else {
        waiting.set(id, { resolve, reject });
        spawned().postMessage({ id, ...message });
      }
    });
    return { id, answer };
  }

  return {
    send: (message) => post(message).answer,
    async begin(open, client) {
      const { id, answer } = post({ open, client });
      await answer;
      return id;
    },
    async close() {
      closed = true;
      const gone = worker;
      worker = undefined;
      for (const { reject } of waiting.values()) {
        reject(new Fault('ledger_unavailable', 'the archive is closed'));
      }
      waiting.clear();
      await gone?.terminate();
    },
  };
}
