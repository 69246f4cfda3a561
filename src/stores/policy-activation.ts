/**
 * Tells each client's log which rules are in force for it: a line for every client whose slice is not the one that its
 * log last named, with what changed for it in words.
 */
import { setImmediate } from 'node:timers/promises';
import { emptySlice } from '../core/policy/slices.ts';
import type { Archive, Authority } from '../core/ports.ts';
import type { LoadedPolicy } from './policy-teller.ts';

/** Clients that are recorded at once: some milliseconds of the main loop, and few enough commits. */
const batch = 100;

export interface ActivationPorts {
  readonly authority: Pick<Authority, 'run'>;
  readonly archive: Pick<Archive, 'slices' | 'rulesText'>;
}

/**
 * Records what `next` means for each client, also for those that are no longer in it. Durable when it resolves. Throws
 * Fault `ledger_unavailable`; some clients may then have been told already, and are not told twice when it is tried
 * again.
 */
export async function activatePolicy(
  next: LoadedPolicy,
  { authority, archive }: ActivationPorts,
): Promise<void> {
  const recorded = await archive.slices();
  const { clients } = next.snapshot;
  const ids = [...new Set([...recorded.keys(), ...clients.keys()])];
  const touched = ids.filter(
    (id) => recorded.get(id) !== (clients.get(id)?.sliceHash ?? emptySlice(id).hash),
  );
  const tell = (from: number) =>
    Promise.all(
      touched.slice(from, from + batch).map((id) => next.tell(id, recorded.get(id) ?? '', archive.rulesText)),
    );
  // While some are recorded the next are made.
  let coming = tell(0);
  for (let at = 0; at < touched.length; at += batch) {
    const slices = await coming;
    coming = tell(at + batch);
    try {
      await authority.run({ do: 'policy', slices });
    } catch (fault) {
      await coming.catch(() => undefined);
      throw fault;
    }
    await setImmediate();
  }
}
