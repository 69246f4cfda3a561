/** A signature of whoever is signed in under one text: by their passkey, or in evaluation by the key that the gateway holds. Whoever has no key gives a code. */
import type { Evidence, Seat } from '../core/commands.ts';
import { mailAmr } from '../core/evidence.ts';
import { sentencesOf } from '../core/grant-text.ts';
import type { Language } from '../core/model.ts';
import type { Seated } from './controller.ts';
import type { Draft } from './drafts.ts';
import { seatsOf } from './own-seats.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.agreements;

/** Sends what the browser needs to sign the text of that hash with a passkey. */
export async function sendSigningOptions(visit: Visit, seated: Seated, textHash: string): Promise<void> {
  const seats = seatsOf(seated.inForce, seated.controller).filter((seat) => seat.method === 'passkey');
  if (seats.length === 0)
    throw new Refusal(409, 'no_passkey', words.errors.noPasskey, words.errors.noPasskey);
  visit.res.json(await visit.deps.passkeys.assertionOptions(textHash, seats));
}

/** The signature that this request brings (JSON `credential`, or in evaluation a form `evaluation`). Throws the Refusal. */
export async function signatureOf(
  visit: Visit,
  seated: Seated,
  textHash: string,
  language: Language,
): Promise<{ readonly seat: Seat; readonly evidence: Evidence }> {
  const seats = seatsOf(seated.inForce, seated.controller);
  if (visit.req.is('json')) {
    for (const seat of seats) {
      if (seat.method !== 'passkey') continue;
      const signature = await visit.deps.passkeys.verifyAssertion(visit.req.body?.credential, textHash, seat);
      if (signature !== undefined)
        return { seat, evidence: { seat: seat.id, role: seat.role, language, ...signature } };
    }
  } else {
    const byMail = seats.find((seat) => seat.method === 'mail-totp');
    const code = field(visit.req.body, 'code').slice(0, 20);
    if (byMail !== undefined && code !== '') {
      const unsigned = { method: byMail.method, signature: '', authenticatorData: '', clientData: '' };
      const amr = mailAmr.join(' ');
      // Whether the code is right is decided where the line is written, which uses it up.
      return {
        seat: byMail,
        evidence: { seat: byMail.id, role: byMail.role, language, amr, code, ...unsigned },
      };
    }
    const seat = evaluationSeat(visit, seats);
    const signature = visit.deps.evaluationSign?.(textHash);
    if (seat !== undefined && signature !== undefined && field(visit.req.body, 'evaluation') === '1')
      return { seat, evidence: { seat: seat.id, role: seat.role, language, ...signature } };
  }
  throw new Refusal(422, 'signature_invalid', words.errors.signature, words.reviewIntro);
}

export function evaluationSeat(visit: Visit, seats: readonly Seat[]): Seat | undefined {
  if (!visit.deps.evaluation || visit.deps.evaluationSign === undefined) return undefined;
  return seats.find((seat) => seat.method === 'evaluation-key');
}

export interface Ways {
  readonly passkey: boolean;
  /** Evaluation mode: the gateway may sign with a key it holds. */
  readonly evaluation: boolean;
  /** They have no key and agree by their app's code, if the client's file accepts that; undefined: they have a key. */
  readonly code: { readonly accepted: boolean } | undefined;
}

/** How whoever is signed in could sign. */
export function waysToSign(visit: Visit, seated: Seated): Ways {
  const seats = seatsOf(seated.inForce, seated.controller);
  return {
    passkey: seats.some((seat) => seat.method === 'passkey'),
    evaluation: evaluationSeat(visit, seats) !== undefined,
    code: seats.some((seat) => seat.method === 'mail-totp')
      ? { accepted: seated.client.acceptsWithoutSignature === true }
      : undefined,
  };
}

/** What one signature agrees to, and how whoever is signed in could give it. */
export interface Ready extends Ways {
  readonly sentences: readonly string[];
  readonly text: string;
  readonly textHash: string;
}

/** A text, ready to be read and signed. */
export function readyToSign(visit: Visit, seated: Seated, { text, textHash }: Draft): Ready {
  return { sentences: sentencesOf(text) ?? [], text, textHash, ...waysToSign(visit, seated) };
}

/** Leads on after signing: scripts are told where to, forms are sent there. */
export function goOn(visit: Visit, next: string): void {
  if (visit.req.is('json')) visit.res.json({ next });
  else visit.res.redirect(303, next);
}
