/**
 * What an agreement would let happen, told before it is signed: who could enter, for what, and what would stop the
 * others. Asked of `decide` itself, at the first moment at which hours are open, so that the page that says so and the
 * gateway cannot disagree. Pure; it foresees the policy of now, which the provider may change.
 */
import { applies, grantCoversPerson, isAssignedNow, servesSystem } from './decide-facts.ts';
import type {
  AnySystem,
  Authentication,
  AuthenticationDemand,
  Client,
  Grant,
  Operation,
  Person,
  Purpose,
  Snapshot,
} from './model.ts';
import { decideAsIf } from './options.ts';
import type { Reason } from './reasons.ts';
import { type Schedule, stretchAt } from './schedule.ts';
import { everySystem } from './systems.ts';

/** Who could do the same things on the same systems for one purpose. */
export interface ForeseenUse {
  readonly purpose: string;
  readonly systems: readonly string[];
  readonly people: readonly string[];
  /** In the order read, write, copy; never empty. */
  readonly operations: readonly Operation[];
  /** Purpose and agreement permit copies here, an instruction of the client does not. */
  readonly copiesForbidden: boolean;
  /** Whether hours limit when: those of the purpose, or of an instruction. */
  readonly hours: boolean;
  /** The longest single access, minutes. */
  readonly minutes: number;
}

export interface Foreseen {
  /** Ids of the people who could enter, in the order of the staff file. */
  readonly people: readonly string[];
  readonly uses: readonly ForeseenUse[];
  /** Named by the agreement, but unable to enter as things stand, each with what stands in the way first. */
  readonly stopped: readonly { readonly person: string; readonly reason: Reason }[];
  /** Whether the sign-in service may put others into a team that the agreement reaches; they are in no file. */
  readonly moreByGroups: boolean;
}

/** `grant` is the agreement as it would be given. An unknown client foresees nobody; never throws. */
export function foresee(snapshot: Snapshot, grant: Grant, now: number): Foreseen {
  const known = snapshot.clients.get(grant.client);
  if (known === undefined) return { people: [], uses: [], stopped: [], moreByGroups: false };
  // One agrees while the client is still being prepared: what is foreseen is what follows.
  const client: Client = known.status === 'preparing' ? { ...known, status: 'live' } : known;
  const live = { ...snapshot, clients: new Map([[client.id, client]]) };
  const systems = everySystem(client).filter(({ id }) => grant.systems.includes(id));
  const covered = [...snapshot.people.values()].filter((person) =>
    isReached(client, systems, grant, person, now),
  );
  const looks = covered.map((person) => look(live, client, systems, grant, person, now));
  const able = looks.filter(({ cells }) => cells.length > 0);
  return {
    people: able.map(({ person }) => person.id),
    uses: joined(able, snapshot),
    stopped: looks
      .filter(({ cells }) => cells.length === 0)
      .map(({ person, reason }) => ({ person: person.id, reason })),
    moreByGroups: reachesGroups(snapshot, client, grant),
  };
}

/** Who is named, or belongs to the assigned; everybody else is outside of what is agreed. */
function isReached(
  client: Client,
  systems: readonly AnySystem[],
  grant: Grant,
  person: Person,
  now: number,
): boolean {
  if (!grantCoversPerson(grant, person)) return false;
  if (!grant.people.includes('assigned') || person.robot !== undefined) return true;
  const at = Math.max(now, grant.from);
  return systems.some((system) => client.assignments.some((one) => isAssignedNow(one, person, system, at)));
}

/** One system and purpose that one person could use. */
type Cell = Omit<ForeseenUse, 'systems' | 'people'> & { readonly system: string };

interface Look {
  readonly person: Person;
  readonly cells: readonly Cell[];
  readonly reason: Reason;
}

function look(
  snapshot: Snapshot,
  client: Client,
  systems: readonly AnySystem[],
  grant: Grant,
  person: Person,
  now: number,
): Look {
  const cells: Cell[] = [];
  let reason: Reason = 'consent_scope';
  for (const system of systems) {
    for (const code of grant.purposes) {
      const purpose = snapshot.purposes.get(code);
      if (purpose === undefined || !servesSystem(system, purpose)) continue;
      const own = grant.instructions?.schedule;
      const schedules = [
        ...schedulesOf(client, system, purpose),
        ...(own === undefined ? [] : [own]),
        ...(person.robot === undefined ? [] : [person.robot.hours]),
      ];
      const at = firstOpen(schedules, Math.max(now, grant.from), grant.until);
      const authentication = signedIn(system.authentication, purpose.authentication, at);
      const of = { snapshot, person, authentication, client, system, purpose, now: at };
      const ask = (operation: Operation) => decideAsIf(of, grant, operation);
      const permitted = purpose.operations.filter((operation) => grant.operations.includes(operation));
      const operations = permitted.filter((operation) => ask(operation).effect === 'allow');
      const [first = 'read'] = permitted;
      const decision = ask(first);
      if (operations.length === 0) {
        if (decision.effect !== 'allow') reason = decision.reason;
        continue;
      }
      cells.push({
        purpose: code,
        system: system.id,
        operations,
        copiesForbidden: permitted.includes('copy') && !operations.includes('copy'),
        hours: schedules.length > 0,
        minutes: purpose.minutes,
      });
    }
  }
  return { person, cells, reason };
}

function schedulesOf(client: Client, system: AnySystem, purpose: Purpose): readonly Schedule[] {
  const own = client.hours.get(purpose.code);
  const instructed = client.instructions.flatMap((instruction) =>
    instruction.hours !== undefined && applies(instruction, system, purpose) ? [instruction.hours] : [],
  );
  return own === undefined ? instructed : [own, ...instructed];
}

/** The first moment from `from` on at which all hours are open; `from` when there is none before `until`. */
function firstOpen(schedules: readonly Schedule[], from: number, until: number): number {
  let at = from;
  while (at < until) {
    const shut = schedules.map((one) => stretchAt(one, at)).filter(({ open }) => !open);
    if (shut.length === 0) return at;
    at = Math.max(...shut.map((stretch) => stretch.until));
  }
  return from;
}

/** A sign-in just now, as strong as system and purpose ask; where they exclude each other, none is. */
function signedIn(
  system: AuthenticationDemand | undefined,
  purpose: AuthenticationDemand | undefined,
  at: number,
): Authentication {
  const [first = [], second = first] = [system?.acr ?? [], purpose?.acr ?? []].filter(
    (classes) => classes.length > 0,
  );
  const acr = first.find((one) => second.includes(one));
  return { acr, amr: [...(system?.amr ?? []), ...(purpose?.amr ?? [])], at };
}

/** Puts together who may do the same: by purpose, then over systems and people with equal answers. */
function joined(looks: readonly Look[], snapshot: Snapshot): readonly ForeseenUse[] {
  const byPeople = new Map<string, { cell: Cell; people: string[] }>();
  for (const { person, cells } of looks) {
    for (const cell of cells) {
      const key = JSON.stringify(cell);
      const known = byPeople.get(key);
      if (known === undefined) byPeople.set(key, { cell, people: [person.id] });
      else known.people.push(person.id);
    }
  }
  const uses = new Map<string, ForeseenUse & { systems: string[] }>();
  for (const { cell, people } of byPeople.values()) {
    const { system, ...rest } = cell;
    const key = JSON.stringify([rest, people]);
    const known = uses.get(key);
    if (known === undefined) uses.set(key, { ...rest, people, systems: [system] });
    else known.systems.push(system);
  }
  const order = [...snapshot.purposes.keys()];
  return [...uses.values()].sort((a, b) => order.indexOf(a.purpose) - order.indexOf(b.purpose));
}

function reachesGroups(snapshot: Snapshot, client: Client, grant: Grant): boolean {
  const byGroup = new Set(snapshot.providers.flatMap(({ teams }) => [...teams.values()]));
  const reached = grant.people.includes('assigned') ? client.assignments.map(({ who }) => who) : grant.people;
  return reached.some((who) => who.startsWith('team:') && byGroup.has(who.slice('team:'.length)));
}
