/**
 * Holds one file against its schema and says every mismatch where it stands, in words that an administrator can act
 * on.
 */
import type * as z from 'zod';
import { type Placed, type PolicyDocument, type ReadPieces, readDocument } from './document.ts';
import type { PolicyFault } from './faults.ts';
import type { Variables } from './variables.ts';

/** A file that is well formed in itself. */
export interface ParsedFile<T> {
  readonly document: Placed;
  readonly content: T;
}

type Issue = z.core.$ZodIssue;

/** The content, or all that is wrong with the file. `known`: what the pieces of an earlier text meant; see `readDocument`. */
export function parseFile<T>(
  schema: z.ZodType<T>,
  source: PolicyDocument,
  variables: Variables,
  known?: ReadPieces,
): { readonly file: ParsedFile<T> } | { readonly faults: readonly PolicyFault[] } {
  const { placed, data, faults } = readDocument(source, variables, known);
  const result = schema.safeParse(data, { reportInput: true });
  if (result.success && faults.length === 0) return { file: { document: placed, content: result.data } };
  const all = result.success ? [] : result.error.issues;
  // A text that is not plain YAML is only half known: what the schema would miss in it may well be there.
  const issues = faults.length > 0 ? all.filter((issue) => !isMissing(issue)) : all;
  return { faults: [...faults, ...faultsAt(issues, placed)] };
}

/** What a schema finds wrong, where it stands. */
export function faultsAt(issues: readonly Issue[], placed: Placed): readonly PolicyFault[] {
  return problemsIn(issues).map(({ path, of, message }) => ({
    file: placed.path,
    ...placed.place(path, of),
    message,
  }));
}

/** One thing that a schema finds wrong, and at which value or key. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly of: 'key' | 'value';
  readonly message: string;
}

/** What a schema finds wrong, in words. */
export function problemsIn(issues: readonly Issue[]): readonly Problem[] {
  return issues.flatMap((issue): readonly Problem[] => {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], of: 'key', message: `unknown key "${key}"` }));
    }
    if (issue.code === 'invalid_key') {
      return [{ path, of: 'key', message: issue.issues[0]?.message ?? 'this key is not accepted' }];
    }
    return [{ path, of: 'value', message: sentence(issue, path.at(-1)) }];
  });
}

function sentence(issue: Issue, key: PropertyKey | undefined): string {
  if (isMissing(issue)) return key === undefined ? 'the file is empty' : `"${String(key)}" is missing`;
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  return issue.message;
}

function isMissing(issue: Issue): boolean {
  return issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}

const expectedNames: { readonly [expected: string]: string } = {
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
  string: 'text (in quotes if it looks like something else)',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

function article(expected: string): string {
  return expectedNames[expected] ?? expected;
}
