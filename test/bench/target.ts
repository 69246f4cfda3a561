/**
 * What every target of the bench offers to the process that hosts it.
 */
import type { AddressInfo, Server } from 'node:net';
import type { Reach } from './protocol.ts';

export interface Target extends Omit<Reach, 'readyMs'> {
  /** As in Reach; left out: when it could be asked. */
  readonly readyMs?: number;
  /**
   * Work that goes on beside the load; only where the target has such work. Each resolves when done, with what it
   * found wrong in words, or ''.
   */
  readonly beside: Readonly<Record<string, () => Promise<string>>>;
  close(): Promise<void>;
}

/** Listens on a free loopback port: a target without cookies and log. */
export async function listenLoopback(server: Server & { closeAllConnections?(): void }): Promise<Target> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    host: `127.0.0.1:${port}`,
    cookie: undefined,
    copyCookie: undefined,
    writeCookie: undefined,
    ledger: undefined,
    portal: undefined,
    beside: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections?.();
      }),
  };
}
