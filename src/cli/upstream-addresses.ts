/** Looks up where the upstreams' names lead, each name once. Sends nothing to a client's system. */
import { lookup } from 'node:dns/promises';
import type { System } from '../core/model.ts';

/** All addresses of a name, as the gateway would find them. Rejects when there are none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Names looked up side by side: as many as the thread pool has room for anyway. */
const atOnce = 16;
const limitMs = 2_000;

export const resolveByName: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Host name -> addresses; names that do not resolve, or not in time, are left out: other checks tell them. */
export async function addressesOf(
  systems: readonly System[],
  resolve: Resolve = resolveByName,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = [...new Set(systems.map(({ upstream }) => upstream.hostname))];
  const found = new Map<string, readonly string[]>();
  for (let at = 0; at < names.length; at += atOnce) {
    const looked = names.slice(at, at + atOnce).map(async (name) => {
      const addresses = await inTime(resolve(name)).catch(() => undefined);
      if (addresses !== undefined) found.set(name, addresses);
    });
    await Promise.all(looked);
  }
  return found;
}

async function inTime<T>(promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), limitMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
