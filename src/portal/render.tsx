/**
 * From a page to an answer: builds the frame of a visit and sends markup. The only place that sends HTML.
 */
import type { Request, Response } from 'express';
import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Assets, AssetName } from './assets.ts';
import type { PortalDeps, SignedIn } from './deps.ts';
import { type Say, sayIn } from './language.ts';
import type { Frame, NavItem } from './pages/layout.tsx';
import { type ActName, acts, may, type Role, roleOf } from './roles.ts';
import { texts } from './texts.ts';
import { languageOf, type Visit } from './visit.ts';

const navigation = [
  ['home', texts.nav.systems, ['technician']],
  ['requests', texts.requests.mine, ['technician']],
  ['record', texts.nav.record, ['technician']],
  ['activity', texts.nav.activity, ['representative', 'delegate', 'reader']],
  ['requests', texts.requests.received, ['representative', 'delegate', 'reader']],
  ['agreements', texts.nav.agreements, ['representative', 'delegate', 'reader']],
  ['credentials', texts.nav.credentials, ['representative', 'delegate', 'reader']],
  ['people', texts.nav.people, ['representative', 'delegate', 'reader']],
  ['verify', texts.nav.verify, ['representative', 'delegate', 'reader']],
  ['seatForm', texts.nav.seat, ['representative', 'delegate', 'reader']],
] as const;

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
  const snapshot = deps.policies.current();
  return {
    language,
    say,
    evaluation: deps.evaluation,
    organisation: snapshot.organisation,
    dpo: snapshot.dpo,
    user: signedIn === undefined ? undefined : { name: nameOf(signedIn), csrf: deps.csrf.token(req) },
    nav: signedIn === undefined ? [] : navFor(roleOf(signedIn.who), req.path, say),
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

function navFor(role: Role, path: string, say: Say): readonly NavItem[] {
  return navigation
    .filter(([act, , roles]) => (roles as readonly Role[]).includes(role) && may(role, act))
    .map(([act, label]) => ({
      href: acts[act as ActName].path,
      label: say(label),
      current: acts[act as ActName].path === path || (path === '/' && act === 'activity'),
    }));
}

/** Sends a page. */
export function sendPage(res: Response, page: JSX.Element, status = 200): void {
  res
    .status(status)
    .type('html')
    .send(`<!doctype html>${renderToString(page)}`);
}

/** Sends a piece of a page, for the live refresh. */
export function sendFragment(res: Response, piece: JSX.Element): void {
  res.status(200).type('html').send(renderToString(piece));
}

/** Makes the frame function that handlers use. */
export function framer(assets: Assets): Framer {
  return (visit, options) => frameFor(visit.deps, assets, visit.req, visit.res, options);
}

export type Framer = (
  visit: Pick<Visit, 'deps' | 'req' | 'res'>,
  options?: { readonly scripts?: readonly AssetName[]; readonly self?: string },
) => Frame;
