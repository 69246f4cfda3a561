/**
 * How far a client is on its way into service, from its file, what its log says and what was found about its hosts. Pure.
 * What keeps a live client from being served is a problem; everything else is only told.
 */
import { approverFinding } from './absence.ts';
import type { Seat } from './commands.ts';
import { type BypassCheck, type DoorState, stateOf } from './doors.ts';
import type { RefusedAddresses } from './mail.ts';
import type { Client, Grant, Text } from './model.ts';
import { rolloutWords as words } from './rollout-words.ts';
import { isLongAway, type Visits } from './visits.ts';

/** What was found about one host of a client. */
export interface HostFound {
  readonly host: string;
  readonly resolves: boolean;
  /** The instant until which its certificate holds, or what is wrong with it; undefined: nothing to look at, plain HTTP. */
  readonly certificate: { readonly until: number } | { readonly fault: string } | undefined;
}

export interface RolloutFacts {
  /** Ids of controllers who were ever given an enrolment code. */
  readonly invited: ReadonlySet<string>;
  readonly seats: readonly Seat[];
  readonly grants: readonly Grant[];
  readonly hosts: readonly HostFound[];
  /** System -> why its upstream takes no connection; systems that do are not in it. */
  readonly upstreams: ReadonlyMap<string, string>;
  /** When its people last looked. */
  readonly visits: Visits;
  /** Where mail does not arrive. */
  readonly refused: RefusedAddresses;
  /** Where a system of this client and one of another lead to the same machine, in words. */
  readonly meetings: readonly string[];
  /** Attempts to reach its systems around this door, and from where they have to be made. */
  readonly checks: readonly BypassCheck[];
  readonly places: readonly string[];
}

export interface Rollout {
  readonly client: string;
  readonly status: Client['status'];
  /** Controllers that the file nominates, and how many of them were given a code and took their seat. */
  readonly controllers: { readonly nominated: number; readonly invited: number; readonly seated: number };
  /** Agreements that hold now. */
  readonly granted: number;
  /** Whether a second person could approve or stand in. */
  readonly second_approver: boolean;
  readonly dns: { readonly hosts: number; readonly resolving: number };
  /** The earliest end of a certificate; `none`: none is used. */
  readonly certificate: 'none' | 'faulty' | { readonly until: string };
  /** Systems, and how many of them were found closed to other ways within thirty days, from every place. */
  readonly bypass: { readonly systems: number; readonly closed: number };
  readonly ending: readonly { readonly grant: string; readonly until: string; readonly days: number }[];
  /** Systems of this client and another that lead to one machine: to look at, no problem in itself. */
  readonly same_machine: readonly string[];
  /** What will be a problem soon, or already is one for the client. */
  readonly warnings: readonly string[];
  /** Why nobody, or not everybody, can be served, or who could come another way; empty unless the client is live. */
  readonly problems: readonly string[];
}

const day = 86_400_000;
const soon = 60 * day;

/** `now` is epoch milliseconds UTC; `say` gives the language of warnings and problems, by default English. Deterministic. */
export function rolloutOf(
  client: Client,
  facts: RolloutFacts,
  now: number,
  say: (text: Text) => string = ({ en }) => en,
): Rollout {
  const nominated = new Set(client.controllers.map(({ id }) => id));
  const seats = facts.seats.filter(({ controller }) => nominated.has(controller));
  const seated = new Set(seats.map(({ controller }) => controller));
  const live = facts.grants.filter(
    (grant) => grant.status === 'active' && grant.from <= now && now < grant.until,
  );
  const approvers = new Set(
    seats.filter(({ role }) => role !== 'reader').map(({ controller }) => controller),
  );
  return {
    client: client.id,
    status: client.status,
    controllers: {
      nominated: nominated.size,
      invited: [...nominated].filter((id) => facts.invited.has(id) || seated.has(id)).length,
      seated: seated.size,
    },
    granted: live.length,
    second_approver: approvers.size > 1,
    dns: { hosts: facts.hosts.length, resolving: facts.hosts.filter(({ resolves }) => resolves).length },
    certificate: certificateOf(facts.hosts),
    bypass: {
      systems: client.systems.size,
      closed: doorsOf(client, facts, now).filter(({ door }) => door.state === 'closed').length,
    },
    ending: live
      .filter(({ until }) => until - now < soon)
      .toSorted((a, b) => a.until - b.until)
      .map(({ id, until }) => ({
        grant: id,
        until: new Date(until).toISOString(),
        days: Math.floor((until - now) / day),
      })),
    same_machine: facts.meetings,
    warnings: client.status === 'live' ? warningsOf(client, seats, facts, now).map(say) : [],
    problems: client.status === 'live' ? problemsOf(client, seats, live, facts, now).map(say) : [],
  };
}

function warningsOf(
  client: Client,
  seats: readonly Seat[],
  facts: RolloutFacts,
  now: number,
): readonly Text[] {
  const { visits, refused } = facts;
  const absent = approverFinding(client, now);
  const bounces = client.controllers.flatMap(({ id, mail }) => {
    const since = refused.get(mail?.toLowerCase() ?? '');
    return since === undefined ? [] : [words.mailRefused(id, dayOf(since))];
  });
  return [
    ...(absent?.verdict === 'warning' ? [absent.message] : []),
    ...bounces,
    ...(isLongAway(seats, visits, now) ? [words.longAway] : []),
    ...doorWarnings(doorsOf(client, facts, now)),
  ];
}

interface FoundDoor {
  readonly id: string;
  readonly door: DoorState;
}

function doorsOf(client: Client, { checks, places }: RolloutFacts, now: number): readonly FoundDoor[] {
  return [...client.systems.values()].map((system) => ({
    id: system.id,
    door: stateOf(system, checks, places, now),
  }));
}

/** A door of which nothing is claimed, or nothing known lately, is told to the client; a claim that proved wrong is a problem. */
function doorWarnings(found: readonly FoundDoor[]): readonly Text[] {
  const warned = found.flatMap(({ id, door }) => {
    const warning = doorWarning(door);
    return warning === undefined ? [] : [{ id, warning }];
  });
  return [...Map.groupBy(warned, ({ warning }) => warning.en).values()].map((some) =>
    words.ofSystems(some[0]?.warning ?? words.notClosed, some.map(({ id }) => id).join(', ')),
  );
}

function doorWarning(door: DoorState): Text | undefined {
  switch (door.state) {
    case 'not-closed':
      return words.notClosed;
    case 'unchecked':
      return door.places.length === 0 ? words.noPlaces : words.neverTried(door.places.join(', '));
    case 'old':
      return words.triedLast(dayOf(door.at));
    case 'open':
    case 'closed':
      return undefined;
  }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function certificateOf(hosts: readonly HostFound[]): Rollout['certificate'] {
  const found = hosts.flatMap(({ certificate }) => (certificate === undefined ? [] : [certificate]));
  if (found.some((one) => 'fault' in one)) return 'faulty';
  const ends = found.flatMap((one) => ('until' in one ? [one.until] : []));
  return ends.length === 0 ? 'none' : { until: new Date(Math.min(...ends)).toISOString() };
}

function problemsOf(
  client: Client,
  seats: readonly Seat[],
  live: readonly Grant[],
  facts: RolloutFacts,
  now: number,
): readonly Text[] {
  const { contract } = client;
  const inForce = contract.from <= now && (contract.until === undefined || now < contract.until);
  const absent = approverFinding(client, now);
  const served = new Set(live.flatMap(({ systems }) => systems));
  const all = [...client.systems.keys(), ...client.outside.keys()];
  return [
    ...(inForce ? [] : [words.contract]),
    ...(all.length === 0 ? [words.noSystem] : []),
    ...(seats.some(({ role }) => role === 'representative') ? [] : [words.noRepresentative]),
    ...(absent?.verdict === 'fault' ? [absent.message] : []),
    ...(live.length === 0 ? [words.noAgreement] : []),
    ...(live.length > 0 ? all.filter((id) => !served.has(id)).map(words.uncovered) : []),
    ...facts.hosts.filter(({ resolves }) => !resolves).map(({ host }) => words.unresolved(host)),
    ...facts.hosts.flatMap(({ host, certificate }) => certificateProblem(host, certificate, now)),
    ...doorsOf(client, facts, now).flatMap(({ id, door }) =>
      door.state === 'open' ? [words.foundOpen(id, door.place, dayOf(door.at))] : [],
    ),
    ...[...facts.upstreams].map(([system, why]) => words.unreachable(system, why)),
  ];
}

function certificateProblem(
  host: string,
  certificate: HostFound['certificate'],
  now: number,
): readonly Text[] {
  if (certificate === undefined) return [];
  if ('fault' in certificate) return [words.certificate(host, certificate.fault)];
  return certificate.until <= now ? [words.certificateEnded(host)] : [];
}
