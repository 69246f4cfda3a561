/**
 * How long a stop takes: from the click of the client's representative (the portal's own form) to the last byte at the
 * people whose streams are cut, while others go on untouched.
 *
 *   npm run bench:cut                   200 clicks plain and 200 under TLS; 2 minutes
 *   npm run bench:cut -- --json FILE    also as JSON: { trials, p50_ms, p99_ms, by_kind, ... }
 *   npm run bench:cut -- --trials N     another number of clicks
 *
 * 50 accesses run at any time, each with a WebSocket, an event stream, a download of 2 GB at a slow reader and an upload.
 * A click stops one access: its four streams are timed, the other 196 must not end and must go on moving.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Access } from './access.ts';
import { type CutKind, cutKinds, openStream, type Stream, type StreamReach } from './cut-streams.ts';
import { type Reach, startChild } from './protocol.ts';
import { readStart } from './running.ts';
import { type SignedIn, signIn } from './sign-in.ts';

const ACCESSES = 50;
const LONGEST_MS = 230_000;
const WANTED_P99_MS = 100;
/** A stream of others that has not moved for this long has been touched. */
const STILL_MS = 2_000;
const PATIENCE_MS = 10_000;
const CERTIFICATES = fileURLToPath(new URL('../vectors/tls', import.meta.url));
const AUTHORITY = fileURLToPath(new URL('../vectors/tls-ca.pem', import.meta.url));

export interface CutReach {
  readonly port: number;
  readonly host: string;
  readonly portal: string;
}

/** What the log says about ended accesses, newest first. */
export type CutClosings = readonly { readonly cause: string; readonly cutMs: number }[];

interface Running extends Access {
  readonly streams: readonly Stream[];
}

interface Stage {
  readonly reach: StreamReach;
  readonly claire: SignedIn;
  readonly csrf: string;
  /** Entered, and not used yet. */
  readonly accesses: Access[];
  readonly running: Running[];
}

/** Milliseconds from the click, per kind. */
type Trial = Readonly<Record<CutKind, number>>;

interface Spread {
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

type Transport = 'plain' | 'tls';

interface Measured {
  readonly transport: Transport;
  readonly trials: readonly Trial[];
  /** One click that stops everything: the slowest of 200 streams. */
  readonly allAtOnceMs: number;
  /** What the log says about how long the cuts took. */
  readonly recordedMs: readonly number[];
}

async function measure(transport: Transport, upstream: string, trials: number): Promise<Measured> {
  const tls = transport === 'tls';
  const product = startChild(
    './cut-process.ts',
    [upstream, ...(tls ? [CERTIFICATES] : [])],
    await readStart(),
  );
  try {
    const { port, host, portal } = await product.ask<CutReach>('reach');
    const ca = tls ? await readFile(AUTHORITY, 'utf8') : undefined;
    const claire = await signIn(portal, 'claire', ca);
    const accesses = await product.ask<Access[]>('open', ACCESSES + trials);
    const { text } = await claire('/activity');
    const csrf = /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? '';
    const stage: Stage = { reach: { port, host, ca }, claire, csrf, accesses, running: [] };
    stage.running.push(...(await Promise.all(Array.from({ length: ACCESSES }, () => begin(stage)))));
    const done: Trial[] = [];
    while (done.length < trials) done.push(await trial(stage));
    const allAtOnceMs = await stopAll(stage);
    const closings = await product.ask<CutClosings>('closings');
    if (closings.length !== trials + ACCESSES || closings.some(({ cause }) => cause !== 'stopped'))
      throw new Error(`the log tells of ${closings.length} ends, not of ${trials + ACCESSES} stops`);
    return { transport, trials: done, allAtOnceMs, recordedMs: closings.map(({ cutMs }) => cutMs) };
  } finally {
    await product.end();
  }
}

async function begin({ accesses, reach }: Stage): Promise<Running> {
  const access = accesses.pop();
  if (access === undefined) throw new Error('no access is left');
  const streams = cutKinds.map((kind) => openStream(kind, reach, access.cookie));
  await Promise.all(streams.map(({ live }) => live));
  return { ...access, streams };
}

/** One click on the access that has been running for longest; then another takes its place. */
async function trial(stage: Stage): Promise<Trial> {
  const mine = stage.running.shift();
  if (mine === undefined) throw new Error('nothing runs');
  untouched(stage.running);
  const { at, ends } = await click(stage, mine.opening, mine.streams);
  untouched(stage.running);
  stage.running.push(await begin(stage));
  return Object.fromEntries(
    mine.streams.map(({ kind }, index) => [kind, (ends[index] ?? Number.NaN) - at]),
  ) as Record<CutKind, number>;
}

async function stopAll(stage: Stage): Promise<number> {
  const streams = stage.running.flatMap((access) => access.streams);
  const { at, ends } = await click(stage, 'all', streams);
  stage.running.length = 0;
  return Math.max(...ends) - at;
}

/** The real form by the real person; resolves when all these streams are over and the portal has answered. */
async function click({ claire, csrf }: Stage, opening: string, streams: readonly Stream[]) {
  if (streams.some((stream) => stream.endedAt() !== undefined)) throw new Error('a stream ended by itself');
  for (const stream of streams) stream.hurry();
  const at = performance.now();
  const answered = claire('/stop', { csrf, opening });
  const ends = await within(Promise.all(streams.map(({ ended }) => ended)));
  const { status, headers } = await answered;
  if (status !== 303 || headers.location !== '/') throw new Error(`the portal answered ${status}`);
  return { at, ends };
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`a stream outlived its stop by ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function untouched(others: readonly Running[]): void {
  const now = performance.now();
  for (const { streams } of others) {
    for (const stream of streams) {
      if (stream.endedAt() !== undefined) throw new Error(`somebody else's ${stream.kind} was cut`);
      if (now - stream.movedAt() > STILL_MS) throw new Error(`somebody else's ${stream.kind} stands still`);
    }
  }
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
    return Math.round(value * 10) / 10;
  };
  return { p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1) };
}

/** A click is as slow as the slowest stream that it cuts. */
function slowest(trial: Trial): number {
  return Math.max(...cutKinds.map((kind) => trial[kind]));
}

function toReport(trials: number, measured: readonly Measured[]) {
  const kinds = cutKinds.map((kind) => {
    const each = measured.map(
      (one) => [one.transport, spread(one.trials.map((trial) => trial[kind]))] as const,
    );
    const all = spread(measured.flatMap((one) => one.trials.map((trial) => trial[kind])));
    return [kind, { ...all, ...Object.fromEntries(each) }] as const;
  });
  return {
    /** Of each transport. */
    trials,
    ...spread(measured.flatMap((one) => one.trials.map(slowest))),
    by_kind: Object.fromEntries(kinds),
    by_transport: Object.fromEntries(
      measured.map((one) => [
        one.transport,
        {
          ...spread(one.trials.map(slowest)),
          all_at_once_ms: spread([one.allAtOnceMs]).max_ms,
          recorded_max_ms: Math.max(...one.recordedMs),
        },
      ]),
    ),
  };
}

function print(measured: readonly Measured[], report: ReturnType<typeof toReport>): void {
  const rows = measured.flatMap(({ transport, trials, allAtOnceMs }) => [
    ...cutKinds.map((kind) => row(transport, kind, spread(trials.map((trial) => trial[kind])))),
    row(transport, 'slowest of the four', spread(trials.map(slowest))),
    `${transport.padEnd(7)} ${'all 200 with one click'.padEnd(22)} ${''.padStart(9)} ${''.padStart(9)} ${allAtOnceMs.toFixed(1).padStart(9)}`,
  ]);
  const met = report.p99_ms <= WANTED_P99_MS;
  console.log(
    [
      `From the click to the last byte, ms; ${report.trials} clicks each, ${ACCESSES} open streams of each kind, others untouched`,
      `${''.padEnd(30)} ${'p50'.padStart(9)} ${'p99'.padStart(9)} ${'max'.padStart(9)}`,
      ...rows,
      `p99 ${report.p99_ms} ms: ${met ? 'within' : 'NOT within'} ${WANTED_P99_MS} ms`,
    ].join('\n'),
  );
}

function row(transport: Transport, what: string, { p50_ms, p99_ms, max_ms }: Spread): string {
  const numbers = [p50_ms, p99_ms, max_ms].map((value) => value.toFixed(1).padStart(9));
  return `${transport.padEnd(7)} ${what.padEnd(22)} ${numbers.join(' ')}`;
}

setTimeout(() => {
  process.stderr.write(`the bench did not end within ${LONGEST_MS / 1000} s\n`);
  process.exit(2);
}, LONGEST_MS).unref();
const { values } = parseArgs({ options: { json: { type: 'string' }, trials: { type: 'string' } } });
const trials = Number(values.trials ?? 200);
if (!Number.isInteger(trials) || trials < 1) throw new Error('--trials takes a whole number above 0');
const upstream = startChild('./target-process.ts', ['upstream']);
try {
  const { port } = await upstream.ask<Reach>('reach');
  const measured: Measured[] = [];
  for (const transport of ['plain', 'tls'] as const)
    measured.push(await measure(transport, `http://127.0.0.1:${port}`, trials));
  const report = toReport(trials, measured);
  print(measured, report);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
} finally {
  await upstream.end();
}
