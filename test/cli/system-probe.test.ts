/** `consentry system probe` against a real server: what it asks for, what it leaves alone, what it prints. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { systemCommand } from '../../src/cli/system.ts';
import { fetchPages, probeLimits } from '../../src/cli/system-probe.ts';
import { folder as policies, replaced } from '../core/policy-folder.ts';
import { terminalInto } from '../support/terminal.ts';

const servers: Server[] = [];
const said: string[] = [];
const terminal = terminalInto(said);

beforeEach(() => void said.splice(0));
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const pages: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/': [
    'text/html',
    '<a href="/customers">x</a><a href="/logout">x</a><script src="/static/app.js"></script>',
  ],
  '/customers': [
    'text/html; charset=utf-8',
    '<a href="https://sso.example/in?secret=1">x</a><a href="/">x</a>',
  ],
  '/static/app.js': ['text/javascript', 'new WebSocket("/ws"); fetch("https:\\/\\/api.example\\/v1")'],
};

function application(seen: IncomingMessage[]): RequestListener {
  return (request, response) => {
    seen.push(request);
    const found = pages[request.url ?? ''];
    response.writeHead(found === undefined ? 404 : 200, {
      'content-type': found?.[0] ?? 'text/plain',
      'set-cookie': 'sid=very-secret; Domain=.acme.example',
    });
    response.end(found?.[1]);
  };
}

test('follows links of the origin with GET alone, as a stranger, and prints what it found', async () => {
  const seen: IncomingMessage[] = [];
  const origin = await serve(application(seen));
  expect(await systemCommand(['probe', origin], {}, terminal)).toBe(0);
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /',
    'GET /customers',
    'GET /static/app.js',
  ]);
  for (const { headers } of seen) {
    expect(headers).not.toHaveProperty('cookie');
    expect(headers).not.toHaveProperty('authorization');
  }
  const text = said.join('\n');
  expect(said[0]).toBe(`looked at  3 answers of ${origin}; the first is 200`);
  expect(said).toEqual(
    expect.arrayContaining([
      'foreign    sso.example, 1 times: https://sso.example/in',
      'foreign    api.example, 1 times: https://api.example/v1',
      'cookie     sid, of acme.example',
      'socket     /ws',
    ]),
  );
  expect(text).not.toContain('secret');
  expect(text).toContain('path: /static/**');
});

test('looks at so many pages at most, also where links never end', async () => {
  let count = 0;
  const origin = await serve((_, response) => {
    count += 1;
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<a href="/p${count}">x</a>`);
  });
  expect(await systemCommand(['probe', origin, '--pages', '3'], {}, terminal)).toBe(0);
  expect(count).toBe(3);
});

test('an answer without an end, and one that is no text, is looked at as far as it goes', async () => {
  const origin = await serve((request, response) => {
    if (request.url === '/') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('<a href="/feed"><a href="/film">');
      response.end();
    } else if (request.url === '/feed') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: x\n\n');
    } else {
      const more = (): void => {
        while (!response.destroyed && response.write('<a href="/more">'.repeat(4_096)));
        if (!response.destroyed) response.once('drain', more);
      };
      response.writeHead(200, { 'content-type': 'text/html' });
      more();
    }
  });
  const answers = await fetchPages({ origin, host: undefined }, { ...probeLimits, pages: 3 });
  expect(answers.map(({ path, body }) => [path, body.length])).toEqual([
    ['/', 32],
    ['/feed', 0],
    ['/film', 524_288],
  ]);
});

test('a redirect within the origin is followed, also under the public name; any other is told', async () => {
  const to: Readonly<Record<string, string>> = { '/': '/home', '/home': 'https://erp.acme.example/start' };
  const seen: (string | undefined)[] = [];
  const origin = await serve((request, response) => {
    seen.push(request.headers.host);
    response.writeHead(302, { location: to[request.url ?? ''] ?? 'https://sso.example/login?x=1' }).end();
  });
  const answers = await fetchPages({ origin, host: 'erp.acme.example' }, probeLimits);
  expect(answers.map(({ path }) => path)).toEqual(['/', '/home', '/start']);
  expect(new Set(seen)).toEqual(new Set(['erp.acme.example']));
});

test('what does not answer is an error, at once or after its time', async () => {
  const origin = await serve(() => undefined);
  await expect(
    fetchPages({ origin, host: undefined }, { pages: 1, each: 50, all: 1_000 }),
  ).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  const [server] = servers.splice(0);
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
  expect(await systemCommand(['probe', origin], {}, terminal)).toBe(1);
  expect(said.join()).toContain('ECONNREFUSED');
});

test('a system of the policy is asked as the policy says; one that is not there, nor a faulty policy, is not', async () => {
  const base = await mkdtemp(join(tmpdir(), 'consentry-probe-'));
  try {
    const changed = replaced('clients/acme.yaml', 'https://10.1.0.1:8443', 'http://erp.invalid');
    const folder = join(base, 'policies');
    for (const { path, text } of policies({ 'clients/acme.yaml': changed })) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const env = { CONSENTRY_POLICIES: folder, CONSENTRY_PORTAL_URL: 'https://portal.msp.example' };
    expect(await systemCommand(['probe', 'acme/erp'], env, terminal)).toBe(1);
    expect(said.join()).toContain('acme/erp cannot be looked at (ENOTFOUND)');
    expect(await systemCommand(['probe', 'acme/nothing'], env, terminal)).toBe(1);
    expect(await systemCommand(['probe', 'acme/erp'], { ...env, CONSENTRY_POLICIES: base }, terminal)).toBe(
      1,
    );
  } finally {
    await rm(base, { recursive: true, force: true });
  }
});

test.each([
  [],
  ['probe'],
  ['look', 'http://a.example'],
  ['probe', 'http://a.example', 'acme/erp'],
  ['probe', 'ftp://a.example'],
  ['probe', 'http://user:secret@a.example'],
  ['probe', 'http://a.example/?token=secret'],
  ['probe', 'http://['],
  ['probe', 'acme'],
  ['probe', '../etc'],
  ['probe', 'acme/erp', '--pages', '0'],
  ['probe', 'acme/erp', '--pages', '101'],
  ['probe', 'acme/erp', '--pages', 'all'],
  ['probe', 'acme/erp', '--follow'],
])('%j is not understood', async (...args) => {
  expect(await systemCommand(args, {}, terminal)).toBe(2);
});

test('what is proposed is YAML', async () => {
  const origin = await serve(application([]));
  await systemCommand(['probe', origin], {}, terminal);
  const from = said.indexOf('');
  for (const document of parseAllDocuments(said.slice(from).join('\n').replaceAll('\n\n', '\n---\n')))
    expect('errors' in document ? document.errors : []).toEqual([]);
});
