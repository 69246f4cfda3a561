/** Where a webhook may lead, what it is told, when it is tried again, and what the client's own check refuses. */
import { describe, expect, test } from '@jest/globals';
import type { Story } from '../../src/core/history.ts';
import { isAddressOf, mayReach } from '../../src/core/hook-addresses.ts';
import { type HookEventState, hookMessages } from '../../src/core/hook-events.ts';
import { type Hook, hookEvents, hookPatience, pauseAfter, readHookAddress } from '../../src/core/hooks.ts';
import type { Line } from '../../src/core/ports.ts';
import { HookStory } from '../../src/core/story-hooks.ts';
import { SeatsTold } from '../../src/core/story-seats.ts';
import { makeSnapshot, start } from '../portal/world-rules.ts';
import { asked, proposed } from '../portal/world-things.ts';

const outside = { evaluation: false, private: false };
const inside = { evaluation: false, private: true };
const evaluation = { evaluation: true, private: false };

describe('where a webhook may lead', () => {
  const never = [
    ...['0.0.0.0', '0.1.2.3', '169.254.169.254', '169.254.1.1', '100.100.100.200', '168.63.129.16'],
    ...['192.0.0.192', '224.0.0.1', '240.0.0.1', '255.255.255.255', '::', 'fe80::1', 'fec0::1', 'ff02::1'],
    ...[
      'fd00:ec2::254',
      '64:ff9b::a9fe:a9fe',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:0:1::',
      '::10.0.0.1',
    ],
    ...['::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::ffff:0.0.0.0', 'localhost', ''],
  ];
  test.each(never)('%s is never reached', (address) => {
    expect([outside, inside].map((reach) => mayReach(address, reach))).toEqual([false, false]);
  });

  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    '%s is this machine: in evaluation only',
    (address) => {
      expect([outside, inside, evaluation].map((reach) => mayReach(address, reach))).toEqual([
        false,
        false,
        true,
      ]);
    },
  );

  test.each([
    ...['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
    ...['198.18.0.1', 'fc00::1', 'fd12:3456::1', '::ffff:10.0.0.1', '::ffff:a00:1'],
  ])('%s is private: where the rules say so', (address) => {
    expect([outside, inside, evaluation].map((reach) => mayReach(address, reach))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test.each([
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.1.1',
    '8.8.8.8',
    '2a01:4f8::1',
  ])('%s is public', (address) => {
    expect(mayReach(address, outside)).toBe(true);
  });

  test.each([
    'http://hooks.acme.example/',
    'https://user:pass@hooks.acme.example/',
    'https://user@hooks.acme.example/',
    'https://hooks.acme.example/#part',
    'https://hooks.acme.example/ in',
    'https://hooks.acme.example\\@evil.example/',
    'ftp://hooks.acme.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'hooks.acme.example',
    '',
    `https://hooks.acme.example/${'x'.repeat(500)}`,
    ...[
      'https://127.0.0.1/',
      'https://127.1/',
      'https://2130706433/',
      'https://0x7f.1/',
      'https://0177.0.0.1/',
    ],
    ...['https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://localhost/', 'https://a.localhost/'],
    ...['https://LOCALHOST./', 'https://metadata.google.internal/', 'https://169.254.169.254/latest/'],
    ...['https://10.0.0.1/', 'https://192.168.0.1:8443/', 'https://[fd00::1]/', 'https://[64:ff9b::7f00:1]/'],
  ])('%p is no address of a webhook', (text) => {
    expect(readHookAddress(text, outside)).toBeUndefined();
  });

  test('what is taken is written as it will be called', () => {
    expect(readHookAddress('https://Hooks.Acme.example:443/a?b=c', outside)).toBe(
      'https://hooks.acme.example/a?b=c',
    );
    expect(readHookAddress('https://10.0.0.1/', inside)).toBe('https://10.0.0.1/');
    expect(readHookAddress('http://127.0.0.1:9/', evaluation)).toBe('http://127.0.0.1:9/');
    expect(readHookAddress('http://127.0.0.1:9/', inside)).toBeUndefined();
    expect(isAddressOf('[::1]', inside)).toBe(false);
  });
});

test('each try comes later than the one before; after days it is each day', () => {
  const pauses = Array.from({ length: 12 }, (_, n) => pauseAfter(n + 1));
  expect(pauses[0]).toBe(5_000);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(pauses.at(-1)).toBe(86_400_000);
  // Within the patience there are more than eight tries.
  expect(pauses.slice(0, 8).reduce((sum, one) => sum + one, 0)).toBeLessThan(hookPatience);
});

const acme = makeSnapshot().clients.get('acme');
if (acme === undefined) throw new Error('acme is there');

const at = (ms: number) => new Date(start + ms).toISOString();
const line = (leaf: Line['leaf'], work?: Record<string, string>): Line => ({
  ...{ origin: 'log/acme', index: 1, leaf },
  groups: { person: { name: 'Alice Durand' }, ...(work === undefined ? {} : { work }) },
});

const story: Story = {
  ...{
    kind: 'opening',
    id: 'o1',
    origin: 'log/acme',
    index: 1,
    at: start,
    lastAt: start + 5,
    endedAt: undefined,
  },
  ...{
    cause: '',
    person: 't',
    first: true,
    emergency: false,
    name: 'Alice Durand',
    functions: [],
    employer: '',
    systems: ['erp'],
  },
  ...{
    operations: ['read'],
    declared: [],
    purpose: 'hotline',
    reference: 'INC-1',
    note: 'secret note',
    corrected: false,
    check: undefined,
  },
  ...{ grant: 'g1', statics: undefined, whole: true },
  facts: [
    {
      ...{
        system: 'erp',
        method: 'POST',
        path: '/customers/:id',
        operation: 'write',
        dest: 'call',
        type: '',
      },
      ...{ disposition: '', result: 'answered', count: 1, up: 0, down: 0, first: start, last: start },
    },
  ],
};

const owed = {
  ...{ id: 'c1', opening: 'o1', system: 'erp', purpose: 'backup', reference: 'INC-1' },
  ...{ destroyBy: start + 6, answerBy: start + 5, kept: undefined, gone: undefined },
};

function state(more: Partial<HookEventState> = {}): HookEventState {
  return {
    client: acme as HookEventState['client'],
    requests: [asked('r1', { raisedAt: start })],
    proposals: [proposed('p1', { proposedAt: start })],
    people: [line({ t: 'controller.seated', id: 'l1', at: at(0) })],
    stories: [story],
    sessions: [
      line(
        {
          t: 'session.opened',
          id: 'o1',
          at: at(0),
          purpose: 'hotline',
          systems: 'erp backup',
          ends: at(9),
          emergency: true,
        },
        { reference: 'INC-1', note: 'secret note' },
      ),
      line({ t: 'session.closed', id: 'l2', session: 'o1', at: at(7), cause: 'stopped' }),
      line({ t: 'session.closed', id: 'l3', session: 'o0', at: at(8), cause: 'technician' }),
    ],
    copies: [owed],
    missed: [
      line({
        ...{ t: 'robot.missed', id: 'l4', at: at(9), robot: 'nightly', system: 'backup' },
        ...{ from: at(-9), latest: at(-5), observed: true },
      }),
    ],
    endings: [line({ t: 'ending.notified', id: 'e1', at: at(7), what: 'data', from: at(9), by: 'provider' })],
    now: start + 60_000,
    addressOf: (path) => `https://portal.example${path}`,
    ...more,
  };
}

const hook = (more: Partial<Hook> = {}): Hook => ({
  ...{ id: 'h1', client: 'acme', seat: 'seat-claire', events: [...hookEvents], origin: 'https://h.example' },
  ...{ addedAt: start, removedAt: undefined },
  ...more,
});

const typesOf = (messages: readonly { readonly body: string }[]) =>
  messages.map(({ body }) => String(JSON.parse(body).type));

describe('what a webhook is told', () => {
  test('each kind, oldest first, as type, time and a little data', () => {
    const messages = hookMessages([hook()], state(), 0);
    expect(typesOf(messages).toSorted()).toEqual([...hookEvents, 'access.closed'].toSorted());
    const bodies = messages.map(({ body }) => JSON.parse(body));
    expect(bodies.find(({ type }) => type === 'access.opened')).toEqual({
      type: 'access.opened',
      timestamp: at(0),
      data: {
        ...{ client: 'acme', access: 'o1', purpose: 'hotline', systems: ['erp', 'backup'] },
        ...{ reference: 'INC-1', ends: at(9), url: 'https://portal.example/history/o1' },
      },
    });
    expect(bodies.find(({ type }) => type === 'access.stopped').data).toEqual({
      ...{ client: 'acme', access: 'o1', cause: 'stopped', url: 'https://portal.example/history/o1' },
    });
    expect(bodies.find(({ type }) => type === 'request.waiting').data).toMatchObject({
      ...{ request: 'r1', purpose: 'support', reference: 'T-7', minutes: 60 },
    });
    expect(bodies.find(({ type }) => type === 'people.changed').data).toMatchObject({ what: 'seated' });
    expect(bodies.find(({ type }) => type === 'contract.changed').data).toMatchObject({
      ...{ what: 'notified', subject: 'data', from: at(9), url: 'https://portal.example/ending' },
    });
    const times = bodies.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted());
  });

  test('each deadline of a copy, when it passes while the copy still owes', () => {
    const copies = (more: object, now = start + 60_000) => {
      const told = state({ copies: [{ ...owed, ...more }], now });
      return hookMessages([hook({ events: ['copy.overdue', 'copy.unanswered'] })], told, 0).map(({ body }) =>
        JSON.parse(body),
      );
    };
    const url = 'https://portal.example/copies';
    expect(copies({})).toEqual([
      {
        ...{ type: 'copy.unanswered', timestamp: at(5) },
        data: {
          ...{ client: 'acme', copy: 'c1', access: 'o1', purpose: 'backup', system: 'erp' },
          ...{ reference: 'INC-1', due: at(5), url },
        },
      },
      expect.objectContaining({ type: 'copy.overdue', timestamp: at(6) }),
    ]);
    expect(copies({}, start + 5).map(({ type }) => type)).toEqual(['copy.unanswered']);
    expect(copies({}, start + 4)).toEqual([]);
    const kept = { at: start, place: 'Vault', custodian: 'Alice' };
    expect(copies({ kept }).map(({ type }) => type)).toEqual(['copy.overdue']);
    const gone = { at: start, how: 'destroyed', done: start, by: 'taker', text: '' };
    expect(copies({ gone })).toEqual([]);
  });

  test('an emergency only where an access is one', () => {
    const leaf = {
      t: 'session.opened',
      id: 'o1',
      at: at(0),
      purpose: 'hotline',
      systems: 'erp',
      ends: at(9),
    };
    const plain = state({ sessions: [line(leaf)] });
    expect(
      typesOf(hookMessages([hook({ events: ['access.emergency', 'access.opened'] })], plain, 0)),
    ).toEqual(['access.opened']);
  });

  test('names nobody, no note and no path of a system', () => {
    const all = JSON.stringify(hookMessages([hook()], state(), 0));
    for (const word of ['Alice', 'alice', 'secret note', 'invoices', 'customers'])
      expect(all).not.toContain(word);
  });

  test('under an id that stays, and is another for another webhook', () => {
    const ids = (one: Hook) => hookMessages([one], state(), 0).map(({ id }) => id);
    expect(ids(hook())).toEqual(ids(hook()));
    expect(new Set([...ids(hook()), ...ids(hook({ id: 'h2' }))]).size).toBe(2 * ids(hook()).length);
    expect(ids(hook()).every((id) => /^msg_[A-Za-z0-9_-]{32}$/.test(id))).toBe(true);
  });

  test('only what was ticked, after it was added, and not what is long ago', () => {
    const closings = hookMessages([hook({ events: ['access.closed'] })], state(), 0);
    expect(typesOf(closings)).toEqual(['access.closed', 'access.closed']);
    const late = ['access.closed', 'robot.missed'];
    expect(typesOf(hookMessages([hook({ addedAt: start + 8 })], state(), 0))).toEqual(late);
    expect(typesOf(hookMessages([hook()], state(), start + 8))).toEqual(late);
    expect(hookMessages([], state(), 0)).toEqual([]);
  });

  test('a request or proposal that was answered does not wait', () => {
    const answered = {
      requests: [asked('r1', { status: 'refused', raisedAt: start })],
      stories: [],
      sessions: [],
    };
    const gone = {
      ...{ proposals: [proposed('p1', { status: 'declined', proposedAt: start })], people: [] },
      ...{ copies: [], missed: [], endings: [] },
    };
    expect(hookMessages([hook()], state({ ...answered, ...gone }), 0)).toEqual([]);
  });
});

describe('the client’s own check refuses', () => {
  const added = {
    t: 'hook.added',
    hook: 'h',
    seat: 's',
    role: 'representative',
    events: 'access.opened',
    at: at(9),
  };
  const removed = { t: 'hook.removed', hook: 'h', seat: 's', role: 'representative', at: at(9) };

  test.each([
    ['nothing that fits', [added, removed], undefined],
    ['one added twice', [added, added], 'the webhook was added already'],
    ['one added again after it was removed', [added, removed, added], 'the webhook was added already'],
    ['one told of nothing', [{ ...added, events: '' }], 'the webhook is told of nothing that is known'],
    [
      'one told of what is unknown',
      [{ ...added, events: 'everything' }],
      'the webhook is told of nothing that is known',
    ],
    ['one of nobody', [{ ...added, seat: 'x' }], 'the webhook is changed by no representative'],
    ['one of a reader', [{ ...added, seat: 'r' }], 'the webhook is changed by no representative'],
    ['one of somebody removed', [{ ...added, seat: 'gone' }], 'the webhook is changed by no representative'],
    [
      'one by whoever may not sign yet',
      [{ ...added, seat: 'w' }],
      'whoever changes the webhook could not sign yet',
    ],
    ['removing none', [removed], 'it removes a webhook that is not there'],
    ['removing twice', [added, removed, removed], 'it removes a webhook that is not there'],
    [
      'removing by a reader',
      [added, { ...removed, seat: 'r' }],
      'the webhook is changed by no representative',
    ],
  ])('%s', (_, lines, fault) => {
    const seats = new SeatsTold();
    const seated = (seat: string, role: string, more = {}) =>
      seats.seated({ t: 'controller.seated', seat, role, method: 'passkey', key: seat, at: at(0), ...more });
    seated('s', 'representative');
    seated('r', 'reader');
    seated('gone', 'representative');
    seats.removed({ t: 'controller.removed', seat: 'gone', by: 'client', remover: 's', at: at(1) });
    seated('w', 'representative', { by: 'provider', grants_from: at(48 * 3_600_000) });
    const told = new HookStory(seats);
    const found = lines.map((leaf) => (leaf.t === 'hook.added' ? told.added(leaf) : told.removed(leaf)));
    expect(found.slice(0, -1)).toEqual(lines.slice(1).map(() => undefined));
    expect(found.at(-1)).toBe(fault);
  });
});
