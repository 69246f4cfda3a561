/**
 * From a recorded opening into the system: a one-time code, kept for one look at a page of the portal that leads on. What is
 * outside is entered nowhere; its way leads to the page of the access.
 */
import { hash } from 'node:crypto';
import type { EntryCode } from '../core/commands.ts';
import { type Arrival, beginAddress, entryAddress, type WayBack } from './arrival.ts';
import { keepBegun, keepTicket, memoryOf, saveMemory, type Ticket, takeTicket } from './memory.ts';
import { GoPage } from './pages/go.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const codeAge = 60_000;
const words = texts.technician;

/** A one-time code for an opening, bound to the browser that began. */
export function newCode(
  visit: Pick<Visit, 'deps' | 'now'>,
  opening: string,
  arrival: Arrival,
  back: WayBack,
): WayIn {
  const code = visit.deps.random(32).toString('base64url');
  const entry: EntryCode = {
    hash: hash('sha256', code, 'base64url'),
    opening,
    system: `${arrival.client.id}/${arrival.system.id}`,
    nonceHash: back.n,
    expiresAt: visit.now + codeAge,
  };
  return { code, entry };
}

export interface WayIn {
  readonly code: string;
  readonly entry: EntryCode;
}

/**
 * Into the system: with a code when its host has sealed the wanted place, else by that host, which does so and comes back; to
 * the page of the access when it is outside.
 */
export async function goOn(
  visit: Visit,
  opening: string,
  way: WayIn | undefined,
  arrival: Arrival,
): Promise<void> {
  const { client, system, back, place } = arrival;
  const served = client.systems.get(system.id);
  const named = { opening, system: `${client.id}/${system.id}`, expiresAt: visit.now + codeAge };
  if (served !== undefined && way !== undefined && back !== undefined)
    return sendOn(visit, { ...named, address: entryAddress(served, { code: way.code, ...back }) });
  if (served === undefined || place === undefined) return visit.res.redirect(303, `/openings/${opening}`);
  keepBegun(memoryOf(visit.req), { ...named, fragment: place.fragment });
  await sendOn(visit, { ...named, address: beginAddress(served, place) });
}

async function sendOn(visit: Visit, ticket: Ticket): Promise<void> {
  const name = visit.deps.random(16).toString('base64url');
  keepTicket(memoryOf(visit.req), name, ticket);
  await saveMemory(visit.req);
  visit.res.redirect(303, `/go/${name}`);
}

/** GET `/go/:ticket`: shows the way on, once. */
export async function go(visit: Visit, frame: Framer): Promise<void> {
  const { req, res, now, snapshot } = visit;
  const name = typeof req.params.ticket === 'string' ? req.params.ticket : '';
  const memory = memoryOf(req);
  // A HEAD shows nothing, so it must not use the ticket up.
  const ticket = req.method === 'GET' ? takeTicket(memory, name, now) : undefined;
  const [client, system] = (ticket?.system ?? '').split('/');
  const to = snapshot.clients.get(client ?? '')?.systems.get(system ?? '');
  if (ticket === undefined || to === undefined) {
    throw new Refusal(410, 'ticket_used', words.goUsedTitle, words.goUsedNext);
  }
  await saveMemory(req);
  sendPage(
    res,
    <GoPage
      frame={frame(visit, { self: '/' })}
      system={visit.say(to.name)}
      address={ticket.address}
      opening={ticket.opening}
    />,
  );
}
