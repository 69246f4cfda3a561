/** Pages on one host of a system call another from the first moment on: one entering lets the browser in on all of them. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Answer } from '../support/oidc.ts';
import { NavigatingBrowser, startTwoHosts, type TwoHosts } from './two-hosts.ts';

const [one, other] = ['erp.acme.localhost', 'old-erp.acme.localhost'] as const;

let hosts: TwoHosts;
let browser: NavigatingBrowser;

beforeAll(async () => {
  hosts = await startTwoHosts({ between: true });
});
beforeEach(() => {
  browser = new NavigatingBrowser();
});
afterEach(async () => {
  await hosts.gateway.app.authority.end({ client: 'acme', person: 'alice' }, 'technician', undefined);
});
afterAll(() => hosts.close());

async function enter(address: string, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const page = await browser.signIn(address, 'alice');
  return browser.on(await browser.declareOn(page, more));
}

/** As a script on one host calls another. */
function call(address: string, from: string): Promise<Answer> {
  const headers = {
    ...{ origin: new URL(from).origin, 'sec-fetch-site': 'same-site' },
    ...{ 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
  };
  return browser.go(address, { headers });
}

const cookies = () => [hosts.cookieOf(browser, one), hosts.cookieOf(browser, other)];
const openings = async () => [...(await hosts.gateway.app.authority.client('acme')).openings.values()];
const kinds = async (t: string) => (await hosts.gateway.lines()).filter(({ leaf }) => leaf.t === t);

test('the first call of a page to the other host passes, in the same access, with one declaration', async () => {
  const before = (await kinds('session.opened')).length;
  const entered = await enter(hosts.second('/customers?page=1'));
  expect([entered.status, entered.url.href]).toEqual([200, hosts.second('/customers?page=1')]);
  const [first, second] = cookies();
  expect([first, second]).toEqual([expect.any(String), expect.any(String)]);
  expect(first).not.toBe(second);
  expect((await call(hosts.first('/api/customers'), hosts.second('/'))).status).toBe(200);
  expect((await call(hosts.second('/api/customers'), hosts.first('/'))).status).toBe(200);
  const [opening] = await openings();
  expect(await kinds('session.opened')).toHaveLength(before + 1);
  const intents = (await kinds('access.intent')).slice(0, 2);
  expect(intents.map(({ leaf }) => leaf.session)).toEqual([opening?.id, opening?.id]);
  // Nothing of the way is left in the browser.
  expect([...browser.cookies.keys()].filter((name) => name.includes('consentry-f-'))).toEqual([]);
});

test('with two cases open both hosts are in the one that was entered last', async () => {
  await enter(hosts.first('/customers'));
  const page = await browser.follow(hosts.first('/.consentry/declare?to=/customers'));
  const asked = await browser.declareOn(page, { reference: 'T-2' });
  const second = /name="second" value="([^"]+)"/.exec(asked.text)?.[1];
  const sent = second === undefined ? asked : await browser.declareOn(asked, { reference: 'T-2', second });
  expect((await browser.on(sent)).url.href).toBe(hosts.first('/customers'));
  await call(hosts.second('/api/customers'), hosts.first('/'));
  const [newest] = await kinds('access.intent');
  const found = (await openings()).find(({ id }) => id === newest?.leaf.session);
  expect(found?.reference).toBe('T-2');
});

test('a place that acts or downloads is arrived at from its own host', async () => {
  const entered = await enter(hosts.first('/export/customers.csv'), { purpose: 'hotline' });
  expect([entered.status, entered.headers.refresh]).toEqual([200, '0; url=/export/customers.csv']);
  expect(cookies().every((cookie) => cookie !== undefined)).toBe(true);
});

test('whoever is sent along this way by somebody else gets nowhere', async () => {
  await enter(hosts.first('/customers'));
  const mine = new Map(browser.cookies);
  const stranger = new NavigatingBrowser();
  const f = 'A'.repeat(11);
  const n = 'B'.repeat(43);
  const ways = [
    // Nobody is in there who could be vouched for.
    `/.consentry/vouch?h=${other}&f=${f}&n=${n}`,
    '/.consentry/enter?code=x&f=x',
    `/.consentry/arrived?f=${f}`,
  ];
  for (const path of ways) {
    const answer = await stranger.go(hosts.first(path));
    expect([path, answer.status]).toEqual([path, 403]);
  }
  // To no host but this system's, and only on from one of them to another.
  for (const [host, path] of [
    ['second', `/.consentry/beside?h=evil.example&f=${f}&i=0`],
    ['second', `/.consentry/beside?h=backup.acme.localhost&f=${f}&i=0`],
    ['second', `/.consentry/beside?h=${other}&f=${f}&i=0`],
    ['second', `/.consentry/beside?h=${one}&f=${f}&i=1`],
    ['second', `/.consentry/beside?h=${one}&f=${f}&i=-1`],
    ['second', `/.consentry/beside?h=${one}&f=x&i=0`],
    ['first', `/.consentry/vouch?h=evil.example&f=${f}&n=${n}`],
    ['first', `/.consentry/vouch?h=${one}&f=${f}&n=${n}`],
    ['first', `/.consentry/vouch?h=${other}&f=${f}&n=x`],
    ['first', `/.consentry/vouch?h=${other}&f=x&n=${n}`],
  ] as const) {
    const answer = await browser.go(hosts[host](path));
    expect([path, answer.status]).toEqual([path, 403]);
  }
  // A code that was made for a secret of somebody else is worth nothing in this browser, and nothing in theirs.
  const vouched = await browser.go(hosts.first(`/.consentry/vouch?h=${other}&f=${f}&n=${n}`));
  expect(vouched.status).toBe(303);
  const away = String(vouched.headers.location);
  expect(new URL(away).origin).toBe(new URL(hosts.second('/')).origin);
  for (const who of [browser, stranger]) expect((await who.go(away)).status).toBe(403);
  // Neither does it lead anybody where they did not wish to go.
  expect((await browser.go(hosts.first(`/.consentry/arrived?f=${f}`))).status).toBe(403);
  expect(new Map(browser.cookies)).toEqual(mine);
});

test('an access that has ended vouches for nothing', async () => {
  await enter(hosts.first('/customers'));
  await hosts.gateway.app.authority.end({ client: 'acme', person: 'alice' }, 'technician', undefined);
  const path = `/.consentry/vouch?h=${other}&f=${'A'.repeat(11)}&n=${'B'.repeat(43)}`;
  expect((await browser.go(hosts.first(path))).status).toBe(403);
});

test('where the profile does not let them call one another nothing of it is there', async () => {
  const apart = await startTwoHosts();
  try {
    const path = `/.consentry/beside?h=${one}&f=${'A'.repeat(11)}&i=0`;
    expect((await browser.go(apart.second(path))).status).toBe(403);
  } finally {
    await apart.close();
  }
});
