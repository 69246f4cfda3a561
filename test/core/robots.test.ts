/** Robots in the files and in the lines: what is a fault of an entry, when a run is planned, and what a line may claim. */
import { describe, expect, test } from '@jest/globals';
import { compile } from '../../src/core/policy/compile.ts';
import { RobotsTold } from '../../src/core/robot-runs.ts';
import { type Robot, runsBetween } from '../../src/core/robots.ts';
import { folder, serving } from './policy-folder.ts';

const entry = {
  ...{ name: 'Copies', issuer: 'https://login.msp.example', client_id: 'copies', proof: 'private-key' },
  ...{ responsible: 'alice', place: 'FR', from: '2025-04-01', purposes: ['support'] },
  windows: [{ days: ['mon'], from: '01:00', until: '05:00', latest: '02:30' }],
};

/** The folder with these robots, the purpose of which is for machines too; the words of what is wrong with it. */
function faultsOf(robots: object, edit: (text: string) => string = (text) => text): readonly string[] {
  const documents = folder().map(({ path, text }) => ({
    path,
    text: edit(
      path === 'staff.yaml'
        ? `${text}robots: ${JSON.stringify(robots)}\n`
        : path === 'purposes.yaml'
          ? text.replace('    service: support\n', '    service: support\n    robots: true\n')
          : text,
    ),
  }));
  const compiled = compile(documents, serving);
  return 'faults' in compiled ? compiled.faults.map(({ message }) => message) : [];
}

describe('an entry', () => {
  test('in order is a person who signs in nowhere', () => {
    expect(faultsOf({ copies: entry })).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['with a person’s id', { alice: entry }, /already a person's id/],
    ['with a user’s id', { david: entry }, /already a person's id/],
    ['that nobody answers for', { copies: { ...entry, responsible: 'nobody' } }, /unknown person "nobody"/],
    ['that a robot answers for', { copies: { ...entry, responsible: 'copies' } }, /answers for nothing/],
    ['with a person’s account', { copies: { ...entry, client_id: 'u-1' } }, /account already stands/],
    ['with another robot’s account', { copies: entry, other: entry }, /account already stands/],
    ['with the client of people', { copies: { ...entry, client_id: 'consentry' } }, /needs one of its own/],
    [
      'of a provider that serves clients',
      { copies: { ...entry, issuer: 'https://login.clients.example' } },
      /serves staff/,
    ],
    ['for a purpose that is none', { copies: { ...entry, purposes: ['war'] } }, /unknown purpose/],
    ['for no purpose', { copies: { ...entry, purposes: [] } }, /at least one/],
    ['that ends before it begins', { copies: { ...entry, until: '2025-01-01' } }, /ends before it begins/],
    [
      'without proof',
      { copies: { ...entry, proof: 'word of honour' } },
      /one of: private-key, certificate, secret/,
    ],
    [
      'expected after its window',
      { copies: { ...entry, windows: [{ ...entry.windows[0], latest: '06:00' }] } },
      /within the window/,
    ],
    [
      'expected on the next day where the window ends before',
      { copies: { ...entry, windows: [{ days: ['mon'], from: '22:00', until: '02:00', latest: '03:00' }] } },
      /within the window/,
    ],
  ])('%s is a fault', (_, robots, words) => {
    expect(faultsOf(robots).join('\n')).toMatch(words);
  });

  test('holds back no rules when who answers for it leaves, which the check tells; another provider’s is a fault', () => {
    const leaves = (text: string) =>
      text.replace('from: 2025-03-30\n', 'from: 2025-03-30\n    until: 2026-06-30\n');
    expect(faultsOf({ copies: entry }, leaves)).toEqual([]);
    const others = (text: string) => text.replace('employment: employee', 'employment: provider');
    expect(faultsOf({ copies: entry }, others).join('\n')).toMatch(/must be an employee/);
  });

  test('for a purpose of people is a fault', () => {
    const people = (text: string) => text.replace('    robots: true\n', '');
    expect(faultsOf({ copies: entry }, people).join('\n')).toMatch(/is for people/);
  });
});

test('runs are planned by the clock on the wall: over midnight, on holidays, and through the change of time', () => {
  const robot = (from: number, until: number, latest: number): Robot => {
    const windows = [{ days: [6, 7], from, until, latest }];
    const hours = { zone: 'Europe/Paris', windows, closedOn: 'none' } as const;
    const who = { label: 'x', clientId: 'x', proof: 'secret', responsible: 'x', purposes: [] } as const;
    return { ...who, windows, hours };
  };
  const told = (one: Robot, after: string, by: string) =>
    runsBetween(one, Date.parse(after), Date.parse(by)).map(({ from, latest }) =>
      [from, latest].map((at) => new Date(at).toISOString().slice(5, 16)).join(' '),
    );
  // The night in which the clocks go forward: 23:00 to 04:00 is an hour shorter.
  const night = robot(23 * 60, 5 * 60, 4 * 60);
  expect(told(night, '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
    '03-28T22:00 03-29T02:00',
    '03-29T21:00 03-30T02:00',
  ]);
  // The bounds: after the first instant, up to the last.
  expect(told(night, '2026-03-29T02:00:00Z', '2026-03-30T02:00:00Z')).toEqual(['03-29T21:00 03-30T02:00']);
  expect(told(night, '2026-03-29T02:00:00Z', '2026-03-30T01:59:59Z')).toEqual([]);
  // Christmas on a Friday is no day of it; the day after it is.
  const day = robot(8 * 60, 20 * 60, 9 * 60);
  expect(told(day, '2026-12-25T00:00:00Z', '2026-12-27T00:00:00Z')).toEqual(['12-26T07:00 12-26T08:00']);
  // Hours of which one is left out as the clocks go forward, and a window that says the same run again: one run each.
  const hourly = [2, 3].map((hour) => ({
    days: [7],
    from: hour * 60,
    until: hour * 60 + 50,
    latest: hour * 60 + 30,
  }));
  const twice = hourly.map((window) => ({ ...window, until: window.until + 5 }));
  expect(
    told({ ...day, windows: [...hourly, ...twice] }, '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'),
  ).toEqual(['03-29T01:00 03-29T01:30']);
});

describe('the client’s own check finds', () => {
  const line = {
    ...{ t: 'robot.missed', robot: 'nightly', system: 'erp', observed: true },
    ...{ from: '2026-03-02T08:00:00.000Z', latest: '2026-03-02T09:00:00.000Z' },
    at: '2026-03-02T09:00:10.000Z',
  };
  const planned = `${line.from}/${line.latest}`;
  const came = { t: 'session.opened', id: 's1', robot: 'nightly', systems: 'crm erp' };
  const at = (time: string) => ({ ...came, at: `2026-03-02T${time}Z` });

  test.each<[string, object | undefined, object, RegExp | undefined]>([
    ['nothing wrong with a run that did not come', undefined, {}, undefined],
    ['nothing wrong with one that came too late', at('09:00:00.001'), {}, undefined],
    ['nothing wrong with one that came elsewhere', { ...at('08:30:00.000'), systems: 'crm' }, {}, undefined],
    ['a robot that was there', at('09:00:00.000'), {}, /came in that time/],
    [
      'nothing wrong with a robot that was there for another run',
      { ...at('08:30:00.000'), runs: '2026-03-02T08:15:00.000Z/2026-03-02T08:45:00.000Z' },
      {},
      undefined,
    ],
    [
      'a robot that was let in at the last moment, and written down after it',
      { ...at('09:00:02.000'), runs: `2026-03-02T07:00:00.000Z/2026-03-02T10:00:00.000Z ${planned}` },
      {},
      /came in that time/,
    ],
    ['a run that is yet to come', undefined, { at: '2026-03-02T08:59:59.000Z' }, /yet to come/],
    ['a run that ends before it begins', undefined, { from: line.latest }, /yet to come/],
    ['a time that is none', undefined, { from: 'Monday' }, /yet to come/],
    ['a line that does not say whether it was seen', undefined, { observed: 'yes' }, /observed/],
  ])('%s', (_, before, change, found) => {
    const told = new RobotsTold();
    if (before !== undefined) told.opened({ ...before });
    const fault = told.missed({ ...line, ...change });
    if (found === undefined) expect(fault).toBeUndefined();
    else expect(fault).toMatch(found);
  });

  test.each<[string, object, RegExp | undefined]>([
    ['nothing wrong with a run that begins', { runs: planned }, undefined],
    [
      'nor with two at once',
      { runs: `${planned} 2026-03-02T08:30:00.000Z/2026-03-02T09:30:00.000Z` },
      undefined,
    ],
    ['a run that was not yet to begin', { runs: planned, at: '2026-03-02T07:59:59.999Z' }, /another time/],
    ['a run that was long over', { runs: planned, at: '2026-03-02T09:01:00.001Z' }, /another time/],
    ['a run without an end', { runs: line.from }, /another time/],
    ['a run backwards', { runs: `${line.latest}/${line.from}` }, /another time/],
    ['no run', { runs: '' }, /another time/],
    ['a run of a person', { runs: planned, robot: undefined }, /an opening of a person/],
  ])('%s', (_, change, found) => {
    const wrong = new RobotsTold().opened({ ...at('08:30:00.000'), ...change });
    if (found === undefined) expect(wrong).toBeUndefined();
    else expect(wrong).toMatch(found);
  });

  test('the same run twice, and a browser in an access of a robot', () => {
    const told = new RobotsTold();
    expect(told.missed(line)).toBeUndefined();
    expect(told.missed(line)).toMatch(/twice/);
    told.opened(at('10:00:00.000'));
    expect(told.intended({ session: 's1', tool: true })).toBeUndefined();
    expect(told.intended({ session: 's1' })).toMatch(/browser/);
    expect(told.intended({ session: 's2' })).toBeUndefined();
  });
});
