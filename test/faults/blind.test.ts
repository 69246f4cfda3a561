/**
 * Epochs are how a process hears of what others ended. It hears within a second; one that cannot hear ends what it runs
 * by itself when its lease is over, and works again when it can.
 */
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { stopCommand } from '../../src/cli/stop.ts';
import { Fault } from '../../src/core/faults.ts';
import { limits } from '../../src/gateway/limits.ts';
import { TestClock } from '../support/clock.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';
import { stopwatch } from '../support/stopwatch.ts';
import {
  firstWords,
  type StreamUpstream,
  startStream,
  streamKinds,
  streamUpstream,
  until,
} from '../support/streams.ts';

let erp: StreamUpstream;
let backup: StreamUpstream;
let payroll: StreamUpstream;
let gateway: TestGateway;
let clock: TestClock;

/** Passes when the test puts the clock ahead; a machine that halts for seconds does not use it up. */
const lease = 30_000;

beforeEach(async () => {
  late = [];
  [erp, backup, payroll] = [await streamUpstream(), await streamUpstream(), await streamUpstream()];
  clock = new TestClock();
  gateway = await startTestGateway({
    ...{ erp: erp.origin, backup: backup.origin, payroll: payroll.origin },
    clock,
    limits: { epochLease: lease },
  });
});

afterEach(async () => {
  await gateway?.close();
  await Promise.all([erp, backup, payroll].map((upstream) => upstream?.close()));
});

type Epochs = ReadonlyMap<string, number>;
let late: ((epochs: Epochs) => void)[];

test.each([
  ['fails', () => Promise.reject(new Fault('ledger_unavailable', 'away'))],
  ['hangs', () => new Promise<Epochs>((resolve) => late.push(resolve))],
])('reading epochs %s: what runs ends with the lease, and only then', async (how, reading) => {
  const access = await gateway.open({ purpose: 'restore', note: 'The last backup is put back.' });
  const streams = await Promise.all(streamKinds.map((kind) => startStream(kind, gateway.port, access, erp)));
  const { archive } = gateway.app;
  const epochs = archive.epochs.bind(archive);
  Object.assign(archive, { epochs: reading });
  clock.ahead += lease / 2;
  for (const stream of streams) await stream.goesOn();
  clock.ahead += lease / 2;
  await Promise.all(streams.map(({ over }) => over));
  await gateway.app.authority.run({ do: 'heartbeat', counts: [] });
  const outcomes = (await gateway.lines())
    .filter(({ leaf }) => leaf.t === 'access.result')
    .map(({ leaf }) => leaf.outcome);
  expect(outcomes).toEqual(streamKinds.map(() => 'terminated:lease'));
  // An answer is as old as its question: one that lay about for longer than the lease says nothing of now.
  expect(late).toHaveLength(how === 'hangs' ? 1 : 0);
  const known = await epochs();
  clock.ahead += lease;
  for (const answer of late.splice(0)) answer(known);
  await new Promise((resolve) => setImmediate(resolve));
  expect(gateway.app.authority.inTouch()).toBe(false);
  // The access itself was never ended: it goes on once the process hears again.
  Object.assign(archive, { epochs });
  for (const answer of late) answer(known);
  await until(() => gateway.app.authority.inTouch());
  await (await startStream('events', gateway.port, access, erp)).goesOn();
});

test('a process that wakes up out of touch lets no piece pass that came meanwhile, before any timer runs', async () => {
  const access = await gateway.open({ purpose: 'restore', note: 'The last backup is put back.' });
  const streams = await Promise.all(streamKinds.map((kind) => startStream(kind, gateway.port, access, erp)));
  const held = await Promise.all(streams.map(({ name }) => erp.held(name)));
  Object.assign(gateway.app.authority, { inTouch: () => false });
  for (const [i, { kind, connection }] of streams.entries())
    if (kind === 'upload') connection.socket.write('too late');
    else held[i]?.say('too late');
  await Promise.all(streams.map(({ over }) => over));
  for (const [i, { kind, body }] of streams.entries())
    expect([kind, kind === 'upload' ? held[i]?.received() : body()]).toEqual([kind, firstWords]);
});

test('a process that wakes up out of touch when its line is written sends nothing up', async () => {
  const { authority, ledger } = gateway.app;
  const access = await gateway.open({ purpose: 'restore', note: 'The last backup is put back.' });
  const intent = ledger.intent.bind(ledger);
  const inTouch = authority.inTouch.bind(authority);
  Object.assign(ledger, {
    async intent(...all: Parameters<typeof intent>) {
      const recorded = await intent(...all);
      Object.assign(authority, { inTouch: () => false });
      return recorded;
    },
  });
  const head = `GET /events HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\n`;
  const answer = await raw(gateway.port, `${head}Sec-Fetch-Site: same-origin\r\nX-Stream: late\r\n\r\n`);
  expect(answer.text).toBe('');
  Object.assign(ledger, { intent });
  Object.assign(authority, { inTouch });
  await (await startStream('events', gateway.port, access, erp)).goesOn();
  let sent = false;
  void erp.held('late').then(() => {
    sent = true;
  });
  await new Promise(setImmediate);
  expect(sent).toBe(false);
  const ends = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.result');
  expect(ends.map(({ leaf }) => leaf.outcome)).toEqual(['terminated:lease']);
});

test('without portal and mail: the command ends both systems of a client within a second of its line, and no other’s', async () => {
  const onErp = await gateway.open({ purpose: 'restore', note: 'The last backup is put back.' });
  const onBackup = await gateway.open({
    purpose: 'restore',
    system: 'backup',
    note: 'The last backup is put back.',
  });
  const others = await gateway.open({ client: 'martin', system: 'payroll', purpose: 'support' });
  const mine = [
    ...(await Promise.all(streamKinds.map((kind) => startStream(kind, gateway.port, onErp, erp)))),
    ...(await Promise.all(streamKinds.map((kind) => startStream(kind, gateway.port, onBackup, backup)))),
  ];
  const theirs = await Promise.all(
    (['events'] as const).map((kind) => startStream(kind, gateway.port, others, payroll)),
  );
  let took: ReturnType<typeof stopwatch> | undefined;
  const print = (line: string): void => {
    if (line.startsWith('suspended')) took ??= stopwatch();
  };
  const { data, keys, guard } = gateway.config;
  const command = stopCommand(
    ['--client', 'acme', '--by', 'david'],
    {
      CONSENTRY_PORTAL_URL: 'https://access.example.com',
      CONSENTRY_DATA: data,
      CONSENTRY_KEYS: keys,
      CONSENTRY_GUARD: guard,
    },
    { print, complain: print, events: new EventEmitter(), exit: () => undefined },
  );
  const over = Promise.all(mine.map((stream) => stream.over)).then(() => took?.().ran ?? 0);
  expect(await command).toBe(0);
  expect(took).toBeDefined();
  expect(await over).toBeLessThan(limits.epochInterval + 500);
  for (const stream of theirs) await stream.goesOn();
  for (const { host, cookie } of [onErp, onBackup]) {
    const head = `GET /customers HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
    expect((await raw(gateway.port, head)).status).toBe(401);
  }
  expect(await gateway.app.archive.fsck()).toEqual([]);
});
