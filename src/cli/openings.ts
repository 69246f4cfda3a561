/** `consentry openings` and `consentry close`: what this technician has open, and its end. */
import { parseArgs } from 'node:util';
import { type SignedIn, understand, whileSignedIn } from './command-line.ts';
import { type KeptOpening, type ListedOpening, openingsAnswer, systemsOf } from './command-line-state.ts';
import type { CommandMain } from './terminal.ts';

const closeUsage = 'consentry close [ID | CLIENT/SYSTEM]';

/** What is open now, as the portal says. Credentials of what is over are removed. */
export async function openNow({ state, session, ask }: SignedIn): Promise<{
  readonly all: readonly ListedOpening[];
  /** Those that this machine has the credential of, the newest first. */
  readonly here: readonly KeptOpening[];
}> {
  const { openings: all } = understand(await ask({ method: 'GET', path: '/openings' }), openingsAnswer);
  const ids = new Set(all.map(({ id }) => id));
  const kept = (await state.openings()).filter(({ portal }) => portal === session.portal);
  for (const { id } of kept) if (!ids.has(id)) await state.forgetOpening(id);
  return { all, here: kept.filter(({ id }) => ids.has(id)) };
}

export const openingsCommand: CommandMain = async (args, env, terminal) => {
  if (args.length > 1 || (args.length === 1 && args[0] !== '--json')) {
    terminal.complain('consentry openings [--json]');
    return 2;
  }
  return whileSignedIn('openings', env, terminal, async (signedIn) => {
    const { all, here } = await openNow(signedIn);
    const mine = new Set(here.map(({ id }) => id));
    if (args[0] === '--json') {
      terminal.print(
        JSON.stringify(
          all.map((one) => ({ ...one, here: mine.has(one.id) })),
          null,
          2,
        ),
      );
      return 0;
    }
    if (all.length === 0) terminal.print('Nothing is open.');
    for (const one of all)
      terminal.print(
        `${one.id}  ${systemsOf(one)}  ${one.purpose_name}, ${one.reference}, until ${one.ends}${mine.has(one.id) ? '' : '  (opened elsewhere)'}`,
      );
    return 0;
  });
};

/** Answers 0 when it is closed, 1 when there is nothing of that name, 2 when it is not clear which. */
export const closeCommand: CommandMain = async (args, env, terminal) => {
  const name = nameIn(args);
  if (name === undefined) {
    terminal.complain(closeUsage);
    return 2;
  }
  return whileSignedIn('close', env, terminal, async (signedIn) => {
    const { all, here } = await openNow(signedIn);
    const meant =
      name === ''
        ? here
        : name.includes('/')
          ? here.filter((one) => covers(one, name))
          : all.filter(({ id }) => id === name);
    const [first, ...others] = meant;
    if (first === undefined) {
      terminal.complain('consentry close: nothing of that is open here; consentry openings lists what is');
      return 1;
    }
    if (others.length > 0) {
      terminal.complain('consentry close: several are open; name one by its id:');
      for (const one of meant) terminal.complain(`  ${one.id}  ${systemsOf(one)}, ${one.reference}`);
      return 2;
    }
    await signedIn.ask({ method: 'POST', path: `/openings/${first.id}/close`, body: {} });
    await signedIn.state.forgetOpening(first.id);
    terminal.print(`closed  ${systemsOf(first)}, ${first.reference}`);
    return 0;
  });
};

/** Empty: whatever is open here. Undefined: not understood. */
function nameIn(args: string[]): string | undefined {
  try {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
    return positionals.length > 1 ? undefined : (positionals[0] ?? '');
  } catch {
    return undefined;
  }
}

function covers({ client, systems }: KeptOpening, name: string): boolean {
  return systems.some(({ id }) => `${client}/${id}` === name);
}
