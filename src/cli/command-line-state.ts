/**
 * What a technician's machine keeps: the session of the command line, and for each access that it opened the credential, in the forms
 * in which curl reads one from a file. All of it is checked when it comes from the portal, and again when it is read.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { isLocal } from './portal-client.ts';
import { NotPrivate, namesIn, readPrivate, writePrivate } from './private-files.ts';
import { words } from './technician-texts.ts';

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const origin = z.string().refine((text) => {
  const url = URL.parse(text);
  // Names stand in a file of curl's: nothing in them may end a line or a word there.
  const named = url !== null && url.origin === text && /^(?:[a-z0-9.-]+|\[[0-9a-f:]+\])$/.test(url.hostname);
  return named && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url)));
});
const line = z
  .string()
  .max(1_000)
  .transform((text) => text.replace(/\p{C}/gu, '�'));

export const openingAnswer = z.object({
  id,
  client: id,
  client_name: line,
  systems: z.array(z.object({ id, name: line, origins: z.array(origin) })),
  purpose: line,
  purpose_name: line,
  reference: line,
  ends_at: z.iso.datetime(),
  ends: line,
  page: z.url(),
});
export const openedAnswer = openingAnswer.extend({
  credential: z.string().regex(/^ctool_[A-Za-z0-9_-]{43}$/),
});
export const openingsAnswer = z.object({ openings: z.array(openingAnswer) });

export type ListedOpening = z.infer<typeof openingAnswer>;

const keptOpening = openedAnswer.extend({ portal: origin });
export type KeptOpening = z.infer<typeof keptOpening>;

const keptSession = z.object({
  portal: origin,
  token: z.string().regex(/^ccl_[A-Za-z0-9_-]{43}$/),
  /** By client: its instructions as they were shown under this sign-in last, and whether they were confirmed. */
  instructions: z.record(
    id,
    z.object({ hash: z.string(), sentences: z.array(line), confirmed: z.boolean() }),
  ),
});
export type Session = z.infer<typeof keptSession>;

export interface State {
  readonly sessionFile: string;
  session(): Promise<Session | undefined>;
  keepSession(session: Session): Promise<void>;
  forgetSession(): Promise<void>;
  openings(): Promise<readonly KeptOpening[]>;
  keepOpening(opening: KeptOpening): Promise<void>;
  forgetOpening(id: string): Promise<void>;
  /** For `curl --netrc-file`: each host of the access with the credential, so that curl sends it nowhere else. */
  netrcFile(id: string): string;
  /** For `curl -H @FILE`: the line beside which an application's own `Authorization` can be sent. */
  headerFile(id: string): string;
}

/** Throws NotPrivate where others could read or have changed what is kept. */
export function createState(folder: string): State {
  const sessionFile = join(folder, 'session.json');
  const openings = join(folder, 'openings');
  const file = (name: string, ending: string): string => join(openings, `${name}.${ending}`);
  return {
    sessionFile,
    session: () => read(sessionFile, keptSession),
    keepSession: (session) => writePrivate(sessionFile, JSON.stringify(session)),
    forgetSession: () => rm(sessionFile, { force: true }),
    async openings() {
      const names = (await namesIn(openings)).filter((name) => name.endsWith('.json'));
      const kept = await Promise.all(names.map((name) => read(join(openings, name), keptOpening)));
      return kept
        .filter((one) => one !== undefined)
        .sort((a, b) => (a.ends_at < b.ends_at ? 1 : a.ends_at > b.ends_at ? -1 : 0));
    },
    async keepOpening(opening) {
      const { credential } = opening;
      const hosts = opening.systems.flatMap(({ origins }) => origins).map((one) => new URL(one).hostname);
      const lines = [...new Set(hosts)].map((host) => `machine ${host} login any password ${credential}\n`);
      await writePrivate(file(opening.id, 'netrc'), lines.join(''));
      await writePrivate(file(opening.id, 'header'), `Consentry-Access: ${credential}\n`);
      await writePrivate(file(opening.id, 'json'), JSON.stringify(opening));
    },
    async forgetOpening(name) {
      for (const ending of ['json', 'netrc', 'header']) await rm(file(name, ending), { force: true });
    },
    netrcFile: (name) => file(name, 'netrc'),
    headerFile: (name) => file(name, 'header'),
  };
}

async function read<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readPrivate(path);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new NotPrivate(words.files.damaged(path));
  }
}

/** `acme/erp acme/backup` */
export function systemsOf({ client, systems }: Pick<ListedOpening, 'client' | 'systems'>): string {
  return systems.map((system) => `${client}/${system.id}`).join(' ');
}
