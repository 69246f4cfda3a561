/**
 * The smallest HTTP/1.1 client that a bench can trust: request heads made once, answers read to their exact end.
 * Knows `Content-Length` and chunked bodies; anything else is an error, never a guess.
 */
import type { Reach } from './protocol.ts';

const fromPage = ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty'];

/** A request head as a browser's script would send it from a page of that host; with `bearer`, as a program. */
export function requestHead(
  reach: Pick<Reach, 'host'> & { readonly cookie: string | undefined; readonly bearer?: string | undefined },
  method: string,
  path: string,
  bodyBytes?: number,
): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: ${reach.host}`,
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
    'Accept: */*',
    'Accept-Encoding: gzip, deflate, br',
    'Accept-Language: fr-FR,fr;q=0.9',
    ...(reach.bearer === undefined ? fromPage : [`Authorization: Bearer ${reach.bearer}`]),
    ...(reach.cookie === undefined ? [] : [`Cookie: ${reach.cookie}`]),
    ...(bodyBytes === undefined
      ? []
      : [
          'Content-Type: application/octet-stream',
          `Content-Length: ${bodyBytes}`,
          `Origin: http://${reach.host}`,
        ]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

export interface AnswerHead {
  readonly status: number;
  /** Bytes of the head, the empty line included. */
  readonly headBytes: number;
  /** Bytes of the body; undefined: chunked. */
  readonly bodyBytes: number | undefined;
}

/** The head at the beginning of `data`, or undefined while it is not complete. */
export function parseHead(data: Buffer): AnswerHead | undefined {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = data.toString('latin1', 0, end).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  const chunked = /\r\ntransfer-encoding: *chunked/.test(head);
  if (length === undefined && !chunked) throw new Error(`an answer without a length: ${head}`);
  return {
    status: Number(head.slice(9, 12)),
    headBytes: end + 4,
    bodyBytes: length === undefined ? undefined : Number(length),
  };
}
