/** The first page of a client's people, with a history that the test makes up. */
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/core/faults.ts';
import { browser } from './browser.ts';
import { makeWorld } from './world.ts';

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
});
