/**
 * Credentials that the client handed over go up to its system and nowhere else: in place of what the browser sends under that
 * name, replaced without a restart, and in no byte that comes down, whatever fails.
 */
import { once } from 'node:events';
import { chmodSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { type CredentialGateway, credentialGateway } from '../support/credentials.ts';
import type { OpenedAccess, TestGateway } from '../support/gateway.ts';
import { policyFolder } from '../support/policies.ts';
import { type RawAnswer, raw } from '../support/raw.ts';
import { echoUpstream, type HttpUpstream, httpUpstream, rawUpstream } from '../support/upstreams.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  jest.restoreAllMocks();
});

async function started(...args: Parameters<typeof credentialGateway>): Promise<CredentialGateway> {
  const made = await credentialGateway(...args);
  closing.push(() => made.gateway.close());
  return made;
}

type Answerer = NonNullable<Parameters<typeof httpUpstream>[0]>;

async function upstreamThat(answers: Answerer): Promise<HttpUpstream> {
  const upstream = await httpUpstream(answers);
  closing.push(() => upstream.close());
  return upstream;
}

const fine: Answerer = (_req, res) => void res.writeHead(200, { 'content-type': 'text/plain' }).end('ok');

function get(port: number, access: OpenedAccess, more = ''): Promise<RawAnswer> {
  return raw(
    port,
    `GET /customers HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n${more}\r\n`,
  );
}

const kinds = [
  [
    'kind: basic',
    'p:ä ss',
    'authorization',
    `Basic ${Buffer.from('acme-provider:p:ä ss').toString('base64')}`,
  ],
  ['kind: bearer', 'abc.DEF-1==', 'authorization', 'Bearer abc.DEF-1=='],
  ['kind: header, header: X-Api-Key', 'k 1', 'x-api-key', 'k 1'],
] as const;

describe('a header line', () => {
  test.each(kinds)(
    'of %s goes up once, in place of the browser’s',
    async (credential, secret, name, value) => {
      const upstream = await upstreamThat(fine);
      const { gateway } = await started(credential, `${secret}\n`, { erp: upstream.origin });
      const access = await gateway.open();
      const answer = await get(gateway.port, access, `${name.toUpperCase()}: mine\r\n`);
      expect(answer.status).toBe(200);
      const lines = upstream.requests[0]?.rawHeaders ?? [];
      const sent = lines.filter((_, i) => i % 2 === 1 && lines[i - 1]?.toLowerCase() === name);
      expect(sent).toEqual([value]);
    },
  );

  test('goes up with an upgrade too', async () => {
    const upstream = await echoUpstream();
    closing.push(() => upstream.close());
    const { gateway } = await started('kind: bearer', 'tok', { erp: upstream.origin });
    const access = await gateway.open();
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, {
      headers: {
        host: access.host,
        cookie: access.cookie,
        origin: `http://${access.host}`,
        authorization: 'x',
      },
    });
    await once(socket, 'open');
    expect(upstream.upgrades.map(({ headers }) => headers.authorization)).toEqual(['Bearer tok']);
    socket.terminate();
  });

  test('stands with its account on the line, and with no secret', async () => {
    const upstream = await upstreamThat(fine);
    const { gateway } = await started('kind: bearer', 'tok-secret', { erp: upstream.origin });
    await get(gateway.port, await gateway.open());
    await gateway.lastOutcome();
    const lines = await gateway.lines();
    const intent = lines.find(({ leaf }) => leaf.t === 'access.intent');
    expect(intent?.groups.target).toEqual({ path: '/customers', account: 'acme-provider' });
    expect(JSON.stringify(lines)).not.toContain('tok-secret');
  });
});

describe('a client certificate', () => {
  /** Tells whose certificate it was shown. */
  async function secureUpstream(): Promise<number> {
    const options = { requestCert: true, rejectUnauthorized: false };
    const cert = await readFile('test/vectors/tls/localhost.pem');
    const server: Server = createServer(
      { ...options, cert, key: await readFile('test/vectors/tls/localhost.key') },
      (req, res) => {
        const { fingerprint256 = 'none' } = (req.socket as TLSSocket).getPeerCertificate();
        res.writeHead(200, { 'content-type': 'text/plain', 'content-length': fingerprint256.length });
        res.end(fingerprint256);
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }

  async function pair(name: string): Promise<string> {
    const parts = ['pem', 'key'].map((end) => readFile(`test/vectors/tls/${name}.${end}`, 'utf8'));
    return (await Promise.all(parts)).join('');
  }

  async function policiesFor(port: number): Promise<string> {
    const policies = await mkdtemp(join(tmpdir(), 'consentry-policies-'));
    closing.push(() => rm(policies, { recursive: true, force: true }));
    await cp('policies', policies, { recursive: true });
    await mkdir(join(policies, 'certificates'));
    await cp('test/vectors/tls-ca.pem', join(policies, 'certificates/test.pem'));
    const file = join(policies, 'clients/acme.yaml');
    const upstream = `{ url: "https://127.0.0.1:${port}", server_name: localhost, ca_file: certificates/test.pem }`;
    const text = await readFile(file, 'utf8');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy
    await writeFile(file, text.replace('{ url: "${ERP_UPSTREAM}" }', upstream));
    return policies;
  }

  test('is shown to the system, and another one after it was replaced', async () => {
    const port = await secureUpstream();
    const first = await pair('erp.acme.localhost');
    const { gateway, replace } = await started('kind: certificate', first, {
      policies: await policiesFor(port),
    });
    const access = await gateway.open();
    const one = await get(gateway.port, access);
    expect(one.status).toBe(200);
    replace(await pair('portal.localhost'));
    const other = await get(gateway.port, access);
    expect([one.body, other.body]).toEqual([
      expect.stringMatching(/^[0-9A-F:]{95}$/),
      expect.stringMatching(/^[0-9A-F:]{95}$/),
    ]);
    expect(other.body).not.toBe(one.body);
  });
});

describe('what the system says about it', () => {
  let answers: Answerer;
  let upstream: HttpUpstream;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await httpUpstream((...asked) => answers(...asked));
    // Where people might sign in to the application themselves, somebody else's account is not theirs to mend either.
    const profile = await readFile('policies/profiles/erp-demo.yaml', 'utf8');
    const policies = await policyFolder({ 'profiles/erp-demo.yaml': `${profile}pass_authorization: true\n` });
    const options = { erp: upstream.origin, policies: policies.path };
    ({ gateway } = await credentialGateway('kind: basic', 'wrong', options));
    await policies.remove();
  });
  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  test('a challenge becomes an answer of ours, without a word of it', async () => {
    answers = (_req, res) =>
      void res.writeHead(401, { 'www-authenticate': 'Basic realm="inner"' }).end('say the password');
    const answer = await get(gateway.port, await gateway.open());
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('credential_refused');
    expect(answer.text).not.toMatch(/www-authenticate|inner|say the password/i);
    expect(await gateway.lastOutcome()).toBe('complete');
    const result = (await gateway.lines()).find(({ leaf }) => leaf.t === 'access.result');
    expect(result?.leaf.status).toBe(401);
  });

  test('a 401 of the application itself passes', async () => {
    answers = (_req, res) =>
      void res.writeHead(401, { 'content-type': 'text/plain' }).end('sign in to the ERP');
    const answer = await get(gateway.port, await gateway.open());
    expect([answer.status, answer.body.includes('sign in to the ERP')]).toEqual([401, true]);
  });

  test('a challenge beside another status is taken out', async () => {
    const challenge = {
      'WWW-Authenticate': 'Negotiate abc',
      'Authentication-Info': 'x',
      'content-type': 'text/plain',
    };
    answers = (_req, res) => void res.writeHead(200, challenge).end('ok');
    const answer = await get(gateway.port, await gateway.open());
    expect(answer.status).toBe(200);
    expect(answer.text).not.toMatch(/authenticat/i);
  });
});

test('an upgrade refused with 401 is told in our words', async () => {
  const upstream = await rawUpstream(
    'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="inner"\r\nContent-Length: 0\r\n\r\n',
  );
  closing.push(() => upstream.close());
  const { gateway } = await started('kind: basic', 'pw', { erp: upstream.origin });
  const access = await gateway.open();
  const answer = await raw(
    gateway.port,
    `GET /ws HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  expect(answer.status).toBe(502);
  expect(answer.text).toContain('credential_refused');
  expect(answer.text).not.toMatch(/www-authenticate|inner/i);
});

describe('rotation without a restart', () => {
  let upstream: HttpUpstream;
  let made: CredentialGateway;
  let access: OpenedAccess;

  beforeAll(async () => {
    upstream = await httpUpstream(fine);
    made = await credentialGateway('kind: bearer', 'first', { erp: upstream.origin });
    access = await made.gateway.open();
  });
  afterAll(async () => {
    await made?.gateway.close();
    await upstream?.close();
  });

  /** What a request brought up, or how it was refused. */
  async function sent(): Promise<string | number> {
    const before = upstream.requests.length;
    const { status } = await get(made.gateway.port, access);
    return upstream.requests.length === before
      ? status
      : (upstream.requests.at(-1)?.headers.authorization ?? '');
  }

  beforeEach(async () => {
    made.replace('first');
    expect(await sent()).toBe('Bearer first');
  });

  test('the exchange after the file was replaced uses the new secret', async () => {
    made.replace('second');
    expect(await sent()).toBe('Bearer second');
  });

  test.each([
    ['half-written', (file: string) => truncateSync(file)],
    ['with a second line', (file: string) => writeFileSync(file, 'first\nsecond')],
    ['open to others', (file: string) => chmodSync(file, 0o644)],
  ])('a file that is %s leaves the former secret', async (_, spoil) => {
    spoil(made.file);
    expect([await sent(), await sent()]).toEqual(['Bearer first', 'Bearer first']);
  });

  test('a file that is gone is a credential taken back: nothing goes up', async () => {
    rmSync(made.file);
    expect([await sent(), await sent()]).toEqual([503, 503]);
    made.replace('again');
    expect(await sent()).toBe('Bearer again');
  });
});

const canary = 'Geheimnis-K4n4r1';
const encoded = Buffer.from(`acme-provider:${canary}`).toString('base64');

test('the secret is in no answer, file, export or output, through success and every failure', async () => {
  const printed: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  const upstream = await upstreamThat((req, res) => {
    if (req.url === '/customers/1') res.socket?.end('HTTP/1.1 999 odd\r\n\r\n');
    else if (req.url === '/customers/2') res.socket?.destroy();
    else if (req.url === '/customers/3') res.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    else if (req.url === '/customers/4')
      res.writeHead(302, { location: 'https://elsewhere.example/', 'content-type': 'text/plain' }).end();
    else if (req.url === '/customers/5') res.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
    else if (req.url === '/customers/6')
      res.writeHead(200, { 'content-type': 'text/plain' }).write('begun', () => res.socket?.destroy());
    else if (req.url === '/customers/7')
      res.writeHead(200, { 'content-disposition': 'attachment' }).end('copy');
    else res.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  });
  const made = await started('kind: basic', canary, { erp: upstream.origin });
  const { gateway } = made;
  const access = await gateway.open();
  const answers: string[] = [];
  const ask = async (path: string, more = ''): Promise<void> => {
    const head = `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n${more}\r\n`;
    answers.push((await raw(gateway.port, head)).text);
  };
  for (const page of ['', 'Sec-Fetch-Dest: document\r\nAccept: text/html\r\n'])
    for (const path of [
      '/',
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => `/customers/${n}`),
      '/a/../b',
      '/export/full.bin',
    ])
      await ask(path, page);
  await ask('/ws', 'Connection: Upgrade\r\nUpgrade: websocket\r\n');
  truncateSync(made.file);
  await ask('/');
  rmSync(made.file);
  await ask('/');
  expect(answers.map((text) => Number(text.slice(9, 12)))).toEqual(
    expect.arrayContaining([200, 302, 403, 502, 503]),
  );
  await gateway.lastOutcome();
  for await (const piece of gateway.app.archive.export('acme'))
    answers.push(Buffer.from(piece).toString('latin1'));
  answers.push(JSON.stringify(await gateway.lines()));
  made.replace('gone');
  const { folder } = gateway;
  await gateway.app.close();
  closing.pop();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile()))
    answers.push((await readFile(join(entry.parentPath, entry.name))).toString('latin1'));
  await rm(folder, { recursive: true, force: true });
  const all = [...answers, printed.join('')].join('\n');
  expect(upstream.requests.some(({ headers }) => headers.authorization === `Basic ${encoded}`)).toBe(true);
  for (const form of [
    canary,
    encoded,
    Buffer.from(canary).toString('hex'),
    Buffer.from(canary).toString('base64'),
  ])
    expect(all).not.toContain(form);
});
