/**
 * Cutting for good. A destroyed response leaves megabytes in kernel buffers; a reset does not. Under TLS only the
 * raw socket can be reset, so the server remembers which one carries which.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const rawOf = new WeakMap<Duplex, Socket>();

/** Remembers the TCP socket under a TLS socket. */
export function rememberRaw(wrapped: Duplex, raw: Socket): void {
  rawOf.set(wrapped, raw);
}

/**
 * Sends a TCP reset and frees both ends; safe to call more than once. A request that was still read from a connection which
 * was gone has none: Node gives null there, against its types.
 */
export function reset(socket: Duplex | null): void {
  if (socket === null) return;
  const raw = rawOf.get(socket) ?? socket;
  if ('resetAndDestroy' in raw && typeof raw.resetAndDestroy === 'function') raw.resetAndDestroy();
  else raw.destroy();
  if (raw !== socket) socket.destroy();
}
