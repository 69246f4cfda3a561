/** A raw HTTP client: sends exactly these bytes and reads exactly what comes back. */
import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly text: string;
  /** 0 when no status line came. */
  readonly status: number;
  readonly body: string;
}

function parse(text: string): RawAnswer {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
  const at = text.indexOf('\r\n\r\n');
  return { text, status, body: at < 0 ? '' : text.slice(at + 4) };
}

/** Does `text` hold one whole answer (by Content-Length, last chunk, or no body)? */
function isWhole(text: string): boolean {
  const at = text.indexOf('\r\n\r\n');
  if (at < 0) return false;
  const head = text.slice(0, at).toLowerCase();
  if (/^http\/1\.1 (?:1\d\d|204|304)/.test(head))
    return !/^http\/1\.1 100/.test(head) || isWhole(text.slice(at + 4));
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  if (length !== undefined) return text.length - at - 4 >= Number(length);
  if (head.includes('transfer-encoding: chunked')) return text.endsWith('0\r\n\r\n');
  return false;
}

/** Sends the bytes; resolves with the first whole answer, or with what came before the other side closed. */
export function raw(port: number, bytes: string | Buffer, host = '127.0.0.1'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host);
    let text = '';
    const settle = (): void => {
      socket.destroy();
      resolve(parse(text));
    };
    socket.setTimeout(45_000, () =>
      reject(new Error(`no answer within 45 s; got ${JSON.stringify(text.slice(0, 300))}`)),
    );
    socket.on('connect', () =>
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    );
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (isWhole(text)) settle();
    });
    socket.on('error', () => undefined);
    socket.on('close', settle);
  });
}

/** A connection kept open, for what a test wants to see piece by piece. */
export interface OpenConnection {
  readonly socket: Socket;
  received(): string;
  bytes(): number;
  until(text: string): Promise<string>;
  readonly closed: Promise<void>;
}

export function open(port: number, bytes: string): OpenConnection {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let count = 0;
  socket.on('connect', () => socket.write(Buffer.from(bytes, 'latin1')));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk: Buffer) => {
    count += chunk.length;
    // Enough to look at; a large download is only counted.
    if (text.length < 1_000_000) text += chunk.toString('latin1');
  });
  return {
    socket,
    received: () => text,
    bytes: () => count,
    closed,
    until: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!text.includes(wanted)) return;
          socket.off('data', look);
          resolve(text);
        };
        socket.on('data', look);
        socket.once('close', () =>
          text.includes(wanted)
            ? resolve(text)
            : reject(new Error(`closed before ${wanted}: ${text.slice(0, 800)}`)),
        );
        look();
      }),
  };
}
