/**
 * Whose codes of an app were guessed at lately, for everybody of that client to see on every page: whoever guesses reads the
 * person's mail already.
 */
import { Fault } from '../core/faults.ts';
import type { Who } from '../core/model.ts';
import type { PortalDeps } from './deps.ts';

export interface LockedOut {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** So long after the last lock it is shown, milliseconds. */
const shown = 48 * 3_600_000;

/** Nothing when it cannot be read: pages that stop must work all the same. */
export async function locksFor(
  { authority, archive, clock }: Pick<PortalDeps, 'authority' | 'archive' | 'clock'>,
  who: Who,
): Promise<readonly LockedOut[]> {
  if (who.kind !== 'controller') return [];
  const { client } = who.controller;
  try {
    const { seats } = await authority.client(client);
    const byCode = new Map(
      seats.flatMap(({ id, method, name }) => (method === 'mail-totp' ? [[id, name] as const] : [])),
    );
    if (byCode.size === 0) return [];
    const locks = await archive.codeLocks(client, clock.now() - shown);
    return locks.flatMap(({ seat, at }) => {
      const name = byCode.get(seat);
      return name === undefined ? [] : [{ name, at }];
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [];
  }
}
