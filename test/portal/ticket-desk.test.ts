/**
 * References checked against a real ticket system over real HTTP: every answer it can give and every way in which it can
 * fail, what the technician is told, what stands on the line, and what the client reads.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Client } from '../../src/core/model.ts';
import { judgeTicket, type TicketCheck, ticketAddress } from '../../src/core/ticket-check.ts';
import { guardedLookup } from '../../src/gateway/upstream-address.ts';
import { checkReference } from '../../src/portal/reference-check.ts';
import { createTicketDesk } from '../../src/portal/ticket-desk.ts';
import { stopwatch } from '../support/stopwatch.ts';
import { browser } from './browser.ts';
import { makeWorld, type World, wish } from './world.ts';

type Answer = (req: IncomingMessage, res: ServerResponse) => void;

let server: Server | undefined;
const asked: { readonly url: string | undefined; readonly token: string | undefined }[] = [];

afterEach(async () => {
  asked.length = 0;
  const ended = server;
  server = undefined;
  ended?.closeAllConnections();
  await new Promise((resolve) => (ended === undefined ? resolve(undefined) : ended.close(resolve)));
});

/** A ticket system on this machine; answers its origin. */
async function ticketSystem(
  answer: Answer,
  make: (answer: Answer) => Server = (listener) => createServer(listener),
): Promise<string> {
  const started = make((req, res) => {
    asked.push({ url: req.url, token: req.headers.authorization });
    answer(req, res);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const json =
  (value: unknown, status = 200): Answer =>
  (_req, res) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

const open = { open: true, client: 'acme' };

function checkAt(origin: string, more: Partial<TicketCheck> = {}): TicketCheck {
  return {
    ...{ address: `${origin}/tickets/{reference}?of={client}`, secretFile: undefined, ca: undefined },
    onFailure: 'refuse',
    ...more,
  };
}

function desk(more: { lookup?: LookupFunction; secret?: () => string } = {}) {
  const warned: unknown[] = [];
  const log = { warn: (event: string) => warned.push(event) } as never;
  const made = createTicketDesk({
    lookup: guardedLookup(true),
    secret: () => undefined,
    ...more,
    log,
  });
  return { ...made, warned };
}

describe('what the ticket system answers', () => {
  test.each<[string, Answer, string | undefined]>([
    ['open and this client’s', json(open), undefined],
    ['with more than is asked', json({ ...open, title: 'x' }), undefined],
    ['closed', json({ ...open, open: false }), 'ticket_closed'],
    ['another client’s, open', json({ ...open, client: 'martin' }), 'ticket_elsewhere'],
    ['another client’s, closed', json({ open: false, client: 'martin' }), 'ticket_elsewhere'],
    ['nobody’s', json({ open: true, client: '' }), 'ticket_elsewhere'],
    ['404', json({}, 404), 'ticket_unknown'],
    ['404 with a ticket in it', json(open, 404), 'ticket_unknown'],
    ['410', json({}, 410), 'ticket_unknown'],
    ['500 with a ticket in it', json(open, 500), 'ticket_unchecked'],
    ['401', json({}, 401), 'ticket_unchecked'],
    ['201', json(open, 201), 'ticket_unchecked'],
    ['a list', json([open]), 'ticket_unchecked'],
    ['a text', json('open'), 'ticket_unchecked'],
    ['null', json(null), 'ticket_unchecked'],
    ['open as a text', json({ ...open, open: 'true' }), 'ticket_unchecked'],
    ['no client', json({ open: true }), 'ticket_unchecked'],
    ['no JSON', (_, res) => res.end('<html>'), 'ticket_unchecked'],
    ['no UTF-8', (_, res) => res.end(Buffer.from([0x22, 0xff, 0x22])), 'ticket_unchecked'],
    ['nothing', (_, res) => res.end(), 'ticket_unchecked'],
    ['a broken connection', (req) => req.socket.destroy(), 'ticket_unchecked'],
    [
      'half an answer',
      (_, res) => {
        res.writeHead(200, { 'content-length': 500 }).write('{"open":true,"client":"acme"}');
        setImmediate(() => res.destroy());
      },
      'ticket_unchecked',
    ],
    [
      'a head that is huge',
      (_, res) => res.writeHead(200, { x: 'y'.repeat(60_000) }).end('{}'),
      'ticket_unchecked',
    ],
    [
      'a body that is huge',
      (_, res) => res.end(`${JSON.stringify(open)}${' '.repeat(20_000)}`),
      'ticket_unchecked',
    ],
  ])('%s', async (_, answer, expected) => {
    const origin = await ticketSystem(answer);
    expect(await desk().ask(checkAt(origin), 'acme', 'INC-1')).toBe(expected);
    expect(asked.map(({ url }) => url)).toEqual(['/tickets/INC-1?of=acme']);
  });

  test.each([301, 302, 307, 308])('a redirect (%d) is not followed', async (status) => {
    const origin = await ticketSystem((req, res) => {
      if (req.url === '/elsewhere') json(open)(req, res);
      else res.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await desk().ask(checkAt(origin), 'acme', 'INC-1')).toBe('ticket_unchecked');
    expect(asked).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ['says nothing', () => undefined],
    ['begins and does not end', (_, res) => void res.writeHead(200).write('{"open":true,')],
    [
      'drips without end',
      (_, res) => {
        res.writeHead(200).write('{');
        const drip = setInterval(() => res.write(' '), 100);
        res.on('close', () => clearInterval(drip));
      },
    ],
  ])('a system that %s is waited for two seconds, no longer', async (_, answer) => {
    const origin = await ticketSystem(answer);
    const watch = stopwatch();
    expect(await desk().ask(checkAt(origin), 'acme', 'INC-1')).toBe('ticket_unchecked');
    const { ran, stood } = watch();
    expect(ran + stood).toBeGreaterThan(1_900);
    expect(ran).toBeLessThan(2_600);
  });

  test('a name that is never resolved does not hold it up either', async () => {
    const took = stopwatch();
    const asking = desk({ lookup: () => undefined });
    expect(await asking.ask(checkAt('http://tickets.example'), 'acme', 'INC-1')).toBe('ticket_unchecked');
    expect(took().ran).toBeLessThan(2_600);
  });

  test('a system that is down is told to the operator, without the reference', async () => {
    const origin = await ticketSystem(json(open));
    const gone = server;
    server = undefined;
    await new Promise((resolve) => gone?.close(resolve));
    const asking = desk();
    expect(await asking.ask(checkAt(origin), 'acme', 'INC-1')).toBe('ticket_unchecked');
    expect(asking.warned).toEqual(['ticket_unchecked']);
  });

  test('so many of one client at once; the next is told so, also in an emergency, and other clients are asked about', async () => {
    const waiting: ServerResponse[] = [];
    const all = Promise.withResolvers<void>();
    const origin = await ticketSystem((req, res) => {
      if (req.url?.includes('martin') === true)
        return void res.end(JSON.stringify({ ...open, client: 'martin' }));
      waiting.push(res);
      if (waiting.length === 8) all.resolve();
    });
    const asking = desk();
    const check = checkAt(origin);
    const eight = Array.from({ length: 8 }, (_, n) => asking.ask(check, 'acme', `INC-${n}`));
    await all.promise;
    expect(await asking.ask(check, 'acme', 'INC-8')).toBe('busy');
    expect(await asking.ask(check, 'martin', 'INC-8')).toBeUndefined();
    for (const onFailure of ['refuse', 'mark'] as const)
      for (const emergency of [true, false]) {
        const client = { id: 'acme', tickets: { ...check, onFailure } } as Client;
        await expect(checkReference({ tickets: asking }, client, 'INC-8', emergency)).rejects.toMatchObject({
          status: 503,
          code: 'ticket_busy',
        });
      }
    for (const one of waiting) one.end(JSON.stringify(open));
    expect(await Promise.all(eight)).toEqual(Array.from({ length: 8 }, () => undefined));
    expect(asked).toHaveLength(9);
    const after = asking.ask(check, 'acme', 'INC-99');
    await new Promise((resolve) => server?.once('request', resolve));
    waiting.at(-1)?.end(JSON.stringify(open));
    expect(await after).toBeUndefined();
  });
});

describe('where it is asked', () => {
  test.each([
    ['a/../b', '/tickets/a%2F..%2Fb?of=acme'],
    ['a?b#c&d', '/tickets/a%3Fb%23c%26d?of=acme'],
    ["é%2e'()*!", '/tickets/%C3%A9%252e%27%28%29%2A%21?of=acme'],
    ['{client}', '/tickets/%7Bclient%7D?of=acme'],
    ['$& $1', '/tickets/%24%26%20%241?of=acme'],
  ])('%s stays one part of the path', async (reference, path) => {
    const origin = await ticketSystem(json(open));
    expect(await desk().ask(checkAt(origin), 'acme', reference)).toBeUndefined();
    expect(asked.map(({ url }) => url)).toEqual([path]);
  });

  test.each(['.', '..', 'a\ud800'])(
    '%j, which would lead elsewhere, is no ticket, and nobody is asked',
    async (one) => {
      const origin = await ticketSystem(json(open));
      const check = { ...checkAt(origin), address: `${origin}/tickets/{reference}/state` };
      expect(await desk().ask(check, 'acme', one)).toBe('ticket_unknown');
      expect(asked).toEqual([]);
      expect(ticketAddress(check.address, 'acme', one)).toBeUndefined();
    },
  );

  test('the token of the secret file goes along; one that is none is not sent, and nothing is asked', async () => {
    const origin = await ticketSystem(json(open));
    const check = checkAt(origin, { secretFile: 'desk' });
    expect(await desk({ secret: () => 'abc.DEF' }).ask(check, 'acme', 'INC-1')).toBeUndefined();
    expect(asked).toEqual([{ url: '/tickets/INC-1?of=acme', token: 'Bearer abc.DEF' }]);
    const missing = (): never => {
      throw new Error('ENOENT');
    };
    for (const secret of [() => '', () => 'a b', () => 'a\r\nx: y', missing])
      expect(await desk({ secret }).ask(check, 'acme', 'INC-1')).toBe('ticket_unchecked');
    expect(asked).toHaveLength(1);
  });

  test('outside evaluation a name that leads to this machine is not asked', async () => {
    const origin = (await ticketSystem(json(open))).replace('127.0.0.1', 'localhost');
    const asking = desk({ lookup: guardedLookup(false) });
    expect(await asking.ask(checkAt(origin), 'acme', 'INC-1')).toBe('ticket_unchecked');
    expect(asked).toEqual([]);
  });

  test('over TLS only who proves to be it is believed', async () => {
    const [cert, key, ca] = await Promise.all(
      ['tls/localhost.pem', 'tls/localhost.key', 'tls-ca.pem'].map((one) =>
        readFile(`test/vectors/${one}`, 'utf8'),
      ),
    );
    const made = await ticketSystem(json(open), (answer) => createSecureServer({ cert, key }, answer));
    const origin = made.replace('http:', 'https:');
    const named = checkAt(origin.replace('127.0.0.1', 'localhost'), { ca });
    expect(await desk().ask(named, 'acme', 'INC-1')).toBeUndefined();
    expect(await desk().ask({ ...named, ca: undefined }, 'acme', 'INC-1')).toBe('ticket_unchecked');
    // The certificate is another name’s.
    const other: LookupFunction = (_name, options, done) =>
      options.all === true ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
    const elsewhere = { ...named, address: named.address.replace('localhost', 'tickets.example') };
    expect(await desk({ lookup: other }).ask(elsewhere, 'acme', 'INC-1')).toBe('ticket_unchecked');
    expect(asked).toHaveLength(1);
  });

  test('an answer is judged by the client asked for, letter by letter', () => {
    const body = Buffer.from(JSON.stringify({ open: true, client: 'Acme' }));
    expect(judgeTicket(200, body, 'acme')).toBe('ticket_elsewhere');
  });
});

const form = { ...wish, systems: 'erp', purpose: 'hotline', reference: 'INC-1', note: '', minutes: '30' };

/** A portal that checks Acme's references there. */
function worldAt(origin: string, onFailure: TicketCheck['onFailure']): World {
  const world = makeWorld({ tickets: desk() });
  const clients = world.snapshot.clients as Map<string, Client>;
  for (const [id, client] of clients)
    if (id === 'acme') clients.set(id, { ...client, tickets: checkAt(origin, { onFailure }) });
  return world;
}

const lines = (world: World, kind: string) =>
  world.memory.room('acme').lines.filter(({ leaf }) => leaf.t === kind);

const failures: readonly [string, Answer, string, RegExp, string][] = [
  ['an unknown ticket', json({}, 404), 'ticket_unknown', /There is no such ticket/, 'failed'],
  ['a closed ticket', json({ ...open, open: false }), 'ticket_closed', /This ticket is closed/, 'failed'],
  [
    'another client’s ticket',
    json({ ...open, client: 'martin' }),
    'ticket_elsewhere',
    /This ticket is not this client’s/,
    'failed',
  ],
  ['no answer', (req) => req.socket.destroy(), 'ticket_unchecked', /could not be checked/, 'unchecked'],
];

describe('declaring', () => {
  test.each(failures)('under %s is refused, on the record', async (_, answer, code, title) => {
    const world = worldAt(await ticketSystem(answer), 'refuse');
    const alice = browser(world, 'alice');
    const page = await alice.post('/declare', form);
    expect([page.status, world.memory.room('acme').openings.size]).toEqual([422, 0]);
    expect(page.text).toMatch(title);
    expect(page.text).toContain('value="INC-1"');
    expect(lines(world, 'access.refused').map(({ leaf }) => leaf.reason)).toEqual([code]);
    expect(JSON.stringify(lines(world, 'access.refused').map(({ leaf }) => leaf))).not.toContain('INC-1');
    // What was refused is not tried behind the back of the check.
    expect(world.memory.commands.some((command) => command.do === 'declare')).toBe(false);
  });

  test.each(failures)(
    'under %s is marked where the rules say so, and the client sees it',
    async (_, answer, _code, _title, check) => {
      const world = worldAt(await ticketSystem(answer), 'mark');
      expect((await browser(world, 'alice').post('/declare', form)).status).toBe(303);
      expect(lines(world, 'session.opened')[0]?.leaf.reference_check).toBe(check);
      const said = {
        en: check === 'failed' ? /The reference is not confirmed/ : /The reference is not checked/,
        fr: check === 'failed' ? /La référence est non confirmée/ : /La référence est non vérifiée/,
      };
      expect((await browser(world, 'claire').get('/activity')).text).toMatch(said.en);
      expect((await browser(world, 'marc', 'fr').get('/activity')).text).toMatch(said.fr);
    },
  );

  test.each(['refuse', 'mark'] as const)('under an open ticket of the client passes (%s)', async (mode) => {
    const world = worldAt(await ticketSystem(json(open)), mode);
    expect((await browser(world, 'alice').post('/declare', form)).status).toBe(303);
    expect(lines(world, 'session.opened')[0]?.leaf.reference_check).toBe('ok');
    expect((await browser(world, 'claire').get('/activity')).text).not.toMatch(/The reference is/);
  });

  test('is asked once, also when the rights move meanwhile', async () => {
    const world = worldAt(await ticketSystem(json(open)), 'refuse');
    world.memory.moves = 1;
    expect((await browser(world, 'alice').post('/declare', form)).status).toBe(303);
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['a reference that is owed', { ...form, reference: '', call: 'yes' }, 303],
    ['one that is typed', { ...form, reference: 'call-7' }, 303],
    ['what nothing permits anyway', { ...form, purpose: 'backup' }, 422],
  ])('%s is not looked up', async (_, sent, status) => {
    const world = worldAt(await ticketSystem(json({}, 404)), 'refuse');
    expect((await browser(world, 'alice').post('/declare', sent)).status).toBe(status);
    expect(asked).toEqual([]);
    expect(lines(world, 'session.opened').map(({ leaf }) => leaf.reference_check)).toEqual(
      status === 303 ? [undefined] : [],
    );
  });

  test('where the rules ask for no check there is none', async () => {
    const world = makeWorld({ tickets: { ask: () => Promise.reject(new Error('nobody asks')) } });
    expect((await browser(world, 'alice').post('/declare', form)).status).toBe(303);
    expect(lines(world, 'session.opened')[0]?.leaf).not.toHaveProperty('reference_check');
  });
});

describe('in an emergency', () => {
  const acme = makeWorld().snapshot.clients.get('acme');
  test.each<[string, Answer, object]>([
    ['no answer is marked, not refused', (req) => req.socket.destroy(), { check: 'unchecked' }],
    ['a closed ticket is refused all the same', json({ ...open, open: false }), { refused: 'ticket_closed' }],
    ['an open ticket passes', json(open), { check: 'ok' }],
  ])('%s', async (_, answer, expected) => {
    if (acme === undefined) throw new Error('acme is there');
    const client = { ...acme, tickets: checkAt(await ticketSystem(answer)) };
    expect(await checkReference({ tickets: desk() }, client, 'INC-1', true)).toEqual(expected);
  });
});

describe('mending', () => {
  async function calling(answer: Answer, mode: TicketCheck['onFailure']) {
    const world = worldAt(await ticketSystem(answer), mode);
    const alice = browser(world, 'alice');
    await alice.post('/declare', { ...form, reference: '', call: 'yes' });
    const [opening] = world.memory.room('acme').openings.values();
    const mend = (reference: string, note = '') =>
      alice.post(`/openings/${opening?.id}/correct`, { reference, note });
    return { world, mend, opening };
  }

  test.each(failures)(
    'with %s is refused at the field, and nothing changes',
    async (_, answer, _code, title) => {
      const { world, mend, opening } = await calling(answer, 'refuse');
      const page = await mend('INC-1');
      expect(page.status).toBe(422);
      expect(page.text).toMatch(title);
      expect(lines(world, 'session.corrected')).toEqual([]);
      expect(world.memory.room('acme').openings.get(opening?.id ?? '')?.reference).toBe(opening?.reference);
    },
  );

  test('with an open ticket says so on the line; a note alone asks nobody', async () => {
    const { world, mend } = await calling(json(open), 'refuse');
    expect((await mend('INC-1')).status).toBe(303);
    expect((await mend('INC-1', 'The invoices of May.')).status).toBe(303);
    expect(lines(world, 'session.corrected')[0]?.leaf.reference_check).toBe('ok');
    expect(asked).toHaveLength(1);
  });

  test('marks what is not confirmed, for the client to see', async () => {
    const { world, mend } = await calling(json({}, 404), 'mark');
    expect((await mend('INC-1')).status).toBe(303);
    expect((await browser(world, 'claire').get('/activity')).text).toMatch(/The reference is not confirmed/);
  });
});
