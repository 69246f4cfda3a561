/** Texts in both languages, from what is told in one at a time. */
import { expect, test } from '@jest/globals';
import { inBoth, joinTexts } from '../../src/core/both-languages.ts';

test('what is told is told in English and in French', () => {
  expect(inBoth((language) => `in ${language}`)).toEqual({ en: 'in en', fr: 'in fr' });
});

test('several texts are one, with what stands between them', () => {
  const some = [
    { en: 'read', fr: 'lire' },
    { en: 'write', fr: 'écrire' },
  ];
  expect(joinTexts(some)).toEqual({ en: 'read, write', fr: 'lire, écrire' });
  expect(joinTexts(some, '\n')).toEqual({ en: 'read\nwrite', fr: 'lire\nécrire' });
  expect(joinTexts([])).toEqual({ en: '', fr: '' });
});
