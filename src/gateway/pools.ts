/**
 * Upstream connections: one undici Pool per opening and system, so that ending the opening destroys its sockets
 * and no two openings ever share one. Name and CA come from the policy; the resolved address is checked at connect.
 */
import { Pool } from 'undici';
import type { Presented } from '../core/credential.ts';
import type { System } from '../core/model.ts';
import { guardedLookup } from './upstream-address.ts';
import { limits } from './limits.ts';

/** The same object until the certificate is replaced. */
type Identity = Presented['tls'];

interface Made {
  readonly pool: Pool;
  readonly system: System;
  readonly identity: Identity;
}

export interface Pools {
  /** The pool of an opening for a system, made on first use; with the client certificate that goes up, if any. */
  of(opening: string, system: System, identity: Identity): Pool;
  /** Throws a wedged pool away; the next exchange gets a fresh one. */
  replace(opening: string, system: System): void;
  /** Destroys all connections of an opening. */
  drop(opening: string): void;
  close(): Promise<void>;
}

/** `upstreamHead`: milliseconds that an upstream may take until its answer's head. */
export function createPools(loopbackAllowed: boolean, upstreamHead: number): Pools {
  const openings = new Map<string, Map<string, Made>>();

  function make(system: System, identity: Identity): Pool {
    const { upstream } = system;
    const secure = upstream.protocol === 'https:';
    return new Pool(upstream.origin, {
      connections: limits.exchangesPerOpening,
      pipelining: 1,
      allowH2: false,
      headersTimeout: upstreamHead,
      bodyTimeout: 0,
      maxHeaderSize: limits.upstreamHeaderBytes,
      keepAliveTimeout: limits.upstreamKeepAlive,
      connect: {
        timeout: limits.upstreamConnect,
        lookup: guardedLookup(loopbackAllowed),
        ...(secure ? { servername: upstream.serverName, ALPNProtocols: ['http/1.1'] } : {}),
        ...(secure && upstream.ca !== undefined ? { ca: upstream.ca } : {}),
        ...identity,
      },
    });
  }

  /** Requests on their way finish first; nothing new is sent through it. */
  function retire(pool: Pool): void {
    pool.close().catch(() => undefined);
  }

  function discard(pool: Pool): void {
    pool.destroy(new Error('opening ended')).catch(() => undefined);
  }

  return {
    of(opening, system, identity) {
      let systems = openings.get(opening);
      if (systems === undefined) {
        systems = new Map();
        openings.set(opening, systems);
      }
      const found = systems.get(system.id);
      // A policy change replaces the system object; its new address must not be reached through old connections.
      const known = found !== undefined && found.identity === identity;
      if (known && found.system === system) return found.pool;
      if (known && sameUpstream(found.system, system)) {
        systems.set(system.id, { pool: found.pool, system, identity });
        return found.pool;
      }
      // Under a new certificate what is on its way still ends well; under a new address it must not.
      if (found !== undefined && sameUpstream(found.system, system)) retire(found.pool);
      else if (found !== undefined) discard(found.pool);
      const pool = make(system, identity);
      systems.set(system.id, { pool, system, identity });
      return pool;
    },
    replace(opening, system) {
      const found = openings.get(opening)?.get(system.id);
      if (found === undefined) return;
      openings.get(opening)?.delete(system.id);
      retire(found.pool);
    },
    drop(opening) {
      for (const { pool } of openings.get(opening)?.values() ?? []) discard(pool);
      openings.delete(opening);
    },
    async close() {
      const all = [...openings.values()].flatMap((systems) => [...systems.values()]);
      openings.clear();
      await Promise.all(all.map(({ pool }) => pool.destroy()));
    },
  };
}

function sameUpstream(a: System, b: System): boolean {
  return (
    a.upstream.origin === b.upstream.origin &&
    a.upstream.serverName === b.upstream.serverName &&
    a.upstream.ca === b.upstream.ca
  );
}
