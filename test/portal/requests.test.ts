/** Requests: asked by a technician, answered by the client once, for less; what both sides see meanwhile. */
import { describe, expect, test } from '@jest/globals';
import { browser, type Form } from './browser.ts';
import { makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';
import { asked } from './world-things.ts';

const good: Form = {
  system: 'acme/erp',
  systems: ['erp'],
  purpose: 'backup',
  operations: ['read', 'copy'],
  reference: 'T-7',
  note: 'The backup of Monday cannot be read back.',
  minutes: '45',
  until: '2026-10-06T18:00',
};

const agreed: Form = {
  systems: ['erp'],
  operations: ['read'],
  minutes: '30',
  from: '',
  until: '2026-10-05T18:00',
};

function withRequest(more: Parameters<typeof asked>[1] = {}): World {
  const world = makeWorld();
  world.memory.room('acme').requests.set('r1', asked('r1', more));
  return world;
}

function done(world: World, what: 'request' | 'request-say' | 'grant') {
  return world.memory.commands.filter((command) => command.do === what);
}

describe('asking', () => {
  test('the declaration page leads to the form, where purpose and system are ticked', async () => {
    const alice = browser(makeWorld(), 'alice');
    const page = await alice.get(`/declare?${new URLSearchParams(wish)}`);
    expect(page.text).toContain('Ask the client');
    const link = /href="(\/requests\/new\?[^"]*purpose=backup[^"]*)"/.exec(page.text)?.[1] ?? '';
    const form = await alice.get(link.replaceAll('&amp;', '&'));
    expect(form.text).toMatch(/value="backup" checked/);
    expect(form.text).toMatch(/value="erp" checked/);
    expect(form.text).toContain('value="2026-10-06T10:00"');
  });

  test('writes the wish and what names people apart', async () => {
    const world = makeWorld();
    const answer = await browser(world, 'alice').post('/requests/new', good);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toMatch(/^\/requests\/[\w-]{22}$/);
    expect(done(world, 'request')).toMatchObject([
      {
        request: {
          client: 'acme',
          person: 'alice',
          systems: ['erp'],
          purpose: 'backup',
          operations: ['read', 'copy'],
          minutes: 45,
          until: Date.UTC(2026, 9, 6, 16),
        },
        groups: { person: { name: 'Alice Durand' }, work: { reference: 'T-7' } },
      },
    ]);
  });

  test.each([
    ['no system', { systems: [] }, 'Tick at least one system'],
    ['another client’s system', { systems: ['erp', 'payroll'] }, 'not one of yours'],
    ['no purpose', { purpose: '' }, 'Choose a purpose'],
    ['no operation', { operations: [] }, 'Tick at least one thing'],
    ['more than the purpose permits', { operations: ['read', 'write'] }, 'Tick at least one thing'],
    ['no reference', { reference: '' }, 'needs a reference'],
    ['a dot for a reason', { note: '.' }, 'at least 10\u00a0letters'],
    ['dots for a reason', { note: '. . . . . . . . . . . .' }, 'at least 10\u00a0letters'],
    ['one word for a reason', { note: 'Troubleshooting' }, 'in several words'],
    ['one word again and again', { note: 'invoices invoices invoices' }, 'in several words'],
    ['one letter again and again', { note: 'xxxxxxxxxxxxxxxxxx' }, 'at least 10\u00a0letters'],
    ['a text that turns around', { note: 'The backup \u202e of Monday fails' }, 'The note may have'],
    ['longer than the purpose', { minutes: '121' }, 'at most 120\u00a0minutes'],
    ['minutes that are none', { minutes: '1e2' }, 'whole number of minutes'],
    ['until a moment ago', { until: '2026-10-05T09:59' }, 'in the future'],
    ['until after a month', { until: '2026-11-05' }, 'at most 30\u00a0days'],
    ['until no such day', { until: '2026-02-30' }, 'in the future'],
    ['for ever', { until: 'indefinite' }, 'in the future'],
    ['from yesterday', { from: '2026-10-04T10:00' }, 'from now on'],
    ['from after its end', { from: '2026-10-06T18:00' }, 'from now on'],
    ['from no such day', { from: 'soon' }, 'from now on'],
  ])('refuses: %s', async (_name, change, message) => {
    const world = makeWorld();
    const answer = await browser(world, 'alice').post('/requests/new', { ...good, ...change });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(done(world, 'request')).toEqual([]);
  });

  test('for later: the client reads from when, and nothing begins earlier', async () => {
    const world = makeWorld();
    await browser(world, 'alice').post('/requests/new', { ...good, from: '2026-10-06T09:00' });
    const from = Date.UTC(2026, 9, 6, 7);
    expect(done(world, 'request')).toMatchObject([{ request: { from } }]);
    const [request] = world.memory.room('acme').requests.values();
    const claire = browser(world, 'claire');
    expect((await claire.get(`/requests/${request?.id}`)).text).toContain('not before 06 Oct 2026');
    const form = { ...agreed, operations: ['read'], until: '2026-10-06T18:00' };
    const early = await claire.post(`/requests/${request?.id}/approve`, {
      ...form,
      from: '2026-10-05T12:00',
    });
    expect(early.status).toBe(422);
    await claire.post(`/requests/${request?.id}/approve`, form);
    const textHash = /sha256:[\w-]{43}/.exec((await claire.get('/agreements/review')).text)?.[0] ?? '';
    await claire.post('/agreements/sign', { textHash, evaluation: '1' });
    expect(done(world, 'grant')).toMatchObject([{ grant: { from, firstUse: { minutes: 30 } } }]);
  });

  test('in the evening for the hours of tomorrow; never for a time without hours', async () => {
    const world = makeWorld();
    const client = world.snapshot.clients.get('acme');
    if (client === undefined) throw new Error('acme is in this world');
    const windows = [{ days: [1, 2, 3, 4, 5], from: 8 * 60, until: 9 * 60 }];
    const hours = new Map([['backup', { zone: 'Europe/Paris', closedOn: 'none' as const, windows }]]);
    Object.assign(client, { hours });
    const alice = browser(world, 'alice');
    expect((await alice.post('/requests/new', { ...good, until: '2026-10-05T23:00' })).status).toBe(422);
    expect((await alice.post('/requests/new', good)).status).toBe(303);
  });

  test('is no way around what an agreement cannot mend', async () => {
    const world = makeWorld();
    const answer = await browser(world, 'bruno').post('/requests/new', good);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('harter');
    expect(done(world, 'request')).toEqual([]);
  });

  test('is not needed where an agreement fits', async () => {
    const world = makeWorld();
    const hotline = { purpose: 'hotline', operations: ['read'] };
    const answer = await browser(world, 'alice').post('/requests/new', { ...good, ...hotline });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('covers all of this already');
  });

  test('at a client where one is assigned to nothing, or that is unknown', async () => {
    const eve = browser(makeWorld(), 'eve');
    expect((await eve.post('/requests/new', good)).status).toBe(403);
    expect((await eve.post('/requests/new', { ...good, system: 'nobody/erp' })).status).toBe(404);
  });
});

describe('both sides see', () => {
  test('the client what waits on its first page, with who, what and since when', async () => {
    for (const who of ['claire', 'dana', 'marc']) {
      const { text } = await browser(withRequest(), who).get('/');
      expect(text).toContain('Waiting for you');
      expect(text).toContain('Alice Durand');
      expect(text).toContain('/requests/r1');
      expect(text).toContain('for 1\u00a0h');
    }
    const { text } = await browser(withRequest({ client: 'acme', status: 'refused' }), 'claire').get('/');
    expect(text).not.toContain('href="/requests/r');
  });

  test('the technician their own, with state and waiting time', async () => {
    const world = withRequest();
    world.memory.room('acme').requests.set('r2', asked('r2', { person: 'bruno', reference: 'T-8' }));
    const { text } = await browser(world, 'alice').get('/requests');
    expect(text).toContain('Waiting for the client');
    expect(text).toContain('for 1\u00a0h');
    expect(text).not.toContain('T-8');
  });

  test('silence as a refusal once its time is over, even before it is written down', async () => {
    const world = withRequest({ until: start - 1 });
    for (const who of ['alice', 'claire']) {
      const { text } = await browser(world, who).get('/requests/r1');
      expect(text).toContain('Lapsed without an answer');
      expect(text).not.toContain('/requests/r1/');
    }
  });

  test('the same in French, without the words of the machinery', async () => {
    const { text } = await browser(withRequest(), 'claire', 'fr').get('/requests/r1');
    expect(text).toContain('Demande de Alice Durand');
    expect(text).toContain('Accorder moins');
    expect(text).not.toMatch(/ledger|merkle|checkpoint|intent|snapshot|epoch|OIDC/i);
    expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  });
});

describe('questions', () => {
  test('go to and fro, each in its turn', async () => {
    const world = withRequest();
    const claire = browser(world, 'claire');
    const alice = browser(world, 'alice');
    const ask = () => claire.post('/requests/r1/ask', { text: 'Which invoices do you mean?' });
    expect((await alice.post('/requests/r1/answer', { text: 'Nobody has asked me yet.' })).status).toBe(409);
    expect((await ask()).headers.location).toBe('/requests/r1');
    expect((await ask()).status).toBe(409);
    const seen = await alice.get('/requests/r1');
    expect(seen.text).toContain('Which invoices do you mean?');
    expect(seen.text).toContain('Waiting for the technician');
    world.memory.now += 10 * 60_000;
    expect((await alice.get('/requests/r1')).text).toContain(
      '1\u00a0h for the client, 10\u00a0min for the technician',
    );
    expect((await alice.post('/requests/r1/answer', { text: '...' })).status).toBe(422);
    expect((await alice.post('/requests/r1/answer', { text: 'Those of May, number 12 to 15.' })).status).toBe(
      303,
    );
    expect((await claire.get('/requests/r1')).text).toContain('number 12 to 15');
    expect(done(world, 'request-say')).toMatchObject([
      { say: 'answered' },
      { say: 'asked', by: { seat: 'seat-claire' } },
      { say: 'asked' },
      { say: 'answered', by: { provider: 'alice' } },
    ]);
  });

  test('a reminder is counted, not too early, at most three times, and only while the client is awaited', async () => {
    const world = withRequest();
    const alice = browser(world, 'alice');
    const remind = (text = '') => alice.post('/requests/r1/remind', { text });
    expect((await remind('x')).status).toBe(422);
    const [first, second] = await Promise.all([remind('Could you look at it before noon?'), remind()]);
    expect([first.status, second.status].sort()).toEqual([303, 409]);
    expect((await remind()).text).toContain('less than half an hour ago');
    expect((await alice.get('/requests/r1')).text).not.toContain('Remind the client');
    for (let i = 0; i < 2; i += 1) {
      world.memory.now += 30 * 60_000;
      expect((await remind()).status).toBe(303);
    }
    world.memory.now += 30 * 60_000;
    expect((await remind()).text).toContain('reminded often enough');
    const seen = await browser(world, 'claire').get('/requests/r1');
    expect(seen.text).toMatch(/3\sof at most 3/);
    expect(seen.text).toContain('look at it before noon');
    await browser(world, 'claire').post('/requests/r1/ask', { text: 'Which invoices do you mean?' });
    world.memory.now += 30 * 60_000;
    expect((await remind()).status).toBe(409);
  });

  test('a clock set back reminds nobody twice', async () => {
    const world = withRequest();
    const alice = browser(world, 'alice');
    expect((await alice.post('/requests/r1/remind', { text: '' })).status).toBe(303);
    world.memory.now -= 3_600_000;
    expect((await alice.post('/requests/r1/remind', { text: '' })).status).toBe(409);
  });

  test('a refusal needs a sentence, ends the request, and is read by the technician', async () => {
    const world = withRequest();
    const claire = browser(world, 'claire');
    expect((await claire.post('/requests/r1/refuse', { reason: 'no' })).status).toBe(422);
    const reason = 'We repair this ourselves <b>tomorrow</b>.';
    expect((await claire.post('/requests/r1/refuse', { reason })).status).toBe(303);
    const { text } = await browser(world, 'alice').get('/requests/r1');
    expect(text).toContain('We repair this ourselves &lt;b>tomorrow');
    expect((await claire.post('/requests/r1/approve', agreed)).status).toBe(409);
    expect((await claire.post('/requests/r1/refuse', { reason })).status).toBe(409);
  });
});

describe('agreeing', () => {
  async function signed(world: World, form: Form = agreed, who = 'claire') {
    const user = browser(world, who);
    const drafted = await user.post('/requests/r1/approve', form);
    expect(drafted.headers.location).toBe('/agreements/review');
    const review = await user.get('/agreements/review');
    const textHash = /sha256:[\w-]{43}/.exec(review.text)?.[0] ?? '';
    const sign = () => user.post('/agreements/sign', { textHash, evaluation: '1' });
    return { user, review, sign };
  }

  test('to less: the text says so, and what is signed names the person and the request', async () => {
    const world = withRequest();
    const { review, sign } = await signed(world);
    expect(review.text).toContain('Only these people: Alice Durand.');
    expect(review.text).toContain('They may consult. They may not change, nor copy or download.');
    expect(review.text).toContain('request of Alice Durand, 05 Oct 2026');
    expect(review.text).toContain('at most 30 minutes');
    expect(review.text).toContain('30 minutes that begin with the first access');
    expect(review.text).toContain('ends at that moment at the latest');
    expect((await sign()).status).toBe(303);
    expect(done(world, 'grant')).toMatchObject([
      {
        grant: {
          ...{ kind: 'one-off', request: 'r1', minutes: 30, people: ['alice'], systems: ['erp'] },
          ...{ purposes: ['support'], operations: ['read'], from: start, until: Date.UTC(2026, 9, 5, 16) },
          firstUse: { minutes: 30, startBy: Date.UTC(2026, 9, 5, 16) },
        },
      },
    ]);
  });

  test('leads the technician straight into the filled-in declaration, no longer than agreed', async () => {
    const world = withRequest();
    world.memory.room('acme').grants.delete('g1');
    const { sign } = await signed(world);
    await sign();
    const alice = browser(world, 'alice');
    const page = await alice.get('/requests/r1');
    expect(page.text).toContain('href="https://erp.acme.example/.consentry/declare?to=%2F"');
    const form = await alice.get(`/declare?${new URLSearchParams(wish)}`);
    expect(form.text).toMatch(/value="support" checked/);
    expect(form.text).toContain('value="T-7"');
    expect(form.text).toContain('value="30"');
    const declaration = {
      ...wish,
      systems: 'erp',
      purpose: 'support',
      reference: 'T-7',
      note: 'As asked',
      minutes: '60',
    };
    expect((await alice.post('/declare', declaration)).status).toBe(303);
    const [opening] = world.memory.room('acme').openings.values();
    expect(opening?.endsAt).toBe(start + 30 * 60_000);
  });

  test.each([
    ['another system', { systems: ['erp', 'payroll'] }],
    ['no system', { systems: [] }],
    ['more operations', { operations: ['read', 'copy'] }],
    ['longer', { minutes: '61' }],
    ['until later', { until: '2026-10-07' }],
    ['ends before it begins', { from: '2026-10-05T19:00' }],
    ['from yesterday', { from: '2026-10-04T10:00' }],
  ])('never to more than was asked: %s', async (_name, change) => {
    const world = withRequest();
    const answer = await browser(world, 'claire').post('/requests/r1/approve', { ...agreed, ...change });
    expect(answer.status).toBe(422);
    expect(done(world, 'grant')).toEqual([]);
  });

  test('two representatives at once: one agreement, and a clear page for the other', async () => {
    const world = withRequest();
    const one = await signed(world);
    const other = await signed(world);
    const answers = await Promise.all([one.sign(), other.sign()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect(answers.find(({ status }) => status === 409)?.text).toContain('answered already, or has lapsed');
  });

  test('what the rules no longer permit is neither drafted nor signed', async () => {
    const world = withRequest();
    const drafted = await signed(world);
    const client = world.snapshot.clients.get('acme');
    if (client === undefined) throw new Error('acme is in this world');
    Object.assign(client, { assignments: [] });
    expect((await drafted.sign()).text).toContain('can no longer be agreed to');
    const again = await browser(world, 'claire').post('/requests/r1/approve', agreed);
    expect(again.status).toBe(409);
    expect(done(world, 'grant')).toEqual([]);
  });

  test('what the purpose no longer permits is not signed, and is cut to at its first use', async () => {
    const world = withRequest();
    const drafted = await signed(world);
    const purpose = world.snapshot.purposes.get('support');
    if (purpose === undefined) throw new Error('support is a purpose');
    Object.assign(purpose, { minutes: 20 });
    expect((await drafted.sign()).status).toBe(409);
    Object.assign(purpose, { minutes: 120 });
    world.memory.room('acme').grants.delete('g1');
    expect((await drafted.sign()).status).toBe(303);
    Object.assign(purpose, { minutes: 20 });
    const form = { systems: 'erp', purpose: 'support', reference: 'T-7', note: 'As asked', minutes: '30' };
    expect((await browser(world, 'alice').post('/declare', { ...wish, ...form })).status).toBe(303);
    expect(world.memory.room('acme').lines.at(-1)?.leaf).toMatchObject({ clock: 20 });
  });

  test.each([
    ['a purpose that forbids it now', { operations: ['read'] as const }, { operations: ['read', 'write'] }],
    ['a purpose that is shorter now', { minutes: 29 }, {}],
  ])('what was asked is measured against %s', async (_name, change, form) => {
    const world = withRequest();
    Object.assign(world.snapshot.purposes.get('support') ?? {}, change);
    const answer = await browser(world, 'claire').post('/requests/r1/approve', { ...agreed, ...form });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('can no longer be agreed to');
  });

  test('a person who is gone is not agreed to', async () => {
    const world = withRequest({ person: 'zoe' });
    expect((await browser(world, 'claire').post('/requests/r1/approve', agreed)).status).toBe(409);
  });

  test('nobody agrees to what their own account asked', async () => {
    const own = { account: { issuer: 'https://login.example', subject: 'claire' } };
    const world = withRequest(own);
    const answer = await browser(world, 'claire').post('/requests/r1/approve', agreed);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('Somebody else must answer it');
    expect(done(world, 'grant')).toEqual([]);
  });

  test('a form sent twice leads to one agreement', async () => {
    const world = withRequest();
    const { sign } = await signed(world);
    const answers = await Promise.all([sign(), sign()]);
    expect(answers.filter(({ status }) => status === 303).length).toBe(1);
    expect(world.memory.room('acme').grants.size).toBe(2);
    expect((await sign()).status).toBe(409);
  });

  test('a representative who was removed since reading signs nothing', async () => {
    const world = withRequest();
    const { sign } = await signed(world);
    world.memory.room('acme').seats.splice(0);
    expect((await sign()).status).not.toBe(303);
    expect(done(world, 'grant')).toEqual([]);
  });

  test('nothing is agreed on a GET', async () => {
    const world = withRequest();
    const claire = browser(world, 'claire');
    for (const act of ['approve', 'refuse', 'ask'])
      expect((await claire.get(`/requests/r1/${act}`)).status).toBe(404);
    expect(world.memory.commands.filter((command) => command.do !== 'append')).toEqual([]);
  });
});
