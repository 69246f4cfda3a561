/**
 * `consentry client propose --client ID --template NAME --by ID`: what a contact does on the page "Proposals", for whoever sets
 * up many clients. It permits nothing: the client's representative strikes lines and signs, declines, or lets it lapse.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Snapshot } from '../core/model.ts';
import { type Proposal, proposalDays, proposalFrom } from '../core/proposals.ts';
import { everySystem } from '../core/systems.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { prepareOrComplain } from './prepare.ts';
import type { CommandMain } from './terminal.ts';
import { placeOf, withLedger } from './with-ledger.ts';

export const proposeUsage = 'consentry client propose --client ID --template NAME --by ID';

/** Answers 0 when the proposal is recorded, 1 when it cannot be, 2 when the command is not understood. */
export const proposeAgreement: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('client propose', asked.wrong.en, proposeUsage, terminal);
  const prepared = await prepareOrComplain(env, terminal);
  if (prepared === undefined) return 1;
  const { config, policy } = prepared;
  const { snapshot } = policy;
  const proposal = proposalOf(asked, snapshot);
  if (typeof proposal === 'string') {
    terminal.complain(`consentry client propose: ${proposal}`);
    return 1;
  }
  for (const folder of [config.data, config.guard]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = snapshot.users.get(asked.by)?.name ?? asked.by;
  const answer = await withLedger(placeOf(config), 'propose', (ledger) =>
    ledger.run({ do: 'propose', proposal, name }),
  );
  if ('refused' in answer) {
    terminal.complain(
      `consentry client propose: ${answer.refused}; wait until ${asked.client} has answered some of them`,
    );
    return 1;
  }
  terminal.print(`proposed   ${proposal.template} to ${proposal.client}: ${config.portalUrl.origin}/`);
  terminal.print(`           permits nothing until a representative signs; lapses in ${proposalDays} days`);
  return 0;
};

interface Asked {
  readonly client: string;
  readonly template: string;
  readonly by: string;
}

function read(args: string[]): Asked | Misread {
  const text = { type: 'string' } as const;
  const read = readOptions({ args, options: { client: text, template: text, by: text } });
  if ('wrong' in read) return read;
  const { client, template, by } = read.values;
  if (client === undefined) return misread('--client is missing');
  if (template === undefined) return misread('--template is missing');
  return by === undefined ? misread('--by is missing') : { client, template, by };
}

/** The proposal, or in words why there can be none. */
function proposalOf(asked: Asked, snapshot: Snapshot): Proposal | string {
  const client = snapshot.clients.get(asked.client);
  const template = snapshot.templates.get(asked.template);
  if (client === undefined || client.status === 'ended') return `there is no client ${asked.client}`;
  if (template === undefined)
    return `there is no template ${asked.template}; there are: ${[...snapshot.templates.keys()].join(', ') || 'none'}`;
  if (snapshot.users.get(asked.by)?.role !== 'contact')
    return `${asked.by} is no contact in staff.yaml (users: role: contact)`;
  const made = { id: randomBytes(16).toString('base64url'), by: asked.by, now: Date.now() };
  return (
    proposalFrom(template, client, everySystem(client), made) ??
    `${asked.client} has no system for any purpose of ${asked.template}`
  );
}
