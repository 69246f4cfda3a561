/**
 * Where requests come in and where they go: no host serves two systems or shares cookies with the portal, no
 * upstream is the gateway's own machine or a metadata service, and no two clients meet on one upstream unless both
 * say why.
 */
import { type Complaints, whereIs } from './complaints.ts';
import type { Files } from './gather.ts';
import { isAddress, isForbiddenHost } from './networks.ts';
import type { ParsedFile } from './parse.ts';
import type { ClientFile } from './schemas.ts';

export interface AddressRules {
  readonly evaluation: boolean;
  readonly portalUrl: URL;
}

interface Place {
  readonly client: string;
  readonly file: ParsedFile<ClientFile>;
  readonly path: readonly PropertyKey[];
}

/** Adds a fault for each host and upstream that breaks a rule. */
export function checkAddresses(files: Files, rules: AddressRules, complaints: Complaints): void {
  const hosts = new Map<string, Place>();
  const upstreams = new Map<string, (Place & { readonly reason: string | undefined })[]>();
  for (const [client, file] of files.clients) {
    for (const [id, system] of Object.entries(file?.content.systems ?? {})) {
      if (file === undefined) continue;
      for (const [index, host] of system.hosts.entries()) {
        checkHost(host, { client, file, path: ['systems', id, 'hosts', index] }, hosts, rules, complaints);
      }
      const path = ['systems', id, 'upstream'];
      if (system.door === 'same-name' && system.hosts.includes(new URL(system.upstream.url).hostname))
        complaints.add(
          file,
          [...path, 'url'],
          'with door: same-name that name leads here inside the network; give the address, and the name as server_name',
        );
      const key = checkUpstream(system.upstream.url, { client, file, path }, rules, complaints);
      const sharing = upstreams.get(key) ?? [];
      upstreams.set(key, [...sharing, { client, file, path, reason: system.upstream.shared_upstream }]);
    }
  }
  for (const sharing of upstreams.values()) checkSharing(sharing, complaints);
}

function checkHost(
  host: string,
  place: Place,
  hosts: Map<string, Place>,
  { evaluation, portalUrl }: AddressRules,
  complaints: Complaints,
): void {
  const other = hosts.get(host);
  if (other !== undefined) {
    complaints.add(
      place.file,
      place.path,
      `the host ${host} is already used at ${whereIs(other.file, other.path)}`,
    );
  }
  hosts.set(host, other ?? place);
  const portal = portalUrl.hostname;
  const excepted = evaluation && host.endsWith('.localhost') && host !== portal;
  if (!excepted && sharesCookies(host, portal)) {
    complaints.add(
      place.file,
      place.path,
      `the host ${host} must not be the portal's, above it or under its domain`,
    );
  }
}

function sharesCookies(host: string, portal: string): boolean {
  const domain = registrable(portal);
  return host === domain || host.endsWith(`.${domain}`) || domain.endsWith(`.${host}`);
}

/** Second-level names under which anybody may register, in two-letter countries. */
const openSecondLevel = new Set(['ac', 'asso', 'co', 'com', 'edu', 'gouv', 'gov', 'net', 'nom', 'or', 'org']);

/**
 * The part of a host name that one organisation registers, told by its shape: the last two labels, or three under a
 * country's open second level. Without a list of public suffixes this errs to the shorter, stricter side.
 */
function registrable(host: string): string {
  const labels = host.split('.');
  const [second = '', top = ''] = labels.slice(-2);
  const count = top.length === 2 && openSecondLevel.has(second) ? 3 : 2;
  return isAddress(host) ? host : labels.slice(-count).join('.');
}

/** Answers by what two systems are found to have the same upstream. */
function checkUpstream(
  url: string,
  place: Place,
  { evaluation }: AddressRules,
  complaints: Complaints,
): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  const path = [...place.path, 'url'];
  if (pathname !== '/') complaints.add(place.file, path, 'an upstream is an origin, without a path');
  if (!evaluation && isForbiddenHost(hostname)) {
    complaints.add(
      place.file,
      path,
      'an upstream must not be a loopback, link-local, metadata or multicast address',
    );
  }
  const defaultPort = protocol === 'https:' ? '443' : '80';
  return `${hostname.replace(/\.$/, '')}:${port === '' ? defaultPort : port}`;
}

function checkSharing(
  sharing: readonly (Place & { readonly reason: string | undefined })[],
  complaints: Complaints,
): void {
  if (new Set(sharing.map(({ client }) => client)).size < 2) return;
  for (const { client, file, path, reason } of sharing) {
    if (reason !== undefined) continue;
    const others = sharing
      .filter((other) => other.client !== client)
      .map((other) => whereIs(other.file, other.path));
    const message = `this upstream also serves another client (${others.join(', ')}); both must give shared_upstream`;
    complaints.add(file, [...path, 'url'], message);
  }
}
