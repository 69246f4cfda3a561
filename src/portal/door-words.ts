/** Other ways into a client's systems, in its words: which are not closed for sure, and what an attempt met. Pure. */
import { inBoth, joinTexts } from '../core/both-languages.ts';
import { type BypassCheck, closings, type DoorState, holds, reaches, stateOf } from '../core/doors.ts';
import type { Client, Snapshot, Text } from '../core/model.ts';
import type { Line } from '../core/ports.ts';
import { date } from './formats.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';

const words = texts.doors;

/**
 * Of which systems other ways are not closed, or not checked for thirty days: a sentence for all of which the same is to be
 * said. `checks` undefined: they cannot be read now.
 */
export function openDoors(
  { places = [] }: Pick<Snapshot, 'places'>,
  client: Client,
  checks: readonly BypassCheck[] | undefined,
  now: number,
): readonly Text[] {
  const on = (at: number): Text => inBoth((language) => date(at, client.zone, language));
  const found = [...client.systems.values()].map((system) => {
    const door = stateOf(system, checks ?? [], places, now);
    const untold = checks === undefined && door.state !== 'not-closed';
    return { name: systemName(client, system.id), say: untold ? words.untold : sentenceOf(door, on) };
  });
  const alike = Map.groupBy(found, ({ say }) => say?.({ en: '', fr: '' }).en);
  return [...alike.values()].flatMap((some) => some[0]?.say?.(joinTexts(some.map(({ name }) => name))) ?? []);
}

function sentenceOf(door: DoorState, on: (at: number) => Text): ((systems: Text) => Text) | undefined {
  switch (door.state) {
    case 'not-closed':
      return words.notClosed;
    case 'open':
      return (systems) => words.open(systems, door.place, on(door.at));
    case 'unchecked':
      return (systems) => words.unchecked(systems, door.places.join(', '));
    case 'old':
      return (systems) => words.old(systems, on(door.at));
    case 'closed':
      return undefined;
  }
}

/** What a line `bypass.checked` says, and whether it is bad news. */
export function attemptOf({ leaf }: Line): { readonly what: Text; readonly kind: 'bad' | 'calm' } {
  const result = reaches.find((one) => one === leaf.result) ?? 'open';
  const claim = closings.find((one) => one === leaf.claim) ?? 'not-closed';
  const place = String(leaf.place);
  const bad = claim !== 'not-closed' && !holds(claim, place, result);
  return { what: words.attempt[result](place), kind: bad ? 'bad' : 'calm' };
}
