/** Which access a line of the log belongs to, and what the line tells of who and why. Pure. */
import type { Line } from '../core/ports.ts';
import { disclosed, textOf } from './line-fields.ts';

/** Who and why of an access, as its opening line tells. */
export interface Access {
  readonly id: string;
  readonly name: string | undefined;
  readonly function: string;
  readonly purpose: string;
  readonly reference: string;
  /** What the technician wrote for the client; '' when nothing. */
  readonly note: string;
}

/** The access that a line belongs to; for an opening line, itself. */
export function sessionOf(line: Line): string {
  return textOf(line.leaf, 't') === 'session.opened' ? textOf(line.leaf, 'id') : textOf(line.leaf, 'session');
}

/** What a line tells of who and why: an opening line, or a refusal outside an opening. */
export function accessOf(line: Line): Access | undefined {
  const { person, work } = line.groups;
  if (person === undefined && work === undefined) return undefined;
  return {
    id: sessionOf(line),
    name: disclosed(line, 'person', 'name') || undefined,
    function: disclosed(line, 'role', 'function').split(' ').join(', '),
    purpose: textOf(line.leaf, 'purpose'),
    reference: disclosed(line, 'work', 'reference'),
    note: disclosed(line, 'work', 'note'),
  };
}
