/**
 * Time that runs out under a transfer: what was running may finish for as long as the purpose says, nothing new begins, and a
 * stop ends it like everything else.
 */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Exchange } from '../../src/gateway/exchange.ts';
import { TestClock } from '../support/clock.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { policyFolder } from '../support/policies.ts';
import { raw } from '../support/raw.ts';
import {
  type StreamKind,
  type StreamUpstream,
  startStream,
  streamUpstream,
  until,
} from '../support/streams.ts';

/** For these accesses; each ends when the clock is put ahead. */
const minutes = 1 / 2;

let upstream: StreamUpstream;
let gateway: TestGateway;
let clock: TestClock;

beforeEach(async () => {
  upstream = await streamUpstream();
  clock = new TestClock();
  gateway = await startTestGateway({ erp: upstream.origin, clock });
});

afterEach(async () => {
  await gateway?.close();
  await upstream?.close();
});

const note = 'Bring back the invoices of May.';
const start = (kind: StreamKind, access: OpenedAccess) => startStream(kind, gateway.port, access, upstream);

async function closed({ opening }: OpenedAccess): Promise<boolean> {
  const lines = await gateway.lines();
  return lines.some(({ leaf }) => leaf.t === 'session.closed' && leaf.session === opening);
}

async function answered({ host, cookie }: OpenedAccess): Promise<number> {
  const head = `GET /customers HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
  return (await raw(gateway.port, head)).status;
}

/** Resolves once the gateway has looked twice for what is over. */
function lookedTwice(): Promise<void> {
  const { archive } = gateway.app;
  const epochs = archive.epochs.bind(archive);
  let looks = 0;
  return new Promise((resolve) => {
    const asked = (): ReturnType<typeof epochs> => {
      looks += 1;
      if (looks === 3) resolve();
      return epochs();
    };
    Object.assign(archive, { epochs: asked });
  });
}

test('transfers outlive the end by the time the purpose gives, sockets do not, and a stop ends them', async () => {
  const access = await gateway.open({ purpose: 'restore', note, minutes });
  const [download, upload, socket] = await Promise.all([
    start('download', access),
    start('upload', access),
    start('websocket', access),
  ]);
  clock.ahead = minutes * 60_000;
  await socket.over;
  await until(async () => [401, 403].includes(await answered(access)));
  await lookedTwice();
  await download.goesOn();
  await upload.goesOn();

  // A representative or a reader who stops everything stops this, too.
  const ended = await gateway.app.authority.end({ client: 'acme' }, 'stopped', { provider: 'test' });
  expect(ended.exchanges).toBe(2);
  await Promise.all([download.over, upload.over]);
  await gateway.app.authority.run({ do: 'heartbeat', counts: [] });
  const outcomes = (await gateway.lines())
    .filter(({ leaf }) => leaf.t === 'access.result')
    .map(({ leaf }) => String(leaf.outcome));
  expect(outcomes.sort()).toEqual(['terminated:expired', 'terminated:stopped', 'terminated:stopped']);
  await until(() => closed(access));
});

test('and no longer than the access could be used at all', async () => {
  await gateway.close();
  const purposes = await readFile('policies/purposes.yaml', 'utf8');
  const policies = await policyFolder({
    'purposes.yaml': purposes.replace(
      /\n  restore:[\s\S]*?finish_minutes: 120\n/,
      '$&    authentication: { max_age_minutes: 485 }\n',
    ),
  });
  try {
    gateway = await startTestGateway({ erp: upstream.origin, policies: policies.path });
    const access = await gateway.open({ purpose: 'restore', note, minutes: 480 });
    const download = await start('download', access);
    const { openings } = await gateway.app.authority.client('acme');
    const signedIn = openings.get(access.opening)?.authentication.at ?? 0;
    const [running] = gateway.app.running('acme') as Exchange[];
    expect(running?.until).toBe(signedIn + 485 * 60_000);
    download.connection.socket.destroy();
  } finally {
    await policies.remove();
  }
});

test('where the purpose gives no time to finish, a transfer ends with the access', async () => {
  const access = await gateway.open({ purpose: 'diagnosis', minutes });
  const events = await start('events', access);
  clock.ahead = minutes * 60_000;
  await events.over;
  await until(() => closed(access));
  await gateway.app.authority.run({ do: 'heartbeat', counts: [] });
  const outcomes = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.result');
  expect(outcomes.map(({ leaf }) => leaf.outcome)).toEqual(['terminated:expired']);
});
