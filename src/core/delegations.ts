/**
 * The frame in which a delegate may agree to requests for a client: which systems, purposes and operations, how long, in which
 * hours, until when. Signed by a representative; whatever lies outside is the representative's. Pure.
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { LeafFields } from './entries.ts';
import { latestEnd } from './grant-limits.ts';
import { parseLeaf } from './leaf.ts';
import type { Language, Operation } from './model.ts';
import { type Schedule, stretchAt } from './schedule.ts';

/** A day at most, as for every agreement that is used once. */
export const mostMinutes = 1440;

export interface FrameScope {
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  /** Longest access that may be agreed to. */
  readonly minutes: number;
  /** As `printHours` writes them; '': at any hour, that of a substitute. */
  readonly hours: string;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly until: number;
}

/** A row is a projection of the ledger. */
export interface Delegation extends FrameScope {
  readonly id: string;
  readonly client: string;
  /** The seat that was named; what holds for it holds for later passkeys of the same person. */
  readonly seat: string;
  /** The delegate, by the id of the nomination. */
  readonly controller: string;
  readonly status: 'active' | 'revoked';
  readonly textHash: string;
  /** The seat of the representative who signed. */
  readonly grantedBy: string;
  readonly grantedAt: number;
}

/** `1,2,3,4,5 480-1080 Europe/Paris`: ISO days, minutes after midnight, zone. */
export function printHours(days: readonly number[], from: number, until: number, zone: string): string {
  return `${[...days].sort((a, b) => a - b).join(',')} ${from}-${until} ${zone}`;
}

const schedules = new Map<string, Schedule>();

/** Undefined for what `printHours` did not write. */
export function parseHours(text: string): Schedule | undefined {
  const known = schedules.get(text);
  if (known !== undefined) return known;
  const [, list = '', from = '', until = '', zone = ''] =
    /^([1-7](?:,[1-7])*) (\d{1,4})-(\d{1,4}) ([\w/+-]{1,64})$/.exec(text) ?? [];
  const window = { days: list.split(',').map(Number), from: Number(from), until: Number(until) };
  if (list === '' || window.from >= window.until || window.until > 1440 || !isZone(zone)) return undefined;
  if (printHours([...new Set(window.days)], window.from, window.until, zone) !== text) return undefined;
  const schedule: Schedule = { zone, windows: [window], closedOn: 'none' };
  if (schedules.size > 1000) schedules.clear();
  schedules.set(text, schedule);
  return schedule;
}

function isZone(zone: string): boolean {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId === zone;
  } catch {
    return false;
  }
}

/** What is wrong with a frame that is signed at that instant; undefined: nothing. */
export function frameFault(scope: FrameScope, now: number): string | undefined {
  const { systems, purposes, operations, minutes, hours, from, until } = scope;
  if ([systems, purposes, operations].some((list) => list.length === 0))
    return 'it is a frame around nothing';
  if (!(Number.isInteger(minutes) && minutes >= 1 && minutes <= mostMinutes)) return 'its minutes are none';
  if (hours !== '' && parseHours(hours) === undefined) return 'its hours cannot be read';
  if (!(from < until && until > now)) return 'it ends before it begins';
  return until <= latestEnd(now) ? undefined : 'it lasts too long';
}

/** What a delegate wants to agree to. */
export interface Within {
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly string[];
  /** Longest access; for a clock that starts at first use, also its minutes. */
  readonly minutes: number;
  /** Answers a request. */
  readonly request: boolean;
  /** Its clock starts at its first use, and for how many minutes; undefined: it lengthens a running access. */
  readonly clock: number | undefined;
}

export type Outside = 'systems' | 'purposes' | 'operations' | 'minutes' | 'hours' | 'time' | 'request';

/** In which respect it lies outside the frame at that instant; undefined: it lies within. */
export function outsideFrame(frame: FrameScope, wanted: Within, now: number): Outside | undefined {
  if (!(now >= frame.from && now < frame.until)) return 'time';
  const hours = frame.hours === '' ? undefined : parseHours(frame.hours);
  if (frame.hours !== '' && (hours === undefined || !stretchAt(hours, now).open)) return 'hours';
  if (!wanted.request) return 'request';
  const all = (some: readonly string[], list: readonly string[]) =>
    some.length > 0 && some.every((one) => list.includes(one));
  if (!all(wanted.systems, frame.systems)) return 'systems';
  if (!all(wanted.purposes, frame.purposes)) return 'purposes';
  if (!all(wanted.operations, frame.operations)) return 'operations';
  const longest = Math.max(wanted.minutes, wanted.clock ?? 0);
  return longest > 0 && longest <= frame.minutes ? undefined : 'minutes';
}

/** At any hour: somebody stands in for a representative. What a delegate may agree to day by day names its hours. */
export function isSubstitution({ hours }: Pick<FrameScope, 'hours'>): boolean {
  return hours === '';
}

/** The frame that covers this; undefined: a representative must decide. */
export function frameFor<F extends FrameScope>(
  frames: readonly F[],
  wanted: Omit<Within, 'request'>,
  now: number,
): F | undefined {
  return frames.find((frame) => outsideFrame(frame, { ...wanted, request: true }, now) === undefined);
}

export interface WithinFrame {
  readonly systems: readonly string[];
  readonly operations: readonly Operation[];
  readonly minutes: number;
}

/** What is asked for, as far as a frame looks at it. */
export interface Wish extends WithinFrame {
  readonly purpose: string;
}

/** The most of a request that lies within one frame at this hour; undefined: nothing. */
export function mostWithin(
  frames: readonly FrameScope[],
  request: Wish,
  now: number,
): WithinFrame | undefined {
  for (const frame of frames) {
    const systems = request.systems.filter((id) => frame.systems.includes(id));
    const operations = request.operations.filter((one) => frame.operations.includes(one));
    const minutes = Math.min(request.minutes, frame.minutes);
    const wanted = { systems, operations, purposes: [request.purpose], minutes, clock: minutes };
    if (frameFor([frame], wanted, now) !== undefined) return { systems, operations, minutes };
  }
  return undefined;
}

export interface FrameTerms extends FrameScope {
  readonly id: string;
  readonly client: string;
  readonly language: Language;
  readonly seat: string;
  /** How it is said to people, in that language. */
  readonly sentences: readonly string[];
  readonly author: string;
  readonly authority: string;
}

/** The very text that a representative signs: one flat canonical JSON object. */
export function writeFrameText(terms: FrameTerms): { readonly text: string; readonly textHash: string } {
  const { id, client, language, author, authority, sentences } = terms;
  const text = canonicalize({
    v: '1',
    kind: 'consentry-delegation',
    ...{ id, client, language, author, authority },
    ...frameFields(terms),
    minutes: String(terms.minutes),
    text: sentences.join('\n'),
  });
  if (text === undefined) throw new TypeError('the frame cannot be written as JSON');
  return { text, textHash: `sha256:${hash('sha256', text, 'base64url')}` };
}

/** The scope as it stands in the text and on the line. */
export function frameFields(terms: FrameScope & { readonly seat: string }): LeafFields {
  return {
    delegate: terms.seat,
    systems: terms.systems.join(' '),
    purposes: terms.purposes.join(' '),
    operations: terms.operations.join(' '),
    minutes: terms.minutes,
    hours: terms.hours,
    from: new Date(terms.from).toISOString(),
    until: new Date(terms.until).toISOString(),
  };
}

/** The scope that a line tells. */
export function frameFrom(leaf: LeafFields): FrameScope {
  const list = (value: unknown) => String(value).split(' ').filter(Boolean);
  return {
    systems: list(leaf.systems),
    purposes: list(leaf.purposes),
    operations: list(leaf.operations) as readonly Operation[],
    minutes: Number(leaf.minutes),
    hours: String(leaf.hours),
    from: Date.parse(String(leaf.from)),
    until: Date.parse(String(leaf.until)),
  };
}

/** Undefined when text and line say the same; otherwise the first difference. */
export function frameDifference(text: Uint8Array | string, line: LeafFields): string | undefined {
  const document = parseLeaf(typeof text === 'string' ? Buffer.from(text) : text);
  if (document?.kind !== 'consentry-delegation') return 'the text is none of a frame';
  for (const field of ['id', ...Object.keys(frameFields({ ...frameFrom(line), seat: '' }))]) {
    if (document[field] !== String(line[field])) return `text and line of the frame differ in ${field}`;
  }
  return undefined;
}
