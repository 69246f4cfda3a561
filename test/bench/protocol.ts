/**
 * The words between the bench and its child processes, and how a child is started, asked and ended. Each target and
 * the load generator run in processes of their own, so that what is measured is one process and nothing else.
 */

import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How to reach a target and what a request to it must carry. Cookies are whole `Cookie` values. */
export interface Reach {
  readonly port: number;
  /** Value of the `Host` header. */
  readonly host: string;
  /** Cookie of somebody who may read, or undefined where nobody asks. */
  readonly cookie: string | undefined;
  /** Cookies of somebody who may download in bulk, and upload. */
  readonly copyCookie: string | undefined;
  readonly writeCookie: string | undefined;
  /** What a robot works with, or undefined where nobody asks. */
  readonly robot?: string | undefined;
  /** The log's database file, weighed before and after. */
  readonly ledger: string | undefined;
  /** Origin of the portal, where people sign in; undefined where nobody does. */
  readonly portal: string | undefined;
  /** Milliseconds from the start of the process to ready. */
  readonly readyMs: number;
}

export interface Usage {
  /** User and system time of the whole process, worker threads included, microseconds. */
  readonly cpuUs: number;
  readonly rssBytes: number;
}

/** Event-loop delay of the target's main thread, milliseconds. */
export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadPlan {
  readonly reach: Pick<Reach, 'port' | 'host' | 'cookie'>;
  readonly path: string;
  readonly connections: number;
  /** The run ends at whichever comes first. */
  readonly milliseconds: number;
  readonly requests: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU of the generator itself per request: tells whether it was the bottleneck. */
  readonly generatorUs: number;
}

/** `{ ask, value }` goes to the child, `{ answer }` or `{ fault }` comes back, one at a time. */
export interface Question {
  readonly ask: string;
  readonly value?: unknown;
}

export type Answer = { readonly answer: unknown } | { readonly fault: string };

export interface Child {
  readonly pid: number;
  ask<T>(ask: string, value?: unknown, patienceMs?: number): Promise<T>;
  /** Asks the child to close and waits; after 5 s it is killed. */
  end(): Promise<void>;
}

/** How a process is started: flags of Node, and variables beside those of this process. */
export interface Start {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where the scripts are, seen from here and from the plain form of this file (plain.ts). */
const scripts = new URL('../../test/bench/', import.meta.url);

/** Starts a script of this folder, or of any address, with Node. */
export function startChild(script: string, args: readonly string[], start?: Start): Child {
  const made = fork(fileURLToPath(new URL(script, scripts)), args, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...(start?.flags ?? [])],
    env: { ...process.env, ...start?.env },
    serialization: 'advanced',
    // A target's own log is written, as it would be, but not among the bench's lines.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    pid: made.pid ?? 0,
    ask: (ask, value, patienceMs = 30_000) => askChild(made, { ask, value }, patienceMs),
    end: () => endChild(made),
  };
}

async function askChild<T>(child: ChildProcess, question: Question, patienceMs: number): Promise<T> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(patienceMs)]);
  try {
    child.send(question);
    const answered = once(child, 'message', { signal }) as Promise<[Answer]>;
    const gone = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`child ended with ${code} while asked to ${question.ask}`);
    });
    gone.catch(() => undefined);
    const [answer] = await Promise.race([answered, gone]);
    if ('fault' in answer) throw new Error(answer.fault);
    return answer.answer as T;
  } finally {
    stop.abort();
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  child.send({ ask: 'end' } satisfies Question);
  await exit;
  clearTimeout(impatience);
}

/** The other side: answers questions one after the other; `end` closes and leaves. */
export function serveQuestions(
  answers: Readonly<Record<string, (value: unknown) => unknown>>,
  end: () => Promise<void>,
): void {
  process.on('disconnect', () => process.exit(1));
  process.on('message', async (question: Question) => {
    if (question.ask === 'end') {
      await end();
      process.exit(0);
    }
    try {
      const answer = answers[question.ask];
      if (!answer) throw new Error(`nobody answers ${question.ask}`);
      process.send?.({ answer: await answer(question.value) } satisfies Answer);
    } catch (fault) {
      process.send?.({ fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) });
    }
  });
}
