/**
 * The gateway's own path on system hosts, `/.consentry/`: here a technician arrives from the portal with a one-time
 * code and gets the host's own cookie. The code is the only secret that is ever in an address.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '../core/faults.ts';
import type { Authority, Clock } from '../core/ports.ts';
import { faultAnswer, refusalAnswer, send } from './answer.ts';
import type { Arrival } from './arrive.ts';
import { sessionCookie } from './headers.ts';
import { randomId } from './ids.ts';
import { crowdedOut, forget, hashed, isWantedId, seal, unseal, wantedPrefix } from './wanted.ts';

export const ownPath = '/.consentry/';

export interface EntryDeps {
  readonly authority: Authority;
  readonly clock: Clock;
  readonly sealKey: Buffer;
  readonly portalOrigin: string;
}

/** `client/system`, the name under which codes and cookies know a system. */
export function systemName(arrival: Arrival): string {
  return `${arrival.system.client}/${arrival.system.id}`;
}

/** Sends a navigation to the portal to declare, with the wanted path sealed in a cookie of its own. */
export function askToDeclare(arrival: Arrival, res: ServerResponse, deps: EntryDeps): void {
  const now = deps.clock.now();
  const system = systemName(arrival);
  const { id, nonceHash, cookie } = seal(deps.sealKey, arrival.url, system, now);
  const leaving = forget(crowdedOut(deps.sealKey, arrival.own, system, now));
  const to = new URL('/declare', deps.portalOrigin);
  to.searchParams.set('system', system);
  to.searchParams.set('f', id);
  to.searchParams.set('n', nonceHash);
  redirect(res, to.href, [...leaving, cookie]);
}

/** The address on which somebody can renew an opening for this system, without anything sealed. */
export function renewAddress(arrival: Arrival, portalOrigin: string): string {
  const to = new URL('/declare', portalOrigin);
  to.searchParams.set('system', systemName(arrival));
  return to.href;
}

/** Answers everything under `/.consentry/`. Only `GET enter` exists. */
export async function enter(
  arrival: Arrival,
  req: IncomingMessage,
  res: ServerResponse,
  deps: EntryDeps,
): Promise<void> {
  const url = new URL(arrival.url, 'http://here.invalid');
  const code = url.searchParams.get('code') ?? '';
  const id = url.searchParams.get('f') ?? '';
  const cookieName = `${wantedPrefix}${id}`;
  const sealed = isWantedId(id) ? arrival.own.get(cookieName) : undefined;
  const wanted =
    sealed === undefined
      ? undefined
      : unseal(deps.sealKey, id, sealed, systemName(arrival), deps.clock.now());
  if (arrival.method !== 'GET' || url.pathname !== `${ownPath}enter` || wanted === undefined || code === '') {
    return again(arrival, req, res);
  }
  const cookie = randomId(32);
  try {
    const answer = await deps.authority.run({
      do: 'redeem',
      codeHash: hashed(code),
      system: systemName(arrival),
      nonceHash: hashed(wanted.nonce),
      cookieHash: hashed(cookie),
    });
    if ('refused' in answer) return again(arrival, req, res);
  } catch (error) {
    return send(req, res, arrival.id, faultAnswer(error instanceof Fault ? error.code : 'internal'));
  }
  const session = `${sessionCookie}=${cookie}; Path=/; Secure; HttpOnly; SameSite=Lax`;
  redirect(res, wanted.path, [...forget([cookieName]), session]);
}

/** A code that is spent, late, forged or another browser's: say so, and offer the way in once more. */
function again(arrival: Arrival, req: IncomingMessage, res: ServerResponse): void {
  const link = {
    href: arrival.system.publicOrigin,
    label: { en: 'Open the system again', fr: 'Ouvrir le système à nouveau' },
  };
  const answer = refusalAnswer('opening_missing', link);
  send(req, res, arrival.id, { ...answer, status: 403 });
}

function redirect(res: ServerResponse, location: string, cookies: readonly string[]): void {
  const headers = [
    'Location',
    location,
    'Cache-Control',
    'no-store',
    'Referrer-Policy',
    'no-referrer',
    'Content-Length',
    '0',
  ];
  for (const cookie of cookies) headers.push('Set-Cookie', cookie);
  res.writeHead(303, headers);
  res.end();
}
