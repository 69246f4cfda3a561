/** The end of a contract on pages: the client decides and signs, both sides read what is open, the contact notifies and certifies. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Copy } from '../../src/core/copies.ts';
import type { RegisteredCredential } from '../../src/core/credential.ts';
import { readEnding } from '../../src/core/ending.ts';
import { makeCertificate, printCertificate } from '../../src/core/ending-certificate.ts';
import { textHash } from '../../src/core/leaf.ts';
import { insidePdf } from '../support/inside-pdf.ts';
import { browser } from './browser.ts';
import { hidden, makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const day = 24 * 3_600_000;
let world: World;

beforeEach(() => {
  world = makeWorld();
});

const good = { lastDay: '2026-12-31', choice: 'return', by: '2027-01-31', note: 'To our <b>vault</b>.' };

async function decide(form: Record<string, string> = good) {
  const claire = browser(world, 'claire');
  const drafted = await claire.post('/ending/new', form);
  expect([drafted.status, drafted.headers.location]).toEqual([303, '/ending/review']);
  const review = await claire.get('/ending/review');
  const textHash = hidden(review.text, 'textHash');
  return { review, textHash, signed: await claire.post('/ending/sign', { textHash, evaluation: '1' }) };
}

const statements = () => world.memory.endings.book('acme').statements;

function copy(changes: Partial<Copy> = {}): void {
  world.memory.copies.push({
    ...{ id: 'c1', client: 'acme', opening: 'o1', person: 'alice', reference: 'T-77', system: 'erp' },
    ...{ purpose: 'backup', registeredAt: start - day, destroyBy: start + 29 * day, graceDays: 7 },
    ...{
      answerBy: start + day,
      path: '/export/*',
      head: { status: 200, type: 'application/zip' },
      bytes: 12,
    },
    ...{ outcome: 'complete', digest: undefined, gone: undefined },
    kept: { at: start, place: 'Vault 2, Lyon', custodian: 'Backup team' },
    ...changes,
  });
}

const notice = { what: 'data', from: '2026-10-27', text: 'Under clause 9 of the contract.' };
const certificate = {
  ...{ 'hosted-erp': 'returned', 'hosted-backup': 'client', until: '2031-10-05' },
  why: 'Proof of what was done.',
};
const certify = (form: Record<string, string> = certificate) =>
  browser(world, 'carla').post('/provider/endings/acme/certificate', form);

describe('the client', () => {
  test('gives notice and chooses, signed; everybody of the client reads it', async () => {
    const { review, signed } = await decide();
    expect(review.text).toContain('We end the contract: its last day is 31 December 2026');
    expect(signed.headers.location).toBe('/ending');
    expect(statements()).toMatchObject([{ said: { version: 1, choice: 'return', lastDay: '2026-12-31' } }]);
    for (const who of ['claire', 'marc', 'dana']) {
      const { text } = await browser(world, who).get('/ending');
      expect(text).toContain('The last day of the contract is 31 December 2026');
      expect(text).toContain('Return to us, by 31 January 2027');
      expect(text).toContain('In our own words: To our &lt;b>vault');
      expect(text.includes('href="/ending/new"')).toBe(who === 'claire');
    }
    expect((await browser(world, 'claire', 'fr').get('/ending')).text).toMatch(
      /Le dernier jour du contrat est le 31.décembre.2026/,
    );
    // What was signed is shown as it was signed, and in the other language in our words.
    const [signedText] = statements();
    if (signedText === undefined) throw new Error('nothing signed');
    const older = signedText.text.replace('We end the contract: its', 'We give notice: the');
    world.memory.endings.reword('acme', older);
    expect((await browser(world, 'marc').get('/ending')).text).toContain('We give notice: the last day is');
    expect((await browser(world, 'marc', 'fr').get('/ending')).text).toContain('Nous mettons fin au contrat');
    // The next one is written over what is in force.
    expect((await browser(world, 'claire').get('/ending/new')).text).toContain('value="2026-12-31"');
    await decide({ ...good, lastDay: '', choice: 'later' });
    expect(statements().map(({ said }) => said.version)).toEqual([2, 1]);
  });

  test('gets 30 days after the end where it names no day', async () => {
    await decide({ ...good, by: '' });
    expect(readEnding(statements()[0]?.text ?? '')).toMatchObject({ by: '2027-01-30' });
  });

  const bad: readonly (readonly [string, Record<string, string>])[] = [
    ['a last day that has gone by', { lastDay: '2026-10-04' }],
    ['a day that does not exist', { lastDay: '2026-02-30' }],
    ['no choice', { choice: '' }],
    ['an unknown choice', { choice: 'sell' }],
    ['a day of the past by which it is to be done', { by: '2026-10-04' }],
    ['a note over two lines', { note: 'a\nb' }],
    ['a note that is too long', { note: 'x'.repeat(301) }],
    ['nothing at all', { lastDay: '', choice: 'later', by: '', note: '' }],
  ];
  test.each(bad)('%s is refused', async (_name, wrong) => {
    const answer = await browser(world, 'claire').post('/ending/new', { ...good, ...wrong });
    expect(answer.status).toBe(422);
    expect(statements()).toEqual([]);
  });

  test('signs the text that was read, and while it follows what is in force', async () => {
    const claire = browser(world, 'claire');
    await claire.post('/ending/new', good);
    const textHash = hidden((await claire.get('/ending/review')).text, 'textHash');
    const sign = (body: Record<string, string>) => claire.post('/ending/sign', body);
    expect((await sign({ textHash: 'sha256:x', evaluation: '1' })).status).toBe(409);
    expect((await sign({ textHash })).status).toBe(422);
    await decide({ ...good, note: 'Another.' });
    expect((await sign({ textHash, evaluation: '1' })).status).toBe(409);
    expect(statements()).toHaveLength(1);
  });

  test('reads what is open: copies with place and day, accounts, programs', async () => {
    world.memory.endings.begin('acme', start - day);
    copy();
    world.memory.room('acme').credentials.push({ id: 'k1', returnedAt: undefined } as RegisteredCredential);
    const { text } = await browser(world, 'marc').get('/ending');
    expect(text).toContain('The contract has been over since');
    for (const said of [
      'One copy is still there',
      'Vault 2, Lyon',
      'One account handed over was not returned',
    ])
      expect(text).toContain(said);
    expect(text).toContain('It is issued by the provider when nothing is outstanding');
  });

  test('reads that it is late, and what was done otherwise than chosen', async () => {
    await decide({ ...good, lastDay: '', by: '2026-10-06' });
    world.memory.endings.begin('acme', start);
    copy();
    copy({ id: 'c2', gone: { at: start + 1, how: 'destroyed', done: start, by: 'taker', text: 'Wiped.' } });
    world.memory.now = start + 3 * day;
    const { text } = await browser(world, 'claire').get('/ending');
    expect(text).toContain('It was to be done by 6 October 2026');
    expect(text).toContain('One copy was destroyed although return was chosen');
  });

  test('takes the certificate away, as it is in the log and as PDF', async () => {
    world.memory.endings.begin('acme', start);
    expect((await certify()).status).toBe(303);
    const marc = browser(world, 'marc');
    const { text } = await marc.get('/ending');
    expect(text).toContain('Issued on');
    expect(text).toContain('returned to the client');
    const known = world.memory.endings.book('acme').endings[0]?.certificate;
    expect((await marc.get('/ending/certificate')).text).toBe(known?.text);
    expect(text).toContain(known?.textHash ?? 'none');
    const pdf = await marc.get('/ending/certificate/pdf');
    expect(pdf.headers['content-type']).toContain('application/pdf');
    expect(pdf.headers['content-disposition']).toContain('end-of-contract-acme.pdf');
    const views = world.memory.room('acme').lines.map(({ leaf }) => leaf.view);
    expect(views.filter((view) => view === 'certificate')).toHaveLength(2);
  });
});

const iso = (at: number) => new Date(at).toISOString();

/** A certificate over so many copies; the first one did not leave whole. */
function certified(count: number): void {
  const copies = Array.from({ length: count }, (_, n) => ({
    ...{ id: `c${n}`, access: 'o1', system: 'erp', purpose: 'backup', taken: iso(start - day), bytes: 12 },
    ...{ digest: n === 0 ? '' : 'sha256:abcdefgh', how: 'destroyed' as const, done: iso(start) },
    ...{ said: iso(start), by: 'taker' as const, text: 'Wiped and checked.' },
  }));
  const text = printCertificate(
    makeCertificate({
      ...{
        client: 'acme',
        client_name: 'Acme',
        provider: 'Provider SAS',
        made: iso(start),
        attested_by: 'Carla',
      },
      ...{ contract_over: { since: iso(start), cause: 'status' }, statement: '', choice: '', copies },
      ...{ credentials: [], systems: [{ system: 'erp', how: 'returned' }], kept: [] },
    }),
  );
  const certificate = { at: start, text, textHash: textHash(text) };
  world.memory.endings.begin('acme', start, { certificate });
}

describe('the certificate as PDF', () => {
  const drawn = async (language: 'en' | 'fr') => {
    const answer = await browser(world, 'claire', language)
      .get('/ending/certificate/pdf')
      .buffer()
      .parse((res, done) => {
        const parts: Buffer[] = [];
        res.on('data', (part: Buffer) => void parts.push(part));
        res.on('end', () => done(null, Buffer.concat(parts)));
      });
    return insidePdf(answer.body as Buffer);
  };
  const times = (text: string, part: string) => text.split(part).length - 1;

  test('of one page has no number, and says of a copy that did not leave whole that it has no digest', async () => {
    certified(2);
    const text = await drawn('en');
    // Cells are narrow: what they say is drawn line by line.
    expect(text).toContain('checked.');
    expect(times(text, 'sha256:abcdefgh')).toBe(1);
    expect(text.split('\n')).toContain('–');
    expect(text).not.toContain('1 / ');
  });

  test('of several pages says on each what the columns are, and which page it is', async () => {
    certified(60);
    for (const [language, column] of [
      ['en', 'Said by'],
      ['fr', 'Déclaré par'],
    ] as const) {
      const text = await drawn(language);
      const pages = times(text, column);
      expect(pages).toBeGreaterThan(1);
      for (let page = 1; page <= pages; page += 1) expect(text).toContain(`${page} / ${pages}`);
    }
  });
});

describe('the provider', () => {
  test('reads which contracts are over or near, those with something open first', async () => {
    expect((await browser(world, 'david').get('/provider/endings')).text).toContain('No contract is over');
    world.memory.endings.begin('martin', start);
    world.memory.endings.begin('acme', start);
    copy();
    const { text } = await browser(world, 'david').get('/provider/endings');
    expect(text.indexOf('Acme')).toBeLessThan(text.indexOf('Martin'));
    const look = await browser(world, 'david').get('/provider/endings/acme');
    expect(look.text).toContain('One copy is still there');
    expect(look.text).not.toContain('Give notice of erasure');
    expect(world.memory.room('acme').lines.at(-1)?.leaf).toMatchObject({ t: 'log.read', view: 'ending' });
    expect((await browser(world, 'david').get('/provider/endings/none')).status).toBe(404);
  });

  test('gives notice of erasure 21 calendar days ahead, which the client reads', async () => {
    world.memory.endings.begin('acme', start);
    const carla = browser(world, 'carla');
    const page = await carla.get('/provider/endings/acme');
    expect(page.text).toContain('value="2026-10-27"');
    const give = (more: Record<string, string>) =>
      carla.post('/provider/endings/acme/notice', { ...notice, ...more });
    const wrong: Record<string, string>[] = [
      { from: '2026-10-26' },
      { from: 'soon' },
      { what: 'all' },
      { text: '...' },
      { text: 'x'.repeat(501) },
    ];
    for (const one of wrong) expect((await give(one)).status).toBe(422);
    expect((await give({})).headers.location).toBe('/provider/endings/acme');
    const { text } = await browser(world, 'marc').get('/ending');
    expect(text).toContain('27 October 2026');
    expect(text).toContain('Under clause 9 of the contract.');
  });

  test('certifies once, when nothing is open, and says of each system what became of its data', async () => {
    expect((await certify()).status).toBe(409);
    world.memory.endings.begin('acme', start);
    copy();
    expect((await browser(world, 'carla').get('/provider/endings/acme')).text).not.toContain('Issue it');
    expect((await certify()).status).toBe(409);
    world.memory.copies.length = 0;
    const wrong: Record<string, string>[] = [
      { 'hosted-erp': '' },
      { 'hosted-erp': 'sold' },
      { until: '2026-10-04' },
      { why: '-' },
      // Its notice has not run.
      { 'hosted-erp': 'deleted' },
    ];
    for (const one of wrong) expect((await certify({ ...certificate, ...one })).status).toBe(422);
    expect((await certify()).headers.location).toBe('/provider/endings/acme');
    expect((await certify()).status).toBe(409);
    expect((await browser(world, 'carla').get('/provider/endings/acme')).text).toContain('Issued on');
    const pdf = await browser(world, 'david').get('/provider/endings/acme/certificate/pdf');
    expect(pdf.headers['content-type']).toContain('application/pdf');
  });
});
