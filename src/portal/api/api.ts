/**
 * `/api/v1`: for programs of a client. A token in `Authorization: Bearer` and nothing else says who calls; cookies are not
 * looked at, so no other site can make a browser call. Each call is judged anew: the connection, its seat, scope and role.
 */
import { createHash } from 'node:crypto';
import express, { type Request, type Response, Router } from 'express';
import type { Actor, Seat } from '../../core/commands.ts';
import type { Connection } from '../../core/connections.ts';
import type { Client, Snapshot } from '../../core/model.ts';
import type { InForce } from '../../core/ports.ts';
import { shownTo } from '../../core/pseudonyms.ts';
import type { PortalDeps } from '../deps.ts';
import { OneAtATime } from '../one-at-a-time.ts';
import { seatsOf } from '../own-seats.ts';
import { Rates } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import { texts } from '../texts.ts';
import { type ApiAct, type ApiActName, apiActs, mayThrough } from './acts.ts';
import { calls } from './calls.ts';
import { openApi } from './openapi.ts';
import { noQuery } from './schemas.ts';

const words = texts.api;
const usedPause = 60_000;

/** One call, with who makes it. */
export interface Call {
  readonly deps: PortalDeps;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly client: Client;
  readonly seat: Seat;
  readonly by: Extract<Actor, { seat: string }>;
  readonly inForce: InForce;
  readonly id: string;
  readonly query: unknown;
  readonly body: unknown;
}

/** The routes below `/api/v1`. */
export function createApi(deps: PortalDeps): Router {
  const routes = Router();
  let document: object | undefined;
  const perToken = new Rates({ burst: 120, perSecond: 2 });
  const strangers = new Rates({ burst: 60, perSecond: 1 });
  const pulls = new OneAtATime();
  routes.get('/openapi.json', (_req, res) => {
    document ??= openApi();
    res.json(document);
  });
  const json = express.json({ limit: '64kb', strict: true, type: 'application/json' });
  for (const [name, act] of Object.entries(apiActs) as [ApiActName, ApiAct][]) {
    const body = act.body === undefined ? [] : [json];
    routes[act.method](
      act.path,
      async (req, res, next) => {
        res.locals.connection = await connectionOf(deps, req, res, strangers);
        next();
      },
      ...body,
      async (req, res) => {
        const connection = res.locals.connection as Connection;
        if (!perToken.take(connection.id, deps.clock.monotonic())) throw tooFast(res);
        const call = await callOf(deps, req, name, connection);
        const work = () => calls[name](call);
        const answer = name === 'events' ? await pulls.run(call.client.id, work) : await work();
        if (answer === undefined) throw tooFast(res, 1);
        res.set('cache-control', 'no-store').json(answer);
      },
    );
  }
  routes.use(() => {
    throw new Refusal(404, 'not_found', words.missing, words.missingNext);
  });
  return routes;
}

function tooFast(res: Response, seconds = 5): Refusal {
  res.set('retry-after', String(seconds));
  return new Refusal(429, 'too_many_requests', words.tooFast, words.tooFastNext);
}

/** The live connection of the token that the call carries; 401 for everything else. */
async function connectionOf(
  deps: PortalDeps,
  req: Request,
  res: Response,
  strangers: Rates,
): Promise<Connection> {
  const token = /^Bearer (cst_[A-Za-z0-9_-]{43})$/.exec(req.headers.authorization ?? '')?.[1];
  const found = token === undefined ? undefined : await deps.archive.connection(tokenHash(token));
  if (found === undefined || found.revokedAt !== undefined || !(deps.clock.now() < found.expiresAt)) {
    if (!strangers.take(deps.address?.(req) ?? '', deps.clock.monotonic())) throw tooFast(res);
    throw unauthorised(res);
  }
  return found;
}

/** What is kept of a token. It holds 256 random bits, so a plain hash tells nobody anything. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function unauthorised(res: Response): Refusal {
  res.set('www-authenticate', 'Bearer realm="api"');
  return new Refusal(401, 'token_invalid', words.token, words.tokenNext);
}

async function callOf(
  deps: PortalDeps,
  req: Request,
  name: ApiActName,
  connection: Connection,
): Promise<Call> {
  const rules = deps.policies.current();
  const now = deps.clock.now();
  const client = rules.clients.get(connection.client);
  const snapshot = shownTo(rules, client);
  const inForce = await deps.authority.client(connection.client);
  const sits = inForce.seats.find(({ id }) => id === connection.seat);
  const controller = client?.controllers.find(({ id }) => id === sits?.controller);
  const seat = controller && seatsOf(inForce, controller).find(({ id }) => id === connection.seat);
  if (client === undefined || seat === undefined)
    throw new Refusal(401, 'token_invalid', words.token, words.tokenNext);
  if (!mayThrough(connection.scopes, seat.role, name))
    throw new Refusal(403, 'scope_missing', words.scopeMissing, words.scopeNext);
  const act: ApiAct = apiActs[name];
  const query = (act.query ?? noQuery).safeParse({ ...(req.query as object) });
  const body = act.body?.safeParse(req.body);
  if (act.body !== undefined && !req.is('application/json'))
    throw new Refusal(415, 'not_json', words.badBody, words.badBodyNext);
  if (!query.success || body?.success === false)
    throw new Refusal(422, 'bad_request', words.badBody, words.badBodyNext);
  await noteUse(deps, connection, now);
  const by = { seat: seat.id, role: seat.role, connection: connection.id };
  const id = typeof req.params.id === 'string' ? req.params.id : '';
  return { deps, snapshot, now, client, seat, by, inForce, id, query: query.data, body: body?.data };
}

/** The first use stands in the log before anything is answered; later ones are noted once a minute. */
async function noteUse(deps: PortalDeps, { id, client, usedAt }: Connection, now: number): Promise<void> {
  if (usedAt !== undefined && Math.abs(now - usedAt) < usedPause) return;
  const answer = await deps.authority.run({ do: 'connection-used', client, connection: id });
  if ('refused' in answer) throw new Refusal(401, 'token_invalid', words.token, words.tokenNext);
}
