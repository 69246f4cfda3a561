/** What a client's log is told when another slice of the policy comes into force for it. */
import type { Command } from '../commands.ts';
import { ledElsewhere } from './rests.ts';
import { sliceChanges, summariseChanges, tellChanges } from './slice-changes.ts';
import { abridged, joined } from './slice-parts.ts';
import { emptySlice, type Slice } from './slices.ts';

export type ToldSlice = Extract<Command, { do: 'policy' }>['slices'][number];

/**
 * @param before what the log named last: the slice, when its parts are kept there, or all of it as one text; undefined: it
 *   named none
 * @param now what comes into force; undefined: the client stands in the policy no more
 */
export function toldSlice(
  client: string,
  before: Slice | string | undefined,
  now: Slice | undefined,
): ToldSlice {
  const { hash, text, parts } = now ?? emptySlice(client);
  const kept = new Set(typeof before === 'object' ? before.parts.map((part) => part.hash) : []);
  const fresh = parts.filter((part) => !kept.has(part.hash));
  const [old, whole] =
    typeof before === 'object' ? abridged(client, before.parts, parts) : [before, joined(client, parts)];
  const slice = {
    ...{ client, hash, text },
    parts: fresh.map((part) => ({ hash: part.hash, text: part.text() })),
    rests: ledElsewhere(old, whole),
  };
  if (old === undefined) return { ...slice, summary: 'the first rules for this client' };
  if (now === undefined)
    return { ...slice, summary: 'this client no longer stands in the rules', change: gone };
  const changes = sliceChanges(old, whole);
  return { ...slice, summary: summariseChanges(changes), change: tellChanges(changes) };
}

const gone = {
  en: 'You no longer stand in the provider’s rules: nobody may enter.',
  fr: 'Vous ne figurez plus dans les règles du prestataire : personne ne peut entrer.',
};
