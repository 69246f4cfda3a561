import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { httpUpstream, rawUpstream } from '../support/upstreams.ts';
import { runDownload, runUpload } from './bulk.ts';
import { parseHead } from './http-client.ts';
import { runLoad } from './load.ts';

function plan(port: number, requests: number, connections = 2) {
  const reach = { port, host: 'app.example', cookie: 'a=b' };
  return { reach, path: '/x', connections, milliseconds: 10_000, requests };
}

test('the load is what was planned, over kept connections, with cookie and browser headers', async () => {
  const upstream = await httpUpstream();
  try {
    const result = await runLoad(plan(upstream.port, 100));
    expect(result.requests).toBe(100);
    expect(upstream.requests).toHaveLength(100);
    expect(new Set(upstream.requests.map((seen) => seen.remotePort)).size).toBe(2);
    expect(upstream.requests[0]?.headers).toMatchObject({
      host: 'app.example',
      cookie: 'a=b',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
    });
    expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
    expect(result.p50Ms).toBeGreaterThan(0);
  } finally {
    await upstream.close();
  }
});

test('chunked answers count as whole only at their end', async () => {
  const upstream = await httpUpstream((_req, res) => {
    res.write('first');
    setImmediate(() => res.end('second'));
  });
  try {
    expect((await runLoad(plan(upstream.port, 20, 1))).requests).toBe(20);
    expect(upstream.requests).toHaveLength(20);
  } finally {
    await upstream.close();
  }
});

test.each([
  ['not 200', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno', 'not 200'],
  ['too long', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc', 'more bytes'],
  ['without length', 'HTTP/1.1 200 OK\r\n\r\n', 'without a length'],
])('an answer that is %s fails the run', async (_name, bytes, message) => {
  const upstream = await rawUpstream(bytes);
  try {
    await expect(runLoad(plan(upstream.port, 5, 1))).rejects.toThrow(message);
  } finally {
    await upstream.close();
  }
});

test('an answer that is cut short fails the run', async () => {
  const upstream = await rawUpstream(async (connection) => {
    await connection.until('\r\n\r\n');
    connection.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc');
  });
  try {
    await expect(runLoad(plan(upstream.port, 5, 1))).rejects.toThrow('closed a connection');
  } finally {
    await upstream.close();
  }
});

test('a head is known only when complete', () => {
  const whole = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n');
  expect(parseHead(whole.subarray(0, -1))).toBeUndefined();
  expect(parseHead(whole)).toEqual({ status: 200, headBytes: whole.length, bodyBytes: 7 });
});

test('bulk transfers are counted by both ends', async () => {
  const bytes = 3_000_000;
  const upstream = await httpUpstream(async (req, res) => {
    let counted = 0;
    req.on('data', (part: Buffer) => {
      counted += part.length;
    });
    await once(req, 'end');
    const body = req.method === 'POST' ? JSON.stringify({ bytes: counted }) : Buffer.alloc(bytes);
    res.writeHead(200, { 'content-length': body.length }).end(body);
  });
  try {
    const reach = { port: upstream.port, host: 'app.example', cookie: undefined };
    expect((await runDownload({ reach, bytes })).bytes).toBe(bytes);
    expect((await runUpload({ reach, bytes })).bytes).toBe(bytes);
    expect(upstream.requests.map((seen) => `${seen.method} ${seen.url}`)).toEqual([
      `GET /bytes/${bytes}`,
      'POST /sink',
    ]);
  } finally {
    await upstream.close();
  }
});

test('a refused upload and a short download are failures', async () => {
  const refusing = await httpUpstream(
    (_req, res) => void res.writeHead(403, { 'content-length': 2, connection: 'close' }).end('no'),
  );
  const short = await rawUpstream(async (connection) => {
    await connection.until('\r\n\r\n');
    connection.socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(70_000)}`);
  });
  try {
    const reach = { port: refusing.port, host: 'app.example', cookie: undefined };
    await expect(runUpload({ reach, bytes: 100 })).rejects.toThrow('403');
    await expect(runDownload({ reach: { ...reach, port: short.port }, bytes: 100_000 })).rejects.toThrow(
      'ended after 70000',
    );
  } finally {
    await refusing.close();
    await short.close();
  }
});
