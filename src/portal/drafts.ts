/**
 * Texts that wait in a session for whoever wrote them: only for the client they were written for, and only the very text that
 * was read can be signed.
 */
import type { Language, Text } from '../core/model.ts';
import type { Seated } from './controller.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const { errors } = texts.agreements;

export interface Draft {
  readonly client: string;
  readonly language: Language;
  readonly text: string;
  readonly textHash: string;
}

/** What was kept, if it is of this client. Throws the Refusal that says so, and `next`. */
export function ownDraft<D extends Draft>(kept: D | undefined, { client }: Seated, next: Text): D {
  if (kept === undefined || kept.client !== client.id)
    throw new Refusal(409, 'no_draft', errors.noDraft, next);
  return kept;
}

/** Throws the Refusal unless the request names this text by its hash. */
export function mustBeRead(visit: Visit, { textHash }: Draft, next: Text): void {
  if (field(visit.req.body, 'textHash') !== textHash)
    throw new Refusal(409, 'text_changed', errors.changed, next);
}
