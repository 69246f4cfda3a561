/**
 * Upstreams for tests, all on loopback with ports of their own: raw TCP that answers scripted bytes and keeps every
 * byte it was sent, plain HTTP that records requests, and a WebSocket echo. Each must be closed by who opened it.
 */

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createHttp } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

export interface Upstream {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly port: number;
  /** Destroys every connection; resolves when the port is free. */
  close(): Promise<void>;
}

/** One connection to a raw upstream. */
export interface RawConnection {
  readonly socket: Socket;
  /** Every byte received on it so far, one character per byte. */
  received(): string;
  /** Resolves with `received()` once it contains `text`; rejects when the connection closes before. */
  until(text: string): Promise<string>;
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
}

export interface RawUpstream extends Upstream {
  readonly connections: readonly RawConnection[];
  /** The connection with this index, waited for if it has not arrived yet. */
  connection(index: number): Promise<RawConnection>;
}

/**
 * What a raw upstream does with a connection: bytes to write once a whole request head has arrived (the connection is
 * then left open), or a function that does as it likes.
 */
export type Script = string | Buffer | ((connection: RawConnection) => void | Promise<void>);

/** Text in scripts is written byte for byte (latin1): `\u0001` is one byte. */
export async function rawUpstream(script: Script): Promise<RawUpstream> {
  const connections: RawConnection[] = [];
  const arrivals = new Set<() => void>();
  const server = createTcp({ noDelay: true }, (socket) => {
    const connection = watch(socket);
    connections.push(connection);
    for (const arrived of arrivals) arrived();
    run(script, connection).catch(() => socket.destroy());
  });
  const upstream = await listenOn(server, () => connections.map((connection) => connection.socket));
  return {
    ...upstream,
    connections,
    async connection(index) {
      for (;;) {
        const found = connections[index];
        if (found) return found;
        await new Promise<void>((resolve) => {
          const arrived = () => {
            arrivals.delete(arrived);
            resolve();
          };
          arrivals.add(arrived);
        });
      }
    },
  };
}

async function run(script: Script, connection: RawConnection): Promise<void> {
  if (typeof script === 'function') return script(connection);
  await connection.until('\r\n\r\n');
  connection.socket.write(typeof script === 'string' ? Buffer.from(script, 'latin1') : script);
}

function watch(socket: Socket): RawConnection {
  let text = '';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1');
  });
  socket.on('error', () => socket.destroy());
  return {
    socket,
    received: () => text,
    closed,
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!text.includes(wanted)) return;
          socket.off('data', look);
          socket.off('close', lost);
          resolve(text);
        };
        const lost = () => reject(new Error(`connection closed before ${JSON.stringify(wanted)} arrived`));
        socket.on('data', look);
        socket.once('close', lost);
        look();
        if (socket.destroyed && !text.includes(wanted)) lost();
      }),
  };
}

/** One request as an HTTP upstream saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  /** Names and values as they were sent, in turn. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  /** Tells connections of the sender apart. */
  readonly remotePort: number;
  /** What has been read of the body. */
  body: Buffer;
  /** Resolves when the exchange is over: true when the whole request arrived, false when the sender left before. */
  readonly ended: Promise<boolean>;
}

export interface HttpUpstream extends Upstream {
  readonly requests: readonly SeenRequest[];
  /** Upgrade requests, not counted among `requests`. */
  readonly upgrades: readonly IncomingMessage[];
  /** Sockets open at this moment, upgraded ones included. */
  sockets(): number;
  /** Forgets what it was asked so far. */
  forget(): void;
}

/**
 * An HTTP upstream that records what it is asked. Without `answer` it reads the body into `body` and says 200 `ok`;
 * with one, reading and answering are up to it.
 */
export async function httpUpstream(
  answer: (req: IncomingMessage, res: ServerResponse, seen: SeenRequest) => void | Promise<void> = answerOk,
): Promise<HttpUpstream> {
  const requests: SeenRequest[] = [];
  const upstream = await httpServer((req, res) => {
    const seen = see(req);
    requests.push(seen);
    Promise.resolve(answer(req, res, seen)).catch(() => res.destroy());
  });
  return { ...upstream, requests, forget: () => requests.splice(0) };
}

async function answerOk(req: IncomingMessage, res: ServerResponse, seen: SeenRequest): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of req as AsyncIterable<Buffer>) parts.push(part);
  seen.body = Buffer.concat(parts);
  res.writeHead(200, { 'content-type': 'text/plain', 'content-length': 2 }).end('ok');
}

function see(req: IncomingMessage): SeenRequest {
  return {
    method: req.method ?? '',
    url: req.url ?? '',
    rawHeaders: req.rawHeaders,
    headers: req.headers,
    remotePort: req.socket.remotePort ?? 0,
    body: Buffer.alloc(0),
    ended: new Promise((resolve) => req.once('close', () => resolve(req.complete))),
  };
}

async function httpServer(
  listener: RequestListener,
  upgrade?: (req: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<Omit<HttpUpstream, 'requests' | 'forget'>> {
  const sockets = new Set<Socket>();
  const upgrades: IncomingMessage[] = [];
  const server = createHttp(listener);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (req, socket, head) => {
    upgrades.push(req);
    socket.on('error', () => socket.destroy());
    if (upgrade) upgrade(req, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  const upstream = await listenOn(server, () => sockets);
  return { ...upstream, upgrades, sockets: () => sockets.size };
}

export interface SocketUpstream extends Omit<HttpUpstream, 'requests' | 'forget'> {
  /** The WebSockets open at this moment. */
  readonly clients: ReadonlySet<WebSocket>;
}

/** A WebSocket upstream on any path that sends back what it is sent; plain requests get 426. */
export async function echoUpstream(): Promise<SocketUpstream> {
  const sockets = new WebSocketServer({ noServer: true });
  const upstream = await httpServer(
    (_req, res) => res.writeHead(426, { 'content-length': 0 }).end(),
    (req, socket, head) => {
      sockets.handleUpgrade(req, socket, head, (client) => {
        client.on('message', (data, isBinary) => client.send(data, { binary: isBinary }));
        client.on('error', () => client.terminate());
      });
    },
  );
  return { ...upstream, clients: sockets.clients };
}

async function listenOn(server: Server, sockets: () => Iterable<Socket>): Promise<Upstream> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets()) socket.destroy();
      }),
  };
}
