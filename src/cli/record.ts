/**
 * `consentry record verify`: whether an extract of somebody's own record is as the gateway signed it. Needs the file and the
 * key and nothing else: no settings, no database, no network.
 */
import { readFileSync } from 'node:fs';
import type { Environment } from '../config.ts';
import { parseVerifierKey } from '../core/note.ts';
import { checkRecord } from '../core/own-record-check.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

const usage =
  'consentry record verify FILE --key KEY    (the key that “What I opened” shows; never one from the file)';

/** Answers 0 when the file is whole and signed by the key, 1 when something is wrong, 2 when not understood. */
export async function recordCommand(args: string[], _env: Environment, terminal: Terminal): Promise<number> {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('record', asked.wrong.en, usage, terminal);
  const key = parseVerifierKey(asked.key);
  if (key === undefined)
    return misunderstood(
      'record',
      '--key is no verifier key; take it whole, with both + signs, in quotes',
      usage,
      terminal,
    );
  const content = contentOf(asked.file);
  if (content === undefined) {
    terminal.complain(`consentry record: ${asked.file} cannot be read as text`);
    return 1;
  }
  const checked = checkRecord(content, key);
  if ('fault' in checked) {
    terminal.complain(`FAILED: ${checked.fault}`);
    return 1;
  }
  terminal.print(`OK: signed by the key, and unchanged. ${checked.told}`);
  return 0;
}

function read(args: string[]): { readonly file: string; readonly key: string } | Misread {
  const read = readOptions({ args, options: { key: { type: 'string' } }, allowPositionals: true });
  if ('wrong' in read) return read;
  const [action, file, ...more] = read.positionals;
  if (action !== 'verify' || file === undefined || more.length > 0)
    return misread('what it does is: verify FILE');
  const { key } = read.values;
  return key === undefined ? misread('without --key nothing says who wrote the file') : { file, key };
}

function contentOf(file: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch {
    return undefined;
  }
}
