/** What the gateway's own pages on system hosts share: what they are given, and how they lead on. */
import type { ServerResponse } from 'node:http';
import type { Authority, Clock } from '../core/ports.ts';
import type { Arrival } from './arrive.ts';
import type { RefuseDeps } from './refuse.ts';

export interface EntryDeps extends RefuseDeps {
  readonly authority: Authority;
  readonly clock: Clock;
  readonly sealKey: Buffer;
  readonly portalOrigin: string;
}

/** `client/system`, the name under which codes and cookies know a system. */
export function systemName(arrival: Arrival): string {
  return `${arrival.system.client}/${arrival.system.id}`;
}

export function redirect(res: ServerResponse, location: string, cookies: readonly string[]): void {
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
