/** The table of lessons tells the truth: every lesson is there, and each names tests that are really there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { titlesIn } from '../tools/requirements.ts';
import { root } from '../tools/root.ts';

const lessons = [
  'A reason in free text becomes "."',
  'A clock that starts at the request is eaten by waiting',
  'Deleting the approval does not end the access',
  'Only one person sees what was consented to',
  'Connections outlive the revocation',
  'Twelve people have no identity provider',
  'A page that is stale',
  'A double click',
  'Two representatives who decide at once',
  'A representative removed while deciding',
  'A clock set back',
  'A request past the policy',
  'A form sent again later',
  'A signature used again',
  'A form without its token, or from another site',
  'The ids of another client',
];

/** Lesson -> tests as `file: title`. */
function readTable(page: string): ReadonlyMap<string, readonly string[]> {
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:---|.* \| here \|)/.test(line));
  return new Map(
    rows.map((row) => {
      const [lesson = '', , tests = ''] = row.slice(2, -2).split(' | ');
      return [lesson, tests.split('<br>')];
    }),
  );
}

/** What is named and is not there. */
function orphans(table: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found: string[] = [];
  for (const [lesson, named] of table)
    for (const one of named) {
      const [, file, title] = /^`([^`]+\.test\.ts)`: (.+)$/.exec(one) ?? [];
      if (file === undefined || title === undefined) found.push(`${lesson}: names no test: ${one}`);
      else if (titlesIn(file)?.has(title) !== true) found.push(`${lesson}: ${file} has no test: ${title}`);
    }
  return found;
}

const table = readTable(readFileSync(join(root, 'docs/lessons.md'), 'utf8'));

test('every lesson has its row', () => {
  expect([...table.keys()]).toEqual(expect.arrayContaining(lessons));
});

test('every test that is named is there', () => {
  expect(orphans(table)).toEqual([]);
});

test('a test that is gone is told, and so is a lesson without one', () => {
  const page =
    '| lesson | here | shown by |\n| --- | --- | --- |\n| One | so | `lessons.test.ts`: no such test |\n| Two | so |  |\n';
  expect(orphans(readTable(page))).toEqual([
    'One: lessons.test.ts has no test: no such test',
    'Two: names no test: ',
  ]);
});
