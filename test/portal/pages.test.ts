/** What holds on every page: headers, languages, escaping, errors without a stack, words that clients never meet. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Request } from 'express';
import request from 'supertest';
import type { Text } from '../../src/core/model.ts';
import { countries, date, duration, hour, instant, lastDay, size } from '../../src/portal/formats.ts';
import { sayIn } from '../../src/portal/language.ts';
import { createNoticeRenderer } from '../../src/portal/notice.tsx';
import * as common from '../../src/portal/texts/everywhere.ts';
import { texts } from '../../src/portal/texts.ts';
import { browser } from './browser.ts';
import { makeWorld, wish } from './world.ts';
import { start } from './world-rules.ts';

const clientPages = [
  '/activity',
  '/agreements',
  '/agreements/new',
  '/agreements/g1',
  '/agreements/g1/revoke',
  '/credentials',
  '/verify',
  '/seat',
];
const technicianPages = [
  '/',
  '/?q=acme',
  '/enter?systems=acme%2Ferp',
  '/record',
  `/declare?${new URLSearchParams(wish)}`,
];

describe('headers', () => {
  test('of a page', async () => {
    const { headers } = await browser(makeWorld(), 'alice').get('/');
    const kept = Object.entries(headers).filter(
      ([name]) => !['date', 'content-length', 'x-request-id', 'set-cookie', 'connection'].includes(name),
    );
    expect(Object.fromEntries(kept)).toMatchSnapshot();
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['x-request-id']).toMatch(/^[A-Za-z0-9_-]{16}$/);
  });

  test('assets are found by their hash and kept; nothing else is served from disk', async () => {
    const world = makeWorld();
    const page = await browser(world, 'alice').get('/');
    const paths = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(paths.length).toBeGreaterThanOrEqual(3);
    for (const path of paths) {
      const asset = await request(world.app).get(path);
      expect(asset.status).toBe(200);
      expect(asset.headers['cache-control']).toContain('immutable');
      expect(asset.headers['x-content-type-options']).toBe('nosniff');
    }
    for (const path of [
      '/assets/portal.css',
      '/assets/../portal.ts',
      '/assets/%2e%2e/portal.ts',
      '/favicon.ico',
    ]) {
      expect((await request(world.app).get(path)).status).toBe(404);
    }
  });

  test('no page has a script or style of its own, or loads from elsewhere', async () => {
    const world = makeWorld();
    for (const [who, paths] of [
      ['claire', clientPages],
      ['alice', technicianPages],
    ] as const) {
      for (const path of paths) {
        const { text, status } = await browser(world, who).get(path);
        expect([path, status]).toEqual([path, 200]);
        expect(text).not.toMatch(/<style|style=|\son[a-z]+=|<script(?![^>]* src="\/assets\/)|javascript:/);
        expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\/(?!erp\.acme|backup\.acme|payroll\.martin)/);
      }
    }
  });

  test('every page of a client says whom to ask, who protects the data, where, and when the rules changed', async () => {
    const world = makeWorld();
    for (const path of clientPages) {
      const { text } = await browser(world, 'claire', 'en').get(path);
      const foot = text.slice(text.indexOf('<footer'));
      for (const said of [
        'mailto:contact@example.org',
        'mailto:dpo@example.org',
        '1 rue de la Paix',
        '<dt>Rules last changed</dt>',
      ])
        expect([path, foot.includes(said)]).toEqual([path, true]);
    }
  });

  test('public keys are served without signing in', async () => {
    const { body, status } = await request(makeWorld().app).get('/.well-known/jwks.json');
    expect([status, body]).toEqual([200, { keys: [] }]);
    const { jwks: _, ...without } = makeWorld().deps;
    expect(without).not.toHaveProperty('jwks');
  });
});

describe('languages', () => {
  test.each([
    ['fr-FR,fr;q=0.9,en;q=0.8', 'fr'],
    ['en-US,en;q=0.9', 'en'],
    ['de', 'fr'],
    ['', 'fr'],
  ])('accept-language %p gives %s', async (asked, given) => {
    const { text } = await browser(makeWorld(), 'alice', asked).get('/');
    expect(text).toContain(`<html lang="${given}">`);
  });

  test('an explicit choice is kept, in a cookie that holds nothing else', async () => {
    const world = makeWorld();
    const chosen = await browser(world, 'alice', 'fr').get('/?lang=en');
    expect(chosen.text).toContain('<html lang="en">');
    const [cookie = ''] = [chosen.headers['set-cookie'] ?? []]
      .flat()
      .filter((one: string) => one.includes('lang'));
    expect(cookie).toMatch(
      /^__Host-consentry-lang=en; Max-Age=\d+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/,
    );
    const next = await request(world.app)
      .get('/')
      .set({ 'x-test-user': 'alice', cookie: '__Host-consentry-lang=en', 'accept-language': 'fr' });
    expect(next.text).toContain('<html lang="en">');
    expect((await browser(world, 'alice', 'en').get('/?lang=xx')).text).toContain('<html lang="en">');
  });

  test('the switch keeps the address', async () => {
    const { text } = await browser(makeWorld(), 'alice').get(`/declare?${new URLSearchParams(wish)}`);
    expect(text).toContain(`href="/declare?system=acme%2Ferp&amp;f=${wish.f}&amp;n=${wish.n}`);
    expect(text).toMatch(/lang=fr" lang="fr"/);
  });

  test.each([
    ...clientPages.map((path) => ['claire', path]),
    ...technicianPages.map((path) => ['alice', path]),
  ])('%s %s says nothing in the other language', async (who = '', path = '') => {
    const world = makeWorld();
    const [english, french] = await Promise.all([
      browser(world, who, 'en').get(path),
      browser(world, who, 'fr').get(path),
    ]);
    const heading = (html: string) => /<h1>([^<]*)</.exec(html)?.[1];
    expect(heading(english.text)).not.toBe(heading(french.text));
    expect(french.text).toContain('<html lang="fr">');
    expect(french.text).not.toMatch(/>(Sign out|Back|Cancel|Withdraw|Systems|Purposes)</);
  });
});

function* allTexts(of: unknown, path = ''): Generator<readonly [string, Text]> {
  if (typeof of === 'function') {
    const said = { en: 'X', fr: 'X' };
    const filled = of('X', 'Y', 'Z', 'X', 'Y', 'Z') as unknown;
    const other = of(said, 1, '2', said, said, said) as unknown;
    yield* allTexts(
      typeof filled === 'object' && JSON.stringify(filled).includes('undefined') ? other : filled,
      path,
    );
    return;
  }
  if (typeof of !== 'object' || of === null) return;
  if ('en' in of && 'fr' in of) {
    yield [path, of as Text];
    return;
  }
  for (const [name, value] of Object.entries(of)) yield* allTexts(value, `${path}.${name}`);
}

describe('texts', () => {
  const all = [...allTexts(texts), ...allTexts(common)];

  test('all exist in both languages and are not each other', () => {
    expect(all.length).toBeGreaterThan(200);
    const same = [
      'product',
      'none',
      'code',
      'note',
      'test',
      'production',
      'client',
      'purpose',
      'other',
      'robot',
    ];
    for (const [path, text] of all) {
      expect([path, text.en.trim() === '' || text.fr.trim() === '']).toEqual([path, false]);
      const last = path.split('.').at(-1) ?? '';
      if (text.en === text.fr)
        expect([path, same.some((name) => last.toLowerCase().includes(name))]).toEqual([path, true]);
    }
  });

  test('never say what people should not have to know, nor "subcontractor"', () => {
    for (const [path, { en, fr }] of all) {
      expect([path, `${en} ${fr}`]).toEqual([
        path,
        expect.not.stringMatching(
          /ledger|merkle|checkpoint|\bintent\b|snapshot|epoch|OIDC|subcontractor|grand livre/i,
        ),
      ]);
    }
  });

  test('French has its own typography: apostrophes, and narrow spaces before double punctuation', () => {
    for (const [path, { fr }] of all)
      expect([path, fr]).toEqual([path, expect.not.stringMatching(/'|[a-zà-ü][;:!?»]/)]);
    expect(sayIn('fr')({ en: '', fr: '3 650 jours au plus' })).toBe('3\u202f650\u00a0jours au plus');
    expect(sayIn('fr')({ en: '', fr: 'Retirer cet accord ? « Oui »' })).toBe(
      'Retirer cet accord\u202f? «\u202fOui\u202f»',
    );
  });

  test('client pages as rendered say none of those words, the command apart', async () => {
    const world = makeWorld();
    for (const path of clientPages) {
      const { text } = await browser(world, 'claire').get(path);
      const visible = text
        .replace(/<pre>[^<]*<\/pre>|<pre id[^>]*>[^<]*<\/pre>/g, '')
        .replace(/<[^>]+>/g, ' ');
      expect([path, visible]).toEqual([
        path,
        expect.not.stringMatching(/ledger|merkle|checkpoint|\bintent\b|snapshot|epoch|OIDC|subcontractor/i),
      ]);
    }
  });
});

describe('errors', () => {
  test('a page for people, problem+json for programs, both with code and request id', async () => {
    const world = makeWorld();
    const page = await browser(world, 'alice').get('/nowhere');
    expect(page.status).toBe(404);
    expect(page.text).toContain('not_found');
    expect(page.text).toContain(page.headers['x-request-id']);
    const json = await request(world.app).get('/nowhere').set('accept', 'application/json');
    expect(json.headers['content-type']).toContain('application/problem+json');
    expect(json.body).toEqual({
      type: 'about:blank',
      status: 404,
      title: expect.any(String),
      detail: expect.any(String),
      code: 'not_found',
      request_id: json.headers['x-request-id'],
    });
  });

  test('our own failures show no message and no stack, and wake somebody', async () => {
    const world = makeWorld();
    const archive = {
      ...world.memory.archive,
      openingsOf: () => Promise.reject(new TypeError('canary secret')),
    };
    const broken = makeWorld({ archive });
    const answer = await browser(broken, 'alice').get('/record');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/canary|TypeError|at .*\.tsx?/);
    expect(broken.logged.map(({ level, event }) => [level, event])).toEqual([['error', 'portal_fault']]);
  });

  test.each([
    ['too large', { reference: 'x'.repeat(40_000) }, 413],
    ['too many fields', Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`f${n}`, '1'])), 413],
  ])('a form that is %s is the sender’s fault', async (_name, form, status) => {
    const answer = await browser(makeWorld(), 'alice').post('/declare', form);
    expect(answer.status).toBe(status);
  });

  test('a body that is not JSON is the sender’s fault', async () => {
    const world = makeWorld();
    const user = browser(world, 'claire');
    const token = await user.csrf();
    const answer = await user.agent
      .post('/seat')
      .set({
        'x-test-user': 'claire',
        'x-csrf-token': token,
        'content-type': 'application/json',
        accept: 'application/json',
      })
      .send('{"code":');
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('bad_request');
  });
});

describe('the technician’s own pages', () => {
  test('companion and record show what is one’s own; closing ends it', async () => {
    const world = makeWorld();
    const alice = browser(world, 'alice');
    await alice.post('/declare', {
      ...wish,
      systems: 'erp',
      purpose: 'hotline',
      reference: 'T-<9>',
      note: '',
      minutes: '30',
    });
    const [id = ''] = [...world.memory.room('acme').openings.keys()];
    const home = await alice.get('/');
    expect(home.text).toContain(`/openings/${id}`);
    expect(home.text).toContain('href="https://erp.acme.example"');
    expect(home.text).toContain('href="/enter?systems=acme%2Fbackup"');
    const page = await alice.get(`/openings/${id}`);
    expect(page.text).toContain('30\u00a0min left');
    expect(page.text).toContain('T-&lt;9>');
    const closed = await alice.post(`/openings/${id}/close`);
    expect(closed.headers.location).toBe(`/openings/${id}`);
    expect(world.memory.ends).toEqual([
      { what: { client: 'acme', opening: id }, cause: 'technician', by: undefined },
    ]);
    const after = await alice.get(`/openings/${id}`);
    expect(after.text).toContain('The access is closed.');
    expect(after.text).toContain('closed by the technician');
    expect((await alice.get('/record')).text).toContain('T-&lt;9>');
    expect((await browser(world, 'bruno').get('/record')).text).not.toContain('T-&lt;9>');
  });

  test('when it cannot be seen what is open the page still opens', async () => {
    const world = makeWorld();
    world.memory.failing = 'all';
    const { status, text } = await browser(world, 'alice').get('/');
    expect(status).toBe(200);
    expect(text).toContain('cannot be seen right now');
  });
});

describe('pages of other rooms', () => {
  test('are shown in the same frame, in one language, with everything escaped', () => {
    const { snapshot } = makeWorld();
    const render = createNoticeRenderer({
      evaluation: true,
      rulesChangedAt: () => Date.UTC(2026, 10, 20),
      policies: { current: () => snapshot },
    });
    const notice = {
      code: 'unknown_account',
      status: 403,
      title: { en: 'Unknown <b>', fr: 'Inconnu <b>' },
      lines: [{ en: 'Line', fr: 'Ligne : une' }],
      links: [{ href: '/', label: { en: 'Again', fr: 'Encore' } }],
      paste: '"><script>',
    };
    const html = render(notice, 'fr', { method: 'GET', originalUrl: '/callback/x?code=1' } as Request);
    expect(html).toContain('<html lang="fr">');
    expect(html).toContain('Inconnu &lt;b>');
    expect(html).toContain('Ligne\u202f: une');
    expect(html).toContain('&quot;>&lt;script>');
    expect(html).toMatch(/\/assets\/portal\.[\w-]{16}\.css/);
    expect(html).not.toMatch(/Line|Again|<script>|name="csrf"/);
  });
});

describe('formats', () => {
  test('the repeated hour of October is told apart by its offset', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    expect(instant(first, 'Europe/Paris', 'en')).toBe('25 Oct 2026, 02:30:00 +02:00');
    expect(instant(first + 3_600_000, 'Europe/Paris', 'en')).toBe('25 Oct 2026, 02:30:00 +01:00');
    expect(instant(first, 'Europe/Paris', 'fr')).toMatch(/^25 oct\. 2026,? .*02:30:00 \+02:00$/);
    expect(hour(start, 'Asia/Kolkata', 'en')).toBe('13:30 +05:30');
    expect(hour(start, 'UTC', 'en')).toBe('08:00 +00:00');
  });

  test('the first of a month is an ordinal in French alone', () => {
    const first = Date.UTC(2026, 11, 1);
    expect(date(first, 'UTC', 'fr')).toBe('1er décembre 2026');
    expect(date(first, 'UTC', 'en')).toBe('1 December 2026');
    expect(lastDay(first + 86_400_000, 'UTC', 'fr')).toBe('1er décembre 2026 inclus');
    expect(date(first + 10 * 86_400_000, 'UTC', 'fr')).toBe('11 décembre 2026');
  });

  test('countries are named, in the order of the language', () => {
    expect(countries(['DE', 'ES', 'AT'], 'en')).toBe('Austria, Germany, Spain');
    expect(countries(['DE', 'ES', 'AT'], 'fr')).toBe('Allemagne, Autriche, Espagne');
  });

  test('durations and sizes', () => {
    expect([0, 999, 61_000, 3_600_000, 90_061_000, -5].map((ms) => duration(ms, 'en'))).toEqual(
      ['0 s', '0 s', '1 min 1 s', '1 h', '1 d 1 h', '0 s'].map((text) => text.replace(/(\d) /g, '$1\u00a0')),
    );
    expect([0, 999, 1000, 12_345_678, 1e15].map((bytes) => size(bytes, 'fr'))).toEqual(
      ['0 o', '999 o', '1,0 ko', '12,3 Mo', '1\u202f000 To'].map((text) =>
        text.replace(/ (?=[a-zA-Z])/, '\u00a0'),
      ),
    );
  });
});

test('the portal imports no other outer room', () => {
  const folder = new URL('../../src/portal/', import.meta.url);
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name)) continue;
    const source = readFileSync(new URL(name, folder), 'utf8');
    const outside = [...source.matchAll(/from '([^']+)'/g)]
      .map((match) => match[1] ?? '')
      .filter((from) => from.startsWith('..'));
    for (const from of outside)
      expect([name, from]).toEqual([name, expect.not.stringMatching(/(gateway|identity|stores|cli|demo)\//)]);
  }
});

test('the style sheet closes what it opens, rule by rule', () => {
  const sheet = readFileSync(new URL('../../src/portal/assets/portal.css', import.meta.url), 'utf8');
  let depth = 0;
  const faults = sheet
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .split('\n')
    .flatMap((line, at) => {
      const nested = /^\S.*\{$/.test(line) && depth > 0 ? [at + 1] : [];
      depth += line.split('{').length - line.split('}').length;
      return nested;
    });
  expect([faults, depth]).toEqual([[], 0]);
});
