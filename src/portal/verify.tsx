/**
 * What a client needs to check its log without trusting anybody here: key, state and export. The export streams and
 * is itself a line of the log; when that line cannot be written there is no export.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault } from '../core/faults.ts';
import { seatedOf } from './controller.ts';
import { logRead } from './lines.ts';
import { VerifyPage } from './pages/verify.tsx';
import { type Framer, sendPage } from './render.tsx';
import type { Visit } from './visit.ts';

/** GET `/verify`. */
export async function showVerify(visit: Visit, frame: Framer): Promise<void> {
  const { client } = await seatedOf(visit);
  const head = await visit.deps.archive.head(client.id);
  sendPage(visit.res, <VerifyPage frame={frame(visit)} head={head} file={exportName(visit, client.id)} />);
}

/** GET `/export`: the whole log as a zip. Each download is a line of its own. */
export async function sendExport(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const { client, controller, seat } = seated;
  const { deps, req, res } = visit;
  if (req.method === 'HEAD') {
    res.type('zip').end();
    return;
  }
  const id = deps.random(16).toString('base64url');
  await deps.authority.run({
    do: 'append',
    draft: logRead({ id, controller, seat: seat.id, view: 'export' }),
  });
  const chunks = deps.archive.export(client.id)[Symbol.asyncIterator]();
  // The first piece is awaited before the head is sent, so that a failure to read is a proper answer.
  const first = await chunks.next();
  res.type('zip').set('content-disposition', `attachment; filename="${exportName(visit, client.id)}"`);
  try {
    await pipeline(Readable.from(continued(first, chunks), { objectMode: false }), res);
  } catch (error) {
    // The reader went away, or the log could not be read to its end: a cut file is visibly cut.
    deps.log.warn('export_cut', { code: error instanceof Fault ? error.code : 'aborted' });
    res.destroy();
  }
}

function exportName({ now }: Visit, client: string): string {
  return `access-log-${client}-${new Date(now).toISOString().slice(0, 10)}.zip`;
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
