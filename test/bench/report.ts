/**
 * The bench's tables, for people. Every number says its unit; every ratio says against what.
 */

import type { DigestRow } from './digest.ts';
import type { LoopReport, MemoryReport } from './endurance.ts';
import { type EnterReport, mostEnterMs } from './enter.ts';
import type { PageReport } from './page.ts';
import type { RequestsReport } from './requests.ts';
import type { RobotRow } from './robot.ts';
import type { Running } from './running.ts';
import type { TransfersRow } from './transfers.ts';

/** Exchanges of one technician in one day of work: the assumption behind the size of the log. */
const EXCHANGES_PER_DAY = 2_000;

function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of [head, ...rows]) {
    print(
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    );
  }
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}

export function printReady(targets: readonly Running[]): void {
  print(
    `start to ready, ms: ${targets.map(({ name, reach }) => `${name} ${fixed(reach.readyMs, 0)}`).join(', ')}`,
  );
}

export function printRequests(report: RequestsReport): void {
  const runs = [...report.runs].sort((a, b) => a.connections - b.connections);
  print(
    '\nrequests, 1 KiB answers (medians of the rounds; CPU is user + system of the whole process; highest memory)',
  );
  table(
    ['target', 'connections', 'requests/s', 'CPU µs/request', 'CPU of hpm', 'p50 ms', 'p99 ms', 'peak MB'],
    runs.map((run) => {
      const hpm = runs.find((other) => other.name === 'hpm' && other.connections === run.connections);
      return [
        run.name,
        String(run.connections),
        fixed(run.rps, 0),
        fixed(run.cpu_us, 1),
        hpm ? fixed(run.cpu_us / hpm.cpu_us, 2) : '–',
        fixed(run.p50_ms, 3),
        fixed(run.p99_ms, 3),
        fixed(run.rss_mb, 0),
      ];
    }),
  );
  const { cpu_c32: cpu, added_p50_ms_c1: added } = report.ratios;
  if (cpu !== null) print(`CPU per guarded request at 32 connections, against hpm: ${fixed(cpu, 2)}`);
  if (added !== null) print(`median added at 1 connection, against the bare upstream: ${fixed(added, 3)} ms`);
  const bytes = report.ledger_bytes_per_exchange;
  if (bytes !== null) {
    const day = (bytes * EXCHANGES_PER_DAY) / 1024 / 1024;
    print(
      `log: ${fixed(bytes, 0)} bytes per exchange, ${fixed(day, 2)} MiB per technician-day of ${EXCHANGES_PER_DAY} exchanges`,
    );
  }
  const generator = report.generator_us;
  if (generator !== null) {
    print(`the generator itself: ${fixed(generator, 1)} CPU µs per request against the bare upstream`);
  }
}

export function printTransfers(rows: readonly TransfersRow[]): void {
  print('\n1 GiB each way, one connection (medians of the rounds; highest growth of memory)');
  table(
    ['target', 'way', 'MiB/s', 'of hpm', 'CPU ms/GiB', 'growth MB'],
    rows.map((row) => {
      const hpm = rows.find((other) => other.name === 'hpm' && other.way === row.way);
      return [
        row.name,
        row.way,
        fixed(row.mib_per_s, 0),
        hpm ? fixed(row.mib_per_s / hpm.mib_per_s, 2) : '–',
        fixed(row.cpu_ms_per_gib, 0),
        fixed(row.growth_mb, 0),
      ];
    }),
  );
}

export function printDigest(rows: readonly DigestRow[]): void {
  print(
    '\n1 GiB down one connection: as a page, and as a copy, which is hashed on its way (medians of the rounds)',
  );
  table(
    ['transport', 'line Gbit/s', 'page MiB/s', 'copy MiB/s', 'costs %'],
    rows.map(({ transport, line, page_mib_per_s: page, copy_mib_per_s: copy }) => [
      transport,
      line === undefined ? '' : fixed(line / 1e9, 0),
      fixed(page, 0),
      fixed(copy, 0),
      fixed(100 * (1 - copy / page), 0),
    ]),
  );
}

export function printRobot(bytes: number, rows: readonly RobotRow[]): void {
  print(`\n${fixed(bytes / 1e9, 0)} GB by a robot, one connection`);
  table(
    ['target', 'MiB/s', 'of direct', 'CPU ms/GiB', 'growth MB', 'later MB'],
    rows.map((row) => {
      const direct = rows.find(({ name }) => name === 'upstream');
      return [
        row.name,
        fixed(row.mib_per_s, 0),
        direct ? fixed(row.mib_per_s / direct.mib_per_s, 2) : '–',
        fixed(row.cpu_ms_per_gib, 0),
        fixed(row.growth_mb, 0),
        fixed(row.late_growth_mb, 1),
      ];
    }),
  );
}

export function printPage(report: PageReport): void {
  print('\npage load, editor of Node-RED in Chromium (medians of the rounds)');
  table(
    ['way', 'cold ms', 'warm ms'],
    (['direct', 'consentry'] as const).map((way) => [
      way,
      fixed(report[way].cold_ms, 0),
      fixed(report[way].warm_ms, 0),
    ]),
  );
  print(`against direct: cold ${fixed(report.ratios.cold, 2)}, warm ${fixed(report.ratios.warm, 2)}`);
}

export function printEnter(report: EnterReport): void {
  print(`\nEnter on a result of the desk, the access open: first byte of the system, ${report.rounds} times`);
  print(
    `median ${fixed(report.median_ms, 0)} ms, at most ${fixed(report.most_ms, 0)} ms; ${mostEnterMs} ms are allowed: ${report.median_ms <= mostEnterMs ? 'kept' : 'missed'}`,
  );
}

export function printMemory(report: MemoryReport): void {
  print(`\nmemory of ${report.name}, highest over 10,000 requests at 32 connections`);
  print(
    `before the 100,000th: ${fixed(report.at_100k_mb, 1)} MB, before the 200,000th: ${fixed(report.at_200k_mb, 1)} MB`,
  );
  print(`difference ${fixed(report.growth * 100, 1)} %, peak ${fixed(report.peak_mb, 1)} MB`);
}

export function printLoop(name: string, report: LoopReport): void {
  print(
    `\nevent-loop delay of ${name} under load at 32 connections, ms (sampled every 1 ms: an idle loop shows 1)`,
  );
  table(
    ['', 'p50', 'p99', 'max'],
    (['alone', 'beside'] as const).map((when) => [
      when === 'alone' ? 'load alone' : 'with other work beside',
      fixed(report[when].p50, 1),
      fixed(report[when].p99, 1),
      fixed(report[when].max, 1),
    ]),
  );
  const done = Object.entries(report.done).map(([work, times]) => `${work} ${times} times`);
  print(`other work finished: ${done.length > 0 ? done.join(', ') : 'this target has none'}`);
  for (const [work, complaint] of Object.entries(report.wrong)) print(`WRONG: ${work}: ${complaint}`);
}
