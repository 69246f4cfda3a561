/**
 * From a page to an answer: builds the frame of a visit and sends markup. The only place that sends HTML.
 */
import type { Request, Response } from 'express';
import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Arrived } from './arrivals.ts';
import type { Assets, AssetName } from './assets.ts';
import type { PortalDeps, SignedIn } from './deps.ts';
import { imprintOf } from './imprint.ts';
import { sayIn } from './language.ts';
import { navigationFor } from './navigation.ts';
import type { Frame } from './pages/layout.tsx';
import { roleOf } from './roles.ts';
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
  const signedIn = options.anonymous === true ? undefined : deps.signIn.who(req);
  return {
    language,
    say,
    evaluation: deps.evaluation,
    imprint: imprintOf(deps, signedIn?.who),
    user: signedIn === undefined ? undefined : { name: nameOf(signedIn), csrf: deps.csrf.token(req) },
    nav: signedIn === undefined ? { menu: [], more: [] } : navigationFor(roleOf(signedIn.who), req.path, say),
    arrivals: (res.locals.arrivals ?? []) as readonly Arrived[],
    self: options.self ?? req.originalUrl,
    assets: {
      style: assets['portal.css'],
      icon: assets['icon.svg'],
      scripts: ['page.js' as const, ...(options.scripts ?? [])].map((name) => assets[name]),
    },
  };
}

function nameOf({ who }: SignedIn): string {
  switch (who.kind) {
    case 'technician':
      return who.person.name;
    case 'controller':
      return who.controller.name;
    case 'provider-user':
      return who.user.name;
  }
}

/** Sends a page. */
export function sendPage(res: Response, page: JSX.Element, status = 200): void {
  res
    .status(status)
    .type('html')
    .send(`<!doctype html>${renderToString(page)}`);
}

/** The markup of a piece of a page, for the pages that follow what happens. */
export function pieceOf(piece: JSX.Element): string {
  return renderToString(piece);
}

/** Makes the frame function that handlers use. */
export function framer(assets: Assets): Framer {
  return (visit, options) => frameFor(visit.deps, assets, visit.req, visit.res, options);
}

export type Framer = (
  visit: Pick<Visit, 'deps' | 'req' | 'res'>,
  options?: { readonly scripts?: readonly AssetName[]; readonly self?: string },
) => Frame;
