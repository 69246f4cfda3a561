/**
 * `consentry keys init [--dir DIR]`: makes the keys of an installation, once and on purpose. Nothing else ever
 * creates them, and they are never overwritten.
 */
import { type Environment, readConfig } from '../config.ts';
import { initKeys, KeysFault } from '../stores/keys.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { readSecretFile } from './prepare.ts';
import type { Terminal } from './terminal.ts';

const usage = 'consentry keys init [--dir DIR] (default: CONSENTRY_KEYS)';

/** Answers 0 when the keys were made, 1 when they were not, 2 when the command is not understood. */
export async function keysCommand(args: string[], env: Environment, terminal: Terminal): Promise<number> {
  const [action, ...rest] = args;
  const dir = action === 'init' ? folderOf(rest, env) : misread('what it does is: init');
  if (typeof dir !== 'string') return misunderstood('keys', dir.wrong.en, usage, terminal);
  try {
    initKeys(dir);
  } catch (cause) {
    const faults = cause instanceof KeysFault ? cause.faults : [`${dir} cannot be written`];
    for (const fault of faults) terminal.complain(`consentry keys: ${fault}`);
    return 1;
  }
  terminal.print(`The keys of this installation are in ${dir}.`);
  terminal.print(
    'Keep a copy apart from the database: without master.key nobody can read the names in the log,',
  );
  terminal.print(
    'and without ledger.pem the log cannot go on. Whoever has both can write a log in your name.',
  );
  terminal.print('Next: npx consentry policy check, npx consentry doctor');
  return 0;
}

function folderOf(args: string[], env: Environment): string | Misread {
  const read = readOptions({ args, options: { dir: { type: 'string' } } });
  if ('wrong' in read) return read;
  const reading = readConfig(env, { evaluation: false, readSecretFile });
  const set = 'config' in reading ? reading.config.keys : reading.readable.keys;
  return read.values.dir ?? set ?? misread('neither --dir nor CONSENTRY_KEYS says where');
}
