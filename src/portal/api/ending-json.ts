/** Where the end of a client's contract stands, as programs read it. */
import type * as z from 'zod';
import { endingState } from '../endings.ts';
import { rfc3339 } from '../formats.ts';
import type { Call } from './api.ts';
import type { endingAnswer } from './schemas.ts';

export async function endingJson({ deps, client, now }: Call): Promise<z.infer<typeof endingAnswer>> {
  const { over, coming, statement, ending, book } = await endingState({ deps, now }, client);
  const at = (instant: number | undefined): string | null =>
    instant === undefined ? null : rfc3339(instant);
  const { openings, copies, credentials } = book.open;
  const certificate = ending?.certificate;
  return {
    state: certificate !== undefined ? 'certified' : over === undefined ? 'running' : 'over',
    ends: at(coming),
    over_since: at(over?.since),
    cause: over?.cause ?? null,
    choice: statement?.choice ?? null,
    due: at(statement?.dueAt),
    outstanding: { accesses: openings, copies, accounts: credentials },
    erasure: (ending?.notices ?? []).map(({ what, at: given, from }) => ({
      ...{ subject: what, given: rfc3339(given), from: rfc3339(from) },
    })),
    certificate:
      certificate === undefined ? null : { made: rfc3339(certificate.at), text_hash: certificate.textHash },
  };
}
