/**
 * From a recorded opening into the system: a one-time code, kept for one look at a page of the portal that leads on. What is
 * outside is entered nowhere; its way leads to the page of the access.
 */
import { hash } from 'node:crypto';
import type { EntryCode } from '../core/commands.ts';
import { type Arrival, entryAddress, type WayBack } from './arrival.ts';
import { keepTicket, memoryOf, saveMemory, takeTicket } from './memory.ts';
import { GoPage } from './pages/go.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const codeAge = 60_000;
const words = texts.technician;

/** A one-time code for an opening, bound to the browser that began. */
export function newCode(visit: Visit, opening: string, arrival: Arrival, back: WayBack): WayIn {
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

interface WayIn {
  readonly code: string;
  readonly entry: EntryCode;
}

/** Into the system; to the page of the access when it is outside. */
export async function goOn(
  visit: Visit,
  opening: string,
  way: WayIn | undefined,
  back: WayBack | undefined,
): Promise<void> {
  if (way !== undefined && back !== undefined) return sendOn(visit, way, back);
  visit.res.redirect(303, `/openings/${opening}`);
}

async function sendOn(visit: Visit, { code, entry }: WayIn, back: WayBack): Promise<void> {
  const name = visit.deps.random(16).toString('base64url');
  keepTicket(memoryOf(visit.req), name, {
    code,
    opening: entry.opening,
    system: entry.system,
    host: back.host,
    f: back.f,
    fragment: back.fragment,
    expiresAt: entry.expiresAt,
  });
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
  const address = entryAddress(to, ticket);
  sendPage(
    res,
    <GoPage
      frame={frame(visit, { self: '/' })}
      system={visit.say(to.name)}
      address={address}
      opening={ticket.opening}
    />,
  );
}
