/** What is read out of data of which nothing is known: never what every object has, and nothing out of what is no JSON. */
import { describe, expect, test } from '@jest/globals';
import { isObject, own, parseJson, parseObject } from '../../src/core/objects.ts';

test.each<[unknown, boolean]>([
  [{}, true],
  [Object.create(null), true],
  [[], false],
  [null, false],
  ['text', false],
  [undefined, false],
])('%p has fields: %p', (value, has) => {
  expect(isObject(value)).toBe(has);
});

test('only what stands in it is its own', () => {
  expect(own({ name: 1 }, 'name')).toBe(1);
  expect(own({}, 'constructor')).toBeUndefined();
  expect(own(JSON.parse('{"__proto__": 2}'), '__proto__')).toBe(2);
});

describe('JSON', () => {
  test('is read from text and from bytes', () => {
    expect(parseJson('[1, "é"]')).toEqual([1, 'é']);
    expect(parseJson(Buffer.from('[1, "é"]'))).toEqual([1, 'é']);
  });

  test.each<[string | Uint8Array]>([[''], ['{'], ['undefined'], [Buffer.from([0x22, 0xff, 0x22])]])(
    'but not from %p',
    (text) => {
      expect(parseJson(text)).toBeUndefined();
    },
  );

  test.each(['[]', 'null', '"text"', '{'])('%s is no object', (text) => {
    expect(parseObject(text)).toBeUndefined();
  });

  test('an object is read', () => {
    expect(parseObject('{"a": 1}')).toEqual({ a: 1 });
  });
});
