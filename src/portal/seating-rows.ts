/** The rows about who may act for the client: what happened, whom it is about, and who had it done. Pure. */
import { inBoth, joinTexts } from '../core/both-languages.ts';
import type { Seat } from '../core/commands.ts';
import type { Client, Text } from '../core/model.ts';
import type { Line } from '../core/ports.ts';
import { instant } from './formats.ts';
import { disclosed, textOf } from './line-fields.ts';
import { texts } from './texts.ts';

const words = texts.controller;

interface Known {
  readonly client: Client;
  /** The client's own people, by the reference that stands on lines. */
  readonly seats: ReadonlyMap<string, Seat>;
}

/** What a line of these kinds says, whom it is about, and by whom and from when on. */
export function seatingOf(line: Line, { seats, client }: Known) {
  const { leaf } = line;
  const told = disclosed(line, 'person', 'name');
  const actor = told === '' ? seats.get(textOf(leaf, 'seat'))?.name : told;
  const other = seats.get(textOf(leaf, 'inviter') || textOf(leaf, 'confirmer'))?.name;
  const by = textOf(leaf, 'by') === 'provider' ? words.byProvider : other && words.byPerson(other);
  const from = Date.parse(textOf(leaf, 'grants_from'));
  const parts = [...(by ? [by] : []), ...(Number.isNaN(from) ? [] : [agreesFrom(from, client.zone)])];
  return {
    what: eventOf(line, seats),
    actor,
    ...(parts.length > 0 ? { change: joinTexts(parts, ' ') } : {}),
  };
}

function agreesFrom(from: number, zone: string): Text {
  return inBoth((language) => words.agreesFrom(instant(from, zone, language))[language]);
}

function eventOf({ leaf }: Line, seats: Known['seats']): Text {
  switch (textOf(leaf, 't')) {
    case 'controller.nominated':
      return words.events.invited;
    case 'controller.confirmed':
      return words.events.confirmed;
    case 'controller.recovery':
      return words.events.recoveryCodes;
    case 'controller.removed':
      return textOf(leaf, 'by') === 'successor' ? words.events.keyEnded : words.events.removed;
  }
  if (textOf(leaf, 'via') === 'recovery') return words.events.recovered;
  // A second key of somebody who acts for the client already authorises nobody new.
  const seat = seats.get(textOf(leaf, 'seat'));
  const earlier = [...seats.values()].some(
    (one) => seat !== undefined && one.controller === seat.controller && one.seatedAt < seat.seatedAt,
  );
  return earlier ? words.events.keyAdded : words.events.seated;
}
