/**
 * Clients out of a sheet: one row per system, the rows of one client under the same id. What is wrong is said with row and
 * column, all of it at once. Makes the content of client files and knows for each value the cell it came from.
 */
import { clientText } from './client-text.ts';
import { type CsvFault, parseCsv, type Row } from './csv.ts';
import type { PolicyDocument } from './document.ts';
import { problemsIn } from './parse.ts';
import { clientSource } from './schema-client.ts';

/** A place in the sheet: the line of the file on which the row begins, and the column's name. */
export interface CellPlace {
  readonly row: number;
  readonly column: string;
}

export interface SheetFault extends Partial<CellPlace> {
  readonly row: number;
  readonly message: string;
}

/** A client of the sheet, as the file it becomes. */
export interface SheetClient {
  readonly id: string;
  readonly document: PolicyDocument;
  readonly systems: number;
  /** The cell behind a value; of what was not in a cell, the nearest around it. */
  cellAt(path: readonly PropertyKey[]): CellPlace;
  /** Every place that a cell was written to. */
  readonly paths: readonly (readonly string[])[];
}

type Scope = 'client' | 'system' | 'controller';

interface Column {
  readonly of: Scope;
  /** Where the value goes: below the client, the system or the controller. */
  readonly path: readonly string[];
  /** Several words, separated by spaces. */
  readonly list?: true;
  readonly help: string;
}

/** The columns, in any order; only `client` must be there. */
export const sheetColumns: { readonly [column: string]: Column } = {
  client: { of: 'client', path: [], help: 'id of the client; rows with the same id belong together' },
  name: { of: 'client', path: ['name'], help: 'name of the client' },
  status: { of: 'client', path: ['status'], help: '`preparing`, `live` or `ended`; empty: `preparing`' },
  tags: { of: 'client', path: ['tags'], list: true, help: 'tags, separated by spaces' },
  use: { of: 'client', path: ['use'], help: 'contract terms, such as `contract/standard`' },
  zone: { of: 'client', path: ['zone'], help: 'time zone' },
  reference: { of: 'client', path: ['contract', 'reference'], help: 'reference of the contract' },
  from: { of: 'client', path: ['contract', 'from'], help: 'first day of the contract' },
  until: { of: 'client', path: ['contract', 'until'], help: 'last day of the contract' },
  services: { of: 'client', path: ['contract', 'services'], list: true, help: 'services ordered' },
  single_approver_until: {
    of: 'client',
    path: ['absence', 'single_approver_until'],
    help: 'day until which one approver is accepted, with its reason',
  },
  single_approver_reason: { of: 'client', path: ['absence', 'reason'], help: 'why' },
  host_pattern: { of: 'client', path: ['host_pattern'], help: 'hosts of systems that name none' },
  system: { of: 'system', path: [], help: 'id of the system' },
  system_name: { of: 'system', path: ['name'], help: 'what it is called' },
  kind: { of: 'system', path: ['kind'], help: '`web` or `outside`' },
  hosts: { of: 'system', path: ['hosts'], list: true, help: 'its hosts, separated by spaces' },
  environment: { of: 'system', path: ['environment'], help: '`production` or `test`' },
  profile: { of: 'system', path: ['profile'], help: 'its profile' },
  purposes: { of: 'system', path: ['purposes'], list: true, help: 'purposes that may be declared' },
  upstream: { of: 'system', path: ['upstream', 'url'], help: 'origin of the system itself' },
  server_name: { of: 'system', path: ['upstream', 'server_name'], help: 'name in its certificate' },
  ca_file: { of: 'system', path: ['upstream', 'ca_file'], help: 'authorities that alone are trusted for it' },
  shared_upstream: {
    of: 'system',
    path: ['upstream', 'shared_upstream'],
    help: 'why it serves another client too',
  },
  door: { of: 'system', path: ['door'], help: '`second-name` or `same-name`; empty: `second-name`' },
  closed_by: {
    of: 'system',
    path: ['closed_by'],
    help: '`firewall`, `upstream-auth`, `assertion` or `not-closed`; empty: `not-closed`',
  },
  controller: { of: 'controller', path: [], help: 'id of somebody of the client' },
  controller_name: { of: 'controller', path: ['name'], help: 'their name' },
  function: { of: 'controller', path: ['function'], help: 'their function there' },
  role: { of: 'controller', path: ['role'], help: '`representative`, `delegate` or `reader`' },
  sign_in: {
    of: 'controller',
    path: ['sign_in'],
    help: '`passkey`, `mail-totp`, or empty: with issuer and subject',
  },
  issuer: { of: 'controller', path: ['issuer'], help: 'issuer at which they sign in' },
  subject: { of: 'controller', path: ['subject'], help: 'their subject at that issuer' },
  authority: { of: 'controller', path: ['authority'], help: 'document that says they may act' },
};

const notAnId = 'must be an id: small letters, digits and -, beginning with a letter';
const idForm = /^[a-z][a-z0-9-]{0,62}$/;

/** The clients of a sheet as text, in the order of their first rows; or all that is wrong with it. */
export function readSheet(
  text: string,
): { readonly clients: readonly SheetClient[] } | { readonly faults: readonly SheetFault[] } {
  const { rows, faults } = parseCsv(text);
  const [header, ...rest] = rows;
  const found: SheetFault[] = faults.map(({ line, message }: CsvFault) => ({ row: line, message }));
  if (header === undefined) return { faults: [...found, { row: 1, message: 'the sheet is empty' }] };
  const columns = header.cells.map((cell) => cell.trim());
  found.push(...checkHeader(header.line, columns));
  const sheet = new Sheet(found);
  for (const row of rest) sheet.take(row, columns);
  const clients = sheet.clients();
  return found.length > 0 ? { faults: found.sort((a, b) => a.row - b.row) } : { clients };
}

function checkHeader(row: number, columns: readonly string[]): readonly SheetFault[] {
  const faults = columns.flatMap((column, index): readonly SheetFault[] => {
    if (!Object.hasOwn(sheetColumns, column)) return [{ row, column, message: 'there is no such column' }];
    return columns.indexOf(column) < index ? [{ row, column, message: 'this column is there twice' }] : [];
  });
  if (columns.includes('client')) return faults;
  return [...faults, { row, message: 'the first line must name the columns; "client" is missing' }];
}

/** One client while its rows are read. */
interface Growing {
  readonly row: number;
  readonly content: Record<string, unknown>;
  readonly cells: Map<string, CellPlace>;
  readonly paths: string[][];
}

class Sheet {
  readonly #faults: SheetFault[];
  readonly #clients = new Map<string, Growing>();

  constructor(faults: SheetFault[]) {
    this.#faults = faults;
  }

  take({ line: row, cells }: Row, columns: readonly string[]): void {
    if (cells.length !== columns.length) {
      const message = `has ${cells.length} cells where the first line names ${columns.length} columns`;
      this.#faults.push({ row, message });
      return;
    }
    const said = new Map(columns.map((column, index) => [column, (cells[index] ?? '').trim()]));
    const id = said.get('client') ?? '';
    if (!idForm.test(id)) {
      this.#faults.push({ row, column: 'client', message: notAnId });
      return;
    }
    const client = this.#clients.get(id) ?? this.#begin(id, row);
    for (const scope of ['client', 'system', 'controller'] as const) this.#fill(client, row, scope, said);
  }

  #begin(id: string, row: number): Growing {
    const client: Growing = { row, content: {}, cells: new Map(), paths: [] };
    this.#clients.set(id, client);
    place(client, [], { row, column: 'client' });
    return client;
  }

  /** Writes the cells of one scope; a system or person must be named for its cells to mean something. */
  #fill(client: Growing, row: number, scope: Scope, said: ReadonlyMap<string, string>): void {
    const filled = [...said].filter(([column, cell]) => cell !== '' && sheetColumns[column]?.of === scope);
    const named = scope === 'client' ? undefined : (said.get(scope) ?? '');
    if (filled.length === 0) return;
    if (named === '') {
      const message = `says something of a ${scope}, but the column "${scope}" does not say which`;
      this.#faults.push({ row, column: filled[0]?.[0] ?? scope, message });
      return;
    }
    const base = named === undefined ? [] : [`${scope}s`, named];
    if (named !== undefined) {
      if (!idForm.test(named)) {
        this.#faults.push({ row, column: scope, message: notAnId });
        return;
      }
      if (!client.cells.has(keyOf(base))) {
        setAt(client.content, base, {});
        place(client, base, { row, column: scope });
      }
    }
    for (const [column, cell] of filled) {
      const { path = [], list } = sheetColumns[column] ?? {};
      if (path.length > 0)
        this.#write(client, [...base, ...path], { row, column }, list ? cell.split(/\s+/) : cell);
    }
  }

  #write(client: Growing, path: readonly string[], at: CellPlace, value: string | readonly string[]): void {
    const before = client.cells.get(keyOf(path));
    const known = before === undefined ? undefined : valueAt(client.content, path);
    if (known !== undefined && String(known) !== String(value)) {
      const message = `row ${before?.row} says "${String(known)}"; it must be the same, or empty`;
      this.#faults.push({ ...at, message });
      return;
    }
    if (known !== undefined) return;
    setAt(client.content, path, value);
    place(client, path, at);
  }

  clients(): readonly SheetClient[] {
    return [...this.#clients].map(([id, client]) => {
      const content = {
        name: client.content.name,
        status: 'preparing',
        ...client.content,
        systems: client.content.systems ?? {},
        controllers: client.content.controllers ?? {},
      };
      const cellAt = (path: readonly PropertyKey[]): CellPlace => nearest(client, path);
      const checked = clientSource.safeParse(content, { reportInput: true });
      for (const { path, message } of problemsIn(checked.error?.issues ?? [])) {
        this.#faults.push({ ...cellAt(path), message });
      }
      return {
        id,
        document: { path: `clients/${id}.yaml`, text: clientText(content) },
        systems: Object.keys(content.systems).length,
        cellAt,
        paths: client.paths,
      };
    });
  }
}

function keyOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('\n');
}

function place(client: Growing, path: readonly string[], at: CellPlace): void {
  client.cells.set(keyOf(path), at);
  client.paths.push([...path]);
}

function nearest(client: Growing, path: readonly PropertyKey[]): CellPlace {
  for (let length = path.length; length > 0; length -= 1) {
    const found = client.cells.get(keyOf(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return { row: client.row, column: 'client' };
}

type Tree = Record<string, unknown>;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isTree(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    tree,
  );
}

function setAt(tree: Tree, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) tree[key] = value;
  else {
    const known = Object.hasOwn(tree, key) ? tree[key] : undefined;
    const inner = isTree(known) ? known : {};
    tree[key] = inner;
    setAt(inner, rest, value);
  }
}
