/**
 * The yardstick: http-proxy-middleware on node:http with its defaults (its own agent keeps connections alive). No checks,
 * no log.
 */
import { createServer } from 'node:http';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { Target } from './target.ts';
import { listenLoopback } from './target.ts';

export function startHpm(upstream: string): Promise<Target> {
  const proxy = createProxyMiddleware({ target: upstream });
  return listenLoopback(
    createServer((req, res) => {
      proxy(req, res, () => res.writeHead(404).end()).catch(() => res.destroy());
    }),
  );
}
