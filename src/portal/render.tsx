/**
 * From a page to an answer: builds the frame of a visit and sends markup. The only place that sends HTML.
 */
import type { Request, Response } from 'express';
import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Who } from '../core/model.ts';
import type { Arrived } from './arrivals.ts';
import type { AssetName, Assets } from './assets.ts';
import { clientIn, markupUnder, whoAt } from './client-address.ts';
import type { LockedOut } from './code-locks.ts';
import type { PortalDeps } from './deps.ts';
import { imprintOf } from './imprint.ts';
import { type Say, sayIn } from './language.ts';
import { navigationFor } from './navigation.ts';
import type { Frame } from './pages/layout.tsx';
import { roleOf } from './roles.ts';
import { texts } from './texts.ts';
import { languageOf, type Visit } from './visit.ts';

/** The frame of a page for whoever asks, signed in or not. Never throws: error pages use it too. */
export function frameFor(
  deps: PortalDeps,
  assets: Assets,
  req: Request,
  res: Response,
  options: {
    readonly scripts?: readonly AssetName[];
    readonly self?: string;
    readonly anonymous?: boolean;
  } = {},
): Frame {
  const language = languageOf(res);
  const say = sayIn(language);
  const account = options.anonymous === true ? undefined : deps.signIn.who(req);
  const who = account && whoAt(account.who, clientIn(res));
  const several = account?.who.kind === 'several' && who?.kind === 'controller';
  return {
    language,
    say,
    evaluation: deps.evaluation,
    imprint: imprintOf(deps, who),
    user: who === undefined ? undefined : { name: nameOf(who, deps, several), csrf: deps.csrf.token(req) },
    nav: navigationOf(who, several, req, say),
    arrivals: (res.locals.arrivals ?? []) as readonly Arrived[],
    locks: (res.locals.locks ?? []) as readonly LockedOut[],
    self: options.self ?? req.originalUrl,
    assets: {
      style: assets['portal.css'],
      icon: assets['icon.svg'],
      scripts: ['page.js' as const, ...(options.scripts ?? [])].map((name) => assets[name]),
    },
  };
}

/** Whoever acts for several clients can always choose another. */
function navigationOf(who: Who | undefined, several: boolean, req: Request, say: Say): Frame['nav'] {
  if (who === undefined) return { menu: [], more: [] };
  const { menu, more } = navigationFor(roleOf(who), req.path, say);
  if (!several) return { menu, more };
  return { menu, more: [...more, { href: '/clients', label: say(texts.clients.others), current: false }] };
}

/** Of whoever acts for several clients also for which. */
function nameOf(who: Who, { policies }: PortalDeps, several: boolean): string {
  switch (who.kind) {
    case 'technician':
      return who.person.name;
    case 'controller':
      return several
        ? `${who.controller.name} – ${policies.current().clients.get(who.controller.client)?.name ?? ''}`
        : who.controller.name;
    case 'several':
      return who.controllers[0]?.name ?? '';
    case 'provider-user':
      return who.user.name;
  }
}

/** Sends a page. */
export function sendPage(res: Response, page: JSX.Element, status = 200): void {
  res
    .status(status)
    .type('html')
    .send(`<!doctype html>${markupUnder(clientIn(res), renderToString(page))}`);
}

/** The markup of a piece of a page, for the pages that follow what happens. */
export function pieceOf(piece: JSX.Element, res: Response): string {
  return markupUnder(clientIn(res), renderToString(piece));
}

/** Makes the frame function that handlers use. */
export function framer(assets: Assets): Framer {
  return (visit, options) => frameFor(visit.deps, assets, visit.req, visit.res, options);
}

export type Framer = (
  visit: Pick<Visit, 'deps' | 'req' | 'res'>,
  options?: { readonly scripts?: readonly AssetName[]; readonly self?: string },
) => Frame;
