/**
 * The history part: a client with ten million lines; how long counting them takes, and the server's time and CPU of the history's
 * pages as shipped, through the portal over HTTP: the first page, each filter alone, the next page, one access. Beside it the
 * pages of what happened that read the log itself, when the largest piece of a page is painted in Chromium and what it fetches, and
 * a table of a million lines taken away with the memory that it takes. `--lines N` makes it smaller. The folder is deleted at the
 * end, unless `--keep DIR` names one.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import session from 'express-session';
import type { Seat } from '../../src/core/commands.ts';
import { compile } from '../../src/core/policy/compile.ts';
import type { Archive, History } from '../../src/core/ports.ts';
import type { PortalDeps } from '../../src/portal/deps.ts';
import { openForWriting } from '../../src/stores/ledger-schema.ts';
import { type Folder, makeFolder } from '../stores/ledger-world.ts';
import { browserAvailable } from '../support/browser.ts';
import { loadBuilt } from './built.ts';
import { type MadeLog, makeLog } from './history-log.ts';
import { measurePaint, type Paint } from './paint.ts';

export interface HistoryReport {
  readonly lines: number;
  readonly openings: number;
  /** Seconds. */
  readonly made: number;
  readonly counted: number;
  /** Megabytes. */
  readonly logSize: number;
  readonly historySize: number;
  /** By what was asked. */
  readonly pages: Readonly<Record<string, PageReport>>;
  /** By page; none where there is no browser. */
  readonly paints: Readonly<Record<string, Paint>>;
  readonly table: TableReport;
  /** Of the machine's last minute, when the pages had been asked for. */
  readonly load: number;
}

/** Milliseconds until the answer; of CPU, of all threads of the process, the one that asks among them. */
export interface PageReport {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly cpu: number;
}

/** A table taken away: what came, how long it took, and the process's memory at its end and at its most, megabytes. */
export interface TableReport {
  readonly lines: number;
  readonly size: number;
  readonly seconds: number;
  /** Of CPU, of all threads of the process. */
  readonly cpu: number;
  readonly memoryEarly: number;
  readonly memoryMost: number;
}

const tableLines = 1_000_000;
const rounds = 20;

/** Makes the log, counts it and asks for each page in turn, `rounds` times over. */
export async function measureHistory(lines: number, keep: string | undefined): Promise<HistoryReport> {
  const folder = makeFolder(keep);
  try {
    return await measure(folder, lines);
  } finally {
    if (keep === undefined) folder.remove();
  }
}

/** The log that lies in the folder, made when there is none, and the instant at which it is looked at. */
async function logIn(folder: Folder, wanted: number): Promise<MadeLog & { readonly now: number }> {
  const told = join(folder.dir, 'made.json');
  if (existsSync(told)) {
    // An older schema is raised.
    openForWriting(folder.file).close();
    return JSON.parse(readFileSync(told, 'utf8')) as MadeLog & { readonly now: number };
  }
  const now = Date.now();
  const log = { ...(await makeLog(folder, wanted, now)), now };
  writeFileSync(told, JSON.stringify(log));
  return log;
}

async function measure(folder: Folder, wanted: number): Promise<HistoryReport> {
  const started = performance.now();
  const log = await logIn(folder, wanted);
  const { now } = log;
  const made = seconds(started);
  process.stdout.write(`history: ${log.lines} lines made in ${made} s\n`);
  const { createHistory } =
    await loadBuilt<typeof import('../../src/stores/history.ts')>('stores/history.js');
  const { createArchive } =
    await loadBuilt<typeof import('../../src/stores/archive.ts')>('stores/archive.js');
  const { file, keysDir } = folder;
  const historyFile = join(folder.dir, 'history.db');
  const counting = performance.now();
  const history = createHistory({ file, history: historyFile, keysDir });
  const archive = await createArchive({ file, keysDir });
  try {
    await history.settled();
    const counted = seconds(counting);
    process.stdout.write(`history: counted in ${counted} s\n`);
    const { pages, paints } = await askAll(archive, history, log, now);
    const [load = 0] = loadavg();
    const table = await takeTable(archive, log);
    return {
      ...{ lines: log.lines, openings: log.openings, made, counted },
      logSize: megabytes(file),
      historySize: megabytes(historyFile),
      ...{ pages, paints, table, load: Math.round(load * 10) / 10 },
    };
  } finally {
    await history.close();
    await archive.close();
  }
}

async function askAll(
  archive: Archive,
  history: History,
  log: MadeLog,
  now: number,
): Promise<Pick<HistoryReport, 'pages' | 'paints'>> {
  const portal = await startPortal(archive, history, log, now);
  try {
    const first = await portal.get('/history');
    const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
    const year = `from=${day(log.from)}&to=${day(log.until)}`;
    const { people, routes } = await history.terms('acme');
    const story = /href="(\/history\/[^"?]+)"/.exec(first)?.[1] ?? '';
    const next = /href="(\/history\?[^"]*before=[^"]*)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const old = await history.page({ client: 'acme', until: log.from + 86_400_000, terms: [], limit: 1 });
    const questions: Readonly<Record<string, string>> = {
      'first page': '/history',
      'next page': next,
      'whole year': `/history?${year}`,
      period: `/history?from=${day(log.from)}&to=${day(log.from + 86_400_000 * 20)}`,
      system: `/history?${year}&system=backup`,
      person: `/history?${year}&person=${people[0]?.token}`,
      function: `/history?${year}&function=support`,
      purpose: `/history?${year}&purpose=restore`,
      reference: `/history?${year}&reference=inc-100007`,
      operation: `/history?${year}&operation=copy`,
      result: `/history?${year}&result=withheld`,
      'result that never was': `/history?${year}&result=cut`,
      route: `/history?${year}&route=~${routes[0]?.token}`,
      'four filters': `/history?${year}&function=support&purpose=restore&result=withheld&system=backup`,
      'one access': story,
      'one access, a year old': `/history/${old.stories[0]?.id}`,
      'first page of the portal': '/',
      'what happened': '/activity',
      'what happened in one new access': story.replace('/history/', '/activity?session='),
      'what happened in one a year old': `/activity?session=${old.stories[0]?.id}`,
    };
    const times = new Map<string, Taken[]>(Object.keys(questions).map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, address] of Object.entries(questions)) {
        const [start, used] = [performance.now(), process.cpuUsage()];
        await portal.get(address);
        const { user, system } = process.cpuUsage(used);
        times.get(name)?.push({ wall: performance.now() - start, cpu: (user + system) / 1000 });
      }
    }
    const pages = Object.fromEntries([...times].map(([name, all]) => [name, spread(all)]));
    const shown = {
      'the first page': '/',
      history: '/history',
      'one access': story,
      agreements: '/agreements',
    };
    return { pages, paints: browserAvailable() ? await measurePaint(portal.origin, shown) : {} };
  } finally {
    portal.close();
  }
}

/** The newest million lines as a table, read as fast as they come. */
async function takeTable(archive: Archive, log: MadeLog): Promise<TableReport> {
  const part = Math.min(1, tableLines / log.lines);
  const take = {
    ...{ client: 'acme', from: Math.floor(log.until - (log.until - log.from) * part), until: undefined },
    ...{ format: 'csv' as const, separator: ',' as const, bom: false, zone: 'Europe/Paris' },
  };
  const [started, used] = [performance.now(), process.cpuUsage()];
  let [lines, size, memoryEarly, memoryMost] = [0, 0, 0, 0];
  for await (const chunk of archive.take(take)) {
    size += chunk.length;
    for (const byte of chunk) if (byte === 10) lines += 1;
    memoryMost = Math.max(memoryMost, process.memoryUsage.rss());
    // The thread has then seen what it sees for the rest.
    if (size < 20e6) memoryEarly = memoryMost;
  }
  const mb = (bytes: number): number => Math.round(bytes / 1e6);
  const { user, system } = process.cpuUsage(used);
  return {
    ...{ lines, size: mb(size), seconds: seconds(started), cpu: Math.round((user + system) / 1e5) / 10 },
    ...{ memoryEarly: mb(memoryEarly), memoryMost: mb(memoryMost) },
  };
}

async function startPortal(archive: Archive, history: History, log: MadeLog, now: number) {
  const { createPortal } = await loadBuilt<typeof import('../../src/portal/portal.ts')>('portal/portal.js');
  const { LivePages } = await loadBuilt<typeof import('../../src/portal/live.ts')>('portal/live.js');
  const live = new LivePages();
  const snapshot = samplePolicies();
  const controller = snapshot.clients.get('acme')?.controllers.find(({ id }) => id === 'claire');
  if (controller === undefined) throw new Error('the sample policies have no claire');
  const { issuer, subject, name, role } = controller;
  const seat: Seat = {
    ...{ id: log.seat, client: 'acme', controller: 'claire', issuer, subject, name, role, authority: '' },
    ...{ method: 'evaluation-key', credentialId: '', publicKey: '', seatedAt: log.from },
  };
  const deps: PortalDeps = {
    portalUrl: new URL('http://portal.localhost'),
    evaluation: true,
    policies: { current: () => snapshot },
    authority: {
      client: async () => ({
        ...{ epoch: 1, grants: new Map(), openings: new Map(), seats: [seat] },
        ...{ blocked: new Map(), withdrawn: new Map() },
      }),
      run: async () => ({ receipt: { origin: '', index: 0, at: now } }),
    } as unknown as PortalDeps['authority'],
    archive,
    history,
    live,
    cutters: { running: () => [] } as unknown as PortalDeps['cutters'],
    clock: { now: () => now, monotonic: () => performance.now() },
    log: {
      error: console.error,
      warn: () => {},
      info: () => {},
      debug: () => {},
    } as unknown as PortalDeps['log'],
    random: (bytes: number) => Buffer.alloc(bytes, 7),
    sessions: session({ secret: 'bench', resave: false, saveUninitialized: true }) as RequestHandler,
    signIn: {
      routes: ((_req, _res, next) => next()) as RequestHandler,
      who: () => ({ who: { kind: 'controller', controller } }),
      still: async () => ({ who: { kind: 'controller', controller } }),
      require: () => (_req: unknown, _res: unknown, next: () => void) => next(),
    } as unknown as PortalDeps['signIn'],
    csrf: { token: () => 'token', check: ((_req, _res, next) => next()) as RequestHandler },
    passkeys: {} as PortalDeps['passkeys'],
    rulesChangedAt: () => undefined,
    people: { joined: () => {}, parted: () => {} },
  } as unknown as PortalDeps;
  const server = createServer(createPortal(deps));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let cookie = '';
  return {
    origin: `http://127.0.0.1:${port}`,
    async get(address: string): Promise<string> {
      const answer = await fetch(`http://127.0.0.1:${port}${address}`, { headers: { cookie } });
      cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${address} was answered ${answer.status}`);
      return text;
    },
    close(): void {
      live.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

function samplePolicies() {
  const documents = readdirSync('policies', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.yaml') && !path.startsWith('cases'))
    .map((path) => ({ path, text: readFileSync(join('policies', path), 'utf8') }));
  const variables = {
    ...{ ISSUER: 'http://127.0.0.1:9/oidc', ERP_UPSTREAM: 'http://127.0.0.1:9' },
    ...{ BACKUP_UPSTREAM: 'http://127.0.0.1:10', PAYROLL_UPSTREAM: 'http://127.0.0.1:11' },
  };
  const compiled = compile(documents, {
    evaluation: true,
    production: false,
    portalUrl: 'http://portal.localhost',
    variables,
  } as unknown as Parameters<typeof compile>[1]);
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults.slice(0, 3)));
  return compiled.snapshot;
}

export function printHistory(report: HistoryReport): void {
  const { lines, openings, made, counted, logSize, historySize } = report;
  const out = [
    `history: ${lines.toLocaleString('en')} lines in ${openings.toLocaleString('en')} openings, made in ${made} s (${logSize} MB)`,
    `  counted                ${counted} s, ${historySize} MB`,
    ...Object.entries(report.pages).map(
      ([name, { p50, p95, max, cpu }]) =>
        `  ${name.padEnd(32)} p50 ${p50} ms, p95 ${p95} ms, max ${max} ms, CPU ${cpu} ms`,
    ),
    `  (the machine's load meanwhile ${report.load})`,
    ...Object.entries(report.paints).map(
      ([name, { p50, max, fetched }]) =>
        `  largest paint of ${name.padEnd(16)} p50 ${p50} ms, max ${max} ms, ${fetched} KB fetched`,
    ),
  ];
  const { table } = report;
  out.push(
    `  table of ${table.lines.toLocaleString('en')} rows (${table.size} MB) in ${table.seconds} s (CPU ${table.cpu} s), memory ${table.memoryEarly} MB early, ${table.memoryMost} MB at most`,
  );
  process.stdout.write(`${out.join('\n')}\n`);
}

interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

function spread(times: readonly Taken[]): PageReport {
  const walls = times.map(({ wall }) => wall);
  return {
    p50: at(walls, 0.5),
    p95: at(walls, 0.95),
    max: at(walls, 1),
    cpu: at(
      times.map(({ cpu }) => cpu),
      0.5,
    ),
  };
}

function at(all: readonly number[], part: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN);
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10;
}

function megabytes(file: string): number {
  return Math.round(statSync(file).size / 1e6);
}
