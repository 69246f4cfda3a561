/**
 * The other hosts of a system whose pages call one another. A browser keeps a cookie of ours to one host, and neither a script's
 * call nor a frame can be led through a door; so whoever was just let in on one host is led over the others before they arrive, and
 * each has its cookie when the first page calls it. A host's code is bound to a secret in this browser's cookie for that host, as
 * at the door, and given out by the host that vouches: nobody is let in there but who is in here, in the same access.
 */
import type { ServerResponse } from 'node:http';
import type { System } from '../core/model.ts';
import { ownPath } from '../core/paths.ts';
import type { Arrival } from './arrive.ts';
import { type EntryDeps, redirect, systemName } from './entry.ts';
import { sessionCookie } from './headers.ts';
import { randomId } from './ids.ts';
import { crowdedOut, forget, hashed, isWantedId, seal, type Wanted } from './wanted.ts';

/** Browsers follow twenty redirects; each host takes three. */
const mostBeside = 5;
const codeAge = 60_000;

type Beside = NonNullable<Wanted['beside']>;

/** Whether arriving here leads over other hosts first. */
export function hasBeside({ system, host }: Arrival): boolean {
  return othersOf(system, hostName(host)).length > 0;
}

/** The next host to lead to after `nth` of them, or back to where it began, which knows the wanted place under `f`. */
export function nextAddress(system: System, { host, f, nth }: Beside): string {
  const next = othersOf(system, host)[nth];
  const url = new URL(
    `${ownPath}${next === undefined ? 'arrived' : 'beside'}`,
    originOf(system, next ?? host),
  );
  url.searchParams.set('f', f);
  if (next === undefined) return url.href;
  url.searchParams.set('h', host);
  url.searchParams.set('i', String(nth));
  return url.href;
}

/** `beside`: takes a secret of this browser for this host, and asks the host that vouches for a code. False: it makes no sense. */
export function askBeside(
  arrival: Arrival,
  params: URLSearchParams,
  res: ServerResponse,
  deps: EntryDeps,
): boolean {
  const { system } = arrival;
  const beside = {
    host: params.get('h') ?? '',
    f: params.get('f') ?? '',
    nth: Number(params.get('i') ?? 'x'),
  };
  const here = othersOf(system, beside.host)[beside.nth];
  if (here === undefined || here !== hostName(arrival.host) || !isWantedId(beside.f)) return false;
  const now = deps.clock.now();
  const { id, nonceHash, cookie } = seal(deps.sealKey, '/', systemName(arrival), now, beside);
  const to = new URL(`${ownPath}vouch`, originOf(system, beside.host));
  to.searchParams.set('h', here);
  to.searchParams.set('f', id);
  to.searchParams.set('n', nonceHash);
  const leaving = forget(crowdedOut(deps.sealKey, arrival.own, systemName(arrival), now));
  redirect(res, to.href, [...leaving, cookie]);
  return true;
}

/** `vouch`: a code for another host, in the access in which this browser is here. False: it is in none, or it makes no sense. */
export async function vouch(
  arrival: Arrival,
  params: URLSearchParams,
  res: ServerResponse,
  deps: EntryDeps,
): Promise<boolean> {
  const { system } = arrival;
  const [host = '', f = '', nonceHash = ''] = ['h', 'f', 'n'].map((name) => params.get(name) ?? '');
  const cookie = arrival.own.get(sessionCookie);
  const known = othersOf(system, hostName(arrival.host)).includes(host);
  if (!known || !isWantedId(f) || !/^[\w-]{43}$/.test(nonceHash) || cookie === undefined) return false;
  const door = await deps.authority.door(hashed(cookie));
  if (door?.system !== systemName(arrival)) return false;
  const code = randomId(32);
  const answer = await deps.authority.run({
    do: 'code',
    code: {
      ...{ hash: hashed(code), opening: door.opening.id, system: systemName(arrival), nonceHash },
      expiresAt: deps.clock.now() + codeAge,
    },
  });
  if (!answer.ok) return false;
  const to = new URL(`${ownPath}enter`, originOf(system, host));
  to.searchParams.set('code', code);
  to.searchParams.set('f', f);
  redirect(res, to.href, []);
  return true;
}

/** Those beside this host to which its pages may call; none for a host that is none of the system's. */
function othersOf({ hosts, profile }: System, host: string): readonly string[] {
  if (profile.betweenHosts !== true || !hosts.includes(host)) return [];
  return hosts.filter((one) => one !== host).slice(0, mostBeside);
}

/** Without its port. */
export function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}

function originOf({ publicOrigin }: System, host: string): string {
  const url = new URL(publicOrigin);
  url.hostname = host;
  return url.origin;
}
