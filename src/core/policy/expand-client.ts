/**
 * Makes the whole client out of what its own file says, the contract it uses and the defaults, in this order: what
 * stands nearer comes first. Maps are joined, lists are replaced. Host patterns become exact hosts here, so that
 * nothing later knows of patterns. Everything that comes out is held to the same schema as if it had been written out.
 */
import { isObject } from '../objects.ts';
import type { PolicyFault } from './faults.ts';
import { faultsAt, type ParsedFile } from './parse.ts';
import {
  type ClientSource,
  type ContractFile,
  type DefaultsFile,
  defaultsFile,
  hostOf,
  type SystemSource,
} from './schema-client.ts';
import { type ClientFile, clientFile } from './schemas.ts';
import type { Share } from './share.ts';

type Contracts = ReadonlyMap<string, ParsedFile<ContractFile> | undefined>;

/** The whole client; or what is wrong or missing in it, which is nothing when the fault lies in what it uses. */
export interface Expanded {
  readonly file: ParsedFile<ClientFile> | undefined;
  readonly faults: readonly PolicyFault[];
}

interface Made {
  readonly id: string;
  readonly defaults: DefaultsFile;
  readonly terms: ContractFile | undefined;
  readonly expanded: Expanded;
}

/** A file that did not change, and does not use anything that did, is not made whole again. */
const made = new WeakMap<ParsedFile<ClientSource>, Made>();

const noDefaults = defaultsFile.parse({});

/** Makes clients whole. `defaults` is undefined when their file is faulty, `none` when there is none; `share` gets what is made. */
export function createExpander(
  defaultsIn: ParsedFile<DefaultsFile> | 'none' | undefined,
  contracts: Contracts,
  share: Share,
): (id: string, source: ParsedFile<ClientSource>) => Expanded {
  const defaults = defaultsIn === 'none' ? noDefaults : defaultsIn?.content;
  return (id, source) => {
    if (defaults === undefined) return { file: undefined, faults: [] };
    const name = (source.content.use ?? defaults.use)?.slice('contract/'.length);
    const faults = checkSource(source, name, contracts);
    const terms = name === undefined ? undefined : contracts.get(name);
    if (faults.length > 0 || (name !== undefined && terms === undefined)) return { file: undefined, faults };
    const before = made.get(source);
    if (before?.id === id && before.defaults === defaults && before.terms === terms?.content)
      return before.expanded;
    const expanded = expand(id, source, defaults, terms?.content, share);
    made.set(source, { id, defaults, terms: terms?.content, expanded });
    return expanded;
  };
}

function expand(
  id: string,
  source: ParsedFile<ClientSource>,
  defaults: DefaultsFile,
  terms: ContractFile | undefined,
  share: Share,
): Expanded {
  const document = placedLikeSource(source);
  const result = clientFile.safeParse(wholeOf(id, source.content, defaults, terms), { reportInput: true });
  if (result.success) return { file: { document, content: share(result.data) }, faults: [] };
  return { file: undefined, faults: faultsAt(result.error.issues, document) };
}

/** Systems that are outside stand among the others in the file. */
function placedLikeSource({ document }: ParsedFile<ClientSource>): ParsedFile<ClientFile>['document'] {
  return {
    path: document.path,
    place: ([first, ...rest], of) =>
      document.place(first === undefined ? [] : [first === 'outside' ? 'systems' : first, ...rest], of),
  };
}

function checkSource(
  { document, content }: ParsedFile<ClientSource>,
  terms: string | undefined,
  contracts: Contracts,
): readonly PolicyFault[] {
  const faults: PolicyFault[] = [];
  const add = (path: readonly PropertyKey[], of: 'key' | 'value', message: string): void => {
    faults.push({ file: document.path, ...document.place(path, of), message });
  };
  if (terms !== undefined && !contracts.has(terms))
    add(['use'], 'value', `the file contracts/${terms}.yaml is missing`);
  for (const [id, system] of Object.entries(content.systems)) {
    if (system.kind !== 'outside') continue;
    for (const key of ['hosts', 'upstream', 'profile', 'door', 'closed_by'] as const) {
      if (system[key] !== undefined)
        add(['systems', id, key], 'key', `a system outside has no ${key}: nothing of it passes here`);
    }
  }
  return faults;
}

function wholeOf(
  id: string,
  source: ClientSource,
  defaults: DefaultsFile,
  terms: ContractFile | undefined,
): unknown {
  const { use: _use, host_pattern = defaults.host_pattern, contract, systems, controllers, ...own } = source;
  const { issuer } = defaults.controllers ?? {};
  const entries = Object.entries(systems);
  return {
    ...without({
      zone: defaults.zone,
      calendar: defaults.calendar,
      contact: defaults.contact,
      tickets: defaults.tickets,
      webhooks: defaults.webhooks,
      display: defaults.display,
    }),
    ...own,
    ...without({
      contract: contract === undefined && terms === undefined ? undefined : joined(terms, contract),
    }),
    systems: Object.fromEntries(
      entries
        .filter(([, system]) => system.kind !== 'outside')
        .map(([system, said]) => [system, served(system, id, said, defaults, host_pattern)]),
    ),
    outside: Object.fromEntries(
      entries
        .filter(([, system]) => system.kind === 'outside')
        .map(([system, said]) => [system, outside(system, said, defaults)]),
    ),
    controllers: Object.fromEntries(
      Object.entries(controllers).map(([user, said]) => [
        user,
        said.sign_in === undefined ? { ...without({ issuer }), ...said } : said,
      ]),
    ),
  };
}

type Named = Pick<SystemSource, 'name'>;

function everything(id: string, said: SystemSource, { systems }: DefaultsFile) {
  return { ...systems['*'], ...systems[id], ...said };
}

function nameOf(id: string, { name = id }: Named): { readonly en: string; readonly fr: string } {
  return typeof name === 'string' ? { en: name, fr: name } : name;
}

function served(
  id: string,
  client: string,
  said: SystemSource,
  defaults: DefaultsFile,
  pattern: string | undefined,
): unknown {
  const { kind: _, ...all } = everything(id, said, defaults);
  const hosts = all.hosts ?? (pattern === undefined ? undefined : [hostOf(pattern, id, client)]);
  return { ...all, name: nameOf(id, all), ...without({ hosts }) };
}

function outside(id: string, said: SystemSource, defaults: DefaultsFile): unknown {
  const all = everything(id, said, defaults);
  const { environment, purposes, authentication } = all;
  return { name: nameOf(id, all), ...without({ environment, purposes, authentication }) };
}

/** Maps into one another, key by key; anything else of the nearer one replaces. */
function joined(far: unknown, near: unknown): unknown {
  if (!isObject(far) || !isObject(near)) return near ?? far;
  const keys = new Set([...Object.keys(far), ...Object.keys(near)]);
  return Object.fromEntries([...keys].map((key) => [key, joined(far[key], near[key])]));
}

/** What is missing must not be there as a key: only then does the schema call it missing. */
function without(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
