/**
 * The small HTTP server that all sample systems share: a table of routes, a language per request, a clean end.
 * It knows nothing of Consentry: sample systems are ordinary applications that trust whoever reaches them, which is
 * why they only ever listen on loopback.
 */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Language } from '../core/model.ts';

export interface DemoServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly port: number;
  /** Ends every connection, upgraded ones too; resolves when the port is free. */
  close(): Promise<void>;
}

export interface DemoListen {
  /** 0 or missing: any free port. */
  readonly port?: number;
  readonly host?: '127.0.0.1';
}

/** One request of a sample system. */
export interface Call {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly url: URL;
  readonly language: Language;
  /** The segments that stood where the template has `:name`. */
  readonly params: Readonly<Record<string, string>>;
}

export type Handle = (call: Call) => void | Promise<void>;

/** Method, template (`/customers/:id`; a last `**` takes the rest as `rest`), handler. GET also answers HEAD. */
export type RouteRow = readonly [method: string, template: string, handle: Handle];

export interface Site {
  readonly routes: readonly RouteRow[];
  readonly notFound: Handle;
  readonly upgrade?: (req: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Runs before the sockets are destroyed. */
  readonly closing?: () => void;
}

/**
 * Starts a site on loopback. Resolves when it listens.
 * @throws what `listen` throws, e.g. EADDRINUSE.
 */
export async function startSite(site: Site, listen: DemoListen): Promise<DemoServer> {
  const upgraded = new Set<Duplex>();
  const server = createServer((req, res) => {
    answer(site, req, res).catch(() => fail(res));
  });
  server.on('upgrade', (req, socket, head) => {
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    socket.on('error', () => socket.destroy());
    if (site.upgrade) site.upgrade(req, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  await listening(server, listen);
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, close: () => closeAll(server, site, upgraded) };
}

function listening(server: Server, listen: DemoListen): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port ?? 0, listen.host ?? '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeAll(server: Server, site: Site, upgraded: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    site.closing?.();
    server.close(() => resolve());
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
  });
}

async function answer(site: Site, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = URL.parse(req.url ?? '/', 'http://demo.invalid');
  if (!url) return void res.writeHead(400).end();
  const language = preferred(req.headers['accept-language']);
  const method = req.method === 'HEAD' ? 'GET' : req.method;
  const allowed: string[] = [];
  for (const [rowMethod, template, handle] of site.routes) {
    const params = match(template, url.pathname);
    if (!params) continue;
    if (rowMethod === method) return void (await handle({ req, res, url, language, params }));
    allowed.push(rowMethod);
  }
  if (allowed.length > 0) return void res.writeHead(405, { allow: allowed.join(', ') }).end();
  await site.notFound({ req, res, url, language, params: {} });
}

/** A fault while answering: 500 if nothing was sent yet, else a visible truncation. */
function fail(res: ServerResponse): void {
  if (res.headersSent) res.destroy();
  else res.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('Internal error\n');
}

function match(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    if (segment === '**') return { ...params, rest: given.slice(index).join('/') };
    const value = given[index];
    if (value === undefined) return undefined;
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return wanted.length === given.length ? params : undefined;
}

/** French or English, whichever the browser names first; English when it names neither. */
export function preferred(header: string | undefined): Language {
  for (const part of (header ?? '').toLowerCase().split(',')) {
    const tag = part.trim();
    if (tag.startsWith('fr')) return 'fr';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}
