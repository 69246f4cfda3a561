/**
 * The bytes of one line: a flat JSON object in RFC 8785 canonical form, and the salted commitments to the groups
 * that stand outside it. For flat objects of strings, integers and booleans the canonical form is JSON.stringify
 * with the names in order of their UTF-16 code units. Pure; refuses with LeafFault what a leaf cannot hold.
 */
import { hash } from 'node:crypto';
import type { LeafFields, LeafValue } from './entries.ts';

/** The longest leaf: an entry bundle gives each leaf a length of two bytes. */
export const leafLimit = 65_535;

/** What a leaf cannot hold; always our caller's mistake. */
export class LeafFault extends Error {}

/** Names that only the writer gives. */
export const assignedFields: ReadonlySet<string> = new Set([
  'v',
  't',
  'id',
  'at',
  'node',
  'boot',
  'n',
  'actor',
]);

/** The field that commits to a group. */
export function commitmentField(group: string): string {
  return `commit_${group}`;
}

const commitmentName = /^commit_([a-z]+)$/;

/** The group that a field commits to, or undefined for any other field. */
export function committedGroup(field: string): string | undefined {
  return commitmentName.exec(field)?.[1];
}

/** One value in canonical form. Throws LeafFault on floats, unsafe integers and lone surrogates. */
export function canonicalValue(value: LeafValue): string {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new LeafFault('a string holds a lone surrogate');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isSafeInteger(value)) throw new LeafFault('a number is not an integer below 2^53');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      throw new LeafFault('a value is neither string, integer nor boolean');
  }
}

/** RFC 8785 of a flat object. Throws LeafFault for what a leaf cannot hold. */
export function canonicalFlat(fields: LeafFields): string {
  let text = '';
  for (const name of Object.keys(fields).sort()) {
    const value = fields[name];
    if (value === undefined) throw new LeafFault(`field ${name} has no value`);
    if (!name.isWellFormed()) throw new LeafFault('a name holds a lone surrogate');
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalValue(value)}`;
  }
  return `{${text}}`;
}

/** Reads a leaf strictly: valid UTF-8, flat, and byte for byte in canonical form. Undefined when it is not. */
export function parseLeaf(bytes: Uint8Array): LeafFields | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    if (!isFlat(value) || canonicalFlat(value) !== text) return undefined;
    return value;
  } catch {
    return undefined;
  }
}

export function isFlat(value: unknown): value is LeafFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((v) => ['string', 'number', 'boolean'].includes(typeof v));
}

/** `sha256:` and base64url of SHA-256 over a text (UTF-8) or bytes: how texts are named on lines. */
export function textHash(text: string | Uint8Array): string {
  return `sha256:${hash('sha256', text, 'base64url')}`;
}

const scratch = Buffer.alloc(4096);

/** `sha256:` and base64url of SHA-256(nonce || canonical JSON of the group). The nonce has 32 bytes. */
export function commitment(nonce: Uint8Array, canonical: string): string {
  if (canonical.length * 3 + 32 > scratch.length) {
    return textHash(Buffer.concat([nonce, Buffer.from(canonical, 'utf8')]));
  }
  scratch.set(nonce);
  const end = 32 + scratch.write(canonical, 32, 'utf8');
  return `sha256:${hash('sha256', scratch.subarray(0, end), 'base64url')}`;
}

/** Refuses fields that are the writer's to give. Throws LeafFault. */
export function checkCallerFields(names: readonly string[]): void {
  for (const name of names) {
    if (assignedFields.has(name) || name.startsWith('commit_')) {
      throw new LeafFault(`field ${name} is the writer's to give`);
    }
  }
}
