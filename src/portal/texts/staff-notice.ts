/** Sentences around the notice to staff; its own words stand in the policy. */
import type { Text } from '../../core/model.ts';

export const staffNoticeTexts = {
  title: { en: 'What is recorded of your work', fr: 'Ce qui est enregistré de votre travail' },
  intro: {
    en: 'Please read this before you first declare an access. You are asked again when it changes.',
    fr: 'Veuillez lire ceci avant votre première déclaration d’accès. La lecture vous sera redemandée si le texte change.',
  },
  parts: {
    recorded: { en: 'What is recorded', fr: 'Ce qui est enregistré' },
    readers: { en: 'Who reads it', fr: 'Qui le lit' },
    kept: { en: 'How long it is kept', fr: 'Combien de temps' },
    rights: { en: 'Your rights', fr: 'Vos droits' },
  },
  version: (version: string): Text => ({
    en: `Version ${version} of the notice.`,
    fr: `Notice, version ${version}.`,
  }),
  confirm: { en: 'I have read this', fr: 'J’ai lu ce texte' },
  done: { en: 'You have confirmed this version.', fr: 'Vous avez confirmé cette version.' },
  changed: { en: 'The notice has changed meanwhile', fr: 'La notice a changé entre-temps' },
  changedNext: {
    en: 'Open the page again and read the version in force.',
    fr: 'Rouvrez la page et lisez la version en vigueur.',
  },
} as const;
