/**
 * One question to a server elsewhere, on a connection of its own: within a time for all of it, without following a redirect, over
 * TLS that is checked, at an address that `lookup` lets pass. Throws when it is late, broken or too large.
 */
import type { LookupFunction } from 'node:net';
import { Client, type Dispatcher } from 'undici';

const mostHeadBytes = 16_384;

export interface Exchange {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Resolves names, and only to addresses that may be reached. Not asked about addresses. */
  readonly lookup: LookupFunction;
  /** PEM bundle that alone is trusted; undefined: the system's roots. */
  readonly ca: string | undefined;
  /** Milliseconds for everything: looking up, connecting, waiting and reading. */
  readonly patience: number;
  /** Bytes of the answer that are read at most; 0: only its status matters, the rest is not read. */
  readonly mostBytes: number;
  /** Ends it at once. */
  readonly signal?: AbortSignal;
}

export interface Exchanged {
  readonly status: number;
  readonly body: Buffer;
}

export async function exchangeOnce(exchange: Exchange): Promise<Exchanged> {
  const { url, method, headers, body, lookup, ca, patience, mostBytes, signal } = exchange;
  const client = new Client(url.origin, {
    pipelining: 1,
    allowH2: false,
    headersTimeout: patience,
    bodyTimeout: patience,
    maxHeaderSize: mostHeadBytes,
    connect: { timeout: patience, lookup, ALPNProtocols: ['http/1.1'], ...(ca === undefined ? {} : { ca }) },
  });
  // Destroying ends it wherever it is.
  const end = (): void => void client.destroy(new Error('ended before its answer')).catch(() => undefined);
  const late = setTimeout(end, patience);
  signal?.addEventListener('abort', end, { once: true });
  try {
    signal?.throwIfAborted();
    const answer = await client.request({
      method,
      path: `${url.pathname}${url.search}`,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'consentry', ...headers },
      ...(body === undefined ? {} : { body }),
    });
    if (mostBytes > 0) return { status: answer.statusCode, body: await readAll(answer.body, mostBytes) };
    answer.body.on('error', () => undefined).destroy();
    return { status: answer.statusCode, body: Buffer.alloc(0) };
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', end);
    await client.destroy().catch(() => undefined);
  }
}

async function readAll(body: Dispatcher.ResponseData['body'], mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    const piece = Buffer.from(part as Uint8Array);
    length += piece.length;
    if (length > mostBytes) throw new Error('the answer is too large');
    parts.push(piece);
  }
  return Buffer.concat(parts);
}
