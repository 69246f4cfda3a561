/**
 * What an application's own answers say about how it has to be served: which hosts it names, whose cookies it sets, how it asks
 * who comes, which sockets it opens. Told from answers that somebody fetched; pure. No value of a cookie and no query is kept.
 */

/** One answer: header names in small letters; `body` is '' for what is no text. */
export interface Answered {
  readonly path: string;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface Foreign {
  readonly host: string;
  readonly count: number;
  /** The first one, without query. */
  readonly example: string;
}

export interface Probed {
  readonly answers: number;
  /** Of the first answer; 0: there was none. */
  readonly status: number;
  readonly foreign: readonly Foreign[];
  /** `renamed`: to the same path, as a server does that wants to be called by its name. */
  readonly redirects: readonly { readonly path: string; readonly host: string; readonly renamed: boolean }[];
  readonly cookies: readonly { readonly name: string; readonly domain: string | undefined }[];
  /** `Basic`, `NTLM`, ... as they are written. */
  readonly schemes: readonly string[];
  /** Paths of sockets and of event streams; '' stands for one whose path is computed. */
  readonly sockets: readonly string[];
  readonly streams: readonly string[];
  readonly workers: boolean;
  /** First segments below which only assets were seen. */
  readonly folders: readonly string[];
}

/** Names that stand in documents and lead nowhere. */
const vocabularies: ReadonlySet<string> = new Set(['www.w3.org', 'schema.org', 'ns.adobe.com', 'purl.org']);
const assetFolders: ReadonlySet<string> = new Set(
  'assets css dist fonts images img js public scripts static styles webjars'.split(' '),
);

/** `own`: what the system is called, with and without port. Total. */
export function probed(answers: readonly Answered[], own: ReadonlySet<string>): Probed {
  const foreign = new Map<string, Foreign>();
  const sockets = new Set<string>();
  const streams = new Set<string>();
  for (const { body } of answers) {
    const text = body.replaceAll('\\/', '/');
    for (const url of absoluteIn(text)) {
      if (url.protocol === 'ws:' || url.protocol === 'wss:')
        sockets.add(own.has(url.host) ? url.pathname : '');
      if (own.has(url.host) || vocabularies.has(url.hostname)) continue;
      const before = foreign.get(url.host);
      foreign.set(url.host, {
        host: url.host,
        count: (before?.count ?? 0) + 1,
        example: before?.example ?? `${url.protocol}//${url.host}${url.pathname}`,
      });
    }
    for (const [, what, ...literal] of text.matchAll(opened))
      (what === 'WebSocket' ? sockets : streams).add(pathOf(literal.find((one) => one !== undefined)));
  }
  for (const { path, status, headers } of answers) {
    if (status === 101 || (status === 426 && headers.some(([name]) => name === 'upgrade'))) sockets.add(path);
    if (headers.some(([name, value]) => name === 'content-type' && value.startsWith('text/event-stream')))
      streams.add(path);
  }
  return {
    answers: answers.length,
    status: answers[0]?.status ?? 0,
    foreign: [...foreign.values()].toSorted((a, b) => b.count - a.count || (a.host < b.host ? -1 : 1)),
    redirects: answers.flatMap((answer) => redirectOf(answer, own)),
    cookies: cookiesIn(answers),
    schemes: schemesIn(answers),
    sockets: known(sockets),
    streams: known(streams),
    workers: answers.some(({ body }) => /serviceWorker\s*\.\s*register\s*\(/.test(body)),
    folders: foldersIn(answers),
  };
}

const absolute =
  /(?:\b(https?|wss?):)?\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+|localhost)(:\d{1,5})?(\/[\w/.~%-]{0,200})?/gi;
const opened =
  /\bnew\s+(WebSocket|EventSource)\s*\(\s*(?:"([^"\n]{0,300})"|'([^'\n]{0,300})'|`([^`\n]{0,300})`)?/g;

/** Addresses with a host; without a scheme only where an attribute or a quote begins with it. */
function* absoluteIn(text: string): Generator<URL> {
  for (const found of text.matchAll(absolute)) {
    const [written, scheme] = found;
    const before = text[found.index - 1] ?? '';
    if (scheme === undefined && !/["'=(]/.test(before)) continue;
    const url = URL.parse(scheme === undefined ? `https:${written}` : written);
    if (url !== null) yield url;
  }
}

/** The path of a literal address; '' when it is computed or leads elsewhere. */
function pathOf(literal: string | undefined): string {
  if (literal === undefined || !/^\/(?!\/)[\x21-\x7e]*$/.test(literal) || literal.includes('${')) return '';
  return literal.split(/[?#]/, 1)[0] ?? '';
}

/** A computed path says nothing where a known one is there. */
function known(paths: ReadonlySet<string>): readonly string[] {
  const named = [...paths].filter((path) => path !== '').toSorted();
  return named.length > 0 || paths.size === 0 ? named : [''];
}

/** Where an answer leads, when that is another host. */
function redirectOf({ path, status, headers }: Answered, own: ReadonlySet<string>): Probed['redirects'] {
  const location = headers.find(([name]) => name === 'location')?.[1] ?? '';
  const url = status >= 300 && status < 400 ? URL.parse(location) : null;
  const elsewhere = url !== null && /^https?:$/.test(url.protocol) && !own.has(url.host);
  return elsewhere ? [{ path, host: url.host, renamed: url.pathname === path }] : [];
}

function cookiesIn(answers: readonly Answered[]): Probed['cookies'] {
  const found = new Map<string, Probed['cookies'][number]>();
  for (const { headers } of answers)
    for (const [header, value] of headers) {
      if (header !== 'set-cookie') continue;
      const name = value.slice(0, Math.max(0, value.indexOf('='))).trim();
      const domain = /;\s*domain\s*=\s*\.?([a-z0-9.-]+)/i.exec(value)?.[1]?.toLowerCase();
      found.set(`${name} ${domain}`, { name, domain });
    }
  return [...found.values()];
}

/** A line may hold several challenges; a scheme is a word that no `=` follows. */
function schemesIn(answers: readonly Answered[]): readonly string[] {
  const lines = answers.flatMap(({ headers }) =>
    headers.flatMap(([name, value]) => (name === 'www-authenticate' ? [value] : [])),
  );
  const words = lines.flatMap((line) =>
    line
      .replace(/"(?:[^"\\]|\\.)*"/g, '""')
      .split(',')
      .flatMap((part) => /^\s*([A-Za-z][A-Za-z0-9-]*)(?:\s+|\s*$)(?!=)/.exec(part)?.[1] ?? []),
  );
  return [...new Set(words)].toSorted();
}

function foldersIn(answers: readonly Answered[]): readonly string[] {
  const kinds = new Map<string, boolean>();
  for (const { path, status, headers } of answers) {
    const [folder = '', ...rest] = path.slice(1).split('/');
    if (status !== 200 || rest.length === 0 || !assetFolders.has(folder)) continue;
    const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
    const asset = /^(?:text\/(?:css|javascript)|application\/(?:x-)?javascript|image\/|font\/)/.test(type);
    kinds.set(folder, asset && kinds.get(folder) !== false);
  }
  return [...kinds].flatMap(([folder, assets]) => (assets ? [folder] : [])).toSorted();
}

/** Links that may be followed: of this very origin, without a query, and nothing that by its name does more than show. */
export function linksIn({ path, body }: Pick<Answered, 'path' | 'body'>, origin: string): readonly string[] {
  const base = new URL(path, origin);
  const found = [...body.matchAll(attribute)].flatMap(([, double, single, bare]) => {
    const url = URL.parse((double ?? single ?? bare ?? '').replaceAll('&amp;', '&'), base);
    return url?.origin === base.origin && url.search === '' && !acting.test(url.pathname)
      ? [url.pathname]
      : [];
  });
  return [...new Set(found)];
}

const attribute =
  /<(?:a|script|link)\b[^>]{0,500}?\s(?:href|src)\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))/gi;
const acting =
  /log-?(?:out|off)|sign-?(?:out|off)|exit|quit|delete|remove|destroy|drop|purge|reset|restart|reboot|shutdown|stop|kill|cancel|revoke|disable|export|download|backup|dump/i;
