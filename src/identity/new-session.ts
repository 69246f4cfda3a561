/**
 * The last step of every sign-in that was recorded: a session of its own, so that nothing that was known of the browser
 * before is worth anything after, and an end to whoever else was signed in there.
 */
import type { Request } from 'express';
import type { Login } from '../core/commands.ts';
import { csrf } from './csrf.ts';
import { regenerate, save } from './portal-session.ts';
import type { EndLogins, SignInParts } from './sign-in-parts.ts';

/** What recording a sign-in says of the one whose place it takes here: one step, whatever becomes of the session. */
export function inPlaceOf(req: Request): { readonly after?: string } {
  const { login } = req.session;
  return login === undefined ? {} : { after: login };
}

/** Stored when it resolves. `told`: what the session keeps to sign out at a provider. */
export async function beginSession(
  req: Request,
  login: Login,
  told: { readonly provider?: string; readonly idToken?: string; readonly technician?: true },
  { logins }: Pick<SignInParts, 'logins'>,
  end: EndLogins,
): Promise<void> {
  const replaced = req.session.login;
  const before = replaced === undefined ? undefined : await logins.live(replaced);
  const same = before !== undefined && before.issuer === login.issuer && before.subject === login.subject;
  await regenerate(req);
  Object.assign(req.session, { login: login.id, ...told });
  csrf(req);
  await save(req);
  // Somebody else was signed in in this browser: their sign-in ends. One's own goes on, and its accesses with it.
  if (before !== undefined && !same) await end({ login: before.id, browser: true });
}
