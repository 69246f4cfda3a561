/** The ticket system's message that a ticket was closed: what it ends, and every way in which it can be wrong. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { Fault } from '../../src/core/faults.ts';
import { parseWebhookSecret } from '../../src/setting-formats.ts';
import { startTestGateway } from '../support/gateway.ts';
import { stopwatch } from '../support/stopwatch.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const secret = Buffer.alloc(32, 7);
const path = '/webhooks/tickets';

function sign(body: string, id: string, seconds: number, key = secret): Record<string, string> {
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
    'content-type': 'application/json',
  };
}

const closed = (client = 'acme', reference = 'T-1') =>
  JSON.stringify({ type: 'ticket.closed', data: { client, reference } });

function worldWith(...references: string[]): World {
  const world = makeWorld({ ticketSecret: secret });
  for (const [at, reference] of references.entries()) {
    const id = `o${at}`;
    world.memory.room('acme').openings.set(id, {
      ...{ id, client: 'acme', person: 'alice', account: { issuer: 'i', subject: 'alice' } },
      ...{ systems: ['erp'], purpose: 'hotline', reference, note: '', grant: 'g1', login: 'l' },
      ...{
        authentication: { acr: undefined, amr: [], at: start },
        openedAt: start,
        endsAt: start + 3_600_000,
      },
      ...{ endedAt: undefined, endCause: undefined },
    });
  }
  return world;
}

let ids = 0;
function send(world: World, body: string, headers?: Record<string, string>) {
  ids += 1;
  return request(world.app)
    .post(path)
    .set(headers ?? sign(body, `msg_${ids}`, world.memory.now / 1_000))
    .send(body);
}

const live = (world: World) =>
  [...world.memory.room('acme').openings.values()]
    .filter(({ endedAt }) => endedAt === undefined)
    .map(({ reference }) => reference);

describe('a ticket was closed', () => {
  test('what is open under it at that client ends, and nothing else', async () => {
    const world = worldWith('T-1', 'T-2', 'T-1');
    expect((await send(world, closed())).status).toBe(204);
    expect(live(world)).toEqual(['T-2']);
    expect(world.memory.ends).toEqual([
      { what: { client: 'acme', reference: 'T-1' }, cause: 'ticket-closed', by: undefined },
    ]);
  });

  test.each([
    ['a reference that nobody works under', closed('acme', 'T-9')],
    ['another client’s', closed('martin', 'T-1')],
    ['a client that is not known', closed('nobody', 'T-1')],
    ['another spelling', closed('acme', 't-1')],
    ['HTML', closed('acme', '<img src=x>')],
  ])('%s: the same answer, and nothing ends', async (_, body) => {
    const world = worldWith('T-1');
    const answer = await send(world, body);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(live(world)).toEqual(['T-1']);
  });

  test('the same message again, at once or later, counts once', async () => {
    const world = worldWith('T-1');
    const body = closed();
    const headers = sign(body, 'msg_same', start / 1_000);
    const both = await Promise.all([send(world, body, headers), send(world, body, headers)]);
    expect(both.map(({ status }) => status)).toEqual([204, 204]);
    expect(world.memory.ends).toHaveLength(1);
    world.memory.now += 299_000;
    await send(world, body, headers);
    expect(world.memory.ends).toHaveLength(1);
  });

  test('the same message again is acted on when it could not be the first time, also while that is under way', async () => {
    const world = worldWith('T-1');
    const { authority } = world.memory;
    const { end } = authority;
    const broken = Promise.withResolvers<never>();
    const tried = new Promise<void>((resolve) => {
      authority.end = () => {
        resolve();
        return broken.promise;
      };
    });
    const body = closed();
    const headers = sign(body, 'msg_same', start / 1_000);
    const first = send(world, body, headers).then(({ status }) => status);
    await tried;
    const second = send(world, body, headers).then(({ status }) => status);
    broken.reject(new Fault('ledger_unavailable', 'test'));
    expect(await first).toBe(503);
    authority.end = end;
    // Whether it waited for the first or came after it: 204 stands for an end.
    expect([503, 204]).toContain(await second);
    expect((await send(world, body, headers)).status).toBe(204);
    expect(live(world)).toEqual([]);
    expect(world.memory.ends).toHaveLength(1);
  });

  test('a clock that is set back makes no old message fresh', async () => {
    const world = worldWith('T-1');
    const body = closed();
    const old = sign(body, 'msg_old', start / 1_000);
    world.memory.now += 3_600_000;
    expect((await send(world, body, old)).status).toBe(401);
    expect((await send(world, closed('acme', 'T-9'))).status).toBe(204);
    world.memory.now = start;
    const answer = await send(world, body, old);
    expect([answer.status, answer.body.code]).toEqual([401, 'message_stale']);
    expect(live(world)).toEqual(['T-1']);
  });
});

describe('a message that is not the ticket system’s', () => {
  const good = () => sign(closed(), 'msg_x', start / 1_000);
  test.each([
    ['no signature', { ...good(), 'webhook-signature': '' }],
    ['another secret', sign(closed(), 'msg_x', start / 1_000, Buffer.alloc(32, 8))],
    ['another body', sign(closed('acme', 'T-2'), 'msg_x', start / 1_000)],
    ['another id', { ...good(), 'webhook-id': 'msg_y' }],
    ['another time', { ...good(), 'webhook-timestamp': String(start / 1_000 + 1) }],
    ['a time that is none', { ...good(), 'webhook-timestamp': 'NaN' }],
    [
      'another version',
      { ...good(), 'webhook-signature': good()['webhook-signature']?.replace('v1', 'v0') ?? '' },
    ],
    ['half a signature', { ...good(), 'webhook-signature': 'v1,AAAA' }],
  ])('%s: 401 with a code, and nothing ends', async (_, headers) => {
    const world = worldWith('T-1');
    const answer = await send(world, closed(), headers);
    expect([answer.status, answer.body.code]).toEqual([401, 'signature_invalid']);
    expect(world.memory.ends).toEqual([]);
  });

  test('one of several signatures is enough, as while a secret is replaced', async () => {
    const world = worldWith('T-1');
    const headers = good();
    headers['webhook-signature'] =
      `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`;
    expect((await send(world, closed(), headers)).status).toBe(204);
    expect(live(world)).toEqual([]);
  });

  test('strangers write one line a minute into the operator’s log', async () => {
    const world = worldWith();
    for (let n = 0; n < 5; n += 1) await send(world, closed(), { 'content-type': 'application/json' });
    expect(world.logged.filter(({ event }) => event === 'ticket_webhook_refused')).toHaveLength(1);
  });
});

describe('a message that says something else', () => {
  test.each([
    ['no JSON', '{"type":'],
    ['nothing', ''],
    ['another type', JSON.stringify({ type: 'ticket.opened', data: { client: 'acme', reference: 'T-1' } })],
    [
      'an unknown field',
      JSON.stringify({ type: 'ticket.closed', data: { client: 'acme', reference: 'T-1', all: true } }),
    ],
    ['no reference', JSON.stringify({ type: 'ticket.closed', data: { client: 'acme' } })],
    ['a list', '[]'],
    ['a reference that is too long', closed('acme', 'x'.repeat(65))],
  ])('%s: 400, and nothing ends', async (_, body) => {
    const world = worldWith('T-1');
    const answer = await send(world, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'bad_request']);
    expect(world.memory.ends).toEqual([]);
  });

  test('64 KB: 413', async () => {
    expect((await send(worldWith(), closed('acme', 'x'.repeat(65_536)))).status).toBe(413);
  });
});

test('too many at once: 429, and later they pass again', async () => {
  const world = worldWith('T-1');
  const statuses: number[] = [];
  for (let n = 0; n < 62; n += 1) statuses.push((await send(world, closed('acme', 'T-9'))).status);
  expect(statuses.slice(0, 60)).toEqual(Array(60).fill(204));
  expect(statuses.slice(60)).toEqual([429, 429]);
  world.memory.now += 1_000;
  expect((await send(world, closed())).status).toBe(204);
  expect(live(world)).toEqual([]);
});

test('without a secret there is no such address', async () => {
  const answer = await request(makeWorld().app).post(path).send(closed());
  expect(answer.status).not.toBe(204);
});

test.each([
  'whsec_',
  'whsec_AAAA',
  `whsec_${'A'.repeat(31)}`,
  `whsec_${'A'.repeat(200)}`,
  'x'.repeat(40),
  `whsec_${'-'.repeat(40)}`,
])('the secret %s is refused at the start', (text) => {
  expect(parseWebhookSecret(text)).toHaveProperty('fault');
});

test('in the whole product: the access is over within a second, and the log says why', async () => {
  const ticketSecret = `whsec_${secret.toString('base64')}`;
  expect(parseWebhookSecret(ticketSecret)).toEqual({ value: ticketSecret });
  const gateway = await startTestGateway({ ticketSecret });
  try {
    const access = await gateway.open();
    const body = closed('acme', 'T-1001');
    const took = stopwatch();
    const answer = await request(`http://127.0.0.1:${gateway.port}`)
      .post(path)
      .set('host', gateway.config.portalUrl.host)
      .set(sign(body, 'msg_real', Math.floor(Date.now() / 1_000)))
      .send(body);
    expect(answer.status).toBe(204);
    const line = (await gateway.lines()).find(({ leaf }) => leaf.t === 'session.closed');
    expect(line?.leaf).toMatchObject({ session: access.opening, cause: 'ticket-closed', by: 'system' });
    expect((await gateway.app.authority.client('acme')).openings.size).toBe(0);
    expect(took().ran).toBeLessThan(1_000);
    expect(await gateway.app.archive.fsck()).toEqual([]);
  } finally {
    await gateway.close();
  }
});
