/**
 * From a line of the log to a client's server: real ledger, real queue, real HTTP. Outage, restart, removal, slowness, giving up;
 * and once in the whole product.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Hooks, startHooks } from '../../src/app-hooks.ts';
import { providerHook } from '../../src/app-provider-hook.ts';
import type { Command } from '../../src/core/commands.ts';
import { usualCopies } from '../../src/core/copies.ts';
import { type HookEvent, type HookQueue, hookPatience, pauseAfter } from '../../src/core/hooks.ts';
import type { Mailbox } from '../../src/core/mail.ts';
import type { Client, Opening } from '../../src/core/model.ts';
import type { History } from '../../src/core/ports.ts';
import { lookupOnly } from '../../src/gateway/upstream-address.ts';
import { createHookSender } from '../../src/portal/hook-sender.ts';
import { createMailbox } from '../../src/stores/notices.ts';
import {
  declareCommand,
  type Folder,
  intentDraft,
  makeFolder,
  openingOf,
  openLedger,
  resultFields,
  seatCommand,
  settle,
  sliceText,
  standingClock,
  textHash,
} from '../stores/ledger-world.ts';
import { startTestGateway } from '../support/gateway.ts';
import { makeSnapshot } from './world-rules.ts';

interface Message {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly signed: boolean;
}

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const servers: Server[] = [];

/** A client's server: keeps what comes, checks its signature, and answers as told. */
class Receiver {
  readonly taken: Message[] = [];
  readonly #waiting: (() => void)[] = [];
  status: number | 'silent' = 200;
  port = 0;
  #server: Server | undefined;

  async listen(): Promise<void> {
    const started = createServer((req, res) => this.#take(req, res));
    this.#server = started;
    servers.push(started);
    await new Promise<void>((resolve) => started.listen(this.port, '127.0.0.1', resolve));
    this.port = (started.address() as AddressInfo).port;
  }

  async down(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  /** Resolves with the next message, whatever is answered to it. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}/in`;
  }

  types(): string[] {
    return this.taken.map(({ type }) => type);
  }

  #take(req: IncomingMessage, res: ServerResponse): void {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const id = String(req.headers['webhook-id']);
      const expected = createHmac('sha256', Buffer.alloc(32, 5))
        .update(`${id}.${req.headers['webhook-timestamp']}.${body}`)
        .digest('base64');
      const signed = req.headers['webhook-signature'] === `v1,${expected}`;
      this.taken.push({ id, signed, ...JSON.parse(body) });
      if (this.status !== 'silent') res.writeHead(this.status).end();
      this.#waiting.shift()?.();
    });
  }
}

async function receiver(status: number | 'silent' = 200): Promise<Receiver> {
  const made = new Receiver();
  made.status = status;
  await made.listen();
  return made;
}

const noHistory = {
  page: async () => ({ stories: [], next: undefined, total: 0, searchedTo: undefined, behind: undefined }),
} as unknown as History;

let folder: Folder;
let clock: ReturnType<typeof standingClock>;
let world: Awaited<ReturnType<typeof openLedger>>;
let settled: Awaited<ReturnType<typeof settle>>;
let queue: Mailbox & HookQueue;
let hooks: Hooks;
/** The provider's own server, where it has one. */
let own: Receiver | undefined;
let warned: string[];

const run = <C extends Command>(command: C) => world.ledger.run(command);
const by = () => ({ seat: settled.seat, role: 'representative' }) as const;

/** The part of the program that tells hooks, on a queue that may hold what an earlier run left. */
function begin(): void {
  queue = createMailbox({
    ...{ file: join(folder.dir, 'notices.db'), outbox: join(folder.dir, 'outbox'), smtpUrl: undefined },
    ...{ from: 'c@portal.example', domain: 'portal.example', retryAfter: 60_000 },
  });
  const clients = makeSnapshot().clients as ReadonlyMap<string, Client>;
  hooks = startHooks({
    policies: { current: () => ({ clients }) } as never,
    authority: { client: async () => ({ openings: new Map() }) } as never,
    archive: world.archive,
    history: noHistory,
    queue,
    send: createHookSender(lookupOnly),
    clock,
    log: { warn: (event: string, of: { fault: string }) => warned.push(`${event} ${of.fault}`) } as never,
    portalUrl: new URL('https://portal.example'),
    evaluation: true,
    provider: providerHook(own?.address, secret),
  });
}

/** Looks, and waits until nothing is on its way. */
async function tell(): Promise<void> {
  await hooks.look();
  await hooks.settled();
}

async function end(): Promise<void> {
  await hooks.stop();
  await queue.close();
}

beforeEach(async () => {
  own = undefined;
  warned = [];
  folder = makeFolder();
  clock = standingClock();
  world = await openLedger(folder, clock);
  settled = await settle(folder, (command) => run(command), clock.now());
  clock.advance(1_000);
  begin();
});

afterEach(async () => {
  await end();
  await world.close();
  folder.remove();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function add(
  to: Receiver,
  id = 'h1',
  events: readonly HookEvent[] = ['access.opened', 'access.stopped'],
) {
  const hook = { id, events, address: to.address, secret };
  expect(await run({ do: 'hook-add', client: 'acme', hook, by: by() })).toHaveProperty('receipt');
}

async function declare(reference: string): Promise<Opening> {
  clock.advance(1);
  const { grant, opening: first, epoch } = settled;
  const opening = openingOf(grant.id, first.login, clock.now(), { reference });
  expect(await run(declareCommand(opening, epoch))).toHaveProperty('receipt');
  return opening;
}

const stop = (opening: Opening) =>
  run({
    do: 'close',
    client: 'acme',
    by: by(),
    closings: [
      {
        ...{ opening: opening.id, cause: 'stopped', cutMs: 1 },
        counts: { exchanges: 0, refused: 0, statics: 0, up: 0, down: 0 },
      },
    ],
  });

describe('what happens', () => {
  test('arrives signed, once, from when the webhook was added on', async () => {
    const acme = await receiver();
    await add(acme);
    const opening = await declare('INC-1');
    await tell();
    expect(acme.taken).toEqual([
      {
        ...{ id: expect.stringMatching(/^msg_/), signed: true, type: 'access.opened' },
        timestamp: new Date(clock.now()).toISOString(),
        data: {
          ...{ client: 'acme', access: opening.id, purpose: 'hotline', systems: ['erp'], reference: 'INC-1' },
          ends: new Date(opening.endsAt).toISOString(),
          url: `https://portal.example/c/acme/history/${opening.id}`,
        },
      },
    ]);
    await tell();
    await stop(opening);
    await tell();
    await tell();
    expect(acme.types()).toEqual(['access.opened', 'access.stopped']);
    expect(warned).toEqual([]);
  });

  test('comes again after a 500, and after an outage, under the same id', async () => {
    const acme = await receiver(500);
    await add(acme);
    await declare('INC-1');
    await tell();
    expect(acme.taken).toHaveLength(1);
    await tell();
    expect(acme.taken).toHaveLength(1);
    await acme.down();
    clock.advance(pauseAfter(1));
    await tell();
    acme.status = 200;
    await acme.listen();
    clock.advance(pauseAfter(2));
    await tell();
    expect(new Set(acme.taken.map(({ id }) => id)).size).toBe(1);
    expect(acme.taken.map(({ signed }) => signed)).toEqual([true, true]);
    expect(warned).toEqual(['hook_not_taken status 500', 'hook_not_taken unreachable']);
  });

  test('survives a restart in the middle of an outage', async () => {
    const acme = await receiver(503);
    await add(acme);
    await declare('INC-1');
    await tell();
    await end();
    acme.status = 200;
    begin();
    await tell();
    expect(acme.taken).toHaveLength(1);
    clock.advance(pauseAfter(1));
    await tell();
    expect(acme.taken).toHaveLength(2);
    expect(acme.taken[1]?.id).toBe(acme.taken[0]?.id);
    await tell();
    expect(acme.taken).toHaveLength(2);
  });

  test('that a program which ended did not tell is told by the next one', async () => {
    const acme = await receiver();
    await add(acme);
    await end();
    await declare('INC-1');
    begin();
    await tell();
    expect(acme.types()).toEqual(['access.opened']);
  });

  test('was on its way when the program ended: it comes again under its id', async () => {
    const acme = await receiver('silent');
    await add(acme);
    await declare('INC-1');
    const arrived = acme.next();
    const looking = hooks.look();
    await arrived;
    await end();
    await looking;
    acme.status = 200;
    begin();
    await tell();
    expect(acme.taken.map(({ id }) => id)).toEqual([acme.taken[0]?.id, acme.taken[0]?.id]);
  });
});

/** A copy of an access that must be gone after a day; where it is kept is to be said within two hours. */
async function copied(opening: Opening): Promise<void> {
  const intent = await world.ledger.intent(intentDraft(opening, settled.epoch), settled.epoch);
  if (!('receipt' in intent)) throw new Error('moved');
  const policy = textHash(sliceText('acme'));
  const rules = { ...usualCopies, keepDays: 1, answerHours: 2 };
  await run({
    ...{ do: 'copy-register', client: 'acme', intent: intent.receipt, request: intent.id, policy, rules },
    ...{ opening: opening.id, person: opening.person, system: 'erp', path: '/export' },
    head: { status: 200, type: '' },
  });
  const digest = `sha256:${'A'.repeat(43)}`;
  await run({
    ...{ do: 'result', client: 'acme', intent: intent.receipt, id: 'r-1' },
    fields: { ...resultFields, digest },
  });
}

test('a copy that passes its deadlines is told when it does, without any line, and once', async () => {
  const acme = await receiver();
  await add(acme, 'h1', ['copy.overdue', 'copy.unanswered']);
  const opening = await declare('INC-1');
  await copied(opening);
  await tell();
  await tell();
  expect(acme.types()).toEqual([]);
  clock.advance(2 * 3_600_000);
  await tell();
  await tell();
  expect(acme.types()).toEqual(['copy.unanswered']);
  clock.advance(22 * 3_600_000);
  await tell();
  await end();
  begin();
  await tell();
  expect(acme.types()).toEqual(['copy.unanswered', 'copy.overdue']);
  expect(acme.taken[1]).toMatchObject({ signed: true, data: { access: opening.id, system: 'erp' } });
  expect(JSON.stringify(acme.taken)).not.toMatch(/alice/i);
});

test('the provider’s own server is told of owed copies and missed runs at every client, once, and of nothing else', async () => {
  await end();
  own = await receiver();
  begin();
  const acme = await receiver();
  await add(acme, 'h1', ['access.opened', 'copy.unanswered', 'robot.missed']);
  const opening = await declare('INC-1');
  await copied(opening);
  await tell();
  expect([own.types(), acme.types()]).toEqual([[], ['access.opened']]);
  const watched = { client: 'acme', robot: 'nightly', system: 'erp', plan: 'daily', runs: [] };
  const look = (runs: readonly { readonly from: number; readonly latest: number }[]) =>
    run({ do: 'watch-robots', watched: [{ ...watched, runs }], since: 0, unread: [] });
  await look([]);
  const from = clock.now() + 1;
  clock.advance(2 * 3_600_000);
  expect(await look([{ from, latest: from + 60_000 }])).toMatchObject({ missed: 1 });
  await tell();
  await tell();
  expect(own.types().sort()).toEqual(['copy.unanswered', 'robot.missed']);
  clock.advance(22 * 3_600_000);
  await tell();
  // A restart tells nothing twice.
  await end();
  begin();
  await tell();
  expect(own.types().sort()).toEqual(['copy.overdue', 'copy.unanswered', 'robot.missed']);
  expect(own.taken.every(({ signed }) => signed)).toBe(true);
  const pages = own.taken.map(({ data }) => String(data.url)).sort();
  const copies = 'https://portal.example/provider/copies/acme';
  expect(pages).toEqual(['https://portal.example/provider', copies, copies]);
  expect(JSON.stringify(own.taken)).not.toMatch(/alice/i);
  expect(acme.types().sort()).toEqual(['access.opened', 'copy.unanswered', 'robot.missed']);
});

test('another address of the provider’s begins anew where the one before was given up', () => {
  const [one, other] = ['https://a.example/x', 'https://b.example/x'].map((address) =>
    providerHook(address, secret),
  );
  expect(one?.id).not.toBe(other?.id);
  expect(one?.id).not.toContain('example');
  expect(providerHook(undefined, secret)).toBeUndefined();
  expect(providerHook('https://a.example/x', undefined)).toBeUndefined();
});

describe('a webhook', () => {
  test('that was removed gets nothing more, not even what waited for it', async () => {
    const acme = await receiver(500);
    await add(acme);
    await declare('INC-1');
    await tell();
    expect(await run({ do: 'hook-remove', client: 'acme', hook: 'h1', by: by() })).toHaveProperty('receipt');
    acme.status = 200;
    await declare('INC-2');
    clock.advance(pauseAfter(1));
    await tell();
    clock.advance(pauseAfter(9));
    await tell();
    expect(acme.taken).toHaveLength(1);
    expect(await queue.dueHooks(clock.now() + 1e12)).toEqual([]);
  });

  test('that is removed between two messages gets the first alone', async () => {
    const acme = await receiver('silent');
    await add(acme);
    await declare('INC-1');
    await declare('INC-2');
    const arrived = acme.next();
    const looking = hooks.look();
    await arrived;
    await run({ do: 'hook-remove', client: 'acme', hook: 'h1', by: by() });
    acme.status = 200;
    // What was on its way breaks off: the next one is looked up anew, and there is no webhook any more.
    for (const server of servers) server.closeAllConnections();
    await looking;
    await hooks.settled();
    clock.advance(pauseAfter(3));
    await tell();
    expect(acme.taken.map(({ data }) => data.reference)).toEqual(['INC-1']);
  });

  test('of somebody who was removed gets nothing more', async () => {
    const acme = await receiver();
    const marc = seatCommand(folder, clock.now());
    await run({ ...marc, seat: { ...marc.seat, controller: 'marc', subject: 'sub-marc' } });
    const hook = { id: 'h1', events: ['access.opened'] as const, address: acme.address, secret };
    const of = { seat: marc.seat.id, role: 'representative' } as const;
    expect(await run({ do: 'hook-add', client: 'acme', hook, by: of })).toHaveProperty('receipt');
    await declare('INC-1');
    await tell();
    expect(acme.taken).toHaveLength(1);
    const gone = await run({ do: 'unseat', client: 'acme', controller: 'marc', by: by() });
    if ('epoch' in gone) settled = { ...settled, epoch: gone.epoch };
    await declare('INC-2');
    await tell();
    expect(acme.taken).toHaveLength(1);
  });

  test('that never answers holds up itself alone', async () => {
    const slow = await receiver('silent');
    const quick = await receiver();
    await add(slow, 'slow');
    await add(quick, 'quick');
    await declare('INC-1');
    const both = Promise.all([slow.next(), quick.next()]);
    const looking = hooks.look();
    await both;
    expect(slow.types()).toEqual(['access.opened']);
    expect(quick.types()).toEqual(['access.opened']);
    await hooks.stop();
    await looking;
  });

  test('that never answers keeps nobody’s next message back', async () => {
    const slow = await receiver('silent');
    const quick = await receiver();
    await add(slow, 'slow');
    await add(quick, 'quick');
    for (const reference of ['INC-1', 'INC-2', 'INC-3']) {
      await declare(reference);
      const arrived = quick.next();
      await hooks.look();
      await arrived;
    }
    expect(quick.taken.map(({ data }) => data.reference)).toEqual(['INC-1', 'INC-2', 'INC-3']);
    expect(slow.taken.map(({ data }) => data.reference)).toEqual(['INC-1']);
    await hooks.stop();
  });

  test('is told everything, in order, however much happened between two looks', async () => {
    const acme = await receiver();
    await add(acme);
    await declare('INC-0');
    await tell();
    const references = Array.from({ length: 230 }, (_, n) => `INC-${n + 1}`);
    for (const reference of references) await declare(reference);
    await tell();
    expect(acme.taken.map(({ data }) => data.reference)).toEqual(['INC-0', ...references]);
    expect(new Set(acme.taken.map(({ id }) => id)).size).toBe(231);
  });

  test('that takes nothing for five days is given up', async () => {
    const acme = await receiver(500);
    await add(acme);
    await declare('INC-1');
    const first = clock.now();
    for (let tries = 1; tries < 14; tries += 1) {
      await tell();
      clock.advance(pauseAfter(tries));
    }
    const [state] = await queue.hookStates(['h1']);
    expect(state).toMatchObject({ failingSince: first, fault: 'status 500' });
    expect((state?.disabledAt ?? 0) - first).toBeGreaterThanOrEqual(hookPatience);
    const before = acme.taken.length;
    acme.status = 200;
    await declare('INC-2');
    await tell();
    expect(acme.taken).toHaveLength(before);
  });
});

test('in the whole product: an access that is opened is told within seconds, and so is its stop', async () => {
  const acme = await receiver();
  const gateway = await startTestGateway();
  try {
    const { authority, archive } = gateway.app;
    const [seat] = (await archive.inForce('acme')).seats.filter(({ role }) => role === 'representative');
    if (seat === undefined) throw new Error('acme has a representative');
    const id = randomBytes(9).toString('base64url');
    const hook = { id, events: ['access.opened', 'access.stopped'] as const, address: acme.address, secret };
    const actor = { seat: seat.id, role: seat.role };
    await authority.run({ do: 'hook-add', client: 'acme', hook, by: actor });
    const opened = acme.next();
    const access = await gateway.open();
    await opened;
    const stopped = acme.next();
    await authority.end({ client: 'acme', opening: access.opening }, 'stopped', actor);
    await stopped;
    expect(acme.taken).toMatchObject([
      { type: 'access.opened', signed: true, data: { access: access.opening, reference: 'T-1001' } },
      { type: 'access.stopped', signed: true, data: { access: access.opening, cause: 'stopped' } },
    ]);
    expect(await archive.fsck()).toEqual([]);
  } finally {
    await gateway.close();
  }
});
