/** Whatever the portal answers to somebody: every page that is linked, live pages, bytes. */
import { request } from 'node:http';
import { type Act, acts } from '../../src/portal/roles.ts';
import type { Answer } from '../support/oidc.ts';
import { portal, type Somebody } from './pseudonym-day.ts';

/** Everything that a GET of the route table answers to somebody: what is linked, and what is asked for by hand. */
export async function walk(
  who: Somebody,
  language: string,
  more: readonly string[],
): Promise<ReadonlyMap<string, Answer>> {
  const rows = (Object.values(acts) as Act[])
    .filter(({ method }) => method === 'get')
    .map(({ path }) => path);
  const shapeOf = (path: string) =>
    rows.find((row) => row === path) ??
    rows.find((row) => new RegExp(`^${row.replace(/:[^/]+/g, '[^/]+')}$`).test(path)) ??
    path;
  const waiting = [...rows.filter((row) => !row.includes(':') && !row.endsWith('/live')), ...more];
  const times = new Map<string, number>();
  const seen = new Map<string, Answer>();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const shape = shapeOf(new URL(path, portal).pathname);
    if (seen.has(path) || shape === '/clients' || (times.get(shape) ?? 0) >= 3 + more.length) continue;
    times.set(shape, (times.get(shape) ?? 0) + 1);
    const answer = await who.get(path, language);
    seen.set(path, answer);
    for (const [, href = ''] of answer.text.matchAll(/href="(\/[^"]*)"/g)) {
      const next = href.replaceAll('&amp;', '&');
      if (!/^\/(?:assets|sign-|api)|[?&]lang=/.test(next)) waiting.push(next);
    }
  }
  return seen;
}

function cookieOf({ browser }: Somebody): string {
  const { host } = new URL(portal);
  return [...browser.cookies]
    .filter(([name]) => name.startsWith(`${host} `))
    .map(([name, value]) => `${name.slice(host.length + 1)}=${value}`)
    .join('; ');
}

/** The first piece of a live page. */
export function firstPiece(who: Somebody, path: string): Promise<string> {
  const url = new URL(path, portal);
  const headers = {
    host: url.host,
    cookie: cookieOf(who),
    accept: 'text/event-stream',
    'accept-language': 'en',
  };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: url.port, path, headers }, (answer) => {
      let told = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        told += part;
        if (!told.includes('\n\n')) return;
        asked.destroy();
        resolve(told);
      });
    });
    asked.on('error', reject).end();
  });
}

/**
 * Live pages, and pages that only forms lead to, which are looked at where those are sent. A certificate is looked at where it is made:
 * it names no technician.
 */
export const seenElsewhere = [
  ...['/now/live', '/activity/live', '/agreements/review', '/instructions/review'],
  ...['/ending/review', '/ending/certificate', '/ending/certificate/pdf', '/people/frames/review'],
];

/** Pages of the route table that a representative may see and that did not come. */
export function unseenIn(seen: ReadonlyMap<string, Answer>): readonly string[] {
  const rows = (Object.values(acts) as Act[]).filter(
    ({ method, roles }) => method === 'get' && roles.includes('representative') && !roles.includes('visitor'),
  );
  return rows
    .map(({ path }) => path)
    .filter((row) => {
      const fits = new RegExp(`^${row.replace(/:[^/]+/g, '[^/?]+')}(?:\\?.*)?$`);
      return ![...seen].some(([path, { status }]) => status === 200 && fits.test(path));
    });
}

/** Bytes as they come. */
export function bytesOf(who: Somebody, path: string): Promise<Buffer> {
  const url = new URL(path, portal);
  const headers = { host: url.host, cookie: cookieOf(who) };
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: url.port, path, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve(Buffer.concat(parts)));
    });
    asked.on('error', reject).end();
  });
}
