/**
 * Agreeing to more time for a running access: the text is ready on the page of the request, and one signature does it. What
 * the rules do not permit by then is neither offered nor signed.
 */
import { type Delegation, frameFor } from '../core/delegations.ts';
import { writeGrantText } from '../core/grant-text.ts';
import { lengthening, permittedUntil, purposeLeaves } from '../core/lengthen.ts';
import type { Opening } from '../core/model.ts';
import { termOf } from '../core/pseudonyms.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { offerOf, wordsOf } from './agreement-form.ts';
import { accountsIn, textWords } from './agreements.tsx';
import type { Seated } from './controller.ts';
import { instant } from './formats.ts';
import { authorityOf } from './frame-of.ts';
import { type AgreementDraft, memoryOf } from './memory.ts';
import { personName } from './person-name.ts';
import { Refusal } from './refusal.ts';
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
  const draft = draftFor(visit, seated, request, { opening, until, within });
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

function draftFor(
  visit: Visit,
  seated: Seated,
  request: ConsentRequest,
  {
    opening,
    until,
    within,
  }: { readonly opening: Opening; readonly until: number; readonly within: Delegation | undefined },
): AgreementDraft {
  const { client } = seated;
  const { snapshot, language, say, now } = visit;
  const id = visit.deps.random(16).toString('base64url');
  const { systems, operations, minutes } = request;
  const scope = {
    ...{ systems, operations, from: now, until },
    ...{ purposes: [request.purpose], people: [termOf(client, request.person)] },
  };
  const name = personName(visit, client, request.person);
  const when = instant(request.raisedAt, client.zone, language);
  const { accounts, upstreamAccount } = accountsIn(visit, systems, client);
  const delegation = within === undefined ? {} : { delegation: within.id };
  const answers = { request: request.id, minutes, session: opening.id };
  const asked = `${say(texts.requests.asked(name, when, request.reference))}${say(texts.extensions.askedFor(minutes))}`;
  const { text, textHash } = writeGrantText({
    ...{ id, version: 1, language, client: client.id, ...scope, answers, ...delegation },
    words: {
      ...textWords(visit, seated),
      ...(within === undefined ? {} : { authority: authorityOf(visit, seated, within) }),
      ...wordsOf(scope, offerOf(client, snapshot, say, now), client.zone, language, say),
      ...{ people: name, asked, ...accounts },
    },
  });
  return {
    id,
    client: client.id,
    ...scope,
    language,
    text,
    textHash,
    upstreamAccount,
    answers,
    ...delegation,
  };
}
