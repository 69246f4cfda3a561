/** The signed extract of one's own record: what it says, that it can be checked, and that nobody gets another's. */
import { verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Opening } from '../../src/core/model.ts';
import { parseNote, parseVerifierKey, publicKeyFrom } from '../../src/core/note.ts';
import { ownRecord } from '../../src/core/own-record.ts';
import { createRecordSigner } from '../../src/stores/record-signer.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const day = 86_400_000;

function opening(id: string, person: string, openedAt: number, more: Partial<Opening> = {}): Opening {
  return {
    ...{
      id,
      client: 'acme',
      person,
      systems: ['erp'],
      purpose: 'hotline',
      grant: 'g1',
      note: '',
      login: 'l',
    },
    ...{ reference: `T-${id}`, openedAt, endsAt: openedAt + 3_600_000 },
    account: { issuer: 'https://login.example', subject: person },
    authentication: { acr: undefined, amr: [], at: openedAt },
    ...{ endedAt: openedAt + 600_000, endCause: 'technician' },
    ...more,
  };
}

function withOpenings(): World {
  const world = makeWorld();
  const { openings } = world.memory.room('acme');
  openings.set('o1', opening('o1', 'alice', start - day));
  openings.set('o2', opening('o2', 'bruno', start - day));
  openings.set('old', opening('old', 'alice', start - 60 * day));
  openings.set('now', opening('now', 'alice', start - 60_000, { endedAt: undefined, endCause: undefined }));
  return world;
}

/** Whether a signature line is one over the text, by the key that the page shows. */
function isSigned(text: string, line: string, key: string): boolean {
  const verifier = parseVerifierKey(key);
  const note = parseNote(`${text}\n${line}`);
  const signature = note?.signatures[0]?.signature;
  if (verifier === undefined || note === undefined || signature === undefined) return false;
  return note.text === text && verify(null, Buffer.from(text), publicKeyFrom(verifier), signature);
}

describe('the extract', () => {
  test('as JSON names what was opened and what was not, and its signature holds', async () => {
    const world = withOpenings();
    const answer = await browser(world, 'alice').get('/record/extract?format=json');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="own-record-alice-2026-09-06-2026-10-05.json"',
    );
    const { record, key, signature } = JSON.parse(answer.text);
    expect(record.person).toEqual({ id: 'alice', name: 'Alice Durand' });
    expect(record.opened.map((one: { access: string; cause: string }) => [one.access, one.cause])).toEqual([
      ['o1', 'technician'],
      ['now', ''],
    ]);
    expect(record.not_opened).toEqual([
      { client: 'acme', system: 'backup' },
      { client: 'martin', system: 'payroll' },
    ]);
    expect(record.until).toBe(new Date(start).toISOString());
    const text = `${JSON.stringify(record)}\n`;
    expect(isSigned(text, `${signature}\n`, key)).toBe(true);
    expect(isSigned(text.replace('T-o1', 'T-o9'), `${signature}\n`, key)).toBe(false);
    expect(key).toBe(world.deps.records.key);
  });

  test.each([
    ['en', 'Not opened in the period', 'Payroll'],
    ['fr', 'Non ouverts dans la période', 'Paie'],
  ])('to read, in %s, is a signed note', async (language, said, system) => {
    const world = withOpenings();
    const { text, headers } = await browser(world, 'alice', language).get('/record/extract');
    expect(headers['content-type']).toContain('text/plain');
    const gap = text.lastIndexOf('\n\n');
    expect(isSigned(text.slice(0, gap + 1), text.slice(gap + 2), world.deps.records.key)).toBe(true);
    for (const part of ['Alice Durand', 'T-o1', 'T-now', said, system]) expect(text).toContain(part);
    expect(text).not.toContain('T-o2');
    expect(text).not.toContain('T-old');
  });

  test('is of whoever is signed in, whatever else is asked for', async () => {
    const { text } = await browser(withOpenings(), 'bruno').get('/record/extract?format=json&person=alice');
    const { record } = JSON.parse(text);
    expect(record.person.id).toBe('bruno');
    expect(record.opened.map((one: { access: string }) => one.access)).toEqual(['o2']);
    expect((await browser(withOpenings(), 'claire').get('/record/extract')).status).toBe(403);
  });

  test('is of the days that are given, both included, in the provider’s zone', async () => {
    const alice = browser(withOpenings(), 'alice');
    const opened = async (query: string) =>
      JSON.parse((await alice.get(`/record/extract?format=json&${query}`)).text).record.opened.map(
        (one: { access: string }) => one.access,
      );
    expect(await opened('from=2026-08-06&until=2026-08-06')).toEqual(['old']);
    expect(await opened('from=2026-08-07&until=2026-10-03')).toEqual([]);
    expect(await opened('from=2026-10-04&until=2026-10-05')).toEqual(['o1', 'now']);
  });

  test.each([
    'from=2026-10-05&until=2026-10-04',
    'from=2025-01-01&until=2026-10-04',
    'from=2026-02-30',
    'until=yesterday',
    'from=../../etc',
  ])('%p is no period', async (query) => {
    const { status, text } = await browser(withOpenings(), 'alice').get(`/record/extract?${query}`);
    expect([status, text.includes('bad_period')]).toEqual([422, true]);
  });
});

test('a list that was cut says nothing of what was not opened', () => {
  const asked = {
    ...{
      provider: 'P',
      person: { id: 'alice', name: 'Alice' },
      now: start,
      from: start - 9 * day,
      until: start,
    },
    openings: [opening('a', 'alice', start - day), opening('b', 'alice', start - 2 * day)],
    assigned: [{ client: 'martin', system: 'payroll' }],
  };
  expect(ownRecord({ ...asked, most: 2 })).toMatchObject({ complete: false, not_opened: [] });
  expect(ownRecord({ ...asked, most: 3 })).toMatchObject({ complete: true, not_opened: asked.assigned });
  // The oldest that was looked at began before the period, so nothing of the period is missing.
  const reaching = { ...asked, openings: [...asked.openings, opening('c', 'alice', start - 10 * day)] };
  expect(ownRecord({ ...reaching, most: 3 })).toMatchObject({ complete: true });
});

test('the key is the installation’s, stays the same, and signs under the portal’s name only', () => {
  const master = Buffer.alloc(32, 1);
  const signer = createRecordSigner({ master }, 'access.example');
  expect(createRecordSigner({ master }, 'access.example').key).toBe(signer.key);
  expect(createRecordSigner({ master: Buffer.alloc(32, 2) }, 'access.example').key).not.toBe(signer.key);
  expect(signer.key.startsWith('access.example/own-record+')).toBe(true);
  expect(isSigned('a\n', signer.sign('a\n'), signer.key)).toBe(true);
});
