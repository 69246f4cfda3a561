/**
 * The operator's listener, apart from the public one: is it alive, is it ready, a few numbers. No personal data, no
 * client names, no versions.
 */
import type { Server } from 'node:http';
import { createServer } from './node-http.ts';

export interface OpsDeps {
  /** Undefined when ready; otherwise a code that says why not. */
  readonly notReady: () => string | undefined;
  /** Gauges and counters by name, as Prometheus text wants them. */
  readonly numbers: () => Promise<Readonly<Record<string, number>>>;
}

export function createOps(deps: OpsDeps): Server {
  return createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (req, res) => {
    const send = (status: number, body: string): void => {
      res.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
      res.end(body);
    };
    if (req.method !== 'GET' && req.method !== 'HEAD') return send(405, 'method not allowed\n');
    if (req.url === '/livez') return send(200, 'alive\n');
    if (req.url === '/readyz') {
      const why = deps.notReady();
      return why === undefined ? send(200, 'ready\n') : send(503, `${why}\n`);
    }
    if (req.url === '/metrics')
      return void deps.numbers().then(
        (numbers) => send(200, exposition(numbers)),
        () => send(503, 'numbers unavailable\n'),
      );
    return send(404, 'not found\n');
  });
}

function exposition(numbers: Readonly<Record<string, number>>): string {
  return Object.entries(numbers)
    .map(([name, value]) => `# TYPE consentry_${name} gauge\nconsentry_${name} ${value}\n`)
    .join('');
}
