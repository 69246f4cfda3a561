/** Pseudonyms of technicians: stable, unlike at any two clients, and what a client's part of the rules says instead of ids. */
import { describe, expect, test } from '@jest/globals';
import { judgeOwn, type OwnInstructions } from '../../src/core/own-instructions.ts';
import { type Compiled, compile } from '../../src/core/policy/compile.ts';
import { formatFault } from '../../src/core/policy/faults.ts';
import { sliceChanges } from '../../src/core/policy/slice-changes.ts';
import {
  goneTerm,
  means,
  meantBy,
  nameTold,
  shownTo,
  spoken,
  termFor,
  termOf,
} from '../../src/core/pseudonyms.ts';
import { edited, folder, replaced, rulesIn, serving } from './policy-folder.ts';

const key = 'k'.repeat(43);

/** The small folder with this line in acme's file and an instruction that names alice, and with defaults. */
function whole(line: string, defaults?: string): Compiled {
  const named = `{ id: few, text: { en: Few, fr: Peu }, forbids: [], only: [alice, "team:first-line"] }`;
  const acme = replaced('clients/acme.yaml', 'name: Acme\n', `name: Acme\n${line}`);
  const shared =
    'assignments:\n  - { who: alice, clients: [acme], systems: ["*"], from: 2025-01-01, reason: all }\n';
  const result = compile(
    folder({
      'clients/acme.yaml': acme.replace('instructions:\n', `instructions:\n  - ${named}\n`),
      'staff.yaml': replaced('staff.yaml', 'users:\n', `${shared}users:\n`),
      'defaults.yaml': defaults,
    }),
    { ...serving, pseudonymKey: key },
  );
  if ('faults' in result) throw new Error(result.faults.map(formatFault).join('\n'));
  return result;
}

function acmeIn({ snapshot }: Compiled) {
  const client = snapshot.clients.get('acme');
  if (client === undefined) throw new Error('acme is in the folder');
  return client;
}

describe('a term', () => {
  test('has the form of an id and can be said, is the same each time, and another for each client, person and key', () => {
    const all = ['acme', 'martin'].flatMap((client) =>
      Array.from({ length: 500 }, (_, nth) => termFor(key, client, `person-${nth}`)),
    );
    expect(
      all.filter((one) => !/^[a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z]{3}-[0-9a-hjkmnp-tv-z]{4}$/.test(one)),
    ).toEqual([]);
    expect(new Set(all).size).toBe(1_000);
    expect(termFor(key, 'acme', 'alice')).toBe(termFor(key, 'acme', 'alice'));
    expect(termFor('l'.repeat(43), 'acme', 'alice')).not.toBe(termFor(key, 'acme', 'alice'));
    // Published once, kept for good: agreements name people by it.
    expect(termFor('', 'acme', 'alice')).toMatchInlineSnapshot(`"d964-nzk4"`);
  });
});

describe('a client that reads pseudonyms', () => {
  const hidden = acmeIn(whole('display: pseudonym\n'));
  const alice = { id: 'alice', name: 'Alice' };
  const term = termFor(key, 'acme', 'alice');

  test('is told the term for a person, and means the person by it and by nothing else', () => {
    expect([termOf(hidden, 'alice'), nameTold(hidden, alice)]).toEqual([term, spoken(term)]);
    expect([meantBy(hidden, term), meantBy(hidden, 'alice'), meantBy(hidden, 'nobody')]).toEqual([
      'alice',
      undefined,
      undefined,
    ]);
    expect([termOf(hidden, 'left'), nameTold(hidden, { id: 'left', name: 'Left' })]).toEqual([
      goneTerm,
      'GONE',
    ]);
    for (const who of ['assigned', 'team:first-line'])
      expect([termOf(hidden, who), meantBy(hidden, who)]).toEqual([who, who]);
  });

  test('gets a snapshot without names and mail addresses; others get the one in force', () => {
    const { snapshot } = whole('display: pseudonym\n');
    const shown = shownTo(snapshot, hidden).people.get('alice');
    expect(shown).toMatchObject({ id: 'alice', name: spoken(term) });
    expect(shown).not.toHaveProperty('mail');
    expect(shownTo(snapshot, undefined)).toBe(snapshot);
    expect(shownTo(snapshot, acmeIn(whole('')))).toBe(snapshot);
  });

  test.each(['', 'display: name\n'])('reads names with %j', (line) => {
    const client = acmeIn(whole(line));
    expect([termOf(client, 'alice'), nameTold(client, alice), meantBy(client, 'alice')]).toEqual([
      'alice',
      'Alice',
      'alice',
    ]);
  });

  test('may be meant by what holds for all clients, and its own file comes first', () => {
    expect(acmeIn(whole('', 'display: pseudonym\n')).display?.level).toBe('pseudonym');
    expect(acmeIn(whole('display: name\n', 'display: pseudonym\n')).display?.level).toBe('name');
  });

  test('finds no id of a person in its part of the rules, and the same teams, times and functions', () => {
    const [open, closed] = [rulesIn(whole(''), 'acme'), rulesIn(whole('display: pseudonym\n'), 'acme')];
    expect(open).toContain('"alice"');
    expect(closed).not.toMatch(/alice/i);
    expect(closed.replaceAll(term, 'alice').replace('"display":"pseudonym",', '')).toBe(open);
  });

  test('is told when it changes, as something that its agreement rests on', () => {
    const [before, after] = [rulesIn(whole(''), 'acme'), rulesIn(whole('display: pseudonym\n'), 'acme')];
    const told = sliceChanges(before, after).find(({ path }) => path.join(' ') === 'file display');
    expect(told).toMatchObject({
      relevant: true,
      text: { en: 'Added – whether you read technicians’ names or pseudonyms: pseudonym' },
    });
  });

  test.each([
    ['once names are shown again', term, 'display: name\n', undefined],
    ['while it reads pseudonyms', term, 'display: pseudonym\n', undefined],
    ['signed when it read names', 'alice', 'display: pseudonym\n', undefined],
    ['but not once its file says nothing', term, '', 'instruction_people'],
  ] as const)('means the same people by what it signed, %s', (_, signed, line, reason) => {
    const own = { only: [signed] } as unknown as OwnInstructions;
    const client = acmeIn(whole(line));
    const judged = (person: string) => judgeOwn(own, (one) => means(client, one, person), 'read', 0);
    expect([judged('alice'), judged('bruno')]).toEqual([reason, 'instruction_people']);
  });
});

test.each([
  ['display: nobody', '2:10'],
  ['display: true', '2:10'],
  ['display: [pseudonym]', '2:10'],
  ['displays: name', '2:1'],
])('%j is a fault with its line and column', (line, place) => {
  const documents = edited('clients/acme.yaml', 'name: Acme\n', `name: Acme\n${line}\n`);
  const result = compile(documents, { ...serving, pseudonymKey: key });
  expect('faults' in result && result.faults.map(formatFault)[0]).toContain(`clients/acme.yaml:${place}`);
});

test('a folder of keys without the one behind pseudonyms is a fault, where the file speaks of them', () => {
  const documents = edited('clients/acme.yaml', 'name: Acme\n', 'name: Acme\ndisplay: pseudonym\n');
  const result = compile(documents, { ...serving, pseudonymKey: '' });
  expect('faults' in result && result.faults.map(formatFault)).toEqual([
    'clients/acme.yaml:2:10: needs the keys of the installation: consentry keys init makes them',
  ]);
  expect(compile(documents, serving)).not.toHaveProperty('faults');
  expect(compile(folder(), { ...serving, pseudonymKey: '' })).not.toHaveProperty('faults');
});
