/**
 * One attempt to reach a system around the gateway, as somebody without an account would: a connection and one GET without
 * credential, assertion or cookie. Whose certificate answers does not matter. Each attempt ends by itself.
 */
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';
import type { Reach } from '../core/doors.ts';
import type { System } from '../core/model.ts';

/** What was met, and what it was told by; `untold`: nothing can be said from this machine, and why. */
export type Tried = { readonly result: Reach; readonly why: string } | { readonly untold: string };

const limitMs = 5_000;

/** Errors that say: nobody lets this machine in. Whatever else keeps it from trying says nothing about the system. */
const kept = new Set(['ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH']);
/** Of several addresses of a name, those of a family that this machine has no way to say nothing. */
const noWay = new Set(['ENETUNREACH', 'EADDRNOTAVAIL']);

/** The `Host` that a system is asked under; undefined: the one of its own address. */
export function askedUnder({ upstream, hosts }: Pick<System, 'upstream' | 'hosts'>): string | undefined {
  if (upstream.host === 'upstream') return undefined;
  return upstream.host === 'public' ? hosts[0] : upstream.host;
}

/** Never rejects. */
export function tryUpstream(
  { upstream, hosts }: Pick<System, 'upstream' | 'hosts'>,
  within: number = limitMs,
): Promise<Tried> {
  const { promise, resolve } = Promise.withResolvers<Tried>();
  const { protocol, hostname: host, port, serverName: servername } = upstream;
  const name = askedUnder({ upstream, hosts });
  const own = name === undefined ? {} : { host: name };
  const options = { host, port, path: '/', agent: false, headers: { ...own, connection: 'close' } };
  let connected = false;
  const answered = (answer: IncomingMessage): void => {
    resolve(judge(answer.statusCode ?? 0));
    answer.destroy();
  };
  const request =
    protocol === 'http:'
      ? requestPlain(options, answered)
      : requestTls({ ...options, servername, rejectUnauthorized: false }, answered);
  const timer = setTimeout(() => {
    resolve(
      connected
        ? { result: 'open', why: 'takes connections and says nothing' }
        : { result: 'unreachable', why: 'no answer' },
    );
    request.destroy();
  }, within);
  request.on('socket', (socket) => {
    socket.once('connect', () => {
      connected = true;
    });
  });
  request.on('upgrade', answered);
  request.on('error', (error) => resolve(connected ? afterConnecting(error) : beforeConnecting(error)));
  request.on('close', () => clearTimeout(timer));
  request.end();
  return promise;
}

function judge(status: number): Tried {
  const asks = status === 401 || status === 403;
  return { result: asks ? 'authentication' : 'open', why: `answers ${status}` };
}

function afterConnecting(error: Error): Tried {
  const [code = 'unknown'] = codesOf(error);
  // The alert by which TLS itself asks for a client certificate.
  if (code === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED') return { result: 'authentication', why: code };
  return { result: 'open', why: `takes connections (${code})` };
}

function beforeConnecting(error: Error): Tried {
  const codes = codesOf(error);
  const telling = codes.filter((code) => !noWay.has(code));
  const closed = telling.length > 0 && telling.every((code) => kept.has(code));
  const why = (telling.length > 0 ? telling : codes).join(', ') || error.name;
  return closed ? { result: 'unreachable', why } : { untold: why };
}

/** One code for each address that was tried. */
function codesOf(error: Error): readonly string[] {
  const all: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return all.flatMap((one) =>
    Error.isError(one) && 'code' in one && typeof one.code === 'string' ? [one.code] : [],
  );
}

/** Whether this machine reaches anything at all, told by the portal's own address: one that reaches nothing would find every door closed. */
export function reachesOut(portal: URL, within: number = limitMs): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const port = portal.port === '' ? (portal.protocol === 'https:' ? 443 : 80) : Number(portal.port);
  const socket = connect({ host: portal.hostname.replace(/^\[|\]$/g, ''), port });
  const timer = setTimeout(() => socket.destroy(), within);
  socket.once('connect', () => {
    resolve(true);
    socket.destroy();
  });
  socket.on('error', () => resolve(false));
  socket.on('close', () => {
    clearTimeout(timer);
    resolve(false);
  });
  return promise;
}
