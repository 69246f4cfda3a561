/**
 * The portal's thread: what pages need beside the log, sessions and what is to be sent. Each part has a database and a port of its
 * own; one that cannot be opened, or fails, closes its port and leaves the other alone.
 */
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { NoticesData } from './notices-queue.ts';
import type { SessionsData } from './portal-sessions-table.ts';

export type PortalPart =
  | { readonly part: 'sessions'; readonly data: SessionsData }
  | { readonly part: 'notices'; readonly data: NoticesData };

async function serve(asked: PortalPart, port: MessagePort): Promise<void> {
  try {
    if (asked.part === 'sessions')
      (await import('./portal-sessions-table.ts')).serveSessions(port, asked.data);
    else (await import('./notices-queue.ts')).serveNotices(port, asked.data);
  } catch {
    port.close();
  }
}

parentPort?.on('message', ({ port, ...asked }: PortalPart & { readonly port: MessagePort }) => {
  void serve(asked, port);
});
