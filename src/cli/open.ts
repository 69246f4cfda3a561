/**
 * `consentry open CLIENT/SYSTEM… --purpose P --reference R`: declares an access by the same checks as the page, and keeps a credential of
 * it in a file. Where the page would ask something, the command asks it, or says what to add; it confirms nothing by itself.
 */
import * as z from 'zod';
import type { Text } from '../core/model.ts';
import { type SignedIn, understand, whileSignedIn } from './command-line.ts';
import {
  type KeptOpening,
  openedAnswer,
  openingAnswer,
  type Session,
  systemsOf,
} from './command-line-state.ts';
import { type Misread, notUnderstood, readOptions } from './options.ts';
import { PortalRefusal } from './portal-client.ts';
import { words as allWords } from './technician-texts.ts';
import type { CommandMain } from './terminal.ts';
import { type Voice, voiceOf } from './voice.ts';

const words = allWords.open;

interface Asked {
  readonly systems: readonly string[];
  readonly purpose: string;
  readonly reference: string;
  readonly minutes: number;
  readonly note: string;
  readonly confirm: string | undefined;
  readonly second: string;
  readonly json: boolean;
}

type Instructions = Session['instructions'][string];

const instructionsProblem = z.object({ instructions: z.array(z.string()), confirm: z.string() });
const secondProblem = z.object({ second: z.string(), open: z.array(openingAnswer) });

/** Answers 0 when it is open, 1 when it is refused or something is to be confirmed, 2 when the command is not understood. */
export const openCommand: CommandMain = async (args, env, terminal) => {
  const asked = readArgs(args);
  if ('wrong' in asked) return notUnderstood('open', asked, words.usage, voiceOf(env, terminal));
  return whileSignedIn('open', env, terminal, async (signedIn, voice) => {
    const opened = await declare(asked, signedIn, voice);
    if (opened === undefined) return 1;
    const { state } = signedIn;
    const former = (await state.openings()).filter((one) => isReplaced(one, opened));
    await state.keepOpening(opened);
    for (const { id } of former) {
      await close(signedIn, id);
      await state.forgetOpening(id);
    }
    tell(asked, opened, state.netrcFile(opened.id), voice);
    return 0;
  });
};

function readArgs(args: string[]): Asked | Misread {
  const text = { type: 'string' } as const;
  const read = readOptions({
    args,
    allowPositionals: true,
    options: {
      ...{ purpose: text, reference: text, minutes: text, note: text, confirm: text, second: text },
      json: { type: 'boolean', default: false },
    },
  });
  if ('wrong' in read) return read;
  const { purpose, reference, minutes = '60', note = '', confirm, second = '', json } = read.values;
  const systems = [...new Set(read.positionals)];
  if (systems.length === 0 || !systems.every((one) => /^[^/\s]+\/[^/\s]+$/.test(one)))
    return { wrong: words.unnamed };
  if (purpose === undefined) return { wrong: words.noPurpose };
  if (reference === undefined) return { wrong: words.noReference };
  if (!/^\d{1,4}$/.test(minutes)) return { wrong: allWords.minutes };
  return { systems, purpose, reference, minutes: Number(minutes), note, confirm, second, json };
}

/** Undefined: something is to be confirmed, which was said. Throws PortalRefusal. */
async function declare(
  asked: Asked,
  { state, session, ask }: SignedIn,
  voice: Voice,
): Promise<KeptOpening | undefined> {
  const { systems, purpose, reference, minutes, note } = asked;
  const client = systems[0]?.split('/')[0] ?? '';
  let known = Object.hasOwn(session.instructions, client) ? session.instructions[client] : undefined;
  let confirmed = asked.confirm ?? (known?.confirmed === true ? known.hash : '');
  const keep = (shown: Instructions): Promise<void> =>
    state.keepSession({ ...session, instructions: { ...session.instructions, [client]: shown } });
  // They are shown each time, and confirmed once per sign-in, as on the page.
  if (known !== undefined && known.hash === confirmed) show(known.sentences, voice);
  let { second } = asked;
  for (let questions = 0; ; questions++) {
    const body = { systems, purpose, reference, minutes, note, confirmed, second };
    try {
      const answer = understand(await ask({ method: 'POST', path: '/openings', body }), openedAnswer);
      if (known?.hash === confirmed && !known.confirmed) await keep({ ...known, confirmed: true });
      return { ...answer, portal: session.portal };
    } catch (error) {
      if (!(error instanceof PortalRefusal) || questions > 2) throw error;
      if (error.code === 'instructions_unconfirmed') {
        const { instructions, confirm } = understand(error.problem, instructionsProblem);
        known = { hash: confirm, sentences: instructions, confirmed: false };
        await keep(known);
        show(instructions, voice);
        if (!(await isConfirmed(words.confirm, voice))) return later(`--confirm ${confirm}`, voice);
        confirmed = confirm;
      } else if (error.code === 'second_reference') {
        const { open, second: value } = understand(error.problem, secondProblem);
        voice.complain(error.detail);
        for (const one of open)
          voice.complain(words.other(`${systemsOf(one)}, ${one.purpose_name}, ${one.reference}`, one.ends));
        if (!(await isConfirmed(words.second, voice)))
          return later(`--second '${value.replaceAll("'", "'\\''")}'`, voice);
        second = value;
      } else throw error;
    }
  }
}

function show(instructions: readonly string[], voice: Voice): void {
  voice.complain(words.instructions);
  for (const sentence of instructions) voice.complain(`  - ${sentence.replace(/\p{C}/gu, ' ')}`);
}

async function isConfirmed(question: Text, voice: Voice): Promise<boolean> {
  if (voice.ask === undefined) return false;
  return /^(?:yes|oui)$/i.test((await voice.ask(question)).trim());
}

function later(option: string, voice: Voice): undefined {
  voice.complain(words.later);
  voice.complain(`  ${option}`);
}

/** Entering anew closes the former access of the same case, as in a browser; a second case stays open. */
function isReplaced(one: KeptOpening, opened: KeptOpening): boolean {
  const ids = opened.systems.map(({ id }) => id);
  return (
    one.portal === opened.portal &&
    one.client === opened.client &&
    one.reference === opened.reference &&
    one.systems.every(({ id }) => ids.includes(id))
  );
}

/** What has ended already needs no end. */
async function close({ ask }: SignedIn, id: string): Promise<void> {
  try {
    await ask({ method: 'POST', path: `/openings/${id}/close`, body: {} });
  } catch (error) {
    if (!(error instanceof PortalRefusal)) throw error;
  }
}

function tell({ json }: Asked, opened: KeptOpening, netrc: string, voice: Voice): void {
  const { credential: _, portal: __, ...rest } = opened;
  if (json) return voice.print(JSON.stringify({ ...rest, netrc }, null, 2));
  voice.print(words.opened(systemsOf(opened), opened.client_name));
  voice.print(words.purpose(`${opened.purpose_name}, ${opened.reference}`));
  voice.print(words.until(opened.ends, opened.page));
  voice.print(words.next(`${opened.systems[0]?.origins[0] ?? ''}/`));
  voice.print(words.close(opened.id));
}
