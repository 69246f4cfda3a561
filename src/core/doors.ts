/**
 * Whether a system has another way in than this door: what its file claims, what was found when the way was tried, and
 * what of both a client is told. A claim that nobody tried lately is told as such. Pure.
 */
import type { LeafFields } from './entries.ts';
import { isTime } from './story-lines.ts';

export const doorNames = ['second-name', 'same-name'] as const;
export const closings = ['firewall', 'upstream-auth', 'assertion', 'not-closed'] as const;
/** What an attempt without this door's help met: no connection, a demand to authenticate, or an answer. */
export const reaches = ['unreachable', 'authentication', 'open'] as const;

export type Closing = (typeof closings)[number];
export type Reach = (typeof reaches)[number];

/** How a system is reached through here, and what closes every other way, as its file claims. */
export interface Door {
  /** `second-name`: under a host of its own; `same-name`: under its public host, which leads here inside the provider's network only. */
  readonly name: (typeof doorNames)[number];
  readonly closedBy: Closing;
}

/** What a system has whose file says nothing: another way in may be open. */
const usual: Door = { name: 'second-name', closedBy: 'not-closed' };

/** What of a system matters here. */
export interface Doored {
  readonly id: string;
  readonly door?: Door;
  readonly upstream: { readonly origin: string };
}

export function doorOf({ door }: Pick<Doored, 'door'>): Door {
  return door ?? usual;
}

/** The place of attempts from the gateway's own machine; no place of a policy is called so. */
export const ownPlace = 'gateway';

/** One attempt: `upstream` is the origin that was tried, `at` epoch milliseconds. */
export interface BypassCheck {
  readonly system: string;
  readonly place: string;
  readonly result: Reach;
  readonly upstream: string;
  readonly claim: Closing;
  readonly at: number;
}

/** Whether what was found fits the claim. From the gateway's own machine a firewall says nothing: it has to let that one in. */
export function holds(claim: Closing, place: string, result: Reach): boolean {
  if (claim === 'firewall') return place !== ownPlace && result === 'unreachable';
  return claim !== 'not-closed' && result !== 'open';
}

/** How long a check counts, in milliseconds. */
export const checkCounts = 30 * 86_400_000;

export type DoorState =
  | { readonly state: 'not-closed' }
  | { readonly state: 'open'; readonly place: string; readonly at: number }
  /** `places`: from where it was never tried; empty when the policy lists none. */
  | { readonly state: 'unchecked'; readonly places: readonly string[] }
  | { readonly state: 'old'; readonly at: number }
  | { readonly state: 'closed'; readonly at: number };

/** What can be said of a system's door now. Checks of another address than its present one do not count. */
export function stateOf(
  system: Doored,
  checks: readonly BypassCheck[],
  places: readonly string[],
  now: number,
): DoorState {
  const { closedBy } = doorOf(system);
  if (closedBy === 'not-closed') return { state: 'not-closed' };
  const own = closedBy === 'firewall' ? [] : [ownPlace];
  const meant = checks.filter(
    (one) =>
      one.system === system.id &&
      one.upstream === system.upstream.origin &&
      (closedBy !== 'firewall' || one.place !== ownPlace),
  );
  const latest = new Map<string, BypassCheck>();
  for (const one of meant.toSorted((a, b) => a.at - b.at)) latest.set(one.place, one);
  const against = [...latest.values()].find(
    ({ place, result, at }) =>
      !holds(closedBy, place, result) && (places.includes(place) || at > now - checkCounts),
  );
  if (against !== undefined) return { state: 'open', place: against.place, at: against.at };
  const needed = places.length === 0 ? own : places;
  const missing = needed.filter((place) => !latest.has(place));
  if (missing.length > 0 || needed.length === 0) return { state: 'unchecked', places: missing };
  const at = Math.min(...needed.map((place) => latest.get(place)?.at ?? 0));
  return now - at > checkCounts ? { state: 'old', at } : { state: 'closed', at };
}

/** What stands on the line `bypass.checked`. */
export function bypassFields({ system, place, result, upstream, claim, at }: BypassCheck): LeafFields {
  return { system, place, result, upstream, claim, checked: new Date(at).toISOString() };
}

/** What is wrong with such a line, whose fields are there and have their types; undefined: nothing. */
export function bypassFault(fields: LeafFields, at: string): string | undefined {
  const { system, place, result, claim, checked, upstream } = fields;
  if (![system, place].every((one) => /^[a-z][a-z0-9-]{0,62}$/.test(String(one))))
    return 'its check names no system or no place';
  if (!reaches.some((one) => one === result)) return 'its check found nothing that can be found';
  if (!closings.some((one) => one === claim)) return 'its check is of no known claim';
  if (!/^https?:\/\/[^/\s]+$/.test(String(upstream))) return 'its check tried no address';
  return isTime(String(checked)) && String(checked) <= at ? undefined : 'its check comes after its line';
}

/** The checks that lines tell. */
export function checksIn(lines: readonly { readonly leaf: LeafFields }[]): readonly BypassCheck[] {
  return lines.flatMap(({ leaf }) => {
    const result = reaches.find((one) => one === leaf.result);
    const claim = closings.find((one) => one === leaf.claim);
    if (leaf.t !== 'bypass.checked' || result === undefined || claim === undefined) return [];
    const { system, place, upstream, checked } = leaf;
    return [
      {
        system: String(system),
        place: String(place),
        result,
        claim,
        upstream: String(upstream),
        at: Date.parse(String(checked)),
      },
    ];
  });
}
