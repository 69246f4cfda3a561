/**
 * The writer's commands about people rather than clients: sign-ins, their refresh tokens, accounts bound to staff
 * entries, and what the company's directory says. All of it is sealed under the installation's key; only a binding
 * stands in logs.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { mailIssuer } from '../core/model.ts';
import { sealBox } from './disclosure.ts';
import { type Acts, write } from './ledger-acts.ts';
import { newId } from './ledger-log.ts';
import { readOpening } from './ledger-openings.ts';
import { ownerOf } from './ledger-persons.ts';
import { type LoginBox, places } from './ledger-rows.ts';
import { proveLogin } from './ledger-totp.ts';
import { bytes, optionalInt, optionalText, text } from './rows.ts';

/** Records a sign-in. The row is all there is: sign-ins belong to no client's log. */
export function login(acts: Acts, command: Extract<Command, { do: 'login' }>): Answers['login'] {
  const { id, startedAt, ...box } = command.login;
  const { issuer, subject, sub = subject, sid } = box;
  const { keyring, sql } = acts.pen;
  if (sql.loginById.get(id) !== undefined) return { refused: 'used_already' };
  if (command.seat !== undefined) {
    const seat = sql.seatById.get(command.seat);
    if (seat === undefined || optionalInt(seat, 'removed_at') !== undefined) return { refused: 'not_seated' };
  }
  if (command.code !== undefined || issuer === mailIssuer) {
    const why = proveLogin(acts, command);
    if (why !== undefined) return { refused: why };
  }
  sql.insertLogin.run(
    id,
    sid === undefined ? null : keyring.token('sid', `${issuer}\n${sid}`),
    keyring.token('subject', `${issuer}\n${sub}`),
    keyring.token('subject', `${issuer}\n${subject}`),
    startedAt,
    sealBox(keyring.installation, places.login(id), JSON.stringify(box satisfies LoginBox)),
  );
  if (command.after !== undefined) takePlace(acts, id, command.after);
  return { ok: true };
}

/**
 * Somebody signed in anew in the browser in which they were signed in: command lines go on with the new sign-in, and whoever
 * signs out there ends both, whichever of them the browser was left with.
 */
function takePlace({ pen: { sql } }: Acts, id: string, after: string): void {
  const [before, now] = [sql.loginById.get(after), sql.loginById.get(id)];
  if (before === undefined || now === undefined || optionalInt(before, 'ended_at') !== undefined) return;
  if (Buffer.compare(bytes(before, 'subject'), bytes(now, 'subject')) !== 0) return;
  const browser = optionalText(before, 'browser') ?? after;
  for (const one of [after, id]) sql.putBrowser.run(browser, one);
  sql.moveCommandLines.run(id, after);
}

/** Ends sign-ins and tells which live openings hung on them; closing those is the caller's next command. */
export function logout(acts: Acts, command: Extract<Command, { do: 'logout' }>): Answers['logout'] {
  const { sql } = acts.pen;
  const named = loginsMeant(acts, command.by);
  const logins = named.filter((id) => sql.endLogin.run(acts.now, id).changes === 1);
  // A command line that followed to a newer sign-in may have opened something under the one before.
  const hashes = logins.flatMap((id) => sql.commandLinesOf.all(id).map((row) => text(row, 'hash')));
  for (const id of logins) {
    sql.deleteToken.run(id);
    sql.deleteCommandLines.run(id);
  }
  const rows = [
    ...named.flatMap((id) => sql.openingsOfLogin.all(id)),
    ...hashes.flatMap((hash) => sql.openingsOfCommandLine.all(hash)),
  ];
  const each = new Map(rows.map((row) => [text(row, 'id'), row]));
  return { logins, openings: [...each.values()].map((row) => readOpening(acts, row)) };
}

function loginsMeant(acts: Acts, by: Extract<Command, { do: 'logout' }>['by']): readonly string[] {
  const { keyring, sql } = acts.pen;
  if ('login' in by) {
    const browser = by.browser === true ? sql.loginById.get(by.login)?.browser : undefined;
    const others = typeof browser === 'string' ? sql.loginsOfBrowser.all(browser) : [];
    return [...new Set([by.login, ...others.map((row) => text(row, 'id'))])];
  }
  const rows =
    'sid' in by
      ? sql.loginsBySid.all(keyring.token('sid', `${by.issuer}\n${by.sid}`))
      : 'sub' in by
        ? sql.loginsBySub.all(keyring.token('subject', `${by.issuer}\n${by.sub}`))
        : sql.loginsBySubject.all(keyring.token('subject', `${by.issuer}\n${by.subject}`));
  return rows.map((row) => text(row, 'id'));
}

/** No opening lives as long, so no older token can still be wanted. */
const tokenLife = 48 * 3_600_000;

/** Keeps the newest refresh token of a sign-in that lives. */
export function token(acts: Acts, command: Extract<Command, { do: 'token' }>): Answers['token'] {
  const { keyring, sql } = acts.pen;
  sql.forgetTokens.run(acts.now - tokenLife);
  const row = sql.loginById.get(command.login);
  if (row === undefined || optionalInt(row, 'ended_at') !== undefined) return { kept: false };
  const box = sealBox(keyring.installation, places.token(command.login), command.token);
  sql.putToken.run(command.login, command.confirmedAt, box);
  return { kept: true };
}

/** Binds an account to an entry if none is yet, whoever asks first; told in the logs in the same transaction. */
export function bind(acts: Acts, command: Extract<Command, { do: 'bind' }>): Answers['bind'] {
  const { binding } = command;
  const { keyring, sql } = acts.pen;
  const entry = keyring.token('binding', `${binding.person}\n${binding.issuer}\n${binding.mail}`);
  const box = sealBox(
    keyring.installation,
    places.binding(entry.toString('base64url')),
    JSON.stringify(binding),
  );
  if (sql.insertBinding.run(entry, acts.now, box).changes !== 1) return { refused: 'bound_already' };
  for (const { client, name } of command.clients) {
    const log = acts.heads.touchIfSound(client, acts.now);
    if (log === undefined) continue;
    const { issuer, subject, person } = binding;
    const groups = { person: { subject, issuer, name } };
    write(acts, log, {
      t: 'staff.bound',
      id: newId(),
      fields: {},
      groups,
      owner: ownerOf(acts.pen, log, person),
    });
  }
  return { bound: true };
}

/** What the company's directory says about some of its users. */
export function directory(acts: Acts, command: Extract<Command, { do: 'directory' }>): Answers['directory'] {
  const { keyring, sql } = acts.pen;
  for (const user of command.users) {
    const box = sealBox(keyring.installation, places.directory(user.id), JSON.stringify(user));
    sql.putDirectory.run(user.id, user.changedAt, box);
  }
  for (const id of command.forgotten) sql.deleteDirectory.run(id);
  return { ok: true };
}

/** That somebody read the notice to staff, the first time they said so. */
export function readNotice(
  acts: Acts,
  { read }: Extract<Command, { do: 'read-notice' }>,
): Answers['read-notice'] {
  const { keyring, sql } = acts.pen;
  const entry = keyring.token('notice', `${read.person}\n${read.version}`);
  const place = places.notice(entry.toString('base64url'));
  sql.insertNoticeRead.run(entry, acts.now, sealBox(keyring.installation, place, JSON.stringify(read)));
  return { ok: true };
}
