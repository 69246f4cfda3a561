/**
 * A real third-party web application to put behind the gateway: Node-RED, with its editor, its own HTTP interface and
 * its WebSocket at `/comms`. Runs as a child process in a temporary folder, on loopback, without talk to the outside.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface NodeRed {
  /** `http://127.0.0.1:<port>`: editor at `/`, HTTP nodes of flows under `/in`. */
  readonly origin: string;
  readonly port: number;
  /** Ends the process and removes its folder. */
  close(): Promise<void>;
}

/** Starts Node-RED with no flows. Resolves when it answers; rejects when it ends before or takes over 25 s. */
export async function startNodeRed(): Promise<NodeRed> {
  const userDir = await mkdtemp(join(tmpdir(), 'consentry-node-red-'));
  const child = fork(fileURLToPath(new URL('./node-red-process.ts', import.meta.url)), [userDir], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(userDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  const patience = AbortSignal.timeout(25_000);
  try {
    const [message] = (await Promise.race([
      once(child, 'message', { signal: patience }),
      once(child, 'exit', { signal: patience }).then(() =>
        Promise.reject(new Error('Node-RED did not start')),
      ),
    ])) as [{ port: number }];
    return { origin: `http://127.0.0.1:${message.port}`, port: message.port, close };
  } catch (fault) {
    await close();
    throw fault;
  }
}
