/** What the desk lists beside the search: what was used last, and the requests that wait. */
import { expect, test } from '@jest/globals';
import type { Opening } from '../../src/core/model.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { asked } from './world-things.ts';

function used(world: World, id: string, changes: Partial<Opening>): void {
  const { client = 'acme' } = changes;
  world.memory.room(client).openings.set(id, {
    ...{ id, client, person: 'alice', systems: ['erp'], purpose: 'hotline', grant: 'g1' },
    ...{ reference: `T-${id}`, note: '', login: 'login-alice', openedAt: start, endsAt: start + 60_000 },
    account: { issuer: 'https://login.example', subject: 'alice' },
    authentication: { acr: undefined, amr: [], at: start },
    ...{ endedAt: start + 1, endCause: 'technician' as const },
    ...changes,
  });
}

/** The links of one part of the desk, in their order. */
function linksIn(html: string, part: string): readonly string[] {
  const [, section = ''] =
    new RegExp(`<section aria-labelledby="${part}">(.*?)</section>`, 's').exec(html) ?? [];
  return [...section.matchAll(/<a class="hit" href="([^"]+)"/g)].map(([, href = '']) => href);
}

test('what was used last is listed, newest first, each system once; nothing that is open or another’s', async () => {
  const world = makeWorld();
  used(world, 'o1', { systems: ['erp'], openedAt: start - 4_000 });
  used(world, 'o2', { client: 'martin', systems: ['payroll'], openedAt: start - 3_000 });
  used(world, 'o3', { systems: ['backup'], openedAt: start - 2_000 });
  used(world, 'o4', { systems: ['erp'], openedAt: start - 1_000 });
  const alice = browser(world, 'alice');
  expect(linksIn((await alice.get('/')).text, 'recent')).toEqual([
    '/enter?systems=acme%2Ferp',
    '/enter?systems=acme%2Fbackup',
    '/enter?systems=martin%2Fpayroll',
  ]);
  used(world, 'o5', { systems: ['backup'], openedAt: start, endedAt: undefined, endCause: undefined });
  expect(linksIn((await alice.get('/')).text, 'recent')).not.toContain('/enter?systems=acme%2Fbackup');
  expect((await browser(world, 'bruno').get('/')).text).not.toContain('id="recent"');
});

test('requests that wait are listed with their state; what is answered, too late or another’s is not', async () => {
  const world = makeWorld();
  const { requests } = world.memory.room('acme');
  requests.set('r1', asked('r1', { reference: 'T-501' }));
  requests.set('r2', asked('r2', { reference: 'T-502', status: 'more_info' }));
  requests.set('r3', asked('r3', { reference: 'T-503', status: 'refused' }));
  requests.set('r4', asked('r4', { reference: 'T-504', person: 'bruno' }));
  const alice = browser(world, 'alice');
  const { text } = await alice.get('/');
  expect(linksIn(text, 'waiting')).toEqual(['/requests/r1', '/requests/r2']);
  expect(text).toContain('T-501');
  expect(text).not.toContain('T-503');
  world.memory.now = Math.max(...[...requests.values()].map(({ until }) => until));
  expect((await alice.get('/')).text).not.toContain('id="waiting"');
});
