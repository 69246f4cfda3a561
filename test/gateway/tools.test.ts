/**
 * A tool's credential: works at the systems of its access and ends with it, in each place where programs put it; it goes up to
 * no system, lies in no file, and whoever uses it where it opens nothing is refused and, when known, in the client's log.
 */

import { randomBytes } from 'node:crypto';
import { appendFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { toolHash, toolSecret } from '../../src/core/tool.ts';
import { hashed } from '../../src/gateway/wanted.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts';
import { open, type RawAnswer, raw } from '../support/raw.ts';
import { until } from '../support/streams.ts';
import { echoUpstream, type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  jest.restoreAllMocks();
});

interface Setting {
  readonly gateway: TestGateway;
  readonly erp: HttpUpstream;
  readonly others: HttpUpstream;
}

async function started(options: TestGatewayOptions = {}): Promise<Setting> {
  const erp = await httpUpstream();
  closing.push(() => erp.close());
  const others = await httpUpstream();
  closing.push(() => others.close());
  const gateway = await startTestGateway({ erp: erp.origin, backup: others.origin, ...options });
  closing.push(() => gateway.close());
  return { gateway, erp, others };
}

/** The gateway that tests share which change nothing in it but have an access of their own. */
let ordinary: Setting;

beforeAll(async () => {
  const erp = await httpUpstream();
  const others = await httpUpstream();
  ordinary = { erp, others, gateway: await startTestGateway({ erp: erp.origin, backup: others.origin }) };
});

afterAll(async () => {
  await ordinary?.gateway.close();
  await ordinary?.erp.close();
  await ordinary?.others.close();
});

/** As it stands, its systems asked for nothing yet. */
function shared(): Setting {
  ordinary.erp.forget();
  ordinary.others.forget();
  return ordinary;
}

/** A credential of this opening. */
async function connected(gateway: TestGateway, opening: string, client = 'acme'): Promise<string> {
  const secret = toolSecret(randomBytes(32));
  const answer = await gateway.app.authority.run({ do: 'tool', client, opening, hash: toolHash(secret) });
  expect(answer).toEqual({ ok: true });
  return secret;
}

function ask(
  gateway: TestGateway,
  host: string,
  lines: readonly string[],
  method = 'GET',
  path = '/customers',
) {
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, ...lines];
  return raw(gateway.port, `${head.join('\r\n')}\r\n\r\n`);
}

const basic = (user: string, secret: string): string =>
  `Basic ${Buffer.from(`${user}:${secret}`, 'latin1').toString('base64')}`;

function codeOf(answer: RawAnswer): string {
  return String((JSON.parse(answer.body) as { code?: unknown }).code);
}

async function refusals(gateway: TestGateway, client = 'acme') {
  return (await gateway.lines(client)).filter(({ leaf }) => leaf.t === 'access.refused');
}

test('the hash that is kept is the one that is looked for', () => {
  const secret = toolSecret(randomBytes(32));
  expect(secret).toMatch(/^ctool_[\w-]{43}$/);
  expect(toolHash(secret)).toBe(hashed(secret));
});

const places: readonly (readonly [string, (secret: string) => string])[] = [
  ['a line of its own', (secret) => `Consentry-Access: ${secret}`],
  ['a line of its own, in capitals', (secret) => `CONSENTRY-ACCESS:   ${secret}  `],
  ['bearer', (secret) => `Authorization: Bearer ${secret}`],
  ['bearer, in small letters', (secret) => `authorization: bearer  ${secret}`],
  ['Basic', (secret) => `Authorization: ${basic('any', secret)}`],
  ['Basic without a user name', (secret) => `Authorization: ${basic('', secret)}`],
  ['Basic with odd characters', (secret) => `Authorization: ${basic('dépôt\t"a"; b=ÿ\u0001', secret)}`],
  ['Basic with colons in the user name', (secret) => `Authorization: ${basic('acme:erp:x', secret)}`],
  ['Basic without padding', (secret) => `Authorization: ${basic('any', secret).replace(/=+$/, '')}`],
];

test('passes without a cookie wherever a program puts it, and does not go up', async () => {
  const { gateway, erp } = shared();
  const { opening, host } = await gateway.open();
  const secret = await connected(gateway, opening);
  for (const [name, line] of places) {
    const answer = await ask(gateway, host, [line(secret)]);
    expect([name, answer.status, answer.body]).toEqual([name, 200, 'ok']);
    const seen = erp.requests.at(-1);
    expect([name, seen?.headers.authorization, seen?.headers['consentry-access']]).toEqual([
      name,
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(seen?.rawHeaders)).not.toContain(secret);
  }
  const intents = (await gateway.lines()).filter(
    ({ leaf }) => leaf.t === 'access.intent' && leaf.session === opening,
  );
  expect(intents).toHaveLength(places.length);
  for (const { leaf } of intents) expect(leaf).toMatchObject({ system: 'erp', tool: true });
});

test('the system’s own sign-in goes up beside it, and a write needs no origin', async () => {
  const policies = await mkdtemp(join(tmpdir(), 'consentry-tools-'));
  closing.push(() => rm(policies, { recursive: true, force: true }));
  await cp('policies', policies, { recursive: true });
  await appendFile(join(policies, 'profiles', 'erp-demo.yaml'), '\npass_authorization: true\n');
  const { gateway, erp } = await started({ policies });
  const { opening, host, cookie } = await gateway.open();
  const secret = await connected(gateway, opening);
  const own = basic('erp-user', 'erp-password');
  const lines = [`Consentry-Access: ${secret}`, `Authorization: ${own}`, 'Content-Length: 0'];
  const answer = await ask(gateway, host, lines, 'POST', '/customers/1');
  expect(answer.status).toBe(200);
  expect(erp.requests[0]?.headers.authorization).toBe(own);
  // A browser's cookie without an origin is refused as ever.
  const browser = await ask(
    gateway,
    host,
    [`Cookie: ${cookie}`, 'Content-Length: 0'],
    'POST',
    '/customers/1',
  );
  expect([browser.status, codeOf(browser)]).toEqual([403, 'cross_site']);
  const intents = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.intent');
  expect(intents).toHaveLength(1);
});

test('assets that it fetches have a line of their own, apart from the browser’s', async () => {
  const { gateway } = shared();
  const { opening, host, cookie } = await gateway.open();
  const byTool = `Consentry-Access: ${await connected(gateway, opening)}`;
  for (const lines of [[`Cookie: ${cookie}`, 'Sec-Fetch-Site: same-origin'], [byTool], [byTool]])
    expect((await ask(gateway, host, lines, 'GET', '/static/a.css')).status).toBe(200);
  const covers = (await gateway.lines()).filter(
    ({ leaf }) => leaf.t === 'access.static' && leaf.session === opening,
  );
  expect(covers.map(({ leaf }) => leaf.tool)).toEqual([true, undefined]);
});

test('a socket is opened with it', async () => {
  const echo = await echoUpstream();
  closing.push(() => echo.close());
  const { gateway } = await started({ erp: echo.origin });
  const { opening, host } = await gateway.open();
  const secret = await connected(gateway, opening);
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, {
    headers: { host, authorization: `Bearer ${secret}` },
  });
  closing.push(() => socket.terminate());
  const echoed = new Promise<string>((resolve, reject) => {
    socket.on('message', (data: Buffer) => resolve(data.toString()));
    socket.on('error', reject);
  });
  socket.on('open', () => socket.send('hello'));
  expect(await echoed).toBe('hello');
  expect(JSON.stringify(echo.upgrades[0]?.rawHeaders)).not.toContain(secret);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await gateway.app.authority.end({ client: 'acme', opening }, 'technician', undefined);
  await closed;
});

test('what it fetches is cut when the access is closed, and it opens nothing after', async () => {
  const slow = await httpUpstream((_req, res) => {
    res.writeHead(200, { 'content-type': 'text/plain' });
    res.write('begun');
  });
  closing.push(() => slow.close());
  const { gateway } = await started({ erp: slow.origin });
  const { opening, host } = await gateway.open();
  const secret = await connected(gateway, opening);
  const running = open(
    gateway.port,
    `GET /customers HTTP/1.1\r\nHost: ${host}\r\nConsentry-Access: ${secret}\r\n\r\n`,
  );
  await running.until('begun');
  await gateway.app.authority.end({ client: 'acme', opening }, 'technician', undefined);
  await running.closed;

  for (let i = 0; i < 5; i += 1) {
    const answer = await ask(gateway, host, [`Authorization: Bearer ${secret}`]);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'tool_ended']);
  }
  const posted = await ask(gateway, host, [`Consentry-Access: ${secret}`, 'Content-Length: 0'], 'POST', '/');
  expect(codeOf(posted)).toBe('tool_ended');
  expect(slow.requests).toHaveLength(1);
  const told = await refusals(gateway);
  expect(told.map(({ leaf }) => [leaf.reason, leaf.session, leaf.system, leaf.method])).toEqual([
    ['tool_ended', opening, 'erp', 'POST'],
    ['tool_ended', opening, 'erp', 'GET'],
  ]);
  const late = await gateway.app.authority.run({ do: 'tool', client: 'acme', opening, hash: 'h' });
  expect(late).toEqual({ refused: 'opening_ended' });
  expect(await gateway.app.archive.fsck()).toEqual([]);
});

test('it outlives a restart as long as its access does, and an ended one is still known after it', async () => {
  const { gateway, erp, others } = await started();
  const ended = await gateway.open();
  const over = await connected(gateway, ended.opening);
  await gateway.app.authority.end({ client: 'acme', opening: ended.opening }, 'technician', undefined);
  const { opening, host } = await gateway.open();
  const secret = await connected(gateway, opening);
  closing.pop();
  await gateway.close(true);
  const { gateway: again } = await started({
    ...{ folder: gateway.folder, port: gateway.port },
    ...{ erp: erp.origin, backup: others.origin },
  });
  // A start that took long has to hear of the other processes first.
  await until(() => again.app.authority.inTouch());
  expect((await ask(again, host, [`Consentry-Access: ${secret}`])).status).toBe(200);
  const answer = await ask(again, host, [`Consentry-Access: ${over}`]);
  expect(codeOf(answer)).toBe('tool_ended');
  expect((await refusals(again))[0]?.leaf).toMatchObject({ session: ended.opening, reason: 'tool_ended' });
});

test('at another system it opens nothing; the log of its client says so and names no other client’s system', async () => {
  const { gateway, others } = shared();
  const { opening } = await gateway.open();
  const secret = await connected(gateway, opening);
  const hosts = [`backup.acme.localhost:${gateway.port}`, `payroll.martin.localhost:${gateway.port}`];
  for (const host of hosts) {
    const answer = await ask(gateway, host, [`Consentry-Access: ${secret}`], 'GET', '/');
    expect([answer.status, codeOf(answer)]).toEqual([403, 'tool_elsewhere']);
  }
  expect(others.requests).toHaveLength(0);
  const told = (await refusals(gateway)).filter(({ leaf }) => leaf.session === opening);
  expect(told.map(({ leaf }) => [leaf.reason, leaf.system])).toEqual([
    ['tool_elsewhere', ''],
    ['tool_elsewhere', 'backup'],
  ]);
  expect(await refusals(gateway, 'martin')).toEqual([]);
  // What was made for one access is made for no other of the same person.
  const second = await gateway.open({ system: 'backup', purpose: 'backup' });
  const answer = await ask(gateway, second.host, [`Consentry-Access: ${secret}`], 'GET', '/');
  expect(codeOf(answer)).toBe('tool_elsewhere');
});

test('beside a cookie it is refused, whosever either is', async () => {
  const { gateway, erp } = shared();
  const first = await gateway.open();
  const second = await gateway.open();
  const secret = await connected(gateway, first.opening);
  const strange = toolSecret(randomBytes(32));
  const origin = `Origin: http://${first.host}`;
  for (const [cookie, credential, session] of [
    [first.cookie, secret, first.opening],
    [second.cookie, secret, second.opening],
    ['__Host-consentry=nobody', secret, first.opening],
    [first.cookie, strange, first.opening],
  ] as const) {
    const answer = await ask(gateway, first.host, [
      `Cookie: ${cookie}`,
      `Authorization: Bearer ${credential}`,
      origin,
    ]);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'tool_beside_cookie']);
    expect((await refusals(gateway)).some(({ leaf }) => leaf.session === session)).toBe(true);
  }
  expect(erp.requests).toHaveLength(0);
});

test('the cookie’s secret is no credential, and a credential is no cookie', async () => {
  const { gateway, erp } = shared();
  const { opening, host, cookie } = await gateway.open();
  const secret = await connected(gateway, opening);
  const value = cookie.split('=')[1] ?? '';
  const asBearer = await ask(gateway, host, [`Consentry-Access: ${value}`]);
  expect([asBearer.status, codeOf(asBearer)]).toEqual([400, 'bad_request']);
  const asCookie = await ask(gateway, host, [
    `Cookie: __Host-consentry=${secret}`,
    'Sec-Fetch-Site: same-origin',
  ]);
  expect([asCookie.status, codeOf(asCookie)]).toEqual([401, 'not_authenticated']);
  expect(erp.requests).toHaveLength(0);
});

test('a browser that has learned it as a password meets the same gate as with a cookie', async () => {
  const { gateway, erp } = shared();
  const { opening, host } = await gateway.open();
  const secret = await connected(gateway, opening);
  const line = `Authorization: ${basic('any', secret)}`;
  for (const more of [
    ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors', 'Origin: http://evil.localhost'],
    ['Origin: http://evil.localhost'],
    ['Origin: null'],
    ['Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: cors'],
  ]) {
    const answer = await ask(gateway, host, [line, ...more, 'Content-Length: 0'], 'POST', '/customers/1');
    expect([answer.status, codeOf(answer)]).toEqual([403, 'cross_site']);
  }
  expect(erp.requests).toHaveLength(0);
  const own = await ask(gateway, host, [line, `Origin: http://${host}`]);
  expect(own.status).toBe(200);
});

test('one that is not read in exactly one way goes nowhere', async () => {
  const { gateway, erp } = shared();
  const { opening, host } = await gateway.open();
  const secret = await connected(gateway, opening);
  const bad: readonly (readonly string[])[] = [
    [`Consentry-Access: ${secret}`, `Consentry-Access: ${secret}`],
    [`Consentry-Access: ${secret}`, `Authorization: Bearer ${secret}`],
    [`Authorization: Bearer ${secret}`, 'Authorization: Basic YTpi'],
    [`Authorization: Digest ${secret}`],
    [`Authorization: ${secret}`],
    [`Authorization: Bearer ${secret} more`],
    [`Authorization: Bearer "${secret}"`],
    [`Authorization: ${basic(secret, '')}`],
    [`Authorization: Basic ${Buffer.from(secret).toString('base64')}`],
    [`Authorization: ${basic('any', `${secret} `)}`],
    [`Consentry-Access: ${secret.slice(0, -1)}`],
    ['Consentry-Access:'],
  ];
  for (const lines of bad) {
    const answer = await ask(gateway, host, lines);
    expect([lines, answer.status, codeOf(answer)]).toEqual([lines, 400, 'bad_request']);
  }
  expect(erp.requests).toHaveLength(0);
});

test('strangers are asked for one, are only counted, and a browser is not prompted', async () => {
  const { gateway, erp } = shared();
  await gateway.open();
  const host = `erp.acme.localhost:${gateway.port}`;
  const before = (await gateway.lines()).length;
  const none = await ask(gateway, host, []);
  expect([none.status, codeOf(none)]).toEqual([401, 'not_authenticated']);
  expect(none.text).toMatch(/\r\nWWW-Authenticate: Basic realm="Consentry"\r\n/);
  const strange = await ask(gateway, host, [`Consentry-Access: ${toolSecret(randomBytes(32))}`]);
  expect([strange.status, codeOf(strange)]).toEqual([401, 'tool_unknown']);
  expect(strange.text).toMatch(/\r\nWWW-Authenticate: Basic/);
  const script = await ask(gateway, host, ['Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty']);
  expect(script.status).toBe(401);
  expect(script.text).not.toMatch(/WWW-Authenticate/i);
  expect(erp.requests).toHaveLength(0);
  expect((await gateway.lines()).length).toBe(before);
});

test('an access has at most five, and a stop ends them all', async () => {
  const { gateway } = await started();
  const { opening, host } = await gateway.open();
  const made: string[] = [];
  for (let i = 0; i < 5; i += 1) made.push(await connected(gateway, opening));
  const sixth = await gateway.app.authority.run({ do: 'tool', client: 'acme', opening, hash: 'h' });
  expect(sixth).toEqual({ refused: 'too_many_tools' });
  const elsewhere = await gateway.app.authority.run({ do: 'tool', client: 'martin', opening, hash: 'h' });
  expect(elsewhere).toEqual({ refused: 'opening_ended' });
  for (const secret of made)
    expect((await ask(gateway, host, [`Consentry-Access: ${secret}`])).status).toBe(200);
  await gateway.app.authority.end({ client: 'acme' }, 'stopped', undefined);
  for (const secret of made)
    expect(codeOf(await ask(gateway, host, [`Consentry-Access: ${secret}`]))).toBe('tool_ended');
});

test('it lies in no file and in nothing that is printed', async () => {
  const printed: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const { gateway } = await started();
  const { opening, host } = await gateway.open();
  const secret = await connected(gateway, opening);
  await ask(gateway, host, [`Authorization: ${basic('any', secret)}`]);
  await ask(gateway, host, [`Authorization: Digest ${secret}`]);
  await gateway.app.authority.end({ client: 'acme', opening }, 'technician', undefined);
  await ask(gateway, host, [`Authorization: Bearer ${secret}`]);
  jest.restoreAllMocks();
  expect(printed.join('')).not.toContain(secret);
  const files = await readdir(gateway.folder, { recursive: true, withFileTypes: true });
  const whole = files.filter((file) => file.isFile());
  expect(whole.some(({ name }) => name === 'ledger.db')).toBe(true);
  for (const { parentPath, name } of whole)
    expect((await readFile(join(parentPath, name))).includes(secret)).toBe(false);
});
