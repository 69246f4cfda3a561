/**
 * The `Destination` of a WebDAV COPY or MOVE (RFC 4918 section 10.3): a second path that the request acts on. It must
 * lie on the system's own hosts and is judged like the first; what goes up is written anew, never the line that came.
 */
import { classify } from '../core/classify.ts';
import { parseTarget } from '../core/paths.ts';
import type { Reason } from '../core/reasons.ts';
import { upstreamHost } from './addresses.ts';
import { type Arrival, atSystem } from './arrive.ts';
import { onlyValue } from './headers.ts';

/** Does this method act on a second path? */
export function hasDestination(method: string): boolean {
  return method === 'COPY' || method === 'MOVE';
}

/**
 * Adds the line to what goes up, or says why the request goes no further: no line, more than one, another host, a path
 * with more than one reading, or one where the profile does not list this method.
 */
export function addDestination(arrival: Arrival, raw: readonly string[]): Reason | undefined {
  const value = onlyValue(raw, 'destination');
  const path = value === undefined ? undefined : pathOn(arrival, value);
  if (path === undefined) return 'bad_request';
  const target = parseTarget(path);
  if ('refuse' in target || target.ambiguous || target.query !== undefined) return 'bad_request';
  const there = classify(arrival.system.profile, arrival.method, target, {
    upgrade: false,
    dest: undefined,
    accept: undefined,
    body: false,
    type: undefined,
  });
  if ('refuse' in there) return there.refuse;
  const { system, host } = arrival;
  arrival.lines.push('Destination', `${system.upstream.protocol}//${upstreamHost(system, host)}${path}`);
  return undefined;
}

/** The path as it was written, when it lies on this system; nothing is normalised. */
function pathOn(arrival: Arrival, value: string): string | undefined {
  if (value.startsWith('/')) return value.startsWith('//') ? undefined : value;
  const parts = /^(https?):\/\/([^/?#]+)(\/.*)$/i.exec(value);
  if (parts === null || parts[1]?.toLowerCase() !== arrival.scheme) return undefined;
  return atSystem(parts[2] ?? '', arrival) ? parts[3] : undefined;
}
