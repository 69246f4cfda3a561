/**
 * Whoever leaves is out at once: what the company's directory says, or what the identity provider refuses to confirm,
 * cuts running connections within a second, stands in the client's log, and holds across restarts.
 */
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { createErp } from '../../src/demo/erp.ts';
import { createIdentityProvider } from '../../src/demo/identity-provider.ts';
import { createHostileProvider, type HostileProvider } from '../identity/hostile-provider.ts';
import { freePort, type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { TestBrowser } from '../support/oidc.ts';
import { open, raw } from '../support/raw.ts';
import { stopwatch } from '../support/stopwatch.ts';

const scimToken = 'the-secret-of-the-directory-0123456789';

let erp: Awaited<ReturnType<typeof createErp>>;
let idp: HostileProvider;
let gateway: TestGateway;
let access: OpenedAccess;

async function start(more: Parameters<typeof startTestGateway>[0] = {}): Promise<void> {
  gateway = await startTestGateway({ erp: erp.origin, issuer: idp.issuer, scimToken, ...more });
}

beforeEach(async () => {
  erp = await createErp();
  idp = await createHostileProvider();
});
afterEach(async () => {
  await gateway.close();
  await idp.close();
  await erp.close();
});

const head = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;

/** As a directory sends it, to the portal's own address. */
function scim(method: string, path: string, body?: unknown, token = scimToken) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const { host } = gateway.config.portalUrl;
  return raw(
    gateway.port,
    `${method} /scim/v2${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: application/scim+json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

const alice = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'alice@msp.example',
  externalId: 'alice',
  active: true,
};
const off = { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] };
const on = { Operations: [{ op: 'Replace', path: 'active', value: 'True' }] };

/** A WebSocket through the gateway, live; answers when it closes. */
async function socket(): Promise<{ readonly closed: Promise<unknown> }> {
  const ws = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, {
    headers: { host: access.host, cookie: access.cookie, origin: `http://${access.host}` },
  });
  await once(ws, 'message');
  return { closed: once(ws, 'close') };
}

const causes = async () =>
  (await gateway.lines()).filter(({ leaf }) => leaf.t === 'session.closed').map(({ leaf }) => leaf.cause);

test('the directory switches somebody off: sockets and downloads die within a second, until it says otherwise', async () => {
  await start();
  const created = await scim('POST', '/Users', alice);
  expect(created.status).toBe(201);
  const { id } = JSON.parse(created.text.slice(created.text.indexOf('{'))) as { id: string };
  access = await gateway.open({ purpose: 'support' });
  const { closed } = await socket();
  const download = open(gateway.port, head('/events'));
  await download.until('data:');
  const took = stopwatch();
  const answer = await scim('PATCH', `/Users/${id}`, off);
  await closed;
  await download.closed;
  expect(took().ran).toBeLessThan(1_000);
  expect(answer.status).toBe(200);
  expect(await causes()).toEqual(['leaver']);
  expect((await gateway.app.archive.login(gateway.login))?.endedAt).toBeDefined();
  expect((await raw(gateway.port, head('/'))).status).toBe(401);

  const folder = gateway.folder;
  await gateway.close(true);
  await start({ folder });
  access = await gateway.open({ purpose: 'support' });
  const refused = await raw(gateway.port, head('/'));
  expect([refused.status, refused.text.includes('not_employee')]).toEqual([403, true]);
  expect((await scim('PATCH', `/Users/${id}`, on)).status).toBe(200);
  expect((await raw(gateway.port, head('/'))).status).toBe(200);
  const again = await socket();
  expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
  await again.closed;
  expect(await causes()).toEqual(['leaver', 'leaver']);
});

test('a directory without the secret changes nothing, and without a setting there is no endpoint', async () => {
  await start();
  access = await gateway.open({ purpose: 'support' });
  expect((await scim('POST', '/Users', { ...alice, active: false }, `${scimToken}0`)).status).toBe(401);
  expect((await raw(gateway.port, head('/'))).status).toBe(200);
  await gateway.close();
  gateway = await startTestGateway({ erp: erp.origin, issuer: idp.issuer });
  expect((await scim('GET', '/Users')).status).toBe(404);
});

test('the identity provider refuses to confirm: the WebSocket dies, and the log says that the sign-in ended', async () => {
  await start({ confirmAfter: 200 });
  // Before anybody works: a sign-in that is found without a token is not asked about again.
  await gateway.app.authority.run({ do: 'token', login: gateway.login, token: 'refresh', confirmedAt: 0 });
  access = await gateway.open({ purpose: 'support' });
  const { closed } = await socket();
  idp.lies = { refusal: { status: 400, error: 'invalid_grant' } };
  await closed;
  for (;;) {
    const [cause] = await causes();
    if (cause === undefined) continue;
    expect(cause).toBe('signed-out');
    break;
  }
  expect((await raw(gateway.port, head('/'))).status).toBe(401);
});

test('what an earlier run left open is asked about again without anybody coming by', async () => {
  await start();
  access = await gateway.open({ purpose: 'support' });
  await gateway.app.authority.run({ do: 'token', login: gateway.login, token: 'refresh', confirmedAt: 0 });
  const { folder, login } = gateway;
  await gateway.close(true);
  idp.lies = { refusal: { status: 400, error: 'invalid_grant' } };
  await start({ folder, confirmAfter: 200 });
  while ((await gateway.app.archive.login(login))?.endedAt === undefined);
  expect(idp.asked).toContain('/token');
});

test('from the sign-in page to the cut: a real provider lets somebody go while they work', async () => {
  const port = await freePort();
  const portal = `http://portal.localhost:${port}`;
  const company = await createIdentityProvider({
    clients: [
      {
        client_id: 'consentry',
        client_secret: 'unused',
        redirect_uris: [`${portal}/callback/company`],
        post_logout_redirect_uris: [`${portal}/signed-out`],
      },
    ],
    people: [{ login: 'alice', name: 'Alice Martin' }],
  });
  await start({ port, issuer: company.issuer, confirmAfter: 300 });

  const browser = new TestBrowser();
  const host = `erp.acme.localhost:${port}`;
  const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' };
  const turned = await browser.go(`http://${host}/`, { headers: navigation });
  const form = await browser.signIn(String(turned.headers.location), 'alice');
  const hidden = [...form.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
  const sent = await browser.go(`${portal}/declare`, {
    method: 'POST',
    headers: { origin: portal },
    form: {
      ...fields,
      systems: 'acme/erp',
      purpose: 'support',
      reference: 'T-1001',
      note: '',
      minutes: '30',
    },
  });
  const leading = await browser.go(new URL(String(sent.headers.location), portal));
  const entrance = /https?:\/\/erp[^"]*\/\.consentry\/enter[^"]*/.exec(leading.text)?.[0] ?? '';
  await browser.go(entrance.replaceAll('&amp;', '&'), { headers: navigation });
  const cookie = browser.cookies.get(`${host} __Host-consentry`);
  access = { opening: '', host, cookie: `__Host-consentry=${cookie}` };

  const { closed } = await socket();
  // It has been asked about at least once by then, and let go on.
  await once(company.server, 'request');
  company.dismiss('alice');
  await closed;
  for (;;) {
    const [cause] = await causes();
    if (cause === undefined) continue;
    expect(cause).toBe('signed-out');
    break;
  }
  expect(
    (await browser.go(`${portal}/`, { headers: { accept: 'application/json', 'sec-fetch-mode': 'cors' } }))
      .status,
  ).toBe(401);
  await company.close();
});
