/**
 * What a client needs to check its log without trusting anybody here: key, state and export. The export streams and
 * is itself a line of the log; when that line cannot be written there is no export.
 */
import { seatedOf } from './controller.ts';
import { sendDownload } from './download.ts';
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
  const { id } = seated.client;
  await sendDownload(visit, seated, {
    view: 'export',
    type: 'zip',
    name: exportName(visit, id),
    chunks: () => visit.deps.archive.export(id),
  });
}

function exportName({ now }: Visit, client: string): string {
  return `access-log-${client}-${new Date(now).toISOString().slice(0, 10)}.zip`;
}
