/**
 * How sample systems answer and read: pages, JSON, redirects, bounded bodies.
 * Bodies are read up to 64 KiB; whatever is longer is refused with 413 and the connection ends.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseObject } from '../core/objects.ts';

const BODY_LIMIT = 64 * 1024;

export function sendPage(res: ServerResponse, html: string, status = 200): void {
  send(res, status, 'text/html; charset=utf-8', html);
}

export function sendJson(res: ServerResponse, value: unknown, status = 200): void {
  send(res, status, 'application/json', `${JSON.stringify(value)}\n`);
}

export function sendText(res: ServerResponse, text: string, status = 200): void {
  send(res, status, 'text/plain; charset=utf-8', text);
}

export function seeOther(res: ServerResponse, location: string): void {
  res.writeHead(303, { location, 'content-length': 0 }).end();
}

function send(res: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text);
  res.writeHead(status, { 'content-type': type, 'content-length': body.length, 'cache-control': 'no-cache' });
  res.end(body);
}

/** The body as text, or undefined after it was answered with 413. */
export async function readText(req: IncomingMessage, res: ServerResponse): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > BODY_LIMIT) {
      res.writeHead(413, { connection: 'close', 'content-length': 0 }).end();
      return undefined;
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The body as a JSON object, or undefined after it was answered with 400 or 413. */
export async function readJson(
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await readText(req, res);
  if (text === undefined) return undefined;
  const value = parseObject(text);
  if (!value) sendJson(res, { error: 'body is not a JSON object' }, 400);
  return value;
}
