/**
 * The two live feeds of the sample ERP: a WebSocket that also echoes what it is sent, and server-sent events. Both
 * send one line a second until the reader leaves or the server closes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Text } from '../core/model.ts';
import { preferred } from './server.ts';

const EVENTS: readonly Text[] = [
  { en: 'Order 7741 packed', fr: 'Commande 7741 emballée' },
  { en: 'Reminder sent for invoice F-2043', fr: 'Facture F-2043 relancée' },
  { en: 'Stock counted on shelf 12', fr: 'Stock compté au rayon 12' },
  { en: 'Order 7742 received', fr: 'Commande 7742 reçue' },
];

export interface Live {
  /** Takes an upgrade of `/ws`; anything else is answered 404. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  events(req: IncomingMessage, res: ServerResponse): void;
  close(): void;
}

/** @param everyMs how often a line is sent, milliseconds */
export function createLive(everyMs = 1000): Live {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  const streams = new Set<ServerResponse>();
  return {
    upgrade(req, socket, head) {
      if (req.url?.split('?')[0] !== '/ws') {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(req, socket, head, (client) => {
        const stop = everyTick(everyMs, req, (line) =>
          client.send(JSON.stringify({ kind: 'event', ...line })),
        );
        client.on('message', (data) => client.send(JSON.stringify({ kind: 'echo', text: String(data) })));
        client.on('error', () => client.terminate());
        client.on('close', stop);
      });
    },
    events(req, res) {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      if (req.method === 'HEAD') return void res.end();
      streams.add(res);
      const stop = everyTick(everyMs, req, (line) =>
        res.write(`id: ${line.number}\ndata: ${JSON.stringify(line)}\n\n`),
      );
      res.once('close', () => {
        stop();
        streams.delete(res);
      });
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      for (const stream of streams) stream.destroy();
      sockets.close();
    },
  };
}

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Sends a line at once and then every `ms`, in the reader's language; returns how to stop. */
function everyTick(ms: number, req: IncomingMessage, send: (line: Line) => void): () => void {
  const language = preferred(req.headers['accept-language']);
  let number = 0;
  const tick = () => send({ number, text: EVENTS[number++ % EVENTS.length]?.[language] ?? '' });
  tick();
  const timer = setInterval(tick, ms);
  return () => clearInterval(timer);
}
