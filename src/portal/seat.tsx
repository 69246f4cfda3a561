/**
 * The passkeys of somebody who acts for a client: what they have, and one more for another device. Whoever was only named
 * is told to open their invitation.
 */
import { isOwnAccount, mailIssuer } from '../core/model.ts';
import { memoryOf, plainNotice, takeNotice } from './memory.ts';
import { seatByPasskey, seatsOf } from './own-seats.ts';
import { SeatPage } from './pages/seat.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { controllerOf, type Visit } from './visit.ts';

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
      done={takeNotice(memoryOf(visit.req))?.kind}
      alone={isOwnAccount(controller)}
      byMail={controller.issuer === mailIssuer}
    />,
  );
}

/** POST `/seat/options` (JSON): what the browser needs to make a passkey. */
export async function seatOptions(visit: Visit): Promise<void> {
  const { client, controller } = controllerOf(visit);
  const seats = seatsOf(await visit.deps.authority.client(client.id), controller);
  if (seats.length === 0 || controller.issuer === mailIssuer) throw refused('not_seated');
  const known = seats.filter((seat) => seat.method === 'passkey').map((seat) => seat.credentialId);
  const alone = isOwnAccount(controller);
  const name = alone ? `${controller.name} – ${client.name}` : controller.name;
  const user = { id: `${client.id}/${controller.id}`, name, alone };
  visit.res.json(await visit.deps.passkeys.registrationOptions(visit.req, user, known));
}

/** POST `/seat` (JSON `credential`): records one more passkey, on the strength of the seat that is there. */
export async function takeSeat(visit: Visit): Promise<void> {
  const { client, controller } = controllerOf(visit);
  const [earlier] = seatsOf(await visit.deps.authority.client(client.id), controller);
  if (earlier === undefined || controller.issuer === mailIssuer) throw refused('not_seated');
  const seat = await seatByPasskey(visit, controller);
  if (seat === undefined) throw refused('passkey');
  const answer = await visit.deps.authority.run({ do: 'seat', seat, authorisedBy: { seat: earlier.id } });
  if ('refused' in answer) throw refused('not_seated');
  memoryOf(visit.req).notice = plainNotice('seated');
  visit.res.json({ next: '/seat' });
}

function refused(why: keyof typeof words.seatRefused): Refusal {
  return new Refusal(why === 'passkey' ? 422 : 403, why, words.seatTitle, words.seatRefused[why]);
}
