/**
 * Enrolment: a person named by the provider becomes one who may act, by an enrolment code handed over elsewhere and
 * a passkey made here; somebody enrolled may add a passkey for another device.
 */
import { hash } from 'node:crypto';
import type { Seat } from '../core/commands.ts';
import { seatsOf } from './controller.ts';
import { memoryOf, takeNotice } from './memory.ts';
import { SeatPage } from './pages/seat.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { controllerOf, field, type Visit } from './visit.ts';

const words = texts.controller;

/** GET `/seat`. */
export async function showSeat(visit: Visit, frame: Framer): Promise<void> {
  const { client, controller } = controllerOf(visit);
  const seats = seatsOf(await visit.deps.authority.client(client.id), controller);
  sendPage(
    visit.res,
    <SeatPage
      frame={frame(visit, { scripts: ['passkey.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      zone={client.zone}
      seats={seats.map(({ id, method, seatedAt }) => ({ id, method, seatedAt }))}
      done={takeNotice(memoryOf(visit.req))?.kind === 'seated'}
    />,
  );
}

/** POST `/seat/options` (JSON): what the browser needs to make a passkey. */
export async function seatOptions(visit: Visit): Promise<void> {
  const { client, controller } = controllerOf(visit);
  const seats = seatsOf(await visit.deps.authority.client(client.id), controller);
  if (seats.length === 0 && codeOf(visit) === '') throw refused('not_seated');
  const known = seats.filter((seat) => seat.method === 'passkey').map((seat) => seat.credentialId);
  const user = { id: `${client.id}/${controller.id}`, name: controller.name };
  visit.res.json(await visit.deps.passkeys.registrationOptions(visit.req, user, known));
}

/** POST `/seat` (JSON `code credential`): records the passkey. The ledger checks the code and uses it up. */
export async function takeSeat(visit: Visit): Promise<void> {
  const { client, controller } = controllerOf(visit);
  const [earlier] = seatsOf(await visit.deps.authority.client(client.id), controller);
  const code = codeOf(visit);
  if (earlier === undefined && code === '') throw refused('not_seated');
  const credential = await visit.deps.passkeys.verifyRegistration(visit.req, visit.req.body?.credential);
  if (credential === undefined) throw refused('passkey');
  const seat: Seat = {
    id: visit.deps.random(16).toString('base64url'),
    client: client.id,
    controller: controller.id,
    issuer: controller.issuer,
    subject: controller.subject,
    name: controller.name,
    role: controller.role,
    authority: controller.authority,
    ...credential,
    seatedAt: visit.now,
  };
  const authorisedBy =
    earlier === undefined ? { codeHash: hash('sha256', code, 'base64url') } : { seat: earlier.id };
  const answer = await visit.deps.authority.run({ do: 'seat', seat, authorisedBy });
  if ('refused' in answer) throw refused(answer.refused);
  memoryOf(visit.req).notice = { kind: 'seated', openings: 0, exchanges: 0, cutMs: 0, recorded: true };
  visit.res.json({ next: '/seat' });
}

function codeOf(visit: Visit): string {
  return field(visit.req.body, 'code').trim().slice(0, 200);
}

function refused(why: keyof typeof words.seatRefused): Refusal {
  return new Refusal(why === 'passkey' ? 422 : 403, why, words.seatTitle, words.seatRefused[why]);
}
