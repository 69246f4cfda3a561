/**
 * What a browser asks before a page on one host of a system may call another: it carries no cookie, so nobody stands behind
 * it and nothing of it goes up. Where the profile lets the hosts call one another, the question is answered here; whether
 * the page may read the answer to the call itself is still said by the system.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { methodNames } from '../core/methods.ts';
import type { Arrival } from './arrive.ts';
import { isFromOwnHost } from './site-gate.ts';

const methods: ReadonlySet<string> = new Set(methodNames);

/** Answers the question if it is one that may be answered; false: it was not. */
export function answerPreflight(arrival: Arrival, req: IncomingMessage, res: ServerResponse): boolean {
  if (arrival.method !== 'OPTIONS') return false;
  const { origin } = req.headers;
  const method = req.headers['access-control-request-method'];
  const names = req.headers['access-control-request-headers'] ?? '';
  if (origin === undefined || method === undefined) return false;
  if (!isFromOwnHost(arrival, req) || !methods.has(method)) return false;
  if (names.length > 1_000 || !/^[a-z0-9, -]*$/i.test(names)) return false;
  res.writeHead(204, {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': method,
    ...(names === '' ? {} : { 'Access-Control-Allow-Headers': names }),
    Vary: 'Origin',
    'Cache-Control': 'no-store',
  });
  res.end();
  return true;
}
