/**
 * What the writer's thread does: owns ledger.db for writing, takes batches of closed commands and answers each. One message in,
 * one message out; by itself it only writes the guard, a file at a time, so that the next message waits for one at most.
 */
import { hostname } from 'node:os';
import { kill, pid } from 'node:process';
import { createKeyring } from './disclosure.ts';
import { loadKeys } from './keys.ts';
import { type Batch, type Batcher, type BatchReplies, createBatcher, nothingSaid } from './ledger-batch.ts';
import { openForWriting } from './ledger-schema.ts';

export interface WriterData {
  readonly file: string;
  readonly keysDir: string;
  readonly guardDir: string;
  readonly host: string;
  readonly node: string;
}

export type WriterMessage =
  | { readonly do: 'batch'; readonly batch: Batch; readonly now: number; readonly monotonic: number }
  | { readonly do: 'tick' | 'close'; readonly now: number; readonly monotonic: number };

/** Signal 0 asks without harming; EPERM says it is there but another user's. */
function alive(other: number): boolean {
  try {
    kill(other, 0);
    return true;
  } catch (cause) {
    return Error.isError(cause) && 'code' in cause && cause.code === 'EPERM';
  }
}

/** The one writer. */
export class Writer {
  readonly #batcher: Batcher;
  #isGuarding = false;

  /** Throws KeysFault. */
  constructor({ file, keysDir, guardDir, host, node }: WriterData) {
    const keys = loadKeys(keysDir);
    this.#batcher = createBatcher({
      open: () => openForWriting(file),
      keys,
      keyring: createKeyring(keys.master),
      guardDir,
      host,
      node,
      process: { host: hostname(), pid, alive },
    });
  }

  /** Never throws: what went wrong is the answer. */
  answer(message: WriterMessage): BatchReplies {
    const unguarded = this.#batcher.unguarded();
    const answered = this.#answered(message);
    if (message.do !== 'close') this.#guard(message.monotonic);
    return unguarded === 0 ? answered : { ...answered, unguarded };
  }

  #answered(message: WriterMessage): BatchReplies {
    switch (message.do) {
      case 'batch':
        return this.#batcher.run(message.batch, message.now);
      case 'tick':
        return this.#batcher.tick(message.now);
      case 'close':
        this.#batcher.close(message.now, message.monotonic);
        return nothingSaid;
    }
  }

  #guard(monotonic: number): void {
    if (this.#isGuarding) return;
    this.#isGuarding = true;
    setImmediate(() => {
      this.#isGuarding = false;
      if (this.#batcher.guardOne(monotonic)) this.#guard(monotonic);
    });
  }
}
