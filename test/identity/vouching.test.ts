import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Login } from '../../src/core/commands.ts';
import type { Opening } from '../../src/core/model.ts';
import { createIdentityProvider, type DemoIdentityProvider } from '../../src/demo/identity-provider.ts';
import { makeFolder, openLedger } from '../stores/ledger-world.ts';
import { TestBrowser } from '../support/oidc.ts';
import { createHostileProvider } from './hostile-provider.ts';
import { clientOf, provider, snapshot, startPortal, type TestPortal, user } from './portal.ts';

const minute = 60_000;
const json = { accept: 'application/json', 'sec-fetch-mode': 'cors' };
const offline = { scopes: ['openid', 'profile', 'offline_access'], prompt: ['consent'] as const };

let portal: TestPortal;
let idp: DemoIdentityProvider;
let browser: TestBrowser;
/** How often the token endpoint was asked to refresh. */
let asked: number;

beforeEach(async () => {
  portal = await startPortal();
  idp = await createIdentityProvider({
    clients: [clientOf(portal.url)],
    people: ['alice', 'bruno'].map((login) => ({ login, name: login })),
  });
  portal.policy = policy();
  browser = new TestBrowser();
  asked = 0;
  instead(idp.server, (_req, _res, serve) => {
    asked += 1;
    serve();
  });
});
afterEach(async () => {
  await idp.close();
  await portal.close();
});

const at = (path: string) => new URL(path, portal.url);
const policy = () =>
  snapshot(
    [provider('main', idp.issuer, offline)],
    ['alice', 'bruno'].map((id) => ({ kind: 'provider-user', user: user(id, idp.issuer) })),
  );

type Trouble = (req: IncomingMessage, res: ServerResponse, serve: () => void) => void;

/** Puts something in front of the provider's token endpoint; answers how to take it away. */
function instead(server: Server, trouble: Trouble): () => void {
  const before = server.listeners('request') as ((req: IncomingMessage, res: ServerResponse) => void)[];
  server.removeAllListeners('request');
  const serve = (req: IncomingMessage, res: ServerResponse) => {
    for (const listener of before) listener(req, res);
  };
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    if (req.url === '/token') trouble(req, res, () => serve(req, res));
    else serve(req, res);
  });
  return () => {
    server.removeAllListeners('request');
    for (const listener of before) server.on('request', listener);
  };
}

/** Signs in, and has an access open. */
async function work(login = 'alice', who = browser): Promise<Login> {
  const answer = await who.signIn(at('/me'), login);
  const found = (JSON.parse(answer.text) as { login: Login }).login;
  portal.working.add(found.id);
  portal.table.openings.set(found.id, [{ id: `opening of ${login}` } as Opening]);
  asked = 0;
  return found;
}

async function later(minutes: number): Promise<void> {
  portal.clock.ahead += minutes * minute;
  await portal.signIn.confirm();
}

/** Not by the browser: a portal session is over after half an hour without a click. */
const alive = ({ id }: Login) => portal.table.rows.get(id)?.endedAt === undefined;
const entered = async (who = browser) => (await who.go(at('/me'), { headers: json })).status === 200;
const tokenOf = (login: Login) => portal.table.tokens.get(login.id)?.token;

test('whoever works is asked about at least every five minutes, with the newest token each time', async () => {
  const login = await work();
  const tokens = new Set([tokenOf(login)]);
  await later(3);
  expect(asked).toBe(0);
  for (let round = 1; round <= 6; round += 1) {
    await later(4.9);
    expect(asked).toBe(round);
    tokens.add(tokenOf(login));
  }
  expect(tokens.size).toBe(7);
  expect(alive(login)).toBe(true);
});

test('it goes on by itself', async () => {
  await work();
  portal.clock.ahead += 5 * minute;
  const asking = new Promise<void>((resolve) =>
    instead(idp.server, (_req, _res, serve) => (serve(), resolve())),
  );
  await asking;
});

test('nobody is asked about who has nothing open', async () => {
  const login = await work();
  portal.working.delete(login.id);
  await later(60);
  expect(asked).toBe(0);
  portal.working.add(login.id);
  await later(0);
  expect(asked).toBe(1);
});

test('two questions at a time are one', async () => {
  await work();
  portal.clock.ahead += 5 * minute;
  await Promise.all([portal.signIn.confirm(), portal.signIn.confirm(), portal.signIn.confirm()]);
  expect(asked).toBe(1);
});

test('a refusal ends the sign-in and what hangs on it at once, and nobody else’s', async () => {
  const login = await work();
  const bruno = await work('bruno', new TestBrowser());
  idp.dismiss('alice');
  await later(5);
  expect(portal.ended).toEqual([{ openings: [{ id: 'opening of alice' }], cause: 'signed-out' }]);
  expect([alive(login), alive(bruno), await entered()]).toEqual([false, true, false]);
});

test('a token that somebody else used is refused, and ends the sign-in', async () => {
  const login = await work();
  const stolen = tokenOf(login) ?? '';
  const form = {
    grant_type: 'refresh_token',
    refresh_token: stolen,
    client_id: 'consentry',
    client_secret: clientOf(portal.url).client_secret,
  };
  expect((await new TestBrowser().go(`${idp.issuer}/token`, { method: 'POST', form })).status).toBe(200);
  await later(5);
  expect(alive(login)).toBe(false);
});

describe('a provider in trouble', () => {
  const reply = (status: number, body: string, type = 'application/json'): Trouble => {
    return (_req, res) => void res.writeHead(status, { 'content-type': type }).end(body);
  };
  const troubles: readonly [string, Trouble][] = [
    ['that answers 500', reply(500, 'oh', 'text/plain')],
    ['that answers 503 with a refusal’s words', reply(503, '{"error":"invalid_grant"}')],
    ['that is overloaded', reply(429, '{"error":"temporarily_unavailable"}')],
    ['that no longer knows us', reply(401, '{"error":"invalid_client"}')],
    ['that answers something else', reply(200, '<html>', 'text/html')],
    ['that answers without an access token', reply(200, '{}')],
    ['that hangs up', (req) => void req.socket.destroy()],
  ];

  test.each(troubles)('%s is bridged for half an hour and not longer', async (_name, trouble) => {
    const login = await work();
    instead(idp.server, trouble);
    await later(5);
    await later(20);
    await later(9.9);
    expect(alive(login)).toBe(true);
    expect(portal.ended).toEqual([]);
    await later(0.2);
    expect(alive(login)).toBe(false);
    expect(portal.ended.map(({ cause }) => cause)).toEqual(['signed-out']);
  });

  test('that is down and comes back is asked on, and the next half hour begins anew', async () => {
    const login = await work();
    const { port } = idp.server.address() as AddressInfo;
    for (let round = 0; round < 2; round += 1) {
      await new Promise((resolve) => {
        idp.server.close(resolve);
        idp.server.closeAllConnections();
      });
      await later(5);
      await later(25);
      expect(alive(login)).toBe(true);
      await new Promise<void>((resolve) => idp.server.listen(port, '127.0.0.1', resolve));
      const before = asked;
      await later(0.3);
      expect(asked).toBe(before + 1);
    }
    expect(alive(login)).toBe(true);
  });

  test('is left alone for a moment, whoever is due', async () => {
    await work();
    await work('bruno', new TestBrowser());
    let tried = 0;
    instead(idp.server, (_req, res) => {
      tried += 1;
      res.writeHead(500).end();
    });
    await later(5);
    const first = tried;
    await later(0.1);
    expect([first <= 2, tried]).toEqual([true, first]);
  });

  test('that is slow is waited for: its answer may have used up the token', async () => {
    const login = await work();
    instead(idp.server, (_req, _res, serve) => void setTimeout(serve, 3_500));
    await later(5);
    await later(5);
    expect(alive(login)).toBe(true);
    expect(portal.logged.filter(({ event }) => event === 'sign_in_not_confirmed')).toEqual([]);
  });
});

describe('the newest token', () => {
  test('is kept before it is used: while it cannot be, the provider is not asked', async () => {
    const login = await work();
    portal.table.available = false;
    await later(5);
    expect(asked).toBe(1);
    const old = tokenOf(login);
    await later(5);
    expect(asked).toBe(1);
    portal.table.available = true;
    await later(0.5);
    expect(asked).toBe(2);
    expect(tokenOf(login)).not.toBe(old);
    expect(alive(login)).toBe(true);
  });

  test('stands in no line of the operator’s log and in no page', async () => {
    const login = await work();
    await later(5);
    const page = await browser.go(at('/me'), { headers: json });
    idp.dismiss('alice');
    const token = tokenOf(login) ?? 'none';
    await later(5);
    expect(JSON.stringify(portal.logged)).not.toContain(token);
    expect(page.text).not.toContain(token);
    for (const file of [portal.database, `${portal.database}-wal`])
      expect(readFileSync(file).includes(token)).toBe(false);
  });
});

test('a sign-in without a token is left alone, and said so once where one was asked for', async () => {
  portal.policy = snapshot(
    [provider('main', idp.issuer, { scopes: offline.scopes })],
    [{ kind: 'provider-user', user: user('alice', idp.issuer) }],
  );
  const login = await work();
  await later(60);
  expect(asked).toBe(0);
  expect(alive(login)).toBe(true);
  expect(portal.logged.map(({ event }) => event)).toContain('sign_in_without_refresh_token');
});

test('an answer about somebody else ends the sign-in', async () => {
  const liar = await createHostileProvider();
  liar.lies = { refreshToken: 'r' };
  portal.policy = snapshot(
    [provider('main', liar.issuer)],
    [{ kind: 'provider-user', user: user('alice', liar.issuer) }],
  );
  const { login } = JSON.parse((await browser.follow(at('/me'))).text) as { login: Login };
  portal.working.add(login.id);
  await later(5);
  expect(alive(login)).toBe(true);
  liar.lies = { refreshToken: 'r', claims: (honest) => ({ ...honest, sub: 'bruno' }) };
  await later(5);
  expect(alive(login)).toBe(false);
  await liar.close();
});

describe('after a restart', () => {
  test('the provider is asked on with the token that was kept, sealed; a half hour is not begun anew', async () => {
    const folder = makeFolder();
    let ledger = await openLedger(folder);
    await portal.close();
    portal = await startPortal({ ledger: ledger.ledger, archive: ledger.archive });
    await idp.close();
    idp = await createIdentityProvider({
      clients: [clientOf(portal.url)],
      people: [{ login: 'alice', name: 'A' }],
    });
    portal.policy = policy();
    const login = await work();
    await later(5);
    const { token } = (await ledger.archive.token(login.id)) ?? { token: 'none' };
    await portal.close();
    await ledger.close();
    expect(readFileSync(folder.file).includes(token)).toBe(false);

    ledger = await openLedger(folder);
    portal = await startPortal({ ledger: ledger.ledger, archive: ledger.archive });
    portal.policy = policy();
    portal.working.add(login.id);
    // The clock of the tests starts at the real time, five minutes behind what was kept.
    await later(10);
    expect((await ledger.archive.login(login.id))?.endedAt).toBeUndefined();
    expect((await ledger.archive.token(login.id))?.token).not.toBe(token);

    await portal.close();
    portal = await startPortal({ ledger: ledger.ledger, archive: ledger.archive });
    portal.policy = policy();
    portal.working.add(login.id);
    instead(idp.server, (_req, res) => void res.writeHead(500).end());
    await later(10 + 33);
    expect((await ledger.archive.login(login.id))?.endedAt).toBeUndefined();
    await portal.close();
    portal = await startPortal({ ledger: ledger.ledger, archive: ledger.archive });
    portal.policy = policy();
    portal.working.add(login.id);
    await later(10 + 35);
    expect((await ledger.archive.login(login.id))?.endedAt).toBeDefined();
    await portal.close();
    await ledger.close();
    portal = await startPortal();
    folder.remove();
  });
});
