/**
 * What a command may see of the process that runs it: two ways to print, a way to ask for the exit of a signal,
 * and the time. main.ts makes the real one; tests make their own.
 */
import type { EventEmitter } from 'node:events';

export interface Terminal {
  /** One line to standard output: what was asked for. */
  print(line: string): void;
  /** One line to standard error: what is wrong. */
  complain(line: string): void;
  /** Asks whoever sits there, on standard error; left out: nobody does. */
  ask?(question: string): Promise<string>;
  /** Emits SIGTERM, SIGINT, uncaughtException and unhandledRejection; the process itself. */
  readonly events: EventEmitter;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** A command's whole outside: its arguments, the environment, the terminal. Answers the exit code. */
export type CommandMain = (
  args: string[],
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
) => Promise<number>;
