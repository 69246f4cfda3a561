/**
 * The register of credentials that clients handed over: who, when, for which system, last use, rotation, return. A row
 * follows its lines; who handed it over and under which account is in a box under the client's key. No secret is ever
 * here, only a keyed mark by which another one is noticed.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import type { HeldCredential, RegisteredCredential } from '../core/credential.ts';
import type { Groups } from '../core/entries.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, rfc3339, write } from './ledger-acts.ts';
import { type LogState, newId } from './ledger-log.ts';
import { type CredentialBox, credentialFrom, places } from './ledger-rows.ts';
import { text } from './rows.ts';

type Known = RegisteredCredential & { readonly mark: string | undefined };

/** Brings the register in step with what the clients' files name now; each difference is a line. */
export function credentials(
  acts: Acts,
  command: Extract<Command, { do: 'credentials' }>,
): Answers['credentials'] {
  const registered = acts.pen.sql.credentialClients.all().map((row) => text(row, 'client'));
  const clients = new Set([...registered, ...command.held.keys()]);
  const counts = { recorded: 0, rotated: 0, returned: 0 };
  for (const client of clients) {
    const held = command.held.get(client) ?? [];
    if (command.only !== undefined && client !== command.only) continue;
    if (held.length === 0 && !registered.includes(client)) continue;
    const log = acts.heads.touchIfSound(client, acts.now);
    if (log === undefined) continue;
    const rows = acts.pen.sql.heldCredentials.all(log.id).map((row) => credentialFrom(row, log.key));
    for (const known of rows) {
      if (held.some((one) => isSame(one, known))) continue;
      const left = command.secrets.has(`${client}/${known.file}`);
      giveBack(acts, log, known, left);
      counts.returned += 1;
    }
    for (const one of held) {
      const known = rows.find((row) => isSame(one, row));
      if (known === undefined) {
        enter(acts, log, one);
        counts.recorded += 1;
      } else if (update(acts, log, one, known)) counts.rotated += 1;
    }
  }
  return counts;
}

/** Another account or kind is another credential; another secret is the same one, rotated. */
function isSame(held: HeldCredential, known: Known): boolean {
  return held.system === known.system && held.kind === known.kind && held.account === known.account;
}

function enter(acts: Acts, log: LogState, held: HeldCredential): void {
  const id = newId();
  const { system, kind } = held;
  const fields = { credential: id, system, kind };
  write(acts, log, { t: 'credential.recorded', id: newId(), fields, groups: groupsOf(held) });
  acts.pen.sql.insertCredential.run(id, log.id, system, kind, acts.now, seal(log, id, held));
}

/** Answers whether the secret is another one. Other words about it are kept; the policy's own line tells those. */
function update(acts: Acts, log: LogState, held: HeldCredential, known: Known): boolean {
  const mark = held.mark ?? known.mark;
  const rotated = known.mark !== undefined && mark !== known.mark;
  const { id, system, kind } = known;
  if (rotated) {
    const fields = { credential: id, system, kind };
    write(acts, log, { t: 'credential.rotated', id: newId(), fields, groups: groupsOf(held) });
  }
  const at = rotated ? acts.now : (known.rotatedAt ?? null);
  acts.pen.sql.changeCredential.run(at, seal(log, id, { ...held, mark }), id);
  return rotated;
}

/** The client's file does not name it any more; `left`: its secret file is still there. */
function giveBack(acts: Acts, log: LogState, { id, system }: Known, left: boolean): void {
  const fields = { credential: id, system, secret: left ? 'left' : 'destroyed' };
  write(acts, log, { t: 'credential.returned', id: newId(), fields });
  acts.pen.sql.returnCredential.run(acts.now, id);
}

function groupsOf({ account, handedOverBy, handedOverOn, document, rotateBy }: HeldCredential): Groups {
  return {
    work: {
      account,
      by: handedOverBy,
      on: handedOverOn,
      document,
      ...(rotateBy === undefined ? {} : { rotate_by: rfc3339(rotateBy) }),
    },
  };
}

function seal(log: LogState, id: string, { system: _s, kind: _k, ...rest }: HeldCredential): Buffer {
  return sealBox(log.key, places.credential(id), JSON.stringify(rest satisfies CredentialBox));
}

/** Notes the use in the row. */
export function credentialUsed(
  acts: Acts,
  command: Extract<Command, { do: 'credential-used' }>,
): Answers['credential-used'] {
  acts.pen.sql.useCredential.run(command.at, command.system, command.client);
  return { ok: true };
}
