/**
 * `consentry client new ID --name …`: one client's file, from options that are called as the columns of a sheet are. It is a
 * sheet of one client: what is checked and how it is written is the same.
 */
import { type SheetFault, sheetColumns } from '../core/policy/client-sheet.ts';
import { writeClients } from './client-import.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { policyOptionTable } from './policy-options.ts';
import type { CommandMain } from './terminal.ts';

export const newUsage = [
  'consentry client new ID --name NAME --reference CONTRACT --from DATE [--system ID[=UPSTREAM]]...',
  '                        [--controller ID --controller-name NAME --function … --role … --subject … --authority …]',
  '                        [--status live] [--tags "a b"] [--use contract/NAME] [and so on: consentry client import --columns]',
  '                        [--replace] [--dry-run] [--policies DIR]   (and options as for policy check)',
];

/** `controller_name` -> `controller-name`, as options are written. */
function optionOf(column: string): string {
  return column.replaceAll('_', '-');
}

const own = Object.keys(sheetColumns).filter((column) => column !== 'client' && column !== 'system');

const optionTable = {
  ...policyOptionTable,
  policies: { type: 'string' },
  replace: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  system: { type: 'string', multiple: true },
} as const;

const columnOptions = Object.fromEntries(
  own.map((column) => [optionOf(column), { type: 'string' as const }]),
);

/** 0: written (or would be). 1: faults, nothing written. 2: the command was not understood. */
export const newClient: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('client new', asked.wrong.en, newUsage, terminal);
  return writeClients(sheetOf(asked), asked.values, env, terminal, say);
};

interface Asked {
  readonly id: string;
  readonly values: {
    readonly evaluation: boolean;
    readonly portal?: string;
    readonly set?: readonly string[];
    readonly policies?: string;
    readonly replace: boolean;
    readonly 'dry-run': boolean;
    readonly system?: readonly string[];
  };
  /** Column -> what was said. */
  readonly said: ReadonlyMap<string, string>;
}

function read(args: readonly string[]): Asked | Misread {
  const read = readOptions({
    args: [...args],
    options: { ...columnOptions, ...optionTable },
    allowPositionals: true,
  });
  if ('wrong' in read) return read;
  const { values } = read;
  const [id, ...rest] = read.positionals;
  if (id === undefined || rest.length > 0) return misread('give one id for the client');
  const all: Readonly<Record<string, unknown>> = values;
  const said = own.flatMap((column): [string, string][] => {
    const value = all[optionOf(column)];
    return typeof value === 'string' ? [[column, value]] : [];
  });
  return { id, values, said: new Map(said) };
}

/** The first row says everything; each further system has a row of its own, with what is said of systems. */
function sheetOf({ id, values, said }: Asked): string {
  const systems = (values.system ?? ['']).map((one) => {
    const at = one.indexOf('=');
    return at < 0 ? { system: one } : { system: one.slice(0, at), upstream: one.slice(at + 1) };
  });
  const rows = systems.map((system, nth) => ({
    client: id,
    ...Object.fromEntries([...said].filter(([column]) => nth === 0 || sheetColumns[column]?.of === 'system')),
    ...system,
  }));
  const columns = Object.keys(sheetColumns);
  return [
    columns,
    ...rows.map((row) => columns.map((column) => new Map(Object.entries(row)).get(column) ?? '')),
  ]
    .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\n');
}

function say({ column, message }: SheetFault): string {
  return column === undefined || column === 'client' ? message : `--${optionOf(column)}: ${message}`;
}
