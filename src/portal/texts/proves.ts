/** The page that says what an export proves; its sentences are those of the note inside the export. */
import { provesHeadings, provesSentences, provesTitle } from '../../core/proves.ts';

export const provesTexts = {
  title: provesTitle,
  headings: provesHeadings,
  said: provesSentences,
  inside: {
    en: 'The same sentences lie in each export, as README.txt and LISEZMOI.txt.',
    fr: 'Les mêmes phrases se trouvent dans chaque export, sous les noms README.txt et LISEZMOI.txt.',
  },
  how: { en: 'Key, state and how to check', fr: 'Clé, état et façon de vérifier' },
} as const;
