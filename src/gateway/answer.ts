/**
 * What a person or a program sees when the gateway answers itself: a page that says what to do next, or
 * problem+json (RFC 9457). Never a message from an error, never a word from the upstream.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type FaultCode, faultAnswers } from '../core/faults.ts';
import type { Language, Text } from '../core/model.ts';
import { type Reason, reasonAnswers } from '../core/reasons.ts';

/** An answer of our own, ready to be shown in either language. */
export interface Answer {
  readonly status: number;
  readonly code: string;
  readonly title: Text;
  readonly next: Text;
  readonly retryAfter?: number;
  /** Where a person goes on, if anywhere. */
  readonly link?: { readonly href: string; readonly label: Text };
}

export function refusalAnswer(reason: Reason, link?: Answer['link']): Answer {
  const { status, title, next } = reasonAnswers[reason];
  return { status, code: reason, title, next, ...(link === undefined ? {} : { link }) };
}

const faultTitle: Text = { en: 'This could not be done', fr: 'Cela n’a pas pu être fait' };

export function faultAnswer(code: FaultCode): Answer {
  const { status, text, retryAfter } = faultAnswers[code];
  return { status, code, title: faultTitle, next: text, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** The answer to a form that meets an ended opening: nothing was sent, and nothing typed is lost. */
export function notSentAnswer(renew: string): Answer {
  return {
    status: 403,
    code: 'opening_ended',
    title: { en: 'Not sent: your access has ended', fr: 'Non envoyé : votre accès est terminé' },
    next: {
      en: 'What you entered was not sent. Renew your access in a new tab, then come back here and reload this page: your browser sends it again.',
      fr: 'Votre saisie n’a pas été envoyée. Renouvelez votre accès dans un nouvel onglet, puis revenez ici et rechargez cette page : votre navigateur l’enverra de nouveau.',
    },
    link: { href: renew, label: { en: 'Renew in a new tab', fr: 'Renouveler dans un nouvel onglet' } },
  };
}

/** A person looks at it: a navigation of a browser, or something that asks for HTML first. */
export function wantsPage(req: IncomingMessage): boolean {
  const destination = req.headers['sec-fetch-dest'];
  if (destination !== undefined)
    return destination === 'document' || destination === 'iframe' || destination === 'frame';
  return (req.headers.accept ?? '').includes('text/html');
}

/** French unless the browser prefers English. */
export function preferredLanguage(header: string | undefined): Language {
  let best: { language: Language; weight: number } = { language: 'fr', weight: 0 };
  for (const item of (header ?? '').split(',').slice(0, 20)) {
    const [tag = '', ...parameters] = item.trim().toLowerCase().split(';');
    const language = tag.startsWith('en') ? 'en' : tag.startsWith('fr') ? 'fr' : undefined;
    const weight = Number(
      parameters
        .find((p) => p.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    );
    if (language !== undefined && weight > best.weight) best = { language, weight };
  }
  return best.language;
}

/** Sends an answer of our own. The body of the request, if any, is let go without being kept. */
export function send(req: IncomingMessage, res: ServerResponse, id: string, answer: Answer): void {
  if (res.headersSent || res.destroyed) return;
  const { body, headers } = render(req, id, answer);
  const sending = !req.complete && !req.readableEnded;
  if (sending) letGo(req);
  if (
    sending &&
    (req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 1_048_576)
  ) {
    headers.push('Connection', 'close');
  }
  req.resume();
  res.writeHead(answer.status, headers);
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** How long somebody who was refused may go on sending, or leave the connection half closed, in milliseconds. */
const farewell = 5_000;

/** A refused body that does not end soon ends with its connection. */
function letGo(req: IncomingMessage): void {
  const { socket } = req;
  const timer = setTimeout(() => req.complete || socket.destroy(), farewell);
  timer.unref();
  req.once('end', () => clearTimeout(timer));
}

/** The same for an upgrade, where there is only a socket. Closes it. */
export function sendRaw(req: IncomingMessage, socket: Duplex, id: string, answer: Answer): void {
  const { body, headers } = render(req, id, answer);
  const lines = [`HTTP/1.1 ${answer.status} Refused`];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  socket.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), farewell).unref();
}

function render(req: IncomingMessage, id: string, answer: Answer): { body: Buffer; headers: string[] } {
  const language = preferredLanguage(req.headers['accept-language']);
  const html = wantsPage(req);
  const body = Buffer.from(html ? page(answer, id, language) : problem(answer, id, language));
  const headers = [
    'Content-Type',
    html ? 'text/html; charset=utf-8' : 'application/problem+json',
    'Content-Length',
    String(body.length),
    'Content-Language',
    language,
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'Referrer-Policy',
    'no-referrer',
    'Content-Security-Policy',
    contentPolicy,
  ];
  // Many programs send what they have only once they are asked; a browser would ask its person for a password.
  if (answer.status === 401 && !html && req.headers['sec-fetch-mode'] === undefined)
    headers.push('WWW-Authenticate', 'Basic realm="Consentry"');
  if (answer.retryAfter !== undefined) headers.push('Retry-After', String(answer.retryAfter));
  return { body, headers };
}

function problem(answer: Answer, id: string, language: Language): string {
  return JSON.stringify({
    type: 'about:blank',
    title: answer.title[language],
    status: answer.status,
    detail: answer.next[language],
    code: answer.code,
    request_id: id,
  });
}

const style =
  ':root{color-scheme:light dark;--ink:#16202c;--soft:#52606d;--line:#d7dee6;--paper:#fff;--ground:#f3f6f9;--act:#0b57a4}' +
  '@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#a3b1bf;--line:#33414f;--paper:#18212b;--ground:#0f161d;--act:#7db7f0}}' +
  'body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,sans-serif}' +
  'main{max-width:36rem;margin:12vh auto 2rem;padding:2rem;background:var(--paper);border:1px solid var(--line);border-radius:12px}' +
  '@media(max-width:40rem){main{margin:0;border:0;border-radius:0;min-height:100vh;box-sizing:border-box}}' +
  'h1{font-size:1.35rem;margin:0 0 .75rem}p{margin:.75rem 0}a{color:var(--act);font-weight:600}' +
  'footer{margin-top:2rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.85rem}code{font-size:.95em}';

const contentPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** Text as a page shows it: French gets its narrow no-break spaces. */
function spoken(text: Text, language: Language): string {
  if (language === 'en') return text.en;
  return text.fr.replace(/ (?=[;:!?»%])/g, '\u202f').replace(/« /g, '«\u202f');
}

function page(answer: Answer, id: string, language: Language): string {
  const label: Text = { en: 'Request', fr: 'Requête' };
  const link =
    answer.link === undefined
      ? ''
      : `<p><a href="${escapeHtml(answer.link.href)}" target="_blank" rel="noopener">${escapeHtml(spoken(answer.link.label, language))}</a></p>`;
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<title>${escapeHtml(spoken(answer.title, language))} – Consentry</title><style>${style}</style></head><body><main>` +
    `<h1>${escapeHtml(spoken(answer.title, language))}</h1><p>${escapeHtml(spoken(answer.next, language))}</p>${link}` +
    `<footer><code>${escapeHtml(answer.code)}</code> · ${label[language]} <code>${escapeHtml(id)}</code></footer></main></body></html>`
  );
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c] ?? c);
}
