/** What stands beside a declaration and its corrections: how it was declared, what begins with it, what is not confirmed. Pure. */
import { joinTexts } from '../core/both-languages.ts';
import type { Client, Text } from '../core/model.ts';
import type { Line } from '../core/ports.ts';
import { readRuns } from '../core/robot-runs.ts';
import { isReferenceCheck } from '../core/ticket-check.ts';
import { textOf } from './line-fields.ts';
import { runInWords } from './robot-words.ts';
import { texts } from './texts.ts';

/** That a reference was not confirmed; nothing when it was, or when nobody asked. */
function doubtOf({ leaf: { reference_check: check } }: Line): Text | undefined {
  if (!isReferenceCheck(check) || check === 'ok') return undefined;
  return texts.corrections.checked(texts.corrections.checks[check]);
}

/** What is to be said of how it was declared, and of the planned runs that begin with it. */
export function openedBy(line: Line, client: Client): Text | undefined {
  const doubt = doubtOf(line);
  const told = [
    ...(line.leaf.command_line === true ? [texts.commandLine.opened] : []),
    ...readRuns(line.leaf).map((run) => texts.robots.runs.begins(runInWords(run, client.zone))),
    ...(doubt === undefined ? [] : [doubt]),
  ];
  return told.length === 0 ? undefined : joinTexts(told, '\n');
}

/** What was mended, as it stood and as it stands. */
export function correctionOf(line: Line): Text | undefined {
  const { work } = line.groups;
  const { leaf } = line;
  const doubt = doubtOf(line);
  if (typeof work !== 'object') return undefined;
  const { reference, note } = texts.corrections;
  const what = textOf(leaf, 'what').split(' ');
  const told = [
    ...(what.includes('reference')
      ? [reference(textOf(work, 'old_reference'), textOf(work, 'reference'))]
      : []),
    ...(what.includes('note') ? [note(textOf(work, 'old_note'), textOf(work, 'note'))] : []),
    ...(doubt === undefined ? [] : [doubt]),
  ];
  return joinTexts(told, '\n');
}
