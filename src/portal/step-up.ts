/**
 * The way to sign in again and back to the same declaration, when nothing but the sign-in stands in the way. What is
 * asked of the identity provider follows from the policy; the address only names systems and purpose.
 */
import type { AnySystem, Purpose } from '../core/model.ts';
import type { Reason } from '../core/reasons.ts';
import { stepUpReasons } from '../core/step-up.ts';
import { type Arrival, declarePath } from './arrival.ts';
import type { Visit } from './visit.ts';

/** Whether a new sign-in removes everything that stands in the way. */
export function onlySignIn(unmet: readonly Reason[]): boolean {
  return unmet.length > 0 && unmet.every((reason) => stepUpReasons.has(reason));
}

/** Undefined when the provider of this sign-in is no longer in the policy. */
export function againAddress(
  visit: Pick<Visit, 'signedIn' | 'snapshot'>,
  arrival: Arrival,
  systems: readonly AnySystem[],
  purpose: Purpose,
): string | undefined {
  const { issuer } = visit.signedIn.login;
  const provider = visit.snapshot.providers.find(
    (one) => one.issuer === issuer && one.serves.includes('staff'),
  );
  if (provider === undefined || systems.length === 0) return undefined;
  const chosen = new URLSearchParams({ purpose: purpose.code });
  for (const { id } of systems) chosen.append('systems', id);
  if (arrival.back !== undefined && arrival.back.fragment !== '')
    chosen.set('fragment', arrival.back.fragment);
  const query = new URLSearchParams({
    again: '1',
    for: systems.map(({ id }) => `${arrival.client.id}/${id}`).join(','),
    purpose: purpose.code,
    return: `${declarePath(arrival)}&${chosen}`,
  });
  return `/sign-in/${encodeURIComponent(provider.id)}?${query}`;
}
