/** What a client's log is told when another slice of the policy comes into force for it. */
import type { Command } from '../commands.ts';
import { ledElsewhere } from './rests.ts';
import { sliceChanges, summariseChanges, tellChanges } from './slice-changes.ts';
import { emptySlice, type Slice } from './slices.ts';

export type ToldSlice = Extract<Command, { do: 'policy' }>['slices'][number];

/**
 * @param before the text that the log named last; undefined: it named none
 * @param now what comes into force; undefined: the client stands in the policy no more
 */
export function toldSlice(client: string, before: string | undefined, now: Slice | undefined): ToldSlice {
  const slice = { client, ...(now ?? emptySlice(client)), rests: ledElsewhere(before, now?.text ?? '{}') };
  if (before === undefined) return { ...slice, summary: 'the first rules for this client' };
  if (now === undefined)
    return { ...slice, summary: 'this client no longer stands in the rules', change: gone };
  const changes = sliceChanges(before, now.text);
  return { ...slice, summary: summariseChanges(changes), change: tellChanges(changes) };
}

const gone = {
  en: 'You no longer stand in the provider’s rules: nobody may enter.',
  fr: 'Vous ne figurez plus dans les règles du prestataire : personne ne peut entrer.',
};
