/**
 * How this room answers when there is no page of the portal to show: a short page for people, problem+json
 * (RFC 9457) for programs. Never a stack, never a message of a library.
 */
import type { Request, Response } from 'express';
import type { Language, Text } from '../core/model.ts';
import { noticePage } from './notice-page.tsx';

/** Something to tell a person: a stable code, what happened, what to do. */
export interface Notice {
  readonly code: string;
  readonly status: number;
  readonly title: Text;
  readonly lines: readonly Text[];
  readonly links?: readonly { readonly href: string; readonly label: Text }[];
  /** Offers to sign in with a passkey, and leads there afterwards: a path of ours. Only the portal's own pages can. */
  readonly passkey?: string;
  /** Lines to copy as they are. */
  readonly paste?: string;
  /** Where the page leads on by itself. */
  readonly onward?: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
}

/** Makes the HTML of a notice; the portal may bring its own so that all pages look alike. */
export type RenderNotice = (notice: Notice, language: Language, req: Request) => string;

export interface AnswerStyle {
  readonly render?: RenderNotice;
  readonly language?: (req: Request) => Language;
}

/** Answers with the notice, as a page or as problem+json. Never cached. */
export function answerNotice(req: Request, res: Response, notice: Notice, style: AnswerStyle = {}): void {
  const language = (style.language ?? languageOf)(req);
  res.status(notice.status).setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Language', language);
  res.setHeader('Vary', 'Accept, Accept-Language');
  if (notice.retryAfter !== undefined) res.setHeader('Retry-After', String(notice.retryAfter));
  if (wantsPage(req)) {
    res.type('html').send((style.render ?? noticePage)(notice, language, req));
    return;
  }
  res.type('application/problem+json').send(
    JSON.stringify({
      type: 'about:blank',
      title: notice.title[language],
      status: notice.status,
      code: notice.code,
      detail: notice.lines.map((line) => line[language]).join(' '),
    }),
  );
}

/** A browser that shows the answer to a person, rather than a script that reads it. */
export function wantsPage(req: Request): boolean {
  const mode = req.headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return req.headers.accept?.includes('text/html') ?? false;
}

/** The language the portal chose for this request, else what `?lang=` or the browser asks for; French by default. */
export function languageOf(req: Request): Language {
  const chosen: unknown = req.res?.locals.language ?? req.query.lang;
  if (chosen === 'fr' || chosen === 'en') return chosen;
  return req.acceptsLanguages('fr', 'en') === 'en' ? 'en' : 'fr';
}
