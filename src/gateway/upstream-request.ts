/** A request to an upstream as it is written: its head in one piece, its body as it comes and no faster than it is taken. */
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { passingValue } from './headers.ts';

export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  /** `[name, value, …]`, without any line about framing or the connection. */
  readonly lines: readonly string[];
  /** Whole; or as it comes, `length` bytes of it, or in chunks when nobody knows how many. */
  readonly body: Buffer | { readonly stream: Readable; readonly length: number | undefined } | undefined;
}

const lineEnd = Buffer.from('\r\n');
const passingPath = /^[\x21-\x7e]+$/;
/** Methods of which an upstream expects a length even when there is nothing. */
const expectsBody = new Set(['POST', 'PUT', 'PATCH']);

/** The request's head as it is written; undefined when a line of it would be more than a line. */
export function requestHead({ method, path, lines, body }: UpstreamRequest): string | undefined {
  if (!passingPath.test(path)) return undefined;
  let head = `${method} ${path} HTTP/1.1\r\n`;
  for (let i = 0; i < lines.length; i += 2) {
    const value = lines[i + 1] ?? '';
    if (!passingValue.test(value)) return undefined;
    head += `${lines[i]}: ${value}\r\n`;
  }
  const length = Buffer.isBuffer(body) ? body.length : body?.length;
  if (body !== undefined && length === undefined) head += 'Transfer-Encoding: chunked\r\n';
  else if (length !== undefined) head += `Content-Length: ${length}\r\n`;
  else if (expectsBody.has(method)) head += 'Content-Length: 0\r\n';
  return `${head}Connection: keep-alive\r\n\r\n`;
}

/** What is told of a body on its way. */
export interface Sending {
  sent(bytes: number): void;
  done(): void;
  failed(why: string): void;
}

/** Sends a body that comes as a stream. Answers how to let go of it; after that, nothing more is told. */
export function sendBody(
  socket: Socket,
  stream: Readable,
  length: number | undefined,
  sending: Sending,
): () => void {
  let total = 0;
  const more = (): void => void stream.resume();
  const piece = (chunk: Buffer): void => {
    if (chunk.length === 0) return;
    total += chunk.length;
    if (length !== undefined && total > length) return broken('the body is longer than was said');
    const room = length === undefined ? writeChunk(socket, chunk) : socket.write(chunk, givenBack(chunk));
    sending.sent(chunk.length);
    if (!room) stream.pause();
  };
  const done = (): void => {
    if (length !== undefined && total < length) return broken('the body is shorter than was said');
    release();
    if (length === undefined) socket.write('0\r\n\r\n', 'latin1');
    sending.done();
  };
  const broken = (why: string): void => {
    release();
    sending.failed(why);
  };
  const ended = (): void => broken('the body ended before it was whole');
  const release = (): void => {
    stream.off('data', piece).off('end', done).off('close', ended).off('error', ended);
    socket.off('drain', more);
  };
  socket.on('drain', more);
  stream.on('end', done).on('close', ended).on('error', ended).on('data', piece).resume();
  return release;
}

function writeChunk(socket: Socket, chunk: Buffer): boolean {
  socket.cork();
  socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
  socket.write(chunk, givenBack(chunk));
  const room = socket.write(lineEnd);
  socket.uncork();
  return room;
}

/** Pieces at least so large have memory of their own, which is worth giving back. */
const ownBytes = 16_384;

/**
 * What to do when a piece was written: its memory is given back at once. Left to the collector, which looks only at many megabytes
 * of them, an upload grew the process by 80 MB.
 */
function givenBack(chunk: Buffer): (error?: Error | null) => void {
  return (error) => {
    const { buffer } = chunk;
    const alone = chunk.length >= ownBytes && buffer.byteLength === chunk.length;
    if (error == null && alone && buffer instanceof ArrayBuffer) buffer.transfer(0);
  };
}
