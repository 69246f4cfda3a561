/**
 * What a change of policy would mean: who gains and loses what, asked of the decision itself, and what changed for each
 * client and for the provider. Supposes that clients agree to everything and that people sign in as strongly as asked:
 * what remains is what the files alone decide. Pure.
 */
import { explainDecision } from '../decide.ts';
import type { Client, Operation, Person, Snapshot, Text } from '../model.ts';
import { exampleOf } from '../reference-pattern.ts';
import { robotName } from '../robots.ts';
import { stretchAt } from '../schedule.ts';
import type { Compiled } from './compile.ts';
import { isSame } from './same.ts';
import { type SliceChange, sliceChanges } from './slice-changes.ts';
import { abridged, type SlicePart } from './slice-parts.ts';

export interface AccessChange {
  readonly person: string;
  readonly client: string;
  readonly system: string;
  readonly purpose: string;
  readonly gains: readonly Operation[];
  readonly loses: readonly Operation[];
}

export interface PolicyDiff {
  /** In the order of clients, people, systems and purposes. */
  readonly access: readonly AccessChange[];
  /** Clients for whom something changed, as their own logs will tell it. */
  readonly clients: readonly { readonly client: string; readonly changes: readonly SliceChange[] }[];
  /** Sign-in services and people who use the portal without touching systems. */
  readonly provider: readonly SliceChange[];
}

/** A policy with its slices. */
export type Ruled = Pick<Compiled, 'snapshot' | 'sliceOf'>;

/** `at` is the instant at which both policies are asked, epoch milliseconds. */
export function diffPolicies(old: Ruled, now: Ruled, at: number): PolicyDiff {
  const [before, after] = [old.snapshot, now.snapshot];
  const access: AccessChange[] = [];
  const clients: { client: string; changes: readonly SliceChange[] }[] = [];
  const general = !isSame(rulesOf(before), rulesOf(after));
  for (const id of new Set([...before.clients.keys(), ...after.clients.keys()])) {
    const [had, has] = [before.clients.get(id), after.clients.get(id)];
    const touched = general || !isSame(had, has);
    for (const person of assignedIn(before, had).union(assignedIn(after, has))) {
      if (!touched && isSame(before.people.get(person), after.people.get(person))) continue;
      access.push(...accessChanges({ before, after, at }, id, person));
    }
    const changes = sliceChanges(...abridged(id, partsIn(old, id), partsIn(now, id)));
    if (changes.length > 0) clients.push({ client: id, changes });
  }
  return { access, clients, provider: providerChanges(before, after) };
}

function partsIn({ sliceOf }: Ruled, client: string): readonly SlicePart[] {
  return sliceOf(client)?.parts ?? [];
}

/** What concerns everybody's access. */
function rulesOf({ purposes, territories, subProcessors, providers }: Snapshot): unknown {
  return [purposes, territories, subProcessors, providers];
}

/** Whoever an assignment of the client names, by name or by a team of the staff file. */
function assignedIn({ people }: Snapshot, client: Client | undefined): ReadonlySet<string> {
  const named = new Set((client?.assignments ?? []).map(({ who }) => who));
  const found = [...people.values()].filter(
    ({ id, teams }) => named.has(id) || teams.some((team) => named.has(`team:${team}`)),
  );
  return new Set(found.map(({ id }) => id));
}

interface Compared {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly at: number;
}

function accessChanges({ before, after, at }: Compared, client: string, person: string): AccessChange[] {
  const [old, now] = [accessOf(before, client, person, at), accessOf(after, client, person, at)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [had, has] = [old.get(key) ?? [], now.get(key) ?? []];
    const gains = has.filter((operation) => !had.includes(operation));
    const loses = had.filter((operation) => !has.includes(operation));
    const [system = '', purpose = ''] = key.split(' ');
    return gains.length + loses.length === 0 ? [] : [{ person, client, system, purpose, gains, loses }];
  });
}

/** `system purpose` -> what is permitted; what is not there is refused altogether. */
function accessOf(
  snapshot: Snapshot,
  client: string,
  id: string,
  at: number,
): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, readonly Operation[]>();
  const person = snapshot.people.get(id);
  const of = snapshot.clients.get(client);
  if (person === undefined || of === undefined) return found;
  for (const system of [...of.systems.keys(), ...of.outside.keys()]) {
    for (const purpose of snapshot.purposes.keys()) {
      const may = (operation: Operation) =>
        isPermitted(snapshot, { client, system, person, purpose, operation }, at);
      const permitted = (['read', 'write', 'copy'] as const).filter(may);
      if (permitted.length > 0) found.set(`${system} ${purpose}`, permitted);
    }
  }
  return found;
}

interface Wanted {
  readonly client: string;
  readonly system: string;
  readonly person: Person;
  readonly purpose: string;
  readonly operation: Operation;
}

/** With an agreement to everything; how somebody would have signed in cannot be known here. */
function isPermitted(snapshot: Snapshot, wanted: Wanted, now: number): boolean {
  const { client, system, person, operation } = wanted;
  const purpose = snapshot.purposes.get(wanted.purpose);
  if (purpose === undefined) return false;
  // A robot's windows are hours of its own: it is asked when the next one is open.
  const stretch = person.robot === undefined ? undefined : stretchAt(person.robot.hours, now);
  const at = stretch === undefined || stretch.open ? now : stretch.until;
  const authentication = { acr: undefined, amr: [], at };
  const until = at + purpose.minutes * 60_000;
  const [pattern] = purpose.referencePatterns;
  const opening = {
    id: 'asked',
    client,
    person: person.id,
    account: { issuer: person.issuer, subject: person.subject },
    systems: [system],
    purpose: purpose.code,
    reference: pattern === undefined ? 'asked' : exampleOf(pattern),
    note: 'x'.repeat(Math.max(1, purpose.noteMinimum)),
    grant: 'asked',
    login: '',
    authentication,
    openedAt: at,
    endsAt: until,
    endedAt: undefined,
    endCause: undefined,
  };
  const grant = {
    id: 'asked',
    client,
    version: 1,
    status: 'active',
    systems: [system],
    purposes: [purpose.code],
    operations: ['read', 'write', 'copy'],
    people: ['assigned', robotName(person.id)],
    from: at,
    until: until + 1,
    upstreamAccount: undefined,
    textHash: '',
    grantedBy: '',
    grantedAt: at,
  } as const;
  const question = {
    client,
    system,
    opening,
    grant,
    authentication,
    operation,
    method: 'GET',
    template: '/',
  };
  return explainDecision(snapshot, question, at).every(({ name, met }) => met || name === 'authentication');
}

function providerChanges(before: Snapshot, after: Snapshot): readonly SliceChange[] {
  return [
    ...changedIn(
      'provider',
      new Map(before.providers.map((one) => [one.id, one])),
      new Map(after.providers.map((one) => [one.id, one])),
      (id) => ({ en: `the sign-in service ${id}`, fr: `le service de connexion ${id}` }),
      ({ issuer, serves }) => `${issuer} (${serves.join(', ')})`,
    ),
    ...changedIn(
      'user',
      before.users,
      after.users,
      (id) => ({ en: `the provider’s ${id}`, fr: `le compte ${id} du prestataire` }),
      ({ role, issuer, subject }) => `${role}, ${issuer} ${subject}`,
    ),
    ...changedIn(
      'account',
      before.people,
      after.people,
      (id) => ({ en: `the account of ${id}`, fr: `le compte de ${id}` }),
      ({ issuer, subject, mail, robot }) =>
        [
          issuer,
          subject === '' ? (mail ?? '') : subject,
          ...(robot === undefined ? [] : [robot.clientId, robot.audience ?? '']),
        ].join(' '),
    ),
  ];
}

/** Compares by what `tell` says. Accounts of technicians are the provider's own affair; the rest concerns consent. */
function changedIn<T>(
  kind: string,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  subject: (id: string) => Text,
  tell: (value: T) => string,
): readonly SliceChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)];
    const [was, is] = [old === undefined ? '–' : tell(old), now === undefined ? '–' : tell(now)];
    if (was === is) return [];
    const { en, fr } = subject(id);
    const text = { en: `${en}: now ${is}, before ${was}`, fr: `${fr} : désormais ${is}, auparavant ${was}` };
    return [{ path: [kind, id], relevant: kind !== 'account', text }];
  });
}
