/**
 * Tells each client's log which rules are in force for it: a line for every client whose slice is not the one that its
 * log last named, with what changed for it in words. The words come from the two texts themselves, so they are the
 * same whether the policy changed while the gateway ran or while it was stopped.
 */
import { setImmediate } from 'node:timers/promises';
import type { Command } from '../core/commands.ts';
import { sliceChanges, summariseChanges, tellChanges } from '../core/policy/slice-changes.ts';
import { emptySlice, hashOf, type Slice } from '../core/policy/slices.ts';
import type { Archive, Authority } from '../core/ports.ts';
import type { LoadedPolicy } from './policy-loader.ts';

/** Clients that are compared and recorded at once: a few milliseconds of the main loop. */
const batch = 20;

type Told = Extract<Command, { do: 'policy' }>['slices'][number];

export interface ActivationPorts {
  readonly authority: Pick<Authority, 'run'>;
  readonly archive: Pick<Archive, 'slices' | 'sliceText'>;
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
  for (let at = 0; at < touched.length; at += batch) {
    const slices = await Promise.all(
      touched.slice(at, at + batch).map(async (id) => {
        const hash = recorded.get(id) ?? '';
        const before = hash === '' ? undefined : await archive.sliceText(id, hash);
        return told(id, before, await sliceOf(id, next));
      }),
    );
    await authority.run({ do: 'policy', slices });
    await setImmediate();
  }
}

/** What stands in the policy for a client; undefined: nothing any more. Throws TypeError for a text of another policy. */
async function sliceOf(id: string, { snapshot, sliceText }: LoadedPolicy): Promise<Slice | undefined> {
  const hash = snapshot.clients.get(id)?.sliceHash;
  if (hash === undefined) return undefined;
  const text = await sliceText(id);
  if (text === undefined || hashOf(text) !== hash) throw new TypeError('a slice is not what was loaded');
  return { text, hash };
}

function told(id: string, before: string | undefined, now: Slice | undefined): Told {
  const { text, hash } = now ?? emptySlice(id);
  const slice = { client: id, hash, text };
  if (before === undefined) return { ...slice, summary: 'the first rules for this client' };
  if (now === undefined) {
    const change = { en: 'You no longer stand in the provider’s rules: nobody may enter.', fr: gone };
    return { ...slice, summary: 'this client no longer stands in the rules', change };
  }
  const changes = sliceChanges(before, text);
  return { ...slice, summary: summariseChanges(changes), change: tellChanges(changes) };
}

const gone = 'Vous ne figurez plus dans les règles du prestataire : personne ne peut entrer.';
