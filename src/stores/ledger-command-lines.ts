/**
 * Sessions of the command line, known by their hash alone. They belong to sign-ins, which belong to no client's log; what was
 * declared by one ends with it, in the same transaction.
 */
import type { Answers } from '../core/answers.ts';
import {
  type ClosedWith,
  type CommandLine,
  commandLineLife,
  mostCommandLines,
} from '../core/command-line.ts';
import type { Closing, Command } from '../core/commands.ts';
import { openBox, sealBox } from './disclosure.ts';
import { type Acts, raiseEpoch } from './ledger-acts.ts';
import { closeOne } from './ledger-openings.ts';
import type { Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import { bytes, int, optionalInt, type Row, text } from './rows.ts';

type Told = Pick<CommandLine, 'name' | 'address'>;

/** Longer than any access of theirs: one whose session is gone is taken to have been left behind. */
const kept = 4 * commandLineLife.absolute;

/** Of an opening that no process told anything of. */
const unseen: Omit<Closing, 'opening'> = {
  ...{ cause: 'signed-out', cutMs: 0 },
  counts: { exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 },
};

export function commandLine(
  acts: Acts,
  { session }: Extract<Command, { do: 'command-line' }>,
): Answers['command-line'] {
  const { keyring, sql } = acts.pen;
  const { hash, login, name, address } = session;
  const row = sql.loginById.get(login);
  if (row === undefined || optionalInt(row, 'ended_at') !== undefined) return { refused: 'signed_out' };
  sql.forgetCommandLines.run(acts.now - kept);
  const told = JSON.stringify({ name, address } satisfies Told);
  const box = sealBox(keyring.installation, places.commandLine(hash), told);
  sql.insertCommandLine.run(hash, login, acts.now, acts.now, box);
  const gone = sql.commandLinesOf.all(login).slice(mostCommandLines);
  return { ok: true, closedWith: gone.flatMap((row) => endOne(acts, text(row, 'hash'), []).closedWith) };
}

export function commandLineUsed(
  acts: Acts,
  { hash }: Extract<Command, { do: 'command-line-used' }>,
): Answers['command-line-used'] {
  return { ok: acts.pen.sql.useCommandLine.run(acts.now, hash).changes === 1 };
}

export function endCommandLine(
  acts: Acts,
  { hash, closings }: Extract<Command, { do: 'command-line-end' }>,
): Answers['command-line-end'] {
  return endOne(acts, hash, closings);
}

/** A log that is not sound takes no line: nothing passes there either, and what is open in it ends when it can be written again. */
function endOne(acts: Acts, hash: string, closings: readonly Closing[]): Answers['command-line-end'] {
  const { sql } = acts.pen;
  const ended = sql.deleteCommandLine.run(hash).changes === 1;
  const rows = Map.groupBy(sql.openingsOfCommandLine.all(hash), (row) => text(row, 'client'));
  const closedWith: ClosedWith[] = [];
  for (const [client, mine] of rows) {
    const log = acts.heads.touchIfSound(client, acts.now);
    if (log === undefined) continue;
    const openings = mine.map((row) => text(row, 'id'));
    for (const [nth, row] of mine.entries()) {
      const told = closings.find(({ opening }) => opening === openings[nth]);
      closeOne(acts, log, row, told ?? { ...unseen, opening: openings[nth] ?? '' }, undefined);
    }
    raiseEpoch(log);
    closedWith.push({ client, epoch: log.epoch, openings });
  }
  return { ended, closedWith };
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
