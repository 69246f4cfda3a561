/** Sessions of the command line, known by their hash alone. They belong to sign-ins, which belong to no client's log. */
import type { Answers } from '../core/answers.ts';
import { type CommandLine, commandLineLife, mostCommandLines } from '../core/command-line.ts';
import type { Command } from '../core/commands.ts';
import { openBox, sealBox } from './disclosure.ts';
import type { Acts } from './ledger-acts.ts';
import type { Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { bytes, int, optionalInt, type Row, text } from './rows.ts';

type Told = Pick<CommandLine, 'name' | 'address'>;

export function commandLine(
  acts: Acts,
  { session }: Extract<Command, { do: 'command-line' }>,
): Answers['command-line'] {
  const { keyring, sql } = acts.pen;
  const { hash, login, name, address } = session;
  const row = sql.loginById.get(login);
  if (row === undefined || optionalInt(row, 'ended_at') !== undefined) return { refused: 'signed_out' };
  sql.forgetCommandLines.run(acts.now - 2 * commandLineLife.absolute);
  const told = JSON.stringify({ name, address } satisfies Told);
  const box = sealBox(keyring.installation, places.commandLine(hash), told);
  sql.insertCommandLine.run(hash, login, acts.now, acts.now, box);
  sql.trimCommandLines.run(login, login, mostCommandLines);
  return { ok: true };
}

export function commandLineUsed(
  acts: Acts,
  { hash }: Extract<Command, { do: 'command-line-used' }>,
): Answers['command-line-used'] {
  return { ok: acts.pen.sql.useCommandLine.run(acts.now, hash).changes === 1 };
}

export function endCommandLine(
  acts: Acts,
  { hash }: Extract<Command, { do: 'command-line-end' }>,
): Answers['command-line-end'] {
  return { ended: acts.pen.sql.deleteCommandLine.run(hash).changes === 1 };
}

export function followCommandLines(
  acts: Acts,
  { from, to }: Extract<Command, { do: 'command-lines-follow' }>,
): Answers['command-lines-follow'] {
  return { moved: Number(acts.pen.sql.moveCommandLines.run(to, from).changes) };
}

function commandLineFrom(row: Row, { keyring }: Reading): CommandLine {
  const hash = text(row, 'hash');
  const told = JSON.parse(openBox(keyring.installation, places.commandLine(hash), bytes(row, 'box'))) as Told;
  const [madeAt, usedAt] = [int(row, 'made_at'), int(row, 'used_at')];
  return { hash, login: text(row, 'login'), ...told, madeAt, usedAt };
}

/** The session of a token, by its hash; one whose time is over too. Undefined: there is none, or it was ended. */
export function commandLineOf(reading: Reading, hash: string): CommandLine | undefined {
  const row = reading.db.prepare('SELECT * FROM command_lines WHERE hash = ?').get(hash);
  return row === undefined ? undefined : commandLineFrom(row, reading);
}

/** Those of a sign-in, newest first. */
export function commandLinesOf(reading: Reading, login: string): readonly CommandLine[] {
  return reading.db
    .prepare('SELECT * FROM command_lines WHERE login = ? ORDER BY made_at DESC, hash')
    .all(login)
    .map((row) => commandLineFrom(row, reading));
}
