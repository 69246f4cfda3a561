/**
 * A policy that changes while the gateway runs: what changed is in the client's log before it takes effect, what no
 * longer qualifies is cut within a second and nothing else, and whatever is wrong leaves the policy as it is.
 */
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { createErp } from '../../src/demo/erp.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';

const sample = new URL('../../policies/', import.meta.url).pathname;

let home: string;
let policies: string;
let erp: Awaited<ReturnType<typeof createErp>>;
let gateway: TestGateway;

beforeAll(async () => {
  erp = await createErp();
});

afterAll(async () => {
  await erp?.close();
});

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'consentry-reload-'));
  policies = join(home, 'policies');
  await cp(sample, policies, { recursive: true });
  // The cases of the sample speak about people whom these tests take out.
  await rm(join(policies, 'cases'), { recursive: true });
  // Carla works beside Alice here, and is like her in everything.
  await edit('staff.yaml', (text) =>
    text.replace(/  alice:\n[\s\S]*?\n\n/, (alice) => alice + alice.replace(/alice/g, 'carla')),
  );
  gateway = await startTestGateway({ erp: erp.origin, policies, live: true });
});

afterEach(async () => {
  await gateway?.close();
  await rm(home, { recursive: true, force: true });
});

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(policies, file);
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  // Complete at once, as an editor or a deployment should do it.
  await writeFile(join(home, 'new'), changed);
  await rename(join(home, 'new'), path);
}

/** Takes one person out of the staff file. */
function without(person: string): (text: string) => string {
  return (text) => text.replace(new RegExp(`\\n  ${person}:\\n[\\s\\S]*?(?=\\n\\n)`), '');
}

function socket(access: OpenedAccess): WebSocket {
  const headers = { host: access.host, cookie: access.cookie, origin: `http://${access.host}` };
  return new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, { headers });
}

function get(access: OpenedAccess, path = '/'): ReturnType<typeof raw> {
  return raw(
    gateway.port,
    `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
  );
}

test('a client that is taken out of service: what is open there is cut', async () => {
  const alice = await gateway.open({ person: 'alice' });
  const live = socket(alice);
  live.on('error', () => undefined);
  await once(live, 'open');
  const closed = once(live, 'close');
  const before = performance.now();
  await edit('clients/acme.yaml', (text) => text.replace('name: ', 'status: ended\nname: '));
  await closed;
  expect(performance.now() - before).toBeLessThan(1500);
  expect((await get(alice)).status).not.toBe(200);
  const closing = (await gateway.lines()).find(({ leaf }) => leaf.t === 'session.closed');
  expect(closing?.leaf.cause).toBe('policy');
});

test('one person is removed: their WebSocket dies within a second and nobody else’s', async () => {
  const alice = await gateway.open({ person: 'alice' });
  const carla = await gateway.open({ person: 'carla' });
  const [hers, other] = [socket(alice), socket(carla)];
  await Promise.all([once(hers, 'open'), once(other, 'open')]);
  const closed = once(other, 'close');
  other.on('error', () => undefined);
  const before = performance.now();
  await edit('staff.yaml', without('carla'));
  await closed;
  expect(performance.now() - before).toBeLessThan(1000);
  const echoed = new Promise<void>((resolve) => {
    hers.on('message', (data) => {
      if (String(data).includes('still here')) resolve();
    });
  });
  hers.send('still here');
  await echoed;
  expect(hers.readyState).toBe(WebSocket.OPEN);
  expect((await get(alice)).status).toBe(200);
  expect((await get(carla)).status).toBe(401);
  const end = (await gateway.lines()).find(({ leaf }) => leaf.t === 'session.closed');
  expect(end?.leaf).toMatchObject({ session: carla.opening, cause: 'policy' });
  hers.close();
});
