/**
 * The application behind every target: 1 KiB of JSON on any path, `GET /bytes/N` and `GET /page/N` for bulk, `POST /sink` that counts,
 * `GET /events` and the WebSocket `/live` that tell something every 50 ms. As cheap as node:http allows, so that it
 * weighs little beside what is measured.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Target } from './target.ts';
import { listenLoopback } from './target.ts';

const ANSWER = Buffer.from(JSON.stringify({ name: 'x'.repeat(1024 - 11) }));
const TICK_MS = 50;
const TICK = 'tick '.repeat(200);
const BLOCK = Buffer.alloc(64 * 1024, 'bulk ');

export async function startUpstream(): Promise<Target> {
  const server = createServer((req, res) => {
    const bulk = /^\/(?:bytes|page)\/(\d+)$/.exec(req.url ?? '')?.[1];
    if (bulk !== undefined) sendBulk(res, Number(bulk));
    else if (req.method === 'POST') count(req, res);
    else if (req.url === '/events') tell(res);
    else
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length }).end(ANSWER);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (req, socket, head) =>
    sockets.handleUpgrade(req, socket, head, (client) => {
      const ticking = setInterval(() => client.send(TICK), TICK_MS);
      client.on('close', () => clearInterval(ticking));
      client.on('error', () => client.terminate());
    }),
  );
  return listenLoopback(server);
}

function tell(res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  const ticking = setInterval(() => res.write(`data: ${TICK}\n\n`), TICK_MS);
  res.on('close', () => clearInterval(ticking));
}

function sendBulk(res: ServerResponse, bytes: number): void {
  res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes });
  pipeline(
    Readable.from(blocks(bytes), { objectMode: false, highWaterMark: 256 * 1024 }),
    res,
    () => undefined,
  );
}

function* blocks(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= BLOCK.length)
    yield left >= BLOCK.length ? BLOCK : BLOCK.subarray(0, left);
}

function count(req: IncomingMessage, res: ServerResponse): void {
  let bytes = 0;
  req.on('data', (part: Buffer) => {
    bytes += part.length;
  });
  req.on('end', () => {
    const body = JSON.stringify({ bytes });
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
}
