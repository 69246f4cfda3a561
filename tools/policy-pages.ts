/**
 * The pages in docs/policy/: the prose is written by hand, the example is a file of the sample policies as it really runs, and
 * the reference of every key is printed from the schemas and what they say each key means.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type JsonSchema, keysOf, kindSchema } from '../src/core/policy/json-schema.ts';
import { between } from './marks.ts';
import { root } from './root.ts';

export interface PolicyPage {
  readonly path: string;
  /** Kind of file, as in the schema. */
  readonly kind: string;
  /** The sample file that is shown, below policies/. */
  readonly example: string;
}

export const policyPages: readonly PolicyPage[] = [
  { path: 'docs/policy/identity.md', kind: 'identity', example: 'identity.yaml' },
  { path: 'docs/policy/staff.md', kind: 'staff', example: 'staff.yaml' },
  { path: 'docs/policy/purposes.md', kind: 'purposes', example: 'purposes.yaml' },
  { path: 'docs/policy/providers.md', kind: 'providers', example: 'providers.yaml' },
  { path: 'docs/policy/defaults.md', kind: 'defaults', example: 'defaults.yaml' },
  { path: 'docs/policy/contracts.md', kind: 'contract', example: 'contracts/standard.yaml' },
  { path: 'docs/policy/clients.md', kind: 'client', example: 'clients/acme.yaml' },
  { path: 'docs/policy/profiles.md', kind: 'profile', example: 'profiles/erp-demo.yaml' },
  {
    path: 'docs/policy/grant-templates.md',
    kind: 'template',
    example: 'grant-templates/support-on-ticket.yaml',
  },
  { path: 'docs/policy/cases.md', kind: 'cases', example: 'cases/demo.yaml' },
];

/** The page as it should be. */
export async function policyPage({ path, kind, example }: PolicyPage): Promise<string> {
  const page = await readFile(join(root, path), 'utf8');
  const yaml = await readFile(join(root, 'policies', example), 'utf8');
  const shown = between(path, page, 'example', `\`policies/${example}\`:\n\n\`\`\`yaml\n${yaml}\`\`\``);
  return between(path, shown, 'keys', keyTable(kind));
}

function keyTable(kind: string): string {
  const schema = kindSchema(kind);
  if (schema === undefined) throw new Error(`there is no kind of policy file called ${kind}`);
  const rows = keysOf(schema).map(({ path, schema: key, required }) => {
    if (key.description === undefined)
      throw new Error(`say what "${path}" means in src/core/policy/meanings/${kind}.ts`);
    return `| \`${path}\` | ${typeOf(key)} | ${defaultOf(key, required)} | ${key.description} |`;
  });
  return ['| key | what it holds | default | what it means |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (required) return 'must be set';
  if (schema.default === undefined) return 'unset';
  const text = JSON.stringify(schema.default);
  return text.length > 60 ? 'see `schema.json`' : `\`${text}\``;
}

/** In words, short enough for a table. */
function typeOf(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.title !== undefined) return schema.title;
  if (schema.items !== undefined) return `list: ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') return `by id: ${typeOf(schema.additionalProperties)}`;
  if (schema.properties !== undefined) return 'keys';
  return plainType(schema);
}

function plainType({ type, minimum, maximum }: JsonSchema): string {
  if (type === 'boolean') return '`true` or `false`';
  if (type !== 'integer') return type === 'string' ? 'text' : (type ?? 'anything');
  return maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
    ? `whole number from ${minimum ?? 0}`
    : `whole number, ${minimum} to ${maximum}`;
}
