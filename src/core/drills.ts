/**
 * Drills: a client's person asks to be shown that an opening would appear. What stands in the log is an opening by nobody:
 * it names no system, no purpose and no agreement, no cookie leads to it, and no exchange can lie in it. Pure.
 */
import type { LeafFields } from './entries.ts';
import type { ControllerRole } from './model.ts';

/** Milliseconds for which a drill stands as open unless it is stopped, and how many one client may begin in an hour. */
export const drillLimits = { lasts: 600_000, perHour: 5 } as const;
const hour = 3_600_000;

export type DrillStep = 'began' | 'stopped';

/** `drill.ran`: a drill begins, or somebody seated stops it. */
export interface DrillCommand {
  readonly do: 'drill';
  readonly client: string;
  /** The one to stop; of one that begins, undefined: the writer names it. */
  readonly drill: string | undefined;
  readonly by: { readonly seat: string; readonly role: ControllerRole; readonly connection?: string };
}

/** Instants are epoch milliseconds. */
export interface Drill {
  readonly id: string;
  /** Who asked for it. */
  readonly seat: string;
  readonly at: number;
  readonly until: number;
  /** When it was stopped; undefined: it was not. */
  readonly stoppedAt: number | undefined;
}

/** The drills that began among these lines, newest first. */
export function drillsOf(lines: readonly { readonly leaf: LeafFields }[]): readonly Drill[] {
  const told = lines.filter(({ leaf }) => leaf.t === 'drill.ran').map(({ leaf }) => leaf);
  const stops = new Map(
    told
      .filter(({ step }) => step === 'stopped')
      .map(({ drill, at }) => [String(drill), Date.parse(String(at))]),
  );
  return told
    .filter(({ step }) => step === 'began')
    .map(({ drill, seat, at, ends }) => ({
      id: String(drill),
      seat: String(seat),
      at: Date.parse(String(at)),
      until: Date.parse(String(ends)),
      stoppedAt: stops.get(String(drill)),
    }))
    .sort((a, b) => b.at - a.at);
}

export function isRunning({ until, stoppedAt }: Drill, now: number): boolean {
  return stoppedAt === undefined && now < until;
}

/** Why no drill may begin at this instant; undefined: one may. `drills`: at least those of the hour before. */
export function beginningFault(drills: readonly Drill[], at: number): 'drills_spent' | undefined {
  return drills.filter((one) => one.at > at - hour).length >= drillLimits.perHour
    ? 'drills_spent'
    : undefined;
}

/** Why this one cannot be stopped at this instant; undefined: it can. */
export function stoppingFault(drills: readonly Drill[], id: string, at: number): 'drill_over' | undefined {
  const found = drills.find((one) => one.id === id);
  return found === undefined || !isRunning(found, at) ? 'drill_over' : undefined;
}
