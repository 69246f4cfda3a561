/**
 * Hosts one target: `node target-process.ts NAME [UPSTREAM [PROFILE]]`. Answers what it has used of the machine.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopDelay, Reach, Usage } from './protocol.ts';
import { serveQuestions } from './protocol.ts';
import type { Target } from './target.ts';

const [name = '', upstream = '', application = 'plain'] = process.argv.slice(2);

/** Loaded only when wanted: a bare forwarder must not carry the memory of the gateway's modules. */
const starters: Readonly<Record<string, () => Promise<Target>>> = {
  upstream: async () => (await import('./upstream-server.ts')).startUpstream(),
  undici: async () => (await import('./undici-server.ts')).startUndici(upstream),
  hpm: async () => (await import('./hpm-server.ts')).startHpm(upstream),
  consentry: async () => (await import('./gateway.ts')).startGateway(upstream, application),
};

const starter = starters[name];
if (!starter) throw new Error(`no target is named ${name}`);
const starting = starter();
// A target that cannot start answers so when asked, instead of ending without a word.
starting.catch(() => undefined);

const loop = monitorEventLoopDelay({ resolution: 1 });

serveQuestions(
  {
    async reach(): Promise<Reach> {
      const { beside, close, ...reach } = await starting;
      return { readyMs: performance.now(), ...reach };
    },
    usage(): Usage {
      const { user, system } = process.cpuUsage();
      return { cpuUs: user + system, rssBytes: process.memoryUsage.rss() };
    },
    async beside(): Promise<readonly string[]> {
      return Object.keys((await starting).beside);
    },
    async doBeside(what): Promise<string> {
      const work = (await starting).beside[String(what)];
      if (!work) throw new Error(`this target has no work named ${String(what)}`);
      return work();
    },
    loopStart(): void {
      loop.reset();
      loop.enable();
    },
    loopStop(): LoopDelay {
      loop.disable();
      return { p50: loop.percentile(50) / 1e6, p99: loop.percentile(99) / 1e6, max: loop.max / 1e6 };
    },
  },
  async () => {
    const target = await starting.catch(() => undefined);
    await target?.close();
  },
);
