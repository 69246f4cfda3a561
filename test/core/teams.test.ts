/** Teams out of a sign-in's groups: they let in, never shut out, and only by what the policy in force says. */
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/core/decide.ts';
import type { Snapshot } from '../../src/core/model.ts';
import { questionOf } from '../../src/core/policy/cases.ts';
import { type Compiled, compile } from '../../src/core/policy/compile.ts';
import { startOf } from '../../src/core/policy/instants.ts';
import { seenAs } from '../../src/core/teams.ts';
import { folder, replaced, rulesIn, serving } from './policy-folder.ts';

const identity = (groups: string): string =>
  replaced('identity.yaml', '    serves: [staff]\n', `    serves: [staff]\n${groups}`);
const byGroups = '    groups_claim: groups\n    teams: { g-1: first-line }\n';
const inNoTeam = replaced('staff.yaml', '    teams: [first-line]\n', '    teams: []\n');

function compiled(changed: Readonly<Record<string, string>>): Snapshot {
  return whole(changed).snapshot;
}

function whole(changed: Readonly<Record<string, string>>): Compiled {
  const result = compile(folder(changed), serving);
  if ('faults' in result) throw new Error(JSON.stringify(result.faults));
  return result;
}

const ruled = whole({
  'identity.yaml': identity(byGroups),
  'staff.yaml': inNoTeam,
});
const { snapshot: policy } = ruled;
const at = startOf('2025-06-02T09:00:00+02:00', 'UTC') ?? 0;

function outcome(snapshot: Snapshot, groups: readonly string[]): string {
  const source = {
    name: 'x',
    person: 'alice',
    client: 'martin',
    system: 'payroll',
    purpose: 'support',
    at: '',
    method: 'GET',
    path: '/',
    reference: 'T-1',
    note: 'x',
    authentication: { acr: 'strong', amr: [], minutes_ago: 1 },
    grant: {},
    expect: 'allow',
  } as const;
  const asked = questionOf(
    snapshot,
    { ...source, authentication: { ...source.authentication, amr: [] } },
    at,
  );
  if ('refuse' in asked || asked.opening === undefined || asked.authentication === undefined)
    return 'unasked';
  const authentication = { ...asked.authentication, groups };
  const decision = decide(
    snapshot,
    { ...asked, authentication, opening: { ...asked.opening, authentication } },
    at,
  );
  return decision.effect === 'allow' ? 'allow' : decision.reason;
}

describe('a team out of a group', () => {
  test('assigns whoever brings the group, and nobody else', () => {
    expect(outcome(policy, ['g-1'])).toBe('allow');
    expect(outcome(policy, [])).toBe('not_assigned');
    expect(outcome(policy, ['g-2'])).toBe('not_assigned');
  });

  test('ends when the policy no longer gives the group that meaning, though the sign-in still has it', () => {
    expect(outcome(compiled({ 'staff.yaml': inNoTeam }), ['g-1'])).toBe('not_assigned');
  });

  test('adds to the teams of the file', () => {
    const person = policy.people.get('alice');
    if (person === undefined) throw new Error('no alice');
    const authentication = { acr: undefined, amr: [], at: 0 };
    const shown = { ...person, teams: ['hosting'] };
    expect(seenAs(policy, shown, { ...authentication, groups: ['g-1'] }).teams).toEqual([
      'hosting',
      'first-line',
    ]);
    expect(seenAs(policy, shown, authentication)).toBe(shown);
    expect(
      seenAs(policy, { ...shown, issuer: 'https://other.example' }, { ...authentication, groups: ['g-1'] })
        .teams,
    ).toEqual(['hosting']);
  });

  test('is in the text that the client can read', () => {
    const text = rulesIn(ruled, 'martin');
    expect(JSON.parse(text)).toMatchObject({ groups: { 'first-line': ['g-1'] } });
    expect(rulesIn(ruled, 'acme')).not.toContain('g-1');
  });

  test.each<[string, string, string]>([
    [
      'teams without a claim',
      '    teams: { g-1: first-line }\n',
      'identity.yaml:10:5: groups are read from a claim',
    ],
    ['a claim without teams', '    groups_claim: groups\n', 'identity.yaml:10:19: no group has a meaning'],
    [
      'an unknown team',
      '    groups_claim: groups\n    teams: { g-1: frist-line }\n',
      'identity.yaml:11:19: unknown team "frist-line"',
    ],
    [
      'a claim that is no name',
      '    groups_claim: "a b"\n    teams: { g-1: first-line }\n',
      'identity.yaml:10:19: must be the name of a claim',
    ],
  ])('%s is a fault', (_name, groups, expected) => {
    const result = compile(folder({ 'identity.yaml': identity(groups) }), serving);
    const faults = 'faults' in result ? result.faults : [];
    expect(faults.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  test('a provider of controllers has none', () => {
    const changed = replaced(
      'identity.yaml',
      '    serves: [controllers]\n',
      `    serves: [controllers]\n${byGroups}`,
    );
    const result = compile(folder({ 'identity.yaml': changed }), serving);
    expect('faults' in result && result.faults.map(({ message }) => message)).toEqual([
      'only a provider that serves staff says who is in a team',
    ]);
  });
});
