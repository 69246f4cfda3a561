/**
 * The listener: an own `net.Server`, so that a cut is a TCP reset even under TLS, and an `http.Server` that parses
 * what arrives. It chooses by host: the portal, or a client's system. HTTP/1.1 only; HTTP/2 is the front proxy's.
 */
import type { Server as HttpServer, IncomingMessage, RequestListener } from 'node:http';
import { createServer as createNet, type Server as NetServer, type Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { faultAnswer, refusalAnswer, send, sendRaw } from './answer.ts';
import { hostLine } from './arrive.ts';
import type { ClientAddress } from './client-address.ts';
import { randomId } from './ids.ts';
import type { Limits } from './limits.ts';
import { createServer as createHttp } from './node-http.ts';
import { rememberRaw } from './raw-socket.ts';

export interface ServerDeps {
  /** `portal.example[:port]`, lower case. */
  readonly portalHost: string;
  readonly portal: RequestListener;
  readonly addressOf: ClientAddress;
  readonly handle: (req: IncomingMessage, res: import('node:http').ServerResponse) => Promise<void>;
  readonly upgrade: (req: IncomingMessage, socket: Socket, head: Buffer) => Promise<void>;
  /** Certificates by SNI; undefined: plain HTTP. Never throws for an unknown name. */
  readonly certificates: ((name: string | undefined) => SecureContext | undefined) | undefined;
  readonly limits: Limits;
}

export interface GatewayServer {
  readonly net: NetServer;
  readonly http: HttpServer;
  listen(host: string, port: number): Promise<void>;
  /** Stops accepting; running exchanges go on. */
  stopAccepting(): void;
  /** Resolves when every connection is gone, or after `ms`. */
  drained(ms: number): Promise<void>;
  close(): Promise<void>;
}

export function createGatewayServer(deps: ServerDeps): GatewayServer {
  const { limits } = deps;
  const http = createHttp({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    connectionsCheckingInterval: limits.connectionsCheckingInterval,
    requireHostHeader: false,
    insecureHTTPParser: false,
    noDelay: true,
    // Most requests have no body: nothing is set up to read what does not come.
    optimizeEmptyRequests: true,
    // Anything but a WebSocket is an ordinary request whose Upgrade line goes no further.
    shouldUpgradeCallback: (req: IncomingMessage) => req.headers.upgrade?.toLowerCase() === 'websocket',
  });
  http.maxHeadersCount = limits.headerCount;
  http.maxRequestsPerSocket = limits.requestsPerConnection;
  const net = createNet({ noDelay: true }, (raw) => accept(raw, http, deps));
  net.maxConnections = limits.connections;
  http.on('request', (req, res) => route(req, res, deps));
  http.on('checkContinue', (req, res) => route(req, res, deps));
  http.on('checkExpectation', (req, res) => send(req, res, randomId(), refusalAnswer('bad_request')));
  http.on('upgrade', (req: IncomingMessage, socket: Socket, head: Buffer) =>
    routeUpgrade(req, socket, head, deps),
  );
  http.on('connect', (req: IncomingMessage, socket: Socket) =>
    sendRaw(req, socket, randomId(), refusalAnswer('method_not_allowed')),
  );
  http.on('clientError', onClientError);
  return lifecycle(net, http);
}

function accept(raw: Socket, http: HttpServer, deps: ServerDeps): void {
  raw.on('error', () => raw.destroy());
  if (deps.certificates === undefined) {
    http.emit('connection', raw);
    return;
  }
  const { certificates } = deps;
  const secure = new TLSSocket(raw, {
    isServer: true,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    SNICallback: (name, done) => done(null, certificates(name)),
    ...(certificates(undefined) === undefined
      ? {}
      : { secureContext: certificates(undefined) as SecureContext }),
  });
  rememberRaw(secure, raw);
  const timer = setTimeout(() => raw.destroy(), deps.limits.headersTimeout);
  secure.on('error', () => raw.destroy());
  secure.once('close', () => clearTimeout(timer));
  secure.once('secure', () => {
    clearTimeout(timer);
    http.emit('connection', secure);
  });
}

function isPortal(req: IncomingMessage, deps: ServerDeps): boolean {
  return hostLine(req.rawHeaders) === deps.portalHost;
}

function route(req: IncomingMessage, res: import('node:http').ServerResponse, deps: ServerDeps): void {
  if (!isPortal(req, deps)) {
    void deps.handle(req, res);
    return;
  }
  if (!req.url?.startsWith('/')) {
    send(req, res, randomId(), refusalAnswer('bad_request'));
    return;
  }
  // Express and the session believe what stands here, so only we write it.
  const address = deps.addressOf(req);
  for (const name of Object.keys(req.headers)) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-http-method-override')
      delete req.headers[name];
  }
  req.headers['x-forwarded-proto'] = 'https';
  req.headers['x-forwarded-for'] = address;
  limitBody(req, deps.limits.headersTimeout);
  deps.portal(req, res);
}

/** Forms of the portal are small: a body that takes longer than a head may is somebody holding a connection. */
function limitBody(req: IncomingMessage, within: number): void {
  if (
    req.complete ||
    (req.headers['transfer-encoding'] === undefined && req.headers['content-length'] === undefined)
  )
    return;
  const { socket } = req;
  const timer = setTimeout(() => req.complete || socket.destroy(), within);
  timer.unref();
  req.once('close', () => clearTimeout(timer));
}

function routeUpgrade(req: IncomingMessage, socket: Socket, head: Buffer, deps: ServerDeps): void {
  socket.on('error', () => socket.destroy());
  if (isPortal(req, deps)) {
    sendRaw(req, socket, randomId(), refusalAnswer('bad_request'));
    return;
  }
  deps.upgrade(req, socket, head).catch(() => {
    sendRaw(req, socket, randomId(), faultAnswer('internal'));
  });
}

/** What the parser refused: one plain answer, then the connection is closed. */
function onClientError(error: Error & { code?: string }, socket: import('node:stream').Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Refused'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Refused'
        : '400 Refused';
  setTimeout(() => socket.destroy(), 2_000).unref();
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n\r\n`,
  );
}

function lifecycle(net: NetServer, http: HttpServer): GatewayServer {
  const sockets = new Set<Socket>();
  net.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    net,
    http,
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        net.once('error', reject);
        net.listen(port, host, () => {
          net.off('error', reject);
          // Only a listening http.Server looks after its connections' time limits; this one gets them from us.
          http.emit('listening');
          resolve();
        });
      }),
    stopAccepting() {
      net.close();
      http.closeIdleConnections();
    },
    async drained(ms) {
      if (sockets.size === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        for (const socket of sockets) {
          socket.once('close', () => {
            if (sockets.size > 0) return;
            clearTimeout(timer);
            resolve();
          });
        }
      });
    },
    async close() {
      const closed = new Promise<void>((resolve) => (net.listening ? net.close(() => resolve()) : resolve()));
      http.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
