/** `consentry openings`, `consentry extend` and `consentry close`: what this technician has open, and until when. */
import * as z from 'zod';
import { type SignedIn, understand, whileSignedIn } from './command-line.ts';
import {
  type KeptOpening,
  type ListedOpening,
  openingAnswer,
  openingsAnswer,
  systemsOf,
} from './command-line-state.ts';
import { type Misread, notUnderstood, readOptions } from './options.ts';
import { words } from './technician-texts.ts';
import type { CommandMain } from './terminal.ts';
import { type Voice, voiceOf } from './voice.ts';

export interface OpenNow {
  readonly all: readonly ListedOpening[];
  /** Those that this machine has the credential of, the newest first. */
  readonly here: readonly KeptOpening[];
}

/** What is open now, as the portal says. Credentials of what is over are removed. */
export async function openNow({ state, session, ask }: SignedIn): Promise<OpenNow> {
  const { openings: all } = understand(await ask({ method: 'GET', path: '/openings' }), openingsAnswer);
  const ids = new Set(all.map(({ id }) => id));
  const kept = (await state.openings()).filter(({ portal }) => portal === session.portal);
  for (const { id } of kept) if (!ids.has(id)) await state.forgetOpening(id);
  return { all, here: kept.filter(({ id }) => ids.has(id)) };
}

export const openingsCommand: CommandMain = async (args, env, terminal) => {
  const asked = readOptions({ args, options: { json: { type: 'boolean', default: false } } });
  if ('wrong' in asked) return notUnderstood('openings', asked, words.openings.usage, voiceOf(env, terminal));
  return whileSignedIn('openings', env, terminal, async (signedIn, voice) => {
    const { all, here } = await openNow(signedIn);
    const mine = new Set(here.map(({ id }) => id));
    if (asked.values.json) {
      voice.print(
        JSON.stringify(
          all.map((one) => ({ ...one, here: mine.has(one.id) })),
          null,
          2,
        ),
      );
      return 0;
    }
    if (all.length === 0) voice.print(words.openings.none);
    for (const one of all) {
      const what = `${one.id}  ${systemsOf(one)}  ${one.purpose_name}, ${one.reference}`;
      voice.print(words.openings.one(what, one.ends, mine.has(one.id)));
    }
    return 0;
  });
};

/** Answers 0 when it is closed, 1 when there is nothing of that name, 2 when it is not clear which. */
export const closeCommand: CommandMain = async (args, env, terminal) => {
  const name = nameIn(args);
  if (typeof name !== 'string')
    return notUnderstood('close', name, words.close.usage, voiceOf(env, terminal));
  return whileSignedIn('close', env, terminal, async (signedIn, voice) => {
    const meant = meantBy(name, await openNow(signedIn), { command: 'close', more: '' }, voice);
    if (typeof meant === 'number') return meant;
    await signedIn.ask({ method: 'POST', path: `/openings/${meant.id}/close`, body: {} });
    await signedIn.state.forgetOpening(meant.id);
    voice.print(words.close.done(`${systemsOf(meant)}, ${meant.reference}`));
    return 0;
  });
};

const extendAnswer = z.union([z.object({ extended: openingAnswer }), z.object({ page: z.url() })]);

/** Answers 0 when it lasts longer, 1 when it does not, also where the client is asked, 2 when it is not clear which. */
export const extendCommand: CommandMain = async (args, env, terminal) => {
  const asked = readExtend(args);
  if ('wrong' in asked) return notUnderstood('extend', asked, words.extend.usage, voiceOf(env, terminal));
  return whileSignedIn('extend', env, terminal, async (signedIn, voice) => {
    const open = await openNow(signedIn);
    const meant = meantBy(
      asked.name,
      open,
      { command: 'extend', more: ` --minutes ${asked.minutes}` },
      voice,
    );
    if (typeof meant === 'number') return meant;
    const body = { minutes: asked.minutes, from: meant.ends_at };
    const path = `/openings/${meant.id}/extend`;
    const answer = understand(await signedIn.ask({ method: 'POST', path, body }), extendAnswer);
    if (!('extended' in answer)) {
      voice.complain(words.extend.asked);
      voice.complain(words.extend.until(meant.ends, answer.page));
      return 1;
    }
    const { extended } = answer;
    const kept = open.here.find(({ id }) => id === extended.id);
    if (kept !== undefined) await signedIn.state.keepOpening({ ...kept, ...extended });
    voice.print(words.extend.done(extended.ends, `${systemsOf(extended)}, ${extended.reference}`));
    return 0;
  });
};

function readExtend(args: string[]): { readonly name: string; readonly minutes: number } | Misread {
  const options = { minutes: { type: 'string', default: '30' } } as const;
  const read = readOptions({ args, allowPositionals: true, options });
  if ('wrong' in read) return read;
  const [name = '', ...more] = read.positionals;
  if (more.length > 0) return { wrong: words.openings.oneOnly };
  const { minutes } = read.values;
  return /^\d{1,4}$/.test(minutes) ? { name, minutes: Number(minutes) } : { wrong: words.minutes };
}

/** The one access that is meant by an id, a system or nothing; the exit code when it is none or not clear which, which is said. */
function meantBy(
  name: string,
  { all, here }: OpenNow,
  { command, more }: { readonly command: 'close' | 'extend'; readonly more: string },
  voice: Voice,
): ListedOpening | number {
  const meant =
    name === ''
      ? here
      : name.includes('/')
        ? here.filter((one) => covers(one, name))
        : all.filter(({ id }) => id === name);
  const [first, ...others] = meant;
  if (first === undefined) {
    voice.complain(words.openings.missing(command));
    return 1;
  }
  if (others.length === 0) return first;
  voice.complain(words.openings.several(command));
  for (const one of meant) {
    voice.complain(`  ${systemsOf(one)}, ${one.reference}`);
    voice.complain(words.openings.which(`${command} ${one.id}${more}`));
  }
  return 2;
}

/** Empty: whatever is open here. */
function nameIn(args: string[]): string | Misread {
  const read = readOptions({ args, allowPositionals: true, options: {} });
  if ('wrong' in read) return read;
  const [name = '', ...more] = read.positionals;
  return more.length > 0 ? { wrong: words.openings.oneOnly } : name;
}

function covers({ client, systems }: KeptOpening, name: string): boolean {
  return systems.some(({ id }) => `${client}/${id}` === name);
}
