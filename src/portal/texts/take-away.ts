/** Sentences of the page from which a client takes its record home. */

export const takeAwayTexts = {
  title: { en: 'Take away', fr: 'Emporter' },
  intro: {
    en: 'Your record is yours. Take it home in the form that you need.',
    fr: 'Votre registre est à vous. Emportez-le sous la forme qu’il vous faut.',
  },
  proof: { en: 'The record that proves itself', fr: 'Le registre qui se prouve lui-même' },
  proofText: {
    en: 'Everything, in a form that anybody can check without trusting the provider or us.',
    fr: 'Tout, sous une forme que chacun peut vérifier sans faire confiance au prestataire ni à nous.',
  },
  proofGo: { en: 'Key, state and download', fr: 'Clé, état et téléchargement' },
  month: { en: 'The month in a report', fr: 'Le mois en rapport' },
  monthText: {
    en: 'Who, why, when, for how long, agreed by whom: to read, print or file.',
    fr: 'Qui, pourquoi, quand, combien de temps, avec l’accord de qui : à lire, imprimer ou classer.',
  },
  monthGo: { en: 'Read the report', fr: 'Lire le rapport' },
  consultationGo: { en: 'List the days', fr: 'Lister les jours' },
  consultationText: {
    en: 'The answer to a person who asks when their data was consulted: days and purposes, no names.',
    fr: 'La réponse à une personne qui demande quand ses données ont été consultées : jours et finalités, sans noms.',
  },
  table: { en: 'The record as a table', fr: 'Le registre en tableau' },
  tableText: {
    en: 'One row per access with how it ended, one per refusal, one per agreement or decision. For reading and counting; it proves nothing by itself.',
    fr: 'Une ligne par accès avec son issue, une par refus, une par accord ou décision. Pour lire et compter ; ce tableau ne prouve rien à lui seul.',
  },
  from: { en: 'From', fr: 'Du' },
  until: { en: 'To', fr: 'Au' },
  untilHint: {
    en: 'That day included. Empty: no bound.',
    fr: 'Ce jour compris. Vide : sans limite.',
  },
  format: { en: 'Form', fr: 'Forme' },
  formats: {
    csv: { en: 'Spreadsheet (CSV)', fr: 'Tableur (CSV)' },
    jsonl: { en: 'JSON lines', fr: 'Lignes JSON' },
    ecs: { en: 'Search engine or SIEM (ECS)', fr: 'Moteur de recherche ou SIEM (ECS)' },
  },
  formatHints: {
    csv: {
      en: 'Opens in any spreadsheet; no cell is a formula.',
      fr: 'S’ouvre dans tout tableur ; aucune cellule n’est une formule.',
    },
    jsonl: { en: 'One object per line, for programs.', fr: 'Un objet par ligne, pour les programmes.' },
    ecs: {
      en: 'Documents of the Elastic Common Schema, one per line.',
      fr: 'Documents au schéma commun Elastic, un par ligne.',
    },
  },
  spreadsheet: { en: 'For the spreadsheet', fr: 'Pour le tableur' },
  separator: { en: 'Between cells', fr: 'Entre les cellules' },
  semicolon: { en: 'Semicolon (French spreadsheets)', fr: 'Point-virgule (tableurs français)' },
  comma: { en: 'Comma', fr: 'Virgule' },
  bom: {
    en: 'Mark the file as UTF-8, so that accents are read rightly',
    fr: 'Marquer le fichier comme UTF-8, pour que les accents soient bien lus',
  },
  download: { en: 'Download', fr: 'Télécharger' },
  recorded: {
    en: 'Each download stands in the record, with who took it.',
    fr: 'Chaque téléchargement figure au registre, avec la personne qui l’a fait.',
  },
  badDay: { en: 'Choose a day that exists.', fr: 'Choisissez un jour qui existe.' },
  badPeriod: { en: 'The end lies before the beginning.', fr: 'La fin précède le début.' },
  badFormat: { en: 'Choose a form.', fr: 'Choisissez une forme.' },
} as const;
