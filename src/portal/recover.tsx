/**
 * Coming back without one's passkey: a recovery code lets its holder make a new one for the same account, and do nothing
 * else before that. The code is checked again by the transaction that uses it up; a page that is looked at uses nothing.
 */
import { accountKey, type Client, type ControllerUser, isOwnAccount, mailIssuer } from '../core/model.ts';
import { type RecoveryProof, recoveryProof } from '../core/recovery.ts';
import { memoryOf, plainNotice, saveMemory } from './memory.ts';
import { seatByPasskey } from './own-seats.ts';
import { RecoverPage, ReturnPage } from './pages/recovery.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { newAppFor, seatByCode } from './totp-enrolment.tsx';
import { field, type OpenVisit } from './visit.ts';

const words = texts.recovery;

/** GET `/recover`: asks for the code. It names nobody. */
export function showRecover(visit: OpenVisit, frame: Framer): void {
  if (!visit.deps.signIn.admitStranger(visit.req))
    throw new Refusal(503, 'overloaded', texts.errors.unsure, texts.errors.badFormNext);
  sendRecover(visit, frame, false);
}

function sendRecover(visit: OpenVisit, frame: Framer, wrong: boolean): void {
  const { deps, req, res } = visit;
  const page = (
    <RecoverPage frame={frame(visit, { self: '/recover' })} csrf={deps.csrf.token(req)} wrong={wrong} />
  );
  sendPage(res, page, wrong ? 422 : 200);
}

/** POST `/recover` (`code`): on to the passkey. So many tries from one address; the writer counts those at a set of codes. */
export async function checkRecovery(visit: OpenVisit, frame: Framer): Promise<void> {
  const { req, res, deps } = visit;
  if (!deps.signIn.admitGuess(req))
    throw new Refusal(429, 'too_many_tries', words.tooMany, words.tooManyNext);
  const proof = recoveryProof(field(req.body, 'code').slice(0, 100));
  const answer = await deps.authority.run({ do: 'try-recovery', proof });
  if ('refused' in answer) return sendRecover(visit, frame, true);
  memoryOf(req).recovery = proof;
  await saveMemory(req);
  res.redirect(303, '/recover/welcome');
}

interface Returning {
  readonly proof: RecoveryProof;
  readonly holder: ControllerUser;
  readonly client: Client;
}

/** Whom the code of this session lets in, asked anew each time: it may be void by now, or the person no longer named. */
async function returningOf({ req, deps, snapshot }: OpenVisit): Promise<Returning> {
  const proof = memoryOf(req).recovery;
  if (proof === undefined) throw new Refusal(409, 'no_recovery', words.start, words.startNext);
  const answer = await deps.authority.run({ do: 'try-recovery', proof });
  if ('refused' in answer) throw voided();
  const { holder } = answer;
  const client = snapshot.clients.get(holder.client);
  const who = snapshot.accounts.get(accountKey(holder.issuer, holder.subject));
  const same =
    isOwnAccount(holder) &&
    who?.kind === 'controller' &&
    who.controller.id === holder.id &&
    who.controller.client === holder.client &&
    who.controller.role === holder.role;
  // After the end of its contract a client's people still read their log.
  if (client === undefined || !same)
    throw new Refusal(403, 'not_nominated', texts.enrolment.notNamed, words.startNext);
  return { proof, holder, client };
}

function voided(): Refusal {
  return new Refusal(410, 'recovery_unknown', words.wrong, words.startNext);
}

/** GET `/recover/welcome`: who one is, and what the new passkey will do. */
export async function showReturn(visit: OpenVisit, frame: Framer): Promise<void> {
  await sendReturn(visit, frame, await returningOf(visit), false);
}

async function sendReturn(
  visit: OpenVisit,
  frame: Framer,
  { holder, client }: Returning,
  wrong: boolean,
): Promise<void> {
  const app = await newAppFor(visit, holder, wrong);
  const csrf = visit.deps.csrf.token(visit.req);
  sendPage(
    visit.res,
    <ReturnPage
      frame={frame(visit, { scripts: ['passkey.js'] })}
      csrf={csrf}
      name={holder.name}
      client={client.name}
      app={app}
    />,
    wrong ? 422 : 200,
  );
}

/** POST `/recover/options` (JSON): what the browser needs to make the passkey. */
export async function recoverOptions(visit: OpenVisit): Promise<void> {
  const { holder, client } = await returningOf(visit);
  if (holder.issuer === mailIssuer) throw voided();
  const user = { id: `${client.id}/${holder.id}`, name: `${holder.name} – ${client.name}`, alone: true };
  visit.res.json(await visit.deps.passkeys.registrationOptions(visit.req, user, []));
}

/** POST `/recover/passkey` (JSON `credential`): the new seat, the end of the old ones, and the sign-in. */
export async function recover(visit: OpenVisit): Promise<void> {
  const { req, res, deps } = visit;
  const { proof, holder, client } = await returningOf(visit);
  if (holder.issuer === mailIssuer) throw voided();
  const seat = await seatByPasskey(visit, holder);
  if (seat === undefined)
    throw new Refusal(422, 'passkey', words.title, texts.controller.seatRefused.passkey);
  const answer = await deps.authority.run({ do: 'seat', seat, authorisedBy: { recovery: proof } });
  if ('refused' in answer) throw voided();
  delete memoryOf(req).recovery;
  // Recorded as ended already; this process forgets them before the new one begins.
  await deps.signIn.end(holder);
  await deps.authority.refresh(client.id);
  deps.people.joined(holder);
  await deps.signIn.begin(req, seat);
  memoryOf(req).notice = plainNotice('returned');
  await saveMemory(req);
  res.json({ next: '/seat' });
}

/** POST `/recover/code` (`code`): the same for somebody who signs in by mail and code; they do so next. */
export async function recoverByCode(visit: OpenVisit, frame: Framer): Promise<void> {
  const { req, res, deps } = visit;
  const returning = await returningOf(visit);
  const { proof, holder, client } = returning;
  if (holder.issuer !== mailIssuer) throw voided();
  const { seat, totp } = await seatByCode(visit, holder);
  const answer = await deps.authority.run({ do: 'seat', seat, authorisedBy: { recovery: proof }, totp });
  if ('refused' in answer) {
    if (answer.refused === 'totp_wrong') return sendReturn(visit, frame, returning, true);
    throw voided();
  }
  delete memoryOf(req).recovery;
  delete memoryOf(req).totp;
  await deps.signIn.end(holder);
  await deps.authority.refresh(client.id);
  await saveMemory(req);
  res.redirect(303, '/sign-in-by-mail');
}
