/**
 * One JSON Schema for all policy files, for editors: `$defs` holds one definition per kind of file, made from the schemas
 * that the compiler uses and from what each key means. `policies/schema.json` is this text, the reference in
 * `docs/policy/` is printed from the same, and a test holds both in step.
 */
import * as z from 'zod';
import { caseMeanings } from './meanings/cases.ts';
import { clientMeanings } from './meanings/client.ts';
import { contractMeanings, defaultsMeanings } from './meanings/defaults.ts';
import { identityMeanings } from './meanings/identity.ts';
import { profileMeanings } from './meanings/profile.ts';
import { providerMeanings } from './meanings/providers.ts';
import { purposeMeanings } from './meanings/purposes.ts';
import { staffMeanings } from './meanings/staff.ts';
import { templateMeanings } from './meanings/templates.ts';
import { caseFile } from './schema-cases.ts';
import { clientSource, contractFile, defaultsFile } from './schema-client.ts';
import { profileFile } from './schema-profile.ts';
import { providersFile } from './schema-providers.ts';
import { templateFile } from './schema-templates.ts';
import { identityFile, purposesFile, staffFile } from './schemas.ts';

/** What the keys of one kind of file mean, by path: `providers.<id>.issuer`, `assignments[].who`. */
export type Meanings = { readonly [path: string]: string };

interface PolicyKind {
  readonly schema: z.ZodType;
  readonly meanings: Meanings;
}

/** The kinds of policy files, by the name of their definition. */
export const policyKinds: { readonly [kind: string]: PolicyKind } = {
  identity: { schema: identityFile, meanings: identityMeanings },
  staff: { schema: staffFile, meanings: staffMeanings },
  purposes: { schema: purposesFile, meanings: purposeMeanings },
  providers: { schema: providersFile, meanings: providerMeanings },
  defaults: { schema: defaultsFile, meanings: defaultsMeanings },
  contract: { schema: contractFile, meanings: contractMeanings },
  client: { schema: clientSource, meanings: clientMeanings },
  profile: { schema: profileFile, meanings: profileMeanings },
  template: { schema: templateFile, meanings: templateMeanings },
  cases: { schema: caseFile, meanings: caseMeanings },
};

/** The part of JSON Schema that zod writes. */
export interface JsonSchema {
  title?: string;
  description?: string;
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
}

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** The schema of one kind of file, each key with what it means; undefined: there is no such kind. */
export function kindSchema(kind: string): JsonSchema | undefined {
  if (!Object.hasOwn(policyKinds, kind)) return undefined;
  const found = policyKinds[kind];
  if (found === undefined) return undefined;
  const { $schema: _, ...schema } = z.toJSONSchema(found.schema, { io: 'input' });
  const typed = schema as JsonSchema;
  for (const { path, schema: key } of keysOf(typed)) {
    const meaning = found.meanings[path];
    if (meaning !== undefined) key.description = meaning;
  }
  return typed;
}

export interface SchemaKey {
  /** `providers.<id>.issuer`, `assignments[].who`. */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** All keys of a schema, from the outside in and in the order in which the schema names them. A sentence is one key. */
export function keysOf(schema: JsonSchema, above = ''): readonly SchemaKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = above === '' ? name : `${above}.${name}`;
    const required = schema.required?.includes(name) === true;
    return [{ path, schema: property, required }, ...keysInside(property, path)];
  });
}

function keysInside(schema: JsonSchema, path: string): readonly SchemaKey[] {
  if (schema.title === 'sentence') return [];
  if (schema.items !== undefined) return keysInside(schema.items, `${path}[]`);
  if (typeof schema.additionalProperties === 'object')
    return keysInside(schema.additionalProperties, `${path}.<id>`);
  return [...keysOf(schema, path), ...(schema.anyOf ?? []).flatMap((one) => keysInside(one, path))];
}

/** All kinds as one text, two spaces deep, with a line feed at the end. Editors are pointed at `#/$defs/<kind>`. */
export function policySchemaText(): string {
  const definitions = Object.keys(policyKinds).map((kind) => [kind, kindSchema(kind)]);
  return textOf({
    $schema: dialect,
    title: 'Consentry policy files: one definition per kind of file',
    $defs: Object.fromEntries(definitions),
  });
}

/** The schema of one kind as a text of its own; undefined: there is no such kind. */
export function kindSchemaText(kind: string): string | undefined {
  const schema = kindSchema(kind);
  return schema === undefined ? undefined : textOf({ $schema: dialect, ...schema });
}

function textOf(schema: object): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
