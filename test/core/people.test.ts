import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountKey, type Person, type Snapshot } from '../../src/core/model.ts';
import {
  type Binding,
  type DirectoryUser,
  entryAwaiting,
  foldMail,
  isNamed,
  namesOf,
  namesOut,
  withLearned,
} from '../../src/core/people.ts';
import { compile } from '../../src/core/policy/compile.ts';
import { edited, folder, replaced, serving } from './policy-folder.ts';

const issuer = 'https://login.msp.example';

function compiled(staff?: readonly [string, string]): Snapshot {
  const result = compile(staff === undefined ? folder() : edited('staff.yaml', ...staff), serving);
  if ('faults' in result) throw new Error(result.faults.map(String).join('\n'));
  return result.snapshot;
}

const byMail = () => compiled(['subject: u-1', 'mail: Alice@MSP.example']);
const binding: Binding = { person: 'alice', issuer, mail: 'alice@msp.example', subject: 's-1' };

function user(more: Partial<DirectoryUser> = {}): DirectoryUser {
  const made = {
    id: 'd-1',
    userName: 'alice@msp.example',
    externalId: 'u-1',
    displayName: undefined,
    name: {},
    emails: [],
    active: true,
    deleted: false,
    createdAt: 1,
    changedAt: 1,
    ...more,
  };
  return { names: namesOf(made), ...made };
}

describe('staff files', () => {
  test.each<[string, string, string]>([
    ['both', 'subject: u-1', 'subject: u-1\n    mail: a@msp.example'],
    ['neither', 'subject: u-1\n', '\n'],
    ['a mail address with a space', 'subject: u-1', 'mail: "a b@msp.example"'],
    ['a mail address that is none', 'subject: u-1', 'mail: alice'],
    ['letters that others could be taken for', 'subject: u-1', 'mail: "\u212bice@msp.example"'],
    ['the address of another entry, in other letters', 'subject: u-1', 'mail: David@msp.example'],
  ])('with %s are refused with their place', (_name, from, to) => {
    const text = replaced('staff.yaml', from, to).replace('subject: u-9', 'mail: david@msp.example');
    const result = compile(folder({ 'staff.yaml': text }), serving);
    const faults = 'faults' in result ? result.faults : [];
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({
      file: 'staff.yaml',
      line: expect.any(Number),
      column: expect.any(Number),
    });
    expect({ message: faults[0]?.message }).toMatchSnapshot();
  });

  test('with a mail address alone make nobody’s account', () => {
    const snapshot = byMail();
    expect(snapshot.people.get('alice')).toMatchObject({ mail: 'alice@msp.example', subject: '' });
    expect([...snapshot.accounts.keys()].some((key) => key.endsWith('\n'))).toBe(false);
  });
});

describe('what was learned', () => {
  test('changes nothing when there is nothing that concerns the policy', () => {
    const snapshot = compiled();
    expect(withLearned(snapshot, { bindings: [], directory: [] })).toBe(snapshot);
    expect(withLearned(snapshot, { bindings: [binding], directory: [user()] })).toBe(snapshot);
    expect(
      withLearned(snapshot, {
        bindings: [],
        directory: [user({ externalId: 'x', userName: 'x', active: false })],
      }),
    ).toBe(snapshot);
  });

  test('gives the bound entry its account', () => {
    const now = withLearned(byMail(), { bindings: [binding], directory: [] });
    expect(now.people.get('alice')?.subject).toBe('s-1');
    expect(now.accounts.get(accountKey(issuer, 's-1'))).toMatchObject({
      kind: 'technician',
      person: { id: 'alice' },
    });
    expect(entryAwaiting(now, issuer, 'alice@msp.example', Date.UTC(2026, 0))).toBeUndefined();
  });

  test.each<[string, Partial<Binding>]>([
    ['another entry', { person: 'bob' }],
    ['another issuer', { issuer: 'https://other.example' }],
    ['the address the entry had before', { mail: 'old@msp.example' }],
    ['an account that stands in the files', { subject: 'u-9' }],
  ])('a binding of %s is not the entry’s', (_name, more) => {
    const snapshot = byMail();
    expect(withLearned(snapshot, { bindings: [{ ...binding, ...more }], directory: [] })).toBe(snapshot);
  });

  test.each<[string, Partial<DirectoryUser>]>([
    ['by subject', { userName: 'somebody', externalId: 's-1' }],
    ['by user name', { externalId: undefined, userName: 'ALICE@msp.example' }],
    [
      'by one of the addresses',
      {
        userName: 'somebody',
        externalId: 'x',
        emails: [{ value: 'x@y.example' }, { value: 'alice@MSP.example' }],
      },
    ],
  ])('whoever the directory names %s as out has left', (_name, more) => {
    for (const state of [{ active: false }, { deleted: true }]) {
      const now = withLearned(byMail(), { bindings: [binding], directory: [user({ ...more, ...state })] });
      expect(now.people.get('alice')?.until).toBe(0);
      expect(now.accounts.get(accountKey(issuer, 's-1'))).toMatchObject({ person: { until: 0 } });
    }
  });

  test('an entry that is out waits for nobody', () => {
    const now = withLearned(byMail(), { bindings: [], directory: [user({ active: false })] });
    expect(entryAwaiting(now, issuer, 'alice@msp.example', Date.UTC(2026, 0))).toBeUndefined();
  });

  test('users of the portal are taken out too', () => {
    const now = withLearned(compiled(), {
      bindings: [],
      directory: [user({ externalId: 'u-9', active: false })],
    });
    expect(now.accounts.get(accountKey(issuer, 'u-9'))).toMatchObject({
      kind: 'provider-user',
      user: { until: 0 },
    });
  });

  test('the directory never lets anybody in', () => {
    const names = fc.constantFrom('u-1', 'u-9', 's-1', 'x');
    const mails = fc.constantFrom('alice@msp.example', 'Alice@msp.example', 'x@y.example', 'x');
    const anyUser = fc
      .record({
        externalId: fc.option(names, { nil: undefined }),
        userName: mails,
        active: fc.boolean(),
        deleted: fc.boolean(),
      })
      .map((more) => user(more));
    fc.assert(
      fc.property(fc.array(anyUser, { maxLength: 5 }), fc.boolean(), (directory, bound) => {
        const files = byMail();
        const before = withLearned(files, { bindings: bound ? [binding] : [], directory: [] });
        const after = withLearned(files, { bindings: bound ? [binding] : [], directory });
        expect([...after.accounts.keys()].sort()).toEqual([...before.accounts.keys()].sort());
        const out = namesOut(directory);
        for (const [id, person] of after.people) {
          const { until: _until, ...same } = before.people.get(id) as Person;
          expect(person).toMatchObject(same);
          expect(person.until === 0).toBe(isNamed(before.people.get(id) as Person, out));
        }
      }),
    );
  });
});

test.each([
  ['A.B@Example.ORG', 'a.b@example.org'],
  ['\u212bice@msp.example', undefined],
  ['a\u0131@msp.example', undefined],
  ['no address', undefined],
  ['', undefined],
])('the address %j folds to %j', (mail, folded) => {
  expect(foldMail(mail)).toBe(folded);
});
