/**
 * The part of the policy that concerns one client, as a canonical text it can read and a hash its log carries. In it:
 * the client's own file, the purposes and profiles its systems use, the upstream certificates, and who is assigned
 * with which functions. Not in it: other clients, the staff's own data (names, accounts, training, dates), identity
 * providers. So the hash changes when something changes for this client, and links no two clients.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Files } from './gather.ts';
import type { ClientFile, IdentityFile, StaffFile } from './schemas.ts';

/** Canonical JSON (RFC 8785) of the slice, and `sha256:<base64url>` over its UTF-8 bytes. */
export function sliceOf(
  id: string,
  content: ClientFile,
  files: Files,
): { readonly text: string; readonly hash: string } {
  const systems = Object.values(content.systems);
  const purposes = new Set(systems.flatMap((system) => system.purposes));
  const profiles = new Set(systems.map((system) => system.profile));
  const bundles = new Set(systems.flatMap((system) => system.upstream.ca_file ?? []));
  const text = canonicalText({
    client: id,
    file: content,
    purposes: pick(files.purposes?.content.purposes ?? {}, purposes),
    profiles: Object.fromEntries(
      [...profiles].map((name) => [name, files.profiles.get(name)?.content ?? {}]),
    ),
    certificates: Object.fromEntries([...bundles].map((path) => [path, files.certificates.get(path) ?? ''])),
    assigned: assignedPeople(content, files.staff?.content),
    ...groupsAssigned(content, files.identity?.content),
  });
  return { text, hash: hashOf(text) };
}

/** `sha256:` and the base64url digest of the text's UTF-8 bytes. */
export function hashOf(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('base64url')}`;
}

/** The hash of everything that was compiled. It would link clients, so it stays inside the provider. */
export function globalHash(files: Files): string {
  return hashOf(
    canonicalText({
      identity: files.identity?.content ?? {},
      staff: files.staff?.content ?? {},
      purposes: files.purposes?.content ?? {},
      clients: Object.fromEntries([...files.clients].map(([id, file]) => [id, file?.content ?? {}])),
      profiles: Object.fromEntries([...files.profiles].map(([id, file]) => [id, file?.content ?? {}])),
      certificates: Object.fromEntries(files.certificates),
    }),
  );
}

function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('nothing to hash');
  return text;
}

function pick<T>(
  from: Readonly<Record<string, T>>,
  wanted: ReadonlySet<string>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => wanted.has(key)));
}

/** Which groups of the sign-in put people into teams that are assigned here: whoever is in one may come as well. */
function groupsAssigned(
  content: ClientFile,
  identity: IdentityFile | undefined,
): { readonly groups?: Readonly<Record<string, readonly string[]>> } {
  const named = new Set(content.assignments.map(({ who }) => who));
  const meant = Object.values(identity?.providers ?? {})
    .flatMap(({ teams }) => Object.entries(teams))
    .filter(([, team]) => named.has(`team:${team}`))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (meant.length === 0) return {};
  const byTeam = Map.groupBy(meant, ([, team]) => team);
  return {
    groups: Object.fromEntries([...byTeam].map(([team, all]) => [team, all.map(([group]) => group)])),
  };
}

function assignedPeople(content: ClientFile, staff: StaffFile | undefined): readonly unknown[] {
  const named = new Set(content.assignments.map(({ who }) => who));
  const people = Object.entries(staff?.people ?? {});
  return people
    .filter(([id, person]) => named.has(id) || person.teams.some((team) => named.has(`team:${team}`)))
    .map(([id, person]) => ({ id, functions: person.functions.toSorted() }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
