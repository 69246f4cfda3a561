/**
 * Says for one client after another what its log is to be told of a policy. The words come from the two texts
 * themselves, so they are the same whether the policy changed while the gateway ran or while it was stopped.
 */
import type { Snapshot } from '../core/model.ts';
import type { SliceText } from '../core/policy/compile.ts';
import { type ToldSlice, toldSlice } from '../core/policy/slice-told.ts';
import type { Slice } from '../core/policy/slices.ts';
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

/** The slices of a policy: their hashes, and how their texts are made. */
export interface Slices {
  readonly hashes: ReadonlyMap<string, string>;
  readonly text: SliceText;
}

export const noSlices: Slices = { hashes: new Map(), text: () => undefined };

export function slicesOf({ snapshot, sliceText }: SoundPolicy): Slices {
  return {
    hashes: new Map([...snapshot.clients].map(([id, { sliceHash }]) => [id, sliceHash])),
    text: sliceText,
  };
}

/** `before` are those of the policy that was loaded before, which logs most often named last. */
export function createTeller(now: Slices, before: Slices): Teller {
  return (client, recorded, given) => {
    const slice = sliceIn(now, client);
    if (recorded === '') return toldSlice(client, undefined, slice);
    const text = given ?? (before.hashes.get(client) === recorded ? before.text(client) : undefined);
    return text === undefined ? undefined : toldSlice(client, text, slice);
  };
}

/** The writer holds the text against the hash. */
function sliceIn({ hashes, text: textOf }: Slices, client: string): Slice | undefined {
  const hash = hashes.get(client);
  const text = hash === undefined ? undefined : textOf(client);
  return hash === undefined || text === undefined ? undefined : { hash, text };
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
