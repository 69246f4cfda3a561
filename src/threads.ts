/**
 * Starts a thread with a heap of its own size. A limit that the process was given for young objects would hold for every
 * thread and beat the thread's own, so it is taken back first: the main thread has its heap by then.
 */
import { setFlagsFromString } from 'node:v8';
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { programScript } from './program.ts';

export interface ThreadOptions {
  /** As tools show it; 15 characters at most. */
  readonly name: string;
  readonly workerData: unknown;
  readonly resourceLimits: ResourceLimits;
}

/** `script`: its path in the program, without ending. */
export function startThread(script: string, options: ThreadOptions): Worker {
  setFlagsFromString('--max-semi-space-size=0');
  return new Worker(programScript(script), options);
}

/** Who starts a store's threads; where it is left out, `startThread`. */
export type StartThread = typeof startThread;
