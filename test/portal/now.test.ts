/** The first page of a client's people, with a history that the test makes up. */
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/core/faults.ts';
import type { Story } from '../../src/core/history.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

describe('the first page', () => {
  test('names what nobody opened, and what it cannot see', async () => {
    const { text, status } = await browser(makeWorld(), 'claire').get('/');
    expect(status).toBe(200);
    expect(text).toContain('Nobody opened one of your systems.');
    expect(text).toMatch(/Through Consentry nobody opened .+ between/);
    expect(text).toContain('What this page cannot see');
  });

  test('says so, and keeps Stop, when the past cannot be read', async () => {
    const world = makeWorld();
    Object.assign(world.deps.history, {
      page: () => Promise.reject(new Fault('ledger_unavailable', 'away')),
    });
    const { text, status } = await browser(world, 'claire').get('/');
    expect(status).toBe(200);
    expect(text).toContain('The overview cannot be shown at the moment.');
    expect(text).toContain('Open now');
  });

  test.each([
    ['the person’s own', {}, /Since your last visit/],
    ['somebody’s of the provider under the same name', { by: 'provider' }, /The last seven days/],
  ])('a last visit is %s', async (_, whose, expected) => {
    const world = makeWorld();
    const at = new Date(world.memory.now - 3 * 24 * 3_600_000).toISOString();
    const person = { subject: 'claire', name: 'Claire' };
    const leaf = { t: 'log.read', id: 'r1', at, role: 'representative', view: 'now', ...whose };
    world.memory.room('acme').lines.push({ origin: 'log/acme', index: 0, leaf, groups: { person } });
    const { text } = await browser(world, 'claire').get('/');
    expect(text).toMatch(expected);
  });

  test('a last visit is found behind many readings by others', async () => {
    const world = makeWorld();
    const { lines } = world.memory.room('acme');
    const read = (subject: string, days: number) => {
      const at = new Date(world.memory.now - days * 24 * 3_600_000).toISOString();
      const leaf = { t: 'log.read', id: `r${lines.length}`, at, role: 'representative', view: 'now' };
      const groups = { person: { subject, name: subject } };
      lines.push({ origin: 'log/acme', index: lines.length, leaf, groups });
    };
    read('claire', 3);
    for (let n = 0; n < 100; n += 1) read('marc', 2);
    expect((await browser(world, 'claire').get('/')).text).toContain('Since your last visit');
  });

  test('with all that it ever shows it weighs at most 150 KB, and opens the names that it shows alone', async () => {
    const world = makeWorld();
    const stories = Array.from({ length: 300 }, (_, n) => story(`o${n}`, world.memory.now - n * 60_000));
    const named: string[] = [];
    Object.assign(world.deps.history, {
      page: async () => ({
        stories,
        next: { at: 1, index: 1 },
        total: 1001,
        searchedTo: undefined,
        behind: undefined,
      }),
      story: async (_: string, id: string) => {
        named.push(id);
        return { story: { ...stories[0], id, name: `Somebody ${id} ${'x'.repeat(80)}` }, hash: '', size: 1 };
      },
      bars: async (_: string, edges: readonly number[]) =>
        edges.slice(1).map((until, at) => ({
          ...{ from: edges[at], until },
          purposes: [...world.snapshot.purposes.keys()].map((purpose) => ({ purpose, count: 12_345 })),
        })),
    });
    for (let n = 0; n < 20; n += 1) openAccess(world, `o${n}`);
    const claire = browser(world, 'claire');
    const { text } = await claire.get('/');
    expect(text).toMatch(/More than 300\saccesses/);
    expect(named).toHaveLength(5);
    for (const id of named) expect(text).toContain(`Somebody ${id}`);
    const parts = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, address = '']) => address);
    expect(parts.length).toBeGreaterThan(2);
    let weight = Buffer.byteLength(text);
    for (const part of parts) {
      const answer = await claire.get(part);
      expect(answer.status).toBe(200);
      weight += Buffer.byteLength(answer.text ?? answer.body);
    }
    expect(weight).toBeLessThan(150_000);
  });
});

/** An opening whose name, function and reference are sealed, with something to look at. */
function story(id: string, at: number): Story {
  const fact = { system: 'erp', method: 'GET', path: '/export', operation: 'copy', dest: 'download' };
  const copied = {
    ...fact,
    type: 'text/csv',
    disposition: '',
    result: 'complete',
    count: 1,
    up: 0,
    down: 1e6,
  };
  return {
    ...{
      kind: 'opening',
      id,
      origin: 'log/acme',
      index: 1,
      at,
      lastAt: at,
      endedAt: at + 1,
      cause: 'technician',
    },
    ...{ person: id, first: false, name: undefined, functions: [], employer: '', systems: ['erp'] },
    ...{
      operations: ['copy'],
      declared: [],
      purpose: 'backup',
      reference: undefined,
      note: '',
      corrected: false,
    },
    ...{ check: undefined, grant: 'g1', emergency: false, statics: 0, whole: true },
    facts: [{ ...copied, first: at, last: at }],
  };
}

function openAccess(world: World, id: string): void {
  world.memory.room('acme').openings.set(id, {
    ...{
      id,
      client: 'acme',
      person: 'alice',
      account: { issuer: 'https://login.example', subject: 'alice' },
    },
    ...{
      systems: ['erp', 'backup'],
      purpose: 'hotline',
      reference: `T-${id}-${'x'.repeat(50)}`,
      note: 'y'.repeat(300),
    },
    ...{ grant: 'g1', login: 'login-alice', authentication: { acr: undefined, amr: [], at: start } },
    ...{ openedAt: start, endsAt: world.memory.now + 3_600_000, endedAt: undefined, endCause: undefined },
  });
}
