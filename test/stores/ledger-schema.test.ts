import { expect, test } from '@jest/globals';
import { isRare, kindNumbers, openForWriting, rareKinds } from '../../src/stores/ledger-schema.ts';
import { makeFolder } from './ledger-world.ts';

test('only what is said of exchanges is frequent, and numbers are given once', () => {
  const frequent = Object.entries(kindNumbers).filter(([, number]) => !isRare(number));
  expect(frequent.map(([kind]) => kind).every((kind) => kind.startsWith('access.'))).toBe(true);
  expect(frequent).toHaveLength(5);
  expect(new Set(Object.values(kindNumbers)).size).toBe(Object.keys(kindNumbers).length);
});

test('lines of rare kinds are found by their index', () => {
  const folder = makeFolder();
  const db = openForWriting(folder.file);
  try {
    const plan = db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT leaf FROM entries WHERE kind = 5 AND id BETWEEN 0 AND 9 AND ${rareKinds}`,
      )
      .all();
    expect(plan.map(({ detail }) => String(detail)).join('\n')).toContain('entries_rare');
  } finally {
    db.close();
    folder.remove();
  }
});
