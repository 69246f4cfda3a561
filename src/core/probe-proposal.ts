/** Proposes, out of what an application's answers say, what its client's file and its profile would hold. Pure: the text of two pieces of YAML. */
import { stringify } from 'yaml';
import type { Probed } from './probe.ts';

export interface ProposalFor {
  /** Id of the system, and of its profile. */
  readonly system: string;
  /** The upstream's origin. */
  readonly origin: string;
  /** Its public hosts, when the policy knows it already. */
  readonly hosts: readonly string[];
}

/** Lines to be printed; without comments they are a system of a client's file, and a profile. */
export function proposalOf(found: Probed, { system, origin, hosts }: ProposalFor): readonly string[] {
  const name = hostOf(found);
  const closed = found.status === 401 || found.status === 403;
  const served = {
    hosts: hosts.length === 0 ? [`${system}.client.door.example`] : hosts,
    upstream: { url: origin, host: name ?? 'public' },
    profile: system,
    ...(closed ? { closed_by: 'upstream-auth' } : {}),
  };
  const others = found.foreign.map(({ host }) => host).filter((host) => host !== name);
  return [
    `# clients/<client>.yaml, below "systems"; beside it: environment, purposes`,
    ...(name === undefined
      ? []
      : [`# host: it sends whoever comes to ${name}, so it is asked under that name`]),
    ...(closed ? ['# closed_by: it asks for an account at once; try it with consentry doctor bypass'] : []),
    ...others.map(
      (host) => `# ${host}: one of its own? Then it needs a public host of this system, and between_hosts`,
    ),
    ...yaml({ [system]: served }),
    '',
    `# profiles/${system}.yaml; go on with consentry profile learn after a first opening`,
    ...(found.sockets.includes('')
      ? ['# it opens a socket under a path that it computes: name it here']
      : []),
    ...(found.streams.includes('') ? ['# it reads events under a path that it computes: name it here'] : []),
    ...(found.sockets.length > 0 ? ['# a socket counts as writing until you know that it only tells'] : []),
    ...yaml({ application: { en: system, fr: system }, ...signInOf(found), routes: routesOf(found) }),
  ];
}

/** It asks who comes in headers: then these have to pass; NTLM and Negotiate ask once per connection. */
function signInOf({ schemes }: Probed): object {
  if (schemes.length === 0) return {};
  const bound = schemes.some((scheme) => /^(?:ntlm|negotiate)$/i.test(scheme));
  return { pass_authorization: true, ...(bound ? { connection_bound: true } : {}) };
}

/** The one other name to which it sends its own visitors: a name that it knows itself under. */
function hostOf({ redirects }: Probed): string | undefined {
  return redirects.find(({ path, renamed }) => renamed && path === '/')?.host;
}

function routesOf({ sockets, streams, folders }: Probed): readonly object[] {
  return [
    ...sockets.filter(isTemplate).map((path) => ({ path, operation: 'write', socket: true })),
    ...streams.filter(isTemplate).map((path) => ({ path, operation: 'read', idle_seconds: 3600 })),
    ...folders.map((folder) => ({ path: `/${folder}/**`, operation: 'read', static: true })),
  ];
}

/** Whether a path can be written as a route without meaning more than itself. */
function isTemplate(path: string): boolean {
  return /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_~!$'()+,=@.-]{1,100}){1,15}\/?$/.test(path);
}

function yaml(value: object): readonly string[] {
  return stringify(value, { lineWidth: 0 }).trimEnd().split('\n');
}
