/**
 * What people see when something is refused or fails: a page for navigations, problem+json (RFC 9457) for the rest,
 * always with a stable code and the request id, never with a message, a cause or a stack.
 */
import type { ErrorRequestHandler, Express, Request, Response } from 'express';
import { Fault, faultAnswers } from '../core/faults.ts';
import type { Text } from '../core/model.ts';
import type { Assets } from './assets.ts';
import type { PortalDeps } from './deps.ts';
import { sayIn } from './language.ts';
import { ProblemPage } from './pages/problem.tsx';
import { NotSeated, Refusal } from './refusal.ts';
import { frameFor, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { languageOf, requestIdOf } from './visit.ts';

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: Text;
  readonly next: Text;
  readonly retryAfter?: number | undefined;
  /** Further members of the answer to a program. */
  readonly more?: object;
}

/** Registers the last two handlers: nothing matched, something threw. */
export function answerErrors(app: Express, deps: PortalDeps, assets: Assets): void {
  app.use((req, res) => {
    answer(deps, assets, req, res, {
      status: 404,
      code: 'not_found',
      title: texts.errors.notFound,
      next: texts.errors.notFoundNext,
    });
  });
  const onError: ErrorRequestHandler = (error: unknown, req, res, _next) => {
    const problem = problemOf(error);
    if (problem.status >= 500) {
      deps.log.error('portal_fault', { code: problem.code, requestId: requestIdOf(res), error });
    }
    if (res.headersSent) {
      res.destroy();
      return;
    }
    if (error instanceof NotSeated && req.method === 'GET' && wantsPage(req)) {
      res.redirect(303, '/seat');
      return;
    }
    answer(deps, assets, req, res, problem);
  };
  app.use(onError);
}

function answer(deps: PortalDeps, assets: Assets, req: Request, res: Response, problem: Problem): void {
  res.status(problem.status);
  if (problem.retryAfter !== undefined) res.set('retry-after', String(problem.retryAfter));
  const say = sayIn(languageOf(res));
  const requestId = requestIdOf(res);
  if (wantsPage(req)) {
    // While sessions are unavailable nobody can be looked up, and asking again would fail again.
    const anonymous = problem.status >= 500;
    const frame = frameFor(deps, assets, req, res, {
      anonymous,
      ...(req.method === 'GET' ? {} : { self: '/' }),
    });
    const page = (
      <ProblemPage
        frame={frame}
        title={say(problem.title)}
        next={say(problem.next)}
        code={problem.code}
        requestId={requestId}
      />
    );
    sendPage(res, page, problem.status);
    return;
  }
  res.type('application/problem+json').send(
    JSON.stringify({
      type: 'about:blank',
      status: problem.status,
      title: say(problem.title),
      detail: say(problem.next),
      code: problem.code,
      request_id: requestId,
      ...problem.more,
    }),
  );
}

/** Programs read no pages, whatever they accept. */
const forPrograms = /^\/(?:api|webhooks)\//;

function wantsPage(req: Request): boolean {
  if (forPrograms.test(req.originalUrl)) return false;
  return req.accepts(['html', 'json']) === 'html' && req.headers['sec-fetch-dest'] !== 'empty';
}

function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error;
  if (error instanceof Fault) {
    const { status, text, retryAfter } = faultAnswers[error.code];
    return { status, code: error.code, title: texts.errors.unsure, next: text, retryAfter };
  }
  const status = statusOf(error);
  if (status === 403) {
    return { status, code: 'cross_site', title: texts.errors.refusedForm, next: texts.errors.badFormNext };
  }
  if (status !== undefined) {
    return { status, code: 'bad_request', title: texts.errors.badForm, next: texts.errors.badFormNext };
  }
  return { status: 500, code: 'internal', title: texts.errors.unsure, next: faultAnswers.internal.text };
}

/** Middleware marks what the sender got wrong with a 4xx status; anything else is our own failure. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
