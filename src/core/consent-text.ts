/**
 * What a consent's text must say about itself so that it can be compared with the line that records it: the text is
 * one flat canonical JSON object whose scope fields are the very strings that stand on the line. It names its own
 * consent, so that a signature once given cannot be used again for another one. Pure.
 */
import { clauseIn } from './emergency.ts';
import type { LeafFields } from './entries.ts';
import { parseLeaf } from './leaf.ts';

/** Fields that stand both in the signed text and on the `consent.granted` line. */
export const scopeFields = ['id', 'systems', 'purposes', 'operations', 'from', 'until'] as const;

/** Fields that need not be there, but when text or line has one, both have, and the same. */
export const optionalFields = [
  'budget',
  'first_use',
  'request',
  'minutes',
  'proposal',
  'session',
  'delegation',
  'emergency',
] as const;

/** Undefined when text and line say the same; otherwise, in words, the first difference. */
export function textDifference(text: Uint8Array | string, line: LeafFields): string | undefined {
  const document = parseLeaf(typeof text === 'string' ? Buffer.from(text) : text);
  if (document === undefined) return 'the text of the agreement is not one flat object in canonical form';
  for (const field of scopeFields) {
    if (typeof document[field] !== 'string') return `the text of the agreement does not say ${field}`;
    if (document[field] !== line[field]) return `text and line of the agreement differ in ${field}`;
  }
  for (const field of optionalFields) {
    const told = line[field] === undefined ? undefined : String(line[field]);
    if (document[field] !== told) return `text and line of the agreement differ in ${field}`;
  }
  return clauseIn(document) === undefined
    ? 'what the text of the agreement says of emergencies cannot be read'
    : undefined;
}
