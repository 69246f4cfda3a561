/**
 * The line to one thread, or to a part of one, that answers questions: by number, answers in any order. One that died is
 * replaced with the next question; what waited for it fails.
 */
import type { MessagePort, Worker } from 'node:worker_threads';
import { Fault } from '../core/faults.ts';

/** What a thread answers. */
export type ThreadAnswer = { readonly id: number } & ({ readonly ok: unknown } | { readonly fault: string });

export class ThreadLine {
  readonly #start: () => Worker | MessagePort;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(fault: Fault): void }>();
  #worker: Worker | MessagePort | undefined;
  #count = 0;
  #closed = false;

  /** `start` makes the thread; called again after it died. */
  constructor(start: () => Worker | MessagePort) {
    this.#start = start;
  }

  /** Asks and waits. Throws Fault `ledger_unavailable`. */
  send(message: object): Promise<unknown> {
    return this.post(message).answer;
  }

  /** Asks; tells the number by which the question is known. */
  post(message: object): { id: number; answer: Promise<unknown> } {
    this.#count += 1;
    const id = this.#count;
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#closed) return reject(new Fault('ledger_unavailable', 'the archive is closed'));
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, ...message });
    });
    return { id, answer };
  }

  /** The thread, started if there is none. */
  running(): Worker | MessagePort {
    if (this.#worker !== undefined) return this.#worker;
    const made = this.#start();
    const lost = (cause: unknown): void => {
      if (this.#worker !== made) return;
      this.#worker = undefined;
      this.#failAll(new Fault('ledger_unavailable', 'the reader ended', cause));
    };
    made.on('message', (answer: ThreadAnswer) => this.#take(answer));
    if ('terminate' in made) made.on('error', lost).on('exit', lost);
    else made.on('close', lost);
    this.#worker = made;
    return made;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const gone = this.#worker;
    this.#worker = undefined;
    this.#failAll(new Fault('ledger_unavailable', 'the archive is closed'));
    if (gone === undefined) return;
    if ('terminate' in gone) await gone.terminate();
    else await closed(gone);
  }

  #send(message: object): void {
    const to: { postMessage(message: object): void } = this.running();
    to.postMessage(message);
  }

  #take(answer: ThreadAnswer): void {
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

function closed(port: MessagePort): Promise<void> {
  return new Promise((resolve) => {
    port.once('close', resolve);
    port.close();
  });
}
