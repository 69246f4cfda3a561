/**
 * Upgrades go through the same pipeline as requests: no anonymous, cross-site or bodied upgrade, our own header set,
 * a filtered 101, and neither side outlives the other or a stop (also during a hanging handshake).
 */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { open, raw } from '../support/raw.ts';
import {
  echoUpstream,
  type RawConnection,
  type RawUpstream,
  rawUpstream,
  type SocketUpstream,
} from '../support/upstreams.ts';

const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13';

describe('with an echo behind', () => {
  let upstream: SocketUpstream;
  let gateway: TestGateway;
  let access: OpenedAccess;

  beforeAll(async () => {
    upstream = await echoUpstream();
    gateway = await startTestGateway({ erp: upstream.origin });
    access = await gateway.open({ purpose: 'support' });
  });

  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  function connect(): WebSocket {
    return new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, {
      headers: { host: access.host, cookie: access.cookie, origin: `http://${access.host}` },
    });
  }

  test('carries both ways and tells the bytes', async () => {
    const socket = connect();
    await once(socket, 'open');
    socket.send('bonjour');
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data.toString()).toBe('bonjour');
    socket.close();
    await once(socket, 'close');
    expect(await gateway.lastOutcome()).toBe('complete');
    const result = (await gateway.lines()).find(({ leaf }) => leaf.t === 'access.result');
    expect(result?.leaf).toMatchObject({ status: 101 });
    expect(Number(result?.leaf.up)).toBeGreaterThan(7);
  });

  test('the client’s socket destroyed: the upstream’s goes too', async () => {
    const socket = connect();
    await once(socket, 'open');
    const [inner] = upstream.clients;
    if (inner === undefined) throw new Error('no upstream socket');
    const closed = once(inner, 'close');
    socket.terminate();
    await closed;
  });

  const refused: readonly { name: string; lines: () => string; status: number }[] = [
    {
      name: 'anonymous',
      lines: () => `Origin: http://${access.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}`,
      status: 401,
    },
    {
      name: 'another origin',
      lines: () =>
        `Cookie: ${access.cookie}\r\nOrigin: https://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}`,
      status: 403,
    },
    {
      name: 'no origin',
      lines: () => `Cookie: ${access.cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}`,
      status: 403,
    },
    {
      name: 'a body',
      lines: () =>
        `Cookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n${key}`,
      status: 400,
    },
  ];

  test.each(refused)('refuses $name', async ({ lines, status }) => {
    const before = upstream.upgrades.length;
    const answer = await raw(gateway.port, `GET /ws HTTP/1.1\r\nHost: ${access.host}\r\n${lines()}\r\n\r\n`);
    expect(answer.status).toBe(status);
    expect(upstream.upgrades.length).toBe(before);
  });

  test('a spoofed identity does not get through', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws`, {
      headers: {
        host: access.host,
        cookie: access.cookie,
        origin: `http://${access.host}`,
        'x-identity': 'mallory',
        'consentry-assertion': 'forged',
      },
    });
    await once(socket, 'open');
    const seen = upstream.upgrades.at(-1);
    expect(seen?.headers['x-identity']).toBeUndefined();
    expect(seen?.headers['consentry-assertion']).toMatch(/^eyJ/);
    socket.terminate();
  });
});

describe('with a scripted upstream behind', () => {
  let upstream: RawUpstream;
  let gateway: TestGateway;
  let access: OpenedAccess;
  let script: (connection: RawConnection) => void;

  beforeAll(async () => {
    upstream = await rawUpstream(async (connection) => {
      await connection.until('\r\n\r\n');
      script(connection);
    });
    gateway = await startTestGateway({ erp: upstream.origin });
    access = await gateway.open({ purpose: 'support' });
  });

  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  function upgrade(): string {
    return `GET /ws HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`;
  }

  test('the 101 is filtered', async () => {
    script = ({ socket }) => {
      socket.write(
        'HTTP/1.1 101 Hello\x01there\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSet-Cookie: a=b; Domain=.acme.localhost\r\nClear-Site-Data: "*"\r\nSec-WebSocket-Accept: x\r\n\r\n',
      );
    };
    const answer = open(gateway.port, upgrade());
    const text = await Promise.race([answer.until('\r\n\r\n'), answer.closed.then(() => answer.received())]);
    expect(text).not.toMatch(/Domain|Clear-Site-Data/);
    expect(text).not.toContain('\x01');
    answer.socket.destroy();
  });

  test('a refusal with a control character in its status line stays outside', async () => {
    script = ({ socket }) => {
      socket.end('HTTP/1.1 403 No\x01way\r\nSet-Cookie: a=b\r\nContent-Length: 6\r\n\r\nsecret');
    };
    const answer = await raw(gateway.port, upgrade());
    expect([403, 502]).toContain(answer.status);
    expect(answer.text).not.toMatch(/secret|Set-Cookie/);
    expect(answer.text).not.toContain('\x01');
    expect(await gateway.lastOutcome()).toMatch(/^upgrade-refused$|^upstream-/);
  });

  test('a stop during a hanging handshake ends both sides, and a late 101 opens nothing', async () => {
    const fresh = await gateway.open({ purpose: 'support' });
    let late: RawConnection | undefined;
    const asked = new Promise<void>((resolve) => {
      script = (connection) => {
        late = connection;
        resolve();
      };
    });
    const client = open(gateway.port, upgrade().replace(access.cookie, fresh.cookie));
    await asked;
    await gateway.app.authority.end({ client: 'acme', opening: fresh.opening }, 'stopped', {
      provider: 'test',
    });
    await client.closed;
    await late?.closed;
    expect(client.received()).not.toContain('101');
    expect(await gateway.lastOutcome()).toBe('terminated:stopped');
  });

  test('a handshake of which a byte comes now and then takes no longer than another', async () => {
    script = ({ socket }) => {
      socket.write('HTTP/1.1 101 Fine\r\nX: ');
      const more = setInterval(() => socket.write('x'), 1_000);
      socket.once('close', () => clearInterval(more));
    };
    const client = open(gateway.port, upgrade());
    expect(await client.until('upstream_timeout')).toMatch(/^HTTP\/1\.1 504 /);
    expect(await gateway.lastOutcome()).toBe('upstream-timeout');
  }, 25_000);

  test('a plain request with Upgrade is forwarded without it, and an unsolicited 101 is a 502', async () => {
    script = ({ socket }) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    };
    const before = upstream.connections.length;
    const answer = await raw(
      gateway.port,
      `GET / HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    );
    expect(answer.status).toBe(502);
    expect(upstream.connections[before]?.received().toLowerCase()).not.toContain('upgrade');
  });
});
