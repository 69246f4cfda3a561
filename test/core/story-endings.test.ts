/** What the client's own check says about the end of a contract: each way in which its lines can be wrong. */

import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type EndingTerms, type FileEnd, printHosted, writeEnding } from '../../src/core/ending.ts';
import {
  type EndingCertificate,
  makeCertificate,
  printCertificate,
  readCertificate,
} from '../../src/core/ending-certificate.ts';
import type { LeafFields } from '../../src/core/entries.ts';
import { textHash } from '../../src/core/leaf.ts';
import { EndingsTold } from '../../src/core/story-endings.ts';
import type { SeatTold } from '../../src/core/story-seats.ts';

const day = 24 * 3_600_000;
const start = Date.UTC(2026, 5, 1, 9);
const time = (ms: number) => new Date(start + ms).toISOString();
const keys = generateKeyPairSync('ed25519');
const raw = Buffer.from(keys.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64url');
const seat = {
  ...{ id: 'seat', role: 'representative', method: 'evaluation-key', publicKey: raw },
  ...{ removed: false, grantsFrom: '' },
} as unknown as SeatTold;

/** What the rest of the log says; each test changes what it is about. */
function world() {
  const beside = {
    file: { ended: true, until: undefined } as FileEnd | undefined,
    grants: [] as string[],
    there: 0,
    held: 0,
    open: 0,
    seats: new Map([['seat', seat]]),
    copies: undefined as string | undefined,
  };
  const texts = new Map<string, string>();
  const story = new EndingsTold(
    { textOf: (hash) => (texts.has(hash) ? Buffer.from(texts.get(hash) ?? '') : undefined), party: {} },
    {
      seats: { get: (id) => beside.seats.get(id) },
      consents: { active: () => beside.grants },
      copies: { there: () => beside.there, certified: () => beside.copies },
      credentials: { held: () => beside.held },
      policies: { hash: 'p', fileEnd: () => beside.file },
      openings: () => beside.open,
    },
  );
  const take = (leaf: LeafFields) => story.line(leaf) ?? story.take(leaf).fault;
  return { beside, texts, story, take };
}

type Told = ReturnType<typeof world>;

function said(
  { texts }: Told,
  version: number,
  terms: Partial<EndingTerms>,
  at: number,
  client = 'acme',
): LeafFields {
  const of = { client, version, language: 'en', author: 'Claire', zone: 'Europe/Paris' } as const;
  const all = { lastDay: '', choice: undefined, by: '', note: '', ...terms };
  const { text, textHash: hash } = writeEnding(of, all, ['We say this.']);
  texts.set(hash, text);
  const signature = sign(null, Buffer.from(`consentry grant\n${hash}`), keys.privateKey).toString(
    'base64url',
  );
  return {
    ...{ t: 'ending.set', at: time(at), version, text: hash, seat: 'seat', role: 'representative' },
    ...{ method: 'evaluation-key', signature, authenticator_data: '', client_data: '', language: 'en' },
  };
}

const began = (more: LeafFields = {}): LeafFields => ({
  ...{ t: 'ending.began', id: 'e', at: time(0), cause: 'status', since: time(0), policy: 'p', grants: 0 },
  ...more,
});
const lifted = (more: LeafFields = {}): LeafFields => ({
  ...{ t: 'ending.lifted', at: time(day), ending: 'e', policy: 'p' },
  ...more,
});
const notified = (more: LeafFields = {}): LeafFields => ({
  ...{ t: 'ending.notified', at: time(0), ending: 'e', what: 'data', from: time(22 * day) },
  ...{ by: 'provider', role: 'contact' },
  ...more,
});

/** A certificate and its line, which agree; `change` the text alone, `more` the line alone. */
function certified(
  { texts }: Told,
  at: number,
  change: Partial<EndingCertificate> = {},
  more: LeafFields = {},
): LeafFields {
  const systems = change.systems ?? [{ system: 'erp', how: 'client' }];
  const certificate = makeCertificate({
    ...{ client: 'acme', client_name: 'Acme', provider: 'P', made: time(at), attested_by: 'Carla' },
    ...{ contract_over: { since: time(0), cause: 'status' }, statement: '', choice: '' },
    ...{ copies: [], credentials: [], systems },
    kept: [{ what: 'log', until: time(1825 * day), why: 'Proof.' }],
    ...change,
  });
  const text = printCertificate(certificate);
  texts.set(textHash(text), text);
  return {
    ...{ t: 'ending.certified', at: time(at), ending: 'e', text: textHash(text), statement: '', choice: '' },
    ...{ hosted: printHosted(systems), kept_until: time(1825 * day), destroyed: 0, returned: 0 },
    ...{ by: 'provider', role: 'contact' },
    ...more,
  };
}

describe('what the client says', () => {
  test.each<[string, (told: Told) => LeafFields, string | undefined]>([
    ['as it should be', (told) => said(told, 1, { lastDay: '2026-12-31' }, 0), undefined],
    ['a version that skips one', (told) => said(told, 2, {}, 0), 'does not follow: version_stale'],
    [
      'a day that has gone by',
      (told) => said(told, 1, { lastDay: '2026-05-01' }, 0),
      'does not follow: ending_day',
    ],
    ['by nobody', (told) => ({ ...said(told, 1, {}, 0), seat: 'x' }), 'is not signed by somebody seated'],
    [
      'in another version than its text',
      (told) => ({ ...said(told, 1, {}, 0), version: 2 }),
      'differ in version',
    ],
    ['without its text', (told) => ({ ...said(told, 1, {}, 0), text: 'sha256:x' }), 'is missing'],
    ['with a signature of another', (told) => ({ ...said(told, 1, {}, 0), signature: 'x' }), 'does not hold'],
  ])('%s', (_name, make, fault) => {
    const told = world();
    const found = told.take(make(told));
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });

  test('by somebody who was removed, or may not sign yet, or for another client', () => {
    const told = world();
    told.beside.seats.set('seat', { ...seat, removed: true });
    expect(told.take(said(told, 1, {}, 0))).toContain('is not signed by somebody seated');
    told.beside.seats.set('seat', { ...seat, grantsFrom: time(1) });
    expect(told.take(said(told, 1, {}, 0))).toContain('could not sign yet');
    told.beside.seats.set('seat', seat);
    expect(told.take(said(told, 1, {}, 0))).toBeUndefined();
    expect(told.take(said(told, 2, { note: 'x' }, 1, 'martin'))).toContain('of another client');
  });

  test('lets nobody in after its last day, whatever no line said yet', () => {
    const told = world();
    told.take(said(told, 1, { lastDay: '2026-06-01' }, 0));
    const end = Date.parse('2026-06-01T22:00:00Z') - start;
    const opened = (at: number) => told.story.line({ t: 'session.opened', at: time(at) });
    expect(opened(end - 1)).toBeUndefined();
    expect(opened(end)).toBe('the contract is over');
  });
});

describe('the end', () => {
  test.each<[string, LeafFields, string | undefined]>([
    ['as it should be', {}, undefined],
    ['in time to come', { since: time(1) }, 'the contract is over since no time that has come'],
    ['at no time', { since: 'soon' }, 'the contract is over since no time that has come'],
    ['under other rules', { policy: 'q' }, 'its end names other rules than are in force'],
    [
      'for another cause',
      { cause: 'contract' },
      'neither the rules nor the client say that the contract is over',
    ],
    ['for a notice that was not given', { cause: 'notice' }, 'the client gave notice of no such day'],
    ['with agreements that are not there', { grants: 1 }, 'it counts other consents than are in force'],
  ])('%s', (_name, more, fault) => {
    expect(world().take(began(more))).toBe(fault);
  });

  test('comes neither twice nor while the contract runs or an access is open', () => {
    const told = world();
    told.beside.open = 1;
    expect(told.take(began())).toBe('the contract is over and an access is open');
    told.beside.open = 0;
    told.beside.file = { ended: false, until: start + day };
    expect(told.take(began())).toBe('neither the rules nor the client say that the contract is over');
    told.beside.file = { ended: false, until: start - day };
    expect(told.take(began({ cause: 'contract', since: time(0) }))).toContain('neither the rules');
    expect(told.take(began({ cause: 'contract', since: time(-day) }))).toBeUndefined();
    expect(told.take(began())).toBe('the contract was over already');
  });

  test('suspends every agreement at once, and nothing before them', () => {
    const told = world();
    told.beside.grants = ['g', 'h'];
    expect(told.take(began({ grants: 2 }))).toBeUndefined();
    const rests = (grant: string): LeafFields => ({
      t: 'consent.suspended',
      cause: 'ending',
      grant,
      at: time(0),
    });
    expect(told.story.end()).toContain('before every consent rests');
    expect(told.story.line({ t: 'heartbeat', at: time(0) })).toContain('does not rest');
    expect(told.story.line(rests('x'))).toContain('does not rest');
    expect(told.story.line(rests('h'))).toBeUndefined();
    expect(told.story.line(rests('h'))).toContain('does not rest');
    expect(told.story.line(rests('g'))).toBeUndefined();
    expect(told.story.end()).toBeUndefined();
    expect(told.story.line(rests('g'))).toBe('a consent rests for the end of a contract that goes on');
  });

  test.each([
    ...['session.opened', 'session.extended', 'access.intent', 'access.static', 'consent.granted'],
    ...['consent.signed', 'consent.resumed', 'consent.requested', 'consent.proposed', 'delegation.granted'],
  ])('%s never follows it', (t) => {
    const told = world();
    expect(told.story.line({ t, at: time(1) })).toBeUndefined();
    told.take(began());
    expect(told.story.line({ t, at: time(1) })).toBe('the contract is over');
    told.beside.file = { ended: false, until: undefined };
    told.take(lifted());
    expect(told.story.line({ t, at: time(day) })).toBeUndefined();
  });

  test('is lifted when neither file nor client say so any more', () => {
    const told = world();
    expect(told.take(lifted())).toBe('the contract was not over');
    told.take(began());
    expect(told.take(lifted())).toBe('the contract is still over');
    expect(told.take(lifted({ policy: 'q' }))).toBe('it names other rules than are in force');
    expect(told.take(lifted({ ending: 'x' }))).toBe('the contract was not over');
    told.beside.file = { ended: false, until: undefined };
    expect(told.take(lifted())).toBeUndefined();
  });
});

describe('a notice of erasure', () => {
  test.each<[string, LeafFields, string | undefined]>([
    ['as it should be', {}, undefined],
    ['of 21 days less the hour that clocks lose', { from: time(21 * day - 3_600_000) }, undefined],
    ['too short', { from: time(21 * day - 3_600_001) }, 'the notice of erasure is shorter than 21 days'],
    ['at no time', { from: 'later' }, 'the notice of erasure is shorter than 21 days'],
    ['of nothing', { what: 'x' }, 'it gives notice of nothing'],
    ['by the client', { by: 'client' }, 'the notice of erasure is given by nobody who may'],
    ['by a technician', { role: 'technician' }, 'the notice of erasure is given by nobody who may'],
    ['of another end', { ending: 'x' }, 'it gives notice of erasure while the contract goes on'],
  ])('%s', (_name, more, fault) => {
    const told = world();
    told.take(began());
    expect(told.take(notified(more))).toBe(fault);
  });

  test('is not given while the contract goes on', () => {
    expect(world().take(notified())).toBe('it gives notice of erasure while the contract goes on');
  });
});

describe('a certificate', () => {
  const over = () => {
    const told = world();
    told.take(began());
    return told;
  };
  const otherwise = 'the certificate tells the end of the contract otherwise than the log';

  test.each<[string, (told: Told) => LeafFields, string | undefined]>([
    ['as it should be', (told) => certified(told, day), undefined],
    [
      'by the client',
      (told) => certified(told, day, {}, { by: 'client' }),
      'the end is certified by nobody who may',
    ],
    [
      'by the officer',
      (told) => certified(told, day, {}, { role: 'dpo' }),
      'the end is certified by nobody who may',
    ],
    [
      'of another end',
      (told) => certified(told, day, {}, { ending: 'x' }),
      'it certifies the end of a contract that goes on',
    ],
    ['made at another time', (told) => certified(told, day, { made: time(0) }), otherwise],
    [
      'since another time',
      (told) => certified(told, day, { contract_over: { since: time(1), cause: 'status' } }),
      otherwise,
    ],
    [
      'for another cause',
      (told) => certified(told, day, { contract_over: { since: time(0), cause: 'notice' } }),
      otherwise,
    ],
    [
      'with a choice that nobody made',
      (told) => certified(told, day, { choice: 'delete' }, { choice: 'delete' }),
      otherwise,
    ],
    [
      'with words that nobody signed',
      (told) => certified(told, day, { statement: 'x' }, { statement: 'x' }),
      otherwise,
    ],
    ['with another count', (told) => certified(told, day, {}, { destroyed: 1 }), otherwise],
    [
      'with another day for the log',
      (told) => certified(told, day, {}, { kept_until: time(9 * day) }),
      otherwise,
    ],
    ['with other systems', (told) => certified(told, day, {}, { hosted: 'erp:returned' }), otherwise],
    ['with systems that mean nothing', (told) => certified(told, day, {}, { hosted: 'erp:sold' }), otherwise],
    [
      'without its text',
      (told) => certified(told, day, {}, { text: 'sha256:x' }),
      'the text of the certificate is missing or malformed',
    ],
  ])('%s', (_name, make, fault) => {
    const told = over();
    expect(told.take(make(told))).toBe(fault);
  });

  test.each(['there', 'held', 'open'] as const)(
    'is not issued while something is outstanding: %s',
    (what) => {
      const told = over();
      told.beside[what] = 1;
      expect(told.take(certified(told, day))).toBe('the end is certified while something is outstanding');
    },
  );

  test('is issued once, tells copies as the log does, and only of a contract that is over', () => {
    expect(world().take(certified(world(), day))).toBe('it certifies the end of a contract that goes on');
    const told = over();
    told.beside.copies = 'the certificate tells other copies than the log';
    expect(told.take(certified(told, day))).toBe('the certificate tells other copies than the log');
    told.beside.copies = undefined;
    expect(told.take(certified(told, day))).toBeUndefined();
    expect(told.take(certified(told, day))).toBe('the end was certified already');
    expect(told.story.certified).toEqual([expect.stringContaining('0 copies destroyed, 0 returned')]);
    expect(told.take(said(told, 1, { choice: 'return', by: '2026-07-01' }, 2 * day))).toContain(
      'ending_certified',
    );
  });

  test('calls data deleted only after the notice of it has run', () => {
    const deleted = { systems: [{ system: 'erp', how: 'deleted' }] } as const;
    const early = 'data was deleted before its notice had run';
    const told = over();
    expect(told.take(certified(told, 30 * day, deleted))).toBe(early);
    told.take(notified({ what: 'log' }));
    expect(told.take(certified(told, 30 * day, deleted))).toBe(early);
    told.take(notified());
    expect(told.take(certified(told, 22 * day - 1, deleted))).toBe(early);
    expect(told.take(certified(told, 22 * day, deleted))).toBeUndefined();
  });

  test('is one only as it is written', () => {
    const text = printCertificate(
      makeCertificate({
        ...{ client: 'acme', client_name: 'A', provider: 'P', made: time(0), attested_by: 'C' },
        ...{ contract_over: { since: time(0), cause: 'status' }, statement: '', choice: '' },
        ...{ copies: [], credentials: [], systems: [], kept: [] },
      }),
    );
    expect(readCertificate(text)?.client).toBe('acme');
    for (const wrong of [
      ` ${text}`,
      text.replace('"acme"', '1'),
      text.replace('[]', '{}'),
      'null',
      '{',
      '[]',
    ])
      expect(readCertificate(wrong)).toBeUndefined();
  });
});
