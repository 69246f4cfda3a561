/**
 * From lines of the log to rows that people can read: joins each exchange with its result and its access, and says
 * in words what was opened and how it ended. Pure.
 */
import { joinTexts } from '../core/both-languages.ts';
import type { Seat } from '../core/commands.ts';
import type { Client, Grant, Text } from '../core/model.ts';
import type { Line } from '../core/ports.ts';
import { isRobots } from '../core/robots.ts';
import { type Access, accessOf, sessionOf } from './activity-access.ts';
import { consentEvent, endingEvent, matterEvent, suspensionOf } from './activity-consents.ts';
import { correctionOf, openedBy } from './activity-declared.ts';
import { saidRow } from './activity-said.ts';
import { causeText, operationText, outcomeOf, reasonText } from './activity-words.ts';
import { attemptOf } from './door-words.ts';
import { hookEvent } from './hook-rows.ts';
import { disclosed, numberOf, textOf } from './line-fields.ts';
import { routeInWords } from './route-words.ts';
import { seatingOf } from './seating-rows.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';

const words = texts.controller;

export interface Row {
  readonly key: string;
  readonly at: number;
  readonly access: Access | undefined;
  /** Who of the client did it, for acts of the client. */
  readonly actor: string | undefined;
  readonly system: Text | string;
  readonly what: Text | string;
  /** The agreement that the row is about; undefined for everything else. */
  readonly grant: string | undefined;
  /** The technician's note, on the row of the declaration; '' elsewhere. */
  readonly note: string;
  /** What changed in the provider's rules, a sentence a line; undefined on other rows. */
  readonly change: Text | undefined;
  readonly operation: Text | undefined;
  readonly result: Text;
  readonly kind: 'good' | 'bad' | 'calm';
  readonly up: number;
  readonly down: number;
  /** How often, when identical refusals were counted together. */
  readonly count: number;
}

/** The kinds of lines that make a row, beside the results that complete them. */
export const rowKinds = [
  'session.opened',
  'session.extended',
  'session.closed',
  'session.corrected',
  'session.declared',
  'emergency.reviewed',
  'copy.registered',
  'copy.kept',
  'copy.destroyed',
  'access.intent',
  'access.static',
  'access.refused',
  'consent.granted',
  'consent.suspended',
  'consent.resumed',
  'consent.revoked',
  'consent.expired',
  'controller.nominated',
  'consent.requested',
  'consent.asked',
  'consent.answered',
  'consent.reminded',
  'consent.refused',
  'consent.lapsed',
  'consent.proposed',
  'delegation.granted',
  'delegation.revoked',
  'consent.signed',
  'consent.rule',
  'matter.opened',
  'matter.answered',
  'matter.closed',
  'controller.seated',
  'controller.removed',
  'controller.confirmed',
  'controller.recovery',
  'policy.activated',
  'instructions.set',
  'drill.ran',
  'hook.added',
  'hook.removed',
  'bypass.checked',
  'robot.missed',
  'ending.set',
  'ending.began',
  'ending.lifted',
  'ending.notified',
  'ending.certified',
] as const;

type RowKind = (typeof rowKinds)[number];

export interface Joined {
  readonly client: Client;
  /** By the id of the access. */
  readonly accesses: ReadonlyMap<string, Access>;
  /** By the id of the exchange. */
  readonly results: ReadonlyMap<string, Line>;
  /** The client's own people, by the reference that stands on lines. */
  readonly seats: ReadonlyMap<string, Seat>;
  /** The agreements known now, whose systems can be named. */
  readonly grants: ReadonlyMap<string, Grant>;
  /** That a robot did not come, in words. */
  missed(line: Line): Text;
  /** Ids of exchanges that run on this node now. */
  readonly running: ReadonlySet<string>;
}

/** One row per line that is not a result, in the order given. */
export function toRows(lines: readonly Line[], joined: Joined): readonly Row[] {
  return lines.flatMap((line) => {
    const kind = kindOf(line);
    return kind === undefined ? [] : [toRow(line, kind, joined)];
  });
}

function kindOf(line: Line): RowKind | undefined {
  const kind = textOf(line.leaf, 't');
  return rowKinds.find((known) => known === kind);
}

function toRow(line: Line, kind: RowKind, joined: Joined): Row {
  const base = {
    key: `${line.origin} ${line.index}`,
    at: Date.parse(textOf(line.leaf, 'at')),
    access: joined.accesses.get(sessionOf(line)) ?? accessOf(line),
    system: systemsInWords(systemsOf(line, joined), joined.client),
    actor: joined.seats.get(textOf(line.leaf, 'seat'))?.name,
    grant: grantOf(line),
    note: '',
    change: undefined,
    operation: undefined,
    up: 0,
    down: 0,
    count: 1,
  };
  switch (kind) {
    case 'access.intent':
    case 'access.static':
      return { ...base, ...exchangeOf(line, kind, joined, base.access) };
    case 'access.refused':
      return { ...base, ...refusalOf(line, joined) };
    case 'session.opened':
      return {
        ...base,
        what: line.leaf.emergency === true ? texts.emergencies.opened : words.events.opened,
        note: base.access?.note ?? '',
        change: openedBy(line, joined.client),
        result: words.results.done,
        kind: line.leaf.emergency === true ? 'bad' : 'good',
      };
    case 'copy.registered':
    case 'copy.kept':
    case 'copy.destroyed':
    case 'emergency.reviewed':
    case 'session.declared':
      return { ...base, ...saidRow(line) };
    case 'delegation.granted':
    case 'delegation.revoked':
      return { ...base, what: texts.frames.events[kind], result: words.results.done, kind: 'calm' };
    case 'session.extended':
      return {
        ...base,
        what: texts.extensions.event(numberOf(line.leaf, 'minutes')),
        result: words.results.done,
        kind: 'calm',
      };
    case 'session.closed':
      return { ...base, ...closingOf(line) };
    case 'session.corrected':
      return {
        ...base,
        what: texts.corrections.corrected,
        change: correctionOf(line),
        result: words.results.done,
        kind: 'calm',
      };
    case 'consent.granted':
      return { ...base, what: words.events.granted, result: words.results.done, kind: 'calm' };
    case 'consent.suspended':
      return {
        ...base,
        ...suspensionOf(line, base.access),
        result: words.results.done,
        kind: 'calm',
      };
    case 'consent.resumed':
      return { ...base, what: words.events.resumed, result: words.results.done, kind: 'calm' };
    case 'consent.revoked':
      return { ...base, what: words.events.revoked, result: words.results.done, kind: 'calm' };
    case 'consent.expired':
      return { ...base, what: words.events.expired, result: words.results.done, kind: 'calm' };
    case 'consent.requested':
    case 'consent.asked':
    case 'consent.answered':
    case 'consent.reminded':
    case 'consent.refused':
    case 'consent.lapsed':
    case 'consent.proposed':
    case 'consent.signed':
    case 'consent.rule':
      return { ...base, ...consentEvent(line, kind, base.access) };
    case 'matter.opened':
    case 'matter.answered':
    case 'matter.closed':
      return { ...base, ...matterEvent(line, kind, base) };
    case 'controller.nominated':
    case 'controller.seated':
    case 'controller.removed':
    case 'controller.confirmed':
    case 'controller.recovery':
      return { ...base, ...seatingOf(line, joined), result: words.results.done, kind: 'calm' };
    case 'drill.ran':
      return {
        ...base,
        what: line.leaf.step === 'began' ? texts.drills.began : texts.drills.stopped,
        result: texts.drills.test,
        kind: 'calm',
      };
    case 'bypass.checked':
      return { ...base, ...attemptOf(line), result: words.results.done };
    case 'robot.missed':
      return { ...base, what: joined.missed(line), result: texts.robots.runs.missed, kind: 'bad' };
    case 'ending.set':
    case 'ending.began':
    case 'ending.lifted':
    case 'ending.notified':
    case 'ending.certified':
      return { ...base, ...endingEvent(line), result: words.results.done, kind: 'calm' };
    case 'instructions.set':
      return { ...base, what: texts.instructions.event, result: words.results.done, kind: 'calm' };
    case 'hook.added':
    case 'hook.removed':
      return { ...base, ...hookEvent(line, kind), result: words.results.done, kind: 'calm' };
    case 'policy.activated':
      return {
        ...base,
        what: words.events.rules,
        change: changeOf(line),
        result: words.results.done,
        kind: 'calm',
      };
  }
}

/** What a change of rules meant for the client, in words. */
export function changeOf({ groups: { change } }: Line): Text | undefined {
  return typeof change === 'object' ? { en: textOf(change, 'en'), fr: textOf(change, 'fr') } : undefined;
}

/** The agreement that a line gives or changes. */
function grantOf(line: Line): string | undefined {
  const kind = textOf(line.leaf, 't');
  if (kind === 'consent.granted') return textOf(line.leaf, 'id');
  return kind.startsWith('consent.') ? textOf(line.leaf, 'grant') || undefined : undefined;
}

/** Ids of systems, separated by spaces; those of the agreement when the line itself names none. */
function systemsOf(line: Line, { grants }: Joined): string {
  const own = textOf(line.leaf, 'system') || textOf(line.leaf, 'systems');
  return own || (grants.get(grantOf(line) ?? '')?.systems.join(' ') ?? '');
}

function exchangeOf(
  line: Line,
  kind: 'access.intent' | 'access.static',
  joined: Joined,
  access: Access | undefined,
) {
  const id = textOf(line.leaf, 'id');
  const result = joined.results.get(id);
  const outcome = result === undefined ? undefined : outcomeOf(result);
  const pending = joined.running.has(id) ? words.results.running : words.results.pending;
  return {
    what: kind === 'access.static' ? words.statics : routeLabel(line, joined.client),
    ...(line.leaf.tool === true ? { change: sentBy(access) } : {}),
    operation: operationText(textOf(line.leaf, 'operation')),
    result: kind === 'access.static' ? words.results.done : (outcome?.result ?? pending),
    kind: kind === 'access.static' ? ('good' as const) : (outcome?.kind ?? ('calm' as const)),
    up: result === undefined ? 0 : numberOf(result.leaf, 'up'),
    down: result === undefined ? 0 : numberOf(result.leaf, 'down'),
  };
}

/** Which robot, where that is known: it has no browser, so all of its requests come from its program. */
function sentBy(access: Access | undefined): Text {
  if (access === undefined || !isRobots({ functions: access.function.split(', ') })) return texts.tools.used;
  return access.name === undefined ? texts.robots.sentByOne : texts.robots.sentBy(access.name);
}

function refusalOf(line: Line, joined: Joined) {
  return {
    what:
      textOf(line.leaf, 'method') === 'DECLARE' ? words.events.requested : routeLabel(line, joined.client),
    operation: operationText(textOf(line.leaf, 'operation')),
    result: words.results.refused(reasonText(textOf(line.leaf, 'reason'))),
    kind: 'bad' as const,
    count: Math.max(1, numberOf(line.leaf, 'count')),
  };
}

function closingOf(line: Line) {
  const cause = causeText(textOf(line.leaf, 'cause'));
  return {
    what: words.events.closed(cause),
    change: saidAtEnd(line),
    result: words.results.done,
    kind: 'calm' as const,
    up: numberOf(line.leaf, 'up'),
    down: numberOf(line.leaf, 'down'),
  };
}

/** What a robot said came of its run; nothing when no robot said anything. */
function saidAtEnd(line: Line): Text | undefined {
  const { leaf } = line;
  if (leaf.result !== 'done' && leaf.result !== 'failed') return undefined;
  return texts.robots.closed(leaf.result === 'done', disclosed(line, 'work', 'said'));
}

function routeLabel(line: Line, client: Client): Text | string {
  const path = disclosed(line, 'target', 'path');
  return routeInWords(client, textOf(line.leaf, 'system'), textOf(line.leaf, 'method'), path);
}

function systemsInWords(ids: string, client: Client): Text | string {
  const named = ids.split(' ').filter(Boolean);
  return joinTexts(named.map((id) => systemName(client, id)));
}
