/** One opening as one sentence: plurals, what may be said to be absent, and texts that others wrote. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resultClass, resultClasses } from '../../src/core/history.ts';
import { answersCounted, deedOf, deeds, tally } from '../../src/core/history-tally.ts';
import { count, deedsInWords, sentence, type Told, type ToldFact } from '../../src/core/history-words.ts';
import { shown } from '../../src/core/shown.ts';

const size = (bytes: number): string => `${bytes} B`;

function fact(more: Partial<ToldFact> = {}): ToldFact {
  return {
    system: 'erp',
    method: 'GET',
    path: '/invoices/:id',
    operation: 'read',
    dest: 'page',
    type: 'text/html',
    disposition: '',
    result: 'complete',
    count: 1,
    up: 0,
    down: 100,
    first: 0,
    last: 0,
    label: { en: 'Invoices', fr: 'Factures' },
    ...more,
  };
}

function told(facts: readonly ToldFact[], more: Partial<Told> = {}): Told {
  return {
    before: [],
    facts,
    ended: true,
    complete: true,
    outside: false,
    copies: false,
    served: true,
    ...more,
  };
}

const pages = fact({ count: 18 });
const change = fact({ operation: 'write', dest: 'call' });
const page = fact();
const file = fact({ operation: 'copy', dest: 'download', down: 2048 });
const pending = fact({ result: '' });

describe('the sentence', () => {
  test('of an ordinary opening', () => {
    const before = ['Alice M.', 'support', 'ERP', '', 'INC-123', '14:02–14:31'];
    expect(sentence(told([pages, change], { before }), 'en', size)).toBe(
      'Alice M., support, ERP, INC-123, 14:02–14:31: 18 pages viewed (Invoices), 1 change accepted (Invoices), ' +
        'nothing left the system as a file (19 answers counted).',
    );
    expect(sentence(told([pages, change], { before }), 'fr', size)).toBe(
      'Alice M., support, ERP, INC-123, 14:02–14:31 : 18 pages consultées (Factures), ' +
        '1 modification acceptée (Factures), rien n’est sorti du système sous forme de fichier (19 réponses comptées).',
    );
  });

  test.each<[string, readonly ToldFact[], Partial<Told>, string, string]>([
    ['nothing at all', [], {}, 'nothing was opened', 'rien n’a été ouvert'],
    ['nothing yet', [], { ended: false }, 'nothing has been opened so far', 'rien n’a été ouvert jusqu’ici'],
    [
      'still open',
      [page],
      { ended: false },
      '1 page viewed (Invoices), nothing has left the system as a file so far (1 answer counted)',
      '1 page consultée (Factures), rien n’est sorti du système sous forme de fichier jusqu’ici (1 réponse comptée)',
    ],
    ['a copy', [file], {}, '1 file taken out (Invoices, 2048 B)', '1 fichier sorti (Factures, 2048 B)'],
    [
      'a copy that was cut',
      [{ ...file, result: 'terminated:stopped', down: 7 }],
      {},
      '1 file taken out in part (Invoices, 7 B)',
      '1 fichier sorti en partie (Factures, 7 B)',
    ],
    [
      'an attachment on a page that reads',
      [fact({ disposition: 'attachment' })],
      {},
      '1 file taken out (Invoices, 100 B)',
      '1 fichier sorti (Factures, 100 B)',
    ],
    [
      'an attachment with an error',
      [fact({ disposition: 'attachment', result: 'answered' })],
      {},
      '1 file taken out (Invoices, 100 B)',
      '1 fichier sorti (Factures, 100 B)',
    ],
    ['held back', [{ ...file, result: 'withheld:type' }], {}, '1 answer held back', '1 réponse retenue'],
    [
      'a connection that is not looked into',
      [fact({ dest: 'socket', operation: 'write', up: 3, down: 4 })],
      {},
      '1 live connection (4 B out, 3 B in)',
      '1 connexion continue (4 B sortis, 3 B entrés)',
    ],
    [
      'no result yet',
      [page, pending],
      { ended: false },
      '1 page viewed (Invoices), 1 request without a result yet',
      '1 page consultée (Factures), 1 requête encore sans résultat',
    ],
    [
      'page furniture that one line covers',
      [page, fact({ dest: 'asset', result: 'covered' })],
      {},
      '1 page viewed (Invoices), nothing left the system as a file (1 answer counted)',
      '1 page consultée (Factures), rien n’est sorti du système sous forme de fichier (1 réponse comptée)',
    ],
    [
      'page furniture that could be a copy',
      [page, fact({ dest: 'asset', result: 'covered' })],
      { copies: true },
      '1 page viewed (Invoices)',
      '1 page consultée (Factures)',
    ],
    [
      'page furniture alone',
      [fact({ dest: 'asset', result: 'covered' })],
      { copies: true },
      '1 script, style or image',
      '1 script, style ou image',
    ],
    [
      'an end that nobody knows',
      [fact({ result: 'unknown-after-crash' })],
      {},
      '1 request whose end is not known',
      '1 requête dont la fin est inconnue',
    ],
    [
      'outside',
      [],
      { outside: true, served: false },
      'what was done outside the gateway is declared, not observed',
      'ce qui s’est fait hors de la passerelle est déclaré, non observé',
    ],
    [
      'not all counted',
      [page],
      { complete: false },
      '1 page viewed (Invoices), and more than is counted here',
      '1 page consultée (Factures), et plus que ce qui est compté ici',
    ],
    [
      'refused',
      [fact({ result: 'refused:copy', count: 2 })],
      {},
      '2 requests refused',
      '2 requêtes refusées',
    ],
    [
      'a change not accepted',
      [{ ...change, result: 'answered' }],
      {},
      '1 change that the system did not accept, nothing left the system as a file (1 answer counted)',
      '1 modification que le système n’a pas acceptée, rien n’est sorti du système sous forme de fichier (1 réponse comptée)',
    ],
    [
      'furniture alone',
      [fact({ dest: 'asset', count: 3 })],
      {},
      'nothing left the system as a file (3 answers counted)',
      'rien n’est sorti du système sous forme de fichier (3 réponses comptées)',
    ],
    [
      'routes without a name are not named',
      [fact({ label: 'GET /x' })],
      { complete: false },
      '1 page viewed, and more than is counted here',
      '1 page consultée, et plus que ce qui est compté ici',
    ],
  ])('%s', (_name, facts, more, en, fr) => {
    expect(deedsInWords(told(facts, more), 'en', size)).toBe(en);
    expect(deedsInWords(told(facts, more), 'fr', size)).toBe(fr);
  });

  test.each([
    [0, '0 pages viewed', '0 page consultée'],
    [1, '1 page viewed', '1 page consultée'],
    [2, '2 pages viewed', '2 pages consultées'],
    [1000, '1,000 pages viewed', '1\u202f000 pages consultées'],
    [1_000_000, '1,000,000 pages viewed', '1\u202f000\u202f000 de pages consultées'],
  ])('counts %d as each language does', (n, en, fr) => {
    expect(count('pages', n, 'en')).toBe(en);
    expect(count('pages', n, 'fr')).toBe(fr);
  });
});

const anyFact: fc.Arbitrary<ToldFact> = fc.record({
  system: fc.constantFrom('erp', 'backup'),
  method: fc.constantFrom('GET', 'POST'),
  path: fc.string(),
  operation: fc.constantFrom('read', 'write', 'copy', 'x'),
  dest: fc.constantFrom('page', 'call', 'asset', 'download', 'upload', 'socket', ''),
  type: fc.string(),
  disposition: fc.constantFrom('', 'inline', 'attachment', 'ATTACHMENT; x'),
  result: fc.constantFrom(
    ...[
      '',
      'complete',
      'answered',
      'withheld:type',
      'terminated:stopped',
      'client-abort',
      'upstream-timeout',
    ],
    ...['unknown-after-crash', 'refused:copy', 'nobody knows this'],
  ),
  count: fc.integer({ min: 1, max: 2_000_000 }),
  up: fc.nat(),
  down: fc.nat(),
  first: fc.nat(),
  last: fc.nat(),
  label: fc.oneof(fc.string(), fc.record({ en: fc.string(), fr: fc.string() })),
});

describe('always', () => {
  test('each exchange is in one kind, and kinds add up', () => {
    fc.assert(
      fc.property(fc.array(anyFact), (facts) => {
        const sums = tally(facts);
        const all = facts.reduce((sum, { count: n }) => sum + n, 0);
        expect(deeds.reduce((sum, deed) => sum + sums[deed].count, 0)).toBe(all);
      }),
    );
  });

  test('nothing is said to have stayed unless every exchange was counted, has a known end, and was no file', () => {
    const absence = /nothing|rien/;
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (facts, ended, complete, outside) => {
          const named = facts.map((one) => ({ ...one, label: 'no name' }));
          const of = told(named, { ended, complete, outside });
          const said = (['en', 'fr'] as const).map((language) =>
            absence.test(deedsInWords(of, language, size)),
          );
          expect(said[0]).toBe(said[1]);
          if (said[0] !== true) return;
          expect(complete && !outside).toBe(true);
          for (const one of facts) {
            const passed = ['done', 'answered', 'cut', 'aborted'].includes(resultClass(one.result));
            expect(['unknown', 'pending']).not.toContain(resultClass(one.result));
            const taken = one.operation === 'copy' || one.dest === 'download' || one.dest === 'socket';
            if (passed && resultClass(one.result) !== 'answered') expect(taken).toBe(false);
            if (passed) expect(one.disposition.toLowerCase()).not.toContain('attachment');
          }
          if (facts.length > 0) expect(answersCounted(tally(facts))).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('a sentence holds no control, no mark of direction, no line end, and stays short', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 20 }),
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }),
        (facts, before) => {
          for (const language of ['en', 'fr'] as const) {
            const said = sentence(told(facts, { before }), language, size);
            expect(said).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
            expect(said.length).toBeLessThan(2500);
          }
        },
      ),
    );
  });
});

test('classes of results are those that can be filtered by', () => {
  fc.assert(fc.property(anyFact, ({ result }) => expect(resultClasses).toContain(resultClass(result))));
  expect(deedOf(fact({ operation: 'x' }))).toBe('changes');
});

test.each([
  ['plain', 'plain'],
  ['a\u202eb\u0000c\nd', 'a\ufffdb\ufffdc\ufffdd'],
  ['x'.repeat(65_535), `${'x'.repeat(119)}…`],
  ['\u{1f600}'.repeat(200), `${'\u{1f600}'.repeat(119)}…`],
  ['', ''],
])('shown %#', (text, visible) => {
  expect(shown(text)).toBe(visible);
});
