/** The queue of messages for webhooks, in its real thread: kept once, tried again, given up after days; also over a restart. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type HookMessage, type HookQueue, hookPatience, pauseAfter } from '../../src/core/hooks.ts';
import type { Mailbox } from '../../src/core/mail.ts';
import { createMailbox } from '../../src/stores/notices.ts';

let folder: string;
let queue: Mailbox & HookQueue;
const start = Date.UTC(2026, 5, 1, 9);
const fault = { fault: 'status 500' } as const;

function open() {
  return createMailbox({
    ...{ file: join(folder, 'notices.db'), outbox: join(folder, 'outbox'), smtpUrl: undefined },
    ...{ from: 'consentry@portal.example', domain: 'portal.example', retryAfter: 60_000 },
  });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'consentry-hooks-'));
  queue = open();
});

afterEach(async () => {
  await queue.close();
  rmSync(folder, { recursive: true, force: true });
});

const message = (id: string, hook = 'h1'): HookMessage => ({
  id,
  hook,
  client: 'acme',
  body: `{"of":"${id}"}`,
});
const dueIds = async (now: number) => (await queue.dueHooks(now)).map(({ id }) => id);
const state = async (hook = 'h1') => (await queue.hookStates([hook]))[0];

describe('a message', () => {
  test('is kept once, whole, and is due at once', async () => {
    expect(await queue.offerHooks([message('a'), message('a')], start)).toBe(1);
    expect(await queue.offerHooks([message('a')], start + 1)).toBe(0);
    expect(await queue.dueHooks(start)).toEqual([message('a')]);
    expect(await state()).toBeUndefined();
  });

  test('of one hook is due however much waits for another', async () => {
    await queue.offerHooks(
      Array.from({ length: 100 }, (_, n) => message(`a${n}`)),
      start,
    );
    await queue.offerHooks([message('b', 'h2')], start + 1);
    expect(await dueIds(start + 1)).toContain('b');
    expect((await queue.dueHooks(start + 1, 'h2')).map(({ id }) => id)).toEqual(['b']);
  });

  test('that was taken is not due again, nor offered again, and nothing of it is kept', async () => {
    await queue.offerHooks([message('a')], start);
    await queue.noteHook('a', { ok: true }, start + 5);
    expect(await dueIds(start + 1e12)).toEqual([]);
    expect(await queue.offerHooks([message('a')], start + 10)).toBe(0);
    expect(await state()).toMatchObject({ takenAt: start + 5, failingSince: undefined, fault: undefined });
    await queue.close();
    expect(readFileSync(join(folder, 'notices.db')).includes('{"of":"a"}')).toBe(false);
    queue = open();
  });

  test('that was not taken comes again, later each time', async () => {
    await queue.offerHooks([message('a')], start);
    let now = start;
    for (let tries = 1; tries <= 6; tries += 1) {
      await queue.noteHook('a', fault, now);
      const next = now + pauseAfter(tries);
      expect(await dueIds(next - 1)).toEqual([]);
      expect(await dueIds(next)).toEqual(['a']);
      now = next;
    }
    expect(await state()).toMatchObject({ failingSince: start, fault: 'status 500', disabledAt: undefined });
  });

  test('holds those behind it back, and one that is taken lets them go', async () => {
    await queue.offerHooks([message('a'), message('b'), message('other', 'h2')], start);
    await queue.noteHook('a', fault, start);
    expect(await dueIds(start)).toEqual(['other']);
    const next = start + pauseAfter(1);
    expect((await dueIds(next)).toSorted()).toEqual(['a', 'b', 'other']);
    await queue.noteHook('a', fault, next);
    await queue.offerHooks([message('c')], next + 1);
    await queue.noteHook('c', { ok: true }, next + 1);
    // What was held waits no longer; what failed itself keeps its distance.
    expect((await dueIds(next + 1)).toSorted()).toEqual(['b', 'other']);
    expect(await state()).toMatchObject({ failingSince: undefined });
  });

  test('survives a restart, with what is known of its webhook', async () => {
    await queue.offerHooks([message('a'), message('b', 'h2')], start);
    await queue.noteHook('a', fault, start);
    await queue.noteHook('b', { ok: true }, start);
    await queue.close();
    queue = open();
    expect(await dueIds(start + pauseAfter(1) - 1)).toEqual([]);
    expect(await queue.dueHooks(start + pauseAfter(1))).toEqual([message('a')]);
    expect(await state()).toMatchObject({ failingSince: start });
    expect(await queue.offerHooks([message('a'), message('b', 'h2')], start)).toBe(0);
  });
});

describe('a webhook', () => {
  test('that took nothing for five days is given up, with all that waits; nothing more is kept for it', async () => {
    await queue.offerHooks([message('a'), message('b')], start);
    await queue.noteHook('a', fault, start);
    await queue.noteHook('a', fault, start + hookPatience - 1);
    expect(await state()).toMatchObject({ disabledAt: undefined });
    await queue.noteHook('a', { fault: 'unreachable' }, start + hookPatience);
    expect(await state()).toMatchObject({
      failingSince: start,
      disabledAt: start + hookPatience,
      fault: 'unreachable',
    });
    expect(await dueIds(start + 1e12)).toEqual([]);
    expect(await queue.offerHooks([message('c')], start + hookPatience + 1)).toBe(0);
    await queue.close();
    queue = open();
    expect(await state()).toMatchObject({ disabledAt: start + hookPatience });
  });

  test('that took one in between is not given up; the message that fails alone is', async () => {
    await queue.offerHooks([message('a')], start);
    await queue.noteHook('a', fault, start);
    await queue.offerHooks([message('b')], start + hookPatience - 1);
    await queue.noteHook('b', { ok: true }, start + hookPatience - 1);
    await queue.noteHook('a', fault, start + hookPatience);
    expect(await state()).toMatchObject({ disabledAt: undefined, failingSince: start + hookPatience });
    expect(await dueIds(start + 1e12)).toEqual([]);
  });

  test('that says it is gone is given up at once', async () => {
    await queue.offerHooks([message('a'), message('b')], start);
    await queue.noteHook('a', { fault: 'status 410', gone: true }, start);
    expect(await state()).toMatchObject({ disabledAt: start, fault: 'status 410' });
    expect(await dueIds(start + 1e12)).toEqual([]);
  });

  test('that is not there any more loses what waits for it, and what was known of it', async () => {
    await queue.offerHooks([message('a'), message('b', 'h2')], start);
    await queue.noteHook('b', fault, start);
    await queue.keepHooks(['h2']);
    expect(await dueIds(start + 1e12)).toEqual(['b']);
    expect(await state('h2')).toMatchObject({ failingSince: start });
    // An answer that comes late changes nothing.
    await queue.noteHook('a', fault, start);
    expect(await dueIds(start + 1e12)).toEqual(['b']);
    await queue.keepHooks([]);
    expect(await dueIds(start + 1e12)).toEqual([]);
    expect(await state('h2')).toBeUndefined();
  });
});

test('how the messages of one hook went is told, newest first: their type and nothing else of them', async () => {
  const of = (id: string, hook = 'h1') => ({
    ...message(id, hook),
    body: '{"type":"robot.missed","data":"secret"}',
  });
  await queue.offerHooks([of('a'), of('other', 'h2')], start);
  await queue.offerHooks([of('b')], start + 1);
  await queue.offerHooks([message('c')], start + 2);
  await queue.noteHook('a', { ok: true }, start + 5);
  await queue.noteHook('b', fault, start + 5);
  expect(await queue.hookDeliveries('h1', 3)).toEqual([
    {
      id: 'c',
      client: 'acme',
      type: '',
      madeAt: start + 2,
      tries: 0,
      state: 'waiting',
      nextAt: start + 5 + pauseAfter(1),
    },
    {
      ...{ id: 'b', client: 'acme', type: 'robot.missed', madeAt: start + 1, tries: 1, state: 'waiting' },
      nextAt: start + 5 + pauseAfter(1),
    },
    {
      id: 'a',
      client: 'acme',
      type: 'robot.missed',
      madeAt: start,
      tries: 0,
      state: 'sent',
      nextAt: undefined,
    },
  ]);
  expect(await queue.hookDeliveries('h1', 1)).toHaveLength(1);
  expect(await queue.hookDeliveries('none', 3)).toEqual([]);
  await queue.keepHooks([]);
  expect((await queue.hookDeliveries('h1', 3)).map((one) => [one.state, one.nextAt])).toEqual([
    ['dropped', undefined],
    ['dropped', undefined],
    ['sent', undefined],
  ]);
  await queue.close();
  expect(readFileSync(join(folder, 'notices.db')).includes('secret')).toBe(false);
  queue = open();
});
