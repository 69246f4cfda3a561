/**
 * Disclosed groups as they stand in an export: one line each, canonical, with the nonce that the commitment on the
 * log's line was made with. Pure.
 */
import type { LeafFields } from './entries.ts';
import { canonicalFlat, isFlat } from './leaf.ts';

export interface Disclosure {
  readonly index: number;
  readonly group: string;
  /** base64url, 32 bytes. */
  readonly nonce: string;
  readonly value: LeafFields;
}

/** One line of `disclosures.jsonl`, line feed included. `json` is the canonical form of the group. */
export function formatDisclosure(index: number, group: string, nonce: string, json: string): string {
  return `{"group":${JSON.stringify(group)},"index":${index},"nonce":${JSON.stringify(nonce)},"value":${json}}\n`;
}

/** Reads a line strictly: only what `formatDisclosure` would have written; undefined otherwise. */
export function parseDisclosure(line: string): Disclosure | undefined {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof told !== 'object' || told === null) return undefined;
  if (!('group' in told && 'index' in told && 'nonce' in told && 'value' in told)) return undefined;
  const { group, index, nonce, value } = told;
  if (typeof group !== 'string' || typeof index !== 'number' || typeof nonce !== 'string') return undefined;
  if (!isFlat(value) || Buffer.from(nonce, 'base64url').length !== 32) return undefined;
  if (Buffer.from(nonce, 'base64url').toString('base64url') !== nonce) return undefined;
  try {
    if (formatDisclosure(index, group, nonce, canonicalFlat(value)) !== `${line}\n`) return undefined;
  } catch {
    return undefined;
  }
  return { index, group, nonce, value };
}
