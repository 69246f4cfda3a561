/** Which systems lead elsewhere after a change: told by what is written of their destination and by nothing else. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ledElsewhere } from '../../src/core/policy/rests.ts';
import type { SlicePart } from '../../src/core/policy/slice-parts.ts';
import { toldSlice } from '../../src/core/policy/slice-told.ts';
import { hashOf } from '../../src/core/policy/slices.ts';

const erp = { url: 'https://erp.example', ca_file: 'certificates/a.pem' };

function slice(systems: object, more: object = {}): string {
  return JSON.stringify({
    client: 'acme',
    file: { systems, controllers: {} },
    certificates: { 'certificates/a.pem': 'A', 'certificates/b.pem': 'B' },
    ...more,
  });
}

/** The parts of such a text. */
function partsOf(text: string): readonly SlicePart[] {
  return Object.entries(JSON.parse(text) as Record<string, object>).flatMap(([group, held]) => {
    if (group === 'client') return [];
    const texts = group === 'certificates' ? Object.entries(held) : [[undefined, held] as const];
    return texts.map(([name, content]) => {
      const said = JSON.stringify(content);
      return { group, ...(name === undefined ? {} : { name }), hash: hashOf(said), text: () => said };
    });
  });
}

const before = slice({
  erp: { upstream: erp, purposes: ['support'] },
  files: { upstream: { url: 'https://f' } },
});

describe('a system leads elsewhere', () => {
  test.each<[string, object]>([
    ['by another address', { ...erp, url: 'https://other.example' }],
    ['by another name that its certificate must have', { ...erp, server_name: 'x' }],
    ['by another bundle of certificates', { ...erp, ca_file: 'certificates/b.pem' }],
    ['by none, so that any authority may vouch', { url: erp.url }],
    ['by another host that is sent up', { ...erp, host: 'upstream' }],
    ['where another client’s system may be too', { ...erp, shared_upstream: 'one machine' }],
  ])('%s', (_, upstream) => {
    const after = slice({
      erp: { upstream, purposes: ['support'] },
      files: { upstream: { url: 'https://f' } },
    });
    expect(ledElsewhere(before, after)).toEqual(['erp']);
  });

  test('by other certificates under the same name', () => {
    const certificates = { 'certificates/a.pem': 'mine', 'certificates/b.pem': 'B' };
    const after = slice({ erp: { upstream: erp } }, { certificates });
    expect(ledElsewhere(before, after)).toEqual(['erp']);
  });

  test('when nobody knows where it led', () => {
    expect(ledElsewhere(undefined, before)).toEqual(['erp', 'files']);
    expect(ledElsewhere('not JSON', before)).toEqual(['erp', 'files']);
    expect(ledElsewhere(slice({}), before)).toEqual(['erp', 'files']);
  });
});

describe('nothing leads elsewhere', () => {
  test('by what else changes, or by going away', () => {
    const after = slice(
      { erp: { upstream: erp, purposes: [], environment: 'test' } },
      { purposes: { x: 1 } },
    );
    expect(ledElsewhere(before, after)).toEqual([]);
    expect(ledElsewhere(before, slice({}))).toEqual([]);
  });

  test('between a slice and itself, and whatever the texts hold it is an answer', () => {
    const json = fc.json();
    fc.assert(fc.property(json, (text) => ledElsewhere(text, text).length === 0));
    fc.assert(fc.property(fc.oneof(json, fc.string()), json, (a, b) => Array.isArray(ledElsewhere(a, b))));
  });
});

test('what a log is told names them, and a client that is gone has none', () => {
  const after = slice({ erp: { upstream: { url: 'https://other.example' } } });
  const told = toldSlice('acme', before, { text: 'root', hash: hashOf('root'), parts: partsOf(after) });
  expect(told).toMatchObject({ client: 'acme', hash: hashOf('root'), rests: ['erp'] });
  expect(told.change?.en).toMatch(/^Concerns your agreement: Changed – where the system erp leads/m);
  expect(toldSlice('acme', before, undefined)).toMatchObject({ rests: [] });
});
