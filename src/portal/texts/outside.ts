/** Sentences about what was done in systems outside, for the technician who says it and the client who reads it. */
import type { Text } from '../../core/model.ts';
import type { SayingRefusal } from '../../core/outside.ts';

const refused: { readonly [R in SayingRefusal]: Text } = {
  saying_running: { en: 'The access is not over yet', fr: 'L’accès n’est pas encore terminé' },
  saying_late: {
    en: 'It is too late to say what was done',
    fr: 'Il est trop tard pour dire ce qui a été fait',
  },
  saying_none: { en: 'Nothing is left to be said here', fr: 'Il n’y a plus rien à dire ici' },
  saying_empty: { en: 'This does not say what was done', fr: 'Cela ne dit pas ce qui a été fait' },
};

const next: { readonly [R in SayingRefusal]: Text } = {
  saying_running: {
    en: 'Close the access first; the line is about what was done in it.',
    fr: 'Fermez d’abord l’accès ; la ligne porte sur ce qui y a été fait.',
  },
  saying_late: {
    en: 'The line is taken for 24 hours after the end. The client reads that it is missing; tell the client’s contact what was done.',
    fr: 'La ligne est acceptée pendant 24 heures après la fin. Le client lit qu’elle manque ; indiquez à l’interlocuteur du client ce qui a été fait.',
  },
  saying_none: {
    en: 'What was said stays as it is. An access outside has one such line.',
    fr: 'Ce qui a été dit reste tel quel. Un accès extérieur a une seule ligne de ce genre.',
  },
  saying_empty: {
    en: 'Write in a sentence what you did, without names of persons or data of the client.',
    fr: 'Écrivez en une phrase ce que vous avez fait, sans noms de personnes ni données du client.',
  },
};

export const outsideTexts = {
  refused,
  next,
  observed: { en: 'declared, not observed', fr: 'déclaré, non observé' },
  title: { en: 'What was done', fr: 'Ce qui a été fait' },
  label: {
    en: 'What you did (the client reads it: declared, not observed)',
    fr: 'Ce que vous avez fait (lu par le client : déclaré, non observé)',
  },
  hint: {
    en: 'One line, at most 500 characters; no names of persons, no data of the client.',
    fr: 'Une ligne, 500 caractères au plus ; ni noms de personnes, ni données du client.',
  },
  closeHint: {
    en: 'Nothing of this access passes here, so say what you did. It can be left empty now and is then owed.',
    fr: 'Rien de cet accès ne passe ici : dites ce que vous avez fait. La ligne peut rester vide et reste alors due.',
  },
  submit: { en: 'Say it', fr: 'Le dire' },
  done: { en: 'It is said. The client reads it.', fr: 'C’est dit. Le client le lit.' },
  owed: (until: string): Text => ({
    en: `You owe the client a line on what was done; it is taken until ${until}.`,
    fr: `Vous devez au client une ligne sur ce qui a été fait ; elle est acceptée jusqu’au ${until}.`,
  }),
  missing: {
    en: 'What was done was not said in time. The client reads that too.',
    fr: 'Ce qui a été fait n’a pas été dit à temps. Le client lit cela aussi.',
  },
  late: { en: 'said late', fr: 'dit en retard' },
  deskTitle: { en: 'You owe a line on what was done', fr: 'Vous devez une ligne sur ce qui a été fait' },
  give: { en: 'Say what was done', fr: 'Dire ce qui a été fait' },
  event: {
    en: 'Said what was done (declared, not observed)',
    fr: 'A dit ce qui a été fait (déclaré, non observé)',
  },
  lateEvent: {
    en: 'Said late what was done (declared, not observed)',
    fr: 'A dit en retard ce qui a été fait (déclaré, non observé)',
  },
  clientTitle: {
    en: 'Accesses outside without a line on what was done',
    fr: 'Accès extérieurs sans ligne sur ce qui a été fait',
  },
  clientOwed: (until: string): Text => ({
    en: `The line is expected until ${until}.`,
    fr: `La ligne est attendue jusqu’au ${until}.`,
  }),
  clientMissing: {
    en: 'The line did not come in time. Ask about the access on its page.',
    fr: 'La ligne n’est pas venue à temps. Posez une question sur la page de l’accès.',
  },
  unsaid: { en: 'not said', fr: 'non dit' },
} as const;
