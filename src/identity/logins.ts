/**
 * Which sign-ins still live, as far as this process knows: asked of the database at most once a second each, told at
 * once of every end that happens here. "Could not look" is a Fault, never a yes.
 */

import type { Login } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import type { Archive, Clock } from '../core/ports.ts';

const freshFor = 1_000;
const most = 10_000;

interface Known {
  readonly login: Login;
  readonly checkedAt: number;
}

export interface Logins {
  /** The sign-in if it lives, else undefined. Throws Fault `sessions_unavailable` when that cannot be found out. */
  live(id: string): Promise<Login | undefined>;
  /** A sign-in just recorded. */
  began(login: Login): void;
  /** Ended here: from now on nobody, whatever the database says later. */
  ended(id: string): void;
  /** Ids of sign-ins known here that a logout means. */
  matching(target: {
    readonly issuer: string;
    readonly sid?: string;
    readonly sub?: string;
    readonly subject?: string;
  }): readonly string[];
}

export function createLogins(archive: Pick<Archive, 'login'>, clock: Clock): Logins {
  const known = new Map<string, Known>();
  const over = new Set<string>();
  const asking = new Map<string, Promise<Login | undefined>>();

  function keep(login: Login): void {
    known.delete(login.id);
    known.set(login.id, { login, checkedAt: clock.monotonic() });
    trim(known);
  }

  function end(id: string): void {
    known.delete(id);
    over.add(id);
    trim(over);
  }

  async function look(id: string): Promise<Login | undefined> {
    const row = await archive.login(id).catch((cause: unknown) => {
      throw new Fault('sessions_unavailable', 'the state of a sign-in cannot be read', cause);
    });
    if (over.has(id)) return undefined;
    if (row && row.endedAt === undefined) {
      keep(row);
      return row;
    }
    if (row) end(id);
    return undefined;
  }

  return {
    async live(id) {
      if (over.has(id)) return undefined;
      const fresh = known.get(id);
      if (fresh && clock.monotonic() - fresh.checkedAt < freshFor) return fresh.login;
      const running = asking.get(id) ?? look(id).finally(() => asking.delete(id));
      asking.set(id, running);
      return running;
    },
    began: keep,
    ended: end,
    matching: (target) =>
      [...known.values()]
        .map((entry) => entry.login)
        .filter((login) => login.issuer === target.issuer)
        .filter((login) => means(target, login))
        .map((login) => login.id),
  };
}

function means(
  { sid, sub, subject }: { readonly sid?: string; readonly sub?: string; readonly subject?: string },
  login: Login,
): boolean {
  if (sid !== undefined) return login.sid === sid;
  return sub === undefined ? login.subject === subject : (login.sub ?? login.subject) === sub;
}

/** Oldest out first; whoever falls out is asked of the database again. */
function trim(entries: {
  readonly size: number;
  keys(): IterableIterator<string>;
  delete(key: string): boolean;
}): void {
  for (const key of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(key);
  }
}
