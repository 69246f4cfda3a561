/**
 * Upstream connections: one pool per opening and system, so that ending the opening destroys its sockets
 * and no two openings ever share one. Name and CA come from the policy; the resolved address is checked at connect.
 * Where an application knows people by their connection (NTLM, Negotiate), each of the browser's has one of its own.
 */
import { isIP, type Socket } from 'node:net';
import type { Presented } from '../core/credential.ts';
import type { System } from '../core/model.ts';
import type { Limits } from './limits.ts';
import { guardedLookup } from './upstream-address.ts';
import { UpstreamPool } from './upstream-pool.ts';

/** The same object until the certificate is replaced. */
type Identity = Presented['tls'];

interface Made {
  readonly pool: UpstreamPool;
  readonly system: System;
  readonly identity: Identity;
}

/** A connection of a browser, and the keys of the pools that end with it, by opening. */
interface Bound {
  readonly number: number;
  readonly keys: Map<string, Set<string>>;
}

export interface Pools {
  /**
   * The pool of an opening for a system, made on first use; with the client certificate that goes up, if any. Where the
   * profile binds connections it is one connection, and is gone with `browser`.
   */
  of(opening: string, system: System, identity: Identity, browser: Socket): UpstreamPool;
  /** Destroys all connections of an opening. */
  drop(opening: string): void;
  close(): Promise<void>;
}

export function createPools(loopbackAllowed: boolean, limits: Limits, monotonic: () => number): Pools {
  const openings = new Map<string, Map<string, Made>>();
  const browsers = new WeakMap<Socket, Bound>();
  let counted = 0;

  /** What stands for the browser's connection: numbered as they come, and looked after once each. */
  function boundTo(browser: Socket): Bound {
    const known = browsers.get(browser);
    if (known !== undefined) return known;
    counted += 1;
    const made = { number: counted, keys: new Map<string, Set<string>>() };
    browsers.set(browser, made);
    // What somebody signed in on ends with the browser's connection: whoever comes next on a new one signs in anew.
    browser.once('close', () => {
      for (const [opening, keys] of made.keys) for (const key of keys) forget(opening, key);
    });
    return made;
  }

  function keyOf(opening: string, system: System, browser: Socket): string {
    if (system.profile.connectionBound !== true) return system.id;
    const { number, keys } = boundTo(browser);
    const key = `${system.id} ${number}`;
    const mine = keys.get(opening);
    if (mine === undefined) keys.set(opening, new Set([key]));
    else mine.add(key);
    return key;
  }

  function forget(opening: string, key: string): void {
    const found = openings.get(opening)?.get(key);
    if (found === undefined) return;
    openings.get(opening)?.delete(key);
    discard(found.pool);
  }

  function make(system: System, identity: Identity): UpstreamPool {
    const { upstream } = system;
    const secure = upstream.protocol === 'https:';
    const bound = system.profile.connectionBound === true;
    return new UpstreamPool(
      {
        host: upstream.hostname,
        port: upstream.port,
        lookup: guardedLookup(loopbackAllowed),
        tls: secure
          ? {
              // An address is no server name: the certificate is then checked against the address itself.
              servername: isIP(upstream.serverName) > 0 ? '' : upstream.serverName,
              ...(upstream.ca === undefined ? {} : { ca: upstream.ca }),
              ...identity,
            }
          : undefined,
        connectWithin: limits.upstreamConnect,
        headWithin: limits.upstreamHead,
        keepFor: bound ? limits.keepAliveTimeout : limits.upstreamKeepAlive,
        mostHeadBytes: limits.upstreamHeaderBytes,
        monotonic,
      },
      bound ? 1 : limits.exchangesPerOpening,
    );
  }

  /** Requests on their way finish first; nothing new is sent through it. */
  function retire(pool: UpstreamPool): void {
    void pool.close();
  }

  function discard(pool: UpstreamPool): void {
    void pool.destroy();
  }

  return {
    of(opening, system, identity, browser) {
      let pools = openings.get(opening);
      if (pools === undefined) {
        pools = new Map();
        openings.set(opening, pools);
      }
      const key = keyOf(opening, system, browser);
      const found = pools.get(key);
      // A policy change replaces the system object; its new address must not be reached through old connections.
      const known = found !== undefined && found.identity === identity;
      if (known && found.system === system) return found.pool;
      if (known && sameUpstream(found.system, system)) {
        pools.set(key, { pool: found.pool, system, identity });
        return found.pool;
      }
      // Under a new certificate what is on its way still ends well; under a new address it must not.
      if (found !== undefined && sameUpstream(found.system, system)) retire(found.pool);
      else if (found !== undefined) discard(found.pool);
      const pool = make(system, identity);
      pools.set(key, { pool, system, identity });
      return pool;
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
