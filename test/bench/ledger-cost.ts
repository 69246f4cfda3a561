/**
 * What the ledger costs: microseconds of CPU (main thread and writer together, user and system) per exchange, that is
 * per intent and result, with 32 exchanges at a time; and the latency of lone intents. Bounded to about ten seconds.
 * Run with `node test/bench/ledger-cost.ts`.
 */
import { statSync } from 'node:fs';
import { intentDraft, makeFolder, openLedger, resultFields, settle } from '../stores/ledger-world.ts';

const folder = makeFolder();
const { ledger, close } = await openLedger(folder, undefined, { threads: true });
const { opening, epoch } = await settle(folder, (command) => ledger.run(command), Date.now());

async function exchange(): Promise<void> {
  const recorded = await ledger.intent(intentDraft(opening, epoch), epoch);
  if (!('receipt' in recorded)) throw new Error('the intent was not recorded');
  ledger.result(recorded, `${recorded.id}-r`, resultFields);
}

async function lane(until: number): Promise<number> {
  let done = 0;
  while (performance.now() < until) {
    await exchange();
    done += 1;
  }
  return done;
}

async function load(lanes: number, ms: number): Promise<{ pairs: number; cpu: number; seconds: number }> {
  const before = process.cpuUsage();
  const started = performance.now();
  const counts = await Promise.all(Array.from({ length: lanes }, () => lane(started + ms)));
  const { user, system } = process.cpuUsage(before);
  const pairs = counts.reduce((sum, count) => sum + count, 0);
  return { pairs, cpu: (user + system) / pairs, seconds: (performance.now() - started) / 1000 };
}

async function lone(times: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const started = performance.now();
    await exchange();
    latencies.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return latencies.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], part: number): string =>
  (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(2);

await load(32, 1000);
for (let round = 0; round < 3; round += 1) {
  const { pairs, cpu, seconds } = await load(32, 1500);
  console.log(
    `32 at a time: ${cpu.toFixed(1)} µs CPU per exchange, ${Math.round(pairs / seconds)} per second`,
  );
}
const latencies = await lone(400);
console.log(`one at a time: p50 ${at(latencies, 0.5)} ms, p99 ${at(latencies, 0.99)} ms`);
const size = statSync(folder.file).size;
await close();
console.log(`database ${(size / 1e6).toFixed(1)} MB`);
folder.remove();
