/**
 * One request of a signed-in person, with everything its handler needs, and the only way to register a route:
 * through the table of acts, so that no route can forget to ask who may.
 */
import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import type { Client, ControllerUser, Language, Person, Snapshot, Who } from '../core/model.ts';
import { shownTo } from '../core/pseudonyms.ts';
import { seenAs } from '../core/teams.ts';
import { arrivalsFor } from './arrivals.ts';
import { clientIn, whoAt } from './client-address.ts';
import { locksFor } from './code-locks.ts';
import type { PortalDeps, SignedIn } from './deps.ts';
import { type Say, sayIn } from './language.ts';
import { Refusal } from './refusal.ts';
import { type ActName, acts, may, type Role, roleOf } from './roles.ts';
import { noticeAddress, waitsForNotice } from './staff-notice-gate.ts';
import { texts } from './texts.ts';

export interface Visit {
  readonly req: Request;
  readonly res: Response;
  readonly deps: PortalDeps;
  readonly act: ActName;
  readonly signedIn: SignedIn;
  readonly role: Role;
  readonly snapshot: Snapshot;
  readonly language: Language;
  readonly say: Say;
  readonly now: number;
}

export type Handler = (visit: Visit) => Promise<void> | void;

/** A request for which nobody need be signed in. */
export interface OpenVisit extends Omit<Visit, 'signedIn' | 'role'> {
  readonly signedIn: SignedIn | undefined;
}

/** Registers the handler of an act that is open to visitors. POSTs are checked for forgery all the same. */
export function openRoute(
  app: Express,
  deps: PortalDeps,
  act: ActName,
  handler: (visit: OpenVisit) => Promise<void> | void,
  body: readonly RequestHandler[] = [],
): void {
  if (!may('visitor', act)) throw new Error(`${act} is not open to visitors`);
  const { method, path } = acts[act];
  const guards = method === 'post' ? [...body, deps.csrf.check] : [];
  app[method](path, ...guards, async (req: Request, res: Response, next: NextFunction) => {
    // What is open to anybody is no page of a client.
    if (clientIn(res) !== undefined) return next();
    const signedIn = deps.signIn.who(req);
    await handler({ ...circumstances(req, res, deps, act, signedIn?.who), signedIn });
  });
}

/** The rules as this person may read them: the client's own people see technicians as their client does. */
export function snapshotFor({ policies }: PortalDeps, who: Who | undefined): Snapshot {
  const snapshot = policies.current();
  return who?.kind === 'controller'
    ? shownTo(snapshot, snapshot.clients.get(who.controller.client))
    : snapshot;
}

function circumstances(
  req: Request,
  res: Response,
  deps: PortalDeps,
  act: ActName,
  who: Who | undefined,
): Omit<Visit, 'signedIn' | 'role'> {
  const language = languageOf(res);
  return {
    req,
    res,
    deps,
    act,
    snapshot: snapshotFor(deps, who),
    language,
    say: sayIn(language),
    now: deps.clock.now(),
  };
}

/** Registers the handler of one act: sign-in, role, then the work; POSTs are checked for forgery before. */
export function route(
  app: Express,
  deps: PortalDeps,
  act: ActName,
  handler: Handler,
  body: readonly RequestHandler[] = [],
): void {
  const { method, path } = acts[act];
  const guards = method === 'post' ? [...body, deps.csrf.check] : [];
  app[method](
    path,
    deps.signIn.require(),
    ...guards,
    async (req: Request, res: Response, next: NextFunction) => {
      const account = deps.signIn.who(req);
      if (account === undefined)
        return next(new Refusal(401, 'not_authenticated', texts.errors.signIn, texts.errors.signInNext));
      const who = whoAt(account.who, clientIn(res));
      if (who === undefined)
        return next(new Refusal(404, 'not_found', texts.errors.notFound, texts.errors.notFoundNext));
      const signedIn = { ...account, who };
      const role = roleOf(who);
      if (role === 'several' && !may(role, act)) return chooseFirst(req, res, next);
      if (!may(role, act))
        return next(new Refusal(403, 'role_not_allowed', texts.errors.forbidden, texts.errors.forbiddenNext));
      const visit = { ...circumstances(req, res, deps, act, who), signedIn, role };
      if (who.kind === 'technician' && waitsForNotice(deps, visit.snapshot, who.person, act))
        return res.redirect(303, noticeAddress(method === 'get' ? req.originalUrl : '/'));
      res.locals.arrivals = await arrivalsFor(deps.authority, signedIn.who);
      res.locals.locks = await locksFor(deps, signedIn.who);
      await handler(visit);
    },
  );
}

/** Whoever acts for several clients says first for which; nothing is done for any of them before. */
function chooseFirst(req: Request, res: Response, next: NextFunction): void {
  if (req.method === 'GET') return res.redirect(303, '/clients');
  next(new Refusal(409, 'client_not_chosen', texts.clients.choose, texts.clients.chooseNext));
}

export function languageOf(res: Response): Language {
  return res.locals.language === 'en' ? 'en' : 'fr';
}

export function requestIdOf(res: Response): string {
  return typeof res.locals.requestId === 'string' ? res.locals.requestId : '';
}

/** The technician of a visit, with the teams of this sign-in. The table of acts lets nobody else reach those handlers; this makes it a type. */
export function technicianOf(visit: Pick<Visit, 'signedIn' | 'snapshot'>): Person {
  const { who } = visit.signedIn;
  if (who.kind !== 'technician')
    throw new Refusal(403, 'role_not_allowed', texts.errors.forbidden, texts.errors.forbiddenNext);
  return seenAs(visit.snapshot, who.person, visit.signedIn.authentication);
}

/** The controller of a visit with the one client that is theirs. */
export function controllerOf(visit: Visit): { readonly controller: ControllerUser; readonly client: Client } {
  const { who } = visit.signedIn;
  const client = who.kind === 'controller' ? visit.snapshot.clients.get(who.controller.client) : undefined;
  if (who.kind !== 'controller' || client === undefined) {
    throw new Refusal(403, 'role_not_allowed', texts.errors.forbidden, texts.errors.forbiddenNext);
  }
  return { controller: who.controller, client };
}

/** One text field of a form or address; anything else than a single string is the empty string. */
export function field(source: unknown, name: string): string {
  const value = rawField(source, name);
  return typeof value === 'string' ? value : '';
}

/** All values of a field that may stand several times. */
export function fields(source: unknown, name: string): readonly string[] {
  const value = rawField(source, name);
  const all: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return all.filter((item) => typeof item === 'string');
}

function rawField(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return undefined;
  return (source as Record<string, unknown>)[name];
}
