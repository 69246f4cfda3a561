/** What came of planned runs: from lines of openings, their ends and missed runs, and from what is planned now. */
import { describe, expect, test } from '@jest/globals';
import type { LeafFields } from '../../src/core/entries.ts';
import { runsShown } from '../../src/core/planned-runs.ts';
import { readRuns } from '../../src/core/robot-runs.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 9, 5, 8);
const iso = (at: number) => new Date(at).toISOString();
const run = (from: number) => ({ from, latest: from + hour });
const planned = (...froms: readonly number[]) => [
  { client: 'acme', robot: 'nightly', system: 'backup', plan: 'p', runs: froms.map(run) },
];
const opened = (at: number, more: LeafFields = {}): LeafFields => ({
  ...{ t: 'session.opened', id: `o${at}`, at: iso(at), robot: 'nightly', systems: 'erp backup' },
  ...more,
});
const missed = (from: number, observed = true): LeafFields => ({
  ...{
    t: 'robot.missed',
    id: `m${from}`,
    at: iso(from + hour),
    robot: 'nightly',
    system: 'backup',
    observed,
  },
  ...{ from: iso(from), latest: iso(from + hour) },
});
const kinds = (...args: Parameters<typeof runsShown>) =>
  runsShown(...args).map(({ from, state }) => [from - now, state.kind]);

describe('runs', () => {
  test('that are planned came, were missed, are due, are to come or were not watched; of those to come only the next', () => {
    const all = planned(...[-30, -20, -10, -0.5, 5, 29].map((hours) => now + hours * hour));
    const lines = [opened(now - 30 * hour), missed(now - 20 * hour)];
    expect(kinds(all, lines, now)).toEqual([
      [5 * hour, 'coming'],
      [-0.5 * hour, 'due'],
      [-10 * hour, 'unwatched'],
      [-20 * hour, 'missed'],
      [-30 * hour, 'came'],
    ]);
  });

  test.each<[string, LeafFields]>([
    ['of another robot', { robot: 'other' }],
    ['at another system', { systems: 'erp' }],
    ['that says to begin another run', { runs: `${iso(now - 40 * hour)}/${iso(now - 39 * hour)}` }],
  ])('are not begun by an access %s', (_name, more) => {
    const shown = runsShown(planned(now - 30 * hour), [opened(now - 30 * hour, more)], now);
    expect(
      shown.find(({ from, system }) => from === now - 30 * hour && system === 'backup')?.state.kind,
    ).toBe('unwatched');
  });

  test('of a plan that is another by now are shown as the lines tell them', () => {
    const runs = `${iso(now - 30 * hour)}/${iso(now - 29 * hour)}`;
    const lines = [opened(now - 30 * hour, { runs, systems: 'backup' }), missed(now - 50 * hour, false)];
    expect(kinds([], lines, now)).toEqual([
      [-30 * hour, 'came'],
      [-50 * hour, 'missed'],
    ]);
  });

  test.each<[string | undefined, 'done' | 'failed' | undefined]>([
    ['done', 'done'],
    ['failed', 'failed'],
    ['other', undefined],
    [undefined, undefined],
  ])('say what the robot said at the end: %s', (result, said) => {
    const opening = opened(now - 30 * hour);
    const end = {
      t: 'session.closed',
      session: String(opening.id),
      ...(result === undefined ? {} : { result }),
    };
    expect(runsShown(planned(now - 30 * hour), [opening, end], now)[0]?.state).toEqual({
      ...{ kind: 'came', opening: opening.id, at: now - 30 * hour, said },
    });
  });
});

test.each(['', 'x', 'x/y', `${iso(now)}/${iso(now)}`, `${iso(now)}`, `${iso(now + 1)}/${iso(now)}`])(
  'runs that cannot be read are none: %p',
  (runs) => {
    expect(readRuns({ runs })).toEqual([]);
  },
);

test('several runs are read in their order', () => {
  const told = [now, now + 2 * hour].map((at) => `${iso(at)}/${iso(at + hour)}`).join(' ');
  expect(readRuns({ runs: told })).toEqual([run(now), run(now + 2 * hour)]);
  expect(readRuns({})).toEqual([]);
});
