/** The frames of the delegate who looks, and what of a request lies within one of them now. The log's writer checks again. */
import { type Delegation, outsideFrame, parseHours, type Within } from '../core/delegations.ts';
import type { Operation } from '../core/model.ts';
import type { ConsentRequest } from '../core/requests.ts';
import type { Seated } from './controller.ts';
import { instant, lastDay } from './formats.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

/** Frames in force of whoever looks; none for who is no delegate. */
export async function framesOf(visit: Visit, { client, controller }: Seated): Promise<readonly Delegation[]> {
  if (visit.role !== 'delegate') return [];
  const all = await visit.deps.archive.delegations(client.id);
  return all.filter((one) => one.status === 'active' && one.controller === controller.id);
}

/** The frame that covers this; undefined: a representative must decide. */
export function frameFor(
  frames: readonly Delegation[],
  wanted: Omit<Within, 'request'>,
  now: number,
): Delegation | undefined {
  return frames.find((frame) => outsideFrame(frame, { ...wanted, request: true }, now) === undefined);
}

export interface WithinFrame {
  readonly systems: readonly string[];
  readonly operations: readonly Operation[];
  readonly minutes: number;
}

/** The most of a request that lies within one frame at this hour; undefined: nothing. */
export function mostWithin(
  frames: readonly Delegation[],
  request: ConsentRequest,
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

/** What a delegate's text says of whom it is by. */
export function authorityOf(visit: Visit, { client }: Seated, frame: Delegation): string {
  return visit.say(texts.frames.authority(instant(frame.grantedAt, client.zone, visit.language)));
}

/** `Monday, Tuesday, 08:00–18:00 (Europe/Paris)`. */
export function hoursText(visit: Pick<Visit, 'say'>, hours: string): string {
  const schedule = parseHours(hours);
  const [window] = schedule?.windows ?? [];
  if (schedule === undefined || window === undefined) return '–';
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const days = window.days.map((day) => visit.say(texts.frames.dayNames[day - 1] ?? { en: '', fr: '' }));
  return `${days.join(', ')}, ${clock(window.from)}–${clock(window.until)} (${schedule.zone})`;
}

export function untilText(visit: Visit, { client }: Seated, until: number): string {
  return lastDay(until, client.zone, visit.language);
}
