import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import type { Login } from '../../src/core/commands.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { createIdentityProvider, type DemoIdentityProvider } from '../../src/demo/identity-provider.ts';
import { exportFiles, type Folder, makeFolder, openLedger } from '../stores/ledger-world.ts';
import { type Answer, TestBrowser } from '../support/oidc.ts';
import { createHostileProvider, type HostileProvider } from './hostile-provider.ts';
import { clientOf, provider, startPortal, type TestPortal } from './portal.ts';
import { policyOf, technician } from './staff.ts';

const json = { accept: 'application/json', 'sec-fetch-mode': 'cors' };
const mail = { scopes: ['openid', 'profile', 'email'] };

let folder: Folder;
let ledger: Awaited<ReturnType<typeof openLedger>>;
let portal: TestPortal;
let idp: DemoIdentityProvider;
let liar: HostileProvider;

beforeAll(async () => {
  liar = await createHostileProvider();
});
afterAll(() => liar.close());
beforeEach(async () => {
  folder = makeFolder();
  ledger = await openLedger(folder);
  portal = await startPortal({ ledger: ledger.ledger, archive: ledger.archive });
  idp = await createIdentityProvider({
    clients: [clientOf(portal.url)],
    people: [
      { login: 'alice', name: 'Alice Martin', mail: 'Alice@MSP.example', mailVerified: true },
      { login: 'twin', name: 'Twin', mail: 'alice@msp.example', mailVerified: true },
      { login: 'bruno', name: 'Bruno', mail: 'bruno@msp.example', mailVerified: false },
      { login: 'nobody', name: 'No "Body"\u202e: x' },
    ],
  });
  liar.lies = {};
});
afterEach(async () => {
  await idp.close();
  await portal.close();
  await ledger.close();
  folder.remove();
});

const at = (path: string) => new URL(path, portal.url);
const whoIn = (answer: Answer) => (JSON.parse(answer.text) as { login: Login }).login.who;
const isUnknown = (answer: Answer) => answer.status === 403 && answer.text.includes('account_unknown');

/** Restarts the portal on the same database. */
async function restart(): Promise<void> {
  const policy = portal.policy;
  await portal.close();
  await ledger.close();
  ledger = await openLedger(folder);
  portal = await startPortal({ ledger: ledger.ledger, archive: ledger.archive });
  portal.policy = policy;
}

describe('an entry with a mail address', () => {
  const entry = (more = {}) => technician('alice', idp.issuer, { mail: 'alice@msp.example' }, more);

  test('is bound by the first sign-in, for good, and across restarts', async () => {
    portal.policy = policyOf([provider('main', idp.issuer, mail)], [entry()]);
    expect(whoIn(await new TestBrowser().signIn(at('/me'), 'alice'))).toBe('alice');
    expect(isUnknown(await new TestBrowser().signIn(at('/me'), 'twin'))).toBe(true);
    await restart();
    // The portal has another address now, which the provider does not know: what counts is what is remembered.
    expect(portal.people.current().people.get('alice')?.subject).toBe('alice');
    await portal.people.bind({ issuer: idp.issuer, subject: 'twin' }, 'alice@msp.example');
    expect(portal.people.current().people.get('alice')?.subject).toBe('alice');
  });

  test('stays bound when the address of the account changes or is given to somebody else', async () => {
    portal.policy = policyOf([provider('main', idp.issuer, mail)], [entry()]);
    await new TestBrowser().signIn(at('/me'), 'alice');
    idp.employ({ login: 'alice', name: 'Alice Durand', mail: 'durand@msp.example', mailVerified: true });
    idp.employ({ login: 'bruno', name: 'Bruno', mail: 'alice@msp.example', mailVerified: true });
    expect(whoIn(await new TestBrowser().signIn(at('/me'), 'alice'))).toBe('alice');
    expect(isUnknown(await new TestBrowser().signIn(at('/me'), 'bruno'))).toBe(true);
  });

  test('is bound to one of two who come at the same time', async () => {
    portal.policy = policyOf([provider('main', idp.issuer, mail)], [entry()]);
    const browsers = [new TestBrowser(), new TestBrowser()];
    const callbacks = [
      await browsers[0]?.signInUntilCallback(at('/me'), 'alice'),
      await browsers[1]?.signInUntilCallback(at('/me'), 'twin'),
    ];
    const answers = await Promise.all(
      browsers.map((browser, index) => browser.follow(callbacks[index] ?? '')),
    );
    expect(answers.filter(isUnknown)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('that nobody verified is nobody’s', async () => {
    portal.policy = policyOf(
      [provider('main', idp.issuer, mail)],
      [technician('bruno', idp.issuer, { mail: 'bruno@msp.example' })],
    );
    expect(isUnknown(await new TestBrowser().signIn(at('/me'), 'bruno'))).toBe(true);
    expect(isUnknown(await new TestBrowser().signIn(at('/me'), 'nobody'))).toBe(true);
  });

  test.each<[string, Record<string, unknown>]>([
    ['verified in words only', { email: 'alice@msp.example', email_verified: 'true' }],
    ['without a word about it', { email: 'alice@msp.example' }],
    ['that only looks alike', { email: '\u212bice@msp.example', email_verified: true }],
    [
      'with a letter that small letters fold into ours',
      { email: 'alice@m\u017fp.example', email_verified: true },
    ],
    ['that is a list', { email: ['alice@msp.example'], email_verified: true }],
    ['missing', { email_verified: true }],
  ])('does not bind an address %s', async (_name, claims) => {
    portal.policy = policyOf(
      [provider('main', liar.issuer, mail)],
      [technician('alice', liar.issuer, { mail: 'alice@msp.example' })],
    );
    liar.lies = { claims: (honest) => ({ ...honest, ...claims }) };
    expect(isUnknown(await new TestBrowser().follow(at('/me')))).toBe(true);
    liar.lies = { claims: (honest) => ({ ...honest, email: 'alice@msp.example', email_verified: true }) };
    expect(whoIn(await new TestBrowser().follow(at('/me')))).toBe('alice');
  });

  test('of another issuer, or of a provider that serves clients only, binds nobody', async () => {
    const verified = {
      claims: (honest: object) => ({ ...honest, email: 'alice@msp.example', email_verified: true }),
    };
    liar.lies = verified;
    portal.policy = policyOf(
      [provider('main', idp.issuer, mail), provider('other', liar.issuer, mail)],
      [entry()],
    );
    expect(isUnknown(await new TestBrowser().follow(at('/sign-in/other?return=/me')))).toBe(true);
    portal.policy = policyOf(
      [provider('other', liar.issuer, { ...mail, serves: ['controllers'] })],
      [technician('alice', liar.issuer, { mail: 'alice@msp.example' })],
    );
    expect(isUnknown(await new TestBrowser().follow(at('/me')))).toBe(true);
    expect((await ledger.archive.learned()).bindings).toEqual([]);
  });

  test.each([
    ['who has left', { until: 1 }],
    ['who has not begun', { from: Number.POSITIVE_INFINITY }],
  ])('of somebody %s waits for nobody', async (_name, more) => {
    portal.policy = policyOf([provider('main', idp.issuer, mail)], [entry(more)]);
    expect(isUnknown(await new TestBrowser().signIn(at('/me'), 'alice'))).toBe(true);
  });

  test('that cannot be recorded is not bound, and the person may try again', async () => {
    portal.policy = policyOf([provider('main', idp.issuer, mail)], [entry()]);
    const browser = new TestBrowser();
    const callback = await browser.signInUntilCallback(at('/me'), 'alice');
    await ledger.ledger.close();
    const answer = await browser.follow(callback);
    expect(answer.status).toBe(503);
    expect(portal.people.current().people.get('alice')?.subject).toBe('');
  });
});

test('the line in the logs names the account, and the logs verify', async () => {
  const client = {
    id: 'acme',
    assignments: [{ who: 'alice', systems: ['*'], from: 0, until: undefined, reason: 'x' }],
  };
  const policy = policyOf(
    [provider('main', idp.issuer, mail)],
    [technician('alice', idp.issuer, { mail: 'alice@msp.example' })],
  );
  portal.policy = { ...policy, clients: new Map([['acme', client as never]]) };
  await new TestBrowser().signIn(at('/me'), 'alice');
  const [line] = await ledger.archive.lines({
    client: 'acme',
    kinds: ['staff.bound'],
    limit: 10,
    disclose: ['person', 'subject'],
  });
  expect(line?.groups).toEqual({
    person: { name: 'alice of the tests' },
    subject: { issuer: idp.issuer, subject: 'alice' },
  });
  expect(await ledger.archive.fsck()).toEqual([]);
  const files = new Map(Object.entries(unzipSync(await exportFiles(ledger.archive, 'acme'))));
  const key = (await ledger.archive.head('acme'))?.verifierKey ?? '';
  expect(verifyExport(files, { key }).filter(({ kind }) => kind === 'failure')).toEqual([]);
});

describe('whoever is in no file', () => {
  test('is shown lines that can be pasted as they are', async () => {
    portal.policy = policyOf([provider('main', idp.issuer, mail)], []);
    const answer = await new TestBrowser().signIn(at('/me'), 'nobody');
    expect(answer.status).toBe(403);
    const shown = /<pre>([^<]*)<\/pre>/.exec(answer.text)?.[1] ?? '';
    const lines = shown.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    expect(parse(`people:\n  nobody:\n${lines}`)).toEqual({
      people: { nobody: { name: 'No "Body": x', issuer: idp.issuer, subject: 'nobody' } },
    });
    const french = await new TestBrowser().signIn(at('/me?lang=fr'), 'nobody');
    expect(french.text).toContain('staff.yaml');
    expect(await ledger.archive.epochs()).toEqual(new Map());
  });
});

describe('a provider whose sub differs per application', () => {
  let pairwise: DemoIdentityProvider;
  beforeEach(async () => {
    pairwise = await createIdentityProvider({
      clients: [clientOf(portal.url)],
      people: [{ login: 'alice', name: 'Alice' }],
      pairwise: true,
    });
    portal.policy = policyOf(
      [provider('main', pairwise.issuer, { subjectClaim: 'oid' })],
      [technician('alice', pairwise.issuer, { subject: 'oid-alice' })],
    );
  });
  afterEach(() => pairwise.close());

  test('is asked for the claim that does not', async () => {
    const answer = await new TestBrowser().signIn(at('/me'), 'alice');
    const { login } = JSON.parse(answer.text) as { login: Login };
    expect(login).toMatchObject({ who: 'alice', subject: 'oid-alice' });
    expect(login.sub).toMatch(/^[A-Za-z0-9_-]{43}$/);
    portal.policy = policyOf(
      [provider('main', pairwise.issuer)],
      [technician('alice', pairwise.issuer, { subject: 'oid-alice' })],
    );
    expect(isUnknown(await new TestBrowser().signIn(at('/me'), 'alice'))).toBe(true);
  });

  test('signs out by the sub that it knows, with the session and without', async () => {
    const browser = new TestBrowser();
    const answer = await browser.signIn(at('/me'), 'alice');
    const { login } = JSON.parse(answer.text) as { login: Login };
    await pairwise.endSessions('alice');
    expect((await browser.go(at('/me'), { headers: json })).status).toBe(401);
    expect((await ledger.archive.login(login.id))?.endedAt).toBeDefined();
  });

  test('names by sub alone the sign-in that has another subject', async () => {
    portal.policy = policyOf(
      [provider('main', liar.issuer, { subjectClaim: 'oid' })],
      [technician('alice', liar.issuer, { subject: 'oid-alice' })],
    );
    liar.lies = { claims: (honest) => ({ ...honest, oid: 'oid-alice' }) };
    const browser = new TestBrowser();
    expect((await browser.follow(at('/me'))).status).toBe(200);
    const now = Math.floor(Date.now() / 1_000);
    const event = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const token = { iss: liar.issuer, aud: 'consentry', iat: now, exp: now + 60, events: event };
    const send = async (more: object) =>
      new TestBrowser().go(at('/backchannel-logout/main'), {
        method: 'POST',
        form: { logout_token: await liar.sign({ ...token, ...more }) },
      });
    expect((await send({ jti: '1', sub: 'oid-alice' })).status).toBe(200);
    expect((await browser.go(at('/me'), { headers: json })).status).toBe(200);
    expect((await send({ jti: '2', sub: 'alice' })).status).toBe(200);
    expect((await browser.go(at('/me'), { headers: json })).status).toBe(401);
  });
});
