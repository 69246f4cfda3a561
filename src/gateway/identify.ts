/**
 * Who sends a request: the access behind the browser's cookie, or behind the credential of a tool. Whoever was known and
 * may not go on is refused under their own access, so that its client reads it; a stranger is only counted.
 */
import type { Socket } from 'node:net';
import type { Opening } from '../core/model.ts';
import type { Authority, Door } from '../core/ports.ts';
import type { Reason } from '../core/reasons.ts';
import type { Arrival } from './arrive.ts';
import { systemName } from './entry.ts';
import { sessionCookie } from './headers.ts';
import type { Refusals } from './refusals.ts';
import { hashed } from './wanted.ts';

/** An access, one that is known and refused, or where a stranger is sent. */
export type Identified =
  | Opening
  | { readonly refused: Opening; readonly reason: Reason }
  | { readonly kind: 'declare' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly reason: Reason };

export interface IdentifyDeps {
  readonly authority: Authority;
  readonly refusals: Refusals;
}

/** At once when the access behind a cookie is in memory. Throws Fault `ledger_unavailable` when it could not look. */
export function identify(
  arrival: Arrival,
  socket: Socket,
  deps: IdentifyDeps,
): Identified | Promise<Identified> {
  const cookie = arrival.own.get(sessionCookie);
  if (arrival.tool !== undefined) return byTool(arrival, hashedOn(socket, arrival.tool), cookie, deps);
  if (cookie === undefined) return stranger(arrival, deps);
  const found = deps.authority.door(hashedOn(socket, cookie));
  if (found instanceof Promise) return found.then((door) => behind(door, arrival) ?? stranger(arrival, deps));
  return behind(found, arrival) ?? stranger(arrival, deps);
}

function behind(door: Door | undefined, arrival: Arrival): Opening | undefined {
  return door?.system === systemName(arrival) ? door.opening : undefined;
}

async function byTool(
  arrival: Arrival,
  hash: string,
  cookie: string | undefined,
  deps: IdentifyDeps,
): Promise<Identified> {
  const tool = await deps.authority.tool(hash);
  if (cookie !== undefined) {
    const browser = behind(await deps.authority.door(hashed(cookie)), arrival);
    const refused = browser ?? tool?.opening;
    return refused === undefined ? stranger(arrival, deps) : { refused, reason: 'tool_beside_cookie' };
  }
  if (tool === undefined) {
    deps.refusals.anonymous(arrival.system.client);
    return { kind: 'refused', reason: 'tool_unknown' };
  }
  const { opening, live } = tool;
  if (!live) return { refused: opening, reason: 'tool_ended' };
  const { client, id } = arrival.system;
  const here = opening.client === client && opening.systems.includes(id);
  return here ? opening : { refused: opening, reason: 'tool_elsewhere' };
}

function stranger(arrival: Arrival, deps: IdentifyDeps): Identified {
  deps.refusals.anonymous(arrival.system.client);
  const acted = arrival.method !== 'GET' && arrival.method !== 'HEAD';
  return { kind: acted && arrival.own.has(sessionCookie) ? 'ended' : 'declare' };
}

/** A connection carries one browser's requests: its cookie is hashed once, not once a request. */
const hashes = new WeakMap<Socket, { readonly secret: string; readonly hash: string }>();

function hashedOn(socket: Socket, secret: string): string {
  const known = hashes.get(socket);
  if (known?.secret === secret) return known.hash;
  const hash = hashed(secret);
  hashes.set(socket, { secret, hash });
  return hash;
}
