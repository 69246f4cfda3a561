/**
 * `consentry client import clients.csv`: clients out of a sheet, one row per system. Either all of them become files, and the
 * policy folder with them passes its check, or nothing is written and every fault is told with row and column.
 */
import { readFile } from 'node:fs/promises';
import { checkApprovers } from '../core/policy/check-approvers.ts';
import { readSheet, type SheetClient, type SheetFault, sheetColumns } from '../core/policy/client-sheet.ts';
import { placedIn } from '../core/policy/document.ts';
import { formatFault, type PolicyFault } from '../core/policy/faults.ts';
import { loadPoliciesWith } from '../stores/policy-files.ts';
import { presentAmong, writePolicyFiles } from '../stores/policy-write.ts';
import { misread, misunderstood, readOptions } from './options.ts';
import { type PolicyValues, policyOptionTable, readPolicyOptions } from './policy-options.ts';
import type { CommandMain, Terminal } from './terminal.ts';

export const importUsage = [
  'consentry client import FILE.csv [--replace] [--dry-run] [--policies DIR]   (and options as for policy check)',
  'consentry client import --columns',
];

const optionTable = {
  ...policyOptionTable,
  policies: { type: 'string' },
  replace: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  columns: { type: 'boolean', default: false },
} as const;

export interface WriteValues extends PolicyValues {
  readonly policies?: string | undefined;
  readonly replace: boolean;
  readonly 'dry-run': boolean;
}

/** 0: written (or would be). 1: faults, nothing written. 2: the command was not understood. */
export const importClients: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('client import', asked.wrong.en, importUsage, terminal);
  const { file, values } = asked;
  if (values.columns) return printColumns(terminal);
  if (file === undefined) return misunderstood('client import', 'name the file', importUsage, terminal);
  const text = await readText(file);
  if ('fault' in text) {
    terminal.complain(`${file}: ${text.fault}`);
    return 1;
  }
  return writeClients(text.text, values, env, terminal, (fault) => placeInSheet(file, fault));
};

function read(args: readonly string[]) {
  const read = readOptions({ args: [...args], options: optionTable, allowPositionals: true });
  if ('wrong' in read) return read;
  const [file, ...rest] = read.positionals;
  return rest.length > 0 ? misread('name one file only') : { file, values: read.values };
}

function printColumns(terminal: Terminal): number {
  for (const [name, { help }] of Object.entries(sheetColumns)) terminal.print(`${name.padEnd(24)}${help}`);
  return 0;
}

async function readText(file: string): Promise<{ readonly text: string } | { readonly fault: string }> {
  try {
    const bytes = await readFile(file);
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    const code = Error.isError(error) && 'code' in error ? error.code : undefined;
    return {
      fault:
        code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
          ? 'is not UTF-8; save it as "CSV UTF-8"'
          : 'cannot be read',
    };
  }
}

function placeInSheet(file: string, { row, column, message }: SheetFault): string {
  return `${file}: row ${row}${column === undefined ? '' : `, column ${column}`}: ${message}`;
}

/** Checks the sheet, then the folder as it would be, then writes. `say` tells a fault of the sheet. */
export async function writeClients(
  sheet: string,
  values: WriteValues,
  env: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
  say: (fault: SheetFault) => string,
): Promise<number> {
  const options = readPolicyOptions(values, env);
  const directory = values.policies ?? env.CONSENTRY_POLICIES ?? 'policies';
  if (options === undefined) {
    terminal.complain('--portal must be an address, --set NAME=VALUE');
    return 2;
  }
  const reading = readSheet(sheet);
  if ('faults' in reading) return refuse(reading.faults.map(say), terminal);
  const { clients } = reading;
  const documents = clients.map(({ document }) => document);
  const present = values.replace
    ? []
    : await presentAmong(
        directory,
        documents.map(({ path }) => path),
      );
  const loaded = await loadPoliciesWith(directory, documents, options);
  const faults = [
    ...clients
      .filter(({ document }) => present.includes(document.path))
      .map(({ cellAt, document }) =>
        say({ ...cellAt([]), message: `${document.path} is there already; --replace writes it anew` }),
      ),
    ...('faults' in loaded
      ? loaded.faults
      : checkApprovers(loaded.snapshot, documents, Date.now()).faults
    ).map((fault) => tell(fault, clients, say)),
  ];
  if (faults.length > 0) return refuse(faults, terminal);
  if (!values['dry-run']) await writePolicyFiles(directory, documents, values.replace);
  summarise(clients, directory, values['dry-run'], terminal);
  return 0;
}

function refuse(faults: readonly string[], terminal: Terminal): number {
  for (const fault of faults) terminal.complain(fault);
  terminal.complain(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}; nothing was written`);
  return 1;
}

/** A fault in a file that would be written is told at the cell it comes from; any other where it stands. */
function tell(
  fault: PolicyFault,
  clients: readonly SheetClient[],
  say: (fault: SheetFault) => string,
): string {
  const client = clients.find(({ document }) => document.path === fault.file);
  if (client === undefined) return formatFault(fault);
  const { place } = placedIn(client.document);
  const far = (path: readonly string[], of: 'key' | 'value'): number => {
    const { line, column } = place(path, of);
    return line === fault.line && column <= fault.column ? fault.column - column : Infinity;
  };
  // The value or key that stands there, else what begins last before it: one of a list is told at the list's cell.
  const [nearest] = client.paths
    .map((path) => ({ path, far: Math.min(far(path, 'value'), far(path, 'key')) }))
    .filter((one) => one.far < Infinity)
    .toSorted((a, b) => a.far - b.far || b.path.length - a.path.length);
  return say({ ...client.cellAt(nearest?.path ?? []), message: fault.message });
}

function summarise(
  clients: readonly SheetClient[],
  directory: string,
  dry: boolean,
  terminal: Terminal,
): void {
  const systems = clients.reduce((sum, client) => sum + client.systems, 0);
  for (const { document } of clients) terminal.print(`${dry ? 'would write' : 'written'}  ${document.path}`);
  terminal.print(`${clients.length} clients, ${systems} systems in ${directory}; the policies are in order`);
}
