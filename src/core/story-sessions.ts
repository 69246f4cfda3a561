/**
 * What the story says about an access that is lengthened: under its own consent as far as that permits, or under one that was
 * given for it. Pure.
 */
import { minutesOf } from './budget.ts';
import type { LeafFields } from './entries.ts';
import { isTime, list, within } from './story-lines.ts';

export interface SessionTold {
  readonly systems: readonly string[];
  operations: readonly string[];
  readonly purpose: string;
  grant: string;
  /** The consent under which it was opened. */
  readonly began: string;
  readonly opened: string;
  ends: string;
  closed: boolean;
}

/** What is looked at of a consent. */
export interface Lengthening {
  readonly until: string;
  /** Longest access under it; 0: not limited. */
  readonly minutes: number;
  /** The access that it was given to lengthen; '': none. */
  readonly session: string;
}

/** Undefined, and the access has its new end; otherwise what is wrong. Whether the consent covers it is the caller's to check. */
export function lengthenFault(
  session: SessionTold,
  leaf: LeafFields,
  grant: Lengthening,
): string | undefined {
  const ends = String(leaf.ends);
  if (!isTime(ends) || ends <= session.ends) return 'it lengthens nothing';
  if (leaf.minutes !== minutesOf(Date.parse(session.ends), Date.parse(ends)))
    return 'it counts other minutes than it lengthens';
  if (ends > grant.until) return 'it ends after its consent';
  const operations = list(leaf.operations);
  if (!within(operations, session.operations)) return 'it permits more than its access';
  const id = String(leaf.grant);
  const moved = id !== session.grant;
  if (moved && grant.session !== String(leaf.session)) return 'the consent was not given to lengthen it';
  const since = Date.parse(moved ? session.ends : session.opened);
  if (grant.minutes > 0 && Date.parse(ends) > since + grant.minutes * 60_000)
    return 'the access is longer than the consent permits';
  session.grant = id;
  session.ends = ends;
  session.operations = operations;
  return undefined;
}

/** A request to lengthen an access is about one that runs, and asks for nothing else. Any other request is none of these. */
export function otherThanSession(
  leaf: LeafFields,
  sessions: ReadonlyMap<string, SessionTold>,
): string | undefined {
  if (leaf.session === undefined) return undefined;
  const session = sessions.get(String(leaf.session));
  if (session === undefined || session.closed || String(leaf.until) > session.ends)
    return 'it asks to lengthen an opening that is not open';
  const same =
    session.purpose === leaf.purpose &&
    session.systems.join(' ') === leaf.systems &&
    within(list(leaf.operations), session.operations);
  return same ? undefined : 'it asks for other things than the opening that it is to lengthen';
}
