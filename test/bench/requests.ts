/**
 * The requests part: 1 KiB answers at several numbers of connections, in rounds, targets in turn, medians of rounds.
 */
import type { Child, LoadPlan, LoadResult } from './protocol.ts';
import type { Running } from './running.ts';
import { ledgerBytes, median, spending } from './running.ts';

export interface RequestsPlan {
  readonly rounds: number;
  readonly connections: readonly number[];
  readonly milliseconds: number;
  /**
   * Each target answers as many before anything is measured, or works for as long: whoever answers less in a second would
   * otherwise be measured while Node still compiles it.
   */
  readonly warmRequests: number;
  readonly warmMilliseconds: number;
}

/** One line of the table: medians over the rounds. CPU is of the target's whole process, per request. */
export interface RequestsRow {
  readonly name: string;
  readonly connections: number;
  readonly rps: number;
  readonly cpu_us: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly rss_mb: number;
}

export interface RequestsReport {
  readonly runs: readonly RequestsRow[];
  readonly ratios: {
    /** CPU per request at 32 connections, Consentry against bare http-proxy-middleware. */
    readonly cpu_c32: number | null;
    /** Median latency at 1 connection that Consentry adds to the bare upstream. */
    readonly added_p50_ms_c1: number | null;
  };
  /** Bytes of log per exchange, as the file grew. */
  readonly ledger_bytes_per_exchange: number | null;
  /** The generator's own CPU per request against the bare upstream: how far it is from being the bottleneck. */
  readonly generator_us: number | null;
}

const PATH = '/api/customers/1001';

export async function measureRequests(
  plan: RequestsPlan,
  targets: readonly Running[],
  generator: Child,
): Promise<RequestsReport> {
  const samples: RequestsRow[] = [];
  const generatorUs: number[] = [];
  const exchanges = new Map<string, number>();
  const load = async (target: Running, connections: number, milliseconds: number, requests?: number) => {
    const result = await runLoad(generator, target, connections, milliseconds, requests);
    exchanges.set(target.name, (exchanges.get(target.name) ?? 0) + result.requests);
    return result;
  };
  for (const target of targets) await load(target, 32, plan.warmMilliseconds, plan.warmRequests);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const connections of plan.connections) {
      for (const target of targets) {
        const spent = await spending(target, () => load(target, connections, plan.milliseconds));
        samples.push(rowOf(target.name, connections, spent.result, spent.cpuUs, spent.peakBytes));
        if (target.name === 'upstream') generatorUs.push(spent.result.generatorUs);
      }
    }
  }
  const runs = medians(samples);
  return {
    runs,
    ratios: ratiosOf(runs),
    ledger_bytes_per_exchange: await weighLedger(targets, exchanges),
    generator_us: generatorUs.length > 0 ? median(generatorUs) : null,
  };
}

/** Runs the generator against a target for a time or a number of requests. */
export function runLoad(
  generator: Child,
  target: Running,
  connections: number,
  milliseconds: number,
  requests = Number.POSITIVE_INFINITY,
): Promise<LoadResult> {
  const { port, host, cookie } = target.reach;
  const plan: LoadPlan = { reach: { port, host, cookie }, path: PATH, connections, milliseconds, requests };
  return generator.ask<LoadResult>('load', plan, milliseconds + 15_000);
}

function rowOf(
  name: string,
  connections: number,
  result: LoadResult,
  cpuUs: number,
  peakBytes: number,
): RequestsRow {
  return {
    name,
    connections,
    rps: result.requests / result.seconds,
    cpu_us: cpuUs / result.requests,
    p50_ms: result.p50Ms,
    p99_ms: result.p99Ms,
    rss_mb: peakBytes / 1024 / 1024,
  };
}

function medians(samples: readonly RequestsRow[]): readonly RequestsRow[] {
  const groups = Object.groupBy(samples, (sample) => `${sample.connections} ${sample.name}`);
  return Object.values(groups).map((group = []) => {
    const of = (key: 'rps' | 'cpu_us' | 'p50_ms' | 'p99_ms') => median(group.map((sample) => sample[key]));
    return {
      name: group[0]?.name ?? '',
      connections: group[0]?.connections ?? 0,
      rps: of('rps'),
      cpu_us: of('cpu_us'),
      p50_ms: of('p50_ms'),
      p99_ms: of('p99_ms'),
      rss_mb: Math.max(...group.map((sample) => sample.rss_mb)),
    };
  });
}

function ratiosOf(runs: readonly RequestsRow[]): RequestsReport['ratios'] {
  const of = (name: string, connections: number) =>
    runs.find((run) => run.name === name && run.connections === connections);
  const [ours, yardstick] = [of('consentry', 32), of('hpm', 32)];
  const [guarded, bare] = [of('consentry', 1), of('upstream', 1)];
  return {
    cpu_c32: ours && yardstick ? ours.cpu_us / yardstick.cpu_us : null,
    added_p50_ms_c1: guarded && bare ? guarded.p50_ms - bare.p50_ms : null,
  };
}

async function weighLedger(
  targets: readonly Running[],
  exchanges: ReadonlyMap<string, number>,
): Promise<number | null> {
  const target = targets.find((candidate) => candidate.reach.ledger !== undefined);
  if (!target) return null;
  return ((await ledgerBytes(target.reach)) - target.ledgerAtStart) / (exchanges.get(target.name) ?? 1);
}
