/**
 * `consentry ledger verify | export | prove | fsck`. Verifying needs nothing but an export and what the client kept
 * elsewhere: no settings, no database, no network. The others read the database of this machine and change nothing.
 */
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync, statSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Environment } from '../config.ts';
import { parseCheckpoint, parseNote, parseVerifierKey } from '../core/note.ts';
import { parseProof, proofFault } from '../core/proof.ts';
import { type Finding, verifyExport } from '../core/verify.ts';
import type { LedgerArchive } from '../stores/archive.ts';
import { readExport } from '../stores/export-files.ts';
import { type Misread, misread, misunderstood as notUnderstood, readOptions } from './options.ts';
import type { Terminal } from './terminal.ts';
import { unset, withArchive } from './with-archive.ts';

const usage = [
  'consentry ledger verify PATH --key VERIFIER-KEY [--since CHECKPOINT or its file]',
  'consentry ledger export --client ID --out FILE',
  'consentry ledger prove  --client ID --index N [--year YYYY] [--out FILE]',
  'consentry ledger fsck   [--client ID]',
  '(all but verify take --data DIR and --keys DIR; default: CONSENTRY_DATA and CONSENTRY_KEYS)',
];

const options = {
  key: { type: 'string' },
  since: { type: 'string' },
  client: { type: 'string' },
  index: { type: 'string' },
  year: { type: 'string' },
  out: { type: 'string' },
  data: { type: 'string' },
  keys: { type: 'string' },
} as const;

type Values = { readonly [N in keyof typeof options]?: string | undefined };

/** Answers 0 when all is well, 1 when something is wrong, 2 when not understood or nothing outside was compared. */
export async function ledgerCommand(args: string[], env: Environment, terminal: Terminal): Promise<number> {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood(asked.wrong.en, terminal);
  const { action, path, values } = asked;
  if (action === 'verify' && path !== undefined) return verify(path, values, terminal);
  const work = Object.hasOwn(works, action) ? works[action] : undefined;
  if (work === undefined)
    return misunderstood(action === 'verify' ? 'name the export' : 'there is no such action', terminal);
  if (path !== undefined) return misunderstood(`${action} takes options only`, terminal);
  const answer = await withArchive('ledger', values, env, terminal, (archive) =>
    work(archive, values, terminal),
  );
  return answer === 'unset' ? misunderstood(unset, terminal) : answer;
}

function read(
  args: string[],
): { readonly action: string; readonly path: string | undefined; readonly values: Values } | Misread {
  const read = readOptions({ args, options, allowPositionals: true });
  if ('wrong' in read) return read;
  const [action = '', path, ...more] = read.positionals;
  return more.length > 0 ? misread('name one export only') : { action, path, values: read.values };
}

function misunderstood(wrong: string, terminal: Terminal): number {
  return notUnderstood('ledger', wrong, usage, terminal);
}

function verify(path: string, values: Values, terminal: Terminal): number {
  if (!existsSync(path)) {
    terminal.complain(`consentry ledger: there is no ${path}`);
    return 1;
  }
  if (path.endsWith('.tlog-proof')) return verifyProof(path, values, terminal);
  const files = readExport(path);
  if (typeof files === 'string') {
    terminal.complain(`FAILED: ${files}`);
    return 1;
  }
  const { key } = values;
  const since = values.since === undefined ? undefined : stateOf(values.since);
  if (since === 'missing') {
    terminal.complain(
      `consentry ledger: there is no file ${values.since}: --since takes the file in which you saved the state of the log`,
    );
    return 2;
  }
  if (since === 'unreadable') {
    terminal.complain(
      'consentry ledger: what --since was given cannot be read as a checkpoint, so nothing was verified. It has three lines, an empty line and a line that begins with a dash (—): save it again as you were shown it, or take another copy',
    );
    return 2;
  }
  const known = { ...(key === undefined ? {} : { key }), ...(since === undefined ? {} : { since }) };
  const findings = verifyExport(files, known);
  for (const finding of findings) terminal.print(sentence(finding));
  if (findings.some(({ kind }) => kind === 'failure')) return 1;
  return verdict(values, terminal);
}

/** A saved state as it was signed, without what editors and mail programs add: a byte order mark, other line ends, blanks at the ends. */
function stateOf(given: string): string {
  if (!existsSync(given) && !given.includes('\n') && !given.includes('\\n')) return 'missing';
  if (existsSync(given) && !statSync(given).isFile()) return 'unreadable';
  const text = existsSync(given) ? readFileSync(given, 'utf8') : given.replaceAll('\\n', '\n');
  const note = `${text.trim().replaceAll(/[^\S\n]+\n/g, '\n')}\n`;
  return parseCheckpoint(parseNote(note)?.text ?? '') === undefined ? 'unreadable' : note;
}

function sentence({ kind, part, index, what }: Finding): string {
  const where = index === undefined ? part : `${part} line ${index}`;
  return `${kind === 'failure' ? 'FAILED' : 'Note'}${where === '' ? '' : ` (${where})`}: ${what}`;
}

function verdict(values: Values, terminal: Terminal): number {
  if (values.key === undefined) {
    terminal.print('The log is consistent with itself only: without --key nothing says who wrote it.');
    return 2;
  }
  terminal.print(
    values.since === undefined
      ? 'OK: the log is whole and signed by the key. Give --since to know that nothing you saw before is gone.'
      : 'OK: the log is whole, signed by the key, and extends the head you noted.',
  );
  return 0;
}

function verifyProof(path: string, values: Values, terminal: Terminal): number {
  const proof = parseProof(readFileSync(path, 'utf8'));
  const key = parseVerifierKey(values.key ?? '');
  if (proof === undefined || key === undefined) {
    terminal.complain(
      `FAILED: ${proof === undefined ? 'this is no proof' : '--key is needed, and a verifier key'}`,
    );
    return proof === undefined ? 1 : 2;
  }
  const fault = proofFault(proof, key);
  terminal.print(fault === undefined ? Buffer.from(proof.leaf).toString('utf8') : `FAILED: ${fault}`);
  return fault === undefined ? 0 : 1;
}

type Work = (archive: LedgerArchive, values: Values, terminal: Terminal) => Promise<number>;

const works: Readonly<Record<string, Work>> = { export: exportTo, prove, fsck };

async function exportTo(archive: LedgerArchive, values: Values, terminal: Terminal): Promise<number> {
  if (values.client === undefined) return misunderstood('--client is missing', terminal);
  if (values.out === undefined) return misunderstood('--out is missing', terminal);
  if ((await archive.head(values.client)) === undefined) return unknownClient(terminal);
  const file = createWriteStream(values.out, { flags: 'wx', mode: 0o600 });
  await once(file, 'open');
  for await (const chunk of archive.export(values.client)) {
    if (!file.write(chunk)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
  terminal.print(`The log of ${values.client} is in ${values.out}.`);
  return 0;
}

function unknownClient(terminal: Terminal): number {
  terminal.complain('consentry ledger: there is no log of this client');
  return 1;
}

async function prove(archive: LedgerArchive, values: Values, terminal: Terminal): Promise<number> {
  const index = /^[0-9]+$/.test(values.index ?? '') ? Number(values.index) : undefined;
  if (values.client === undefined) return misunderstood('--client is missing', terminal);
  if (index === undefined) return misunderstood('--index takes the number of a line', terminal);
  const year = values.year === undefined ? undefined : Number(values.year);
  const proof = await archive.prove(values.client, index, year);
  if (proof === undefined) {
    terminal.complain('consentry ledger: there is no such line');
    return 1;
  }
  if (values.out === undefined) {
    terminal.print(proof.trimEnd());
    return 0;
  }
  const file = createWriteStream(values.out, { flags: 'wx', mode: 0o600 });
  file.end(proof);
  await finished(file);
  return 0;
}

async function fsck(archive: LedgerArchive, values: Values, terminal: Terminal): Promise<number> {
  const findings = await archive.fsck(values.client);
  for (const finding of findings) terminal.print(finding);
  if (findings.length === 0) terminal.print('OK: lines, hashes, signatures and tables agree.');
  return findings.length === 0 ? 0 : 1;
}
