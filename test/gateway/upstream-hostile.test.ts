/**
 * Upstreams that do what they should not, and exchanges that end while something is on its way: memory is never read or written
 * that is somebody else's by then, and who left makes nobody wait.
 */
import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { createServer as createSecure } from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import type { Courier, Flow } from '../../src/gateway/courier.ts';
import { type Slab, slabBytes, takeSlab } from '../../src/gateway/slabs.ts';
import type { Destination } from '../../src/gateway/upstream-connection.ts';
import { UpstreamPool } from '../../src/gateway/upstream-pool.ts';
import type { UpstreamRequest } from '../../src/gateway/upstream-request.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(
  onConnection: (socket: Socket, nth: number) => void,
  secure?: { readonly cert: Buffer; readonly key: Buffer },
): Promise<{ port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const accept = (socket: Socket): void => {
    socket.on('error', () => undefined);
    onConnection(socket, sockets.push(socket) - 1);
  };
  const server =
    secure === undefined ? createServer({ noDelay: true }, accept) : createSecure(secure, accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

function poolFor(port: number, other: Partial<Destination> = {}, most = 64): UpstreamPool {
  const pool = new UpstreamPool(
    {
      ...{ host: '127.0.0.1', port, lookup, tls: undefined, mostHeadBytes: 32_768 },
      ...{ connectWithin: 5_000, headWithin: 30_000, keepFor: 30_000 },
      monotonic: () => performance.now(),
      ...other,
    },
    most,
  );
  closing.push(() => pool.destroy());
  return pool;
}

/** A courier that keeps nothing, but for what is told here. */
function courier(told: Partial<Courier>): Courier {
  const silent = (): void => undefined;
  return {
    ...{ begins: silent, bodySent: silent, requestSent: silent },
    ...{ head: silent, data: silent, end: silent, failed: silent },
    ...told,
  };
}

const get: UpstreamRequest = { method: 'GET', path: '/', lines: ['Host', 'a'], body: undefined };

/** Resolves with the code of the failure, or with nothing at its end. */
function ask(
  pool: UpstreamPool,
  asked: Partial<UpstreamRequest> = {},
  told: Partial<Courier> = {},
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const ends = { end: () => resolve(undefined), failed: ({ code }: { code: string }) => resolve(code) };
    pool.dispatch({ ...get, ...asked }, courier({ ...told, ...ends }));
  });
}

test('a piece is said to lie in shared memory only where it does, however large the head before it was', async () => {
  const body = Buffer.alloc(1_000_000, 'b');
  const start = `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(17_000)}`;
  const { port } = await serve((socket) =>
    socket.once('data', () => {
      socket.write(start);
      // The rest once the beginning was read by itself.
      const rest = Buffer.concat([Buffer.from(`\r\nContent-Length: ${body.length}\r\n\r\n`), body]);
      let turns = 50;
      const wait = (): void => {
        turns -= 1;
        if (turns === 0) socket.write(rest);
        else setImmediate(wait);
      };
      wait();
    }),
  );
  let bytes = 0;
  const elsewhere: number[] = [];
  await ask(
    poolFor(port),
    {},
    {
      data(piece, slab) {
        bytes += piece.length;
        if (slab !== undefined && slab.memory !== (piece.buffer as unknown)) elsewhere.push(piece.length);
      },
    },
  );
  expect([bytes, elsewhere]).toEqual([body.length, []]);
});

test.each([
  ['of one byte', () => 1],
  ['of all sizes', () => Math.floor(2 ** (Math.random() * 18))],
])('chunks %s come in few pieces, and what is kept of them does not change', async (_name, size) => {
  const body = randomBytes(500_000);
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const part = body.subarray(at, at + size());
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
    at += part.length;
  }
  const coded = Buffer.concat(parts);
  const { port } = await serve((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      socket.write(coded);
      socket.write('0\r\n\r\n');
    }),
  );
  const kept: Buffer[] = [];
  const data = (piece: Buffer, slab: Slab | undefined): void => {
    slab?.hold();
    kept.push(slab === undefined ? Buffer.from(piece) : piece);
  };
  expect(await ask(poolFor(port), {}, { data })).toBeUndefined();
  expect(Buffer.concat(kept).equals(body)).toBe(true);
  expect(kept.length).toBeLessThan(1_000);
});

test('an upload on a connection that was idle takes as long as it takes', async () => {
  const { port, sockets } = await serve((socket) =>
    socket.on('data', (chunk: Buffer) => {
      if (/^GET|end$/.test(chunk.toString())) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    }),
  );
  let now = 0;
  const pool = poolFor(port, { keepFor: 4_000, monotonic: () => now });
  await Promise.all([ask(pool), ask(pool)]);
  const stream = new PassThrough();
  const uploaded = ask(pool, { method: 'PUT', body: { stream, length: 6 } });
  stream.write('abc');
  now = 10_000;
  // The other one ends, so what is waited for was looked at.
  await Promise.race(sockets.map((socket) => once(socket, 'close')));
  stream.end('end');
  expect(await uploaded).toBeUndefined();
});

test('who leaves before there is a connection makes nobody wait', async () => {
  let accepted: () => void = () => undefined;
  const connecting = new Promise<void>((resolve) => {
    accepted = resolve;
  });
  const { port, sockets } = await serve((socket, nth) => {
    // The first connection never becomes a secure one.
    if (nth > 0) socket.destroy();
    else accepted();
  });
  const pool = poolFor(port, { connectWithin: 60_000, tls: { servername: 'localhost' } }, 1);
  const first = pool.dispatch(get, courier({}));
  const second = pool.dispatch(get, courier({}));
  const third = ask(pool);
  await connecting;
  second.abort();
  first.abort();
  expect(await third).toBeDefined();
  expect(sockets).toHaveLength(2);
});

test('an exchange that is aborted between two records of TLS leaves its memory alone', async () => {
  const vectors = 'test/vectors/tls';
  const [cert, key, ca] = await Promise.all([
    readFile(`${vectors}/localhost.pem`),
    readFile(`${vectors}/localhost.key`),
    readFile('test/vectors/tls-ca.pem', 'utf8'),
  ]);
  const body = Buffer.alloc(8_000_000, 'b');
  const { port } = await serve(
    (socket) =>
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
        socket.write(body);
      }),
    { cert, key },
  );
  const pool = poolFor(port, { tls: { servername: 'localhost', ca } });
  let spoilt = 0;
  for (let i = 0; i < 20; i += 1) {
    await new Promise<void>((resolve) => {
      let flow: Flow | undefined;
      let over = false;
      const mine: Slab[] = [];
      flow = pool.dispatch(
        get,
        courier({
          data(_piece, slab) {
            if (slab === undefined || over) return;
            over = true;
            process.nextTick(() => {
              flow?.abort();
              // Whatever is idle now is somebody else's.
              for (let n = 0; n < 16; n += 1) {
                const other = takeSlab();
                other.hold();
                other.bytes.fill(0);
                mine.push(other);
              }
              setImmediate(() => {
                for (const other of mine) if (!other.bytes.equals(Buffer.alloc(slabBytes))) spoilt += 1;
                resolve();
              });
            });
          },
        }),
      );
    });
  }
  expect(spoilt).toBe(0);
});
