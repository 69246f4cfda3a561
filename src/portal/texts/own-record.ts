/** Sentences of the signed extract of one's own record. */
import type { Text } from '../../core/model.ts';

export const ownRecordTexts = {
  title: { en: 'Own record', fr: 'Relevé personnel' },
  take: { en: 'Take it with you', fr: 'Emporter ce relevé' },
  hint: {
    en: 'A signed file for you alone: what you opened in the period, and which of your systems you did not open. Whoever has the key below can check that nothing in it was changed.',
    fr: 'Un fichier signé, pour vous seul : ce que vous avez ouvert dans la période, et lesquels de vos systèmes vous n’avez pas ouverts. Avec la clé ci-dessous, chacun peut vérifier que rien n’y a été changé.',
  },
  from: { en: 'First day', fr: 'Premier jour' },
  until: { en: 'Last day', fr: 'Dernier jour' },
  asText: { en: 'To read', fr: 'À lire' },
  asJson: { en: 'As JSON', fr: 'En JSON' },
  key: { en: 'Key:', fr: 'Clé\u00a0:' },
  made: (when: string): Text => ({ en: `Made on ${when}`, fr: `Établi le ${when}` }),
  opened: (count: number): Text => ({
    en: `Opened (${count}); each was declared and recorded before:`,
    fr: `Ouverts (${count}) ; chacun a été déclaré et enregistré auparavant :`,
  }),
  notOpened: {
    en: 'Not opened in the period, of the systems assigned on the day it was made:',
    fr: 'Non ouverts dans la période, parmi les systèmes affectés le jour de l’établissement :',
  },
  incomplete: {
    en: 'There are more accesses than are listed here, so nothing is said about what was not opened. Choose a shorter period.',
    fr: 'Il y a plus d’accès que cette liste n’en contient : rien n’est dit de ce qui n’a pas été ouvert. Choisissez une période plus courte.',
  },
  running: { en: 'open', fr: 'ouvert' },
  none: { en: 'none', fr: 'aucun' },
  periodTitle: { en: 'This is no period', fr: 'Ce n’est pas une période' },
  periodNext: {
    en: 'Give a first and a last day, at most 366 days apart, the first not after the last.',
    fr: 'Indiquez un premier et un dernier jour, à 366 jours d’écart au plus, le premier pas après le dernier.',
  },
} as const;
