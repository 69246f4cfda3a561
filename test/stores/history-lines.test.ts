/** What counting reads of a line is what the line says, whatever stands in it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalFlat } from '../../src/core/leaf.ts';
import { lineRow, readLine } from '../../src/stores/history-lines.ts';
import { kindNumbers } from '../../src/stores/ledger-schema.ts';

/** Text that looks like members, with and without what has to be escaped. */
const tricky = fc.oneof(
  fc.string(),
  fc.constantFrom('', 'at', 'dest', '"dest":"x"', 'up:5', ',"up":5,', '\\', '{', '}', ',', 'é\u2028', 'null'),
);
const count = fc.nat();

const exchange = fc.record({
  at: tricky,
  commit_target: tricky,
  dest: tricky,
  method: tricky,
  operation: tricky,
  policy: tricky,
  system: tricky,
  epoch: count,
  tool: fc.boolean(),
  unknown: tricky,
});
const result = fc.record({
  at: tricky,
  disposition: tricky,
  type: tricky,
  outcome: tricky,
  shard: tricky,
  ms: count,
  up: count,
  down: count,
  status: count,
  intent: count,
  v: count,
});

const counted = {
  'access.intent': ['at', 'dest', 'method', 'operation', 'system'],
  'access.static': ['at', 'dest', 'method', 'operation', 'system'],
  'access.result': ['at', 'disposition', 'down', 'intent', 'outcome', 'shard', 'status', 'type', 'up'],
} as const;

test.each(['access.intent', 'access.static', 'access.result'] as const)('of %s', (t) => {
  const fields = t === 'access.result' ? result : exchange;
  fc.assert(
    fc.property(fields, fc.subarray([...counted[t]]), (all, missing) => {
      const said = Object.fromEntries(
        Object.entries({ ...all, t }).filter(([name]) => !missing.some((gone) => gone === name)),
      );
      const read = readLine(kindNumbers[t], canonicalFlat(said)) ?? {};
      for (const name of counted[t]) expect(read[name]).toBe(said[name]);
    }),
    { numRuns: 500 },
  );
});

test('any other line is read whole, and what is no line is none', () => {
  const opened = { t: 'session.opened', at: 'x', purpose: 'support', emergency: true };
  expect(readLine(kindNumbers['session.opened'], canonicalFlat(opened))).toEqual(opened);
  expect(readLine(kindNumbers['session.opened'], '[]')).toBeUndefined();
  expect(() => readLine(kindNumbers['session.opened'], '{')).toThrow();
});

test('a row of another form is refused', () => {
  expect(lineRow([1, 32, null, '{}'])).toEqual([1, 32, null, '{}']);
  for (const row of [[1, 32, null], [1, 32, '7', '{}'], [1, 32, 7, null], { id: 1 }, undefined])
    expect(() => lineRow(row)).toThrow('none');
});
