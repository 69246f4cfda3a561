/**
 * Signing an agreement: only the very text that was read, by a passkey of the person who read it, or in evaluation by
 * the key that the gateway holds. The grant exists once its signed line is durable.
 */
import type { Evidence, Seat } from '../core/commands.ts';
import { draftOf, evaluationSeat, grantFrom } from './agreements.tsx';
import { type Seated, seatedOf, seatsOf } from './controller.ts';
import type { Signature } from './deps.ts';
import { type AgreementDraft, memoryOf, plainNotice } from './memory.ts';
import { mustStillLengthen } from './extension-approval.ts';
import { type FrameDraft, giveFrame } from './frames.tsx';
import { lengthenRunning } from './extensions.ts';
import { Refusal } from './refusal.ts';
import { mustStillHold } from './request-approval.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.agreements;

/** The draft of this session, provided that the text named is the one that was read. */
function readDraftOf(visit: Visit, seated: Seated): AgreementDraft {
  const named = field(visit.req.body, 'textHash');
  const ready = Object.values(memoryOf(visit.req).ready ?? {}).find(
    ({ client, textHash }) => client === seated.client.id && textHash === named,
  );
  const draft = ready ?? draftOf(visit, seated);
  if (named !== draft.textHash) {
    throw new Refusal(409, 'text_changed', words.errors.changed, words.reviewIntro);
  }
  if (draft.until <= visit.now) throw new Refusal(409, 'no_draft', words.errors.noDraft, words.formIntro);
  return draft;
}

/** The frame of this session, provided that its text is the one named; only representatives have one. */
function readFrameOf(visit: Visit, { client }: Seated): FrameDraft | undefined {
  const frame = memoryOf(visit.req).frame;
  const read = frame?.client === client.id && field(visit.req.body, 'textHash') === frame.textHash;
  return read && visit.role === 'representative' ? frame : undefined;
}

/** POST `/agreements/sign/options` (JSON `textHash`): what the browser needs to sign with a passkey. */
export async function signingOptions(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const draft = readFrameOf(visit, seated) ?? readDraftOf(visit, seated);
  const seats = seatsOf(seated.inForce, seated.controller).filter((seat) => seat.method === 'passkey');
  if (seats.length === 0) {
    throw new Refusal(409, 'no_passkey', words.errors.noPasskey, words.errors.noPasskey);
  }
  visit.res.json(await visit.deps.passkeys.assertionOptions(draft.textHash, seats));
}

/** POST `/agreements/sign`: JSON `textHash credential`, or in evaluation a form `textHash evaluation`. */
export async function signAgreement(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const frame = readFrameOf(visit, seated);
  const draft = frame ?? readDraftOf(visit, seated);
  const signed = await signatureOf(visit, seated, draft.textHash);
  if (signed === undefined) {
    throw new Refusal(422, 'signature_invalid', words.errors.signature, words.reviewIntro);
  }
  if (frame !== undefined) {
    await giveFrame(visit, frame, signed.seat, signed.signature);
    return goOn(visit, '/people');
  }
  await signedAgreement(visit, seated, draft as AgreementDraft, signed);
}

async function signedAgreement(
  visit: Visit,
  seated: Seated,
  draft: AgreementDraft,
  signed: Signed,
): Promise<void> {
  await give(visit, seated, draft, signed.seat, signed.signature);
  if (draft.answers?.session === undefined) memoryOf(visit.req).notice = plainNotice('granted');
  const next = draft.answers?.session === undefined ? '/agreements' : `/requests/${draft.answers.request}`;
  goOn(visit, next);
}

function goOn(visit: Visit, next: string): void {
  if (visit.req.is('json')) visit.res.json({ next });
  else visit.res.redirect(303, next);
}

interface Signed {
  readonly seat: Seat;
  readonly signature: Signature;
}

/** The signature over this text that the visit brings; undefined: none that holds. */
export async function signatureOf(
  visit: Visit,
  seated: Seated,
  textHash: string,
): Promise<Signed | undefined> {
  return visit.req.is('json')
    ? signedByPasskey(visit, seated, textHash)
    : signedForEvaluation(visit, seated, textHash);
}

async function signedByPasskey(visit: Visit, seated: Seated, textHash: string): Promise<Signed | undefined> {
  const credential: unknown = visit.req.body?.credential;
  for (const seat of seatsOf(seated.inForce, seated.controller)) {
    if (seat.method !== 'passkey') continue;
    const signature = await visit.deps.passkeys.verifyAssertion(credential, textHash, seat);
    if (signature !== undefined) return { seat, signature };
  }
  return undefined;
}

function signedForEvaluation(visit: Visit, seated: Seated, textHash: string): Signed | undefined {
  const seat = evaluationSeat(visit, seatsOf(seated.inForce, seated.controller));
  const signature = visit.deps.evaluationSign?.(textHash);
  if (seat === undefined || signature === undefined || field(visit.req.body, 'evaluation') !== '1')
    return undefined;
  return { seat, signature };
}

async function give(
  visit: Visit,
  seated: Seated,
  draft: AgreementDraft,
  seat: Seat,
  signature: Signature,
): Promise<void> {
  if (draft.answers !== undefined) mustStillHold(visit, seated, draft);
  const running = draft.answers?.session === undefined ? undefined : mustStillLengthen(visit, seated, draft);
  const evidence: Evidence = { seat: seat.id, role: seat.role, language: draft.language, ...signature };
  const grant = grantFrom(draft, seat, visit.now);
  const answer = await visit.deps.authority.run({ do: 'grant', grant, text: draft.text, evidence });
  if ('refused' in answer) {
    throw new Refusal(409, answer.refused, words.errors[answer.refused], words.intro);
  }
  if (running !== undefined && answer.extended !== undefined)
    await lengthenRunning(visit, running, answer.extended);
  const memory = memoryOf(visit.req);
  if (memory.draft?.id === draft.id) delete memory.draft;
  if (draft.answers !== undefined) delete memory.ready?.[draft.answers.request];
}
