/** The commands of the copy register, for tests of the ledger. */
import { type RegisterCopy, usualCopies } from '../../src/core/copies.ts';
import type { Opening } from '../../src/core/model.ts';
import type { Recorded } from '../../src/core/ports.ts';
import { sliceText, textHash } from './ledger-world.ts';

export const digest = `sha256:${'A'.repeat(43)}`;

/** A copy of 1,024 bytes, before its first byte leaves. */
export function registration(
  opening: Opening,
  recorded: Recorded,
  changes: Partial<RegisterCopy> = {},
): RegisterCopy {
  return {
    do: 'copy-register',
    client: 'acme',
    intent: recorded.receipt,
    request: recorded.id,
    opening: opening.id,
    person: opening.person,
    system: 'erp',
    policy: textHash(sliceText('acme')),
    rules: usualCopies,
    head: { status: 200, type: 'application/zip', length: 1024, extension: 'zip' },
    path: '/export/*',
    ...changes,
  };
}
