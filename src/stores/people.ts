/**
 * Who works here now, in memory: the policy in force with what was learned since about its people. Loaded once at the
 * start, told of every change of this process; the database stays the truth. Whoever is taken out is out here first
 * and recorded afterwards; whoever comes in is recorded first.
 */

import { type Account, accountKey, type ControllerUser, type Snapshot } from '../core/model.ts';
import {
  type Binding,
  clientsOf,
  type DirectoryUser,
  entryAwaiting,
  foldMail,
  withLearned,
} from '../core/people.ts';
import type { Archive, Clock, Ledger, Policies } from '../core/ports.ts';
import { nameTold } from '../core/pseudonyms.ts';
import type { NoticeRead } from '../core/staff-notice.ts';

export interface People extends Policies {
  /**
   * Gives a staff entry that has only this mail address the account that proved it, once and for good; durable when
   * it resolves. Nothing happens when no entry waits for it. Throws Fault `ledger_unavailable`.
   */
  bind(account: Account, mail: string): Promise<void>;
  /** The company's directory by the ids of its users, deleted ones too. */
  readonly directory: ReadonlyMap<string, DirectoryUser>;
  /** Whether somebody of the staff confirmed to have read this version of the notice. */
  hasRead(person: string, version: string): boolean;
  /** Durable when it resolves; throws Fault `ledger_unavailable`. */
  readNotice(read: NoticeRead): Promise<void>;
  /** Somebody took a seat for a client: if no file names them, they are known from now on. */
  joined(controller: ControllerUser): void;
  /** Somebody no longer sits for a client. */
  parted(client: string, controller: string): void;
  /** Takes over what the directory says. Durable when it resolves; throws Fault `ledger_unavailable`. */
  learn(users: readonly DirectoryUser[], forgotten: readonly string[]): Promise<void>;
}

export interface PeopleDeps {
  /** The policy files alone. */
  readonly policies: Policies;
  readonly ledger: Pick<Ledger, 'run'>;
  readonly archive: Pick<Archive, 'learned'>;
  readonly clock: Clock;
}

/** Reads what was learned before. Throws Fault `ledger_unavailable` when that cannot be found out. */
export async function loadPeople(deps: PeopleDeps): Promise<People> {
  return new LivePeople(deps, await deps.archive.learned());
}

class LivePeople implements People {
  readonly #deps: PeopleDeps;
  readonly #bindings: Binding[];
  #controllers: readonly ControllerUser[];
  readonly directory: Map<string, DirectoryUser>;
  readonly #read: Set<string>;
  /** Which change was the last to say something about a user, while it is being recorded. */
  readonly #turns = new Map<string, number>();
  #turn = 0;
  #files: Snapshot | undefined;
  #now: Snapshot | undefined;

  constructor(deps: PeopleDeps, learned: Awaited<ReturnType<Archive['learned']>>) {
    const { bindings, directory, controllers, notices } = learned;
    this.#read = new Set(notices.map(({ person, version }) => `${person}\n${version}`));
    this.#deps = deps;
    this.#controllers = controllers;
    this.#bindings = [...bindings];
    this.directory = new Map(directory.map((user) => [user.id, user]));
  }

  current(): Snapshot {
    const files = this.#deps.policies.current();
    if (files === this.#files && this.#now !== undefined) return this.#now;
    this.#files = files;
    this.#now = withLearned(files, {
      bindings: this.#bindings,
      directory: this.directory.values(),
      controllers: this.#controllers,
    });
    return this.#now;
  }

  async bind({ issuer, subject }: Account, address: string): Promise<void> {
    const snapshot = this.current();
    const mail = foldMail(address);
    const entry =
      mail === undefined ? undefined : entryAwaiting(snapshot, issuer, mail, this.#deps.clock.now());
    if (entry === undefined || mail === undefined || snapshot.accounts.has(accountKey(issuer, subject)))
      return;
    const binding: Binding = { person: entry.id, issuer, mail, subject };
    const clients = clientsOf(snapshot, entry).map((client) => ({
      client: client.id,
      name: nameTold(client, entry),
    }));
    const answer = await this.#deps.ledger.run({ do: 'bind', binding, clients });
    if (!('bound' in answer)) return;
    this.#bindings.push(binding);
    this.#now = undefined;
  }

  hasRead(person: string, version: string): boolean {
    return this.#read.has(`${person}\n${version}`);
  }

  async readNotice(read: NoticeRead): Promise<void> {
    await this.#deps.ledger.run({ do: 'read-notice', read });
    this.#read.add(`${read.person}\n${read.version}`);
  }

  joined(controller: ControllerUser): void {
    this.parted(controller.client, controller.id);
    this.#controllers = [...this.#controllers, controller];
  }

  parted(client: string, controller: string): void {
    this.#controllers = this.#controllers.filter((one) => one.client !== client || one.id !== controller);
    this.#now = undefined;
  }

  async learn(users: readonly DirectoryUser[], forgotten: readonly string[]): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    for (const id of [...users.map((user) => user.id), ...forgotten]) this.#turns.set(id, turn);
    this.#take(
      users.filter((user) => this.#takesOut(user)),
      [],
    );
    await this.#deps.ledger.run({ do: 'directory', users, forgotten });
    // What was said about somebody in the meantime is newer.
    const newest = (id: string): boolean => this.#turns.get(id) === turn;
    this.#take(
      users.filter(({ id }) => newest(id)),
      forgotten.filter(newest),
    );
    for (const [id, last] of this.#turns) if (last === turn) this.#turns.delete(id);
  }

  /** Whether this only takes people out: the user is not active, and names nobody less than before. */
  #takesOut(user: DirectoryUser): boolean {
    const before = this.directory.get(user.id)?.names ?? [];
    return (user.deleted || !user.active) && before.every((name) => user.names.includes(name));
  }

  #take(users: readonly DirectoryUser[], forgotten: readonly string[]): void {
    for (const user of users) this.directory.set(user.id, user);
    for (const id of forgotten) this.directory.delete(id);
    this.#now = undefined;
  }
}
