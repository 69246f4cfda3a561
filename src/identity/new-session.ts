/**
 * The last step of every sign-in that was recorded: a session of its own, so that nothing that was known of the browser
 * before is worth anything after, and an end to whoever else was signed in there.
 */
import type { Request } from 'express';
import type { Login } from '../core/commands.ts';
import { csrf } from './csrf.ts';
import { regenerate, save } from './portal-session.ts';
import type { EndLogins, SignInOptions, SignInParts } from './sign-in-parts.ts';

/** Stored when it resolves. `told`: what the session keeps to sign out at a provider. */
export async function beginSession(
  req: Request,
  login: Login,
  told: { readonly provider?: string; readonly idToken?: string; readonly technician?: true },
  { logins, options }: Pick<SignInParts, 'logins'> & { readonly options: Pick<SignInOptions, 'ledger'> },
  end: EndLogins,
): Promise<void> {
  const replaced = req.session.login;
  const before = replaced === undefined ? undefined : await logins.live(replaced);
  const same = before !== undefined && before.issuer === login.issuer && before.subject === login.subject;
  // Then signing out here ends them too, and what was asked of the new sign-in counts for them.
  if (same) await options.ledger.run({ do: 'command-lines-follow', from: before.id, to: login.id });
  await regenerate(req);
  Object.assign(req.session, { login: login.id, ...told });
  csrf(req);
  await save(req);
  // Somebody else was signed in in this browser: their sign-in ends. One's own goes on, and its accesses with it.
  if (before !== undefined && !same) await end({ login: before.id });
}
