/** The desk: finding a system, links that fill in a declaration, two cases at once, another purpose under one reference. */
import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/core/faults.ts';
import type { Client, Opening, System } from '../../src/core/model.ts';
import { readLink, searchSystems } from '../../src/portal/place.ts';
import { browser } from './browser.ts';
import { hidden, makeWorld, nonceHash, type World, wish } from './world.ts';
import { makeSnapshot, start } from './world-rules.ts';

const good = {
  system: 'acme/erp',
  systems: 'erp',
  purpose: 'hotline',
  reference: 'T-1',
  note: '',
  minutes: '30',
};

function opening(id: string): Opening {
  return {
    ...{ id, client: 'acme', person: 'alice', systems: ['erp', 'backup'], purpose: 'hotline', grant: 'g1' },
    ...{ reference: `T-${id}`, note: '', login: 'login-alice', openedAt: start, endsAt: start + 3_600_000 },
    account: { issuer: 'https://login.example', subject: 'alice' },
    authentication: { acr: undefined, amr: [], at: start },
    ...{ endedAt: undefined, endCause: undefined },
  };
}

function hits(html: string): readonly string[] {
  const part = /id="found"[^>]*>(.*?)<section aria-labelledby="open-now"/s.exec(html)?.[1] ?? '';
  return [...part.matchAll(/<a class="hit" href="([^"]+)"/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&'),
  );
}

function onward(html: string): URL {
  return new URL(/content="0; url=([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? 'http://none');
}

/** From a form sent at the desk, through the system's host, to the address that redeems the code. */
async function through(
  world: World,
  answer: { headers: Record<string, string> },
  who = browser(world, 'alice'),
) {
  const begin = onward((await who.get(answer.headers.location ?? '')).text);
  const back = await who.get(`/declare?${new URLSearchParams(wish)}`);
  const enter = onward((await who.get(back.headers.location ?? '')).text);
  return { begin, enter };
}

describe('searching', () => {
  test.each([
    ['erp', ['/enter?systems=acme%2Ferp']],
    ['ACME', ['/enter?systems=acme%2Ferp', '/enter?systems=acme%2Fbackup']],
    ['acme/backup', ['/enter?systems=acme%2Fbackup']],
    ['paie fils', ['/enter?systems=martin%2Fpayroll']],
    ['progíciel', ['/enter?systems=acme%2Ferp']],
    ['payroll.martin.example', ['/enter?systems=martin%2Fpayroll']],
    ['nothing like it', []],
    ['__proto__', []],
  ])('%p finds %p', async (query, found) => {
    const { text, status } = await browser(makeWorld(), 'alice').get(
      `/?${new URLSearchParams({ q: query })}`,
    );
    expect([status, hits(text)]).toEqual([200, found]);
    if (found.length === 0) expect(text).toContain('None of your systems is called that');
  });

  test('shows nobody what they are not assigned to, neither by words nor by a link', async () => {
    const eve = browser(makeWorld(), 'eve');
    expect((await eve.get('/?q=erp')).text).not.toContain('acme%2Ferp');
    const linked = await eve.get(`/?${new URLSearchParams({ q: 'https://erp.acme.example/x' })}`);
    expect(linked.text).not.toContain('acme%2Ferp');
  });

  test('of equals the one used last comes first', () => {
    const known = [...makeSnapshot().clients.values()].flatMap((client) =>
      [...client.systems.values()].map((system) => ({ client, system })),
    );
    expect(searchSystems('example', known).map(({ system }) => system.id)).toEqual([
      'erp',
      'backup',
      'payroll',
    ]);
    expect(searchSystems('example', known.toReversed())[0]?.system.id).toBe('payroll');
    expect(searchSystems(' ', known)).toEqual([]);
  });

  test('a link finds the system and keeps path, query and fragment', async () => {
    const q = 'https://erp.acme.example/customers/7?tab=2#notes';
    const { text } = await browser(makeWorld(), 'alice').get(`/?${new URLSearchParams({ q })}`);
    const [href = ''] = hits(text);
    const query = new URL(href, 'http://portal').searchParams;
    expect(Object.fromEntries(query)).toEqual({
      systems: 'acme/erp',
      to: '//erp.acme.example/customers/7?tab=2#notes',
    });
  });

  test('the address under which the client’s own people know it finds it too', async () => {
    const world = makeWorld();
    const clients = world.snapshot.clients as Map<string, Client>;
    const acme = clients.get('acme');
    const erp = acme?.systems.get('erp');
    if (acme === undefined || erp === undefined) throw new Error('no erp');
    const known: System = { ...erp, upstream: { ...erp.upstream, serverName: 'erp.acme-factory.example' } };
    clients.set('acme', { ...acme, systems: new Map([...acme.systems, ['erp', known]]) });
    const q = 'erp.acme-factory.example/customers/7';
    const { text } = await browser(world, 'alice').get(`/?${new URLSearchParams({ q })}`);
    expect(hits(text)).toEqual(['/enter?systems=acme%2Ferp&to=%2Fcustomers%2F7']);
  });

  describe('with the public address of the client’s file', () => {
    const known = (publicUrl: string): World => {
      const world = makeWorld();
      const clients = world.snapshot.clients as Map<string, Client>;
      const acme = clients.get('acme');
      const erp = acme?.systems.get('erp');
      if (acme === undefined || erp === undefined) throw new Error('no erp');
      clients.set('acme', { ...acme, systems: new Map([...acme.systems, ['erp', { ...erp, publicUrl }]]) });
      return world;
    };
    const found = async (publicUrl: string, q: string, who = 'alice'): Promise<readonly string[]> =>
      hits((await browser(known(publicUrl), who).get(`/?${new URLSearchParams({ q })}`)).text);
    const there = (to: string) => [`/enter?${new URLSearchParams({ systems: 'acme/erp', to })}`];

    test.each([
      ['https://erp.factory.example', 'https://erp.factory.example/customers/7?tab=2#notes'],
      ['https://erp.factory.example/', 'erp.factory.example/customers/7?tab=2#notes'],
      ['https://erp.factory.example:8443', 'https://erp.factory.example:8443/customers/7?tab=2#notes'],
      ['https://apps.factory.example/customers', 'https://apps.factory.example/customers/7?tab=2#notes'],
      ['https://apps.factory.example/customers/7', 'https://apps.factory.example/customers/7?tab=2#notes'],
    ])('%s: %s lands on the same path, query and fragment', async (url, link) => {
      expect(await found(url, link)).toEqual(there('/customers/7?tab=2#notes'));
    });

    test.each([
      ['another host below', 'https://erp.factory.example', 'https://erp.factory.example.evil.example/x'],
      ['a user in front', 'https://erp.factory.example', 'https://erp.factory.example@evil.example/x'],
      ['another port', 'https://erp.factory.example', 'https://erp.factory.example:444/x'],
      ['beside the path', 'https://apps.factory.example/acme', 'https://apps.factory.example/acme-other/x'],
      ['above the path', 'https://apps.factory.example/acme', 'https://apps.factory.example/acme/../other'],
      [
        'the gateway’s own path',
        'https://erp.factory.example',
        'https://erp.factory.example/.consentry/enter',
      ],
    ])('%s is not found', async (_, url, link) => {
      expect(await found(url, link)).toEqual([]);
    });

    test('finds nothing for whoever is not assigned, and a link by /enter takes it too', async () => {
      const link = 'https://erp.factory.example/x?y=1';
      expect(await found('https://erp.factory.example', link, 'eve')).toEqual([]);
      const world = known('https://erp.factory.example');
      const answer = await browser(world, 'alice').get(`/enter?${new URLSearchParams({ to: link })}`);
      expect(answer.status).toBe(200);
      expect(hidden(answer.text, 'to')).toBe('/x?y=1');
    });
  });

  test.each([
    ['https://evil.example/erp.acme.example', 'No system has this address'],
    ['https://erp.acme.example@evil.example/', 'No system has this address'],
    ['https://erp.acme.example.evil.example/', 'No system has this address'],
    ['javascript:alert(1)', 'None of your systems'],
  ])('%p finds nothing, and says so', async (q, said) => {
    const { text } = await browser(makeWorld(), 'alice').get(`/?${new URLSearchParams({ q })}`);
    expect(hits(text)).toEqual([]);
    expect(text).toContain(said);
    expect(text).not.toMatch(/href="(?:javascript:|https:\/\/evil)/);
  });

  test('sent as a form it goes on when there is one, and asks when there are several', async () => {
    const alice = browser(makeWorld(), 'alice');
    const one = await alice.get('/?q=backup&go=1');
    expect([one.status, one.headers.location]).toEqual([303, '/enter?systems=acme%2Fbackup']);
    const several = await alice.get('/?q=acme&go=1');
    expect(several.status).toBe(200);
    expect(several.text).toMatch(/class="hit" href="[^"]+" autofocus/);
  });

  test('what is open is gone on with; what may be done and what stands in the way is said', async () => {
    const world = makeWorld();
    world.memory.room('acme').openings.set('o1', opening('o1'));
    const q = 'https://erp.acme.example/customers/7?tab=2#notes';
    const { text } = await browser(world, 'alice').get(`/?${new URLSearchParams({ q, go: '1' })}`);
    expect(hits(text)).toEqual([q]);
    expect(text).toContain('You may: Label hotline, Label support.');
    const bruno = await browser(makeWorld(), 'bruno').get('/?q=erp');
    expect(bruno.text).toContain('Nothing may be opened: Current IT charter not signed.');
  });

  test.each([
    ['acme/erp', undefined],
    ['erp', undefined],
    ['ftp://erp.acme.example/', undefined],
    ['https://erp acme', undefined],
    ['https://', undefined],
    ['erp.acme.example/x', 'https://erp.acme.example/x'],
    ['HTTP://ERP.acme.example/x#y', 'http://erp.acme.example/x#y'],
  ])('%p as a link is %p', (text, href) => {
    expect(readLink(text)?.href).toBe(href);
  });
});

describe('a link that fills in', () => {
  test('ticks systems, purpose and reference, and declares nothing', async () => {
    const world = makeWorld();
    const query = 'systems=acme/erp,acme/backup&purpose=hotline&reference=INC-7';
    const { text, status } = await browser(world, 'alice').get(`/enter?${query}`);
    expect(status).toBe(200);
    expect(text).toMatch(/name="systems" value="erp" checked/);
    expect(text).toMatch(/name="systems" value="backup" checked/);
    expect(text).toMatch(/value="hotline" checked/);
    expect(text).toMatch(/name="reference"[^>]* value="INC-7"/);
    expect(text).toMatch(/<button type="submit" autofocus/);
    expect(world.memory.room('acme').openings.size).toBe(0);
    expect(world.memory.commands).toEqual([]);
  });

  test('without a purpose takes the one declared here last, and starts at the reference', async () => {
    const world = makeWorld();
    world.memory.room('acme').openings.set('o1', { ...opening('o1'), endedAt: start });
    const { text } = await browser(world, 'alice').get('/enter?systems=acme/erp');
    expect(text).toMatch(/value="hotline" checked/);
    expect(text).toMatch(/id="reference"[^>]* autofocus/);
  });

  test.each([
    ['https://evil.example/customers'],
    ['//evil.example/'],
    ['https://payroll.martin.example/'],
    ['https://erp.acme.example@evil.example/'],
    ['javascript:alert(1)'],
    ['/.consentry/enter?code=x'],
    ['/a\\b'],
  ])('that leads to %p is refused, with a reason and on the record', async (to) => {
    const world = makeWorld();
    for (const name of ['to', 'return']) {
      const query = new URLSearchParams({ systems: 'acme/erp', [name]: to });
      const { text, status } = await browser(world, 'alice').get(`/enter?${query}`);
      expect(status).toBe(422);
      expect(text).toContain('foreign_target');
      expect(text).not.toContain('action="/declare"');
      expect(text).not.toMatch(/(?:href|action|url)="?(?:https?:)?\/\/[^"]*evil/);
    }
    const reasons = world.memory.room('acme').lines.map(({ leaf }) => [leaf.t, leaf.reason]);
    expect(new Set(reasons.map(String))).toEqual(new Set(['access.refused,foreign_target']));
  });

  test.each([
    ['to=https://evil.example/x', 404, 'unknown_host'],
    ['to=/x', 422, 'unknown_system'],
    ['', 422, 'unknown_system'],
    ['systems=nobody/erp', 404, 'unknown_system'],
    ['systems=__proto__/erp', 404, 'unknown_system'],
    ['systems=acme/erp,martin/payroll', 422, 'several_clients'],
  ])('%p is refused: %p %p', async (query, status, code) => {
    const answer = await browser(makeWorld(), 'alice').get(`/enter?${query}`);
    expect([answer.status, answer.text.includes(code)]).toEqual([status, true]);
  });

  test('to a system of others is refused, on the record', async () => {
    const world = makeWorld();
    expect((await browser(world, 'eve').get('/enter?to=https://erp.acme.example/x')).status).toBe(403);
    expect(world.memory.room('acme').lines.map(({ leaf }) => leaf.reason)).toEqual(['not_assigned']);
  });

  test.each([
    [
      'a target of others',
      'alice',
      '/enter?systems=acme/erp&to=https://evil.example/',
      422,
      'foreign_target',
    ],
    ['a system of others', 'eve', '/enter?systems=acme/erp', 403, 'not_assigned'],
    ['a declaration of others', 'eve', '/declare?system=acme/erp', 403, 'not_assigned'],
  ])(
    'from another site to %s is refused and writes no line under their name',
    async (_, who, path, status, code) => {
      const world = makeWorld();
      const person = browser(world, who);
      const lines = () => world.memory.room('acme').lines.map(({ leaf }) => leaf.reason);
      for (const site of ['cross-site', 'same-site']) {
        const led = await person.get(path).set('sec-fetch-site', site);
        expect([led.status, led.text.includes(code)]).toEqual([status, true]);
      }
      expect(lines()).toEqual([]);
      // They go on themselves: by a page of ours, or by typing the address.
      for (const site of ['same-origin', 'none']) await person.get(path).set('sec-fetch-site', site);
      expect(lines()).toEqual([code]);
    },
  );

  test('from another site fills in the form, whose refusal is recorded when it is sent', async () => {
    const world = makeWorld();
    const eve = browser(world, 'eve');
    await eve.get('/enter?systems=acme/erp').set('sec-fetch-site', 'cross-site');
    expect((await eve.post('/declare', { system: 'acme/erp' })).status).toBe(403);
    expect(world.memory.room('acme').lines.map(({ leaf }) => leaf.reason)).toEqual(['not_assigned']);
  });

  test('a reference that is none is left out', async () => {
    const query = new URLSearchParams({ systems: 'acme/erp', reference: 'a\u202eb' });
    const { text } = await browser(makeWorld(), 'alice').get(`/enter?${query}`);
    expect(text).toMatch(/name="reference"[^>]* value\/>/);
  });
});

describe('declaring at the desk', () => {
  test('leads by the host, which seals the wanted place, into it', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    const place = { to: '/customers/7?tab=2', h: 'erp.acme.example', fragment: 'notes' };
    const { begin, enter } = await through(world, await alice.post('/declare', { ...good, ...place }), alice);
    expect(begin.href).toBe('https://erp.acme.example/.consentry/declare?to=%2Fcustomers%2F7%3Ftab%3D2');
    expect(enter.pathname).toBe('/.consentry/enter');
    expect(enter.hash).toBe('#notes');
    const code = world.memory.codes.get(hash('sha256', enter.searchParams.get('code') ?? '', 'base64url'));
    const [id] = world.memory.room('acme').openings.keys();
    expect(code).toMatchObject({ opening: id, system: 'acme/erp', nonceHash });
    // Once: whoever comes again is asked.
    expect((await alice.get(`/declare?${new URLSearchParams(wish)}`)).status).toBe(200);
  });

  test('two tabs that race each get an access of their own, and no third comes of it', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    await alice.csrf();
    const sent = { ...good, to: '/' };
    const both = [await alice.post('/declare', sent), await alice.post('/declare', sent)];
    const openings = [...world.memory.room('acme').openings.keys()];
    expect(openings).toHaveLength(2);
    const used: (string | undefined)[] = [];
    for (const answer of both) {
      const { enter } = await through(world, answer, alice);
      const code = hash('sha256', enter.searchParams.get('code') ?? '', 'base64url');
      used.push(world.memory.codes.get(code)?.opening);
    }
    expect(used).toEqual(openings);
    expect((await alice.get(`/declare?${new URLSearchParams(wish)}`)).status).toBe(200);
    // Each way was shown once.
    expect((await alice.get(both[0]?.headers.location ?? '')).status).toBe(410);
  });

  test('a minute later it is no longer gone on with by itself', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    await alice.post('/declare', { ...good, to: '/' });
    world.memory.now += 60_000;
    expect((await alice.get(`/declare?${new URLSearchParams(wish)}`)).status).toBe(200);
  });

  test.each(['https://evil.example/', '//evil.example/', '/.consentry/declare', 'x', ''])(
    'a place such as %p is none',
    async (to) => {
      const world = makeWorld();
      const answer = await browser(world, 'alice').post('/declare', { ...good, to });
      expect(answer.status).toBe(422);
      expect(world.memory.room('acme').openings.size).toBe(0);
    },
  );

  test('a foreign host beside a good path is the system’s own', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    const answer = await alice.post('/declare', { ...good, to: '/x', h: 'evil.example' });
    expect(onward((await alice.get(answer.headers.location ?? '')).text).host).toBe('erp.acme.example');
  });
});

describe('two cases at once', () => {
  test('a second reference on the same system is asked about, and then opened', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    await alice.post('/declare', { ...good, to: '/' });
    const asked = await alice.post('/declare', { ...good, to: '/', reference: 'T-2' });
    expect(asked.status).toBe(422);
    expect(asked.text).toContain('You have an access open on the same system under another reference');
    expect(asked.text).toMatch(/name="second" value="T-2"/);
    // Confirming one reference confirms no other.
    const other = await alice.post('/declare', { ...good, to: '/', reference: 'T-3', second: 'T-2' });
    expect(other.status).toBe(422);
    expect(world.memory.room('acme').openings.size).toBe(1);
    const sure = await alice.post('/declare', { ...good, to: '/', reference: 'T-2', second: 'T-2' });
    expect(sure.status).toBe(303);
    expect(world.memory.room('acme').openings.size).toBe(2);
  });

  test('another system, the same reference, and what has ended ask nothing', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    const { openings } = world.memory.room('acme');
    openings.set('o1', { ...opening('o1'), systems: ['backup'] });
    openings.set('o2', { ...opening('o2'), endedAt: start });
    expect((await alice.post('/declare', { ...good, to: '/' })).status).toBe(303);
    expect((await alice.post('/declare', { ...good, to: '/', purpose: 'hotline' })).status).toBe(303);
  });
});

describe('another purpose under one reference', () => {
  test('is one click and one declaration, for as long as was left', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    world.memory.room('acme').openings.set('o1', { ...opening('o1'), note: 'Reprint the invoices of May.' });
    expect((await alice.get('/')).text).toMatch(/name="purpose" value="support"/);
    world.memory.now += 600_500;
    const answer = await alice.post('/openings/o1/purpose', { purpose: 'support' });
    expect(answer.status).toBe(303);
    const opened = [...world.memory.room('acme').openings.values()].at(-1);
    expect(opened).toMatchObject({ purpose: 'support', reference: 'T-o1', systems: opening('o1').systems });
    expect(opened?.endsAt).toBeLessThanOrEqual(opening('o1').endsAt + 60_000);
    const lines = world.memory.room('acme').lines.filter(({ leaf }) => leaf.t === 'session.opened');
    expect(lines).toHaveLength(1);
  });

  test('whoever was refused, and declares anew, goes on by one click to where they wanted to be', async () => {
    const world = makeWorld();
    world.memory.room('acme').openings.set('o1', { ...opening('o1'), note: 'Reprint the invoices.' });
    const alice = browser(world, 'alice');
    const { text } = await alice.get(`/declare?${new URLSearchParams(wish)}`);
    const form = /<form method="post" action="\/openings\/o1\/purpose".*?<\/form>/s.exec(text)?.[0] ?? '';
    expect(form).toMatch(/name="purpose" value="support"/);
    expect(form).not.toContain('value="hotline"');
    const carried = Object.fromEntries(
      ['system', 'f', 'n', 'h', 'fragment'].map((name) => [name, hidden(form, name)]),
    );
    expect(carried).toMatchObject({ system: 'acme/erp', f: wish.f, n: nonceHash });
    const answer = await alice.post('/openings/o1/purpose', {
      ...carried,
      fragment: 'row-7',
      purpose: 'support',
    });
    const enter = onward((await alice.get(answer.headers.location ?? '')).text);
    expect([enter.pathname, enter.searchParams.get('f'), enter.hash]).toEqual([
      '/.consentry/enter',
      wish.f,
      '#row-7',
    ]);
    const opened = [...world.memory.room('acme').openings.values()].filter(({ id }) => id !== 'o1');
    expect(opened).toMatchObject([{ purpose: 'support', reference: 'T-o1', systems: ['erp', 'backup'] }]);
    expect(world.memory.room('acme').lines.map(({ leaf }) => leaf.t)).toEqual(['session.opened']);
  });

  test.each(['martin/payroll', 'acme/none', 'acme/erp/x', '__proto__'])(
    'a wish for %p, which the access does not cover, leads to its first system',
    async (system) => {
      const world = makeWorld();
      world.memory.room('acme').openings.set('o1', { ...opening('o1'), note: 'Reprint the invoices.' });
      const alice = browser(world, 'alice');
      const answer = await alice.post('/openings/o1/purpose', { ...wish, system, purpose: 'support' });
      const begin = onward((await alice.get(answer.headers.location ?? '')).text);
      expect(begin.href).toBe('https://erp.acme.example/.consentry/declare?to=%2F');
    },
  );

  test('sent by another site nothing is declared', async () => {
    const world = makeWorld();
    world.memory.room('acme').openings.set('o1', { ...opening('o1'), note: 'Reprint the invoices.' });
    const alice = browser(world, 'alice');
    const answer = await alice.post('/openings/o1/purpose', { ...wish, purpose: 'support', csrf: 'forged' });
    expect(answer.status).toBe(403);
    expect(world.memory.room('acme').openings.size).toBe(1);
  });

  test('what asks for more is asked for on the form; another’s and what has ended is not gone on with', async () => {
    const world = makeWorld();
    world.memory.room('acme').openings.set('o1', opening('o1'));
    const alice = browser(world, 'alice');
    const asked = await alice.post('/openings/o1/purpose', { purpose: 'support' });
    expect(asked.status).toBe(422);
    expect(asked.text).toContain('needs a note');
    expect((await browser(world, 'bruno').post('/openings/o1/purpose', { purpose: 'hotline' })).status).toBe(
      404,
    );
    expect((await alice.post('/openings/o1/purpose', { purpose: 'no-such' })).status).toBe(422);
    world.memory.now = opening('o1').endsAt;
    expect((await alice.post('/openings/o1/purpose', { purpose: 'support' })).status).toBe(409);
  });
});

test('one click on the desk lengthens or closes and comes back', async () => {
  const world = makeWorld();
  const alice = browser(world, 'alice');
  world.memory.room('acme').openings.set('o1', opening('o1'));
  const { endsAt } = opening('o1');
  const extend = { from_desk: '1', minutes: '30', from: String(endsAt) };
  expect((await alice.post('/openings/o1/extend', extend)).headers.location).toBe('/');
  expect(world.memory.room('acme').openings.get('o1')?.endsAt).toBe(endsAt + 30 * 60_000);
  expect((await alice.post('/openings/o1/close', { from_desk: '1' })).headers.location).toBe('/');
  expect((await alice.get('/')).text).toContain('The access is closed.');
});

test('an access that is over has a summary for the ticket; one that runs has none', async () => {
  const world = makeWorld();
  const alice = browser(world, 'alice', 'fr');
  const { openings } = world.memory.room('acme');
  openings.set('o1', { ...opening('o1'), note: 'Réimprimer <b>.' });
  expect((await alice.get('/openings/o1')).text).not.toContain('id="summary"');
  openings.set('o1', {
    ...opening('o1'),
    note: 'Réimprimer <b>.',
    endedAt: start + 60_000,
    endCause: 'technician',
  });
  const { text } = await alice.get('/openings/o1');
  const summary = /<pre id="summary">([^<]*)<\/pre>/.exec(text)?.[1] ?? '';
  expect(summary.split('\n')[0]).toBe('Référence\u00a0: T-o1');
  for (const said of ['Acme &lt;SA>', 'Label hotline|Libellé hotline', 'Réimprimer &lt;b>.', '/openings/o1'])
    expect(said.split('|').some((one) => summary.includes(one))).toBe(true);
  expect(summary).toContain('pas encore compté');
});

test('without the counts the page of an access opens all the same, also of one long ago', async () => {
  const history = {
    ...makeWorld().deps.history,
    story: () => Promise.reject(new Fault('ledger_unavailable', 'test')),
  };
  const world = makeWorld({ history });
  const { openings } = world.memory.room('acme');
  for (let at = 0; at < 150; at += 1)
    openings.set(`o${at}`, { ...opening(`o${at}`), openedAt: start + at, endedAt: start + at + 1 });
  const { status, text } = await browser(world, 'alice').get('/openings/o0');
  expect([status, text.includes('not counted yet')]).toEqual([200, true]);
  expect((await browser(world, 'bruno').get('/openings/o0')).status).toBe(404);
});

test('near the end the page says so without any script, too', async () => {
  const world = makeWorld();
  world.memory.room('acme').openings.set('o1', opening('o1'));
  const alice = browser(world, 'alice');
  expect((await alice.get('/openings/o1')).text).not.toContain('notice bad');
  world.memory.now += 51 * 60_000;
  expect((await alice.get('/openings/o1')).text).toContain('This access ends in 9\u00a0minutes.');
  world.memory.now += 8 * 60_000;
  expect((await alice.get('/openings/o1')).text).toContain('This access ends in one minute.');
});
