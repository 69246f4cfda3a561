/** When the people of a client last looked, told by their lines `log.read`. A program that reads with their token is none of them. */
import type { Archive } from './ports.ts';

const day = 86_400_000;
/** After so long nobody can be said to look. */
export const longAway = 90 * day;
/** Lines looked through at most: where that does not suffice, nothing is said. */
const stride = 1_000;
const mostStrides = 10;

export interface Visits {
  /** Seat -> its latest look since then. */
  readonly seats: ReadonlyMap<string, number>;
  /** Whether all looks since then were looked through: only then does a missing seat mean that it did not look. */
  readonly whole: boolean;
}

/** The looks of the last 90 days before `now`, epoch milliseconds; ends early when each of `seats` was found. */
export async function visitsTo(
  archive: Pick<Archive, 'lines'>,
  client: string,
  seats: readonly string[],
  now: number,
): Promise<Visits> {
  const found = new Map<string, number>();
  let before: { readonly at: number; readonly index: number } | undefined;
  for (let nth = 0; nth < mostStrides; nth += 1) {
    const lines = await archive.lines({
      ...{ client, kinds: ['log.read'], limit: stride, disclose: [] },
      ...(before === undefined ? {} : { before }),
    });
    for (const { leaf } of lines) {
      const at = Date.parse(String(leaf.at));
      if (at < now - longAway) return { seats: found, whole: true };
      if (leaf.connection === undefined && typeof leaf.seat === 'string' && !found.has(leaf.seat))
        found.set(leaf.seat, at);
    }
    const last = lines.at(-1);
    if (last === undefined || lines.length < stride || seats.every((seat) => found.has(seat)))
      return { seats: found, whole: true };
    before = { at: Date.parse(String(last.leaf.at)), index: last.index };
  }
  return { seats: found, whole: false };
}

/** Whether whoever holds these seats has not looked for 90 days. A seat that is younger says nothing. */
export function isLongAway(
  held: readonly { readonly id: string; readonly seatedAt: number }[],
  visits: Visits,
  now: number,
): boolean {
  if (!visits.whole || held.length === 0) return false;
  return held.every(({ id, seatedAt }) => !visits.seats.has(id) && seatedAt < now - longAway);
}
