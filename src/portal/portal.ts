/**
 * The portal: pages for technicians and for the clients' own users. Express carries it; the data path never passes
 * here. Every route comes from the table of acts, every answer carries the security headers, every POST is checked
 * for forgery.
 */
import express, { type Express } from 'express';
import { showActivity, showActivityLive, stop } from './activity.tsx';
import { answerErrors } from './errors.tsx';
import { serveAssets } from './assets.ts';
import { continueOpening, declare, go, showDeclare } from './declare.tsx';
import type { PortalDeps } from './deps.ts';
import { securityHeaders } from './headers.ts';
import { showHome } from './home.tsx';
import { chooseLanguage } from './language.ts';
import { framer } from './render.tsx';
import { closeOpening, showOpening, showRecord } from './technician.tsx';
import { route } from './visit.ts';

/** Makes the portal's request listener. Registers everything at once; holds no state of its own. */
export function createPortal(deps: PortalDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(...securityHeaders());
  app.use((req, res, next) => {
    res.locals.requestId = deps.random(12).toString('base64url');
    res.locals.language = chooseLanguage(req, res);
    res.set('x-request-id', String(res.locals.requestId));
    next();
  });
  const assets = serveAssets(app);
  if (deps.jwks !== undefined) {
    app.get('/.well-known/jwks.json', (_req, res) => {
      res.json(deps.jwks);
    });
  }
  app.use(deps.sessions);
  app.use(deps.signIn.routes);
  registerActs(app, deps, framer(assets));
  answerErrors(app, deps, assets);
  return app;
}

function registerActs(app: Express, deps: PortalDeps, frame: ReturnType<typeof framer>): void {
  const form = [express.urlencoded({ extended: false, limit: '32kb', parameterLimit: 300 })];
  route(app, deps, 'home', (visit) => showHome(visit, frame));
  route(app, deps, 'declareForm', (visit) => showDeclare(visit, frame));
  route(app, deps, 'declare', (visit) => declare(visit, frame), form);
  route(app, deps, 'continue', (visit) => continueOpening(visit, frame), form);
  route(app, deps, 'go', (visit) => go(visit, frame));
  route(app, deps, 'opening', (visit) => showOpening(visit, frame));
  route(app, deps, 'openingClose', (visit) => closeOpening(visit), form);
  route(app, deps, 'record', (visit) => showRecord(visit, frame));
  route(app, deps, 'activity', (visit) => showActivity(visit, frame));
  route(app, deps, 'activityLive', (visit) => showActivityLive(visit));
  route(app, deps, 'stop', (visit) => stop(visit), form);
}
