/**
 * `consentry client invite --client ID --controller ID`: an enrolment code for somebody whom a client file nominates.
 * It is printed once, kept only as a hash, valid for 72 hours and for one use. Hand it over outside this product, to
 * the person whom the authority document names: whoever enters it takes the seat.
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ControllerUser } from '../core/model.ts';
import { createLedger } from '../stores/ledger.ts';
import { prepare } from './prepare.ts';
import type { CommandMain, Terminal } from './terminal.ts';

export const inviteUsage = 'consentry client invite --client ID --controller ID';
const hours = 72;
/** Crockford's base 32: no letter can be mistaken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Answers 0 when the code is recorded and printed, 1 when it cannot be, 2 when the command is not understood. */
export const inviteController: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if (asked === undefined) {
    terminal.complain(inviteUsage);
    return 2;
  }
  const prepared = await prepare(env);
  if ('faults' in prepared) {
    for (const fault of prepared.faults) terminal.complain(fault);
    return 1;
  }
  const { config, snapshot } = prepared;
  const client = snapshot.clients.get(asked.client);
  const controller = client?.controllers.find(({ id }) => id === asked.controller);
  if (client === undefined || controller === undefined) {
    terminal.complain(
      `consentry client invite: no client file nominates ${asked.controller} for ${asked.client}`,
    );
    return 1;
  }
  for (const folder of [config.data, config.guard]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ledger = await createLedger({
    file: join(config.data, 'ledger.db'),
    keysDir: config.keys,
    guardDir: config.guard,
    host: config.portalUrl.host,
    node: 'invite',
  });
  try {
    const code = newCode();
    await ledger.run({
      do: 'invite',
      client: client.id,
      controller: controller.id,
      codeHash: hash('sha256', code, 'base64url'),
      authority: controller.authority,
      expiresAt: Date.now() + hours * 3_600_000,
    });
    tell(terminal, controller, code, config.portalUrl);
    return 0;
  } finally {
    await ledger.close();
  }
};

function read(args: string[]): { readonly client: string; readonly controller: string } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { client: { type: 'string' }, controller: { type: 'string' } },
    });
    if (values.client === undefined || values.controller === undefined) return undefined;
    return { client: values.client, controller: values.controller };
  } catch {
    return undefined;
  }
}

/** 125 random bits in groups of five. */
function newCode(): string {
  const letters = [...randomBytes(25)].map((byte) => alphabet[byte % alphabet.length]);
  return [0, 5, 10, 15, 20].map((at) => letters.slice(at, at + 5).join('')).join('-');
}

function tell(
  terminal: Terminal,
  { name, role, authority }: ControllerUser,
  code: string,
  portal: URL,
): void {
  terminal.print(`code       ${code}`);
  terminal.print(`for        ${name}, ${role}; authority: ${authority}`);
  terminal.print(`valid      ${hours} hours, once; it is not shown again`);
  terminal.print(
    `hand over  outside this product; then: sign in at ${portal.origin}, open ${portal.origin}/seat`,
  );
}
