/**
 * The part of the policy that concerns one client, as canonical texts it can read and a hash its log carries. In it:
 * the client's own file, the purposes and profiles its systems use, the upstream certificates, and who is assigned
 * with which functions, and the other providers it approved. Not in it: other clients, the staff's own data (names, accounts, training, dates), identity
 * providers; nor, where the client reads pseudonyms, the ids of staff. So the hash changes when something changes for this client, and links no two clients.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Files } from './gather.ts';
import type { ProvidersFile } from './schema-providers.ts';
import type { ClientFile, IdentityFile, RobotSource, StaffFile } from './schemas.ts';
import { sharedAssignments } from './shared-assignments.ts';
import { canonicalMap, rootOf, type SlicePart } from './slice-parts.ts';

/** A slice is the list of its parts: a change that touches many clients makes, carries and keeps what changed alone. */
export interface Slice {
  /** Canonical JSON (RFC 8785) of the hashes of its parts. */
  readonly text: string;
  /** `sha256:<base64url>` over the UTF-8 bytes of the text. */
  readonly hash: string;
  readonly parts: readonly SlicePart[];
}

export interface Slicer {
  slice(id: string, content: ClientFile): Slice;
  /** A hash of all that the staff file says about this client: the assignments that reach it and whom they name. */
  staffOf(id: string, content: ClientFile): string;
}

/** By what a client that reads pseudonyms knows a technician; see `termFor`. */
export type Term = (client: string, person: string) => string;

/** Makes the slices of one set of files. What they have in common is prepared once. */
export function createSlicer(files: Files, term: Term): Slicer {
  const assigned = createAssigned(files.staff?.content);
  const purposesOf = createPurposes(files.purposes?.content.purposes ?? {});
  function fromStaff(id: string, content: ClientFile) {
    const shared = sharedAssignments(id, content, files.staff?.content).map(
      ({ clients: _, ...rest }) => rest,
    );
    const named = new Set([...content.assignments, ...shared].map(({ who }) => who));
    return { shared, named };
  }
  function slice(id: string, content: ClientFile): Slice {
    const systems = Object.values(content.systems);
    const { shared, named } = fromStaff(id, content);
    const machines = files.staff?.content.robots ?? {};
    const shown = (who: string) => (Object.hasOwn(machines, who) ? who : term(id, who));
    const hidden = content.display === 'pseudonym' ? shown : undefined;
    const all = [...systems, ...Object.values(content.outside)];
    const profiles = new Set(systems.map((system) => system.profile));
    const trusting = [...systems.map(({ upstream }) => upstream), content.tickets];
    const bundles = new Set(trusting.flatMap((one) => one?.ca_file ?? []));
    const groups = groupsAssigned(named, files.identity?.content);
    const robots = robotsAssigned(named, files.staff?.content, hidden);
    const providers = approvedProviders(id, files.providers?.content);
    const parts = [
      hidden === undefined
        ? { group: 'file', hash: partHash(content), text: () => ownText(content) }
        : made('file', canonicalText(withoutIds(content, hidden))),
      purposesOf(new Set(all.flatMap((system) => system.purposes))),
      ...[...profiles].map((name) => {
        const profile = files.profiles.get(name)?.content ?? {};
        return { group: 'profiles', name, hash: partHash(profile), text: () => canonicalPart(profile) };
      }),
      ...[...bundles].map((name) =>
        made('certificates', canonicalText(files.certificates.get(name) ?? ''), name),
      ),
      made('assigned', assigned(named, hidden)),
      ...(groups === undefined ? [] : [made('groups', groups)]),
      ...(robots === undefined ? [] : [made('robots', robots)]),
      ...(shared.length === 0
        ? []
        : [made('shared_assignments', canonicalText(shared.map((one) => whoHidden(one, hidden))))]),
      ...(providers === undefined ? [] : [made('providers', providers)]),
    ];
    const text = rootOf(id, parts);
    return { text, hash: hashOf(text), parts };
  }
  function staffOf(id: string, content: ClientFile): string {
    const { shared, named } = fromStaff(id, content);
    const robots = robotsAssigned(named, files.staff?.content) ?? '';
    return hashOf(`${canonicalText(shared)}\n${assigned(named)}\n${robots}`);
  }
  return { slice, staffOf };
}

/** The file as a client that reads pseudonyms may know it: nobody of the staff stands in it by their id. */
function withoutIds(content: ClientFile, hidden: Hidden): object {
  return {
    ...content,
    assignments: content.assignments.map((one) => whoHidden(one, hidden)),
    instructions: content.instructions.map(({ only, ...one }) => ({
      ...one,
      ...(only === undefined ? {} : { only: only.map((who) => hiddenIn(who, hidden)) }),
    })),
  };
}

type Hidden = (person: string) => string;

function whoHidden<T extends { readonly who: string }>(one: T, hidden: Hidden | undefined): T {
  return hidden === undefined ? one : { ...one, who: hiddenIn(one.who, hidden) };
}

function hiddenIn(who: string, hidden: Hidden): string {
  return who.startsWith('team:') ? who : hidden(who);
}

function made(group: string, text: string, name?: string): SlicePart {
  return { group, ...(name === undefined ? {} : { name }), hash: hashOf(text), text: () => text };
}

/** Most clients use the same purposes: their text is made once. */
function createPurposes(
  purposes: Readonly<Record<string, object>>,
): (codes: ReadonlySet<string>) => SlicePart {
  const known = new Map<string, SlicePart>();
  return (codes) => {
    const wanted = Object.keys(purposes).filter((code) => codes.has(code));
    const key = wanted.join(' ');
    const part = known.get(key) ?? made('purposes', canonicalText(pick(purposes, wanted)));
    known.set(key, part);
    return part;
  };
}

function pick(from: Readonly<Record<string, object>>, keys: readonly string[]): object {
  return Object.fromEntries(keys.map((key) => [key, from[key]]));
}

/** What a client's log is given when its file is gone: that nothing stands in the policy for it any more. */
export function emptySlice(id: string): Slice {
  const text = canonicalText({ client: id });
  return { text, hash: hashOf(text), parts: [] };
}

/** `sha256:` and the base64url digest of the text's UTF-8 bytes. */
export function hashOf(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('base64url')}`;
}

/** The hash of everything that was compiled. It would link clients, so it stays inside the provider. */
export function globalHash(files: Files): string {
  const contents = (some: ReadonlyMap<string, { readonly content: object } | undefined>) =>
    canonicalMap(
      Object.fromEntries([...some].map(([id, file]) => [id, canonicalText(partHash(file?.content ?? {}))])),
    );
  return hashOf(
    canonicalMap({
      identity: canonicalText(partHash(files.identity?.content ?? {})),
      staff: canonicalText(partHash(files.staff?.content ?? {})),
      purposes: canonicalText(partHash(files.purposes?.content ?? {})),
      providers: canonicalText(partHash(files.providers?.content ?? {})),
      clients: contents(files.clients),
      profiles: contents(files.profiles),
      templates: contents(files.templates),
      certificates: canonicalText(Object.fromEntries(files.certificates)),
    }),
  );
}

function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('nothing to hash');
  return text;
}

/** Contents are never changed once they are read, and most of them outlive many compilations. */
const texts = new WeakMap<object, string>();
const hashes = new WeakMap<object, string>();

/** The text of what stands in the slices of many clients: kept. */
function canonicalPart(content: object): string {
  let text = texts.get(content);
  if (text === undefined) {
    text = canonicalText(content);
    texts.set(content, text);
  }
  return text;
}

/** The one made last: a client's slices before and after a change are made one after the other. */
let latest: { readonly content: object; readonly text: string } | undefined;

/** The text of a client's own file, which stands in its own slice alone; only the hash is kept. */
function ownText(content: object): string {
  if (latest?.content !== content) latest = { content, text: canonicalText(content) };
  const { text } = latest;
  if (!hashes.has(content)) hashes.set(content, hashOf(text));
  return text;
}

function partHash(content: object): string {
  let hash = hashes.get(content);
  if (hash === undefined) {
    hash = hashOf(canonicalText(content));
    hashes.set(content, hash);
  }
  return hash;
}

/** Which groups of the sign-in put people into teams that are assigned here: whoever is in one may come as well. */
function groupsAssigned(named: ReadonlySet<string>, identity: IdentityFile | undefined): string | undefined {
  const meant = Object.values(identity?.providers ?? {})
    .flatMap(({ teams }) => Object.entries(teams))
    .filter(([, team]) => named.has(`team:${team}`))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (meant.length === 0) return undefined;
  const byTeam = Map.groupBy(meant, ([, team]) => team);
  const groups = [...byTeam].map(([team, all]) => [team, all.map(([group]) => group)]);
  return canonicalText(Object.fromEntries(groups));
}

/** The robots that are assigned by name, with their plans and who answers for them, without their accounts. */
function robotsAssigned(
  named: ReadonlySet<string>,
  staff: StaffFile | undefined,
  hidden: Hidden = (person) => person,
): string | undefined {
  const told = Object.entries(staff?.robots ?? {})
    .filter(([id]) => named.has(id))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, robot]) => [id, { ...planOf(robot), responsible: hidden(robot.responsible) }] as const);
  return told.length === 0 ? undefined : canonicalText(Object.fromEntries(told));
}

function planOf({ name, proof, responsible, place, from, until, purposes, zone, windows }: RobotSource) {
  return { name, proof, responsible, place, from, until, purposes, zone, windows };
}

/** Who is assigned by these names, with their functions, in the order of ids or of what stands for them: canonical text. */
function createAssigned(
  staff: StaffFile | undefined,
): (named: ReadonlySet<string>, hidden?: Hidden) => string {
  const people = new Map<string, string>();
  const teams = new Map<string, string[]>();
  for (const [id, person] of Object.entries(staff?.people ?? {})) {
    people.set(id, canonicalText({ id, functions: functionsOf(staff, id) }));
    for (const team of person.teams) {
      const members = teams.get(team);
      if (members === undefined) teams.set(team, [id]);
      else members.push(id);
    }
  }
  return (named, hidden) => {
    const ids = [...named].flatMap((who) =>
      who.startsWith('team:') ? (teams.get(who.slice('team:'.length)) ?? []) : [who],
    );
    const known = [...new Set(ids)].filter((id) => people.has(id));
    if (hidden === undefined)
      return `[${known
        .sort()
        .flatMap((id) => people.get(id) ?? [])
        .join(',')}]`;
    const told = known.map((id) => ({ id: hidden(id), functions: functionsOf(staff, id) }));
    return canonicalText(told.sort((a, b) => (a.id < b.id ? -1 : 1)));
  };
}

function functionsOf(staff: StaffFile | undefined, id: string): readonly string[] {
  return staff?.people[id]?.functions.toSorted() ?? [];
}

/** The other providers that this client approved, without what they have to do with other clients: canonical text. */
function approvedProviders(client: string, file: ProvidersFile | undefined): string | undefined {
  const approved = Object.entries(file?.providers ?? {}).flatMap(([id, { approvals, ...provider }]) =>
    approvals[client] === undefined ? [] : [[id, { ...provider, approval: approvals[client] }] as const],
  );
  return approved.length === 0 ? undefined : canonicalText(Object.fromEntries(approved));
}
