/** What a client reads about other ways into its systems: on its first page, on the fact sheet and in its log. */
import { describe, expect, test } from '@jest/globals';
import { type BypassCheck, bypassFields, type Closing } from '../../src/core/doors.ts';
import { Fault } from '../../src/core/faults.ts';
import { browser } from './browser.ts';
import { makeWorld, type World } from './world.ts';
import { start } from './world-rules.ts';

const day = 86_400_000;

function withDoors(
  doors: Readonly<Record<string, Closing>>,
  checks: readonly Partial<BypassCheck>[] = [],
): World {
  const world = makeWorld();
  const acme = world.snapshot.clients.get('acme');
  if (acme === undefined) throw new Error('no acme');
  const systems = new Map(
    [...acme.systems].map(([id, system]) => {
      const closedBy = doors[id];
      return [id, closedBy === undefined ? system : { ...system, door: { name: 'second-name', closedBy } }];
    }),
  );
  Object.assign(world.snapshot, { places: ['office'] });
  (world.snapshot.clients as Map<string, unknown>).set('acme', { ...acme, systems });
  for (const [index, more] of checks.entries()) {
    const check: BypassCheck = {
      ...{ system: 'erp', place: 'office', result: 'unreachable', upstream: 'http://127.0.0.1:9' },
      ...{ claim: 'firewall', at: start - day, ...more },
    };
    const at = new Date(check.at).toISOString();
    const leaf = { t: 'bypass.checked', id: `b${index}`, at, ...bypassFields(check) };
    world.memory.room('acme').lines.push({ origin: 'log/acme', index, leaf, groups: {} });
  }
  return world;
}

const read = async (world: World, path: string, language = 'en') =>
  (await browser(world, 'claire', language).get(path)).text.replace(/[\u00a0\u202f]/g, ' ');

const closed: Readonly<Record<string, Closing>> = { erp: 'firewall', backup: 'firewall' };
const backup = { system: 'backup' };

describe.each(['/', '/protection'])('on %s', (path) => {
  test.each<[string, World, RegExp]>([
    [
      'nothing is claimed',
      withDoors({}),
      /Can also be reached without passing here, because nothing closes the other ways: ERP, Backup server\./,
    ],
    ['it was never checked', withDoors(closed, [backup]), /but never checked from office: ERP\./],
    [
      'it was found open',
      withDoors(closed, [backup, { result: 'open' }]),
      /but found open from office on .*2026: ERP\./,
    ],
    [
      'the check is too old',
      withDoors(closed, [backup, { at: start - 31 * day }]),
      /Last checked for other ways in on .*2026, more than 30 days ago: ERP\./,
    ],
  ])('the client reads when %s', async (_, world, expected) => {
    expect(await read(world, path)).toMatch(expected);
  });

  test('nothing is said of doors that are closed', async () => {
    const text = await read(withDoors(closed, [backup, {}]), path);
    expect(text).not.toMatch(/closed to other ways|nothing closes|other ways in/);
  });

  test('it is said in French too', async () => {
    const text = await read(withDoors({ erp: 'assertion' }), path, 'fr');
    expect(text).toContain('jamais vérifiés depuis office : Progiciel.');
    expect(text).toContain('rien ne ferme les autres voies : Serveur de sauvegarde.');
  });
});

test('when the log cannot be read, the first page does not call a door closed', async () => {
  const world = withDoors(closed, [backup, {}]);
  const lines = world.deps.archive.lines.bind(world.deps.archive);
  Object.assign(world.deps.archive, {
    lines: (query: Parameters<typeof lines>[0]) =>
      query.kinds?.includes('bypass.checked') === true
        ? Promise.reject(new Fault('ledger_unavailable', 'away'))
        : lines(query),
  });
  expect(await read(world, '/')).toContain('cannot be told at the moment: ERP, Backup server.');
});

test('an attempt stands in the record, with what it met', async () => {
  const world = withDoors(closed, [{ result: 'open' }, { result: 'authentication' }, {}]);
  const text = await read(world, '/activity');
  expect(text).toContain('another way (from office): the system answered');
  expect(text).toContain('another way (from office): the system asked who comes');
  expect(text).toContain('another way (from office): nothing answered');
});
