/**
 * One running stream through the gateway, as the person at its end sees it: plain or TLS, over a raw socket, so that
 * every byte and the very end are seen. A download is read slowly, so that all buffers on its way are full; from the
 * click on its reader takes what has come, because what is timed is the last byte that reaches it, not how slowly it
 * empties a buffer of its own.
 */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';

export const cutKinds = ['websocket', 'events', 'download', 'upload'] as const;

export type CutKind = (typeof cutKinds)[number];

export interface Stream {
  readonly kind: CutKind;
  /** Monotonic milliseconds of the last byte that passed. */
  movedAt(): number;
  /** Monotonic milliseconds at which this end knew that it was over; undefined while it runs. */
  endedAt(): number | undefined;
  /** Resolves when bytes pass; rejects when it ends before. */
  readonly live: Promise<void>;
  /** Resolves with `endedAt`. */
  readonly ended: Promise<number>;
  /** The click: from now on a slow reader is quick. */
  hurry(): void;
}

export interface StreamReach {
  readonly port: number;
  readonly host: string;
  /** The authority of the gateway's certificate, PEM; undefined: plain. */
  readonly ca: string | undefined;
}

const DOWNLOAD_BYTES = 2 * 1024 ** 3;
/** 2 Mbit/s. */
const SLOW_BYTES_PER_MS = 250;
const UPLOAD = { bytes: 2 * 1024 ** 3, piece: Buffer.alloc(4_096, 'up '), everyMs: 20 };

/** Opens a stream in the name of that cookie. */
export function openStream(kind: CutKind, reach: StreamReach, cookie: string): Stream {
  const socket = connect(reach);
  let movedAt = performance.now();
  let endedAt: number | undefined;
  let hurried = false;
  const moved = (): void => {
    movedAt = performance.now();
  };
  const ended = new Promise<number>((resolve) => {
    socket.once('close', () => {
      endedAt = performance.now();
      resolve(endedAt);
    });
  });
  const live = new Promise<void>((resolve, reject) => {
    let head = '';
    const look = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      const body = head.split('\r\n\r\n')[1] ?? '';
      if (kind === 'upload' ? !head.startsWith('HTTP/1.1 100') : body === '') return;
      socket.off('data', look);
      resolve();
    };
    socket.on('data', look);
    socket.once('close', () => reject(new Error(`${kind} did not begin: ${head.slice(0, 300)}`)));
  });
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    moved();
    if (kind === 'download' && !hurried) pauseFor(socket, chunk.length / SLOW_BYTES_PER_MS);
  });
  socket.write(headOf(kind, reach.host, cookie));
  if (kind === 'upload') live.then(() => upload(socket, moved)).catch(() => undefined);
  return {
    kind,
    movedAt: () => movedAt,
    endedAt: () => endedAt,
    live,
    ended,
    hurry() {
      hurried = true;
      socket.resume();
    },
  };
}

function connect({ port, ca }: StreamReach): Socket {
  const to = { host: '127.0.0.1', port };
  return ca === undefined ? connectPlain(to) : connectSecure({ ...to, ca, servername: 'portal.localhost' });
}

function headOf(kind: CutKind, host: string, cookie: string): string {
  const lines: Record<CutKind, readonly string[]> = {
    websocket: [
      'GET /live HTTP/1.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ],
    events: ['GET /events HTTP/1.1', 'Accept: text/event-stream'],
    download: [`GET /bytes/${DOWNLOAD_BYTES} HTTP/1.1`],
    upload: [
      'POST /sink HTTP/1.1',
      'Content-Type: application/octet-stream',
      `Content-Length: ${UPLOAD.bytes}`,
      'Expect: 100-continue',
    ],
  };
  const [first = '', ...more] = lines[kind];
  return `${[first, `Host: ${host}`, `Cookie: ${cookie}`, 'Sec-Fetch-Site: same-origin', ...more].join('\r\n')}\r\n\r\n`;
}

function pauseFor(socket: Socket, ms: number): void {
  socket.pause();
  setTimeout(() => socket.resume(), ms);
}

function upload(socket: Socket, moved: () => void): void {
  const timer = setInterval(() => {
    if (socket.writableLength < UPLOAD.piece.length * 4)
      socket.write(UPLOAD.piece, (error) => error ?? moved());
  }, UPLOAD.everyMs);
  socket.once('close', () => clearInterval(timer));
}
