/**
 * Says for one client after another what its log is to be told of a policy. The words come from the two texts
 * themselves, so they are the same whether the policy changed while the gateway ran or while it was stopped.
 */
import type { Snapshot } from '../core/model.ts';
import type { SliceOf } from '../core/policy/compile.ts';
import { type ToldSlice, toldSlice } from '../core/policy/slice-told.ts';
import type { SoundPolicy } from './policy-files.ts';

/** A policy that may take effect, with what is to be told of it. */
export interface LoadedPolicy {
  readonly snapshot: Snapshot;
  /**
   * What the client's log is to be told; `recorded` is the hash that it named last, empty for none, and `earlier` finds
   * the text of it. From another thread only until the next load begins. Rejects when that thread ends.
   */
  tell(client: string, recorded: string, earlier: Earlier): Promise<ToldSlice>;
}

export type Earlier = (client: string, hash: string) => Promise<string | undefined>;

/** What is to be told, or undefined when the text of `recorded` has to be given for it. */
export type Teller = (client: string, recorded: string, text?: string) => ToldSlice | undefined;

/** The slices of a policy: their hashes, and how they are made. */
export interface Slices {
  readonly hashes: ReadonlyMap<string, string>;
  readonly of: SliceOf;
}

export const noSlices: Slices = { hashes: new Map(), of: () => undefined };

export function slicesOf({ snapshot, sliceOf }: SoundPolicy): Slices {
  return {
    hashes: new Map([...snapshot.clients].map(([id, { sliceHash }]) => [id, sliceHash])),
    of: sliceOf,
  };
}

/** `before` are those of the policy that was loaded before, which logs most often named last. */
export function createTeller(now: Slices, before: Slices): Teller {
  return (client, recorded, given) => {
    // The writer holds the text against the hash.
    const slice = now.hashes.has(client) ? now.of(client) : undefined;
    if (recorded === '') return toldSlice(client, undefined, slice);
    const known = given ?? (before.hashes.get(client) === recorded ? before.of(client) : undefined);
    return known === undefined ? undefined : toldSlice(client, known, slice);
  };
}

/**
 * Asks twice where it must. A text that the archive has no more is as if there had been none: the change is told as the
 * first rules.
 */
export async function tellWith(
  ask: (
    client: string,
    recorded: string,
    text?: string,
  ) => ToldSlice | undefined | Promise<ToldSlice | undefined>,
  client: string,
  recorded: string,
  earlier: Earlier,
): Promise<ToldSlice> {
  const told = await ask(client, recorded);
  if (told !== undefined) return told;
  const text = await earlier(client, recorded);
  const again = await ask(client, text === undefined ? '' : recorded, text);
  if (again === undefined) throw new TypeError('nothing can be told of a slice');
  return again;
}

/** For a policy that was loaded in this thread. */
export function toldHere(policy: SoundPolicy): LoadedPolicy {
  const teller = createTeller(slicesOf(policy), noSlices);
  return {
    snapshot: policy.snapshot,
    tell: (client, recorded, earlier) => tellWith(teller, client, recorded, earlier),
  };
}
