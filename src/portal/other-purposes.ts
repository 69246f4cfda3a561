/** For what else a running access could go on under the same reference, as its pages offer it. */
import type { Opening } from '../core/model.ts';
import { type Option, options } from '../core/options.ts';
import type { InForce } from '../core/ports.ts';
import { technicianOf, type Visit } from './visit.ts';

export interface OtherPurpose {
  readonly code: string;
  readonly label: string;
}

/** What the person of a visit could declare at a client now. */
export function cellsAt(visit: Visit, client: string, { grants }: InForce): readonly Option[] {
  const { authentication } = visit.signedIn;
  return options(visit.snapshot, technicianOf(visit).id, authentication, client, grants.values(), visit.now);
}

/** The other purposes that all systems of the access could be open for. */
export function otherPurposes(
  { snapshot, say }: Visit,
  { systems, purpose }: Opening,
  cells: readonly Option[],
): readonly OtherPurpose[] {
  const possible = (code: string, id: string) =>
    cells.some((cell) => cell.system === id && cell.purpose === code && cell.grant !== undefined);
  return [...snapshot.purposes.values()]
    .filter(({ code }) => code !== purpose && systems.every((id) => possible(code, id)))
    .map(({ code, label }) => ({ code, label: say(label) }));
}
