/**
 * Where somebody comes from when they are sent here to declare: the system, and what the system's own host sealed in
 * their browser. Everything in that address is untrusted; what is not of the expected form is as if it were missing.
 */
import { isAssignedNow } from '../core/decide-facts.ts';
import type { AnySystem, Client, Person, Snapshot, System } from '../core/model.ts';
import { everySystem, findSystem } from '../core/systems.ts';
import { type Place, readFragment, readPlace } from './place.ts';
import { field } from './visit.ts';

/** The browser's own sealed wish on the system's host: its id and the hash of its nonce. */
export interface WayBack {
  readonly f: string;
  readonly n: string;
  /** The host it is sealed on; one of the system's. */
  readonly host: string;
  readonly fragment: string;
  /** The person did not ask to declare anew: the one access that they opened to the system may go on here. */
  readonly goesOn: boolean;
}

export interface Arrival {
  readonly client: Client;
  readonly system: AnySystem;
  /** The systems of this client that the person is assigned to now; contains `system`. */
  readonly mine: readonly AnySystem[];
  readonly back: WayBack | undefined;
  /** Where the person wants to be when they begin here and no host has sealed it yet; never together with `back`. */
  readonly place: Place | undefined;
}

export type ArrivalAnswer =
  | Arrival
  | { readonly problem: 'unknown_system' | 'not_assigned'; readonly client?: Client };

const idForm = /^[A-Za-z0-9_-]{8,64}$/;
const hashForm = /^[A-Za-z0-9_-]{43}$/;

/** Reads `system f n h fragment`, or `system to h fragment`, from an address or a form. Never throws. */
export function readArrival(source: unknown, snapshot: Snapshot, person: Person, now: number): ArrivalAnswer {
  const [clientId, systemId, ...rest] = field(source, 'system').split('/');
  const client = rest.length === 0 ? snapshot.clients.get(clientId ?? '') : undefined;
  const system = findSystem(client, systemId ?? '');
  if (client === undefined || system === undefined) return { problem: 'unknown_system' };
  const mine = systemsOf(client, person, now);
  if (!mine.includes(system)) return { problem: 'not_assigned', client };
  const served = client.systems.get(system.id);
  if (served === undefined) return { client, system, mine, back: undefined, place: undefined };
  const back = readWayBack(source, served);
  const place = back === undefined ? readPlace(source, served) : undefined;
  return { client, system, mine, back, place };
}

/** The systems of a client that a person is assigned to now, in the order of the client's file. */
export function systemsOf(client: Client, person: Person, now: number): readonly AnySystem[] {
  return everySystem(client).filter((system) =>
    client.assignments.some((assignment) => isAssignedNow(assignment, person, system, now)),
  );
}

function readWayBack(source: unknown, system: System): WayBack | undefined {
  const f = field(source, 'f');
  const n = field(source, 'n');
  if (!idForm.test(f) || !hashForm.test(n)) return undefined;
  const asked = field(source, 'h');
  const host = system.hosts.includes(asked) ? asked : '';
  const goesOn = field(source, 'on') === '1';
  return { f, n, host, fragment: readFragment(field(source, 'fragment')), goesOn };
}

/** The hidden fields that carry an arrival through a form. */
export function carried(arrival: Arrival): Readonly<Record<string, string>> {
  const { client, system, back, place } = arrival;
  const name = { system: `${client.id}/${system.id}` };
  if (place !== undefined) return { ...name, to: place.path, h: place.host, fragment: place.fragment };
  if (back === undefined) return name;
  return { ...name, f: back.f, n: back.n, h: back.host, fragment: back.fragment };
}

/** The address of the declaration page for an arrival; starts with `/`. */
export function declarePath(arrival: Arrival): string {
  if (arrival.place !== undefined) return enterPath(arrival.client.id, arrival.system, arrival.place);
  const { fragment: _, ...query } = { fragment: '', ...carried(arrival) };
  return `/declare?${new URLSearchParams(query)}`;
}

/** Where declaring a system that is outside begins: here, because it has no host of its own. */
export function declareAddress(client: string, system: string): string {
  return `/declare?${new URLSearchParams({ system: `${client}/${system}` })}`;
}

/** Where, on the system's own host, a declaration begins: the host seals the wanted place and comes back here. */
export function beginAddress(
  system: System,
  place: Pick<Place, 'host' | 'path'> = { host: '', path: '/' },
): string {
  const url = new URL(`/.consentry/declare?to=${encodeURIComponent(place.path)}`, system.publicOrigin);
  if (system.hosts.includes(place.host)) url.hostname = place.host;
  return url.href;
}

/** Where the declaration of a system begins at the desk: nothing leads back to its host yet. */
export function enterPath(client: string, system: AnySystem, place?: Place): string {
  const query = new URLSearchParams({ systems: `${client}/${system.id}` });
  if (place !== undefined) {
    const host = place.host === '' ? '' : `//${place.host}`;
    query.set('to', `${host}${place.path}${place.fragment === '' ? '' : `#${place.fragment}`}`);
  }
  return `/enter?${query}`;
}

/** Where a one-time code is redeemed: on the system's own host. */
export function entryAddress(
  system: System,
  ticket: { code: string; f: string; host: string; fragment: string },
): string {
  const url = new URL('/.consentry/enter', system.publicOrigin);
  if (system.hosts.includes(ticket.host)) url.hostname = ticket.host;
  url.searchParams.set('code', ticket.code);
  url.searchParams.set('f', ticket.f);
  if (ticket.fragment !== '') url.hash = ticket.fragment;
  return url.href;
}
