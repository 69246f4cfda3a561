/** The maps of a snapshot that follow from its other parts: made once per snapshot, wherever one is put together. */
import {
  accountKey,
  type Client,
  type ControllerUser,
  type Person,
  type ProviderUser,
  type Snapshot,
  type System,
  type Who,
} from '../model.ts';

/** By host and by account. Hosts and accounts are unique: that was checked before. */
export function indexes(
  people: ReadonlyMap<string, Person>,
  users: ReadonlyMap<string, ProviderUser>,
  clients: ReadonlyMap<string, Client>,
): Pick<Snapshot, 'hosts' | 'accounts'> {
  return { hosts: hostsOf(clients), accounts: accountsOf(people, users, clients) };
}

function hostsOf(clients: ReadonlyMap<string, Client>): ReadonlyMap<string, System> {
  const systems = [...clients.values()].flatMap((client) => [...client.systems.values()]);
  return new Map(systems.flatMap((system) => system.hosts.map((host): [string, System] => [host, system])));
}

/** The same account at another client is the same person, somebody else there. */
function joinedBy(known: Who | undefined, controller: ControllerUser): Who {
  if (known?.kind === 'controller') return { kind: 'several', controllers: [known.controller, controller] };
  if (known?.kind === 'several') return { kind: 'several', controllers: [...known.controllers, controller] };
  return { kind: 'controller', controller };
}

function accountsOf(
  people: ReadonlyMap<string, Person>,
  users: ReadonlyMap<string, ProviderUser>,
  clients: ReadonlyMap<string, Client>,
): ReadonlyMap<string, Who> {
  const found = new Map<string, Who>();
  for (const person of people.values()) {
    // A machine signs in nowhere on the pages.
    if (person.subject !== '' && person.robot === undefined)
      found.set(accountKey(person.issuer, person.subject), { kind: 'technician', person });
  }
  for (const user of users.values()) {
    if (user.subject !== '')
      found.set(accountKey(user.issuer, user.subject), { kind: 'provider-user', user });
  }
  for (const { controllers } of clients.values()) {
    for (const controller of controllers) {
      const key = accountKey(controller.issuer, controller.subject);
      found.set(key, joinedBy(found.get(key), controller));
    }
  }
  return found;
}
