/**
 * Connections: programs that act for somebody of a client with a token of theirs. What a connection may do is the scopes
 * chosen for it and nothing its owner may not do; no scope gives a consent, because that needs the person's own signature. Pure.
 */
import type { ControllerRole } from './model.ts';

export const scopes = [
  'requests:read',
  'requests:write',
  'grants:read',
  'grants:write',
  'openings:read',
  'stop',
  'log:read',
  'events:read',
] as const;

export type Scope = (typeof scopes)[number];

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text);
}

/** Live connections that a client may have. */
export const mostConnections = 20;

/** A row is a projection of the ledger. Instants are epoch milliseconds; undefined: not yet. The token is nowhere. */
export interface Connection {
  readonly id: string;
  readonly client: string;
  /** Whose it is; it ends with this seat. */
  readonly seat: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | undefined;
  readonly revokedAt: number | undefined;
}

export type ConnectionRefusal =
  | 'not_seated'
  | 'too_many_connections'
  | 'connection_unknown'
  | 'connection_ended';

/** Whether it may be ended by somebody of that seat and role. */
export function mayEnd(connection: Pick<Connection, 'seat'>, seat: string, role: ControllerRole): boolean {
  return role === 'representative' || connection.seat === seat;
}
