/** What a line of the log says field by field. What is not there, was erased or is something else says nothing. Pure. */
import { type Fields, own } from '../core/objects.ts';
import type { Line } from '../core/ports.ts';

/** A text; '' where there is none. */
export function textOf(fields: Fields, name: string): string {
  const value = own(fields, name);
  return typeof value === 'string' ? value : '';
}

/** A number; 0 where there is none. */
export function numberOf(fields: Fields, name: string): number {
  const value = own(fields, name);
  return typeof value === 'number' ? value : 0;
}

/** A text of what the line discloses under that name. */
export function disclosed({ groups }: Line, group: string, name: string): string {
  const fields = groups[group];
  return typeof fields === 'object' ? textOf(fields, name) : '';
}
