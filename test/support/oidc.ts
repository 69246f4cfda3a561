/**
 * A browser's part in OpenID Connect for tests: keeps cookies per host, follows redirects by hand, fills the demo
 * provider's form. Resolves `*.localhost` to loopback, which Node does not.
 */
import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export type Form = Readonly<Record<string, string | string[]>>;

export interface Visit {
  readonly method?: 'GET' | 'POST';
  /** Fields; several values are sent one after the other. */
  readonly form?: Form;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Cookies and requests of one browser. Does not follow redirects unless asked. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();

  /** One request, as a browser navigates. */
  async go(address: string | URL, visit: Visit = {}): Promise<Answer> {
    const url = new URL(address);
    const answer = await send(url, visit, this.#cookieHeader(url));
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) this.#keep(url, line);
    return answer;
  }

  /** As `go`, then along redirects (at most 12) and the automatic pages that only lead on. */
  async follow(address: string | URL, visit: Visit = {}): Promise<Answer> {
    let answer = await this.go(address, visit);
    for (let hops = 0; hops < 12; hops++) {
      const next = onward(answer);
      if (!next) return answer;
      answer = await this.go(next.url, next.visit);
    }
    throw new Error(`too many redirects, last at ${answer.url.href}`);
  }

  /** Starts at an address that leads to the demo provider, signs in there, answers where that ends. */
  async signIn(address: string | URL, login: string, password = 'any'): Promise<Answer> {
    const page = await this.follow(address);
    if (!page.url.pathname.startsWith('/interaction/')) return page;
    return this.follow(page.url, { method: 'POST', form: { login, password } });
  }

  /** Up to the provider's last redirect: the address of our callback, not yet visited. */
  async signInUntilCallback(address: string | URL, login: string): Promise<URL> {
    const page = await this.follow(address);
    let answer = await this.go(page.url, { method: 'POST', form: { login, password: 'any' } });
    for (let hops = 0; hops < 12; hops++) {
      const next = onward(answer);
      if (!next) throw new Error(`no redirect at ${answer.url.href} (${answer.status})`);
      if (next.url.pathname.startsWith('/callback/')) return next.url;
      answer = await this.go(next.url, next.visit);
    }
    throw new Error('the provider never came back');
  }

  #cookieHeader(url: URL): string {
    const prefix = `${url.host} `;
    const mine = [...this.cookies].filter(([name]) => name.startsWith(prefix));
    return mine.map(([name, value]) => `${name.slice(prefix.length)}=${value}`).join('; ');
  }

  #keep(url: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const name = `${url.host} ${pair.slice(0, at)}`;
    const expires = attributes.find((attribute) => attribute.toLowerCase().startsWith('expires='));
    const over = expires !== undefined && new Date(expires.slice('expires='.length)).getTime() <= Date.now();
    if (over || pair.length === at + 1) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}

function onward(answer: Answer): { readonly url: URL; readonly visit: Visit } | undefined {
  const { location } = answer.headers;
  if (answer.status >= 300 && answer.status < 400 && typeof location === 'string') {
    return { url: new URL(location, answer.url), visit: {} };
  }
  const refresh = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(answer.text)?.[1];
  if (refresh !== undefined) return { url: new URL(unescapeHtml(refresh), answer.url), visit: {} };
  return submittedByItself(answer);
}

/** The provider's pages that post their only form as soon as they are shown. */
function submittedByItself(answer: Answer): { readonly url: URL; readonly visit: Visit } | undefined {
  if (!/\.submit\(\)|requestSubmit\(/.test(answer.text)) return undefined;
  const action = /<form[^>]* action="([^"]+)"/.exec(answer.text)?.[1];
  if (action === undefined) return undefined;
  const fields = [...answer.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const form: Record<string, string> = { logout: 'yes' };
  for (const [, name = '', value = ''] of fields) form[name] = unescapeHtml(value);
  return { url: new URL(unescapeHtml(action), answer.url), visit: { method: 'POST', form } };
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function send(url: URL, visit: Visit, cookie: string): Promise<Answer> {
  const fields = Object.entries(visit.form ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  const body = new URLSearchParams(fields).toString();
  const headers: Record<string, string> = {
    host: url.host,
    accept: 'text/html,*/*;q=0.8',
    'accept-language': 'en',
    ...visit.headers,
  };
  if (cookie) headers.cookie ??= cookie;
  if (visit.form) headers['content-type'] = 'application/x-www-form-urlencoded';
  if (visit.method === 'POST') headers['content-length'] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const path = `${url.pathname}${url.search}`;
    const options = { host: '127.0.0.1', port: url.port, path, method: visit.method ?? 'GET', headers };
    const outgoing = request(options, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          url,
          headers: incoming.headers,
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
