/** `consentry client new | import | invite | propose | who`: which of them is meant. */
import { importClients, importUsage } from './client-import.ts';
import { inviteController, inviteUsage } from './client-invite.ts';
import { newClient, newUsage } from './client-new.ts';
import { proposeAgreement, proposeUsage } from './client-propose.ts';
import { whoIs, whoUsage } from './client-who.ts';
import type { CommandMain } from './terminal.ts';

const verbs: Readonly<Record<string, CommandMain>> = {
  new: newClient,
  import: importClients,
  invite: inviteController,
  propose: proposeAgreement,
  who: whoIs,
};

/** Answers what the verb answers; 2 when there is no such verb. */
export const clientCommand: CommandMain = async ([verb = '', ...args], env, terminal) => {
  const command = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (command !== undefined) return command(args, env, terminal);
  for (const line of [...newUsage, ...importUsage, inviteUsage, proposeUsage, whoUsage])
    terminal.complain(line);
  return 2;
};
