/** A redis-server of the test's own, which may be frozen or killed and started again on the same port. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';

/** Whether the program is installed. */
export const redisThere = spawnSync('redis-server', ['--version']).status === 0;

export class RedisServer {
  #process: ChildProcess | undefined;
  readonly port: number;
  constructor(port: number) {
    this.port = port;
  }
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }
  async start(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#process = spawn('redis-server', options, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const text of this.#process.stdout ?? []) if (String(text).includes('Ready to accept')) break;
    this.#process.stdout?.resume();
  }
  signal(name: NodeJS.Signals): void {
    this.#process?.kill(name);
  }
  async stop(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGCONT');
    running.kill('SIGKILL');
    await gone;
  }
}
