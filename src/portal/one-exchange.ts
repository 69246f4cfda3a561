/**
 * One question to a server elsewhere, on a connection of its own: within a time for all of it, without following a redirect, over
 * TLS that is checked, at an address that `lookup` lets pass. Throws when it is late, broken or too large.
 */
import type { IncomingMessage } from 'node:http';
import type { LookupFunction } from 'node:net';
import { getBuiltinModule } from 'node:process';

// As `require` gives them: by name they bring a whole undici.
const { request: plainRequest } = getBuiltinModule('node:http');
const { request: secureRequest } = getBuiltinModule('node:https');

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

export function exchangeOnce(exchange: Exchange): Promise<Exchanged> {
  const { url, method, headers, body, lookup, ca, patience, mostBytes, signal } = exchange;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = url.protocol === 'https:' ? secureRequest : plainRequest;
    const asked = request(url, {
      method,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'consentry', ...headers },
      agent: false,
      lookup,
      maxHeaderSize: mostHeadBytes,
      ...(ca === undefined ? {} : { ca }),
    });
    // Destroying ends it wherever it is.
    const end = (): void => void asked.destroy(new Error('ended before its answer'));
    const late = setTimeout(end, patience);
    signal?.addEventListener('abort', end, { once: true });
    asked.on('close', () => {
      clearTimeout(late);
      signal?.removeEventListener('abort', end);
      reject(new Error('the connection was closed'));
    });
    asked.on('error', reject);
    asked.on('response', (answer) => {
      const status = answer.statusCode ?? 0;
      const read = mostBytes > 0 ? readAll(answer, mostBytes) : Promise.resolve(Buffer.alloc(0));
      read.then((whole) => resolve({ status, body: whole }), reject).finally(() => asked.destroy());
    });
    asked.end(body);
  });
}

async function readAll(answer: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer) {
    const piece = Buffer.from(part as Uint8Array);
    length += piece.length;
    if (length > mostBytes) throw new Error('the answer is too large');
    parts.push(piece);
  }
  return Buffer.concat(parts);
}
