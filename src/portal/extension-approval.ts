/**
 * Agreeing to more time for a running access: the text is ready on the page of the request, and one signature does it. What
 * the rules do not permit by then is neither offered nor signed.
 */
import { type Delegation, frameFor } from '../core/delegations.ts';
import { lengthening, permittedUntil, purposeLeaves } from '../core/lengthen.ts';
import type { Opening } from '../core/model.ts';
import type { ConsentRequest } from '../core/requests.ts';
import type { Seated } from './controller.ts';
import { type AgreementDraft, memoryOf } from './memory.ts';
import { Refusal } from './refusal.ts';
import { draftOf } from './request-draft.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const minute = 60_000;
/** Texts kept for signing; another is written when the page is looked at again. */
const mostReady = 5;

/** The text to sign for this request; undefined: the access has ended, or the rules no longer permit it. */
export function readyDraft(
  visit: Visit,
  seated: Seated,
  request: ConsentRequest,
  frames: readonly Delegation[],
): AgreementDraft | undefined {
  const opening = seated.inForce.openings.get(request.opening ?? '');
  if (opening === undefined || !mayLast(visit, seated, opening, request.minutes)) return undefined;
  const { systems, operations, purpose, minutes } = request;
  const wanted = { systems, operations, purposes: [purpose], minutes, clock: undefined };
  const within = frameFor(frames, wanted, visit.now);
  if (visit.role === 'delegate' && within === undefined) return undefined;
  const memory = memoryOf(visit.req);
  const until = opening.endsAt + request.minutes * minute;
  const known = memory.ready?.[request.id];
  const same = known?.until === until && known.language === visit.language && known.delegation === within?.id;
  if (same && known?.client === seated.client.id) return known;
  const draft = draftOf(visit, seated, request, {
    scope: { systems, operations, from: visit.now, until },
    answers: { request: request.id, minutes, session: opening.id },
    more: texts.extensions.askedFor(minutes),
    within,
  });
  const all = [...Object.entries(memory.ready ?? {}), [request.id, draft] as const];
  memory.ready = Object.fromEntries(all.slice(-mostReady));
  return draft;
}

/** Throws the Refusal that says so when what a draft lengthens can no longer be lengthened. */
export function mustStillLengthen(visit: Visit, seated: Seated, { answers, until }: AgreementDraft): Opening {
  const opening = seated.inForce.openings.get(answers?.session ?? '');
  const minutes = answers?.minutes ?? 0;
  if (opening === undefined || opening.endsAt + minutes * minute !== until)
    throw new Refusal(409, 'request_ended', texts.agreements.errors.request_ended, texts.agreements.intro);
  if (!mayLast(visit, seated, opening, minutes)) {
    const { errors } = texts.requests;
    throw new Refusal(409, 'request_overtaken', errors.overtaken, errors.overtakenNext);
  }
  return opening;
}

function mayLast(visit: Visit, { inForce }: Seated, opening: Opening, minutes: number): boolean {
  const grant = inForce.grants.get(opening.grant);
  const endsAt = opening.endsAt + minutes * minute;
  if (grant === undefined || inForce.blocked.has(opening.id) || opening.endsAt <= visit.now) return false;
  if (minutes > purposeLeaves(visit.snapshot, opening)) return false;
  const until = permittedUntil(
    visit.snapshot,
    { ...opening, endsAt },
    lengthening(opening, grant, endsAt, visit.now),
    visit.now,
  );
  return until !== undefined && until >= endsAt;
}
