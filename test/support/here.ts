/**
 * The ledger's writer and readers without threads: what a thread would do is done in this one, message by message, each copied
 * on its way as between threads and none answered in the turn it was sent in. For tests that open a ledger each and ask what is
 * written and answered; the threads themselves are in every test of a whole gateway, and where `openLedger` is told so.
 */
import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { Reader, type ReaderData, type ReaderMessage } from '../../src/stores/ledger-reader.ts';
import { Writer, type WriterData, type WriterMessage } from '../../src/stores/ledger-writer.ts';
import type { StartThread } from '../../src/threads.ts';

/** As much of a Worker as the lines to threads use. */
class Here extends EventEmitter {
  readonly #answer: (message: unknown) => unknown;
  readonly #close: () => void;
  #ended = false;

  constructor(answer: (message: unknown) => unknown, close: () => void) {
    super();
    this.#answer = answer;
    this.#close = close;
  }

  postMessage(message: unknown): void {
    const copy: unknown = structuredClone(message);
    setImmediate(() => {
      if (!this.#ended) this.emit('message', structuredClone(this.#answer(copy)));
    });
  }

  async terminate(): Promise<number> {
    if (!this.#ended) this.#close();
    this.#ended = true;
    return 0;
  }
}

function made(script: string, data: unknown): Here {
  if (script === 'stores/ledger-reader-thread') {
    const reader = new Reader(data as ReaderData);
    return new Here(
      (message) => reader.answer(message as ReaderMessage),
      () => reader.close(),
    );
  }
  if (script !== 'stores/ledger-writer-thread') throw new Error(`nobody does here what ${script} does`);
  const writer = new Writer(data as WriterData);
  return new Here(
    (message) => writer.answer(message as WriterMessage),
    () => undefined,
  );
}

export const startHere: StartThread = (script, { workerData }) =>
  made(script, structuredClone(workerData)) as unknown as Worker;
