/**
 * Who works here now: the staff of the policy files, with what was learned since. An account that was bound at its
 * first sign-in gives an entry its subject; what the company's directory says can take people out, never bring
 * anybody in. Pure.
 */
import {
  type Account,
  accountKey,
  type Client,
  type ControllerUser,
  isInvitedByClient,
  type Person,
  type ProviderUser,
  passkeyIssuer,
  type Snapshot,
  type Who,
} from './model.ts';

/** A staff entry with a mail address, and the account that first signed in with it. Never changed. */
export interface Binding extends Account {
  readonly person: string;
  readonly mail: string;
}

/** One user as the company's directory tells it (SCIM); only what is needed is kept. */
export interface DirectoryUser {
  readonly id: string;
  readonly userName: string;
  readonly externalId: string | undefined;
  readonly displayName: string | undefined;
  readonly name: {
    readonly formatted?: string | undefined;
    readonly givenName?: string | undefined;
    readonly familyName?: string | undefined;
  };
  readonly emails: readonly { readonly value: string; readonly type?: string; readonly primary?: boolean }[];
  readonly active: boolean;
  /** Deleted there: nobody sees it any more, and whoever it named stays out until the directory names them anew. */
  readonly deleted: boolean;
  /**
   * Whom it is about: see `namesOf`. While it is not active, names only come to it, so that nobody gets in again by
   * being renamed.
   */
  readonly names: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** What was learned since the policy was written. */
export interface Learned {
  readonly bindings: readonly Binding[];
  readonly directory: Iterable<DirectoryUser>;
  /** People of clients who sit and sign in with a passkey alone; whom no file names is added. */
  readonly controllers?: Iterable<ControllerUser>;
}

/** Mail addresses compare without regard to ASCII case; any other letter makes another address. */
export function foldMail(mail: string): string | undefined {
  return /^[\x21-\x7e]{3,254}$/.test(mail) && mail.includes('@') ? mail.toLowerCase() : undefined;
}

/** The names by which a directory's user can mean somebody of the staff file: the subject, and mail addresses. */
export function namesOf(user: Pick<DirectoryUser, 'userName' | 'externalId' | 'emails'>): readonly string[] {
  const mails = [user.userName, ...user.emails.map(({ value }) => value)].flatMap(
    (mail) => foldMail(mail) ?? [],
  );
  const subject = user.externalId === undefined ? [] : [`subject ${user.externalId}`];
  return [...new Set([...subject, ...mails.map((mail) => `mail ${mail}`)])];
}

/** The names that the directory says are out. */
export function namesOut(directory: Iterable<DirectoryUser>): ReadonlySet<string> {
  const out = new Set<string>();
  for (const user of directory) {
    if (user.deleted || !user.active) for (const name of user.names) out.add(name);
  }
  return out;
}

/** Whether one of these names is an entry's. */
export function isNamed(entry: Person | ProviderUser, names: ReadonlySet<string>): boolean {
  if (entry.subject !== '' && names.has(`subject ${entry.subject}`)) return true;
  return entry.mail !== undefined && names.has(`mail ${entry.mail}`);
}

/**
 * The snapshot with what was learned applied. The same object when nothing of it concerns the policy. Whoever is out
 * has left, whatever the clock says; a binding holds as long as its entry has that issuer and that mail address, and
 * an account that stands in the files is nobody else's.
 */
export function withLearned(snapshot: Snapshot, learned: Learned): Snapshot {
  const out = namesOut(learned.directory);
  const bound = new Map(learned.bindings.map((binding) => [keyOf(binding.person, binding), binding]));
  const people = new Map<string, Person>();
  const users = new Map<string, ProviderUser>();
  const accounts = new Map<string, Who>(snapshot.accounts);
  let changed = false;

  /** The entry as it is now; undefined when nothing changed. */
  function now<E extends Person | ProviderUser>(entry: E): E | undefined {
    const subject = entry.subject === '' ? subjectFor(entry) : entry.subject;
    const named = subject === entry.subject ? entry : { ...entry, subject };
    const current = isNamed(named, out) ? { ...named, until: 0 } : named;
    if (current === entry) return undefined;
    changed = true;
    return current;
  }

  function subjectFor(entry: Person | ProviderUser): string {
    const binding = entry.mail === undefined ? undefined : bound.get(keyOf(entry.id, entry));
    if (binding === undefined) return '';
    return snapshot.accounts.has(accountKey(binding.issuer, binding.subject)) ? '' : binding.subject;
  }

  for (const [id, person] of snapshot.people) {
    const current = now(person);
    people.set(id, current ?? person);
    if (current !== undefined && current.subject !== '' && current.robot === undefined)
      accounts.set(accountKey(current.issuer, current.subject), { kind: 'technician', person: current });
  }
  for (const [id, user] of snapshot.users) {
    const current = now(user);
    users.set(id, current ?? user);
    if (current !== undefined && current.subject !== '')
      accounts.set(accountKey(current.issuer, current.subject), { kind: 'provider-user', user: current });
  }
  const clients = withControllers(snapshot, accounts, learned.controllers ?? []);
  if (!changed && clients === snapshot.clients) return snapshot;
  return Object.freeze({ ...snapshot, people, users, accounts, clients });
}

/** The clients with the people whom only the client itself named. What a file says about an account comes first. */
function withControllers(
  { clients }: Snapshot,
  accounts: Map<string, Who>,
  controllers: Iterable<ControllerUser>,
): Snapshot['clients'] {
  let all: Map<string, Client> | undefined;
  for (const controller of controllers) {
    const key = accountKey(controller.issuer, controller.subject);
    const client = (all ?? clients).get(controller.client);
    if (client === undefined || accounts.has(key) || controller.issuer !== passkeyIssuer) continue;
    // What the provider named in its files it may take back there.
    if (!isInvitedByClient(controller)) continue;
    all ??= new Map(clients);
    all.set(client.id, { ...client, controllers: [...client.controllers, controller] });
    accounts.set(key, { kind: 'controller', controller });
  }
  return all ?? clients;
}

function keyOf(
  person: string,
  { issuer, mail }: { readonly issuer: string; readonly mail?: string | undefined },
) {
  return `${person}\n${issuer}\n${mail ?? ''}`;
}

/**
 * The staff entry that waits for an account of this issuer with this folded mail address: no subject yet, and working
 * here at `now`, so that nobody gets the place of somebody who left by getting their address.
 */
export function entryAwaiting(
  snapshot: Snapshot,
  issuer: string,
  mail: string,
  now: number,
): Person | ProviderUser | undefined {
  for (const entry of [...snapshot.people.values(), ...snapshot.users.values()]) {
    if (entry.subject !== '' || entry.issuer !== issuer || entry.mail !== mail) continue;
    const begun = !('from' in entry) || entry.from <= now;
    if (begun && (entry.until === undefined || now < entry.until)) return entry;
  }
  return undefined;
}

/** The clients whose logs are told when this person's account is bound: those the person is assigned to. */
export function clientsOf(snapshot: Snapshot, person: Person | ProviderUser): readonly Client[] {
  if (!('teams' in person)) return [];
  const names = new Set([person.id, ...person.teams.map((team) => `team:${team}`)]);
  return [...snapshot.clients.values()].filter((client) =>
    client.assignments.some(({ who }) => names.has(who)),
  );
}
