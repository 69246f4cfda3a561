/**
 * Signing an agreement: only the very text that was read, by a passkey of the person who read it, or in evaluation by
 * the key that the gateway holds. The grant exists once its signed line is durable.
 */
import { draftOf, grantFrom } from './agreements.tsx';
import { type Seated, seatedOf } from './controller.ts';
import { mustBeRead } from './drafts.ts';
import { mustStillLengthen } from './extension-approval.ts';
import { lengthenRunning } from './extensions.ts';
import { type FrameDraft, giveFrame } from './frames.tsx';
import { type AgreementDraft, memoryOf, plainNotice } from './memory.ts';
import { Refusal } from './refusal.ts';
import { mustStillHold } from './request-approval.ts';
import { goOn, sendSigningOptions, signatureOf } from './signatures.ts';
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
  mustBeRead(visit, draft, words.reviewIntro);
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
  await sendSigningOptions(visit, seated, draft.textHash);
}

/** POST `/agreements/sign`: JSON `textHash credential`, or in evaluation a form `textHash evaluation`. */
export async function signAgreement(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const frame = readFrameOf(visit, seated);
  if (frame !== undefined) {
    const { seat, evidence } = await signatureOf(visit, seated, frame.textHash, frame.language);
    await giveFrame(visit, frame, seat, evidence);
    return goOn(visit, '/people');
  }
  const draft = readDraftOf(visit, seated);
  const { seat, evidence } = await signatureOf(visit, seated, draft.textHash, draft.language);
  const { answers } = draft;
  if (answers !== undefined) mustStillHold(visit, seated, draft);
  const running = answers?.session === undefined ? undefined : mustStillLengthen(visit, seated, draft);
  const grant = grantFrom(draft, seated.client, seat, visit.now);
  const answer = await visit.deps.authority.run({ do: 'grant', grant, text: draft.text, evidence });
  if ('refused' in answer) throw new Refusal(409, answer.refused, words.errors[answer.refused], words.intro);
  if (running !== undefined && answer.extended !== undefined)
    await lengthenRunning(visit, running, answer.extended);
  const memory = memoryOf(visit.req);
  if (memory.draft?.id === draft.id) delete memory.draft;
  if (answers !== undefined) delete memory.ready?.[answers.request];
  const first = answer.status === 'waiting';
  if (answers?.session === undefined) memory.notice = plainNotice(first ? 'granted-first' : 'granted');
  const next = answers?.session === undefined ? '/agreements' : `/requests/${answers.request}`;
  goOn(visit, next);
}
