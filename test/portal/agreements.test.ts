/** Agreements: form, text, signature, withdrawal; nothing without a signature over exactly what was read. */
import { describe, expect, test } from '@jest/globals';
import { nothingSpent } from '../../src/core/budget.ts';
import { browser, type Form } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';
import { seat } from './world-things.ts';

const good: Form = {
  systems: ['erp', 'backup'],
  purposes: ['support', 'hotline'],
  operations: ['read', 'write'],
  who: 'assigned',
  from: '2026-10-05',
  until: '2027-01-31',
};

const dayMs = 86_400_000;

async function drafted(world: World, form: Form = good, who = 'claire', language = 'en') {
  const user = browser(world, who, language);
  const answer = await user.post('/agreements/new', form);
  expect(answer.headers.location).toBe('/agreements/review');
  const review = await user.get('/agreements/review');
  return { user, review, textHash: /sha256:[\w-]{43}/.exec(review.text)?.[0] ?? '' };
}

function given(world: World) {
  return world.memory.commands.flatMap((command) => (command.do === 'grant' ? [command] : []));
}

describe('the form', () => {
  test('has nothing ticked and no way to say "no end"', async () => {
    const { text } = await browser(makeWorld(), 'claire').get('/agreements/new');
    expect(text).not.toContain('checked');
    expect(text).toContain('value="2026-10-05"');
    expect(text).toContain('At most 12\u00a0months');
    expect(text).toContain('Alice Durand');
    expect(text).not.toContain('Eve Moreau');
    expect(text).not.toContain('payroll');
  });

  test.each([
    ['no system', { systems: [] }, 'Tick at least one of your systems'],
    ['another’s system', { systems: ['erp', 'payroll'] }, 'Tick at least one of your systems'],
    ['unknown purpose', { purposes: ['all'] }, 'Tick at least one purpose'],
    ['no operation', { operations: [] }, 'Tick at least one thing'],
    ['unknown operation', { operations: ['read', 'delete'] }, 'Tick at least one thing'],
    ['nobody', { who: 'named', people: [] }, 'Say who'],
    ['a person of nowhere', { who: 'named', people: ['eve'] }, 'Say who'],
    ['who not said', { who: '' }, 'Say who'],
    ['yesterday', { from: '2026-10-04' }, 'not in the past'],
    ['no such day', { until: '2027-02-30' }, 'Give the last day'],
    ['not a day', { until: 'indefinite' }, 'Give the last day'],
    ['ends before it begins', { from: '2026-11-05', until: '2026-11-04' }, 'not before the first day'],
    ['a year and a day', { until: '2027-10-05' }, 'at most 12\u00a0months from today'],
    [
      'a year that begins later',
      { from: '2026-12-01', until: '2027-11-30' },
      'at most 12\u00a0months from today',
    ],
  ])('refuses: %s', async (_name, change, message) => {
    const world = makeWorld();
    const answer = await browser(world, 'claire').post('/agreements/new', { ...good, ...change });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(message);
    expect(given(world)).toEqual([]);
  });

  test('twelve months to the day is the longest', async () => {
    expect(
      (await browser(makeWorld(), 'claire').post('/agreements/new', { ...good, until: '2027-10-04' })).status,
    ).toBe(303);
  });
});

describe('review and signature', () => {
  test('shows the whole text, its fingerprint, and says plainly who signs in evaluation', async () => {
    const { review, textHash } = await drafted(makeWorld());
    expect(review.text).toContain(`name="textHash" value="${textHash}"`);
    expect(review.text).toContain(
      'Acme &lt;SA>, as controller of the data, explicitly agrees that Provider SAS',
    );
    expect(review.text).toContain('ERP, Backup server');
    expect(review.text).toContain('until 31 January 2027 inclusive');
    expect(review.text).toContain('the gateway signs with a key that it holds itself');
    expect(review.text).not.toContain('data-passkey');
  });

  test('says first, in plain words, who could do what and until when, as the rules decide it', async () => {
    const world = makeWorld();
    const { review } = await drafted(world);
    const foreseen = /<section class="panel" aria-labelledby="foreseen">.*?<\/section>/s.exec(
      review.text,
    )?.[0];
    expect(foreseen).toContain('This person will be able to enter ERP, Backup server until 31 January 2027');
    expect(foreseen).toContain('<li>Alice Durand, technician</li>');
    expect(foreseen).toContain(
      'Label hotline: this person can consult, but not change or save, copy or download.',
    );
    expect(foreseen).toContain(
      'Label support: this person can consult, change or save, but not copy or download.',
    );
    expect(foreseen).toContain('120\u00a0minutes (Label hotline), 120\u00a0minutes (Label support)');
    expect(foreseen).toContain('Whoever the provider assigns to you later counts as well');
    expect(foreseen).toContain(
      'Bruno Leroy is meant too, but cannot enter today: the provider has not cleared',
    );
    expect(foreseen).not.toMatch(/Eve|charter|Your systems are still/);
    expect(review.text.indexOf('id="foreseen"')).toBeLessThan(review.text.indexOf('explicitly agrees'));
  });

  test('for named people nobody else is promised, and an agreement over nobody says so', async () => {
    const named = { ...good, who: 'named', people: ['bruno'], from: '2026-10-12' };
    const { review } = await drafted(makeWorld(), named, 'claire', 'fr');
    expect(review.text).toContain('personne ne pourra entrer sous cet accord');
    expect(review.text).toContain('Bruno Leroy est concerné(e) aussi, mais ne peut pas entrer');
    expect(review.text).toContain('Personne d’autre n’entre sous cet accord.');
    expect(review.text).not.toContain('plus tard compte aussi');
  });

  test('in French the text is French and says so', async () => {
    const world = makeWorld();
    const { user, textHash, review } = await drafted(world, good, 'claire', 'fr');
    expect(review.text).toContain('responsable du traitement');
    await user.post('/agreements/sign', { textHash, evaluation: '1' });
    expect(given(world)[0]?.evidence.language).toBe('fr');
    expect(JSON.parse(given(world)[0]?.text ?? '').language).toBe('fr');
  });

  test('evaluation: what is recorded is what was read, under the seat of who read it', async () => {
    const world = makeWorld();
    const { user, textHash } = await drafted(world);
    const answer = await user.post('/agreements/sign', { textHash, evaluation: '1' });
    expect(answer.headers.location).toBe('/agreements');
    const [command] = given(world);
    expect(command?.grant).toMatchObject({
      client: 'acme',
      status: 'active',
      systems: ['erp', 'backup'],
      purposes: ['hotline', 'support'],
      operations: ['read', 'write'],
      people: ['assigned'],
      from: start,
      until: Date.UTC(2027, 0, 31, 23),
      textHash,
      grantedBy: 'seat-claire',
    });
    expect(command?.evidence).toEqual({
      seat: 'seat-claire',
      role: 'representative',
      method: 'evaluation-key',
      signature: `over ${textHash}`,
      authenticatorData: '',
      clientData: '',
      language: 'en',
    });
    const list = await user.get('/agreements');
    expect(list.text).toContain('The agreement is given and recorded');
    expect(list.text).toContain('Claire Martin'.replace('Claire Martin', 'claire'));
    expect((await user.post('/agreements/sign', { textHash, evaluation: '1' })).status).toBe(409);
    expect(given(world)).toHaveLength(1);
  });

  test('evaluation signing exists in evaluation mode only', async () => {
    const world = makeWorld({ evaluation: false });
    const { user, review, textHash } = await drafted(world);
    expect(review.text).not.toContain('name="evaluation"');
    expect((await user.post('/agreements/sign', { textHash, evaluation: '1' })).status).toBe(422);
    expect(given(world)).toEqual([]);
  });

  test('a passkey signs the hash of the text', async () => {
    const world = makeWorld();
    world.memory
      .room('acme')
      .seats.push(
        seat('claire', 'acme', 'representative', { id: 'seat-key', method: 'passkey', credentialId: 'cred' }),
      );
    const { user, review, textHash } = await drafted(world);
    expect(review.text).toContain('data-passkey="sign"');
    expect((await user.json('/agreements/sign/options', { textHash })).body).toEqual({ challenge: textHash });
    const bad = await user.json('/agreements/sign', { textHash, credential: 'forged' });
    expect(bad.status).toBe(422);
    expect(bad.headers['content-type']).toContain('application/problem+json');
    expect(bad.body).toMatchObject({ code: 'signature_invalid', request_id: expect.any(String) });
    const answer = await user.json('/agreements/sign', { textHash, credential: 'good' });
    expect(answer.body).toEqual({ next: '/agreements' });
    expect(given(world)[0]?.evidence).toMatchObject({
      seat: 'seat-key',
      method: 'passkey',
      signature: 'sig',
    });
  });

  test('a text that changed since it was read cannot be signed', async () => {
    const world = makeWorld();
    const { user, textHash } = await drafted(world);
    await user.post('/agreements/new', { ...good, operations: ['read', 'write', 'copy'] });
    const answer = await user.post('/agreements/sign', { textHash, evaluation: '1' });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('text_changed');
    expect(given(world)).toEqual([]);
  });

  test('nor one whose time is over, nor when nothing can be recorded', async () => {
    const world = makeWorld();
    const { user, textHash } = await drafted(world, { ...good, until: '2026-10-05' });
    world.memory.failing = 'writes';
    expect((await user.post('/agreements/sign', { textHash, evaluation: '1' })).status).toBe(503);
    world.memory.failing = 'no';
    world.memory.now += dayMs;
    expect((await user.post('/agreements/sign', { textHash, evaluation: '1' })).status).toBe(409);
    expect(world.memory.room('acme').grants.size).toBe(1);
  });
});

describe('taking back', () => {
  test('is one page and one click, for a representative', async () => {
    const world = makeWorld();
    const user = browser(world, 'claire');
    expect((await user.get('/agreements')).text).toContain('href="/agreements/g1/revoke"');
    expect((await user.get('/agreements/g1/revoke')).text).toContain('cannot be undone');
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('active');
    const answer = await user.post('/agreements/g1/revoke');
    expect(answer.headers.location).toBe('/agreements');
    expect(world.memory.ends).toEqual([
      {
        what: { client: 'acme', grant: 'g1' },
        cause: 'revoked',
        by: { seat: 'seat-claire', role: 'representative' },
      },
    ]);
    const list = await user.get('/agreements');
    expect(list.text).toContain('Agreement withdrawn.');
    expect(list.text).not.toContain('0\u00a0accesses');
    expect(list.text).toContain('Withdrawn');
    expect(list.text).not.toContain('/agreements/g1/revoke');
    expect((await user.post('/agreements/g1/revoke')).status).toBe(409);
  });

  test('suspends and resumes', async () => {
    const world = makeWorld();
    const user = browser(world, 'claire');
    await user.post('/agreements/g1/suspend');
    expect((await user.get('/agreements')).text).toContain('href="/agreements/g1/resume"');
    await user.post('/agreements/g1/resume');
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('active');
    expect((await user.get('/agreements')).text).toContain('in force again');
  });

  test('asks to look at the change before resuming what rests because a system leads elsewhere', async () => {
    const world = makeWorld();
    const user = browser(world, 'claire');
    await user.post('/agreements/g1/suspend');
    const plain = 'technicians can declare accesses under it again';
    expect((await user.get('/agreements/g1/resume')).text).toContain(plain);
    const change = { en: 'Changed – where the system erp leads <now>', fr: 'Modification – la destination' };
    const fields = { grant: 'g1', by: 'system', cause: 'policy', systems: 'erp' };
    const draft = { client: 'acme', version: 1 } as const;
    world.memory.write({ ...draft, t: 'policy.activated', id: 'p1', fields: {}, groups: { change } });
    world.memory.write({ ...draft, t: 'consent.suspended', id: 's1', fields });
    const page = (await user.get('/agreements/g1/resume')).text;
    expect(page).toContain('Changed – where the system erp leads &lt;now>');
    expect(page).toContain('changed where a system of yours leads');
    expect(page).not.toContain(plain);
    await user.post('/agreements/g1/resume');
    await user.post('/agreements/g1/suspend');
    expect(world.memory.room('acme').grants.get('g1')?.status).toBe('suspended');
  });

  test('when it cannot be recorded it is still blocked here, and says so', async () => {
    const world = makeWorld();
    const user = browser(world, 'claire');
    await user.csrf();
    world.memory.failing = 'writes';
    expect((await user.post('/agreements/g1/revoke')).status).toBe(303);
    expect((await user.get('/agreements')).text).toContain('not yet recorded');
  });

  test('everybody of the client reads that it is not yet recorded, from memory, each time', async () => {
    const world = makeWorld();
    const user = browser(world, 'claire');
    await user.csrf();
    world.memory.failing = 'writes';
    await user.post('/agreements/g1/revoke');
    const marc = browser(world, 'marc');
    const pages = [
      await user.get('/agreements'),
      await user.get('/agreements'),
      await marc.get('/agreements'),
      await marc.get('/agreements/g1'),
    ];
    for (const { text } of pages) {
      expect(text).toContain('Stopped here, not yet recorded.');
      expect(text).toContain('Withdrawn');
    }
  });

  test('unknown agreements and unknown changes do not exist', async () => {
    const user = browser(makeWorld(), 'claire');
    expect((await user.post('/agreements/none/revoke')).status).toBe(404);
    expect((await user.post('/agreements/g1/erase')).status).toBe(404);
    expect((await user.get('/agreements/g1/erase')).status).toBe(404);
    expect((await user.get('/agreements/none')).status).toBe(404);
  });

  test('every user of the client reads the full text; only a representative is offered a change', async () => {
    const world = makeWorld();
    const marc = await browser(world, 'marc').get('/agreements');
    expect(marc.text).toContain('href="/agreements/g1"');
    expect(marc.text).not.toMatch(/revoke|agreements\/new/);
  });
});

test('an agreement whose signer was removed stays, and says so', async () => {
  const world = makeWorld();
  const { seats } = world.memory.room('acme');
  seats.splice(
    seats.findIndex((one) => one.controller === 'claire'),
    1,
  );
  const { text } = await browser(world, 'marc').get('/agreements');
  expect(text).toContain('In force');
  expect(text).toContain('somebody who no longer acts for you');
});

describe('enrolment', () => {
  test('a name alone offers no passkey, and makes none', async () => {
    const world = makeWorld();
    world.memory.room('acme').seats.splice(0);
    const user = browser(world, 'claire');
    const page = await user.get('/seat');
    expect(page.text).toContain('Open the personal link');
    expect(page.text).not.toContain('data-passkey');
    expect((await user.json('/seat/options', {})).status).toBe(403);
    expect((await user.json('/seat', { credential: 'good' })).status).toBe(403);
    expect(world.memory.room('acme').seats).toEqual([]);
  });

  test('somebody enrolled adds a passkey on the strength of the seat they have', async () => {
    const world = makeWorld();
    const user = browser(world, 'marc');
    expect((await user.get('/seat')).text).not.toContain('name="code"');
    await user.json('/seat', { credential: 'good' });
    const command = world.memory.commands.find(({ do: what }) => what === 'seat');
    expect(command).toMatchObject({
      authorisedBy: { seat: 'seat-marc' },
      seat: { role: 'reader', client: 'acme' },
    });
  });
});

describe('verification', () => {
  test('shows key and state, and the command with that very key', async () => {
    const { text } = await browser(makeWorld(), 'marc').get('/verify');
    expect(text).toContain('log/acme+key');
    expect(text).toContain('— log/acme sig');
    const command = text.replaceAll('\\\n  ', '');
    expect(command).toContain(
      "ledger verify access-log-acme-2026-10-05.zip --key 'log/acme+key' --since state.txt",
    );
  });

  test('each export is a line of its own; without that line there is none', async () => {
    const world = makeWorld();
    const user = browser(world, 'claire');
    await user.csrf();
    const first = await user.get('/export');
    expect(first.status).toBe(200);
    expect(first.headers['content-type']).toBe('application/zip');
    expect(first.headers['content-disposition']).toBe(
      'attachment; filename="access-log-acme-2026-10-05.zip"',
    );
    await user.get('/export');
    const reads = () => world.memory.room('acme').lines.filter((line) => line.leaf.view === 'export');
    expect(reads()).toHaveLength(2);
    world.memory.failing = 'writes';
    expect((await user.get('/export')).status).toBe(503);
  });
});

describe('a budget', () => {
  const limited: Form = { ...good, budgetPer: 'week', budgetOpenings: '5', budgetMegabytes: '200' };

  test('is part of what is read, signed and kept, and said in plain words first', async () => {
    const world = makeWorld();
    const { user, review, textHash } = await drafted(world, limited);
    expect(review.text).toContain('at most 5\u00a0accesses, 200\u00a0MB each week; beyond that nothing');
    expect(review.text).toContain(
      'In each week, from Monday on (Europe/Paris): at most 5 accesses, at most 200 MB moved',
    );
    await user.post('/agreements/sign', { textHash, evaluation: '1' });
    const [command] = given(world);
    expect(command?.grant.budget).toEqual({ per: 'week', zone: 'Europe/Paris', openings: 5, bytes: 200e6 });
    expect(JSON.parse(command?.text ?? '').budget).toBe(
      'per=week zone=Europe/Paris openings=5 bytes=200000000',
    );
    expect((await drafted(world, limited, 'claire', 'fr')).review.text).toContain('5 accès au plus');
  });

  test('shows what is left on the agreement, in the period that runs', async () => {
    const world = makeWorld();
    const { user, textHash } = await drafted(world, limited);
    await user.post('/agreements/sign', { textHash, evaluation: '1' });
    const grant = given(world)[0]?.grant.id ?? '';
    expect((await user.get(`/agreements/${grant}`)).text).toContain(
      '5\u00a0of 5\u00a0accesses, 200\u00a0MB of 200\u00a0MB',
    );
    const period = Date.UTC(2026, 9, 4, 22);
    world.memory
      .room('acme')
      .budgets.push(
        { grant, period, spent: { ...nothingSpent, openings: 2, minutes: 90, bytes: 250e6 } },
        { grant, period: period - 7 * dayMs, spent: { ...nothingSpent, openings: 5, minutes: 9, bytes: 1 } },
      );
    const { text } = await user.get('/agreements');
    expect(text).toContain('Left this week');
    expect(text).toContain('3\u00a0of 5\u00a0accesses, 0\u00a0B of 200\u00a0MB');
  });

  test('of copies is read, signed and shown like the others; how long they are kept needs no period', async () => {
    const world = makeWorld();
    const copies = { ...good, operations: ['read', 'copy'], budgetKeepDays: '7' };
    const { user, review, textHash } = await drafted(world, {
      ...copies,
      ...{ budgetPer: 'month', budgetCopies: '3', budgetCopiedMegabytes: '500' },
    });
    expect(review.text).toContain('at most 3 copies taken, at most 500 MB leaving in copies');
    expect(review.text).toContain('is destroyed or returned within 7 days');
    expect(review.text).toContain('at most 3\u00a0copies taken, 500\u00a0MB in copies each month');
    expect(review.text).toContain('must be gone 7\u00a0days after it was taken');
    await user.post('/agreements/sign', { textHash, evaluation: '1' });
    const grant = given(world)[0]?.grant;
    expect(grant?.budget).toEqual({
      ...{ per: 'month', zone: 'Europe/Paris', copies: 3, copied: 500e6, keep: 7 },
    });
    const shown = (await user.get(`/agreements/${grant?.id}`)).text;
    expect(shown).toContain('3\u00a0of 3\u00a0copies, 500\u00a0MB of 500\u00a0MB in copies');
    expect(shown).toContain('7\u00a0days at the longest');
    const french = (await drafted(world, copies as unknown as Form, 'claire', 'fr')).review.text;
    expect(french).toContain('est détruite ou restituée dans les 7 jours');
    expect(french).not.toContain('au plus sortant');
  });

  test.each([
    ['numbers without a period', { budgetOpenings: '5' }],
    ['a period without numbers', { budgetPer: 'day' }],
    ['no number', { budgetPer: 'day', budgetMinutes: 'many' }],
    ['nothing at all', { budgetPer: 'day', budgetMinutes: '0' }],
    ['an unknown period', { budgetPer: 'year', budgetMinutes: '5' }],
    ['copies without a period', { budgetCopies: '5', budgetKeepDays: '3' }],
    ['copies kept for ever', { budgetKeepDays: '3651' }],
    ['copies kept for no time', { budgetKeepDays: '0' }],
  ])('is refused: %s', async (_name, change) => {
    const answer = await browser(makeWorld(), 'claire').post('/agreements/new', {
      ...good,
      ...change,
    } as Form);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Choose a period and give whole numbers');
  });
});

describe('an agreement that is used once', () => {
  test('says so in its text, and shows whether its clock has started', async () => {
    const world = makeWorld();
    const { user, review, textHash } = await drafted(world, {
      ...good,
      until: '2026-10-06',
      onceMinutes: '30',
    });
    expect(review.text).toContain('It is used once: 30\u00a0minutes from the first access on');
    expect(review.text).toContain('holds once, for 30 minutes that begin with the first access');
    await user.post('/agreements/sign', { textHash, evaluation: '1' });
    const [command] = given(world);
    const startBy = Date.UTC(2026, 9, 6, 22);
    expect(command?.grant).toMatchObject({
      kind: 'one-off',
      firstUse: { minutes: 30, startBy },
      until: startBy + 30 * 60_000,
    });
    expect((await user.get('/agreements')).text).toContain('to be begun until 6 October 2026\u00a0inclusive');
    const id = command?.grant.id ?? '';
    const room = world.memory.room('acme');
    const grant = room.grants.get(id);
    if (grant !== undefined) room.grants.set(id, { ...grant, startedAt: start, until: start + 30 * 60_000 });
    expect((await user.get('/agreements')).text).toContain('Began with the first access on 05 Oct 2026');
  });

  test.each(['0', '1441', 'x', '-5', '1.5'])('for %s minutes is refused', async (onceMinutes) => {
    const answer = await browser(makeWorld(), 'claire').post('/agreements/new', { ...good, onceMinutes });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Give a whole number of minutes, from');
  });
});
