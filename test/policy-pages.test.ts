/** The pages on policy files: every key is explained, every example really runs, and editors get what the compiler takes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import {
  keysOf,
  kindSchema,
  kindSchemaText,
  policyKinds,
  policySchemaText,
} from '../src/core/policy/json-schema.ts';
import { parseFile } from '../src/core/policy/parse.ts';
import { readPolicyFolder } from '../src/stores/policy-files.ts';
import { policyPages } from '../tools/policy-pages.ts';
import { root } from '../tools/root.ts';

const { documents } = await readPolicyFolder(join(root, 'policies'));
const samples = documents.filter(({ path }) => path.endsWith('.yaml'));
const kinds = Object.keys(policyKinds);

/** What the first line of a file says it is. */
function kindOf(text: string, path: string): string | undefined {
  const line = `# yaml-language-server: $schema=${'../'.repeat(path.split('/').length - 1)}schema.json#/$defs/`;
  return text.startsWith(line) ? text.slice(line.length, text.indexOf('\n')) : undefined;
}

describe('keys', () => {
  test.each(kinds)('of %s: each means something, and nothing is explained that is not there', (kind) => {
    const schema = kindSchema(kind) ?? {};
    const keys = keysOf(schema).map(({ path }) => path);
    const meanings = policyKinds[kind]?.meanings ?? {};
    expect(keys.filter((path) => !Object.hasOwn(meanings, path))).toEqual([]);
    expect(Object.keys(meanings).filter((path) => !keys.includes(path))).toEqual([]);
  });

  test('of a kind that does not exist', () => {
    expect(kindSchema('toString')).toBeUndefined();
  });
});

describe('for editors', () => {
  test('each kind of file has a page', () => {
    expect(policyPages.map(({ kind }) => kind).toSorted()).toEqual(kinds.toSorted());
  });

  test.each(samples.map(({ path, text }) => [path, text]))('%s says what it is', (path, text) => {
    expect(kinds).toContain(kindOf(text, path));
  });

  const ajv = new Ajv2020({ allErrors: true });
  ajv.addSchema(JSON.parse(policySchemaText()), 'schema.json');

  test.each(samples.map(({ path, text }) => [path, text]))(
    '%s is accepted by a validator of somebody else',
    (path, text) => {
      const validate = ajv.getSchema(`schema.json#/$defs/${kindOf(text, path)}`);
      validate?.(parse(text));
      expect(validate).toBeDefined();
      expect(validate?.errors ?? []).toEqual([]);
    },
  );

  test.each(samples.map(({ path, text }) => [path, text]))('%s with a key too many is not', (path, text) => {
    const validate = ajv.getSchema(`schema.json#/$defs/${kindOf(text, path)}`);
    expect(validate?.({ ...parse(text), sytems: {} })).toBe(false);
  });

  test.each(kinds)('the schema of %s alone is the same', (kind) => {
    const { $schema: _, ...alone } = JSON.parse(kindSchemaText(kind) ?? '{}');
    expect(alone).toEqual(JSON.parse(policySchemaText()).$defs[kind]);
  });
});

describe('examples', () => {
  const variables = { ISSUER: 'https://sso.example', ERP_UPSTREAM: 'https://a.example' };

  test.each(policyPages)('of $path are well formed', ({ path, kind }) => {
    const page = readFileSync(join(root, path), 'utf8');
    const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
    const { schema } = policyKinds[kind] ?? {};
    if (schema === undefined) throw new Error(`there is no kind ${kind}`);
    const wrong = blocks.map((block) => {
      // What the sample leaves out for want of a secret file must be right, too.
      const text = block.replaceAll(/^(\s+)# (credential: )/gm, '$1$2');
      const parsed = parseFile(
        schema,
        { path, text },
        { ...variables, BACKUP_UPSTREAM: 'https://b.example' },
      );
      return 'file' in parsed ? [] : parsed.faults.map(({ message }) => message);
    });
    // The sample is a whole file; further examples in the prose may be parts of one.
    expect(wrong[0]).toEqual([]);
    const parts = wrong.slice(1).flat();
    expect(parts.filter((message) => !/ is missing$|^must be a map of keys$/.test(message))).toEqual([]);
  });
});
