/**
 * The floor: a forwarder of node:http and undici with nothing else. No checks, no log, no header rules beyond the
 * hop-by-hop ones that undici will not take.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Pool } from 'undici';
import { listenLoopback } from './target.ts';
import type { Target } from './target.ts';

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

export async function startUndici(upstream: string): Promise<Target> {
  const pool = new Pool(upstream, { connections: 64, pipelining: 1, bodyTimeout: 0 });
  const target = await listenLoopback(
    createServer((req, res) => {
      forward(pool, req, res).catch(() => res.destroy());
    }),
  );
  return {
    ...target,
    async close() {
      await target.close();
      await pool.destroy();
    },
  };
}

async function forward(pool: Pool, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(req.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) headers[name] = value;
  }
  const hasBody =
    req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined;
  await pool.stream(
    { path: req.url ?? '/', method: req.method ?? 'GET', headers, body: hasBody ? req : null },
    ({ statusCode, headers: down }) => {
      const { connection, 'keep-alive': keepAlive, 'transfer-encoding': coding, ...kept } = down;
      return res.writeHead(statusCode, kept);
    },
  );
}
