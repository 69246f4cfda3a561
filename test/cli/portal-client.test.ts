/** What the commands without a browser keep and say: private files alone, one portal alone, no redirect, no plain HTTP. */
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import {
  createPortalClient,
  PortalRefusal,
  PortalUnreachable,
  readPortal,
} from '../../src/cli/portal-client.ts';
import { NotPrivate, readPrivate, stateFolder, writePrivate } from '../../src/cli/private-files.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'consentry-state-'));
  closing.push(() => rm(made, { recursive: true, force: true }));
  return join(made, 'consentry');
}

test('what is kept is for its owner alone, and replaced in one step', async () => {
  const state = await folder();
  const file = join(state, 'session.json');
  expect(await readPrivate(file)).toBeUndefined();
  await writePrivate(file, 'one');
  await writePrivate(file, 'two');
  expect(await readPrivate(file)).toBe('two');
  expect([(await stat(state)).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(await readdir(state)).toEqual(['session.json']);
});

test.each([0o640, 0o604, 0o620, 0o660, 0o644])(
  'a file that others may read or write is not read: %i',
  async (mode) => {
    const file = join(await folder(), 'session.json');
    await writePrivate(file, 'secret');
    await chmod(file, mode);
    const why = await readPrivate(file).catch((error: unknown) => error);
    expect(why).toBeInstanceOf(NotPrivate);
    expect(String(why)).toContain('chmod 600');
    expect(String(why)).not.toContain('secret');
  },
);

test('nor one in a folder that others may enter, nor one that is a link', async () => {
  const state = await folder();
  const file = join(state, 'session.json');
  await writePrivate(file, 'secret');
  await chmod(state, 0o755);
  await expect(readPrivate(file)).rejects.toThrow('chmod 700');
  await expect(writePrivate(file, 'other')).rejects.toThrow('chmod 700');
  await chmod(state, 0o700);
  const link = join(state, 'link.json');
  await symlink(file, link);
  await expect(readPrivate(link)).rejects.toThrow('is a link');
});

test('the folder follows XDG_STATE_HOME, else the home folder', async () => {
  expect(stateFolder({ XDG_STATE_HOME: '/s', HOME: '/h' })).toBe('/s/consentry');
  expect(stateFolder({ XDG_STATE_HOME: 'relative', HOME: '/h' })).toBe('/h/.local/state/consentry');
  expect(() => stateFolder({})).toThrow(NotPrivate);
  const state = await folder();
  await mkdir(state, { mode: 0o777 });
  await chmod(state, 0o777);
  await writeFile(join(state, 'x'), 'x', { mode: 0o600 });
  await expect(readPrivate(join(state, 'x'))).rejects.toThrow(NotPrivate);
});

test('a portal is an origin, by https, or on this machine', () => {
  for (const good of ['https://access.example.com', 'http://portal.localhost:8080', 'http://127.0.0.1:8080/'])
    expect(readPortal(good)).toHaveProperty('portal');
  for (const bad of [
    ...[
      'http://access.example.com',
      'http://localhost.example.com',
      'http://evil-localhost',
      'access.example.com',
    ],
    ...[
      'https://user:pw@access.example.com',
      'https://access.example.com/portal',
      'ftp://access.example.com',
      '',
    ],
  ])
    expect([bad, readPortal(bad)]).toEqual([
      bad,
      { wrong: { en: expect.any(String), fr: expect.any(String) } },
    ]);
});

async function server(answer: RequestListener): Promise<URL> {
  const made = createServer(answer);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  closing.push(() => made.close());
  return new URL(`http://portal.localhost:${(made.address() as AddressInfo).port}`);
}

test('asks with the token, and tells a refusal from nonsense', async () => {
  const seen: unknown[] = [];
  const portal = await server((req, res) => {
    seen.push([req.headers.host, req.headers.authorization, req.headers['accept-language'], req.url]);
    if (req.url === '/html') res.end('<html>');
    else if (req.url === '/nothing') res.writeHead(500).end('{}');
    else if (req.url === '/refused')
      res
        .writeHead(400, { 'retry-after': '5' })
        .end(JSON.stringify({ code: 'slow_down', title: 'A\u001b[2J', detail: 'B' }));
    else res.end('{"ok":true}');
  });
  const ask = createPortalClient(portal, { LANG: 'fr_FR.UTF-8' });
  expect(await ask({ method: 'POST', path: '/ok', token: 't', body: { a: 1 } })).toEqual({ ok: true });
  expect(seen).toEqual([[portal.host, 'Bearer t', 'fr', '/ok']]);
  const refused = await ask({ method: 'GET', path: '/refused' }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ status: 400, code: 'slow_down', title: 'A�[2J', retryAfter: 5 });
  expect(refused).toBeInstanceOf(PortalRefusal);
  for (const path of ['/html', '/nothing'])
    await expect(ask({ method: 'GET', path })).rejects.toThrow(PortalUnreachable);
});

test('a redirect is not followed: nobody else sees the token', async () => {
  const others: unknown[] = [];
  const elsewhere = await server((req, res) => {
    others.push(req.headers);
    res.end('{}');
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const portal = await server((_req, res) => {
      res.writeHead(status, { location: elsewhere.href }).end();
    });
    const ask = createPortalClient(portal, {});
    await expect(ask({ method: 'GET', path: '/x', token: 'secret' })).rejects.toThrow('is not followed');
  }
  expect(others).toEqual([]);
});

test('nobody there is said in a sentence', async () => {
  const portal = await server((req) => req.socket.destroy());
  await expect(createPortalClient(portal, {})({ method: 'GET', path: '/' })).rejects.toThrow(
    'does not answer',
  );
});
