/** The table of requirements tells the truth: each has a test that is really there, or says that it is not there yet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as tool from '../tools/requirements.ts';
import { root } from '../tools/root.ts';

const { readRequirements, requirementIds, requirementsPage } = tool;
const known = new Map<string, ReadonlySet<string> | undefined>();

/** Each file is parsed once. */
function titlesIn(file: string): ReadonlySet<string> | undefined {
  if (!known.has(file)) known.set(file, tool.titlesIn(file));
  return known.get(file);
}

const text = readFileSync(join(root, 'test/requirements.yaml'), 'utf8');

test('as it stands it names no orphan, and every requirement has its row', async () => {
  expect(readRequirements(text, titlesIn)).toHaveProperty('requirements');
  const page = await requirementsPage();
  expect(requirementIds).toHaveLength(58);
  for (const id of requirementIds) expect(page).toContain(`| ${id} |`);
});

const first = 'R01:\n  says: Something.\n';

test.each([
  ['a requirement that is left out', (all: string) => all.replace(/^R65:[\s\S]*/m, ''), ['R65 is missing']],
  [
    'neither test nor "not yet"',
    (all: string) => all.replace(/^R01:[\s\S]*?(?=R02:)/m, first),
    ['R01 has neither a test nor an explicit "not_yet"'],
  ],
  [
    'an unknown number',
    (all: string) => `${all}\nR66:\n  says: Nothing.\n  not_yet: never\n`,
    ['R66 is not a requirement'],
  ],
  [
    'no sentence',
    (all: string) => all.replace(/^R65:[\s\S]*/m, 'R65:\n  not_yet: later\n'),
    ['R65 does not say what is required'],
  ],
  [
    'a file that is not there',
    (all: string) =>
      all.replace(/^R01:[\s\S]*?(?=R02:)/m, `${first}  shown:\n    core/nothing.test.ts: [some test]\n\n`),
    ['R01 names test/core/nothing.test.ts, which does not exist'],
  ],
  [
    'a title that is not there',
    (all: string) =>
      all.replace(/^R01:[\s\S]*?(?=R02:)/m, `${first}  shown:\n    requirements.test.ts: [some test]\n\n`),
    ['R01 names a test that is not in test/requirements.test.ts: some test'],
  ],
])('%s is told', (_, change, faults) => {
  expect(readRequirements(change(text), titlesIn)).toEqual({ faults });
});

test('titles are those of tests that run', () => {
  const titles = titlesIn('requirements.test.ts');
  expect(titles).toContain('titles are those of tests that run');
  expect(titles).toContain('%s is told');
  expect(titles).not.toContain('an unknown number');
});
