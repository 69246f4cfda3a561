/**
 * The last step of every sign-in that was recorded: a session of its own, so that nothing that was known of the browser
 * before is worth anything after, and an end to whoever else was signed in there.
 */
import type { Request } from 'express';
import type { Login } from '../core/commands.ts';
import { csrf } from './csrf.ts';
import { regenerate, save } from './portal-session.ts';
import type { EndLogins, SignInParts } from './sign-in-parts.ts';

/** Stored when it resolves. `told`: what the session keeps to sign out at a provider. */
export async function beginSession(
  req: Request,
  login: Login,
  told: { readonly provider?: string; readonly idToken?: string; readonly technician?: true },
  { logins }: Pick<SignInParts, 'logins'>,
  end: EndLogins,
): Promise<void> {
  const replaced = req.session.login;
  await regenerate(req);
  Object.assign(req.session, { login: login.id, ...told });
  csrf(req);
  await save(req);
  if (replaced === undefined) return;
  // Somebody else was signed in in this browser: their sign-in ends. One's own goes on, and its accesses with it.
  const before = await logins.live(replaced);
  if (!before || (before.issuer === login.issuer && before.subject === login.subject)) return;
  await end({ login: replaced });
}
