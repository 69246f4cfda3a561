/**
 * The client that asks upstreams: what it takes, Node's own parser takes alike; what two readers could take differently is refused;
 * and a connection that carried anything odd never carries another exchange.
 */
import { createHash, randomBytes } from 'node:crypto';
import { lookup } from 'node:dns';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Courier, Flow } from '../../src/gateway/courier.ts';
import type { Slab } from '../../src/gateway/slabs.ts';
import type { Destination } from '../../src/gateway/upstream-connection.ts';
import { UpstreamPool } from '../../src/gateway/upstream-pool.ts';
import type { UpstreamRequest } from '../../src/gateway/upstream-request.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A server that does as it is told with each connection, and remembers them. */
async function serve(
  onConnection: (socket: Socket, nth: number) => void,
): Promise<{ port: number; sockets: Socket[]; received: string[] }> {
  const sockets: Socket[] = [];
  const received: string[] = [];
  const server: Server = createServer({ noDelay: true }, (socket) => {
    const nth = sockets.push(socket) - 1;
    received.push('');
    socket.on('data', (chunk: Buffer) => {
      received[nth] += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    onConnection(socket, nth);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, sockets, received };
}

/** Answers each request head with these bytes. */
function answering(answer: string | Buffer): (socket: Socket) => void {
  return (socket) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        text = text.slice(end + 4);
        socket.write(typeof answer === 'string' ? Buffer.from(answer, 'latin1') : answer);
      }
    });
  };
}

function poolFor(port: number, other: Partial<Destination> = {}, most = 64): UpstreamPool {
  const pool = new UpstreamPool(
    {
      host: '127.0.0.1',
      port,
      lookup,
      tls: undefined,
      connectWithin: 5_000,
      headWithin: 30_000,
      keepFor: 30_000,
      mostHeadBytes: 32_768,
      monotonic: () => performance.now(),
      ...other,
    },
    most,
  );
  closing.push(() => pool.destroy());
  return pool;
}

interface Seen {
  status: number;
  lines: readonly string[];
  body: string;
  code: string | undefined;
  flow: Flow | undefined;
}

/** Sends; resolves with the whole answer, or with why there is none. */
function ask(
  pool: UpstreamPool,
  asked: Partial<UpstreamRequest> = {},
  also: Partial<Courier> = {},
  flowing: (flow: Flow) => void = () => undefined,
): Promise<Seen> {
  return new Promise((resolve) => {
    const seen: Seen = { status: 0, lines: [], body: '', code: undefined, flow: undefined };
    const flow = pool.dispatch(
      { method: 'GET', path: '/', lines: ['Host', 'a'], body: undefined, ...asked },
      {
        begins: () => also.begins?.(),
        bodySent: (bytes) => also.bodySent?.(bytes),
        requestSent: () => also.requestSent?.(),
        head(head) {
          seen.status = head.status;
          seen.lines = head.lines;
          also.head?.(head);
          if (head.status === 101) resolve(seen);
        },
        data(piece, slab) {
          seen.body += piece.toString('latin1');
          also.data?.(piece, slab);
        },
        end: () => resolve(seen),
        failed({ code }) {
          seen.code = code;
          resolve(seen);
        },
      },
    );
    seen.flow = flow;
    flowing(flow);
  });
}

/** The same bytes as Node's own client reads them; undefined: refused, or not whole. */
function nodeReads(port: number): Promise<{ status: number; body: string } | undefined> {
  return new Promise((resolve) => {
    let seen: { status: number; body: string } | undefined;
    const asked = request({ port, host: '127.0.0.1', agent: false }, (answer) => {
      const taken = { status: answer.statusCode ?? 0, body: '' };
      seen = taken;
      answer.setEncoding('latin1').on('data', (part: string) => {
        taken.body += part;
      });
      answer.on('error', () => resolve(undefined));
      answer.on('end', () => resolve(answer.complete ? taken : undefined));
    });
    // What comes behind a whole answer is another matter: it is read over here, and may be an error there.
    asked.on('error', (error) =>
      resolve('code' in error && error.code === 'HPE_INVALID_CONSTANT' ? seen : undefined),
    );
    asked.on('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve({ status: 101, body: '' });
    });
    asked.end();
  });
}

/** Held for good. */
function lasting(piece: Buffer, slab: Slab | undefined): Buffer {
  slab?.hold();
  return slab === undefined ? Buffer.from(piece) : piece;
}

const bodies = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)),
  maxLength: 200,
});
const answers = fc
  .record({
    status: fc.constantFrom(200, 201, 204, 304, 404, 500),
    body: bodies,
    framing: fc.constantFrom('length', 'chunked', 'until-end'),
    chunk: fc.integer({ min: 1, max: 70 }),
    interim: fc.boolean(),
    header: fc.constantFrom(
      'X-A: b',
      'x:',
      'Set-Cookie: a=b; c',
      'X-Space: \t a b \t',
      'X-Latin: \u00e9\u00ff',
    ),
  })
  .map((made) => {
    const bare = made.status === 204 || made.status === 304;
    const body = bare ? '' : made.body;
    const framing = bare
      ? ''
      : {
          length: `Content-Length: ${body.length}\r\n`,
          chunked: 'Transfer-Encoding: chunked\r\n',
          'until-end': '',
        }[made.framing];
    const coded = bare || made.framing !== 'chunked' ? body : chunked(body, made.chunk);
    const head = `HTTP/1.1 ${made.status} Fine\r\n${made.header}\r\n${framing}\r\n`;
    return {
      status: made.status,
      body,
      bytes: `${made.interim ? 'HTTP/1.1 103 Early\r\nLink: a\r\n\r\n' : ''}${head}${coded}`,
    };
  });

function chunked(body: string, size: number): string {
  let coded = '';
  for (let at = 0; at < body.length; at += size) {
    const part = body.slice(at, at + size);
    coded += `${part.length.toString(16)};x=y\r\n${part}\r\n`;
  }
  return `${coded}0\r\nX-Trailer: t\r\n\r\n`;
}

test('an answer arrives whole, however its bytes are cut into pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      answers,
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 }),
      async (made, cuts) => {
        const { port } = await serve((socket) => {
          socket.once('data', () => {
            let rest = made.bytes;
            const next = (): void => {
              const cut = cuts.shift();
              const part = cut === undefined ? rest : rest.slice(0, cut);
              rest = rest.slice(part.length);
              socket.write(Buffer.from(part, 'latin1'), () =>
                rest === '' ? socket.end() : setImmediate(next),
              );
            };
            next();
          });
        });
        expect(await ask(poolFor(port))).toMatchObject({
          status: made.status,
          body: made.body,
          code: undefined,
        });
      },
    ),
    { numRuns: 120 },
  );
});

const changes = fc.array(
  fc.record({
    at: fc.nat({ max: 400 }),
    remove: fc.nat({ max: 2 }),
    insert: fc.constantFrom(
      '',
      '\r',
      '\n',
      '\0',
      ' ',
      ':',
      '\r\n',
      '0',
      '1',
      'a',
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Transfer-Encoding: gzip\r\n',
      '\u007f',
      '\u00a0',
      '-',
      '+',
      ',',
      ';',
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

test('what it takes of damaged answers, Node’s own parser takes with the same status and body', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(answers, changes, async (made, damage) => {
      let bytes = made.bytes;
      for (const { at, remove, insert } of damage) {
        const place = at % (bytes.length + 1);
        bytes = bytes.slice(0, place) + insert + bytes.slice(place + remove);
      }
      const { port } = await serve((socket) => {
        socket.once('data', () => socket.end(Buffer.from(bytes, 'latin1')));
      });
      const ours = await ask(poolFor(port));
      if (ours.code !== undefined) return;
      taken += 1;
      expect(await nodeReads(port)).toEqual({ status: ours.status, body: ours.body });
    }),
    { numRuns: 400 },
  );
  expect(taken).toBeGreaterThan(20);
});

describe('refused', () => {
  test.each([
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
    ['two lengths in one line', 'HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a signed length', 'HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok'],
    ['a length in hexadecimal', 'HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok'],
    ['another coding', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'],
    ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a folded line', 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok'],
    ['a line without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['a bare line feed', 'HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok'],
    ['HTTP/2.0', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a chunk of signed size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n+2\r\nok\r\n0\r\n\r\n'],
    [
      'a chunk that is longer than it says',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nok\r\n0\r\n\r\n',
    ],
    [
      'a chunk size with a bare line feed',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\nok\r\n0\r\n\r\n',
    ],
    [
      'a chunk size beyond all sizes',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\nok',
    ],
    [
      'endless extensions',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(5_000)}\r\nok\r\n0\r\n\r\n`,
    ],
    [
      'endless trailers',
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${`X: ${'y'.repeat(3_000)}\r\n`.repeat(12)}\r\n`,
    ],
    ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(33_000)}`],
    ['a flood of interim answers', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(17)],
  ])('%s', async (_name, answer) => {
    const { port } = await serve(answering(answer));
    expect((await ask(poolFor(port))).code).toBe('EUPSTREAMMALFORMED');
  });

  test.each([
    ['before the head', 'HTTP/1.1 200 OK\r\nContent-'],
    ['in a body of known length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok'],
    ['in the chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok'],
    ['before the last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n'],
  ])('an end %s', async (_name, answer) => {
    const { port } = await serve((socket) => socket.once('data', () => socket.end(answer)));
    expect((await ask(poolFor(port))).code).toBe('EUPSTREAMCLOSED');
  });

  test('a courier that throws ends its own exchange and nothing else', async () => {
    const { port } = await serve(answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    const pool = poolFor(port);
    const thrown = await ask(
      pool,
      {},
      {
        head: () => {
          throw new Error('no');
        },
      },
    );
    expect(thrown.code).toBe('EUPSTREAMMALFORMED');
    expect((await ask(pool)).body).toBe('ok');
  });
});

describe('a connection', () => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

  test('carries one exchange after the other', async () => {
    const { port, sockets } = await serve(answering(ok));
    const pool = poolFor(port);
    for (let i = 0; i < 5; i += 1) expect((await ask(pool)).body).toBe('ok');
    expect(sockets).toHaveLength(1);
  });

  test.each([
    ['that brought more than its answer', `${ok}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`],
    ['that says close', 'HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
    [
      'that is kept for two seconds only',
      'HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 2\r\n\r\nok',
    ],
  ])('%s carries no other', async (_name, answer) => {
    const { port, sockets } = await serve(answering(answer));
    const pool = poolFor(port);
    expect((await ask(pool)).body).toBe('ok');
    expect((await ask(pool)).body).toBe('ok');
    expect(sockets).toHaveLength(2);
  });

  test('on which bytes come that nobody asked for is gone before the next exchange', async () => {
    const { port, sockets } = await serve(answering(ok));
    const pool = poolFor(port);
    await ask(pool);
    sockets[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    await once(sockets[0] as Socket, 'close');
    expect((await ask(pool)).body).toBe('ok');
    expect(sockets).toHaveLength(2);
  });

  test('that the upstream ended while idle is not used again', async () => {
    const { port, sockets } = await serve(answering(ok));
    const pool = poolFor(port);
    await ask(pool);
    sockets[0]?.end();
    await once(sockets[0] as Socket, 'close');
    expect((await ask(pool)).body).toBe('ok');
  });

  test('that is idle ends by itself', async () => {
    const { port, sockets } = await serve(answering(ok));
    await ask(poolFor(port, { keepFor: 1 }));
    await once(sockets[0] as Socket, 'close');
  });

  test('is given up where no head comes, with a code of its own', async () => {
    const { port } = await serve(() => undefined);
    expect((await ask(poolFor(port, { headWithin: 1 }))).code).toBe('EUPSTREAMHEAD');
  });

  test('is given up where none comes to be', async () => {
    const { port } = await serve(() => undefined);
    // TLS is never answered there.
    expect((await ask(poolFor(port, { connectWithin: 1, tls: { servername: 'localhost' } }))).code).toBe(
      'EUPSTREAMCONNECT',
    );
  });

  test('is refused with the code of the system', async () => {
    const { port } = await serve(() => undefined);
    for (const close of closing.splice(0)) await close();
    expect((await ask(poolFor(port))).code).toBe('ECONNREFUSED');
  });

  test('is gone after a 101 that nobody asked for', async () => {
    const { port, sockets } = await serve(answering('HTTP/1.1 101 Switching Protocols\r\n\r\nmore'));
    const seen = await ask(poolFor(port));
    expect([seen.status, seen.body]).toEqual([101, '']);
    await once(sockets[0] as Socket, 'close');
  });

  test('that was aborted says nothing more, and the next exchange has another', async () => {
    const { port, sockets } = await serve((socket, nth) => (nth === 0 ? undefined : answering(ok)(socket)));
    const pool = poolFor(port);
    let heard = false;
    let flow: Flow | undefined;
    void ask(pool, {}, { requestSent: () => setImmediate(() => flow?.abort()) }, (its) => {
      flow = its;
    }).then(() => {
      heard = true;
    });
    while (sockets.length === 0) await new Promise(setImmediate);
    await once(sockets[0] as Socket, 'close');
    expect((await ask(pool)).body).toBe('ok');
    expect(heard).toBe(false);
  });

  test('that is aborted as it begins has nothing of it to write', async () => {
    const { port, sockets, received } = await serve(answering(ok));
    const pool = poolFor(port);
    let flow: Flow | undefined;
    void ask(pool, { path: '/never' }, { begins: () => flow?.abort() }, (its) => {
      flow = its;
    });
    while (sockets.length === 0) await new Promise(setImmediate);
    await once(sockets[0] as Socket, 'close');
    expect((await ask(pool)).body).toBe('ok');
    expect(received.join('')).not.toContain('/never');
  });

  test('of an exchange that is over obeys it no longer', async () => {
    const { port } = await serve(answering(ok));
    const pool = poolFor(port);
    const first = await ask(pool);
    const second = ask(pool);
    first.flow?.abort();
    first.flow?.pause();
    expect((await second).body).toBe('ok');
  });
});

describe('what goes up', () => {
  test.each([
    ['a line break in a value', { lines: ['Host', 'a\r\nX-Evil: 1'] }],
    ['a line feed in a value', { lines: ['Host', 'a\nX-Evil: 1'] }],
    ['a character beyond Latin-1', { lines: ['Host', 'a\u010d\u010a'] }],
    ['a space in the path', { path: '/ HTTP/1.1\r\nX: 1' }],
    ['an empty path', { path: '' }],
  ])('never holds %s', async (_name, asked) => {
    const { port, received } = await serve(answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    expect((await ask(poolFor(port), asked)).code).toBe('EUPSTREAMREQUEST');
    expect(received.join('')).toBe('');
  });

  test('says the length of what it has, and of what it has not', async () => {
    const { port, received } = await serve(answering('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    const pool = poolFor(port);
    await ask(pool, { method: 'DELETE' });
    await ask(pool, { method: 'PUT' });
    await ask(pool, { method: 'POST', body: Buffer.from('four') });
    const requests = (received[0] ?? '').split(/(?=DELETE|PUT|POST)/);
    expect(requests.map((one) => /content-length: (\d+)/i.exec(one)?.[1])).toEqual([undefined, '0', '4']);
  });

  test.each([
    ['in chunks', undefined],
    ['by its length', 3_000_000],
  ])('a stream %s, whole, and no faster than it is read', async (_name, length) => {
    const body = randomBytes(3_000_000);
    const hash = createHash('sha256');
    let got = '';
    const { port } = await serve((socket) => {
      socket.pause();
      setImmediate(() => socket.resume());
      const text: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => {
        text.push(chunk);
        const all = Buffer.concat(text);
        if (
          length === undefined
            ? !all.subarray(-5).equals(Buffer.from('0\r\n\r\n'))
            : all.length < length + all.indexOf('\r\n\r\n') + 4
        )
          return;
        got = all.subarray(all.indexOf('\r\n\r\n') + 4).toString('latin1');
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    let sent = 0;
    const stream = Readable.from([
      body.subarray(0, 10),
      body.subarray(10, 2_000_000),
      body.subarray(2_000_000),
    ]);
    const seen = await ask(
      poolFor(port),
      { method: 'PUT', body: { stream, length } },
      {
        bodySent: (bytes) => {
          sent += bytes;
        },
      },
    );
    expect([seen.status, sent]).toEqual([200, body.length]);
    if (length === undefined) {
      let rest = got;
      for (;;) {
        const end = rest.indexOf('\r\n');
        const size = Number.parseInt(rest.slice(0, end), 16);
        if (size === 0) break;
        hash.update(rest.slice(end + 2, end + 2 + size), 'latin1');
        rest = rest.slice(end + 4 + size);
      }
    } else hash.update(got, 'latin1');
    expect(hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
  });

  test.each([
    ['shorter', ['abc'], 5],
    ['longer', ['abc', 'def'], 5],
  ])('a stream that is %s than was said ends the connection', async (_name, parts, length) => {
    const { port, sockets } = await serve(() => undefined);
    const seen = await ask(poolFor(port), {
      method: 'PUT',
      body: { stream: Readable.from(parts.map((part) => Buffer.from(part))), length },
    });
    expect(seen.code).toBe('EUPSTREAMREQUEST');
    await once(sockets[0] as Socket, 'close');
  });

  test('large pieces with memory of their own give it back once they are written, others keep theirs', async () => {
    const { port } = await serve((socket) => {
      let bytes = 0;
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > 150_000) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    const [own, small, whole] = [
      Buffer.from(new ArrayBuffer(100_000)),
      Buffer.from(new ArrayBuffer(100)),
      Buffer.alloc(200_000, 'w'),
    ];
    const part = whole.subarray(0, 100_000);
    const stream = Readable.from([own, small, part]);
    await ask(poolFor(port), { method: 'PUT', body: { stream, length: 200_100 } });
    expect([own.length, small.length, part.length]).toEqual([0, 100, 100_000]);
    expect(whole.equals(Buffer.alloc(200_000, 'w'))).toBe(true);
  });

  test('a stream that breaks ends the connection', async () => {
    const { port } = await serve(() => undefined);
    const stream = new PassThrough();
    stream.on('error', () => undefined);
    const asked = ask(
      poolFor(port),
      { method: 'PUT', body: { stream, length: 10 } },
      { bodySent: () => void stream.destroy(new Error('broken')) },
    );
    stream.write('abc');
    expect((await asked).code).toBe('EUPSTREAMREQUEST');
  });

  test('an answer before all of it was sent arrives, and the connection carries no other', async () => {
    const { port, sockets } = await serve(answering('HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno'));
    const stream = new PassThrough();
    const pool = poolFor(port);
    stream.write('abc');
    expect(await ask(pool, { method: 'PUT', body: { stream, length: 10 } })).toMatchObject({
      status: 413,
      body: 'no',
    });
    await once(sockets[0] as Socket, 'close');
    expect(stream.listenerCount('data')).toBe(0);
  });
});

test('who pauses is not flooded, and nothing is lost', async () => {
  const size = 30_000_000;
  const block = randomBytes(1_000_000);
  let written = 0;
  const { port, sockets } = await serve((socket) => {
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
      for (let i = 0; i < 30; i += 1)
        socket.write(block, () => {
          written += block.length;
        });
    });
  });
  let got = 0;
  const hash = createHash('sha256');
  let paused: Flow | undefined;
  let resolvePaused: () => void = () => undefined;
  const pausing = new Promise<void>((resolve) => {
    resolvePaused = resolve;
  });
  let flowing: Flow | undefined;
  const asked = ask(
    poolFor(port),
    {},
    {
      data(piece) {
        hash.update(piece);
        got += piece.length;
        if (paused === undefined) {
          paused = flowing;
          flowing?.pause();
          resolvePaused();
        }
      },
    },
    (flow) => {
      flowing = flow;
    },
  );
  await pausing;
  // What the kernel holds is full when the server can write no more.
  for (let before = -1; before !== written || sockets[0]?.writableNeedDrain !== true; ) {
    before = written;
    for (let i = 0; i < 50; i += 1) await new Promise(setImmediate);
  }
  expect(got).toBeLessThanOrEqual(65_536);
  expect(written).toBeLessThan(size);
  paused?.resume();
  await asked;
  expect(got).toBe(size);
  const whole = createHash('sha256');
  for (let i = 0; i < 30; i += 1) whole.update(block);
  expect(hash.digest('hex')).toBe(whole.digest('hex'));
});

test('pieces that are kept do not change: large ones as they are, small ones as copies', async () => {
  const body = randomBytes(8_000_000);
  const { port } = await serve(
    answering(
      Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`), body]),
    ),
  );
  const pool = poolFor(port);
  const all = await Promise.all(
    [0, 1, 2, 3].map(async () => {
      const kept: Buffer[] = [];
      await ask(pool, {}, { data: (piece, slab) => void kept.push(lasting(piece, slab)) });
      return Buffer.concat(kept).equals(body);
    }),
  );
  expect(all).toEqual([true, true, true, true]);
});

test('over TLS, with name and CA as given', async () => {
  const vectors = 'test/vectors/tls';
  const body = randomBytes(5_000_000);
  const server = createHttps(
    { cert: await readFile(`${vectors}/localhost.pem`), key: await readFile(`${vectors}/localhost.key`) },
    (_req, res) => res.writeHead(200, { 'content-length': body.length }).end(body),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  const ca = await readFile('test/vectors/tls-ca.pem', 'utf8');
  const kept: Buffer[] = [];
  const pool = poolFor(port, { tls: { servername: 'localhost', ca } });
  await ask(pool, {}, { data: (piece, slab) => void kept.push(lasting(piece, slab)) });
  expect(Buffer.concat(kept).equals(body)).toBe(true);
  expect((await ask(poolFor(port, { tls: { servername: 'elsewhere.example', ca } }))).code).toBe(
    'ERR_TLS_CERT_ALTNAME_INVALID',
  );
  expect((await ask(poolFor(port, { tls: { servername: 'localhost' } }))).code).toBe(
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  );
});

describe('a pool', () => {
  const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

  test('of one connection lets the others wait, and serves them in their order', async () => {
    const { port, sockets, received } = await serve(answering(ok));
    const pool = poolFor(port, {}, 1);
    const all = await Promise.all(['/1', '/2', '/3'].map((path) => ask(pool, { path })));
    expect(all.map(({ body }) => body)).toEqual(['ok', 'ok', 'ok']);
    expect(sockets).toHaveLength(1);
    expect((received[0] ?? '').match(/\/\d /g)).toEqual(['/1 ', '/2 ', '/3 ']);
  });

  test('goes on with another connection where the one it had broke', async () => {
    const { port } = await serve((socket, nth) =>
      nth === 0 ? socket.once('data', () => socket.destroy()) : answering(ok)(socket),
    );
    const pool = poolFor(port, {}, 1);
    const [first, second] = await Promise.all([ask(pool), ask(pool)]);
    expect([first?.code, second?.body]).toEqual(['EUPSTREAMCLOSED', 'ok']);
  });

  test.each([
    ['while it connects', 0],
    ['while it waits', 1],
  ])('reads nothing of what was paused %s before it goes on', async (_name, before) => {
    const { port, received } = await serve(answering(ok));
    const pool = poolFor(port, {}, 1);
    const others = Array.from({ length: before }, () => ask(pool, { path: '/before' }));
    let flow: Flow | undefined;
    let told = false;
    const seen = ask(pool, { path: '/paused' }, {}, (its) => {
      flow = its;
      its.pause();
    });
    void seen.then(() => {
      told = true;
    });
    await Promise.all(others);
    while (!received.join('').includes('/paused')) await new Promise(setImmediate);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(told).toBe(false);
    flow?.resume();
    expect((await seen).body).toBe('ok');
  });

  test('that closes lets what runs end, and takes nothing new', async () => {
    const { port, sockets } = await serve((socket) =>
      socket.once('data', () => setImmediate(() => socket.write(ok))),
    );
    const pool = poolFor(port);
    const running = ask(pool, {}, { requestSent: () => setImmediate(() => void pool.close()) });
    expect((await running).body).toBe('ok');
    expect((await ask(pool)).code).toBe('EUPSTREAMCLOSED');
    await pool.close();
    expect(sockets[0]?.destroyed || (await once(sockets[0] as Socket, 'close'))).toBeTruthy();
  });

  test('that is destroyed fails what runs and what waits', async () => {
    const { port } = await serve(() => undefined);
    const pool = poolFor(port, {}, 1);
    const both = Promise.all([ask(pool, {}, { requestSent: () => void pool.destroy() }), ask(pool)]);
    expect((await both).map(({ code }) => code)).toEqual(['EUPSTREAMCLOSED', 'EUPSTREAMCLOSED']);
  });
});
