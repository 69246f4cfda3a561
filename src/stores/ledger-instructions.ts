/**
 * The client's own instructions: each version is one signed line and one row, in one transaction; the newest is in force.
 * Evidence is verified here exactly as the client's offline check will do it.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import { evidenceFault } from '../core/evidence.ts';
import { type OwnInstructions, readInstructions } from '../core/own-instructions.ts';
import type { InstructionVersion } from '../core/ports.ts';
import { openBox, sealBox } from './disclosure.ts';
import { type Acts, conflict, raiseEpoch, write } from './ledger-acts.ts';
import { evidenceFields, signingSeat } from './ledger-evidence.ts';
import { checkTextHash, type LogState, newId } from './ledger-log.ts';
import { places } from './ledger-rows.ts';
import { partyOf } from './ledger-totp.ts';
import { bytes, int, type Row, RowFault, text } from './rows.ts';

/** What opens a client's boxes. */
interface LogKey {
  readonly id: number;
  readonly key: Buffer;
}

/** `instructions.set` and its row; only the version that follows the one in force. Raises the epoch. */
export function instruct(acts: Acts, command: Extract<Command, { do: 'instruct' }>): Answers['instruct'] {
  const { client, evidence } = command;
  const log = acts.heads.touch(client, acts.now);
  const seat = signingSeat(acts, log, evidence);
  if (typeof seat === 'string') return { refused: seat };
  const said = readInstructions(command.text);
  if (said === undefined || said.client !== client) throw conflict('the text is none of these instructions');
  if (said.version !== versionInForce(acts, log) + 1) return { refused: 'version_stale' };
  checkTextHash(command.text, said.textHash);
  const fault = evidenceFault(seat, evidence, said.textHash, partyOf(acts, log));
  if (fault !== undefined) throw conflict(`the evidence does not hold: ${fault}`);
  const box = sealBox(log.key, places.instructions(log.id, said.version), command.text);
  acts.pen.sql.insertInstructions.run(log.id, said.version, said.textHash, log.at, box);
  const receipt = write(acts, log, {
    t: 'instructions.set',
    id: newId(),
    fields: { version: said.version, text: said.textHash, ...evidenceFields(evidence) },
  });
  raiseEpoch(log);
  return { receipt, epoch: log.epoch, instructions: said };
}

function versionInForce(acts: Acts, log: LogState): number {
  return Number(acts.pen.sql.newestInstructions.get(log.id)?.version ?? 0);
}

/** Throws a conflict unless the opening acknowledges the version in force, or there is none to acknowledge. */
export function checkAcknowledged(acts: Acts, log: LogState, told: unknown): void {
  const row = acts.pen.sql.newestInstructions.get(log.id);
  if ((row === undefined ? undefined : text(row, 'hash')) !== told)
    throw conflict('the opening does not name the client’s own instructions in force');
}

/** The version in a row. Throws RowFault when it cannot be read: what the client asked must not be forgotten. */
export function instructionsFrom(row: Row, log: LogKey): OwnInstructions {
  const said = readInstructions(instructionsText(row, log));
  if (said === undefined || said.textHash !== text(row, 'hash'))
    throw new RowFault('the client’s own instructions are malformed');
  return said;
}

export function instructionsText(row: Row, log: LogKey): string {
  return openBox(log.key, places.instructions(log.id, int(row, 'version')), bytes(row, 'box'));
}

/** The newest version of the client's own instructions; undefined: none was ever given. */
export function ownInstructions(db: DatabaseSync, log: LogKey): OwnInstructions | undefined {
  const row = db
    .prepare('SELECT * FROM instructions WHERE log = ? ORDER BY version DESC LIMIT 1')
    .get(log.id);
  return row === undefined ? undefined : instructionsFrom(row, log);
}

/** Every version of the client's own instructions, newest first. */
export function instructionVersions(db: DatabaseSync, log: LogKey): readonly InstructionVersion[] {
  return db
    .prepare('SELECT * FROM instructions WHERE log = ? ORDER BY version DESC')
    .all(log.id)
    .map((row) => ({
      said: instructionsFrom(row, log),
      at: int(row, 'set_at'),
      text: instructionsText(row, log),
    }));
}
