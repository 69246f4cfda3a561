/**
 * The endpoint by which the company's directory says who works there (SCIM 2.0, RFC 7644). What it says can end and
 * forbid accesses, never give one: who may enter stands in the policy files. A user who is switched off or deleted is
 * out before the answer is sent. Requests carry the directory's secret and no cookie.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, Router } from 'express';
import { Fault, faultAnswers } from '../core/faults.ts';
import { listOf, messages, resourceTypes, schemas, send, serviceProviderConfig } from './scim-schemas.ts';
import { isObject, ScimFault } from './scim-user.ts';
import { createUsers, type ScimOptions } from './scim-users.ts';

const path = '/scim/v2';

/** The routes below `/scim/v2`. */
export function createScim(options: ScimOptions): Router {
  const base = new URL(path, options.portalUrl).href;
  const users = createUsers(options, base);
  const routes = Router();
  routes.use(checkToken(options));
  routes.use(express.json({ type: ['application/scim+json', 'application/json'], limit: '64kb' }));
  routes.get('/ServiceProviderConfig', (_req, res) => send(res, 200, serviceProviderConfig(base)));
  serveConstants(routes, '/ResourceTypes', resourceTypes(base));
  serveConstants(routes, '/Schemas', schemas(base));
  routes.get('/Users', (req, res) => users.list(req, res));
  routes.post('/Users', (req, res) => users.create(req, res));
  routes.get('/Users/:id', (req, res) => users.show(req, res, req.params.id));
  routes.put('/Users/:id', (req, res) => users.replace(req, res, req.params.id));
  routes.patch('/Users/:id', (req, res) => users.patch(req, res, req.params.id));
  routes.delete('/Users/:id', (req, res) => users.remove(res, req.params.id));
  routes.use(() => {
    throw new ScimFault(404, undefined, 'there is no such resource');
  });
  routes.use(answerFault(options));
  return routes;
}

/** Compared by their hashes, in a time that tells nothing. */
function checkToken({ token, clock, log }: ScimOptions): express.RequestHandler {
  // Strangers must not be able to fill the operator's log.
  let quietUntil = Number.NEGATIVE_INFINITY;
  const digest = (text: string) => hash('sha256', text, 'buffer');
  const expected = digest(token);
  return (req, res, next) => {
    const given = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), expected)) return next();
    if (clock.monotonic() >= quietUntil) {
      quietUntil = clock.monotonic() + 60_000;
      log.warn('directory_refused');
    }
    res.set('WWW-Authenticate', 'Bearer realm="scim"');
    next(new ScimFault(401, undefined, 'the secret is missing or wrong'));
  };
}

function serveConstants(routes: Router, at: string, all: readonly { readonly id: string }[]): void {
  routes.get(at, (_req, res) => send(res, 200, listOf(all, 1, all.length)));
  routes.get(`${at}/:id`, (req, res) => {
    const one = all.find(({ id }) => id === req.params.id);
    if (one === undefined) throw new ScimFault(404, undefined, 'there is no such resource');
    send(res, 200, one);
  });
}

function answerFault({ log }: ScimOptions): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const { status, scimType, detail } = told(error);
    if (status >= 500) log.error('directory_failed', { error });
    if (status === 503) res.set('Retry-After', '5');
    send(res, status, {
      schemas: [`${messages}:Error`],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
      detail,
    });
  };
}

function told(error: unknown): Pick<ScimFault, 'status' | 'scimType'> & { readonly detail: string } {
  if (error instanceof ScimFault)
    return { status: error.status, scimType: error.scimType, detail: error.message };
  if (error instanceof Fault) {
    const { status, text } = faultAnswers[error.code];
    return { status, scimType: undefined, detail: text.en };
  }
  // Express says so when a body is no JSON, too long, or in a character set that it does not know.
  const status =
    isObject(error) || error instanceof Error ? Number((error as { status?: unknown }).status) : 0;
  if (status >= 400 && status < 500)
    return { status, scimType: 'invalidSyntax', detail: 'the body cannot be read as JSON' };
  return { status: 500, scimType: undefined, detail: 'something went wrong on our side' };
}
