/**
 * The bench: what guarding costs, against the bare application and two bare forwarders, in one run on one machine.
 *
 *   npm run bench                       requests, transfers, page, memory and event loop; ten minutes or so, never more than 15
 *   npm run bench -- --quick            requests only, under 50 s; with --json FILE also as JSON
 *   npm run bench -- --memory --loop    only these parts
 *   npm run bench -- --enter            from Enter on a result of the desk to the system's first byte, in a browser
 *   npm run bench -- --digest           what hashing a copy on its way costs, plain and over TLS
 *   npm run bench -- --robot            10 GB by a robot, with its memory
 *   npm run bench -- --policies         only the policy files of a large provider
 *   npm run bench -- --history          only the client's history, over ten million lines; --lines N makes fewer, --keep DIR
 *                                       leaves the log in a folder and takes it from there the next time
 *   npm run bench -- --decide           only the rules, on one core, without any server; seconds
 *   npm run bench -- --all              everything
 *   --targets upstream,undici,hpm       leaves targets out
 */
import { writeFile } from 'node:fs/promises';
import { type DecideReport, measureDecide, printDecide } from './decide.ts';
import { measureDigest } from './digest.ts';
import { measureLoop, measureMemory } from './endurance.ts';
import { measureEnter } from './enter.ts';
import { type HistoryReport, measureHistory, printHistory } from './history.ts';
import { compared, longestMs, type Options, readOptions, watched } from './options.ts';
import { measurePage } from './page.ts';
import { measurePolicies, type PoliciesReport, printPolicies } from './policies.ts';
import type { Child } from './protocol.ts';
import { startChild } from './protocol.ts';
import {
  printDigest,
  printEnter,
  printLoop,
  printMemory,
  printPage,
  printReady,
  printRequests,
  printRobot,
  printTransfers,
} from './report.ts';
import { measureRequests } from './requests.ts';
import { measureRobot } from './robot.ts';
import type { Running, TargetName } from './running.ts';
import { startTarget } from './running.ts';
import { measureTransfers } from './transfers.ts';

/** What a nightly copy weighs. */
const ROBOT_BYTES = 10_000_000_000;

/** What all parts share; page and enter have an upstream and targets of their own. */
interface Stage {
  readonly generator: Child;
  readonly targets: readonly Running[];
  close(): Promise<void>;
}

async function setStage(wanted: ReadonlySet<TargetName>): Promise<Stage> {
  const started: Child[] = [];
  const close = async () => {
    for (const child of started.toReversed()) await child.end();
  };
  try {
    const generator = startChild('./load-process.ts', []);
    started.push(generator);
    const upstream = await startTarget('upstream');
    started.push(upstream.child);
    const targets: Running[] = wanted.has('upstream') ? [upstream] : [];
    for (const name of wanted) {
      if (name === 'upstream') continue;
      const target = await startTarget(name, `http://127.0.0.1:${upstream.reach.port}`);
      started.push(target.child);
      targets.push(target);
    }
    return { generator, targets, close };
  } catch (fault) {
    await close();
    throw fault;
  }
}

async function runParts(options: Options): Promise<Record<string, unknown>> {
  const report: Record<string, unknown> = {};
  if (options.parts.has('decide')) {
    report.decide = measureDecide();
    printDecide(report.decide as DecideReport);
  }
  if (options.parts.has('policies')) {
    report.policies = await measurePolicies();
    printPolicies(report.policies as PoliciesReport);
  }
  if (options.parts.has('history')) {
    report.history = await measureHistory(options.lines, options.keep);
    printHistory(report.history as HistoryReport);
  }
  const { targets } = options;
  if (compared.some((part) => options.parts.has(part))) {
    await onStage(targets, (stage) => compare(options, stage, report));
  }
  const ours = targets.has('consentry') ? 'consentry' : [...targets].at(-1);
  if (ours !== undefined && watched.some((part) => options.parts.has(part)))
    await onStage(new Set([ours]), (stage) => watch(options, stage, report));
  if (options.parts.has('page') && options.targets.has('consentry')) {
    const page = await measurePage(3);
    if (page) printPage(page);
    report.page = page ?? null;
  }
  if (options.parts.has('enter') && options.targets.has('consentry')) {
    const enter = await measureEnter(10);
    if (enter) printEnter(enter);
    report.enter = enter ?? null;
  }
  return report;
}

async function onStage(
  wanted: ReadonlySet<TargetName>,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const stage = await setStage(wanted);
  try {
    printReady(stage.targets);
    await work(stage);
  } finally {
    await stage.close();
  }
}

async function compare(
  options: Options,
  { generator, targets }: Stage,
  report: Record<string, unknown>,
): Promise<void> {
  if (options.parts.has('requests')) {
    const times = options.quick
      ? { milliseconds: 600, warmMilliseconds: 5_000 }
      : { milliseconds: 3_000, warmMilliseconds: 20_000 };
    const plan = { rounds: 3, connections: [1, 8, 32], warmRequests: 30_000, ...times };
    const requests = await measureRequests(plan, targets, generator);
    printRequests(requests);
    Object.assign(report, requests);
  }
  if (options.parts.has('transfers')) {
    report.transfers = await measureTransfers(1024 ** 3, 5, targets, generator);
    printTransfers(report.transfers as Awaited<ReturnType<typeof measureTransfers>>);
  }
  if (options.parts.has('digest')) {
    const { port } = targets[0]?.reach ?? {};
    report.digest = await measureDigest(1024 ** 3, 5, `http://127.0.0.1:${port}`, generator);
    printDigest(report.digest as Awaited<ReturnType<typeof measureDigest>>);
  }
  if (options.parts.has('robot')) {
    const robot = await measureRobot(ROBOT_BYTES, targets, generator);
    printRobot(ROBOT_BYTES, robot);
    report.robot = robot;
  }
}

async function watch(
  options: Options,
  { generator, targets: [ours] }: Stage,
  report: Record<string, unknown>,
): Promise<void> {
  if (ours === undefined) return;
  if (options.parts.has('memory')) {
    const memory = await measureMemory(ours, generator);
    printMemory(memory);
    report.memory = memory;
  }
  if (options.parts.has('loop')) {
    const person = startChild('./load-process.ts', []);
    try {
      const loop = await measureLoop(ours, generator, person, 10_000);
      printLoop(ours.name, loop);
      report.loop = loop;
    } finally {
      await person.end();
    }
  }
}

const options = readOptions(process.argv.slice(2));
const longest = longestMs(options);
setTimeout(() => {
  process.stderr.write(`the bench did not end within ${longest / 1000} s\n`);
  process.exit(2);
}, longest).unref();
const report = await runParts(options);
if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
