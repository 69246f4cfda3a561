/**
 * Who may send a request with the session cookie: the system's own pages, and a person who navigates. A form on
 * another client's page carries the cookie too (both hosts are one site for the browser), so it is refused here. A tool's
 * credential is sent by nobody but the program that has it; one that a browser sends meets the same gate.
 */
import type { IncomingMessage } from 'node:http';
import type { Operation } from '../core/model.ts';
import type { Classified } from '../core/question.ts';
import type { Reason } from '../core/reasons.ts';
import { isOwnPage } from './addresses.ts';
import type { Arrival } from './arrive.ts';

/**
 * A navigation from elsewhere may only look: a link on another page must not act or download in somebody's name.
 * `none` is a person who typed the address or followed a bookmark.
 */
function mayArriveFromElsewhere(
  operation: Operation,
  arrival: Pick<Arrival, 'system'>,
  req: IncomingMessage,
): boolean {
  const site = req.headers['sec-fetch-site'];
  if (operation === 'read' || site === 'same-origin' || site === 'none' || site === undefined) return true;
  return isFromOwnHost(arrival, req);
}

/**
 * A page on another host of the same system began it, and the profile lets these call one another. Browsers write `Origin` and
 * `Referer` themselves, a page can only leave the latter out; both have to stay on the site, also over redirects.
 */
export function isFromOwnHost({ system }: Pick<Arrival, 'system'>, req: IncomingMessage): boolean {
  if (system.profile.betweenHosts !== true || req.headers['sec-fetch-site'] !== 'same-site') return false;
  return isOwnPage(req.headers.origin ?? req.headers.referer, system);
}

/** A script that the browser is to keep and to run between the application's pages and the network. */
function isServiceWorker({ headers }: IncomingMessage): boolean {
  return headers['service-worker'] !== undefined || headers['sec-fetch-dest'] === 'serviceworker';
}

/** Once the route is known: why the request goes no further, or undefined. */
export function routeGate(
  arrival: Arrival,
  { operation, template }: Pick<Classified, 'operation' | 'template'>,
  req: IncomingMessage,
): Reason | undefined {
  if (!mayArriveFromElsewhere(operation, arrival, req)) return 'cross_site';
  if (!isServiceWorker(req) || arrival.system.profile.serviceWorkers?.includes(template)) return undefined;
  return 'service_worker_refused';
}

/** Undefined when the request may go on; otherwise why not. */
export function siteGate(arrival: Arrival, req: IncomingMessage): Reason | undefined {
  const headers = req.headers;
  if (isServiceWorker(req) && arrival.system.profile.serviceWorkers === undefined)
    return 'service_worker_refused';
  if (arrival.tool !== undefined && headers['sec-fetch-site'] === undefined && headers.origin === undefined)
    return undefined;
  const navigation =
    !arrival.upgrade &&
    (arrival.method === 'GET' || arrival.method === 'HEAD') &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document';
  if (navigation) return undefined;
  if (headers['sec-fetch-site'] === 'same-origin') return undefined;
  if (headers['sec-fetch-site'] !== undefined) return isFromOwnHost(arrival, req) ? undefined : 'cross_site';
  return headers.origin === `${arrival.scheme}://${arrival.host}` ? undefined : 'cross_site';
}
