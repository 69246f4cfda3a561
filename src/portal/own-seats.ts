/** The seats that an account holds, and the one that it takes by a passkey. */
import type { Seat } from '../core/commands.ts';
import type { ControllerUser } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import type { OpenVisit } from './visit.ts';

/** The seats of this very account, oldest first: one per passkey. */
export function seatsOf(inForce: InForce, controller: ControllerUser): readonly Seat[] {
  return inForce.seats.filter(
    (seat) =>
      seat.client === controller.client &&
      seat.controller === controller.id &&
      seat.issuer === controller.issuer &&
      seat.subject === controller.subject &&
      seat.role === controller.role,
  );
}

/** The seat that somebody takes with the passkey that this request brings (JSON `credential`); undefined: it does not hold. */
export async function seatByPasskey(
  { req, deps, now }: Pick<OpenVisit, 'req' | 'deps' | 'now'>,
  holder: ControllerUser,
): Promise<Seat | undefined> {
  const credential = await deps.passkeys.verifyRegistration(req, req.body?.credential);
  if (credential === undefined) return undefined;
  const { id: controller, client, issuer, subject, name, role, authority } = holder;
  return {
    ...{
      id: deps.random(16).toString('base64url'),
      controller,
      client,
      issuer,
      subject,
      name,
      role,
      authority,
    },
    ...credential,
    seatedAt: now,
  };
}
