/**
 * Addresses that carry a client: `/c/acme/agreements` is the page `/agreements` for acme and shows nothing else. Handlers know
 * nothing of it; what a page, a redirect or an answer names of ours gets the same beginning on its way out. Whoever acts for one
 * client needs none. Whether somebody acts for the client named is decided by whoAt, on every request.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { Who } from '../core/model.ts';

const begins = /^\/c\/([a-z][a-z0-9-]{0,62})(?=\/|\?|$)/;
/** First words of addresses that are nobody's in particular. */
const common: ReadonlySet<string> = new Set([
  ...['c', 'clients', 'assets', 'sign-in', 'sign-out', 'signed-out', 'sign-in-by-mail'],
  ...['enrol', 'recover', 'api'],
]);

/** The client that the address of this request carries; undefined: none. */
export function clientIn(res: Response | undefined): string | undefined {
  const client: unknown = res?.locals.client;
  return typeof client === 'string' ? client : undefined;
}

/** Reads the client out of the address, before anything else looks at it. The address itself stays as it is. */
export const readClient: RequestHandler = (req, res, next) => {
  const client = begins.exec(req.url)?.[1];
  if (client !== undefined) res.locals.client = client;
  next();
};

/** From here on the address is the one that the table of acts knows. Comes after everything that is no act. */
export const takeClientOut: RequestHandler = (req, res, next) => {
  const client = clientIn(res);
  if (client === undefined) return next();
  const rest = req.url.replace(begins, '');
  req.url = rest.startsWith('/') ? rest : `/${rest}`;
  const redirect = res.redirect.bind(res) as (status: number, url: string) => void;
  res.redirect = ((status: number, url: string) =>
    redirect(status, under(client, url))) as Response['redirect'];
  const json = res.json.bind(res);
  res.json = (body: unknown) => json(withNext(client, body));
  next();
};

/** The address of one of our pages for a client; what is nobody's in particular, or not ours, stays. */
export function under(client: string | undefined, address: string): string {
  if (client === undefined || !address.startsWith('/') || address.startsWith('//')) return address;
  const [first = ''] = address.slice(1).split(/[/?#]/);
  return common.has(first) ? address : `/c/${client}${address}`;
}

/** Scripts are led on by `next`. */
function withNext(client: string, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('next' in body) || typeof body.next !== 'string')
    return body;
  return { ...body, next: under(client, body.next) };
}

const addresses = / (href|action|formaction|data-stream)="(\/[^"]*)"/g;

/** Markup of ours whose addresses carry the client. Text cannot look like an attribute: its quotes are escaped. */
export function markupUnder(client: string | undefined, markup: string): string {
  if (client === undefined) return markup;
  return markup
    .replace(addresses, (_, name: string, address: string) => ` ${name}="${under(client, address)}"`)
    .replace(/^<html /, `<html data-base="/c/${client}" `);
}

/**
 * Who somebody is at the address that they came to: of somebody who acts for several clients, the one whom it names.
 * Undefined: nobody there, whoever they are elsewhere.
 */
export function whoAt(who: Who, client: string | undefined): Who | undefined {
  if (client === undefined) return who;
  if (who.kind === 'several') {
    const controller = who.controllers.find((one) => one.client === client);
    return controller && { kind: 'controller', controller };
  }
  return who.kind === 'controller' && who.controller.client === client ? who : undefined;
}

/** The client named by the request's address, for what is kept apart by client. */
export function clientOfRequest(req: Request): string | undefined {
  return clientIn(req.res);
}
