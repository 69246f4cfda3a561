/**
 * The language of a page: what the address says, else what the visitor chose before, else what the browser asks
 * for; French when it asks for neither. Also the typography that French wants, in one place.
 */
import type { Request, Response } from 'express';
import type { Language, Text } from '../core/model.ts';

const cookieName = '__Host-consentry-lang';

/** The language of the answer to a request. */
export function languageFor(req: Request): Language {
  return (
    parseLanguage(req.query.lang) ?? parseLanguage(cookieOf(req.headers.cookie, cookieName)) ?? accepted(req)
  );
}

/** Keeps an explicit choice in a cookie that holds nothing else. */
export function rememberLanguage(req: Request, res: Response): void {
  const asked = parseLanguage(req.query.lang);
  if (asked === undefined) return;
  res.cookie(cookieName, asked, {
    secure: true,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    maxAge: 365 * 24 * 3600 * 1000,
  });
}

function parseLanguage(value: unknown): Language | undefined {
  return value === 'en' || value === 'fr' ? value : undefined;
}

function accepted(req: Request): Language {
  return req.acceptsLanguages('fr', 'en') === 'en' ? 'en' : 'fr';
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

export type Say = (text: Text) => string;

/** A speaker of one language. No-break spaces are set here, so that sources stay legible. */
export function sayIn(language: Language): Say {
  return language === 'en' ? (text) => counted(text.en) : (text) => typeset(text.fr);
}

/** What is wrong with a form, by the name of the field. */
export function sayErrors(errors: ReadonlyMap<string, Text>, say: Say): ReadonlyMap<string, string> {
  return new Map([...errors].map(([name, text]) => [name, say(text)]));
}

/** A number stays with the word that it counts. */
function counted(words: string): string {
  return words.replace(/(?<![\p{L}\p{N}-])(\d+) (?=\p{Ll})/gu, '$1\u00a0');
}

function typeset(french: string): string {
  return counted(french)
    .replace(/ (?=[;:!?»%])/g, '\u202f')
    .replace(/« /g, '«\u202f')
    .replace(/(?<=\d) (?=\d{3}(?!\d))/g, '\u202f');
}
