/** The seats that an account holds. */
import type { Seat } from '../core/commands.ts';
import type { ControllerUser } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';

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
