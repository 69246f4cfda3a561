/** What a line about a consent or a matter says to people: requests, proposals, signatures, questions, and how each ended. */
import { endingLine } from '../core/ending.ts';
import type { Text } from '../core/model.ts';
import type { Line } from '../core/ports.ts';
import type { Access } from './activity-access.ts';
import { disclosed } from './line-fields.ts';
import { texts } from './texts.ts';

/** A request, a proposal or a signature, or what was said about one. Only the request itself tells who asked. */
export function consentEvent(line: Line, kind: string, access: Access | undefined) {
  const { events } = texts.requests;
  const what =
    signatureEvent(line, kind) ??
    proposalEvent(line, kind) ??
    events[kind.slice('consent.'.length) as keyof typeof events];
  const note = disclosed(line, 'work', 'note');
  const shown = kind === 'consent.requested' ? access : undefined;
  const by = kind === 'consent.proposed' ? { actor: access?.name } : {};
  return { what, ...by, access: shown, note, result: texts.controller.results.done, kind: 'calm' as const };
}

/** Why an agreement was suspended, and by whom of the provider when one of them contests it. */
export function suspensionOf({ leaf: { cause } }: Line, access: Access | undefined) {
  if (cause === 'contest')
    return { what: texts.contests.events.suspended, actor: access?.name, access: undefined };
  if (cause === 'ending') return { what: texts.endings.events.rested };
  const { events } = texts.controller;
  return { what: cause === 'policy' ? events.rested : events.suspended };
}

/** What happened about the end of the contract, and in which words. */
export function endingEvent(line: Line) {
  return { what: texts.endings.events[endingLine(line.leaf)], note: disclosed(line, 'work', 'said') };
}

/** What was asked about an access, disputed or contested, what was answered, and how it ended. */
export function matterEvent(
  line: Line,
  kind: 'matter.opened' | 'matter.answered' | 'matter.closed',
  base: { readonly access: Access | undefined; readonly actor: string | undefined },
) {
  const { leaf } = line;
  const { events } = texts.matters;
  const opened = kind === 'matter.opened';
  const { contests } = texts;
  const begun = {
    ...{ question: events.asked, dispute: events.disputed },
    contest: contests.events.contested,
  }[String(leaf.what)];
  const decided = contests.outcomes[String(leaf.outcome) as keyof typeof contests.outcomes];
  const what = opened ? (begun ?? events.asked) : (decided ?? events[kind]);
  return {
    what,
    actor: base.actor ?? (opened ? undefined : base.access?.name),
    access: opened && leaf.what !== 'contest' ? base.access : undefined,
    ...(leaf.what === 'contest' ? { grant: String(leaf.grants) } : {}),
    note: disclosed(line, 'work', 'note'),
    result: texts.controller.results.done,
    kind: 'calm' as const,
  };
}

/** A further signature, the client's rule, or one that did not come; undefined: the line is about something else. */
function signatureEvent({ leaf }: Line, kind: string): Text | undefined {
  const { events } = texts.signing;
  if (kind === 'consent.signed') return leaf.as === 'second' ? events.second : events.confirmed;
  if (kind === 'consent.rule')
    return leaf.wish === 'on' ? events.on : leaf.step === 'first' ? events.first : events.off;
  const about = leaf.grant ?? leaf.rule;
  return kind === 'consent.lapsed' && about !== undefined ? events.lapsed : undefined;
}

/** A proposal, or how one ended; undefined: the line is about something else. */
function proposalEvent({ leaf }: Line, kind: string): Text | undefined {
  const { events } = texts.proposals;
  if (kind === 'consent.proposed') return events.proposed;
  if (leaf.proposal === undefined || kind === 'consent.granted') return undefined;
  return kind === 'consent.refused' ? events.declined : events.lapsed;
}
