/**
 * `consentry client invite --client ID --controller ID`: a link and a code for somebody whom a client file nominates. Both
 * are printed once, kept only as hashes, valid for 72 hours and for one use; five wrong codes end them. The code goes
 * by another way than the link, to the person whom the authority document names: whoever has both takes the seat.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { invitationBytes, invitationLife, invitationProof, writeInvitation } from '../core/invitation.ts';
import type { ControllerUser } from '../core/model.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { prepareOrComplain } from './prepare.ts';
import type { CommandMain, Terminal } from './terminal.ts';
import { placeOf, withLedger } from './with-ledger.ts';

export const inviteUsage = 'consentry client invite --client ID --controller ID';
/** Answers 0 when the invitation is recorded and printed, 1 when it cannot be, 2 when the command is not understood. */
export const inviteController: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('client invite', asked.wrong.en, inviteUsage, terminal);
  const prepared = await prepareOrComplain(env, terminal);
  if (prepared === undefined) return 1;
  const {
    config,
    policy: { snapshot },
  } = prepared;
  const client = snapshot.clients.get(asked.client);
  const controller = client?.controllers.find(({ id }) => id === asked.controller);
  if (client === undefined || controller === undefined) {
    terminal.complain(
      `consentry client invite: no client file nominates ${asked.controller} for ${asked.client}`,
    );
    return 1;
  }
  for (const folder of [config.data, config.guard]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { link, code } = writeInvitation(randomBytes(invitationBytes));
  await withLedger(placeOf(config), 'invite', (ledger) =>
    ledger.run({
      do: 'invite',
      nominee: controller,
      proof: invitationProof(link, code),
      expiresAt: Date.now() + invitationLife,
      by: undefined,
    }),
  );
  tell(terminal, controller, { link: `${config.portalUrl.origin}/enrol#${link}`, code });
  return 0;
};

function read(args: string[]): { readonly client: string; readonly controller: string } | Misread {
  const text = { type: 'string' } as const;
  const read = readOptions({ args, options: { client: text, controller: text } });
  if ('wrong' in read) return read;
  const { client, controller } = read.values;
  if (client === undefined) return misread('--client is missing');
  return controller === undefined ? misread('--controller is missing') : { client, controller };
}

function tell(
  terminal: Terminal,
  { name, role, authority }: ControllerUser,
  { link, code }: { readonly link: string; readonly code: string },
): void {
  terminal.print(`link       ${link}`);
  terminal.print('           send it to the person: by mail, by message');
  terminal.print(`code       ${code}`);
  terminal.print('           tell it by phone or on paper; never in the message with the link');
  terminal.print(`for        ${name}, ${role}; authority: ${authority}`);
  terminal.print('valid      72 hours, once, five wrong codes at most; neither is shown again');
}
