/**
 * Upgrades go through the same pipeline as requests: no anonymous, cross-site or bodied upgrade, our own header set,
 * a filtered 101, and neither side outlives the other or a stop (also during a hanging handshake).
 */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
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

  // Whatever came before: the next one passes, both ways.
  afterEach(async () => {
    const socket = connect();
    await once(socket, 'open');
    socket.send('next');
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(data.toString()).toBe('next');
    socket.close();
    await once(socket, 'close');
  });

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

  const refused: readonly {
    name: string;
    lines: () => string;
    status: number;
    method?: string;
    early?: string;
  }[] = [
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
      name: 'what says that it is a person who came from elsewhere',
      lines: () =>
        `Cookie: ${access.cookie}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}`,
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
    {
      name: 'bytes before the answer',
      lines: () =>
        `Cookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}`,
      early: 'hello',
      status: 400,
    },
    {
      name: 'another method',
      lines: () =>
        `Cookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}`,
      method: 'POST',
      status: 400,
    },
  ];

  test.each(refused)('refuses $name', async ({ lines, status, method = 'GET', early = '' }) => {
    const before = upstream.upgrades.length;
    const answer = await raw(
      gateway.port,
      `${method} /ws HTTP/1.1\r\nHost: ${access.host}\r\n${lines()}\r\n\r\n${early}`,
    );
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
        'x-forwarded-for': '8.8.8.8',
        'x-forwarded-proto': 'gopher',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-port': '1',
      },
    });
    await once(socket, 'open');
    const seen = upstream.upgrades.at(-1);
    expect(seen?.headers['x-identity']).toBeUndefined();
    expect(seen?.headers['consentry-assertion']).toMatch(/^eyJ/);
    expect(seen?.headers).toMatchObject({
      host: access.host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': access.host,
      'x-forwarded-port': String(gateway.port),
    });
    socket.terminate();
  });

  test('what Connection names is gone before our own lines are added', async () => {
    const before = upstream.upgrades.length;
    const answer = open(
      gateway.port,
      `GET /ws HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nOrigin: http://${access.host}\r\nConnection: Upgrade, X-Secret, Consentry-Assertion, Host\r\nX-Secret: 1\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
    );
    expect(await answer.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 101 /);
    answer.socket.destroy();
    const seen = upstream.upgrades[before];
    expect(seen?.headers).toMatchObject({ connection: 'Upgrade', upgrade: 'websocket', host: access.host });
    expect(seen?.headers).not.toHaveProperty('x-secret');
    expect(seen?.rawHeaders.filter((name) => name === 'Consentry-Assertion')).toHaveLength(1);
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

  // Whatever came before: a good handshake opens, and bytes pass both ways.
  afterEach(async () => {
    script = ({ socket }) => {
      socket.write('HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello');
      socket.on('data', (data) => socket.end(data));
    };
    const next = open(gateway.port, upgrade());
    expect(await next.until('hello')).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    next.socket.write('and back');
    await next.until('and back');
    await next.closed;
  });

  test('of a good 101 only what may come down does', async () => {
    script = ({ socket }) => {
      socket.write(
        'HTTP/1.1 101 Hello there\r\nConnection: Upgrade, X-Hop\r\nUpgrade: websocket\r\nX-Hop: 1\r\nSet-Cookie: a=b; Domain=.acme.localhost\r\nSet-Cookie: __Host-consentry=x\r\nClear-Site-Data: "*"\r\nStrict-Transport-Security: max-age=0\r\nServer: inner\r\nSec-WebSocket-Accept: x\r\n\r\n',
      );
    };
    const answer = open(gateway.port, upgrade());
    expect((await answer.until('\r\n\r\n')).split('\r\n')).toEqual([
      'HTTP/1.1 101 Switching Protocols',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Set-Cookie: a=b',
      'Sec-WebSocket-Accept: x',
      '',
      '',
    ]);
    answer.socket.destroy();
  });

  test.each([
    ['a no of its own', '403 Forbidden', 403],
    ['a page instead', '200 OK', 502],
  ])('%s: the status says so, its words stay inside', async (_name, status, expected) => {
    script = ({ socket }) => {
      socket.end(`HTTP/1.1 ${status}\r\nSet-Cookie: a=b\r\nContent-Length: 6\r\n\r\nsecret`);
    };
    const answer = await raw(gateway.port, upgrade());
    expect(answer.status).toBe(expected);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'upgrade_refused' });
    expect(answer.text).not.toMatch(/secret|Set-Cookie|Forbidden/);
    expect(await gateway.lastOutcome()).toBe('upgrade-refused');
  });

  test('the client leaves during a hanging handshake: the system is let go', async () => {
    const asked = new Promise<RawConnection>((resolve) => {
      script = resolve;
    });
    const client = open(gateway.port, upgrade());
    const hanging = await asked;
    client.socket.destroy();
    await hanging.closed;
    expect(await gateway.lastOutcome()).toBe('client-abort');
  });

  test.each(['client', 'system'] as const)(
    'the %s says that it is done: it is over, also where the other never says so',
    async (first) => {
      const opened = new Promise<RawConnection>((resolve) => {
        script = (connection) => {
          connection.socket.allowHalfOpen = true;
          connection.socket.write('HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
          resolve(connection);
        };
      });
      const client = open(gateway.port, upgrade());
      client.socket.allowHalfOpen = true;
      await client.until('\r\n\r\n');
      const { socket } = await opened;
      (first === 'client' ? client.socket : socket).end();
      expect(await gateway.lastOutcome()).toBe('complete');
      socket.destroy();
      client.socket.destroy();
    },
  );

  test('the system’s side is gone: so is the client’s', async () => {
    const opened = new Promise<RawConnection>((resolve) => {
      script = (connection) => {
        connection.socket.write('HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
        resolve(connection);
      };
    });
    const client = open(gateway.port, upgrade());
    await client.until('\r\n\r\n');
    (await opened).socket.resetAndDestroy();
    await client.closed;
    expect(await gateway.lastOutcome()).toBe('upstream-abort');
  });

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

  test('a head that is too large is a 502, and of a large one all comes', async () => {
    const switched = (bytes: number): string =>
      `HTTP/1.1 101 Fine\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-A: ${'a'.repeat(bytes)}\r\n\r\n`;
    script = ({ socket }) => void socket.write(switched(32_000));
    const large = open(gateway.port, upgrade());
    expect(await large.until('\r\n\r\n')).toContain(`X-A: ${'a'.repeat(32_000)}\r\n`);
    large.socket.destroy();
    script = ({ socket }) => void socket.write(switched(33_000));
    expect((await raw(gateway.port, upgrade())).status).toBe(502);
    expect(await gateway.lastOutcome()).toMatch(/^upstream-/);
  });

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
