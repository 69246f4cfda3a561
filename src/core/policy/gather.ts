/**
 * Sorts the files of a policy folder by what they are and parses each: one kind of file per place, and no file that
 * nobody reads.
 */
import { hash } from 'node:crypto';
import type * as z from 'zod';
import type { PolicyDocument, ReadPieces } from './document.ts';
import { createExpander } from './expand-client.ts';
import type { PolicyFault } from './faults.ts';
import { type ParsedFile, parseFile } from './parse.ts';
import { type CaseFile, caseFile } from './schema-cases.ts';
import {
  type ClientSource,
  type ContractFile,
  clientSource,
  contractFile,
  type DefaultsFile,
  defaultsFile,
} from './schema-client.ts';
import { type ProfileFile, profileFile } from './schema-profile.ts';
import { type ProvidersFile, providersFile } from './schema-providers.ts';
import { type TemplateFile, templateFile } from './schema-templates.ts';
import {
  type ClientFile,
  type IdentityFile,
  identityFile,
  type PurposesFile,
  purposesFile,
  type StaffFile,
  staffFile,
} from './schemas.ts';
import { createShare, type Share } from './share.ts';
import type { Variables } from './variables.ts';

/** All files that are well formed in themselves. What is undefined was missing or faulty. */
export interface Files {
  readonly identity: ParsedFile<IdentityFile> | undefined;
  readonly staff: ParsedFile<StaffFile> | undefined;
  readonly purposes: ParsedFile<PurposesFile> | undefined;
  /** Left out: nobody of another provider comes in. */
  readonly providers: ParsedFile<ProvidersFile> | undefined;
  /** Left out: no default. */
  readonly defaults: ParsedFile<DefaultsFile> | undefined;
  readonly contracts: ReadonlyMap<string, ParsedFile<ContractFile> | undefined>;
  /** By id, which is the file's name, with what it leaves to others; faulty ones are there as undefined. */
  readonly clients: ReadonlyMap<string, ParsedFile<ClientFile> | undefined>;
  readonly profiles: ReadonlyMap<string, ParsedFile<ProfileFile> | undefined>;
  readonly templates: ReadonlyMap<string, ParsedFile<TemplateFile> | undefined>;
  readonly cases: readonly ParsedFile<CaseFile>[];
  /** By path, such as `certificates/acme.pem`. */
  readonly certificates: ReadonlyMap<string, string>;
}

/** A file in a folder of several is named after the id of what it describes. */
const named = /^(clients|contracts|profiles|grant-templates|cases)\/([a-z][a-z0-9-]{0,62})\.yaml$/;

/** What was parsed before: a text that did not change is not parsed again. */
export interface Parsed {
  /** By path. */
  readonly files: Map<string, ParsedBefore>;
  /** Those of the call that is under way or was last, by path: places in a file are found in them. */
  documents: ReadonlyMap<string, PolicyDocument>;
}

interface ParsedBefore {
  readonly digest: string;
  readonly result: ReturnType<typeof parseFile>;
  readonly pieces: ReadPieces;
}

/** Nothing yet. */
export function nothingParsed(): Parsed {
  return { files: new Map(), documents: new Map() };
}

/** Lets go of the texts: until the next call no place in a file can be told. */
export function forgetTexts(parsed: Parsed): void {
  parsed.documents = new Map();
}

function digestOf(source: PolicyDocument): string {
  return source.digest ?? hash('sha256', source.text, 'base64url');
}

/** A document that finds its text where it is now, and holds none. */
function heldBy(parsed: Parsed, path: string): PolicyDocument {
  return {
    path,
    get text() {
      return parsed.documents.get(path)?.text ?? '';
    },
  };
}

/**
 * Parses all documents, whatever their order. Certificates are only carried along. `parsed` holds what an earlier
 * call with the same variables parsed; it is brought up to date, and files that are gone are forgotten.
 */
export function gather(
  documents: readonly PolicyDocument[],
  variables: Variables,
  parsed: Parsed = nothingParsed(),
): { readonly files: Files; readonly faults: readonly PolicyFault[] } {
  const faults: PolicyFault[] = [];
  const byPath = new Map<string, PolicyDocument>();
  for (const document of documents) {
    if (byPath.has(document.path)) faults.push(onWhole(document.path, 'the file is there twice'));
    byPath.set(document.path, document);
    if (!isExpected(document.path)) faults.push(onWhole(document.path, 'nothing reads a file of this name'));
  }
  parsed.documents = byPath;
  const share = createShare();
  function read<T>(schema: z.ZodType<T>, path: string): ParsedFile<T> | undefined {
    const source = byPath.get(path);
    if (source === undefined) {
      faults.push(onWhole(path, 'the file is missing'));
      return undefined;
    }
    const before = parsed.files.get(path);
    const pieces: ReadPieces = before?.pieces ?? new Map();
    const digest = digestOf(source);
    const result =
      before?.digest === digest
        ? (before.result as ReturnType<typeof parseFile<T>>)
        : sharedFile(parseFile(schema, heldBy(parsed, path), variables, pieces), share);
    parsed.files.set(path, { digest, result, pieces });
    if ('file' in result) return result.file;
    faults.push(...result.faults);
    return undefined;
  }
  function readAll<T>(schema: z.ZodType<T>, folder: string): Map<string, ParsedFile<T> | undefined> {
    const found = [...byPath.keys()].sort().map((path) => named.exec(path));
    const ids = found.flatMap((match) => (match?.[1] === folder && match[2] !== undefined ? [match[2]] : []));
    return new Map(ids.map((id) => [id, read(schema, `${folder}/${id}.yaml`)]));
  }
  const defaults = byPath.has('defaults.yaml') ? read(defaultsFile, 'defaults.yaml') : undefined;
  const contracts = readAll(contractFile, 'contracts');
  const expand = createExpander(byPath.has('defaults.yaml') ? defaults : 'none', contracts, share);
  function readClients(): Map<string, ParsedFile<ClientFile> | undefined> {
    const sources = [...readAll<ClientSource>(clientSource, 'clients')];
    return new Map(
      sources.map(([id, source]) => {
        const expanded = source === undefined ? undefined : expand(id, source);
        faults.push(...(expanded?.faults ?? []));
        return [id, expanded?.file];
      }),
    );
  }
  const files: Files = {
    identity: read(identityFile, 'identity.yaml'),
    staff: read(staffFile, 'staff.yaml'),
    purposes: read(purposesFile, 'purposes.yaml'),
    providers: byPath.has('providers.yaml') ? read(providersFile, 'providers.yaml') : undefined,
    defaults,
    contracts,
    clients: readClients(),
    profiles: readAll(profileFile, 'profiles'),
    templates: readAll(templateFile, 'grant-templates'),
    cases: [...readAll(caseFile, 'cases').values()].filter((file) => file !== undefined),
    certificates: new Map([...byPath.values()].filter(isCertificate).map(({ path, text }) => [path, text])),
  };
  for (const path of parsed.files.keys()) if (!byPath.has(path)) parsed.files.delete(path);
  return { files, faults };
}

function sharedFile<T>(result: ReturnType<typeof parseFile<T>>, share: Share): typeof result {
  return 'file' in result ? { file: { ...result.file, content: share(result.file.content) } } : result;
}

function onWhole(file: string, message: string): PolicyFault {
  return { file, line: 1, column: 1, message };
}

function isExpected(path: string): boolean {
  return (
    ['identity.yaml', 'staff.yaml', 'purposes.yaml', 'providers.yaml', 'defaults.yaml'].includes(path) ||
    named.test(path) ||
    isCertificate({ path })
  );
}

function isCertificate({ path }: { readonly path: string }): boolean {
  return /^certificates\/[A-Za-z0-9_-]{1,100}\.pem$/.test(path);
}
