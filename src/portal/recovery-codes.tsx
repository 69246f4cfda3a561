/**
 * Recovery codes of somebody who signs in with a passkey alone: made by the portal, shown in the answer that makes them
 * and never again. Whether they may be made is decided by the log's writer.
 */
import { isOwnAccount } from '../core/model.ts';
import { recoveryBytes, recoveryProof, writeRecoveryCodes } from '../core/recovery.ts';
import { seatedOf } from './controller.ts';
import type { PortalDeps } from './deps.ts';
import { CodesPage } from './pages/recovery.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.recovery;

/** New codes for a seat, those from before void; or why there are none. Throws Fault when it cannot be recorded. */
export async function newCodes(
  deps: Pick<PortalDeps, 'authority' | 'random'>,
  client: string,
  seat: string,
): Promise<readonly string[] | 'not_seated' | 'not_yet'> {
  const codes = writeRecoveryCodes(deps.random(recoveryBytes));
  const proofs = codes.map(recoveryProof);
  const answer = await deps.authority.run({ do: 'recovery-codes', client, seat, proofs });
  return 'refused' in answer ? answer.refused : codes;
}

/** POST `/seat/codes`: shows new codes, once. */
export async function renewCodes(visit: Visit, frame: Framer): Promise<void> {
  const { client, controller, seat } = await seatedOf(visit);
  if (!isOwnAccount(controller)) throw new Refusal(409, 'not_needed', words.notNeeded, words.notNeededNext);
  const codes = await newCodes(visit.deps, client.id, seat.id);
  if (codes === 'not_seated') throw new Refusal(403, codes, texts.people.notSeated, texts.people.whatNext);
  if (codes === 'not_yet') throw new Refusal(403, codes, words.notYet, words.notYetNext);
  sendPage(visit.res, <CodesPage frame={frame(visit, { self: '/seat' })} codes={codes} />);
}
