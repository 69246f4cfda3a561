/**
 * The floor: a forwarder of node:http and undici's dispatch with nothing else. No checks, no log, no header rules
 * beyond the hop-by-hop ones that undici will not take.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Dispatcher } from 'undici';
import { Pool } from 'undici';
import type { Target } from './target.ts';
import { listenLoopback } from './target.ts';

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
  const target = await listenLoopback(createServer((req, res) => forward(pool, req, res)));
  return {
    ...target,
    async close() {
      await target.close();
      await pool.destroy();
    },
  };
}

function forward(pool: Pool, req: IncomingMessage, res: ServerResponse): void {
  const headers = withoutHopByHop(req.rawHeaders);
  const hasBody =
    req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined;
  const path = req.url ?? '/';
  const method = (req.method ?? 'GET') as Dispatcher.HttpMethod;
  pool.dispatch({ path, method, headers, body: hasBody ? req : null }, answerTo(res));
}

function answerTo(res: ServerResponse): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller) => {
      res.on('close', () => {
        if (!res.writableFinished) controller.abort(new Error('the reader left'));
      });
    },
    onResponseStart: (_controller, status, headers) => {
      const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name));
      res.writeHead(
        status,
        kept.flatMap(([name, value]) => [name, value ?? '']),
      );
    },
    onResponseData: (controller, chunk) => {
      if (res.write(chunk)) return;
      controller.pause();
      res.once('drain', () => controller.resume());
    },
    onResponseEnd: () => res.end(),
    onResponseError: () => res.destroy(),
  };
}

function withoutHopByHop(raw: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const [name = '', value = ''] = raw.slice(index, index + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
