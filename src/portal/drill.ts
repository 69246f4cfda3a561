/**
 * Drills: a client's person presses a button and sees, marked as a test, what they would see if somebody entered. Nothing
 * is opened by it, so nothing has to be closed: a stop is a line of the log.
 */
import type { Actor } from '../core/commands.ts';
import { type Drill, drillLimits, drillsOf, isRunning } from '../core/drills.ts';
import { Fault } from '../core/faults.ts';
import type { InForce } from '../core/ports.ts';
import { seatedOf } from './controller.ts';
import { memoryOf, plainNotice } from './memory.ts';
import type { NamedDrill } from './pages/drill.tsx';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

/** Both lines of all that may have begun in an hour, twice over. */
const recentLines = 4 * drillLimits.perHour;
/** Lines that are looked through for the tests of a longer time. */
const mostLines = 10_000;

/** POST `/drill`: begins one. */
export async function beginDrill(visit: Visit): Promise<void> {
  const { client, seat } = await seatedOf(visit);
  const by = { seat: seat.id, role: seat.role };
  const answer = await visit.deps.authority.run({ do: 'drill', client: client.id, drill: undefined, by });
  if ('refused' in answer) throw refused(answer.refused);
  memoryOf(visit.req).notice = plainNotice('drill-began');
  visit.res.redirect(303, '/');
}

function refused(why: 'not_seated' | 'drills_spent' | 'drill_over'): Refusal {
  if (why === 'not_seated')
    return new Refusal(409, why, texts.agreements.errors.not_seated, texts.errors.notFoundNext);
  const { title, next } = texts.drills.errors[why];
  return new Refusal(why === 'drills_spent' ? 429 : 409, why, title, next);
}

/** The drills of a client that run now, newest first. Throws Fault `ledger_unavailable`. */
export async function runningDrills(visit: Visit, client: string): Promise<readonly Drill[]> {
  return (await drills(visit, client, recentLines)).filter((one) => isRunning(one, visit.now));
}

/** The drills that began in a time, newest first. Throws Fault `ledger_unavailable`. */
export async function drillsWithin(
  visit: Visit,
  client: string,
  from: number,
  until: number,
): Promise<readonly Drill[]> {
  return (await drills(visit, client, mostLines)).filter(({ at }) => at >= from && at < until);
}

async function drills({ deps }: Visit, client: string, limit: number): Promise<readonly Drill[]> {
  return drillsOf(await deps.archive.lines({ client, kinds: ['drill.ran'], limit, disclose: [] }));
}

/** Each with the name of whoever asked for it, if they still sit. */
export function namedDrills(drills: readonly Drill[], { seats }: InForce): readonly NamedDrill[] {
  return drills.map((drill) => ({ ...drill, name: seats.find(({ id }) => id === drill.seat)?.name }));
}

/**
 * Stops one running drill, or all of them; answers how many. A stop of what is real must not fail over a test: none when
 * they cannot be looked up, nor when all are meant and it cannot be written. Throws Fault `ledger_unavailable` for one.
 */
export async function stopDrills(visit: Visit, client: string, drill: string, by: Actor): Promise<number> {
  if (!('seat' in by)) return 0;
  const running = await unlessFault(runningDrills(visit, client), []);
  const meant = running.filter(({ id }) => drill === 'all' || id === drill);
  const stops = Promise.all(
    meant.map(({ id }) => visit.deps.authority.run({ do: 'drill', client, drill: id, by })),
  );
  const answers = await (drill === 'all' ? unlessFault(stops, []) : stops);
  return answers.filter((answer) => 'receipt' in answer).length;
}

async function unlessFault<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Fault) return otherwise;
    throw error;
  }
}
