/**
 * Cuts a snapshot into pieces that can cross from one thread to another, and joins them again. A piece that did not
 * change need not cross: the other side keeps what it has. Everything in a snapshot is plain data for this reason.
 */
import type { Client, Person, Profile, Snapshot, System } from '../model.ts';
import { deepFreeze } from './freeze.ts';
import { indexes } from './indexes.ts';

/** What does not grow with the number of clients and people. */
export type Frame = Omit<Snapshot, 'clients' | 'people' | 'hosts' | 'accounts'>;

/** A client whose systems name their profile instead of holding it. */
export interface PackedClient {
  readonly client: Omit<Client, 'systems'>;
  readonly systems: readonly { readonly system: Omit<System, 'profile'>; readonly profile: string }[];
}

export function frameOf(snapshot: Snapshot): Frame {
  const { clients: _clients, people: _people, hosts: _hosts, accounts: _accounts, ...frame } = snapshot;
  return frame;
}

/** The profiles that systems use, by id. */
export function profilesOf(snapshot: Snapshot): ReadonlyMap<string, Profile> {
  const found = new Map<string, Profile>();
  for (const client of snapshot.clients.values())
    for (const { profile } of client.systems.values()) found.set(profile.id, profile);
  return found;
}

export function packClient({ systems, ...client }: Client): PackedClient {
  const packed = [...systems.values()].map(({ profile, ...system }) => ({ system, profile: profile.id }));
  return { client, systems: packed };
}

/** The client, frozen. Throws TypeError when a profile is not there. */
export function unpackClient(packed: PackedClient, profiles: ReadonlyMap<string, Profile>): Client {
  const systems = packed.systems.map(({ system, profile: id }): [string, System] => {
    const profile = profiles.get(id);
    if (profile === undefined) throw new TypeError(`the profile ${id} did not come along`);
    return [system.id, { ...system, profile }];
  });
  return deepFreeze({ ...packed.client, systems: new Map(systems) });
}

/** The snapshot, frozen. People and clients are in order and frozen already, so this costs little. */
export function joinSnapshot(
  frame: Frame,
  people: ReadonlyMap<string, Person>,
  clients: ReadonlyMap<string, Client>,
): Snapshot {
  return deepFreeze({ ...frame, people, clients, ...indexes(people, frame.users, clients) });
}
