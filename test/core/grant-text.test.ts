/** The text of an agreement: deterministic, canonical, complete in both languages, and comparable with its line. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { textDifference } from '../../src/core/consent-text.ts';
import { type GrantTerms, sentencesOf, writeGrantText } from '../../src/core/grant-text.ts';

const terms: GrantTerms = {
  id: 'abc',
  version: 1,
  language: 'en',
  client: 'acme',
  systems: ['erp', 'backup'],
  purposes: ['hotline'],
  operations: ['read'],
  people: ['assigned'],
  from: Date.UTC(2026, 9, 5),
  until: Date.UTC(2026, 10, 5),
  words: {
    client: 'Acme SA',
    provider: 'Provider SAS',
    contact: 'Contact, contact@example.org',
    systems: ['ERP', 'Backup server'],
    purposes: ['Hotline'],
    people: 'whoever is assigned',
    from: '5 Oct 2026, 02:00:00 +02:00',
    until: '5 Nov 2026, 01:00:00 +01:00',
    author: 'Claire Martin',
    function: 'Head of finance',
    authority: 'DOC-1',
  },
};

test('the scope stands as the strings that the record repeats', () => {
  const { text, textHash } = writeGrantText(terms);
  expect(JSON.parse(text)).toMatchObject({
    systems: 'erp backup',
    purposes: 'hotline',
    operations: 'read',
    people: 'assigned',
    from: '2026-10-05T00:00:00.000Z',
    until: '2026-11-05T00:00:00.000Z',
    language: 'en',
    client: 'acme',
  });
  expect(textHash).toBe(`sha256:${createHash('sha256').update(text).digest('base64url')}`);
  const line = {
    id: 'abc',
    systems: 'erp backup',
    purposes: 'hotline',
    operations: 'read',
    from: '2026-10-05T00:00:00.000Z',
    until: '2026-11-05T00:00:00.000Z',
  };
  expect(textDifference(text, line)).toBeUndefined();
  expect(textDifference(text, { ...line, operations: 'read write' })).toContain('operations');
});

test('a known text keeps its hash', () => {
  expect(writeGrantText(terms)).toMatchSnapshot();
  expect(
    writeGrantText({ ...terms, language: 'fr', operations: ['read', 'write', 'copy'] }),
  ).toMatchSnapshot();
});

test('says what may and what may not be done', () => {
  const said = (operations: GrantTerms['operations'], language: 'en' | 'fr') =>
    writeGrantText({ ...terms, operations, language }).sentences.join(' ');
  expect(said(['read'], 'en')).toContain('may not change, nor copy or download');
  expect(said(['read', 'write'], 'en')).toContain('may not copy or download');
  expect(said(['read', 'write', 'copy'], 'en')).not.toContain('may not');
  expect(said(['read'], 'fr')).toContain('ne peuvent pas modifier, ni copier ou télécharger');
  expect(said(['read'], 'fr')).toContain('sous-traitant');
  expect(said(['read'], 'en')).toContain('processor');
});

describe('a robot is no person', () => {
  const robot = '⚙ Robot Nightly (responsible: A. Durand)';
  const said = (language: 'en' | 'fr', people: string) => {
    const words = { ...terms.words, people, robots: [robot] };
    return writeGrantText({ ...terms, language, people: ['robot:nightly'], words }).sentences.join('\n');
  };

  test('and is told apart from people', () => {
    const english = said('en', 'whoever is assigned');
    expect(english).toContain('Only these people: whoever is assigned.\n');
    expect(english).toContain(
      `Beside them only these robots of the provider, which come by themselves: ${robot}.`,
    );
    const french = said('fr', 'A. Durand');
    expect(french).toContain('Uniquement ces personnes\u202f: A. Durand.\n');
    expect(french).toContain(
      `uniquement ces robots du prestataire, qui viennent d’eux-mêmes\u202f: ${robot}.`,
    );
    expect(french).toContain('Ils peuvent consulter. Ils ne peuvent pas');
  });

  test('also where nobody else is agreed to', () => {
    expect(said('en', '')).toContain(
      `No people, only these robots of the provider, which come by themselves: ${robot}.`,
    );
    expect(said('fr', '')).toContain('Aucune personne, uniquement ces robots du prestataire');
    for (const language of ['en', 'fr'] as const) expect(said(language, '')).not.toMatch(/people:|personnes/);
  });
});

test('numbers are written as each language writes them', () => {
  const budget = {
    per: 'day',
    zone: 'Europe/Paris',
    openings: 1_200,
    bytes: 1_500e6,
    copied: 2_500_500_000,
  } as const;
  const said = (language: 'en' | 'fr') => writeGrantText({ ...terms, language, budget }).sentences.join(' ');
  for (const told of ['1,200 accesses', '1,500 MB moved', '2,500.5 MB leaving'])
    expect(said('en')).toContain(told);
  const nnbsp = '\u202f';
  const french = [`1${nnbsp}200 accès`, `1${nnbsp}500\u00a0Mo transférés`, `2${nnbsp}500,5\u00a0Mo au plus`];
  for (const told of french) expect(said('fr')).toContain(told);
});

describe('refuses what the record could not repeat', () => {
  test.each([
    ['no system', { systems: [] }],
    ['no operation', { operations: [] }],
    ['a name with a space', { people: ['a b'] }],
    ['an empty name', { purposes: [''] }],
    ['an end before the beginning', { until: terms.from }],
    ['no end', { until: Number.NaN }],
    ['broken characters', { words: { ...terms.words, author: '\ud800' } }],
  ])('%s', (_name, change) => {
    expect(() => writeGrantText({ ...terms, ...change })).toThrow();
  });
});

test('any other scope, name or time is another hash; the sentences come back as they were', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 4 }),
      word,
      fc.string({ unit: 'grapheme' }),
      (systems, person, author) => {
        const one = writeGrantText({
          ...terms,
          systems,
          people: [person],
          words: { ...terms.words, author },
        });
        const again = writeGrantText({
          ...terms,
          systems,
          people: [person],
          words: { ...terms.words, author },
        });
        expect(again).toEqual(one);
        expect(
          writeGrantText({ ...terms, systems: [...systems, 'more'], people: [person] }).textHash,
        ).not.toBe(one.textHash);
        expect(sentencesOf(one.text)?.join('\n')).toBe(one.sentences.join('\n'));
      },
    ),
  );
});

test.each(['', 'null', '[]', '{}', '{"text":1}', '{'])('shows nothing for %p', (text) => {
  expect(sentencesOf(text)).toBeUndefined();
});
