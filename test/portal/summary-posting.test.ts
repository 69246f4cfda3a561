/** The summary of an access in its ticket: sent to a real server, signed, when it is asked for and by whose access it was alone. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Client, Opening } from '../../src/core/model.ts';
import type { TicketDesk } from '../../src/core/ticket-check.ts';
import { guardedLookup } from '../../src/gateway/upstream-address.ts';
import { createTicketDesk } from '../../src/portal/ticket-desk.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

interface Taken {
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server | undefined;
const taken: Taken[] = [];
const key = Buffer.alloc(32, 7);

afterEach(async () => {
  taken.length = 0;
  const ended = server;
  server = undefined;
  ended?.closeAllConnections();
  await new Promise((resolve) => (ended === undefined ? resolve(undefined) : ended.close(resolve)));
});

/** A ticket system on this machine; answers its origin. */
async function ticketSystem(answer: (res: ServerResponse) => void): Promise<string> {
  const started = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      taken.push({ url: req.url, headers: req.headers, body: Buffer.concat(parts).toString() });
      answer(res);
    });
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const well = (res: ServerResponse): void => void res.writeHead(204).end();

function desk(more: { signing?: Uint8Array | undefined; lookup?: LookupFunction } = {}): TicketDesk {
  const log = { warn: () => undefined } as never;
  return createTicketDesk({
    ...{ lookup: guardedLookup(true), secret: () => 'bearer-token-bearer-token', log, signing: key },
    ...more,
  });
}

/** Alice's access `o1`, over or not, at a client whose tickets are told there. */
function withAccess(
  origin: string,
  more: { tickets?: TicketDesk; reference?: string; ended?: boolean; told?: boolean } = {},
): World {
  const { reference = 'INC 7/ü', ended = true, told = true } = more;
  const world = makeWorld({ tickets: more.tickets ?? desk() });
  const clients = world.snapshot.clients as Map<string, Client>;
  const acme = clients.get('acme');
  if (acme === undefined) throw new Error('no acme');
  const tickets = {
    ...{
      address: `${origin}/check/{reference}`,
      secretFile: 'desk',
      ca: undefined,
      onFailure: 'mark' as const,
    },
    ...(told ? { summaryAddress: `${origin}/{client}/{reference}/notes` } : {}),
  };
  clients.set('acme', { ...acme, tickets });
  const opening: Opening = {
    ...{ id: 'o1', client: 'acme', person: 'alice', systems: ['erp'], purpose: 'hotline', grant: 'g1' },
    ...{ reference, note: '', login: 'l', openedAt: start - 3_600_000, endsAt: start + 3_600_000 },
    account: { issuer: 'https://login.example', subject: 'alice' },
    authentication: { acr: undefined, amr: [], at: start },
    ...(ended
      ? { endedAt: start - 60_000, endCause: 'technician' as const }
      : { endedAt: undefined, endCause: undefined }),
  };
  world.memory.room('acme').openings.set('o1', opening);
  return world;
}

const button = 'Put it into the ticket';
const post = (world: World, who = 'alice') => browser(world, who).post('/openings/o1/summary', {});

describe('the summary', () => {
  test('goes to the ticket when the button is pressed, signed, as it is shown, and without the bearer token', async () => {
    const world = withAccess(await ticketSystem(well));
    const alice = browser(world, 'alice');
    const page = (await alice.get('/openings/o1')).text;
    expect(page).toContain(button);
    expect(taken).toEqual([]);
    const answer = await alice.post('/openings/o1/summary', {});
    expect([answer.status, answer.headers.location]).toEqual([303, '/openings/o1']);
    expect((await alice.get('/openings/o1')).text).toContain('The ticket system has taken the summary.');
    const [message] = taken;
    expect(message?.url).toBe('/acme/INC%207%2F%C3%BC/notes');
    expect(message?.headers.authorization).toBeUndefined();
    const { type, timestamp, data } = JSON.parse(message?.body ?? '');
    expect({ type, timestamp }).toEqual({ type: 'access.summary', timestamp: new Date(start).toISOString() });
    expect(data).toMatchObject({ client: 'acme', reference: 'INC 7/ü', access: 'o1' });
    expect(data.text).toContain('Client: Acme <SA>');
    const {
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': signed,
    } = message?.headers ?? {};
    const expected = createHmac('sha256', key).update(`${id}.${time}.${message?.body}`).digest('base64');
    expect([signed, time]).toEqual([`v1,${expected}`, String(start / 1_000)]);
  });

  test('pressed twice has one id', async () => {
    const world = withAccess(await ticketSystem(well));
    await post(world);
    world.memory.now += 5_000;
    await post(world);
    expect(new Set(taken.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(taken).toHaveLength(2);
  });

  test.each<[string, (res: ServerResponse) => void]>([
    ['refuses', (res) => res.writeHead(403).end()],
    ['is broken', (res) => res.writeHead(500).end()],
    ['leads elsewhere', (res) => res.writeHead(307, { location: '/elsewhere' }).end()],
    ['hangs up', (res) => res.destroy()],
    ['takes longer than two seconds', () => undefined],
  ])('is not taken where the ticket system %s, and the page says so', async (_, answer) => {
    const world = withAccess(await ticketSystem(answer));
    const alice = browser(world, 'alice');
    expect((await alice.post('/openings/o1/summary', {})).status).toBe(303);
    expect((await alice.get('/openings/o1')).text).toContain('did not take the summary');
    expect(taken).toHaveLength(1);
  });

  test('goes to no address that is never reached, whatever its name leads to', async () => {
    const origin = (await ticketSystem(well)).replace('127.0.0.1', 'localhost');
    await post(withAccess(origin, { tickets: desk({ lookup: guardedLookup(false) }) }));
    expect(taken).toEqual([]);
  });

  test.each<[string, Parameters<typeof withAccess>[1]]>([
    ['while the access runs', { ended: false }],
    ['where no address is set', { told: false }],
    ['where there is nothing to sign with', { tickets: desk({ signing: undefined }) }],
    ['under a reference that is owed', { reference: 'CALL-20261005-0001' }],
    ['under none', { reference: '' }],
  ])('is not offered and not sent %s', async (_, more) => {
    const world = withAccess(await ticketSystem(well), more);
    expect((await browser(world, 'alice').get('/openings/o1')).text).not.toContain(button);
    expect((await post(world)).status).toBe(409);
    expect(taken).toEqual([]);
  });

  test('of somebody else’s access does not exist, and without the form’s token nothing is sent', async () => {
    const world = withAccess(await ticketSystem(well));
    expect((await post(world, 'bruno')).status).toBe(404);
    expect((await post(world, 'claire')).status).toBe(403);
    const { agent } = browser(world, 'alice');
    const bare = await agent.post('/openings/o1/summary').set('x-test-user', 'alice').type('form').send({});
    expect(bare.status).toBe(403);
    expect(taken).toEqual([]);
  });
});
