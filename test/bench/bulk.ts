/**
 * One large transfer over one connection, down or up, read or written as fast as the other side goes.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { AnswerHead } from './http-client.ts';
import { parseHead, requestHead } from './http-client.ts';

export interface BulkPlan {
  readonly reach: {
    readonly port: number;
    readonly host: string;
    readonly cookie: string | undefined;
    readonly bearer?: string;
    /** The authority of the other end's certificate, PEM; left out: plain. */
    readonly ca?: string;
  };
  readonly bytes: number;
  /** Bits per second of the line on which a download comes; left out: as fast as it is sent. */
  readonly line?: number;
  /** Below it the number of bytes is asked for; left out: `/bytes`, which is a copy. */
  readonly path?: string;
}

export interface BulkResult {
  readonly bytes: number;
  readonly seconds: number;
}

/** Downloads `GET PATH/N` and counts; rejects on anything but 200 and N bytes. */
export async function runDownload(plan: BulkPlan): Promise<BulkResult> {
  const socket = await open(plan);
  const start = performance.now();
  socket.write(requestHead(plan.reach, 'GET', `${plan.path ?? '/bytes'}/${plan.bytes}`));
  const { head, rest } = await readHead(socket);
  let bytes = rest.length;
  const enough = new Promise<void>((resolve, reject) => {
    socket.on('data', (part: Buffer) => {
      bytes += part.length;
      if (plan.line !== undefined) holdBack(socket, start + (bytes * 8000) / plan.line);
      // Chunk framing would make this more; it only needs to end the wait.
      if (bytes >= plan.bytes) resolve();
    });
    socket.once('close', () => reject(new Error(`the download ended after ${bytes} bytes`)));
  });
  if (head.status !== 200) throw new Error(`the download was answered ${head.status}`);
  socket.resume();
  await enough;
  socket.destroy();
  return { bytes, seconds: (performance.now() - start) / 1000 };
}

/** A line brings what it brings no earlier than at its pace. */
function holdBack(socket: Socket, due: number): void {
  const early = due - performance.now();
  // A timer is no finer than this, and what is early now is made up for with the next piece.
  if (early < 2) return;
  socket.pause();
  setTimeout(() => socket.resume(), early - 1);
}

/** Uploads N bytes to `POST /sink`; rejects unless the other end counted exactly N. */
export async function runUpload(plan: BulkPlan): Promise<BulkResult> {
  const socket = await open(plan);
  const start = performance.now();
  socket.write(requestHead(plan.reach, 'POST', '/sink', plan.bytes));
  const answered = readHead(socket);
  const refused = answered.then(() => true);
  refused.catch(() => undefined);
  const block = Buffer.alloc(64 * 1024, 'bulk ');
  for (let left = plan.bytes; left > 0; left -= block.length) {
    const room = socket.write(left >= block.length ? block : block.subarray(0, left));
    if (!room && (await Promise.race([once(socket, 'drain').then(() => false), refused]))) break;
  }
  const { head, rest } = await answered;
  const seconds = (performance.now() - start) / 1000;
  socket.destroy();
  const text = rest.toString('latin1');
  if (head.status !== 200 || !text.includes(`"bytes":${plan.bytes}`)) {
    throw new Error(`the upload was answered ${head.status} ${text}`);
  }
  return { bytes: plan.bytes, seconds };
}

async function open(plan: BulkPlan): Promise<Socket> {
  const { port, ca } = plan.reach;
  const to = { port, host: '127.0.0.1', noDelay: true };
  if (ca === undefined) {
    const socket = connect(to);
    await once(socket, 'connect');
    return socket;
  }
  // The authority's certificates name other hosts: only that the bytes are carried under TLS matters here.
  const socket = connectSecure({ ...to, servername: 'portal.localhost', ca });
  await once(socket, 'secureConnect');
  return socket;
}

/** Reads until the head is complete, for small answers until the body is too; leaves the socket paused. */
function readHead(socket: Socket): Promise<{ head: AnswerHead; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let data: Buffer = Buffer.alloc(0);
    const take = (part: Buffer) => {
      data = Buffer.concat([data, part]);
      const head = parseHead(data);
      if (!head) return;
      const rest = data.subarray(head.headBytes);
      const small = head.bodyBytes === undefined || head.bodyBytes < 64 * 1024;
      if (small && rest.length < (head.bodyBytes ?? 1)) return;
      socket.off('data', take);
      socket.pause();
      resolve({ head, rest });
    };
    socket.on('data', take);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed before an answer')));
  });
}
