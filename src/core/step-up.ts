/**
 * Signing in again, when nothing but the sign-in stands in the way: what to ask of the identity provider so that what
 * comes back is enough. Pure.
 */
import type { AnySystem, AuthenticationDemand, Purpose, Snapshot } from './model.ts';
import type { Reason } from './reasons.ts';

/** Reasons that a new sign-in can remove. */
export const stepUpReasons: ReadonlySet<Reason> = new Set<Reason>([
  'authentication_too_weak',
  'authentication_too_old',
]);

/** What a sign-in must be for all of these systems under this purpose: one of `acr`, all of `amr`, not older than. */
export function demandOf(systems: readonly AnySystem[], purpose: Purpose | undefined): AuthenticationDemand {
  const asked = [...systems, ...(purpose === undefined ? [] : [purpose])].flatMap(
    ({ authentication }) => authentication ?? [],
  );
  const classes = asked.map(({ acr }) => acr).filter((acr) => acr.length > 0);
  const [first = [], ...others] = classes;
  const ages = asked.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? []);
  return {
    acr: first.filter((acr) => others.every((other) => other.includes(acr))),
    amr: [...new Set(asked.flatMap(({ amr }) => amr))],
    maxAgeSeconds: ages.length === 0 ? undefined : Math.min(...ages),
  };
}

/** The same, for names as they stand in an address: `acme/erp,acme/backup` and a purpose's code. Unknown ones ask nothing. */
export function namedDemand(snapshot: Snapshot, systems: string, purpose: string): AuthenticationDemand {
  const found = systems.split(',').flatMap((name) => {
    const [client = '', system = ''] = name.split('/');
    const known = snapshot.clients.get(client);
    return known?.systems.get(system) ?? known?.outside.get(system) ?? [];
  });
  return demandOf(found, snapshot.purposes.get(purpose));
}
