/**
 * Where the systems of different clients meet on one machine: names that resolve to the same address and port. The policy's
 * own check compares what is written; this compares what was found. Pure.
 */
import type { System } from './model.ts';

export interface Meeting {
  /** Address and port, such as `10.0.0.5:443`. */
  readonly at: string;
  /** Of two clients at least, in the order of client and id. */
  readonly systems: readonly System[];
}

/**
 * Meetings that not all of the systems admit to (`shared_upstream`), in the order of their systems.
 * @param addresses of each upstream's host name; one that is missing was not found
 */
export function meetingsOf(
  systems: readonly System[],
  addresses: ReadonlyMap<string, readonly string[]>,
): readonly Meeting[] {
  const found = new Map<string, System[]>();
  for (const system of systems.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
    const { hostname, port } = system.upstream;
    for (const address of new Set(addresses.get(hostname) ?? [])) {
      const at = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
      const there = found.get(at);
      if (there === undefined) found.set(at, [system]);
      else there.push(system);
    }
  }
  const meetings = [...found].flatMap(([at, there]) => (isMeeting(there) ? [{ at, systems: there }] : []));
  // Two addresses of one pair of machines are one meeting.
  const byWhom = Map.groupBy(meetings, ({ systems: all }) => all.map(nameOf).join(' '));
  return [...byWhom.values()].flatMap(([first]) => first ?? []);
}

function isMeeting(systems: readonly System[]): boolean {
  if (new Set(systems.map(({ client }) => client)).size < 2) return false;
  return systems.some(({ upstream }) => upstream.shared === undefined);
}

/** In words: who meets where, and under which names. */
export function tellMeeting({ at, systems }: Meeting): string {
  const names = systems.map((system) => `${nameOf(system)} (${system.upstream.hostname})`);
  return `${names.join(' and ')} lead to the same machine, ${at}`;
}

export const meetingAdvice =
  'if one system answers there, both clients’ files must say so (shared_upstream); where a proxy tells them apart by name, nothing has to be done';

function nameOf({ client, id }: Pick<System, 'client' | 'id'>): string {
  return `${client}/${id}`;
}
