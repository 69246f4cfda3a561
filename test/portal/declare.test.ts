/** Declaring: what is shown, what is refused and why, what is recorded, and the way back into the system. */
import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { Client } from '../../src/core/model.ts';
import { shownInstructions } from '../../src/portal/lines.ts';
import { browser } from './browser.ts';
import { hidden, makeWorld, nonceHash, wish } from './world.ts';
import { start } from './world-rules.ts';
import { grant } from './world-things.ts';

const good = { ...wish, systems: 'erp', purpose: 'hotline', reference: 'T-1', note: '', minutes: '30' };

describe('the form', () => {
  test('shows permitted purposes, refused ones with their reason, instructions and agreements', async () => {
    const { text, status } = await browser(makeWorld(), 'alice').get(`/declare?${new URLSearchParams(wish)}`);
    expect(status).toBe(200);
    expect(text).toContain('Why do you need access at Acme &lt;SA>?');
    expect(text).toMatch(/value="hotline"[^>]*aria-describedby/);
    expect(text).toMatch(/value="backup"[^>]*disabled/);
    expect(text).toContain('Do not open &lt;b>lists&lt;/b>.');
    expect(text).toContain('ERP, Backup server');
    expect(text).not.toContain('<b>lists');
  });

  test('leads to the system to begin when the browser does not come from there', async () => {
    const { headers, status } = await browser(makeWorld(), 'alice').get('/declare?system=acme/erp');
    expect(status).toBe(303);
    expect(headers.location).toBe('https://erp.acme.example/.consentry/declare?to=%2F');
  });

  test.each([
    ['f too short', { ...wish, f: 'a' }],
    ['f with markup', { ...wish, f: '"><script>x' }],
    ['n not a hash', { ...wish, n: 'short' }],
  ])('treats a damaged way back as missing: %s', async (_name, query) => {
    const { text } = await browser(makeWorld(), 'alice').get(`/declare?${new URLSearchParams(query)}`);
    expect(text).not.toContain('action="/declare"');
    expect(text).not.toContain('<script>x');
  });

  test.each(['nobody/erp', 'acme/none', 'acme', 'acme/erp/x', '', '__proto__/erp'])(
    'does not know %p',
    async (name) => {
      const { status } = await browser(makeWorld(), 'alice').get(
        `/declare?${new URLSearchParams({ ...wish, system: name })}`,
      );
      expect(status).toBe(404);
    },
  );

  test('an unassigned technician gets a reason, the client one line of it in ten minutes', async () => {
    const world = makeWorld();
    const eve = browser(world, 'eve');
    const first = await eve.get(`/declare?${new URLSearchParams(wish)}`);
    await eve.get(`/declare?${new URLSearchParams(wish)}`);
    expect(first.status).toBe(403);
    expect(first.text).toContain('not_assigned');
    const lines = world.memory.room('acme').lines;
    expect(lines.map((line) => [line.leaf.t, line.leaf.reason])).toEqual([
      ['access.refused', 'not_assigned'],
    ]);
    expect(JSON.stringify(lines[0]?.leaf)).not.toContain('Eve');
  });
});

test.each([
  ['preparing', 'in preparation', 'This client is still being prepared'],
  ['ended', 'contract over', 'The contract is over.'],
] as const)(
  'a client that is %s is marked, and nothing can be declared there',
  async (status, tag, title) => {
    const world = makeWorld();
    const acme = world.snapshot.clients.get('acme');
    if (acme === undefined) throw new Error('no acme');
    (world.snapshot.clients as Map<string, typeof acme>).set('acme', { ...acme, status });
    const alice = browser(world, 'alice');
    expect((await alice.get('/')).text).toContain(`<span class="tag">${tag}</span>`);
    const { text } = await alice.get(`/declare?${new URLSearchParams(wish)}`);
    expect(text).toContain(title);
    expect(text).not.toContain('action="/declare"');
  },
);

test('a refusal that could not be recorded is recorded the next time', async () => {
  const world = makeWorld();
  const eve = browser(world, 'eve');
  const path = `/declare?${new URLSearchParams(wish)}`;
  world.memory.failing = 'writes';
  expect((await eve.get(path)).status).toBe(503);
  world.memory.failing = 'no';
  expect((await eve.get(path)).status).toBe(403);
  expect(world.memory.room('acme').lines).toHaveLength(1);
});

describe('declaring', () => {
  test('confirms the instructions that were shown: said on the page, their hash recorded with the access', async () => {
    const world = makeWorld();
    const clients = world.snapshot.clients as Map<string, Client>;
    const acme = clients.get('acme');
    const [first, ...others] = acme?.instructions ?? [];
    if (acme === undefined || first === undefined) throw new Error('no instructions');
    const recorded = async () => {
      await browser(world, 'alice').post('/declare', good);
      return world.memory.room('acme').lines.findLast(({ leaf }) => leaf.t === 'session.opened')?.leaf;
    };
    const { text } = await browser(world, 'alice').get(`/declare?${new URLSearchParams(wish)}`);
    expect(text).toContain('you confirm that you have read the client’s instructions');
    const shown = (await recorded())?.instructions;
    expect(shown).toBe(shownInstructions(acme));
    const changed = [{ ...first, text: { ...first.text, en: 'Another wording.' } }, ...others];
    clients.set('acme', { ...acme, instructions: changed });
    expect((await recorded())?.instructions).toBe(shownInstructions({ instructions: changed }));
    expect(shownInstructions({ instructions: changed })).not.toBe(shown);
    clients.set('acme', { ...acme, instructions: [] });
    expect(await recorded()).not.toHaveProperty('instructions');
  });

  test('records the opening, then leads to the system through a portal page, once', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    const answer = await alice.post('/declare', { ...good, fragment: '#part-2' });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toMatch(/^\/go\/[A-Za-z0-9_-]{22}$/);

    const page = await alice.get(answer.headers.location ?? '');
    expect(page.status).toBe(200);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    const onward = /content="0; url=([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const url = new URL(onward);
    expect(url.origin + url.pathname).toBe('https://erp.acme.example/.consentry/enter');
    expect(url.searchParams.get('f')).toBe(wish.f);
    expect(url.hash).toBe('#part-2');

    const code = world.memory.codes.get(hash('sha256', url.searchParams.get('code') ?? '', 'base64url'));
    expect(code).toMatchObject({ system: 'acme/erp', nonceHash, expiresAt: start + 60_000 });
    const opening = world.memory.room('acme').openings.get(code?.opening ?? '');
    expect(opening).toMatchObject({
      client: 'acme',
      person: 'alice',
      systems: ['erp'],
      purpose: 'hotline',
      reference: 'T-1',
      grant: 'g1',
      login: 'login-alice',
      openedAt: start,
      endsAt: start + 30 * 60_000,
    });
    const [line] = world.memory.room('acme').lines;
    expect(line?.leaf).toMatchObject({
      t: 'session.opened',
      systems: 'erp',
      purpose: 'hotline',
      operations: 'read',
      grant: 'g1',
    });
    expect(line?.groups).toMatchObject({
      person: { name: 'Alice Durand', subject: 'alice' },
      work: { reference: 'T-1' },
    });
    expect(JSON.stringify(line?.leaf)).not.toMatch(/Alice|T-1/);

    expect((await alice.get(answer.headers.location ?? '')).status).toBe(410);
  });

  test('the code stands in no page but that one, and in no line', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    const answer = await alice.post('/declare', good);
    const page = await alice.get(answer.headers.location ?? '');
    const code = /code=([A-Za-z0-9_-]{43})/.exec(page.text)?.[1] ?? 'none';
    expect(code).toHaveLength(43);
    expect(JSON.stringify(world.memory.room('acme').lines)).not.toContain(code);
    expect(JSON.stringify(world.memory.commands)).not.toContain(code);
    expect((await alice.get('/')).text).not.toContain(code);
  });

  test('a HEAD request does not use the way up; a ticket ends after a minute', async () => {
    const world = makeWorld();
    const agent = request.agent(world.app);
    const form = await agent.get(`/declare?${new URLSearchParams(wish)}`).set('x-test-user', 'alice');
    const send = () =>
      agent
        .post('/declare')
        .set('x-test-user', 'alice')
        .type('form')
        .send({ ...good, csrf: hidden(form.text, 'csrf') });
    const first = await send();
    await agent.head(first.headers.location ?? '').set('x-test-user', 'alice');
    expect((await agent.get(first.headers.location ?? '').set('x-test-user', 'alice')).status).toBe(200);
    const second = await send();
    world.memory.now += 60_000;
    expect((await agent.get(second.headers.location ?? '').set('x-test-user', 'alice')).status).toBe(410);
  });

  test('ends with the purpose and with the agreement, whichever is first', async () => {
    const world = makeWorld();
    await browser(world, 'alice').post('/declare', { ...good, minutes: '1440' });
    world.memory.room('acme').grants.set('g1', { ...grant('g1', { until: start + 600_000 }), text: '{}' });
    await browser(world, 'alice').post('/declare', { ...good, minutes: '1440' });
    const ends = [...world.memory.room('acme').openings.values()].map((opening) => opening.endsAt - start);
    expect(ends).toEqual([120 * 60_000, 600_000]);
  });

  test('several systems under one agreement; several agreements must be declared apart', async () => {
    const world = makeWorld();
    const both = { ...good, systems: ['acme/erp', 'backup'] };
    expect((await browser(world, 'alice').post('/declare', both)).status).toBe(303);
    expect([...world.memory.room('acme').openings.values()][0]?.systems).toEqual(['erp', 'backup']);

    const { grants } = world.memory.room('acme');
    grants.set('g1', { ...grant('g1', { systems: ['erp'] }), text: '{}' });
    grants.set('g2', { ...grant('g2', { systems: ['backup'] }), text: '{}' });
    const apart = await browser(world, 'alice').post('/declare', both);
    expect(apart.status).toBe(422);
    expect(apart.text).toContain('one after the other');
  });

  test.each([
    ['no system', { systems: [] }, 'Tick at least one system'],
    ['another’s system', { systems: ['erp', 'payroll'] }, 'not one of yours'],
    ['without the one asked for', { systems: ['backup'] }, 'Keep the system'],
    ['no purpose', { purpose: '' }, 'Choose a purpose'],
    ['unknown purpose', { purpose: '__proto__' }, 'does not exist'],
    ['no reference', { reference: '  ' }, 'needs a reference'],
    ['long reference', { reference: 'x'.repeat(65) }, 'up to 64'],
    ['reference with a line feed', { reference: 'a\nb' }, 'up to 64'],
    ['reference with an override', { reference: 'a\u202eb' }, 'up to 64'],
    ['no note', { purpose: 'support', note: '' }, 'needs a note'],
    ['long note', { note: 'x'.repeat(501) }, 'up to 500'],
    ['no minutes', { minutes: '0' }, 'whole number'],
    ['broken minutes', { minutes: '1e3' }, 'whole number'],
  ])('asks again, keeping what was typed: %s', async (_name, change, message) => {
    const world = makeWorld();
    const answer = await browser(world, 'alice').post('/declare', { ...good, ...change });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(answer.text).toContain('id="errors"');
    expect(world.memory.room('acme').openings.size).toBe(0);
  });

  test('a purpose that nothing permits is refused with its reason and recorded', async () => {
    const world = makeWorld();
    const answer = await browser(world, 'alice').post('/declare', { ...good, purpose: 'backup' });
    expect(answer.status).toBe(422);
    expect(world.memory.room('acme').lines.map((line) => line.leaf.reason)).toEqual(['consent_scope']);
  });

  test('a technician whose charter is not signed is refused; the client’s line does not say why', async () => {
    const world = makeWorld();
    const answer = await browser(world, 'bruno').post('/declare', good);
    expect(answer.status).toBe(422);
    const [line] = world.memory.room('acme').lines;
    expect(line?.leaf.reason).toBe('staff_not_cleared');
    expect(line?.groups.standing).toMatchObject({ reason: 'charter_not_signed' });
  });

  test('a spent agreement gives way to another; where a shorter access would do, the page says so', async () => {
    const world = makeWorld();
    const room = world.memory.room('acme');
    room.grants.set('g2', { ...grant('g2', { until: start + 20 * 86_400_000 }), text: '{}' });
    world.memory.missing.set('g1', { spent: 'openings', left: 0 });
    expect((await browser(world, 'alice').post('/declare', good)).status).toBe(303);
    expect([...room.openings.values()].map((opening) => opening.grant)).toEqual(['g2']);
    world.memory.missing.set('g2', { spent: 'minutes', left: 20 });
    const shorter = await browser(world, 'alice').post('/declare', good);
    expect(shorter.status).toBe(422);
    expect(shorter.text).toContain('has 20\u00a0minutes left in this period');
    expect(room.lines.filter(({ leaf }) => leaf.t === 'access.refused')).toEqual([]);
    world.memory.missing.set('g2', { spent: 'minutes', left: 0 });
    const spent = await browser(world, 'alice', 'fr').post('/declare', good);
    expect(spent.text).toContain('L’accord du client est épuisé pour le moment');
    expect(room.lines.at(-1)?.leaf.reason).toBe('budget_spent');
    expect(room.openings.size).toBe(1);
  });

  test('what stands in the way of everything is said once, and there is no form', async () => {
    const address = `/declare?${new URLSearchParams(wish)}`;
    const { text } = await browser(makeWorld(), 'bruno').get(address);
    expect(text.split('Current IT charter not signed')).toHaveLength(2);
    expect(text).not.toContain('action="/declare"');
    expect((await browser(makeWorld(), 'alice').get(address)).text).toContain('action="/declare"');
  });

  test('when the rights move meanwhile it looks again once, then says so', async () => {
    const world = makeWorld();
    world.memory.moves = 1;
    expect((await browser(world, 'alice').post('/declare', good)).status).toBe(303);
    world.memory.moves = 2;
    const answer = await browser(world, 'alice').post('/declare', good);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('changed just now');
    expect(world.memory.room('acme').openings.size).toBe(1);
  });

  test('when nothing can be recorded nothing is opened: 503 with a code', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    await alice.csrf();
    world.memory.failing = 'writes';
    const answer = await alice.post('/declare', good);
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('ledger_unavailable');
    expect(answer.headers['retry-after']).toBe('5');
  });
});

describe('continuing', () => {
  test('gives another code for one’s own live access, and for no other', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    await alice.post('/declare', { ...good, systems: ['erp', 'backup'] });
    const [id = ''] = [...world.memory.room('acme').openings.keys()];
    const other = { ...wish, system: 'acme/backup' };
    expect((await alice.get(`/declare?${new URLSearchParams(other)}`)).text).toContain(
      'Continue in this access',
    );
    const answer = await alice.post('/continue', { ...other, opening: id });
    expect(answer.status).toBe(303);
    expect(world.memory.codes.size).toBe(2);

    const bruno = await browser(world, 'bruno').post('/continue', { ...wish, opening: id });
    expect(bruno.status).toBe(422);
    expect(world.memory.codes.size).toBe(2);
  });

  test('an access that has ended, or whose agreement was withdrawn, cannot be continued', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    await alice.post('/declare', good);
    const [id = ''] = [...world.memory.room('acme').openings.keys()];
    world.memory.room('acme').grants.set('g1', { ...grant('g1', { status: 'revoked' }), text: '{}' });
    expect((await alice.post('/continue', { ...wish, opening: id })).status).toBe(422);
    expect(world.memory.codes.size).toBe(1);
  });
});
