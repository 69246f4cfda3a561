/** A terminal that keeps what a command says on it. */
import { EventEmitter } from 'node:events';
import type { Terminal } from '../../src/cli/terminal.ts';

/** Lines printed go into `out`, complaints into `err`; left out: among the others. Nothing exits. */
export function terminalInto(out: string[], err: string[] = out): Terminal {
  return {
    print: (line) => void out.push(line),
    complain: (line) => void err.push(line),
    events: new EventEmitter(),
    exit: () => undefined,
  };
}
