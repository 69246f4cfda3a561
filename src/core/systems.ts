/** A client's systems, served and outside: what is agreed to and declared does not ask which of the two. */
import type { AnySystem, Client } from './model.ts';

/** All systems of a client, those outside last. */
export function everySystem(client: Client): readonly AnySystem[] {
  return [...client.systems.values(), ...client.outside.values()];
}

/** A client's system, served or outside. */
export function findSystem(client: Client | undefined, id: string): AnySystem | undefined {
  return client?.systems.get(id) ?? client?.outside.get(id);
}
