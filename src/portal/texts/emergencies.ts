/** Sentences about emergencies: agreeing to them, declaring one, being told, reviewing it. */
import type { Text } from '../../core/model.ts';

export const emergencyTexts = {
  // agreeing
  legend: { en: 'In an emergency (optional)', fr: 'En cas d’urgence (facultatif)' },
  hint: {
    en: 'For the case that nobody on your side can be reached in time. The people ticked here may then come in without another answer: they declare the emergency and its reason, you are told at once, and you review it. If nobody is chosen above, this agreement is for emergencies only.',
    fr: 'Pour le cas où personne chez vous ne peut être joint à temps. Les personnes cochées ici peuvent alors entrer sans nouvelle réponse : elles déclarent l’urgence et sa raison, vous en êtes averti aussitôt, et vous l’examinez. Si personne n’est choisi plus haut, cet accord vaut pour les seules urgences.',
  },
  people: { en: 'Who may declare one', fr: 'Qui peut en déclarer une' },
  minutes: { en: 'Minutes at most, each', fr: 'Minutes au plus, chacune' },
  perYear: { en: 'Emergencies at most in a calendar year', fr: 'Urgences au plus par année civile' },
  reviewDays: { en: 'Days within which you review each', fr: 'Jours pour examiner chacune' },
  only: { en: 'nobody, except in an emergency', fr: 'personne, sauf en cas d’urgence' },
  fact: { en: 'Emergencies', fr: 'Urgences' },
  counter: (used: number, of: number): Text => ({
    en: `${used} of ${of} this year`,
    fr: `${used} sur ${of} cette année`,
  }),
  factText: (people: string, minutes: number, counter: Text): Text => ({
    en: `${people}; ${minutes} minutes at most each; ${counter.en}`,
    fr: `${people} ; ${minutes} minutes au plus chacune ; ${counter.fr}`,
  }),
  // declaring
  declareLegend: { en: 'Emergency', fr: 'Urgence' },
  declare: {
    en: 'Emergency: nobody of the client can be reached in time',
    fr: 'Urgence : personne du client ne peut être joint à temps',
  },
  declareHint: {
    en: 'The client is told at once, reads your reason and reviews it. A reference and a reason in words are needed.',
    fr: 'Le client est averti aussitôt, lit votre raison et l’examine. Une référence et une raison en toutes lettres sont nécessaires.',
  },
  offered: (minutes: number, used: number, of: number): Text => ({
    en: `In an emergency you may: ${minutes} minutes at most. Used: ${used} of ${of} this year.`,
    fr: `En cas d’urgence, vous le pouvez : ${minutes} minutes au plus. Utilisées : ${used} sur ${of} cette année.`,
  }),
  usedUp: (used: number, of: number): Text => ({
    en: `The emergencies are used up: ${used} of ${of} this year.`,
    fr: `Les urgences sont épuisées : ${used} sur ${of} cette année.`,
  }),
  overdue: (references: string): Text => ({
    en: `The client’s review of an earlier emergency is overdue (${references}). Under that reference you may go on; under a new one no emergency is declared until it is reviewed. Ask the client for it.`,
    fr: `L’examen d’une urgence antérieure par le client est en retard (${references}). Sous cette référence, vous pouvez continuer ; sous une nouvelle, aucune urgence n’est déclarée tant que l’examen manque. Demandez-le au client.`,
  }),
  noContacts: {
    en: 'Does the client not answer, and it cannot wait? It has named nobody to call; ask its contact at your company:',
    fr: 'Personne ne répond chez le client, et cela ne peut attendre ? Il n’a indiqué personne à appeler ; demandez à son interlocuteur chez vous :',
  },
  // being told, and reviewing
  tag: { en: 'Emergency', fr: 'Urgence' },
  told: {
    en: 'Somebody came in as an emergency',
    fr: 'Quelqu’un est entré en urgence',
  },
  toldText: (who: string, when: string): Text => ({
    en: `${who} came in on ${when} without asking you, because nobody of yours could be reached in time.`,
    fr: `${who} a eu accès le ${when} sans vous demander, personne chez vous n’ayant pu être joint à temps.`,
  }),
  reviewBy: (when: string): Text => ({
    en: `To be reviewed by ${when}.`,
    fr: `À examiner avant le ${when}.`,
  }),
  reviewLate: (when: string): Text => ({
    en: `Its review was due by ${when}: until it is given, no emergency is declared under another reference.`,
    fr: `Son examen devait avoir lieu avant le ${when} : d’ici là, aucune urgence n’est déclarée sous une autre référence.`,
  }),
  look: { en: 'Look at it', fr: 'La regarder' },
  title: { en: 'An emergency', fr: 'Une urgence' },
  reason: { en: 'Reason given', fr: 'Raison donnée' },
  story: { en: 'What was done', fr: 'Ce qui a été fait' },
  reviewTitle: { en: 'Your review', fr: 'Votre examen' },
  reviewIntro: {
    en: 'Say whether it was right to come in. It stands in your record with your name.',
    fr: 'Dites s’il était juste d’entrer. Cela figure dans votre registre avec votre nom.',
  },
  outcome: { en: 'Reviewed', fr: 'Examinée' },
  outcomes: {
    in_order: { en: 'Reviewed: in order', fr: 'Examinée : en ordre' },
    not_in_order: { en: 'Reviewed: not in order', fr: 'Examinée : pas en ordre' },
  },
  note: { en: 'What you have to say about it', fr: 'Ce que vous avez à en dire' },
  noteHint: {
    en: 'Needed when it was not in order; your provider reads it.',
    fr: 'Nécessaire si ce n’était pas en ordre ; votre prestataire le lit.',
  },
  review: { en: 'Record this review', fr: 'Enregistrer cet examen' },
  reviewedBy: (who: string, when: string): Text => ({
    en: `By ${who} on ${when}.`,
    fr: `Par ${who} le ${when}.`,
  }),
  waits: {
    en: 'It waits for the review of a representative or delegate.',
    fr: 'Elle attend l’examen d’un représentant ou d’un délégataire.',
  },
  opened: { en: 'Access declared as an emergency', fr: 'Accès déclaré en urgence' },
  event: {
    in_order: { en: 'An emergency was reviewed: in order', fr: 'Une urgence a été examinée : en ordre' },
    not_in_order: {
      en: 'An emergency was reviewed: not in order',
      fr: 'Une urgence a été examinée : pas en ordre',
    },
  },
  filter: { en: 'Emergency', fr: 'Urgence' },
  filterOnly: { en: 'only emergencies', fr: 'seulement les urgences' },
  errors: {
    reason: (least: number): Text => ({
      en: `An emergency needs its reason in words: at least ${least} letters, more than one word.`,
      fr: `Une urgence demande sa raison en toutes lettres : au moins ${least} lettres, plus d’un mot.`,
    }),
    form: {
      en: `Tick people, and give whole numbers: minutes from 1 to 1440, emergencies from 1 to 50, days from 1 to 60. Or leave all of it empty. It does not go with an agreement that is used once.`,
      fr: `Cochez des personnes et donnez des nombres entiers : minutes de 1 à 1440, urgences de 1 à 50, jours de 1 à 60. Ou laissez tout vide. Cela ne va pas avec un accord qui sert une seule fois.`,
    },
    outcome: { en: 'Choose one of the two.', fr: 'Choisissez l’un des deux.' },
    note: {
      en: 'Say in words what was not in order, in at most 500 characters.',
      fr: 'Dites en toutes lettres ce qui n’était pas en ordre, en 500 caractères au plus.',
    },
    emergency_unknown: { en: 'There is no such emergency', fr: 'Cette urgence n’existe pas' },
    reviewed_already: {
      en: 'Somebody has reviewed it already',
      fr: 'Quelqu’un l’a déjà examinée',
    },
    lookAgain: {
      en: 'Open the page again to see the review.',
      fr: 'Rouvrez la page pour voir l’examen.',
    },
  },
} as const;
