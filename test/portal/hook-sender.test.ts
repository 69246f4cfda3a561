/** A message sent to a real server: signed so that an independent check takes it, and never to where it must not go. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { HookReach } from '../../src/core/hooks.ts';
import { lookupOnly } from '../../src/gateway/upstream-address.ts';
import { createHookSender, type HookSending } from '../../src/portal/hook-sender.ts';

type Taken = { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string };

let server: Server | undefined;
const taken: Taken[] = [];

afterEach(async () => {
  taken.length = 0;
  const ended = server;
  server = undefined;
  ended?.closeAllConnections();
  await new Promise((resolve) => (ended === undefined ? resolve(undefined) : ended.close(resolve)));
});

async function receiver(answer: (req: IncomingMessage, res: ServerResponse) => void): Promise<number> {
  const started = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      taken.push({ url: req.url ?? '', headers: req.headers, body: Buffer.concat(parts).toString() });
      answer(req, res);
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return (started.address() as AddressInfo).port;
}

const evaluation: HookReach = { evaluation: true, private: false };
const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const body = JSON.stringify({ type: 'access.opened', data: { reference: 'é 😀' } });
const now = Date.UTC(2026, 9, 5, 8) + 999;

function sending(address: string, more: Partial<HookSending> = {}): HookSending {
  return {
    target: { client: 'acme', address, secret },
    message: { id: 'msg_1', body },
    ...{ reach: evaluation, now, signal: new AbortController().signal },
    ...more,
  };
}

const send = createHookSender(lookupOnly);

describe('a message', () => {
  test('carries id, time and a signature over both and the body, as a receiver computes it', async () => {
    const port = await receiver((_, res) => res.writeHead(204).end());
    expect(await send(sending(`http://127.0.0.1:${port}/in?token=abc`))).toEqual({ ok: true });
    const [message] = taken;
    expect([message?.url, message?.body]).toEqual(['/in?token=abc', body]);
    expect(message?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1791187200',
    });
    const signed = `msg_1.1791187200.${message?.body}`;
    const expected = createHmac('sha256', Buffer.alloc(32, 9)).update(signed).digest('base64');
    expect(message?.headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(JSON.stringify(message)).not.toContain(secret.slice(6, 20));
  });

  test('has the signature of the published example', async () => {
    // The vector of the Standard Webhooks libraries.
    const port = await receiver((_, res) => res.end());
    await send(
      sending(`http://127.0.0.1:${port}/`, {
        target: {
          ...{ client: 'acme', address: `http://127.0.0.1:${port}/` },
          secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        },
        message: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' },
        now: 1_614_265_330_000,
      }),
    );
    expect(taken[0]?.headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test.each([
    [200, { ok: true }],
    [202, { ok: true }],
    [301, { fault: 'status 301' }],
    [307, { fault: 'status 307' }],
    [400, { fault: 'status 400' }],
    [429, { fault: 'status 429' }],
    [500, { fault: 'status 500' }],
    [410, { fault: 'status 410', gone: true }],
  ])('answered with %d', async (status, outcome) => {
    const port = await receiver((_, res) => res.writeHead(status, { location: '/elsewhere' }).end());
    expect(await send(sending(`http://127.0.0.1:${port}/in`))).toEqual(outcome);
    expect(taken.map(({ url }) => url)).toEqual(['/in']);
  });

  test('is taken with the status alone, however much follows', async () => {
    const port = await receiver((_, res) => {
      res.writeHead(200);
      const more = setInterval(() => res.write('x'.repeat(65_536)), 1);
      res.on('close', () => clearInterval(more));
    });
    expect(await send(sending(`http://127.0.0.1:${port}/`))).toEqual({ ok: true });
  });

  test('to nobody who listens, or who hangs up, is not taken', async () => {
    const port = await receiver((req) => req.socket.destroy());
    expect(await send(sending(`http://127.0.0.1:${port}/`))).toEqual({ fault: 'unreachable' });
    expect(await send(sending('http://127.0.0.1:1/'))).toEqual({ fault: 'unreachable' });
  });

  test('that waits for its answer ends when the program ends', async () => {
    const stopping = new AbortController();
    const port = await receiver(() => stopping.abort());
    const outcome = await send(sending(`http://127.0.0.1:${port}/`, { signal: stopping.signal }));
    expect(outcome).toEqual({ fault: 'unreachable' });
  });
});

describe('where it must not go', () => {
  /** A name of the receiver’s choosing that leads to each of these addresses. */
  const leading =
    (...addresses: readonly string[]) =>
    (allowed: (address: string) => boolean): LookupFunction =>
    (_name, options, done) => {
      const good = addresses
        .filter(allowed)
        .map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      const [first] = good;
      if (first === undefined) done(new Error('refused'), '', 4);
      else if (options.all === true) done(null, good);
      else done(null, first.address, first.family);
    };

  test.each([
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['10.1.2.3'],
    ['192.168.1.1'],
    ['fd00::1'],
    ['169.254.169.254'],
    ['169.254.169.254', '127.0.0.1'],
  ])('a name that leads to %s', async (...addresses) => {
    const port = await receiver((_, res) => res.end());
    const outcome = await createHookSender(leading(...addresses))(
      sending(`https://hooks.acme.example:${port}/`, { reach: { evaluation: false, private: false } }),
    );
    expect(outcome).toEqual({ fault: 'address' });
    expect(taken).toEqual([]);
  });

  test('a real name of this machine', async () => {
    const port = await receiver((_, res) => res.end());
    for (const host of ['localhost', '127.0.0.1', '[::1]', '[::ffff:7f00:1]'])
      expect(
        await send(sending(`https://${host}:${port}/`, { reach: { evaluation: false, private: true } })),
      ).toEqual({ fault: 'address' });
    expect(taken).toEqual([]);
  });

  test('over http, outside evaluation, though it was added in it', async () => {
    const port = await receiver((_, res) => res.end());
    const outcome = await send(
      sending(`http://hooks.acme.example:${port}/`, { reach: { evaluation: false, private: true } }),
    );
    expect(outcome).toEqual({ fault: 'address' });
  });

  test('what is judged is what is connected to: a name that changes is asked about once', async () => {
    let asked = 0;
    const port = await receiver((_, res) => res.end());
    const changing =
      (allowed: (address: string) => boolean): LookupFunction =>
      (name, options, done) => {
        asked += 1;
        leading(asked === 1 ? '10.0.0.1' : '127.0.0.1')(allowed)(name, options, done);
      };
    const outcome = await createHookSender(changing)(
      sending(`https://hooks.acme.example:${port}/`, { reach: { evaluation: false, private: false } }),
    );
    expect([outcome, asked, taken]).toEqual([{ fault: 'address' }, 1, []]);
  });

  test('over TLS to a server that does not prove its name', async () => {
    const port = await receiver((_, res) => res.end());
    expect(await send(sending(`https://localhost:${port}/`))).toEqual({ fault: 'unreachable' });
    expect(taken).toEqual([]);
  });
});
