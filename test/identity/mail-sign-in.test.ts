/** Signing in by mail and code at the portal's door: who gets a mail, which browser may use it, and what strangers learn. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { invitationLife, invitationProof } from '../../src/core/invitation.ts';
import { type ControllerUser, mailAccount, passkeyAccount } from '../../src/core/model.ts';
import { fromBase32, toBase32, totpCode, totpStep } from '../../src/core/totp.ts';
import { type Folder, makeFolder, openLedger, standingClock } from '../stores/ledger-world.ts';
import { TestBrowser } from '../support/oidc.ts';
import { snapshot, startPortal, type TestPortal } from './portal.ts';

let folder: Folder;
let clock: ReturnType<typeof standingClock>;
let ledger: Awaited<ReturnType<typeof openLedger>>;
let portal: TestPortal;

const minute = 60_000;
const secret = toBase32(Buffer.from('12345678901234567890'));
const paul = nominee('paul', 'acme');

beforeEach(async () => {
  folder = makeFolder();
  clock = standingClock();
  ledger = await openLedger(folder, clock);
  portal = await startPortal({ ledger: ledger.ledger, archive: ledger.archive });
  portal.policy = policyOf(paul);
  await enrol(paul);
});
afterEach(async () => {
  await portal.close();
  await ledger.close();
  folder.remove();
});

function nominee(id: string, client: string, changes: Partial<ControllerUser> = {}): ControllerUser {
  const account = mailAccount(client, id);
  const known = { name: id, function: 'Accountant', role: 'representative', authority: 'DOC' } as const;
  return { id, client, ...known, mail: `${id}@acme.example`, ...account, ...changes };
}

const policyOf = (...people: readonly ControllerUser[]) =>
  snapshot(
    [],
    people.map((controller) => ({ kind: 'controller', controller })),
  );

/** What the app shows, some steps away; the ledger's clock stands. */
const shown = (away = 0) => totpCode(fromBase32(secret) ?? Buffer.alloc(0), totpStep(clock.now()) + away);

async function enrol(who: ControllerUser): Promise<void> {
  const proof = invitationProof(`link of ${who.subject}`, 'ABCD-0123');
  const expiresAt = clock.now() + invitationLife;
  await ledger.ledger.run({ do: 'invite', nominee: who, proof, expiresAt, by: undefined });
  const { id: controller, function: _, ...account } = who;
  const none = { method: 'mail-totp', credentialId: '', publicKey: '' } as const;
  const seat = { ...account, ...none, id: `seat of ${who.subject}`, controller, seatedAt: clock.now() };
  const totp = { secret, code: shown(-1) };
  const answer = await ledger.ledger.run({ do: 'seat', seat, authorisedBy: { invitation: proof }, totp });
  expect(answer).toHaveProperty('receipt');
}

const at = (path: string) => new URL(path, portal.url);

async function ask(browser: TestBrowser, address: string, wanted = '/me', from = '192.0.2.7') {
  const headers = { 'x-forwarded-for': from };
  return browser.go(at('/ask'), { method: 'POST', form: { address, return: wanted }, headers });
}

async function enter(browser: TestBrowser, mailed: string, code: string): Promise<unknown> {
  const answer = await browser.go(at('/enter'), { method: 'POST', form: { mailed, code } });
  return JSON.parse(answer.text);
}

const newest = () => portal.mailed.at(-1)?.code ?? '';
const who = async (browser: TestBrowser) =>
  (await browser.go(at('/me'), { headers: { accept: 'text/html' } })).status;

describe('whoever is named so', () => {
  test('signs in with the mail’s code and the app’s, and the sign-in says how', async () => {
    const browser = new TestBrowser();
    await ask(browser, ' Paul@ACME.example ', '/me?x=1');
    expect(portal.mailed).toEqual([
      { to: 'paul', client: 'acme', code: expect.stringMatching(/^[0-9A-Z]{12}$/) },
    ]);
    const typed = newest().toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await enter(browser, typed, shown())).toEqual({ next: '/me?x=1' });
    const { login, authentication } = JSON.parse((await browser.go(at('/me'))).text);
    expect(login).toMatchObject({ who: 'paul', issuer: 'consentry:mail', amr: ['mail', 'otp'] });
    expect(authentication.amr).toEqual(['mail', 'otp']);
  });

  test('is led nowhere but to pages of ours', async () => {
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example', 'https://evil.example/');
    expect(await enter(browser, newest(), shown())).toEqual({ next: '/' });
  });

  test('cannot use a code again, nor after ten minutes, nor in another browser, nor the one before the newest', async () => {
    const [one, other] = [new TestBrowser(), new TestBrowser()];
    await ask(one, 'paul@acme.example');
    const first = newest();
    await ask(other, 'nobody@acme.example');
    expect(await enter(other, first, shown())).toEqual({ refused: 'mail_wrong' });
    expect(await enter(new TestBrowser(), first, shown())).toEqual({ refused: 'no_attempt' });
    await ask(one, 'paul@acme.example');
    expect(await enter(one, first, shown())).toEqual({ refused: 'mail_wrong' });
    expect(await enter(one, newest(), shown())).toEqual({ next: '/me' });
    expect(await enter(one, newest(), shown(1))).toEqual({ refused: 'no_attempt' });
    await ask(other, 'paul@acme.example');
    portal.clock.ahead += 10 * minute;
    expect(await enter(other, newest(), shown(1))).toEqual({ refused: 'no_attempt' });
    expect(await who(other)).toBe(303);
  });

  test('may mistype the app’s code and go on; the same code never counts twice', async () => {
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example');
    expect(await enter(browser, newest(), '000000')).toEqual({ refused: 'code_wrong' });
    expect(await enter(browser, newest(), shown(-1))).toEqual({ refused: 'code_wrong' });
    expect(await enter(browser, newest(), shown())).toEqual({ next: '/me' });
    const again = new TestBrowser();
    await ask(again, 'paul@acme.example');
    expect(await enter(again, newest(), shown())).toEqual({ refused: 'code_wrong' });
    expect(await enter(again, newest(), shown(1))).toEqual({ next: '/me' });
  });

  test('is locked by five wrong codes of the app, whoever has the mail; strangers without it lock nobody', async () => {
    const stranger = new TestBrowser();
    for (let round = 0; round < 2; round += 1) {
      await ask(stranger, 'paul@acme.example');
      for (let wrong = 1; wrong < 5; wrong += 1)
        expect(await enter(stranger, 'AAAA-AAAA-AAAA', '000000')).toEqual({ refused: 'mail_wrong' });
      expect(await enter(stranger, 'AAAA-AAAA-AAAA', '000000')).toEqual({ refused: 'no_attempt' });
      // Too many wrong ones end the attempt, also for the right one.
      expect(await enter(stranger, newest(), shown())).toEqual({ refused: 'no_attempt' });
    }
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example');
    for (let wrong = 1; wrong < 5; wrong += 1)
      expect(await enter(browser, newest(), '000000')).toEqual({ refused: 'code_wrong' });
    expect(await enter(browser, newest(), '000000')).toEqual({ refused: 'code_locked' });
    expect(await enter(browser, newest(), shown())).toEqual({ refused: 'code_locked' });
    clock.advance(15 * minute);
    expect(await enter(browser, newest(), shown())).toEqual({ next: '/me' });
  });

  test('gets a mail although a stranger elsewhere asked for many', async () => {
    for (let host = 1; host < 100; host += 1)
      await ask(new TestBrowser(), 'paul@acme.example', '/', `198.51.100.${host}`);
    for (let host = 1; host < 100; host += 1)
      await ask(new TestBrowser(), 'paul@acme.example', '/', `2001:db8:1:${host}::${host}`);
    expect(portal.mailed).toHaveLength(6);
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example');
    expect(portal.mailed).toHaveLength(7);
    expect(await enter(browser, newest(), shown())).toEqual({ next: '/me' });
  });

  test('gets thirty mails at once at most, from however many networks they are asked for', async () => {
    for (let net = 1; net < 40; net += 1)
      await ask(new TestBrowser(), 'paul@acme.example', '/', `203.0.${net}.9`);
    expect(portal.mailed).toHaveLength(30);
    portal.clock.ahead += minute;
    await ask(new TestBrowser(), 'paul@acme.example');
    expect(portal.mailed).toHaveLength(31);
  });

  test('may ask again from the browser that has a mail on its way, once, and keeps what it has', async () => {
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example');
    // Others use up what there is.
    for (let count = 0; count < 5; count += 1) await ask(new TestBrowser(), 'paul@acme.example');
    expect(portal.mailed).toHaveLength(3);
    await ask(browser, 'paul@acme.example');
    expect(portal.mailed).toHaveLength(4);
    const second = newest();
    await ask(browser, 'paul@acme.example');
    expect(portal.mailed).toHaveLength(4);
    // The third ask was held back, and took nothing away.
    expect(await enter(browser, second, shown())).toEqual({ next: '/me' });
  });

  test('keeps what it has no longer than it said, however often it asks', async () => {
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example');
    expect(await enter(browser, newest(), shown())).toEqual({ next: '/me' });
    // Signed in, so that the session lives on; until nothing is left to be sent.
    for (let count = 0; count < 5; count += 1) await ask(browser, 'paul@acme.example');
    const kept = newest();
    portal.clock.ahead += 4 * minute;
    await ask(browser, 'paul@acme.example');
    expect(newest()).toBe(kept);
    portal.clock.ahead += 6 * minute;
    expect(await enter(browser, kept, shown(1))).toEqual({ refused: 'mail_wrong' });
  });

  test('gets three mails at once and no more, and nobody sees the difference', async () => {
    for (let count = 0; count < 5; count += 1) await ask(new TestBrowser(), 'paul@acme.example');
    expect(portal.mailed).toHaveLength(3);
    portal.clock.ahead += 5 * minute;
    await ask(new TestBrowser(), 'paul@acme.example');
    expect(portal.mailed).toHaveLength(4);
    expect(JSON.stringify(portal.logged)).not.toMatch(/paul@acme/i);
  });

  test('loses the way in with the nomination, the account and the seat', async () => {
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example');
    portal.policy = policyOf();
    expect(await enter(browser, newest(), shown())).toEqual({ refused: 'mail_wrong' });
    portal.policy = policyOf(paul);
    expect(await enter(browser, newest(), shown())).toEqual({ next: '/me' });
    portal.policy = policyOf();
    expect(await who(browser)).toBe(403);
  });

  test('and named for two clients gets a mail for each, and each code opens the one it says', async () => {
    const there = nominee('paul', 'martin', { mail: 'PAUL@acme.example' });
    portal.policy = policyOf(paul, there);
    await enrol(there);
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example');
    expect(portal.mailed.map(({ client }) => client)).toEqual(['acme', 'martin']);
    expect(await enter(browser, newest(), shown())).toEqual({ next: '/me' });
    expect(JSON.parse((await browser.go(at('/me'))).text).who.controller.client).toBe('martin');
  });
});

describe('a stranger', () => {
  test('gets the same answer for every address, and the log’s writer hears of none', async () => {
    portal.policy = policyOf(
      paul,
      nominee('named', 'acme'),
      nominee('key', 'acme', passkeyAccount('acme', 'key')),
    );
    const before = (await ledger.archive.sizes()).get('acme');
    const answers = [];
    for (const address of [
      'paul@acme.example',
      'nobody@acme.example',
      'key@acme.example',
      '',
      'x'.repeat(254),
    ]) {
      const answer = await ask(new TestBrowser(), address);
      const { date: _, 'set-cookie': cookie, etag: __, ...headers } = answer.headers;
      answers.push({ status: answer.status, text: answer.text, headers, cookies: cookie?.length });
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(portal.mailed.map(({ to }) => to)).toEqual(['paul']);
    expect((await ledger.archive.sizes()).get('acme')).toBe(before);
  });

  test('who is named and not enrolled gets no further with any code', async () => {
    portal.policy = policyOf(paul, nominee('named', 'acme'));
    const browser = new TestBrowser();
    await ask(browser, 'named@acme.example');
    expect(portal.mailed.map(({ to }) => to)).toEqual(['named']);
    expect(await enter(browser, newest(), shown())).toEqual({ refused: 'code_wrong' });
  });

  test.each(['', ' ', '000000000000', '٠'.repeat(12), 'A'.repeat(10_000)])(
    'with code number %# gets nowhere',
    async (mailed) => {
      const browser = new TestBrowser();
      await ask(browser, 'paul@acme.example');
      expect(await enter(browser, mailed, shown())).toEqual({ refused: 'mail_wrong' });
      await ask(browser, 'nobody@acme.example');
      expect(await enter(browser, mailed, shown())).toEqual({ refused: 'mail_wrong' });
    },
  );

  test('is offered the way only where somebody has it', async () => {
    const page = async () =>
      (await new TestBrowser().go(at('/sign-in?return=%2Fagreements'), { headers: { accept: 'text/html' } }))
        .text;
    expect(await page()).toContain('href="/sign-in-by-mail?return=%2Fagreements"');
    portal.policy = policyOf(nominee('key', 'acme', passkeyAccount('acme', 'key')));
    expect(await page()).not.toContain('sign-in-by-mail');
  });

  test('learns nothing when the log cannot be written: nobody is signed in', async () => {
    const browser = new TestBrowser();
    await ask(browser, 'paul@acme.example');
    await ledger.ledger.close();
    const answer = await browser.go(at('/enter'), {
      method: 'POST',
      form: { mailed: newest(), code: shown() },
    });
    expect(answer.status).toBe(503);
    expect(await who(browser)).toBe(303);
  });
});
