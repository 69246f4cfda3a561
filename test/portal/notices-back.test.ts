/** Notices by mail on a busy day: an emergency, and whatever else is told, does not hide behind what came after it. */
import { expect, test } from '@jest/globals';
import { type NoticesDeps, startNotices } from '../../src/app-notices.ts';
import type { Emergency } from '../../src/core/emergency.ts';
import type { HistoryQuery, Story } from '../../src/core/history.ts';
import type { Mail } from '../../src/core/mail.ts';
import { makeSnapshot, start } from './world-rules.ts';

/** A history of these, newest first, a page at a time as the real one tells them. */
function historyOf(stories: readonly Story[], hidden: ReadonlySet<string>) {
  const counted = stories.filter(({ id }) => !hidden.has(id));
  return {
    async page({ from = 0, before, limit }: HistoryQuery) {
      const rest = counted.filter(({ at }) => at >= from && (before === undefined || at < before.at));
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      const next = rest.length > limit && last !== undefined ? { at: last.at, index: 0 } : undefined;
      return { stories: page, next, total: undefined, searchedTo: undefined, behind: undefined };
    },
    async story(_: string, id: string) {
      const story = stories.find((one) => one.id === id);
      return story && { story, hash: '', size: 1, behind: undefined };
    },
  };
}

function story(id: string, at: number, more: Partial<Story> = {}): Story {
  return {
    ...{
      kind: 'opening',
      id,
      origin: 'log/martin',
      index: 1,
      at,
      lastAt: at,
      endedAt: at,
      cause: 'technician',
    },
    ...{
      person: 'p',
      first: false,
      name: 'Alice',
      functions: [],
      employer: '',
      operations: ['read'],
      systems: ['payroll'],
    },
    ...{ declared: [], purpose: 'hotline', reference: 'T-1', note: '', corrected: false, check: undefined },
    ...{ grant: 'g', emergency: false, statics: 0, facts: [], whole: true, ...more },
  };
}

/** One look at a day of `later` accesses after an emergency and a first one; answers the keys of what is mailed to nadia. */
async function mailed(later: number, hidden: readonly string[] = []): Promise<readonly string[]> {
  const stories = [
    story('emergency', start + 1, { emergency: true }),
    story('first', start + 2, { first: true }),
    ...Array.from({ length: later }, (_, n) => story(`o${n}`, start + 3 + n)),
  ].toReversed();
  const declared: Emergency[] = [
    { opening: 'emergency', grant: 'g', at: start + 1, mark: 'm', reviewBy: start + 86_400_000 },
    { opening: 'long ago', grant: 'g', at: start - 86_400_000, mark: 'm', reviewBy: start },
  ];
  const mails: Mail[] = [];
  const martin = makeSnapshot().clients.get('martin');
  if (martin === undefined) throw new Error('no such client');
  const controllers = martin.controllers.map((one) => ({ ...one, mail: 'nadia@martin.example' }));
  const client = { ...martin, controllers };
  const deps: Partial<Record<keyof NoticesDeps, unknown>> = {
    policies: { current: () => ({ ...makeSnapshot(), clients: new Map([['martin', client]]) }) },
    authority: {
      client: async () => ({ seats: controllers.map(({ id }) => ({ controller: id })), openings: new Map() }),
    },
    archive: {
      ending: async () => ({
        ...{ statements: [], endings: [] },
        open: { openings: 0, copies: 0, credentials: 0 },
      }),
      sizes: async () => new Map([['martin', later]]),
      requests: async () => [],
      delegations: async () => [],
      proposals: async () => [],
      matters: async () => [],
      lines: async () => [],
      copies: async () => [],
      emergencies: async () => declared,
    },
    history: historyOf(stories, new Set(hidden)),
    mailbox: {
      since: async () => start,
      offer: async (offered: readonly Mail[]) => mails.push(...offered),
    },
    clock: { now: () => start + 60_000 },
    log: {
      warn: (event: string, { error }: { error: unknown }) => {
        throw new Error(event, { cause: error });
      },
    },
    portalUrl: new URL('https://portal.example'),
  };
  const notices = startNotices(deps as unknown as NoticesDeps);
  try {
    await notices.look();
  } finally {
    notices.stop();
  }
  return mails.map(({ key }) => key);
}

const told = ['emergency emergency martin/nadia', 'first first martin/nadia'];

test.each([0, 199, 650])('is told with %d accesses after it', async (later) => {
  expect((await mailed(later)).toSorted()).toEqual(told);
});

test('an emergency that the list of accesses does not show yet is told all the same', async () => {
  expect((await mailed(3, ['emergency'])).toSorted()).toEqual(told);
});
