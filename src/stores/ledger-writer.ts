/**
 * The writer's thread: owns ledger.db for writing, takes batches of closed commands and answers each. One message in,
 * one message out; by itself it only writes the guard, a file at a time, so that the next message waits for one at most.
 */
import { hostname } from 'node:os';
import { kill, pid } from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { createKeyring } from './disclosure.ts';
import { loadKeys } from './keys.ts';
import { type Batch, type BatchReplies, createBatcher } from './ledger-batch.ts';
import { noAnswers } from './ledger-calls.ts';
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

const data = workerData as WriterData;
const keys = loadKeys(data.keysDir);
const batcher = createBatcher({
  open: () => openForWriting(data.file),
  keys,
  keyring: createKeyring(keys.master),
  guardDir: data.guardDir,
  host: data.host,
  node: data.node,
  process: { host: hostname(), pid, alive },
});

let isGuarding = false;

function guard(monotonic: number): void {
  if (isGuarding) return;
  isGuarding = true;
  setImmediate(() => {
    isGuarding = false;
    if (batcher.guardOne(monotonic)) guard(monotonic);
  });
}

function answer(message: WriterMessage): BatchReplies {
  switch (message.do) {
    case 'batch':
      return batcher.run(message.batch, message.now);
    case 'tick':
      return batcher.tick(message.now);
    case 'close':
      batcher.close(message.now, message.monotonic);
      return { calls: noAnswers, replies: [] };
  }
}

parentPort?.on('message', (message: WriterMessage) => {
  const unguarded = batcher.unguarded();
  const answered = answer(message);
  parentPort?.postMessage(unguarded === 0 ? answered : { ...answered, unguarded });
  if (message.do === 'close') parentPort?.close();
  else guard(message.monotonic);
});
