/** The frames of the delegate who looks, and how frames are told. The log's writer checks again what lies within them. */
import { clockTime } from '../core/days.ts';
import { type Delegation, isSubstitution, mostWithin, parseHours } from '../core/delegations.ts';
import type { ConsentRequest } from '../core/requests.ts';
import type { Seated } from './controller.ts';
import { instant, lastDay } from './formats.ts';
import { Refusal } from './refusal.ts';
import { may, type Role } from './roles.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

/** Frames in force of whoever looks; none for who is no delegate. */
export async function framesOf(visit: Visit, { client, controller }: Seated): Promise<readonly Delegation[]> {
  if (visit.role !== 'delegate') return [];
  const all = await visit.deps.archive.delegations(client.id);
  return all.filter((one) => one.status === 'active' && one.controller === controller.id);
}

/**
 * Whether somebody may refuse this request: a representative, and for their days the substitute of one. Other frames are for
 * agreeing. `role` and the frames are those of whoever refuses.
 */
export function mayRefuse(
  role: Role,
  frames: readonly Delegation[],
  request: ConsentRequest,
  now: number,
): boolean {
  if (role !== 'delegate') return may(role, 'requestRefuse');
  return mostWithin(frames.filter(isSubstitution), request, now) !== undefined;
}

/** The Refusal that says that a representative decides. */
export function outsideOfFrame(): Refusal {
  return new Refusal(403, 'outside_frame', texts.frames.outside, texts.frames.outsideNext);
}

/** What a delegate's text says of whom it is by. */
export function authorityOf(visit: Visit, { client }: Seated, frame: Delegation): string {
  return visit.say(texts.frames.authority(instant(frame.grantedAt, client.zone, visit.language)));
}

/** `Monday, Tuesday, 08:00–18:00 (Europe/Paris)`. */
export function hoursText(visit: Pick<Visit, 'say'>, hours: string): string {
  if (isSubstitution({ hours })) return visit.say(texts.substitutes.anyHour);
  const schedule = parseHours(hours);
  const [window] = schedule?.windows ?? [];
  if (schedule === undefined || window === undefined) return '–';
  const days = window.days.map((day) => visit.say(texts.frames.dayNames[day - 1] ?? { en: '', fr: '' }));
  return `${days.join(', ')}, ${clockTime(window.from)}–${clockTime(window.until)} (${schedule.zone})`;
}

export function untilText(visit: Visit, { client }: Seated, until: number): string {
  return lastDay(until, client.zone, visit.language);
}
