/**
 * The sample backup server of a client: a list of backups, a download and a restore of each, and a shell. An ordinary
 * application: it checks nobody, so it listens on loopback only.
 */
import { seeOther, sendPage } from './answers.ts';
import { serveAssets } from './assets.ts';
import type { Backup } from './backup-pages.tsx';
import { BACKUPS, backupsPage, missingPage, shellPage } from './backup-pages.tsx';
import type { Call, DemoListen, DemoServer, Handle } from './server.ts';
import { startSite } from './server.ts';
import { createShell } from './shell.ts';
import { downloadOf, sendDownload } from './transfers.ts';

/** Starts the sample backup server on loopback; resolves when it listens. */
export function createBackup(listen: DemoListen = {}): Promise<DemoServer> {
  const list: Handle = ({ res, language, url }) =>
    sendPage(res, backupsPage(language, url.searchParams.get('restored') ?? undefined));
  const shell = createShell();
  return startSite(
    {
      routes: [
        ['GET', '/', list],
        ['GET', '/shell', ({ res, language }) => sendPage(res, shellPage(language))],
        ['GET', '/backups', list],
        ['GET', '/backups/:id/archive', archive],
        ['POST', '/backups/:id/restore', restore],
        ['GET', '/static/**', serveAssets(notFound)],
      ],
      notFound,
      upgrade: shell.upgrade,
      closing: shell.close,
    },
    listen,
  );
}

const notFound: Handle = ({ res, language }) => sendPage(res, missingPage(language), 404);

function archive(call: Call): void | Promise<void> {
  const backup = find(call);
  if (!backup) return notFound(call);
  const { req, res, url } = call;
  return sendDownload(req, res, downloadOf(url, `${backup.id}.tar.gz`, 'application/gzip', backup.mebibytes));
}

function restore(call: Call): void | Promise<void> {
  const backup = find(call);
  if (!backup) return notFound(call);
  call.req.resume();
  seeOther(call.res, `/backups?restored=${backup.id}`);
}

function find(call: Call): Backup | undefined {
  return BACKUPS.find((backup) => backup.id === call.params.id);
}
