/**
 * The gateway's own path on system hosts, `/.consentry/`. `declare` leads to the portal, also when something is open
 * already; `enter` is where a technician comes back with a one-time code and gets the host's own cookie. The code is
 * the only secret that is ever in an address.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { classify } from '../core/classify.ts';
import { Fault } from '../core/faults.ts';
import type { Opening } from '../core/model.ts';
import { isPlace, ownPath, parseTarget } from '../core/paths.ts';
import type { Reason } from '../core/reasons.ts';
import { faultAnswer, refusalAnswer, send } from './answer.ts';
import type { Arrival } from './arrive.ts';
import { askBeside, hasBeside, hostName, nextAddress, vouch } from './beside.ts';
import { type EntryDeps, redirect, systemName } from './entry.ts';
import { sessionCookie } from './headers.ts';
import { randomId } from './ids.ts';
import { refuse } from './refuse.ts';
import { crowdedOut, forget, hashed, isWantedId, seal, unseal, type Wanted, wantedPrefix } from './wanted.ts';

/**
 * Sends a navigation to the portal to declare, with the wanted path sealed in a cookie of its own. Of a system with several
 * hosts the portal learns which one has that cookie; `unasked`: the person did not wish to declare anew, so that an access
 * which they opened to this system, at the desk, on another host or together with another system, may simply go on here.
 */
export function askToDeclare(
  arrival: Arrival,
  wanted: string,
  res: ServerResponse,
  deps: EntryDeps,
  unasked = false,
): void {
  const now = deps.clock.now();
  const system = systemName(arrival);
  const { id, nonceHash, cookie } = seal(deps.sealKey, isPlace(wanted) ? wanted : '/', system, now);
  const leaving = forget(crowdedOut(deps.sealKey, arrival.own, system, now));
  const to = new URL('/declare', deps.portalOrigin);
  to.searchParams.set('system', system);
  to.searchParams.set('f', id);
  to.searchParams.set('n', nonceHash);
  if (arrival.system.hosts.length > 1) to.searchParams.set('h', arrival.host.replace(/:\d+$/, ''));
  if (unasked) to.searchParams.set('on', '1');
  redirect(res, to.href, [...leaving, cookie]);
}

/** The address, on the system's own host, where a person declares anew and then comes back to `wanted`. */
export function declareAddress(wanted: string): string {
  return `${ownPath}declare?to=${encodeURIComponent(wanted)}`;
}

/** Answers everything under `/.consentry/`: `GET declare` and `GET enter`, nothing else. */
export async function ownPages(
  arrival: Arrival,
  req: IncomingMessage,
  res: ServerResponse,
  deps: EntryDeps,
): Promise<void> {
  const url = new URL(arrival.url, 'http://here.invalid');
  if (arrival.method === 'GET' && url.pathname === `${ownPath}declare`) {
    const to = url.searchParams.get('to') ?? '/';
    return askToDeclare(arrival, to, res, deps);
  }
  if (arrival.method === 'GET' && url.pathname === `${ownPath}beside`) {
    if (askBeside(arrival, url.searchParams, res, deps)) return;
  } else if (arrival.method === 'GET' && url.pathname === `${ownPath}vouch`) {
    if (await vouched(arrival, url.searchParams, req, res, deps)) return;
  } else if (arrival.method === 'GET' && url.pathname === `${ownPath}arrived`) {
    if (arrived(arrival, url.searchParams.get('f') ?? '', res, deps)) return;
  } else return enter(arrival, req, res, deps);
  again(arrival, req, res, deps);
}

/** As `vouch`; true also when it was answered that this could not be looked up. */
async function vouched(
  arrival: Arrival,
  params: URLSearchParams,
  req: IncomingMessage,
  res: ServerResponse,
  deps: EntryDeps,
): Promise<boolean> {
  try {
    return await vouch(arrival, params, res, deps);
  } catch (error) {
    send(req, res, arrival.id, faultAnswer(error instanceof Fault ? error.code : 'internal'));
    return true;
  }
}

/** Back where entering began, the other hosts being entered too: on to what was wanted here. False: nothing was. */
function arrived(arrival: Arrival, id: string, res: ServerResponse, deps: EntryDeps): boolean {
  const wanted = wantedUnder(arrival, id, deps);
  if (wanted === undefined || wanted.beside !== undefined) return false;
  leadTo(arrival, wanted.path, res, forget([`${wantedPrefix}${id}`]));
  return true;
}

/** What this browser's cookie of that id holds for this system. */
function wantedUnder(arrival: Arrival, id: string, { sealKey, clock }: EntryDeps): Wanted | undefined {
  const sealed = isWantedId(id) ? arrival.own.get(`${wantedPrefix}${id}`) : undefined;
  return sealed === undefined ? undefined : unseal(sealKey, id, sealed, systemName(arrival), clock.now());
}

async function enter(
  arrival: Arrival,
  req: IncomingMessage,
  res: ServerResponse,
  deps: EntryDeps,
): Promise<void> {
  const url = new URL(arrival.url, 'http://here.invalid');
  const code = url.searchParams.get('code') ?? '';
  const id = url.searchParams.get('f') ?? '';
  if (arrival.method !== 'GET' || url.pathname !== `${ownPath}enter` || code === '') {
    return again(arrival, req, res, deps);
  }
  const { nonce, path = '/', beside }: Partial<Wanted> = wantedUnder(arrival, id, deps) ?? {};
  const cookie = randomId(32);
  try {
    const answer = await deps.authority.run({
      do: 'redeem',
      codeHash: hashed(code),
      system: systemName(arrival),
      // A browser that began nothing here asks under a secret that nobody has: it is told what became of the code, and gets nothing.
      nonceHash: hashed(nonce ?? randomId(32)),
      cookieHash: hashed(cookie),
    });
    if ('refused' in answer) {
      if ('of' in answer) await refuse(arrival, answer.of, answer.refused, deps);
      else deps.refusals.anonymous(arrival.system.client);
      return onceMore(arrival, req, res, answer.refused, '/');
    }
    await leaveFormer(arrival, answer.opening, deps);
  } catch (error) {
    return send(req, res, arrival.id, faultAnswer(error instanceof Fault ? error.code : 'internal'));
  }
  const session = `${sessionCookie}=${cookie}; Path=/; Secure; HttpOnly; SameSite=Lax`;
  const cookies = [...forget([`${wantedPrefix}${id}`]), session];
  const { system, host } = arrival;
  if (beside !== undefined) redirect(res, nextAddress(system, { ...beside, nth: beside.nth + 1 }), cookies);
  // What is wanted stays sealed here until the other hosts are entered too.
  else if (hasBeside(arrival))
    redirect(res, nextAddress(system, { host: hostName(host), f: id, nth: 0 }), [session]);
  else leadTo(arrival, path, res, cookies);
}

function leadTo(arrival: Arrival, wanted: string, res: ServerResponse, cookies: readonly string[]): void {
  const path = isPlace(wanted) ? wanted : '/';
  if (isRead(arrival, path)) redirect(res, path, cookies);
  else leadOn(res, path, cookies);
}

function isRead({ system }: Arrival, path: string): boolean {
  const target = parseTarget(path);
  if ('refuse' in target) return false;
  const hints = { upgrade: false, dest: 'document', accept: undefined, body: false, type: undefined };
  const classified = classify(system.profile, 'GET', target, hints);
  return 'operation' in classified && classified.operation === 'read';
}

/**
 * To something that acts or downloads: by a page of this host, because a redirect would still count as a navigation
 * from the portal, and from elsewhere one may only look.
 */
function leadOn(res: ServerResponse, path: string, cookies: readonly string[]): void {
  const href = path.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  const body = `<!doctype html><title>Consentry</title><p><a href="${href}">→</a>`;
  const headers = [
    'Refresh',
    `0; url=${path}`,
    'Content-Type',
    'text/html; charset=utf-8',
    'Content-Security-Policy',
    "default-src 'none'",
  ];
  headers.push(
    'Cache-Control',
    'no-store',
    'Referrer-Policy',
    'no-referrer',
    'Content-Length',
    String(Buffer.byteLength(body)),
  );
  for (const cookie of cookies) headers.push('Set-Cookie', cookie);
  res.writeHead(200, headers);
  res.end(body);
}

/** Who declares anew leaves the former access of this browser, unless it also serves other systems. */
async function leaveFormer(arrival: Arrival, now: Opening, deps: EntryDeps): Promise<void> {
  const cookie = arrival.own.get(sessionCookie);
  if (cookie === undefined) return;
  const former = (await deps.authority.door(hashed(cookie)))?.opening;
  if (former === undefined || former.id === now.id || former.person !== now.person) return;
  if (!former.systems.every((system) => now.systems.includes(system))) return;
  await deps.authority.end({ client: former.client, opening: former.id }, 'technician', undefined);
}

/** Nothing that leads in. A stranger's, so it is only counted. */
function again(arrival: Arrival, req: IncomingMessage, res: ServerResponse, deps: EntryDeps): void {
  deps.refusals.anonymous(arrival.system.client);
  onceMore(arrival, req, res, 'opening_missing', declareAddress('/'));
}

/** Says why not, and offers a way in. */
function onceMore(
  arrival: Arrival,
  req: IncomingMessage,
  res: ServerResponse,
  reason: Reason,
  href: string,
): void {
  const label = { en: 'Open the system again', fr: 'Ouvrir le système à nouveau' };
  send(req, res, arrival.id, { ...refusalAnswer(reason, { href, label }), status: 403 });
}
