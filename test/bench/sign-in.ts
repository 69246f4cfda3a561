/**
 * A person who signs in, as their browser would: follows redirects between portal and identity provider, keeps cookies
 * per host, fills in the form. Everything is on loopback, whatever the names.
 */

import type { IncomingHttpHeaders } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';

export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Jar {
  /** Cookies by host name, then by name. Paths and ages do not matter within one sign-in. */
  readonly cookies: Map<string, Map<string, string>>;
  /** The authority of the portal's certificate, PEM; undefined: it speaks plain HTTP. */
  readonly ca: string | undefined;
}

/** Somebody signed in: gets a page of the portal, or sends a form to it. */
export type SignedIn = (path: string, form?: Readonly<Record<string, string>>) => Promise<Page>;

const MOST_STEPS = 15;

/** Signs in at the portal and ends on one of its pages; rejects when that does not come about. */
export async function signIn(portal: string, login: string, ca?: string): Promise<SignedIn> {
  const jar: Jar = { cookies: new Map(), ca };
  let page = await visit(jar, new URL('/', portal), undefined);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const location = page.headers.location;
    if (location !== undefined) page = await visit(jar, new URL(location, page.url), undefined);
    else if (page.text.includes('name="login"')) page = await fillIn(jar, page, login);
    else if (page.status === 200 && page.url.origin === portal)
      return (path, sent) => visit(jar, new URL(path, portal), sent && new URLSearchParams(sent).toString());
    else throw new Error(`sign-in ended with ${page.status} at ${page.url.origin}${page.url.pathname}`);
  }
  throw new Error('sign-in goes round in circles');
}

function fillIn(jar: Jar, page: Page, login: string): Promise<Page> {
  const action = /<form[^>]*action="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const form = new URLSearchParams({ login, password: 'bench' });
  for (const [, name = '', value = ''] of hidden) form.set(name, value);
  return visit(jar, new URL(action, page.url), form.toString());
}

function visit(jar: Jar, url: URL, form: string | undefined): Promise<Page> {
  const cookies = jar.cookies.get(url.hostname) ?? new Map<string, string>();
  jar.cookies.set(url.hostname, cookies);
  const headers: Record<string, string> = {
    host: url.host,
    accept: 'text/html',
    'sec-fetch-site': form === undefined ? 'none' : 'same-origin',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
  };
  if (form !== undefined) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    headers['content-length'] = String(Buffer.byteLength(form));
    headers.origin = url.origin;
  }
  const request = url.protocol === 'https:' ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        servername: url.hostname,
        ca: jar.ca,
        port: url.port,
        method: form === undefined ? 'GET' : 'POST',
        path: url.pathname + url.search,
        headers,
      },
      async (res) => {
        try {
          keep(cookies, res.headers['set-cookie'] ?? []);
          const parts: Buffer[] = [];
          for await (const part of res as AsyncIterable<Buffer>) parts.push(part);
          const text = Buffer.concat(parts).toString('utf8');
          resolve({ url, status: res.statusCode ?? 0, headers: res.headers, text });
        } catch (fault) {
          reject(fault);
        }
      },
    );
    asked.on('error', reject);
    asked.end(form);
  });
}

function keep(cookies: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const value = pair.slice(at + 1);
    if (value === '') cookies.delete(pair.slice(0, at));
    else cookies.set(pair.slice(0, at), value);
  }
}
