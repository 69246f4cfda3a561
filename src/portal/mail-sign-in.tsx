/**
 * The two steps of signing in by mail and code. Looking at a page does nothing, so whatever opens the mail's link uses
 * nothing up; the same address and the wrong one get the same answer.
 */
import { AskMailPage, MailCodePage } from './pages/mail-sign-in.tsx';
import type { FieldErrors } from './pages/parts.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, type OpenVisit } from './visit.ts';

const words = texts.mailSignIn;

function admit({ deps, req }: OpenVisit): void {
  if (!deps.signIn.admitStranger(req))
    throw new Refusal(503, 'overloaded', texts.errors.unsure, texts.errors.badFormNext);
}

/** GET `/sign-in-by-mail` (`return`). */
export function showAskMail(visit: OpenVisit, frame: Framer): void {
  admit(visit);
  const { deps, req, res } = visit;
  const wanted = field(req.query, 'return').slice(0, 2_000);
  const csrf = deps.csrf.token(req);
  sendPage(
    res,
    <AskMailPage frame={frame(visit, { self: '/sign-in-by-mail' })} csrf={csrf} wanted={wanted} />,
  );
}

/** POST `/sign-in-by-mail` (`address return`): on to the code, whoever's address it is. */
export async function askMail({ deps, req, res }: OpenVisit): Promise<void> {
  if (!deps.signIn.admitGuess(req))
    throw new Refusal(429, 'too_many_tries', words.tooMany, words.tooManyNext);
  await deps.signIn.byMail.ask(req, field(req.body, 'address').slice(0, 254), field(req.body, 'return'));
  res.redirect(303, '/sign-in-by-mail/code');
}

/** GET `/sign-in-by-mail/code` (`code`): the form, with what the mail's link says filled in. */
export function showMailCode(visit: OpenVisit, frame: Framer): void {
  admit(visit);
  sendCode(visit, frame, field(visit.req.query, 'code'), new Map());
}

function sendCode(visit: OpenVisit, frame: Framer, mailed: string, errors: FieldErrors): void {
  const { deps, req, res } = visit;
  const page = (
    <MailCodePage
      frame={frame(visit, { self: '/sign-in-by-mail/code' })}
      csrf={deps.csrf.token(req)}
      mailed={mailed.slice(0, 40)}
      errors={errors}
    />
  );
  sendPage(res, page, errors.size === 0 ? 200 : 422);
}

/** POST `/sign-in-by-mail/code` (`mailed code`). */
export async function enterByMail(visit: OpenVisit, frame: Framer): Promise<void> {
  const { deps, req, res, say } = visit;
  const mailed = field(req.body, 'mailed').slice(0, 60);
  const answer = await deps.signIn.byMail.enter(req, mailed, field(req.body, 'code').slice(0, 20));
  if ('next' in answer) return res.redirect(303, answer.next);
  const { refused } = answer;
  const where = refused === 'no_attempt' || refused === 'mail_wrong' ? 'mailed' : 'code';
  sendCode(visit, frame, mailed, new Map([[where, say(words.refused[refused])]]));
}
