/**
 * What the client's own users may do here: only for their own client, and only once they are enrolled. A name in a
 * policy file permits nothing until the log says that the person was enrolled.
 */

import type { Actor, Seat } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import type { Client, ControllerUser } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import { logRead } from './lines.ts';
import { firstWithin, memoryOf } from './memory.ts';
import { seatsOf } from './own-seats.ts';
import { NotSeated } from './refusal.ts';
import { controllerOf, type Visit } from './visit.ts';

const readPause = 15 * 60_000;

export interface Seated {
  readonly client: Client;
  readonly controller: ControllerUser;
  readonly seat: Seat;
  readonly inForce: InForce;
}

/** The enrolled controller of a visit with what is in force; sends the merely named to enrol. */
export async function seatedOf(visit: Visit): Promise<Seated> {
  const { client, controller } = controllerOf(visit);
  const inForce = await visit.deps.authority.client(client.id);
  const [seat] = seatsOf(inForce, controller);
  if (seat === undefined) throw new NotSeated();
  const memory = memoryOf(visit.req);
  if (memory.seat?.id !== seat.id) memory.seat = { id: seat.id, role: seat.role };
  return { client, controller, seat, inForce };
}

/**
 * Who stops. Stopping must work even while the log cannot be read, so the enrolment that this session was last shown
 * to have is good enough for it; it can take rights away and give none.
 */
export async function stopperOf(visit: Visit): Promise<{ readonly client: Client; readonly by: Actor }> {
  try {
    const { client, seat } = await seatedOf(visit);
    return { client, by: { seat: seat.id, role: seat.role } };
  } catch (error) {
    const remembered = memoryOf(visit.req).seat;
    if (!(error instanceof Fault) || remembered === undefined) throw error;
    return { client: controllerOf(visit).client, by: { seat: remembered.id, role: remembered.role } };
  }
}

/**
 * Notes that the log was looked at: once per session, view and 15 minutes. Answers false when that could not be
 * written; the client may then still see its own log, and is told.
 */
export async function noteReading(visit: Visit, seated: Seated, view: string): Promise<boolean> {
  const memory = memoryOf(visit.req);
  if (!firstWithin(memory, `read ${view}`, readPause, visit.now)) return true;
  const id = visit.deps.random(16).toString('base64url');
  const draft = logRead({ id, controller: seated.controller, seat: seated.seat.id, view });
  try {
    await visit.deps.authority.run({ do: 'append', draft });
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    delete memory.noted?.[`read ${view}`];
    visit.deps.log.warn('log_read_unrecorded', { code: error.code });
    return false;
  }
}
