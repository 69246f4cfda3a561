/**
 * `consentry record verify`: whether an extract of somebody's own record is as the gateway signed it. Needs the file and the
 * key and nothing else: no settings, no database, no network.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Environment } from '../config.ts';
import { parseVerifierKey } from '../core/note.ts';
import { checkRecord } from '../core/own-record-check.ts';
import type { Terminal } from './terminal.ts';

const usage =
  'consentry record verify FILE --key KEY    (the key that “What I opened” shows; never one from the file)';

/** Answers 0 when the file is whole and signed by the key, 1 when something is wrong, 2 when not understood. */
export async function recordCommand(args: string[], _env: Environment, terminal: Terminal): Promise<number> {
  const asked = read(args);
  const key = parseVerifierKey(asked?.key ?? '');
  if (asked === undefined || key === undefined) {
    terminal.complain(usage);
    if (asked !== undefined)
      terminal.complain(
        asked.key === undefined
          ? 'consentry record: without --key nothing says who wrote the file'
          : 'consentry record: --key is no verifier key; take it whole, with both + signs, in quotes',
      );
    return 2;
  }
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

function read(args: string[]): { readonly file: string; readonly key: string | undefined } | undefined {
  try {
    const options = { key: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [action, file, ...more] = positionals;
    return action !== 'verify' || file === undefined || more.length > 0
      ? undefined
      : { file, key: values.key };
  } catch {
    return undefined;
  }
}

function contentOf(file: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch {
    return undefined;
  }
}
