/** The page on which a client's people make tokens for programs of theirs, see when each was last used, and end them. */
import { isScope, type Scope } from '../core/connections.ts';
import { latestEnd } from '../core/grant-limits.ts';
import { scopesOf } from './api/acts.ts';
import { tokenHash } from './api/api.ts';
import { seatedOf } from './controller.ts';
import { hooksProps } from './hook-view.ts';
import { readLocal, toLocal } from './local-times.ts';
import { ConnectionsPage, type NewConnection, TokenPage } from './pages/connections.tsx';
import type { NewHook } from './pages/hooks.tsx';
import type { FieldErrors } from './pages/parts.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, fields, type Visit } from './visit.ts';

const words = texts.api;
const month = 30 * 86_400_000;

/** GET `/connections`. */
export async function showConnections(visit: Visit, frame: Framer): Promise<void> {
  await sendConnections(visit, frame, {});
}

/** What was typed into one of the page's two forms, and what is wrong with it. */
interface Filled {
  readonly form?: NewConnection;
  readonly errors?: FieldErrors;
  readonly hook?: NewHook;
  readonly hookErrors?: FieldErrors;
}

/** The page, with what was typed where something is wrong. */
export async function sendConnections(visit: Visit, frame: Framer, filled: Filled): Promise<void> {
  const seated = await seatedOf(visit);
  const { client, seat, inForce } = seated;
  const until = toLocal(visit.now + 3 * month, client.zone).slice(0, 10);
  const { form = { name: '', scopes: [], until }, errors = new Map(), hook, hookErrors } = filled;
  const all = await visit.deps.archive.connections(client.id);
  const rows = all.map((connection) => {
    const owner = inForce.seats.find(({ id }) => id === connection.seat);
    const live =
      connection.revokedAt === undefined && connection.expiresAt > visit.now && owner !== undefined;
    return {
      connection,
      owner: owner?.name ?? '–',
      live,
      mayEnd: live && (seat.role === 'representative' || owner.controller === seat.controller),
    };
  });
  sendPage(
    visit.res,
    <ConnectionsPage
      frame={frame(visit, { self: '/connections' })}
      csrf={visit.deps.csrf.token(visit.req)}
      zone={client.zone}
      rows={rows}
      offered={scopesOf(seat.role)}
      form={form}
      errors={errors}
      hooks={await hooksProps(visit, seated, hook, hookErrors)}
    />,
    errors.size === 0 && hookErrors === undefined ? 200 : 422,
  );
}

/** POST `/connections`: fields `name scopes until`. The token is on the answer and nowhere else. */
export async function makeConnection(visit: Visit, frame: Framer): Promise<void> {
  const { deps, req, now, say } = visit;
  const { client, seat } = await seatedOf(visit);
  const form = {
    name: field(req.body, 'name').trim(),
    scopes: fields(req.body, 'scopes'),
    until: field(req.body, 'until'),
  };
  const offered = scopesOf(seat.role);
  const chosen = [...new Set(form.scopes)].filter(
    (one): one is Scope => isScope(one) && offered.includes(one),
  );
  const expiresAt = readLocal(form.until, client.zone);
  const errors = new Map<string, string>();
  const { name } = form;
  if (name.length < 2 || name.length > 80 || /[\p{C}\u2028\u2029]/u.test(name))
    errors.set('name', say(words.nameMissing));
  if (chosen.length === 0 || chosen.length !== form.scopes.length)
    errors.set('scopes', say(words.scopesMissing));
  if (expiresAt === undefined || expiresAt <= now || expiresAt > latestEnd(now))
    errors.set('until', say(words.untilWrong));
  if (errors.size > 0 || expiresAt === undefined) return sendConnections(visit, frame, { form, errors });
  const token = `cst_${deps.random(32).toString('base64url')}`;
  const id = deps.random(12).toString('base64url');
  const connection = { id, client: client.id, seat: seat.id, name, scopes: chosen, expiresAt };
  const answer = await deps.authority.run({ do: 'connect', connection, hash: tokenHash(token) });
  if ('refused' in answer)
    throw answer.refused === 'not_seated'
      ? new Refusal(403, answer.refused, texts.people.notSeated, texts.people.whatNext)
      : new Refusal(409, answer.refused, words.tooMany, words.tooManyNext);
  visit.res.set('cache-control', 'no-store');
  sendPage(visit.res, <TokenPage frame={frame(visit, { self: '/connections' })} name={name} token={token} />);
}

/** POST `/connections/:id/end`. */
export async function endConnection(visit: Visit): Promise<void> {
  const { client, seat } = await seatedOf(visit);
  const connection = String(visit.req.params.id);
  const answer = await visit.deps.authority.run({
    do: 'disconnect',
    client: client.id,
    connection,
    seat: seat.id,
  });
  if ('refused' in answer)
    throw answer.refused === 'not_seated'
      ? new Refusal(403, 'role_not_allowed', texts.errors.forbidden, texts.errors.forbiddenNext)
      : new Refusal(404, answer.refused, words.unknown, texts.errors.notFoundNext);
  visit.res.redirect(303, '/connections');
}
