/**
 * Tells each client's log which rules are in force for it: a line for every client whose slice is not the one that its
 * log last named, with what changed for it in words. The words come from the two texts themselves, so they are the
 * same whether the policy changed while the gateway ran or while it was stopped.
 */
import { setImmediate } from 'node:timers/promises';
import type { Command } from '../core/commands.ts';
import type { Client, Snapshot } from '../core/model.ts';
import { sliceChanges, summariseChanges, tellChanges } from '../core/policy/slice-changes.ts';
import { emptySlice } from '../core/policy/slices.ts';
import type { Archive, Authority } from '../core/ports.ts';

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
export async function activatePolicy(next: Snapshot, { authority, archive }: ActivationPorts): Promise<void> {
  const recorded = await archive.slices();
  const ids = [...new Set([...recorded.keys(), ...next.clients.keys()])];
  const touched = ids.filter((id) => recorded.get(id) !== sliceOf(id, next.clients.get(id)).hash);
  for (let at = 0; at < touched.length; at += batch) {
    const slices = await Promise.all(
      touched.slice(at, at + batch).map(async (id) => {
        const hash = recorded.get(id) ?? '';
        const before = hash === '' ? undefined : await archive.sliceText(id, hash);
        return told(id, before, next.clients.get(id));
      }),
    );
    await authority.run({ do: 'policy', slices });
    await setImmediate();
  }
}

function sliceOf(id: string, client: Client | undefined): { readonly text: string; readonly hash: string } {
  return client === undefined ? emptySlice(id) : { text: client.sliceText, hash: client.sliceHash };
}

function told(id: string, before: string | undefined, client: Client | undefined): Told {
  const { text, hash } = sliceOf(id, client);
  const slice = { client: id, hash, text };
  if (before === undefined) return { ...slice, summary: 'the first rules for this client' };
  if (client === undefined) {
    const change = { en: 'You no longer stand in the provider’s rules: nobody may enter.', fr: gone };
    return { ...slice, summary: 'this client no longer stands in the rules', change };
  }
  const changes = sliceChanges(before, text);
  return { ...slice, summary: summariseChanges(changes), change: tellChanges(changes) };
}

const gone = 'Vous ne figurez plus dans les règles du prestataire : personne ne peut entrer.';
