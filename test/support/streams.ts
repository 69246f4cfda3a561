/**
 * Streams that run until somebody ends them: an upstream that says something on every one of them when it is told to,
 * and a client for each kind. Both ends can be asked what they saw and whether the other is gone.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { OpenedAccess } from './gateway.ts';
import { type OpenConnection, open } from './raw.ts';

export const streamKinds = ['download', 'upload', 'websocket', 'events'] as const;

export type StreamKind = (typeof streamKinds)[number];

/** One stream as the upstream has it. */
interface Held {
  readonly kind: StreamKind;
  say(text: string): void;
  received(): string;
  readonly gone: Promise<void>;
}

export interface StreamUpstream {
  readonly origin: string;
  /** The stream of that name, once it has arrived. */
  held(name: string): Promise<Held>;
  close(): Promise<void>;
}

const FIRST = 'first words. ';
const LONG = 1024 ** 3;

export async function streamUpstream(): Promise<StreamUpstream> {
  const streams = new Map<string, Held>();
  const arrivals = new Set<() => void>();
  const sockets = new Set<Socket>();

  function hold(req: IncomingMessage, kind: StreamKind, say: (text: string) => void): void {
    let received = '';
    const keep = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
    };
    if (kind === 'websocket') req.socket.on('data', keep);
    else req.on('data', keep);
    const gone = new Promise<void>((resolve) => req.socket.once('close', () => resolve()));
    streams.set(String(req.headers['x-stream']), { kind, say, received: () => received, gone });
    if (kind !== 'upload') say(FIRST);
    for (const arrived of arrivals) arrived();
  }

  const server = createServer((req, res) => {
    if (req.method === 'POST') return hold(req, 'upload', () => undefined);
    const download = req.url?.startsWith('/export') === true;
    res.writeHead(
      200,
      download
        ? { 'content-type': 'application/octet-stream', 'content-length': LONG }
        : { 'content-type': 'text/event-stream' },
    );
    hold(req, download ? 'download' : 'events', (text) => res.write(text));
  });
  server.on('upgrade', (req, socket) => {
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    hold(req, 'websocket', (text) => socket.write(text));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async held(name) {
      for (;;) {
        const found = streams.get(name);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          const arrived = (): void => {
            arrivals.delete(arrived);
            resolve();
          };
          arrivals.add(arrived);
        });
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface RunningStream {
  readonly name: string;
  readonly kind: StreamKind;
  /** What came after the head. */
  body(): string;
  /** Resolves when both ends know that it is over. */
  readonly over: Promise<unknown>;
  /** Sends something through it, whichever way it goes, and resolves when the other end has it. */
  goesOn(): Promise<void>;
  readonly connection: OpenConnection;
}

let count = 0;

/** Starts a stream in that access; resolves when something has passed. */
export async function startStream(
  kind: StreamKind,
  port: number,
  access: OpenedAccess,
  upstream: StreamUpstream,
): Promise<RunningStream> {
  const name = `s${count++}`;
  const [line, ...more] = heads[kind];
  const always = [`Host: ${access.host}`, `Cookie: ${access.cookie}`, 'Sec-Fetch-Site: same-origin'];
  const head = [line, ...always, `X-Stream: ${name}`, ...more].join('\r\n');
  const connection = open(port, `${head}\r\n\r\n${kind === 'upload' ? FIRST : ''}`);
  if (kind === 'upload') await until(async () => (await upstream.held(name)).received().includes(FIRST));
  else await connection.until(FIRST);
  const held = await upstream.held(name);
  const body = (): string => {
    const sent = connection.received().split('\r\n\r\n').slice(1).join('\r\n\r\n');
    return kind === 'events' ? unchunked(sent) : sent;
  };
  return {
    name,
    kind,
    body,
    connection,
    over: Promise.all([connection.closed, held.gone]),
    async goesOn() {
      if (kind === 'upload') {
        connection.socket.write('still here');
        await until(async () => held.received().includes('still here'));
      } else {
        held.say('still here');
        await connection.until('still here');
      }
    },
  };
}

function unchunked(sent: string): string {
  return sent.replaceAll(/(?:^|(?<=\r\n))[0-9a-f]+\r\n/g, '').replaceAll('\r\n', '');
}

const heads: { readonly [K in StreamKind]: readonly string[] } = {
  download: ['GET /export/full.bin HTTP/1.1'],
  upload: ['POST /upload HTTP/1.1', 'Content-Type: application/octet-stream', 'Content-Length: 1000000'],
  websocket: [
    'GET /ws HTTP/1.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ],
  events: ['GET /events HTTP/1.1'],
};

/** For what says nothing when it has happened. Rejects when it does not happen within 45 s, before a test is given up. */
export async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 45_000;
  while (!(await met())) {
    if (performance.now() > end) throw new Error(`did not happen within 45 s: ${met}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What every stream carries before anything is asked of it. */
export const firstWords = FIRST;
