/**
 * An application's own sign-in at a provider elsewhere that answers by a form (SAML's POST binding, `form_post`): the browser
 * posts it from that site, where our cookie does not travel. Where the profile lists the route, we answer with a page of the
 * system's own host that holds the same fields and sends itself on; that second request goes the whole way of any other.
 * Nothing of the first goes up, and it lies in no file.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { classify } from '../core/classify.ts';
import type { Reason } from '../core/reasons.ts';
import { preferredLanguage, refusalAnswer, send } from './answer.ts';
import type { Arrival } from './arrive.ts';
import { limits } from './limits.ts';
import { readBody } from './peek.ts';
import { reset } from './raw-socket.ts';

let held = 0;

/** Answers the form if it is one that may be sent on; undefined: it is not, and nothing was done. Never rejects. */
export function answerCallback(
  arrival: Arrival,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> | undefined {
  return isListed(arrival, req) && comesFromElsewhere(arrival, req) ? answer(arrival, req, res) : undefined;
}

async function answer(arrival: Arrival, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const refuse = (reason: Reason): void => send(req, res, arrival.id, refusalAnswer(reason));
  if ((arrival.contentLength ?? 0) > limits.callbackBytes) return refuse('bad_request');
  if (held >= limits.callbacks) return refuse('too_many_requests');
  held += 1;
  if (req.headers.expect !== undefined) res.writeContinue();
  const body = await readBody(req, limits.callbackBytes);
  held -= 1;
  if (body === 'gone') return reset(req.socket);
  const fields = body === 'longer' ? undefined : fieldsOf(body.toString('latin1'));
  return fields === undefined ? refuse('bad_request') : sendOn(arrival, fields, req, res);
}

function isListed({ system, method, target }: Arrival, { headers }: IncomingMessage): boolean {
  const { callbacks } = system.profile;
  if (callbacks === undefined || method !== 'POST' || headers['content-encoding'] !== undefined) return false;
  const type = headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded *(?:; *charset *= *"?utf-8"? *)?$/i.test(type)) return false;
  const hints = { upgrade: false, dest: undefined, accept: undefined, body: false, type: undefined };
  const classified = classify(system.profile, method, target, hints);
  return 'template' in classified && callbacks.includes(classified.template);
}

/** A whole page of another site sent it; from the system's own page it is a request like any other. */
function comesFromElsewhere({ scheme, host }: Arrival, { headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined) return headers.origin !== undefined && headers.origin !== `${scheme}://${host}`;
  const navigates = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return navigates && (site === 'cross-site' || site === 'same-site');
}

const mostFields = 50;

/** Names and values as they were typed in; undefined: too many, or not in UTF-8. */
function fieldsOf(body: string): readonly (readonly [string, string])[] | undefined {
  const pairs = body.split('&').filter((pair) => pair !== '');
  if (pairs.length > mostFields) return undefined;
  try {
    const fields = pairs.map((pair): [string, string] => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decodeURIComponent(name.replaceAll('+', ' ')), decodeURIComponent(value.replaceAll('+', ' '))];
    });
    return fields.some((field) => field.some((text) => text.includes('\0'))) ? undefined : fields;
  } catch {
    return undefined;
  }
}

// A field may be called `submit`, so the form's own property is not asked.
const script = 'HTMLFormElement.prototype.submit.call(document.forms[0])';
const policy = `default-src 'none'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`;

function sendOn(
  { url }: Arrival,
  fields: readonly (readonly [string, string])[],
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const language = preferredLanguage(req.headers['accept-language']);
  const [title, next] = language === 'fr' ? ['Connexion en cours', 'Continuer'] : ['Signing in', 'Continue'];
  const inputs = fields.map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const body = Buffer.from(
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
      `<title>${title} – Consentry</title></head><body><main><h1>${title}</h1><form method="post" action="${escaped(url)}">${inputs.join('')}` +
      `<button>${next}</button></form></main><script>${script}</script></body></html>`,
  );
  res.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
    'Content-Language': language,
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-store',
    // The application may compare the origin of a form with its own name.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(body);
}

/** For an attribute in double quotes; line ends stay what they are. */
function escaped(text: string): string {
  return text.replace(/[&<>"\r\n]/g, (c) => `&#${c.charCodeAt(0)};`);
}
