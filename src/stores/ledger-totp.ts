/**
 * People who sign in by mail and code: the secrets of their apps, sealed under the installation's key as refresh tokens are,
 * and whether a code is right. Each time step counts once per person, and five wrong codes close the door for a while, for
 * longer each time until a right one; both are kept in the transaction that decides.
 */
import type { CodeRefusal, UnsignedRefusal } from '../core/answers.ts';
import type { Command, Evidence, Seat } from '../core/commands.ts';
import { acceptsWithoutSignature, type RelyingParty } from '../core/evidence.ts';
import { mailIssuer } from '../core/model.ts';
import { type CodeLock, fromBase32, lockAfter, stepOfCode, type TotpProof } from '../core/totp.ts';
import { openBox, sealBox } from './disclosure.ts';
import type { Acts } from './ledger-acts.ts';
import type { LogState } from './ledger-log.ts';
import type { Reading } from './ledger-queries.ts';
import { places } from './ledger-rows.ts';
import type { SeatRow } from './ledger-seated.ts';
import { bytes, int, type Row, text } from './rows.ts';

/** So many wrong codes lock, and nobody gets in with any. */
const mostWrong = 5;

/**
 * The time step that proves a new secret; undefined: the seat needs none. `not_seated`: seat and account do not go together,
 * or no secret came with them. `totp_wrong`: the code is not of this secret, now.
 */
export function newTotp(
  acts: Acts,
  seat: Seat,
  totp: TotpProof | undefined,
): { readonly secret: string; readonly step: number } | undefined | 'not_seated' | 'totp_wrong' {
  const byMail = seat.method === 'mail-totp';
  if (byMail !== (seat.issuer === mailIssuer) || byMail !== (totp !== undefined)) return 'not_seated';
  if (totp === undefined) return undefined;
  const secret = fromBase32(totp.secret);
  if (secret === undefined || seat.publicKey !== '' || seat.credentialId !== '') return 'not_seated';
  const step = stepOfCode(secret, totp.code, acts.now, 0);
  return step === undefined ? 'totp_wrong' : { secret: totp.secret, step };
}

/** Keeps a proved secret; the code that proved it counts as used. */
export function keepTotp(
  { pen }: Acts,
  seat: string,
  owner: number,
  proved: { readonly secret: string; readonly step: number },
): void {
  const { keyring, sql } = pen;
  sql.insertTotp.run(seat, sealBox(keyring.installation, places.totp(seat), proved.secret));
  sql.useTotp.run(owner, proved.step);
}

/** Whether a code is one that the app of one of these seats, all of one person, shows now. Uses it up, or counts it as wrong. */
function proveCode(
  acts: Acts,
  owner: number,
  seats: readonly string[],
  code: string,
): undefined | CodeRefusal {
  const { keyring, sql } = acts.pen;
  const tries = sql.totpTries.get(owner);
  if (tries !== undefined && int(tries, 'locked_until') > acts.now) return 'code_locked';
  const used = tries === undefined ? 0 : int(tries, 'step');
  const steps = seats.flatMap((seat) => {
    const row = sql.totpOfSeat.get(seat);
    if (row === undefined) return [];
    const secret = fromBase32(openBox(keyring.installation, places.totp(seat), bytes(row, 'box')));
    return (secret && stepOfCode(secret, code, acts.now, used)) ?? [];
  });
  const [step] = steps;
  if (step !== undefined) {
    sql.useTotp.run(owner, step);
    return undefined;
  }
  const wrong = (tries === undefined ? 0 : int(tries, 'wrong')) + 1;
  if (wrong < mostWrong) {
    sql.countWrongTotp.run(owner, wrong);
    return 'code_wrong';
  }
  const before = tries === undefined ? 0 : int(tries, 'locks');
  sql.lockTotp.run(acts.now + lockAfter(before), acts.now, owner);
  return 'code_locked';
}

/** Who of a client was locked out by wrong codes since then, newest first; one entry per seat that is held. */
export function codeLocks({ db }: Reading, client: string, since: number): readonly CodeLock[] {
  return db
    .prepare(
      `SELECT s.id, t.locked_at, t.locked_until FROM logs l JOIN seats s ON s.log = l.id JOIN totp_tries t ON t.owner = s.owner
       WHERE l.client = ? AND s.removed_at IS NULL AND s.method = 'mail-totp' AND t.locked_at >= ?
       ORDER BY t.locked_at DESC, s.id`,
    )
    .all(client, since)
    .map((row) => ({ seat: text(row, 'id'), at: int(row, 'locked_at'), until: int(row, 'locked_until') }));
}

/** Whether somebody of this account, who sits, has the app: see `login`. */
export function proveLogin(
  acts: Acts,
  { login, code = '' }: Extract<Command, { do: 'login' }>,
): undefined | 'not_seated' | CodeRefusal {
  const account = acts.pen.keyring.token('seat', `${login.issuer}\n${login.subject}`);
  const rows: readonly Row[] = acts.pen.sql.mailSeats.all(account);
  const [first] = rows;
  if (first === undefined || login.issuer !== mailIssuer) return 'not_seated';
  return proveCode(
    acts,
    int(first, 'owner'),
    rows.map((row) => text(row, 'id')),
    code,
  );
}

/** What evidence of this client is held to, besides the text. */
export function partyOf(acts: Acts, log: LogState): RelyingParty {
  const textOf = (hash: string): string | undefined => {
    const row = acts.pen.sql.sliceText.get(log.id, hash);
    return row && openBox(log.key, places.slice(log.id, hash), bytes(row, 'box'));
  };
  return acceptsWithoutSignature(textOf(log.slice), textOf) ? { withoutSignature: true } : {};
}

/** Why whoever has no key of their own may not agree now; undefined: they may, or have a key, which is checked elsewhere. */
export function unsignedFault(
  acts: Acts,
  log: LogState,
  seat: SeatRow,
  { code = '' }: Evidence,
): undefined | UnsignedRefusal {
  if (seat.method !== 'mail-totp') return undefined;
  if (partyOf(acts, log).withoutSignature !== true) return 'unsigned';
  return proveCode(acts, seat.owner, [seat.id], code);
}
