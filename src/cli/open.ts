/**
 * `consentry open CLIENT/SYSTEM… --purpose P --reference R`: declares an access by the same checks as the page, and keeps a credential of
 * it in a file. Where the page would ask something, the command asks it, or says what to add; it confirms nothing by itself.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type SignedIn, understand, whileSignedIn } from './command-line.ts';
import {
  type KeptOpening,
  openedAnswer,
  openingAnswer,
  type Session,
  systemsOf,
} from './command-line-state.ts';
import { PortalRefusal } from './portal-client.ts';
import type { CommandMain, Terminal } from './terminal.ts';

const usage = `consentry open CLIENT/SYSTEM [CLIENT/SYSTEM …] --purpose P --reference R
                [--minutes M] [--note TEXT] [--confirm HASH] [--second REFERENCE] [--json]`;

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
  if (asked === undefined) {
    terminal.complain(usage);
    return 2;
  }
  return whileSignedIn('open', env, terminal, async (signedIn) => {
    const opened = await declare(asked, signedIn, terminal);
    if (opened === undefined) return 1;
    const { state } = signedIn;
    const former = (await state.openings()).filter((one) => isReplaced(one, opened));
    await state.keepOpening(opened);
    for (const { id } of former) {
      await close(signedIn, id);
      await state.forgetOpening(id);
    }
    tell(asked, opened, state.netrcFile(opened.id), terminal);
    return 0;
  });
};

function readArgs(args: string[]): Asked | undefined {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...{ purpose: text, reference: text, minutes: text, note: text, confirm: text, second: text },
        json: { type: 'boolean', default: false },
      },
    });
    const { purpose, reference, minutes = '60', note = '', confirm, second = '', json } = values;
    const named = positionals.length > 0 && positionals.every((one) => /^[^/\s]+\/[^/\s]+$/.test(one));
    if (!named || purpose === undefined || reference === undefined || !/^\d{1,4}$/.test(minutes))
      return undefined;
    const systems = [...new Set(positionals)];
    return { systems, purpose, reference, minutes: Number(minutes), note, confirm, second, json };
  } catch {
    return undefined;
  }
}

/** Undefined: something is to be confirmed, which was said. Throws PortalRefusal. */
async function declare(
  asked: Asked,
  { state, session, ask }: SignedIn,
  terminal: Terminal,
): Promise<KeptOpening | undefined> {
  const { systems, purpose, reference, minutes, note } = asked;
  const client = systems[0]?.split('/')[0] ?? '';
  let known = Object.hasOwn(session.instructions, client) ? session.instructions[client] : undefined;
  let confirmed = asked.confirm ?? (known?.confirmed === true ? known.hash : '');
  const keep = (shown: Instructions): Promise<void> =>
    state.keepSession({ ...session, instructions: { ...session.instructions, [client]: shown } });
  // They are shown each time, and confirmed once per sign-in, as on the page.
  if (known !== undefined && known.hash === confirmed) show(known.sentences, terminal);
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
        show(instructions, terminal);
        if (!(await isConfirmed('Confirm them?', terminal))) return later(`--confirm ${confirm}`, terminal);
        confirmed = confirm;
      } else if (error.code === 'second_reference') {
        const { open, second: value } = understand(error.problem, secondProblem);
        terminal.complain(error.detail);
        for (const one of open)
          terminal.complain(
            `  open: ${systemsOf(one)}, ${one.purpose_name}, ${one.reference}, until ${one.ends}`,
          );
        if (!(await isConfirmed('Open it as well?', terminal)))
          return later(`--second '${value.replaceAll("'", "'\\''")}'`, terminal);
        second = value;
      } else throw error;
    }
  }
}

function show(instructions: readonly string[], terminal: Terminal): void {
  terminal.complain('The client instructs:');
  for (const sentence of instructions) terminal.complain(`  - ${sentence.replace(/\p{C}/gu, ' ')}`);
}

async function isConfirmed(question: string, terminal: Terminal): Promise<boolean> {
  if (terminal.ask === undefined) return false;
  return /^(?:yes|oui)$/i.test((await terminal.ask(`${question} Type yes: `)).trim());
}

function later(option: string, terminal: Terminal): undefined {
  terminal.complain(
    'consentry open: nothing is opened. Where you confirm it, run the same command again with:',
  );
  terminal.complain(`  ${option}`);
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

function tell({ json }: Asked, opened: KeptOpening, netrc: string, terminal: Terminal): void {
  const { credential: _, portal: __, ...rest } = opened;
  if (json) return terminal.print(JSON.stringify({ ...rest, netrc }, null, 2));
  terminal.print(`open    ${systemsOf(opened)}, ${opened.client_name}`);
  terminal.print(`for     ${opened.purpose_name}, ${opened.reference}`);
  terminal.print(`until   ${opened.ends}   (${opened.page})`);
  terminal.print(`next    consentry curl ${opened.systems[0]?.origins[0] ?? ''}/`);
  terminal.print('        consentry close');
}
