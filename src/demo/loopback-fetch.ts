/**
 * A `fetch` that reaches loopback only and knows that `*.localhost` is loopback, which Node's resolver does not.
 * The demo's identity provider sends its back-channel logout messages with it.
 */
import { request } from 'node:http';

interface FetchOptions {
  readonly method?: string;
  readonly headers?: Headers;
  readonly body?: URLSearchParams;
  readonly signal?: AbortSignal;
}

/** Sends one request over plain HTTP to loopback. Rejects for any other address. Answers status and text. */
export function fetchOnLoopback(input: string | URL, options: FetchOptions = {}): Promise<Response> {
  const url = new URL(input);
  if (url.protocol !== 'http:' || !isLoopback(url.hostname)) {
    return Promise.reject(new Error('the demo reaches loopback addresses only'));
  }
  const body = options.body?.toString() ?? '';
  const headers = {
    ...Object.fromEntries(options.headers ?? []),
    'content-length': String(Buffer.byteLength(body)),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: url.hostname === '[::1]' ? '::1' : '127.0.0.1',
        port: url.port || 80,
        path: `${url.pathname}${url.search}`,
        method: options.method ?? 'GET',
        headers: { ...headers, host: url.host },
        ...(options.signal ? { signal: options.signal } : {}),
      },
      (answer) => {
        answer.resume();
        resolve(new Response(null, { status: answer.statusCode ?? 502 }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === '127.0.0.1' ||
    hostname === '[::1]' ||
    hostname === 'localhost' ||
    hostname.endsWith('.localhost')
  );
}
