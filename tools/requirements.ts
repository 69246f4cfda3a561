/**
 * The table of requirements: each with the tests that show it, or with where it will belong. `test/requirements.yaml` says
 * it, this checks it against the tests that really are there and prints docs/requirements.md. A requirement with neither, an
 * unknown number, a test that does not exist or is skipped: each is told, and nothing is printed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { parse } from 'yaml';
import { root } from './root.ts';

interface Requirement {
  /** What is required, in one sentence. */
  readonly says: string;
  /** Test file below test/ -> titles of tests or groups in it. */
  readonly shown: Readonly<Record<string, readonly string[]>>;
  /** What of it is not there yet, and where it belongs; alone or beside tests. */
  readonly not_yet: string | undefined;
}

/** The numbers that exist, by part of the table. */
export const requirementParts: readonly (readonly [title: string, first: number, last: number])[] = [
  ['Identity, need to know, standing of staff', 1, 8],
  ['Agreement, purpose, instructions', 10, 19],
  ['Reading only, copies, what is kept of clients’ data', 20, 28],
  ['Evidence and transparency', 30, 37],
  ['The provider’s own providers', 40, 46],
  ['Retention and rights', 50, 59],
  ['Breaches', 60, 65],
];

/** `R01` … `R65`, those that exist. */
export const requirementIds: readonly string[] = requirementParts.flatMap(([, first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => idOf(first + i)),
);

function idOf(number: number): string {
  return `R${String(number).padStart(2, '0')}`;
}

/** The table as written, or everything that is wrong with it in sentences. */
export function readRequirements(
  text: string,
  titlesOf: (file: string) => ReadonlySet<string> | undefined,
): { readonly requirements: ReadonlyMap<string, Requirement> } | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const requirements = new Map<string, Requirement>();
  const written = parse(text) as Record<string, Partial<Requirement> | null>;
  for (const [id, given] of Object.entries(written)) {
    if (!requirementIds.includes(id)) faults.push(`${id} is not a requirement`);
    const { says = '', shown = {}, not_yet } = given ?? {};
    if (says === '') faults.push(`${id} does not say what is required`);
    const named = Object.entries(shown).flatMap(([file, titles]) =>
      titles.map((title) => [file, title] as const),
    );
    if (named.length === 0 && (not_yet ?? '') === '')
      faults.push(`${id} has neither a test nor an explicit "not_yet"`);
    for (const [file, title] of named) {
      const titles = titlesOf(file);
      if (titles === undefined) faults.push(`${id} names test/${file}, which does not exist`);
      else if (!titles.has(title)) faults.push(`${id} names a test that is not in test/${file}: ${title}`);
    }
    requirements.set(id, { says, shown, not_yet });
  }
  for (const id of requirementIds) if (!requirements.has(id)) faults.push(`${id} is missing`);
  return faults.length === 0 ? { requirements } : { faults };
}

/** Titles of the tests and groups of a test file that run; undefined: there is no such file. */
export function titlesIn(file: string): ReadonlySet<string> | undefined {
  let source: string;
  try {
    source = readFileSync(join(root, 'test', file), 'utf8');
  } catch {
    return undefined;
  }
  const titles = new Set<string>();
  collect(parseSync(source, { syntax: 'typescript', tsx: file.endsWith('x') }), titles);
  return titles;
}

/** Walks the syntax tree for `test('…')`, `describe('…')` and `test.each(…)('…')`; what is skipped does not count. */
function collect(node: unknown, titles: Set<string>): void {
  if (Array.isArray(node)) {
    for (const inner of node) collect(inner, titles);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const call = node as {
    type?: string;
    callee?: unknown;
    arguments?: { expression: { type: string; value?: unknown } }[];
  };
  if (call.type === 'CallExpression') {
    const names = namesOf(call.callee);
    const title = call.arguments?.[0]?.expression;
    const runs = ['test', 'it', 'describe'].includes(names[0] ?? '');
    if (runs && names.some((name) => name === 'skip' || name === 'todo')) return;
    if (runs && title?.type === 'StringLiteral') titles.add(String(title.value));
  }
  for (const inner of Object.values(node)) collect(inner, titles);
}

/** `test.each(table)` -> test, each. */
function namesOf(callee: unknown): readonly string[] {
  const node = callee as {
    type?: string;
    value?: string;
    object?: unknown;
    property?: unknown;
    callee?: unknown;
  };
  if (node?.type === 'Identifier') return [node.value ?? ''];
  if (node?.type === 'MemberExpression') return [...namesOf(node.object), ...namesOf(node.property)];
  return node?.type === 'CallExpression' ? namesOf(node.callee) : [];
}

/** docs/requirements.md as it should be; throws with every fault of the table. */
export async function requirementsPage(): Promise<string> {
  const read = readRequirements(readFileSync(join(root, 'test/requirements.yaml'), 'utf8'), titlesIn);
  if ('faults' in read) throw new Error(`test/requirements.yaml:\n${read.faults.join('\n')}`);
  const { requirements } = read;
  const all = [...requirements.values()];
  const shown = all.filter((one) => Object.keys(one.shown).length > 0);
  const parts = requirementParts.map(([title, first, last]) => {
    const rows = Array.from({ length: last - first + 1 }, (_, i) => row(idOf(first + i), requirements));
    return `## ${title}\n\n| | what is required | shown by |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `${head(all.length, shown.length)}\n${parts.join('\n')}`;
}

function head(all: number, shown: number): string {
  return [
    '# Requirements and the tests that show them',
    '',
    'Printed by `npm run generate` from `test/requirements.yaml`; `npm run verify` fails when a requirement has neither a test nor an',
    'explicit "not yet", or names a test that is not there.',
    '',
    `${shown} of ${all} are shown by tests, some of them in part; what is missing stands after *not yet*.`,
    '',
  ].join('\n');
}

function row(id: string, requirements: ReadonlyMap<string, Requirement>): string {
  const found = requirements.get(id);
  if (found === undefined) return '';
  const tests = Object.entries(found.shown).flatMap(([file, titles]) =>
    titles.map((title) => `[${cell(title)}](../test/${file})`),
  );
  const missing = found.not_yet === undefined ? [] : [`*not yet:* ${cell(found.not_yet)}`];
  return `| ${id} | ${cell(found.says)} | ${[...tests, ...missing].join('<br>')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/([[\]*])/g, '\\$1');
}
