/** Whose signature, or code, stands under what is agreed to, and what a line tells of it. Used by everything that is signed. */
import type { UnsignedRefusal } from '../core/answers.ts';
import type { Evidence } from '../core/commands.ts';
import type { LeafFields } from '../core/entries.ts';
import { mailAmr } from '../core/evidence.ts';
import type { Acts } from './ledger-acts.ts';
import type { LogState } from './ledger-log.ts';
import { liveSeat, type SeatRow } from './ledger-seated.ts';
import { unsignedFault } from './ledger-totp.ts';

/** What a line tells of a signature. */
export function evidenceFields(evidence: Evidence): LeafFields {
  return {
    seat: evidence.seat,
    role: evidence.role,
    method: evidence.method,
    signature: evidence.signature,
    authenticator_data: evidence.authenticatorData,
    client_data: evidence.clientData,
    language: evidence.language,
    ...(evidence.method === 'mail-totp' ? { amr: mailAmr.join(' ') } : {}),
  };
}

/** The seat that signs, if it may now. Uses up the code of whoever has no key. */
export function signingSeat(
  acts: Acts,
  log: LogState,
  evidence: Evidence,
): SeatRow | 'not_seated' | 'not_yet' | UnsignedRefusal {
  const seat = liveSeat(acts, log, evidence.seat);
  if (seat === undefined) return 'not_seated';
  if (seat.grantsFrom !== undefined && acts.now < seat.grantsFrom) return 'not_yet';
  if (seat.method === 'evaluation-key' && seat.publicKey !== acts.evaluationKey) return 'not_seated';
  return unsignedFault(acts, log, seat, evidence) ?? seat;
}
