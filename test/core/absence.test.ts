/** Who is told of a request that waits, and when one approver is a fault. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { approverFinding, toldMoreAt, toldOf } from '../../src/core/absence.ts';
import type { Client, ControllerRole } from '../../src/core/model.ts';
import { compile } from '../../src/core/policy/compile.ts';
import { makeSnapshot, start } from '../portal/world-rules.ts';
import { asked, seat } from '../portal/world-things.ts';
import { folder as policies, serving } from './policy-folder.ts';

const minute = 60_000;

function client(roles: readonly ControllerRole[], absence: Partial<Client['absence']> = {}): Client {
  const [acme] = [...makeSnapshot().clients.values()];
  if (acme === undefined) throw new Error('no client');
  const [model] = acme.controllers;
  if (model === undefined) throw new Error('no controller');
  return {
    ...acme,
    controllers: roles.map((role, nth) => ({ ...model, id: `c${nth}`, role })),
    absence: { singleApproverUntil: undefined, escalateAfter: 30, emergencyContacts: [], ...absence },
  };
}

const seats = (roles: readonly ControllerRole[]) => roles.map((role, nth) => seat(`c${nth}`, 'acme', role));
const request = asked('r', { raisedAt: start, until: start + 180 * minute });

describe('a request that waits', () => {
  const roles = ['representative', 'reader', 'representative', 'delegate', 'representative'] as const;
  const told = (after: number, of = client(roles), held = seats(roles)) =>
    toldOf(request, of, held, start + after * minute).map(({ id }) => id);

  test.each([
    [-10, ['c0']],
    [0, ['c0']],
    [29, ['c0']],
    [30, ['c0', 'c2']],
    [60, ['c0', 'c2', 'c4']],
    [179, ['c0', 'c2', 'c4']],
    [180, []],
  ])('after %p minutes is told to %p', (after, expected) => {
    expect(told(after)).toEqual(expected);
  });

  test('goes to the next one at once when the first has lost the seat', () => {
    expect(told(0, client(roles), seats(roles).slice(1))).toEqual(['c2']);
  });

  test('without a rule is told to all at once, and to nobody once it is answered', () => {
    expect(told(0, client(roles, { escalateAfter: undefined }))).toEqual(['c0', 'c2', 'c4']);
    expect(toldOf({ ...request, status: 'refused' }, client(roles), seats(roles), start)).toEqual([]);
  });

  test('is told to more people as time goes on, exactly when that is foreseen', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<ControllerRole>('representative', 'delegate', 'reader'), { maxLength: 6 }),
        fc.integer({ min: 5, max: 90 }),
        fc.integer({ min: 0, max: 179 }),
        (some, escalateAfter, after) => {
          const of = client(some, { escalateAfter });
          const now = start + after * minute;
          const before = toldOf(request, of, seats(some), now);
          const next = toldMoreAt(request, of, seats(some), now);
          if (next === undefined) return;
          expect(next).toBeGreaterThan(now);
          expect(toldOf(request, of, seats(some), next - 1)).toEqual(before);
          const more = toldOf(request, of, seats(some), next);
          expect(more.slice(0, -1)).toEqual(before);
        },
      ),
    );
  });
});

describe('one approver', () => {
  const day = 24 * 60 * minute;
  const accepted = (singleApproverUntil: number) => client(['representative'], { singleApproverUntil });
  test.each([
    ['is a fault', client(['representative', 'reader']), 'fault', 'one approver only'],
    ['is none beside a delegate', client(['representative', 'delegate']), undefined, ''],
    ['is accepted until a day', accepted(start + 30 * day + 1), undefined, ''],
    ['is a warning 30 days before', accepted(start + 30 * day), 'warning', 'accepted until'],
    ['is a warning to the last moment', accepted(start + 1), 'warning', 'accepted until'],
    ['is a fault after it', accepted(start), 'fault', 'was accepted until'],
    ['is no fault before the client is live', { ...client([]), status: 'preparing' as const }, undefined, ''],
    ['is more than none', client(['reader']), 'fault', 'nobody who may approve'],
  ])('%s', (_name, of, verdict, expected) => {
    const found = approverFinding(of, start);
    expect(found?.verdict).toBe(verdict);
    expect(found?.message.en ?? '').toContain(expected);
  });
});

describe('a file that says', () => {
  const written = 'absence: { single_approver_until: 2030-12-31, reason: a small firm }';
  test.each([
    ['a day without a reason', 'absence: { single_approver_until: 2030-12-31 }', 'stand together'],
    ['a reason without a day', 'absence: { reason: a small firm }', 'stand together'],
    ['no day', 'absence: { single_approver_until: soon, reason: x }', ''],
    ['too few minutes', 'absence: { escalate_after: 4 }', ''],
    ['half a minute', 'absence: { escalate_after: 7.5 }', ''],
    [
      'a telephone that is none',
      'absence: { emergency_contacts: [{ name: X, phone: call me }] }',
      'telephone',
    ],
    ['an unknown key', 'absence: { escalate: 5 }', ''],
  ])('%s is a fault with its place', (_name, absence, expected) => {
    const files = policies().map((file) => ({ ...file, text: file.text.replace(written, absence) }));
    const result = compile(files, serving);
    const faults = 'faults' in result ? result.faults : [];
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ file: 'clients/acme.yaml', line: 25 });
    expect(JSON.stringify(faults)).toContain(expected);
  });
});
