/** Sends what is told in pieces as a file; each download by a client's person is a line of the log first. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../core/faults.ts';
import type { Seated } from './controller.ts';
import { logRead } from './lines.ts';
import type { Visit } from './visit.ts';

export interface Download {
  /** How the log calls it. */
  readonly view: string;
  /** Media type. */
  readonly type: string;
  readonly name: string;
  chunks(): AsyncIterable<Uint8Array>;
}

/**
 * Records the download, then sends it. Throws Fault when it cannot be recorded or its first piece cannot be read: then
 * nothing was sent. A file that ends in the middle is visibly cut.
 */
export async function sendDownload(visit: Visit, seated: Seated, download: Download): Promise<void> {
  const { deps, req, res } = visit;
  if (req.method === 'HEAD') {
    res.type(download.type).end();
    return;
  }
  const id = deps.random(16).toString('base64url');
  const { controller, seat } = seated;
  await deps.authority.run({
    do: 'append',
    draft: logRead({ id, controller, seat: seat.id, view: download.view }),
  });
  const chunks = download.chunks()[Symbol.asyncIterator]();
  const first = await chunks.next();
  res.type(download.type).set('content-disposition', `attachment; filename="${download.name}"`);
  try {
    await pipeline(Readable.from(continued(first, chunks), { objectMode: false }), res);
  } catch (error) {
    deps.log.warn('export_cut', { code: error instanceof Fault ? error.code : 'aborted' });
    res.destroy();
  }
}

async function* continued(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = first; piece.done !== true; piece = await rest.next()) yield piece.value;
  } finally {
    await rest.return?.();
  }
}
