import { expect, test } from '@jest/globals';
import { longestMs, readOptions } from './options.ts';

test('one run without options measures all that numbers are promised for', () => {
  const { parts, targets, quick } = readOptions([]);
  expect([...parts]).toEqual(['requests', 'transfers', 'page', 'memory', 'loop']);
  expect([...targets]).toEqual(['upstream', 'undici', 'hpm', 'consentry']);
  expect(longestMs({ quick })).toBe(15 * 60_000);
});

test('the quick one measures requests alone, and fails when it takes fifty seconds', () => {
  const options = readOptions(['--quick', '--json', 'file.json']);
  expect([[...options.parts], options.json]).toEqual([['requests'], 'file.json']);
  expect(longestMs(options)).toBe(50_000);
});

test('parts and targets that are named are all there is; unknown ones are refused', () => {
  const options = readOptions(['--loop', '--memory', '--targets', 'consentry,upstream']);
  expect([...options.parts]).toEqual(['memory', 'loop']);
  expect([...options.targets]).toEqual(['upstream', 'consentry']);
  expect(readOptions(['--all']).parts.size).toBe(11);
  expect(() => readOptions(['--targets', 'nginx'])).toThrow('unknown targets: nginx');
  expect(() => readOptions(['--lop'])).toThrow('--lop');
});
