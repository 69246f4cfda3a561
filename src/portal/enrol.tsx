/**
 * Taking a seat by invitation, without any account: link and code are both needed, and both are checked again by the
 * transaction that seats. The link's secret stands behind the `#` of its address, so no server, log or mail scanner ever
 * sees it before the form is sent; looking at a page uses nothing up.
 */
import type { InvitationProof, InvitationRefusal, Seat } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import { invitationProof } from '../core/invitation.ts';
import {
  type Client,
  type ControllerUser,
  isInvitedByClient,
  isOwnAccount,
  mailIssuer,
} from '../core/model.ts';
import { isOpen } from '../core/proposals.ts';
import { memoryOf, plainNotice, saveMemory } from './memory.ts';
import { seatByPasskey } from './own-seats.ts';
import { EnrolPage, WelcomePage } from './pages/enrol.tsx';
import { newCodes } from './recovery-codes.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { newAppFor, seatByCode, sendFirstCodes } from './totp-enrolment.tsx';
import { field, type OpenVisit } from './visit.ts';

const words = texts.enrolment;

/** GET `/enrol`: asks for the code. The script of the page puts the link's secret into the form. */
export function showEnrol(visit: OpenVisit, frame: Framer): void {
  sendEnrol(visit, frame, '', undefined);
}

function sendEnrol(visit: OpenVisit, frame: Framer, link: string, left: number | undefined): void {
  const { deps, req, res } = visit;
  if (!deps.signIn.admitStranger(req))
    throw new Refusal(503, 'overloaded', texts.errors.unsure, texts.errors.badFormNext);
  const tries = left === undefined ? undefined : words.left(left);
  const wrong = words.refused.code_wrong;
  const error = tries && { en: `${wrong.en} ${tries.en}`, fr: `${wrong.fr} ${tries.fr}` };
  sendPage(
    res,
    <EnrolPage
      frame={frame(visit, { scripts: ['enrol.js'], self: '/enrol' })}
      csrf={deps.csrf.token(req)}
      link={link}
      error={error}
    />,
    error === undefined ? 200 : 422,
  );
}

/** POST `/enrol` (`link code`): on to the passkey when both are right. A wrong code is counted by the log's writer. */
export async function checkCode(visit: OpenVisit, frame: Framer): Promise<void> {
  const { req, res, deps } = visit;
  const link = field(req.body, 'link').slice(0, 100);
  const proof = invitationProof(link, field(req.body, 'code').slice(0, 100));
  const answer = await deps.authority.run({ do: 'try-invitation', proof });
  if ('refused' in answer) {
    if (answer.refused !== 'code_wrong') throw refused(answer.refused);
    return sendEnrol(visit, frame, link, answer.left);
  }
  memoryOf(req).enrolment = proof;
  await saveMemory(req);
  res.redirect(303, '/enrol/welcome');
}

interface Invited {
  readonly proof: InvitationProof;
  readonly nominee: ControllerUser;
  readonly client: Client;
  readonly byClient: boolean;
}

/** What the invitation of this session says, asked anew each time: it may have been used or withdrawn. */
async function invitedOf(visit: OpenVisit): Promise<Invited> {
  const proof = memoryOf(visit.req).enrolment;
  if (proof === undefined) throw new Refusal(409, 'no_invitation', words.start, words.startNext);
  const answer = await visit.deps.authority.run({ do: 'try-invitation', proof });
  if ('refused' in answer) throw refused(answer.refused);
  const { nominee, byClient } = answer;
  const client = visit.snapshot.clients.get(nominee.client);
  const named = client?.controllers.some((one) => isSame(one, nominee)) === true;
  // Whom the provider's files name they may have taken back since; whom the client named is the client's.
  const theirs = byClient && isInvitedByClient(nominee);
  // After the end of the contract the client's own invitations still hold: somebody has to read its log.
  if (client === undefined || !(theirs || (named && client.status !== 'ended')))
    throw new Refusal(403, 'not_nominated', words.notNamed, words.anew);
  return { proof, nominee, client, byClient };
}

function isSame(one: ControllerUser, other: ControllerUser): boolean {
  const { id, role, issuer, subject } = other;
  return one.id === id && one.role === role && one.issuer === issuer && one.subject === subject;
}

/** Where this person has to sign in first; undefined: they need not, or have. */
function signInFor(visit: OpenVisit, { issuer, subject }: ControllerUser): string | undefined {
  if (isOwnAccount({ issuer })) return undefined;
  const login = visit.signedIn?.login;
  if (login?.issuer === issuer && login.subject === subject) return undefined;
  const provider = visit.snapshot.providers.find((one) => one.issuer === issuer);
  return `/sign-in/${encodeURIComponent(provider?.id ?? '')}?return=%2Fenrol&again=1`;
}

/** GET `/enrol/welcome`: who one will be, and for whom. */
export async function showWelcome(visit: OpenVisit, frame: Framer): Promise<void> {
  await sendWelcome(visit, frame, await invitedOf(visit), false);
}

async function sendWelcome(
  visit: OpenVisit,
  frame: Framer,
  { nominee, client, byClient }: Invited,
  wrong: boolean,
): Promise<void> {
  const app = await newAppFor(visit, nominee, wrong);
  sendPage(
    visit.res,
    <WelcomePage
      frame={frame(visit, { scripts: ['passkey.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      nominee={nominee}
      client={client.name}
      byClient={byClient}
      signIn={signInFor(visit, nominee)}
      app={app}
    />,
    wrong ? 422 : 200,
  );
}

/** POST `/enrol/options` (JSON): what the browser needs to make the passkey. */
export async function enrolOptions(visit: OpenVisit): Promise<void> {
  const { nominee, client } = await invitedOf(visit);
  mustBeThem(visit, nominee);
  mustHavePasskey(nominee);
  // Somebody who acts for several clients has a passkey for each, and must be able to tell them apart.
  const alone = isOwnAccount(nominee);
  const name = alone ? `${nominee.name} – ${client.name}` : nominee.name;
  const user = { id: `${client.id}/${nominee.id}`, name, alone };
  visit.res.json(await visit.deps.passkeys.registrationOptions(visit.req, user, []));
}

function mustBeThem(visit: OpenVisit, nominee: ControllerUser): void {
  if (signInFor(visit, nominee) !== undefined)
    throw new Refusal(403, 'sign_in_first', words.signIn, words.signInFirst);
}

/** POST `/enrol/passkey` (JSON `credential`): the seat; whoever has no other account is signed in with it. */
export async function enrol(visit: OpenVisit): Promise<void> {
  const { req, res, deps, now } = visit;
  const { proof, nominee } = await invitedOf(visit);
  mustBeThem(visit, nominee);
  mustHavePasskey(nominee);
  const seat = await seatByPasskey(visit, nominee);
  if (seat === undefined)
    throw new Refusal(422, 'passkey', texts.controller.seatTitle, texts.controller.seatRefused.passkey);
  const answer = await deps.authority.run({ do: 'seat', seat, authorisedBy: { invitation: proof } });
  if ('refused' in answer) {
    throw refusedSeat(answer.refused);
  }
  delete memoryOf(req).enrolment;
  deps.people.joined(nominee);
  const alone = isOwnAccount(nominee);
  if (alone) {
    // Ended with the seats that this one replaced; this process forgets them before the new one begins.
    if (answer.replaced > 0) await deps.signIn.end(nominee);
    await deps.signIn.begin(req, seat);
  }
  await deps.authority.refresh(nominee.client);
  memoryOf(req).notice = plainNotice('seated');
  await saveMemory(req);
  // Whoever is waited for goes straight to what waits.
  const proposals = nominee.role === 'representative' ? await deps.archive.proposals(nominee.client) : [];
  const next = proposals.some((one) => isOpen(one, now)) ? '/' : '/seat';
  res.json({ next, codes: alone ? await firstCodes(visit, seat) : [] });
}

/** Whoever was named to sign in by mail and code has another form. */
function mustHavePasskey({ issuer }: ControllerUser): void {
  if (issuer === mailIssuer) throw new Refusal(409, 'not_seated', words.start, words.startNext);
}

/** POST `/enrol/code` (`code`): the seat of somebody who signs in by mail and code; they do so next. */
export async function enrolByCode(visit: OpenVisit, frame: Framer): Promise<void> {
  const { req, deps } = visit;
  const invited = await invitedOf(visit);
  const { proof, nominee } = invited;
  if (nominee.issuer !== mailIssuer) throw new Refusal(409, 'not_seated', words.start, words.startNext);
  const { seat, totp } = await seatByCode(visit, nominee);
  const answer = await deps.authority.run({ do: 'seat', seat, authorisedBy: { invitation: proof }, totp });
  if ('refused' in answer) {
    if (answer.refused === 'totp_wrong') return sendWelcome(visit, frame, invited, true);
    throw refusedSeat(answer.refused);
  }
  delete memoryOf(req).enrolment;
  if (answer.replaced > 0) await deps.signIn.end(nominee);
  await deps.authority.refresh(nominee.client);
  await sendFirstCodes(visit, frame, await firstCodes(visit, seat));
}

function refusedSeat(why: InvitationRefusal | 'not_seated' | 'recovery_unknown' | 'totp_wrong'): Refusal {
  if (why === 'not_seated' || why === 'recovery_unknown' || why === 'totp_wrong')
    return new Refusal(403, 'not_seated', words.start, words.startNext);
  return refused(why);
}

/** Recovery codes of a new seat. None is no reason to refuse what is done already: its holder finds them at `/seat`. */
async function firstCodes({ deps }: OpenVisit, { client, id }: Seat): Promise<readonly string[]> {
  try {
    const codes = await newCodes(deps, client, id);
    return typeof codes === 'string' ? [] : codes;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    deps.log.warn('recovery_codes_not_made', { code: error.code });
    return [];
  }
}

function refused(why: InvitationRefusal): Refusal {
  return new Refusal(why === 'link_unknown' ? 404 : 410, why, words.refused[why], words.anew);
}
