/**
 * Upstreams that read paths in their own way, each with pages for administration and one other: Express and nginx as
 * they are, Tomcat with Spring's mappings and IIS with ASP.NET imitated at their most lenient, with what their older
 * versions and loosest settings accepted. A page of administration says so in its body.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { freePort } from './gateway.ts';

export const adminPage = 'THE PAGE OF ADMINISTRATION';
export const otherPage = 'another page';
/** The pages of administration, and what profiles say about them: writes. */
export const adminNames = ['admin', 'administration', 'admin.aspx'] as const;

export interface Normalising {
  readonly origin: string;
  close(): Promise<void>;
}

/** Exact path of a page of administration? */
function isAdmin(path: string): boolean {
  return adminNames.some((name) => path === `/${name}`);
}

async function serve(listener: RequestListener): Promise<Normalising> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function expressUpstream(): Promise<Normalising> {
  const app = express();
  app.get(
    adminNames.map((name) => `/${name}`),
    (_req, res) => void res.type('text').send(adminPage),
  );
  app.use((_req, res) => void res.type('text').send(otherPage));
  return serve(app as RequestListener);
}

function byPath(read: (target: string) => string | undefined): Promise<Normalising> {
  return serve((req, res) => {
    const path = read((req.url ?? '').split('?', 1)[0] ?? '');
    res.writeHead(path === undefined ? 400 : 200, { 'content-type': 'text/plain' });
    res.end(path !== undefined && isAdmin(path) ? adminPage : otherPage);
  });
}

export const tomcatUpstream = (): Promise<Normalising> => byPath(tomcatPath);
export const iisUpstream = (): Promise<Normalising> => byPath(iisPath);

/** Path parameters go first, then one decoding with `%2f` and `%5c` allowed, then dots; at last Spring's mappings. */
export function tomcatPath(target: string): string | undefined {
  const decoded = decodeLeniently(target.replaceAll(/;[^/]*/g, '')).replaceAll('\\', '/');
  if (decoded.includes('\0')) return undefined;
  const path = resolveDots(decoded.replaceAll(/;[^/]*/g, ''));
  const mapped = path.length > 1 ? path.replace(/\/$/, '') : path;
  return isAdmin(mapped) ? mapped : mapped.replace(/\.[a-z]+$/, '');
}

const shortNames: Readonly<Record<string, string>> = {
  'admini~1': 'administration',
  'admin~1.asp': 'admin.aspx',
};

/** `%u` and UTF-8 with best fit, decoded twice; backslashes; then names as the file system of Windows reads them. */
export function iisPath(target: string): string | undefined {
  const once = decodeLeniently(decodeUnicode(target));
  const decoded = decodeLeniently(decodeUnicode(once));
  const fitted = decoded
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toUpperCase()
    .toLowerCase();
  const whole = fitted.split('\0', 1)[0] ?? '';
  const names = resolveDots(whole.replaceAll('\\', '/'))
    .split('/')
    .map((name) => name.replace(/:.*\$(?:data|index_allocation)$/, '').replace(/[. ]+$/, ''))
    .map((name) => shortNames[name] ?? name)
    .filter((name, index) => name !== '' || index === 0);
  // What follows a script is handed to it.
  const script = names.findIndex((name) => name.endsWith('.aspx'));
  return (script < 0 ? names : names.slice(0, script + 1)).join('/') || '/';
}

/** Percent-decoding that leaves alone what it does not understand, and takes overlong UTF-8. */
function decodeLeniently(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
    let out = '';
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      const next = bytes[at + 1] ?? 0;
      const third = bytes[at + 2] ?? 0;
      if (byte >= 0xc0 && byte < 0xe0 && (next & 0xc0) === 0x80) {
        out += String.fromCharCode(((byte & 0x1f) << 6) | (next & 0x3f));
        at += 1;
      } else if (byte >= 0xe0 && byte < 0xf0 && (next & 0xc0) === 0x80 && (third & 0xc0) === 0x80) {
        out += String.fromCharCode(((byte & 0x0f) << 12) | ((next & 0x3f) << 6) | (third & 0x3f));
        at += 2;
      } else out += String.fromCharCode(byte);
    }
    return out;
  });
}

function decodeUnicode(text: string): string {
  return text.replaceAll(/%u([0-9a-f]{4})/gi, (_all, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** RFC 3986 section 5.2.4, after runs of slashes became one. */
function resolveDots(path: string): string {
  const out: string[] = [];
  const segments = path.replaceAll(/\/+/g, '/').split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') out.pop();
    else if (segment !== '.') out.push(segment);
    if (last && (segment === '.' || segment === '..')) out.push('');
  }
  return `/${out.join('/')}`;
}

const nginx = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx', '/opt/homebrew/bin/nginx'].find(
  existsSync,
);

/** Whether a real nginx is on this machine. */
export const hasNginx = nginx !== undefined;

/**
 * A real nginx: pages of administration by an exact location and by one that ignores case, the rest from `behind`, to
 * which it hands the path as it has normalised it.
 */
export async function nginxUpstream(behind: string): Promise<Normalising> {
  if (nginx === undefined) throw new Error('nginx is not installed');
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'consentry-nginx-'));
  const admin = `default_type text/plain; return 200 "${adminPage}";`;
  await writeFile(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    location = /admin { ${admin} }
    location ~* "^/(admin|administration|admin\\.aspx(/.*)?)/?$" { ${admin} }
    location / { proxy_pass ${behind}/; }
  }
}
`,
  );
  const child = spawn(nginx, ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' });
  const gone = once(child, 'exit');
  await listening(port);
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      child.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('close', () => resolve(false)).once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('nginx did not start');
}
