/** The notice to staff: read before anything is declared, again when its version changes, and kept. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { compile } from '../../src/core/policy/compile.ts';
import { noticeHash, type StaffNotice } from '../../src/core/staff-notice.ts';
import { edited, serving } from '../core/policy-folder.ts';
import { type Folder, makeFolder, openLedger, standingClock } from '../stores/ledger-world.ts';
import { browser } from './browser.ts';
import { makeWorld, type World, wish } from './world.ts';
import { start } from './world-rules.ts';

const text = (words: string) => ({ en: `${words} <b>`, fr: `fr ${words}` });
const notice: StaffNotice = {
  version: '2',
  ...{ recorded: text('What is kept'), readers: text('The client') },
  ...{ kept: text('A year'), rights: text('Ask the officer') },
};
const declare = `/declare?${new URLSearchParams(wish)}`;
const led = `/staff-notice?${new URLSearchParams({ back: declare })}`;

function told(version = '2'): World {
  const world = makeWorld();
  Object.assign(world.snapshot, { notice: { ...notice, version } });
  return world;
}

describe('the notice', () => {
  test('comes before the first declaration, is confirmed once, and leads on', async () => {
    const world = told();
    const alice = browser(world, 'alice');
    expect((await alice.get(declare)).headers.location).toBe(led);
    const page = await alice.get(led);
    for (const part of ['What is kept &lt;b>', 'The client', 'A year', 'Ask the officer', 'Version 2'])
      expect(page.text.replaceAll('\u00a0', ' ')).toContain(part);
    const confirmed = await alice.post('/staff-notice', { version: '2', back: declare });
    expect(confirmed.headers.location).toBe(declare);
    expect(world.memory.noticesRead).toEqual([
      { person: 'alice', version: '2', text: noticeHash({ ...notice, version: '2' }), at: start },
    ]);
    expect((await alice.get(declare)).status).toBe(200);
    expect((await alice.get('/staff-notice')).text).toContain('You have confirmed this version');
  });

  test('comes again with another version, and for everybody', async () => {
    const world = told();
    const alice = browser(world, 'alice');
    await alice.post('/staff-notice', { version: '2', back: '/' });
    Object.assign(world.snapshot, { notice: { ...notice, version: '3' } });
    expect((await alice.get(declare)).headers.location).toBe(led);
    const stale = await alice.post('/staff-notice', { version: '2', back: '/' });
    expect([stale.status, world.memory.noticesRead.length]).toEqual([409, 1]);
  });

  test.each([
    ['/declare', { ...wish, systems: 'erp', purpose: 'hotline', reference: 'T-1', note: '', minutes: '30' }],
    ['/continue', { ...wish, opening: 'o1' }],
    ['/requests/new', { system: 'acme/erp' }],
    ['/openings/o1/extend', { minutes: '5' }],
  ])('holds back POST %s: nothing is written', async (path, body) => {
    const world = told();
    const answer = await browser(world, 'alice').post(path, body);
    expect(answer.headers.location).toBe('/staff-notice?back=%2F');
    expect(world.memory.commands).toEqual([]);
  });

  test('keeps nobody from looking or closing, and concerns nobody else', async () => {
    const world = told();
    for (const path of ['/', '/record', '/requests'])
      expect((await browser(world, 'alice').get(path)).status).toBe(200);
    expect((await browser(world, 'alice').post('/openings/none/close')).headers.location ?? '').not.toContain(
      'staff-notice',
    );
    expect((await browser(world, 'claire').get('/people')).status).toBe(200);
    expect((await browser(world, 'claire').get('/staff-notice')).status).toBe(403);
  });

  test('is no page when the policy has none', async () => {
    const alice = browser(makeWorld(), 'alice');
    expect((await alice.get(declare)).status).toBe(200);
    expect((await alice.get('/staff-notice')).headers.location).toBe('/');
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a\r\nb', ''])(
    'leads nowhere else: %j',
    async (back) => {
      const answer = await browser(told(), 'alice').post('/staff-notice', { version: '2', back });
      expect(answer.headers.location).toBe('/');
    },
  );

  test('that cannot be kept is not confirmed', async () => {
    const world = told();
    world.memory.failing = 'writes';
    const alice = browser(world, 'alice');
    expect((await alice.post('/staff-notice', { version: '2', back: '/' })).status).toBe(503);
    world.memory.failing = 'no';
    expect((await alice.get(declare)).headers.location).toBe(led);
  });
});

describe('that it was read', () => {
  let folder: Folder;
  afterEach(() => folder.remove());

  test('is kept sealed, the first time it was said, over a restart', async () => {
    folder = makeFolder();
    const clock = standingClock();
    let world = await openLedger(folder, clock);
    const read = { person: 'alice', version: '2', text: 'sha256:x', at: 1 };
    await world.ledger.run({ do: 'read-notice', read });
    await world.ledger.run({ do: 'read-notice', read: { ...read, at: 2 } });
    await world.ledger.run({ do: 'read-notice', read: { ...read, version: '3' } });
    await world.close();
    expect(readFileSync(folder.file, 'latin1')).not.toContain('sha256:x');
    world = await openLedger(folder, clock);
    const { notices } = await world.archive.learned();
    expect(notices.toSorted((one, other) => Number(one.version) - Number(other.version))).toEqual([
      read,
      { ...read, version: '3' },
    ]);
    expect(await world.archive.fsck()).toEqual([]);
    await world.close();
  });
});

describe('the policy', () => {
  test('holds the notice as it stands in the text for staff', () => {
    const page = readFileSync('deploy/legal/notice-personnel.md', 'utf8');
    const [, yaml = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const found = compile(
      edited('staff.yaml', 'teams: [first-line]\npeople:', `teams: [first-line]\n${yaml}people:`),
      serving,
    );
    if ('faults' in found) throw new Error(JSON.stringify(found.faults));
    expect(found.snapshot.notice).toEqual(parse(yaml).notice);
  });

  test.each(['notice: { version: "1" }', 'notice: { version: "" }', 'notice: yes please'])(
    'takes none that is not whole: %s',
    (said) => {
      const found = compile(
        edited('staff.yaml', 'teams: [first-line]\npeople:', `teams: [first-line]\n${said}\npeople:`),
        serving,
      );
      expect('faults' in found && found.faults.every(({ file }) => file === 'staff.yaml')).toBe(true);
    },
  );
});
