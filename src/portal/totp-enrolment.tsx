/**
 * Setting up the app of somebody who signs in by mail and code, by invitation or by a recovery code. Its secret belongs to a
 * nonce of this session and lies in no store before the log's writer seals it.
 */
import type { Seat } from '../core/commands.ts';
import { type ControllerUser, mailIssuer } from '../core/model.ts';
import { totpAddress } from '../core/totp.ts';
import { memoryOf, saveMemory } from './memory.ts';
import type { NewApp } from './pages/mail-sign-in.tsx';
import { CodesPage } from './pages/recovery.tsx';
import { type Framer, sendPage } from './render.tsx';
import { field, type OpenVisit } from './visit.ts';

/** What the page shows; undefined for whoever has another way to sign in. The same until it is used. */
export async function newAppFor(
  visit: OpenVisit,
  { issuer, id, client }: ControllerUser,
  wrong = false,
): Promise<NewApp | undefined> {
  if (issuer !== mailIssuer) return undefined;
  const { deps, req } = visit;
  const memory = memoryOf(req);
  memory.totp ??= deps.random(16).toString('base64url');
  await saveMemory(req);
  const secret = deps.totpSecret(`${memory.totp}\n${client}/${id}`);
  return { secret, address: totpAddress(deps.portalUrl.host, `${client}/${id}`, secret), wrong };
}

/** The seat that is asked for, and the proof that goes with it: form `code`. */
export async function seatByCode(visit: OpenVisit, holder: ControllerUser) {
  const { deps, req, now } = visit;
  const { id: controller, function: _, ...account } = holder;
  const app = await newAppFor(visit, holder);
  const seat: Seat = {
    ...account,
    id: deps.random(16).toString('base64url'),
    controller,
    method: 'mail-totp',
    credentialId: '',
    publicKey: '',
    seatedAt: now,
  };
  const totp = { secret: app?.secret ?? '', code: field(req.body, 'code').slice(0, 20) };
  return { seat, totp };
}

/** The app is set up: its nonce is worth nothing any more, and the recovery codes are shown, once. */
export async function sendFirstCodes(
  visit: OpenVisit,
  frame: Framer,
  codes: readonly string[],
): Promise<void> {
  const { req, res } = visit;
  delete memoryOf(req).totp;
  await saveMemory(req);
  if (codes.length === 0) return res.redirect(303, '/sign-in-by-mail');
  sendPage(res, <CodesPage frame={frame(visit, { self: '/enrol' })} codes={codes} />);
}
