/**
 * `consentry login` and `consentry logout`: signs this machine in without a browser of its own. It shows a code, which its
 * technician types in any browser, and gets a session that ends with that sign-in.
 */
import { hostname, userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { isMachineName } from '../core/command-line.ts';
import { api, signedInBy, understand, whileSignedIn, withState } from './command-line.ts';
import type { State } from './command-line-state.ts';
import { notUnderstood, readOptions } from './options.ts';
import { type AskPortal, createPortalClient, PortalRefusal, printable, readPortal } from './portal-client.ts';
import { words } from './technician-texts.ts';
import type { CommandMain } from './terminal.ts';
import { type Voice, voiceOf } from './voice.ts';

const deviceAnswer = z.object({
  device_code: z.string().min(1),
  user_code: z.string().regex(/^[A-Z]{4}-[A-Z]{4}$/),
  verification_uri: z.url(),
  expires_in: z.int().positive(),
  interval: z.int().positive(),
});
const tokenAnswer = z.object({ access_token: z.string(), person: z.string() });

/** Answers 0 when signed in, 1 when not, 2 when the command is not understood. */
export const loginCommand: CommandMain = (args, env, terminal) =>
  withState('login', env, terminal, async (state, voice) => {
    const read = readOptions({ args, options: { portal: { type: 'string' }, name: { type: 'string' } } });
    if ('wrong' in read) return notUnderstood('login', read, words.login.usage, voice);
    const asked = read.values;
    const kept = await state.session();
    const address = asked.portal ?? kept?.portal ?? env.CONSENTRY_PORTAL_URL;
    if (address === undefined)
      return notUnderstood('login', { wrong: words.login.portal }, words.login.usage, voice);
    const found = readPortal(address);
    const name = asked.name ?? `${userInfo().username}@${hostname()}`.slice(0, 80);
    if ('wrong' in found || !isMachineName(name)) {
      voice.complain(`consentry login: ${voice.say('wrong' in found ? found.wrong : words.login.name)}`);
      return 2;
    }
    const { portal } = found;
    const ask = createPortalClient(portal, env);
    const { token, person } = await fetchToken(ask, portal, name, voice);
    const before = kept === undefined ? [] : await state.openings();
    await state.keepSession({ portal: portal.origin, token, instructions: {} });
    if (kept !== undefined)
      await end(() => signedInBy(state, kept, env).ask({ method: 'POST', path: '/end', body: {} }));
    for (const { id } of before) await state.forgetOpening(id);
    if (before.length > 0) voice.print(words.login.before);
    voice.print(words.login.done(person));
    return 0;
  });

/** Shows the code and waits until it is confirmed. Throws PortalRefusal when it is refused or over. */
async function fetchToken(
  ask: AskPortal,
  portal: URL,
  name: string,
  voice: Voice,
): Promise<{ readonly token: string; readonly person: string }> {
  const begun = await ask({ method: 'POST', path: `${api}/device`, body: { name } });
  const { device_code, user_code, verification_uri, expires_in, interval } = understand(begun, deviceAnswer);
  voice.print('');
  voice.print(words.login.open(new URL(new URL(verification_uri).pathname, portal).href));
  voice.print(words.login.code(user_code));
  voice.print('');
  voice.print(words.login.how(Math.round(expires_in / 60)));
  voice.print(words.login.secret);
  for (let seconds = interval; ; ) {
    await pause(seconds * 1_000);
    try {
      const answer = await ask({ method: 'POST', path: `${api}/token`, body: { device_code } });
      const { access_token, person } = understand(answer, tokenAnswer);
      return { token: access_token, person: printable(person) };
    } catch (error) {
      const code = error instanceof PortalRefusal ? error.code : undefined;
      if (code === 'slow_down') seconds += 5;
      else if (code !== 'authorization_pending') throw error;
    }
  }
}

/** Signs out, which closes what this machine opened. Nothing is kept, also where the portal cannot be told. */
export const logoutCommand: CommandMain = (args, env, terminal) => {
  const read = readOptions({ args, options: {} });
  if ('wrong' in read)
    return Promise.resolve(notUnderstood('logout', read, words.logout.usage, voiceOf(env, terminal)));
  return whileSignedIn('logout', env, terminal, async ({ state, ask }, voice) => {
    try {
      await end(() => ask({ method: 'POST', path: '/end', body: {} }));
    } finally {
      await forgetAll(state);
    }
    voice.print(words.logout.done);
    return 0;
  });
};

async function forgetAll(state: State): Promise<void> {
  for (const { id } of await state.openings()) await state.forgetOpening(id);
  await state.forgetSession();
}

/** What has ended already needs no end. */
async function end(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof PortalRefusal)) throw error;
  }
}
