/** Sentences about the instructions that a client gives itself. Those under `said` are signed, and shown to technicians. */
import type { Text } from '../../core/model.ts';
import type { Assessment, Sensitivity } from '../../core/own-instructions.ts';

const days: readonly Text[] = [
  { en: 'Monday', fr: 'lundi' },
  { en: 'Tuesday', fr: 'mardi' },
  { en: 'Wednesday', fr: 'mercredi' },
  { en: 'Thursday', fr: 'jeudi' },
  { en: 'Friday', fr: 'vendredi' },
  { en: 'Saturday', fr: 'samedi' },
  { en: 'Sunday', fr: 'dimanche' },
];

const sensitivities: { readonly [S in Sensitivity]: Text } = {
  ordinary: { en: 'ordinary personal data', fr: 'données personnelles ordinaires' },
  sensitive: {
    en: 'sensitive in practice (pay, bank details, family)',
    fr: 'sensibles en pratique (paie, coordonnées bancaires, famille)',
  },
  special: {
    en: 'special categories (health, beliefs, union membership …)',
    fr: 'catégories particulières (santé, convictions, appartenance syndicale …)',
  },
};

const assessments: { readonly [A in Assessment]: Text } = {
  unsaid: { en: 'not said', fr: 'non précisé' },
  'not-needed': { en: 'none was needed', fr: 'aucune n’était nécessaire' },
  acceptable: { en: 'done, the risk is acceptable', fr: 'faite, le risque est acceptable' },
  'with-measures': {
    en: 'done, acceptable with the measures below',
    fr: 'faite, acceptable avec les mesures ci-dessous',
  },
  'under-way': { en: 'under way', fr: 'en cours' },
};

export const instructionTexts = {
  title: { en: 'Our instructions', fr: 'Nos instructions' },
  intro: {
    en: 'What you ask of everybody who works on your systems, beside your agreements. It holds for all of them at once and narrows what they allow.',
    fr: 'Ce que vous demandez à toute personne qui travaille sur vos systèmes, en plus de vos accords. Cela vaut aussitôt pour tous et restreint ce qu’ils permettent.',
  },
  none: {
    en: 'You have given no instructions of your own yet.',
    fr: 'Vous n’avez pas encore donné d’instructions.',
  },
  byFile: {
    en: 'Recorded by your provider on your behalf',
    fr: 'Consignées par votre prestataire pour vous',
  },
  takenBack: { en: 'Asks for nothing.', fr: 'Ne demande rien.' },
  change: { en: 'Change our instructions', fr: 'Modifier nos instructions' },
  readOnly: {
    en: 'Your representatives change them.',
    fr: 'Vos représentants peuvent les modifier.',
  },
  formIntro: {
    en: 'You read the whole text once more and sign it with your passkey. What you take away here is loosened by the same signature.',
    fr: 'Vous relisez tout le texte puis le signez avec votre clé d’accès. Ce que vous retirez ici est assoupli par la même signature.',
  },
  sensitivity: { en: 'How sensitive is your data?', fr: 'Quelle est la sensibilité de vos données ?' },
  assessment: {
    en: 'Your impact assessment (DPIA): its result',
    fr: 'Votre analyse d’impact (AIPD) : son résultat',
  },
  assessedOn: { en: 'Day of the assessment (optional)', fr: 'Date de l’analyse (facultatif)' },
  days: { en: 'Days on which work is allowed', fr: 'Jours où le travail est permis' },
  daysHint: {
    en: 'None ticked: at any hour that agreements and rules allow. Public holidays count as any other day.',
    fr: 'Rien de coché : à toute heure que permettent les accords et les règles. Les jours fériés comptent comme les autres.',
  },
  hoursFrom: { en: 'From (24 h, such as 08:00)', fr: 'De (24 h, par exemple 08:00)' },
  hoursUntil: { en: 'Until (such as 18:00)', fr: 'À (par exemple 18:00)' },
  copies: { en: 'Copies and downloads', fr: 'Copies et téléchargements' },
  noCopy: {
    en: 'No copies or downloads, whatever an agreement says',
    fr: 'Ni copie ni téléchargement, quoi que dise un accord',
  },
  people: { en: 'People', fr: 'Personnes' },
  anybody: {
    en: 'Whoever your agreements let in',
    fr: 'Toute personne que vos accords autorisent',
  },
  named: {
    en: 'Among them, the people ticked here and nobody else',
    fr: 'Parmi elles, les personnes cochées ici et personne d’autre',
  },
  note: { en: 'A sentence of your own (optional)', fr: 'Une phrase de votre main (facultatif)' },
  noteHint: {
    en: 'Everybody reads it before each access. No personal data of your own clients or staff.',
    fr: 'Chacun la lit avant chaque accès. Sans données personnelles de vos propres clients ou salariés.',
  },
  review: { en: 'Read the text before signing', fr: 'Relire le texte avant de signer' },
  reviewTitle: { en: 'Read and sign your instructions', fr: 'Relire et signer vos instructions' },
  reviewIntro: {
    en: 'They take effect the moment you sign. An access that no longer fits them is cut at once.',
    fr: 'Elles prennent effet dès votre signature. Un accès qui n’y est plus conforme est coupé aussitôt.',
  },
  event: { en: 'Own instructions changed', fr: 'Instructions du client modifiées' },
  sensitivities,
  assessments,
  dayNames: days,
  said: {
    sensitivity: (what: Text): Text => ({
      en: `Our data: ${what.en}.`,
      fr: `Nos données\u202f: ${what.fr}.`,
    }),
    assessment: (what: Text, on: string): Text => ({
      en: `Impact assessment: ${what.en}${on === '' ? '' : ` (${on})`}.`,
      fr: `Analyse d’impact\u202f: ${what.fr}${on === '' ? '' : ` (${on})`}.`,
    }),
    hours: (list: Text, from: string, until: string, zone: string): Text => ({
      en: `Only on ${list.en}, from ${from} to ${until} (${zone}).`,
      fr: `Uniquement ${list.fr}, de ${from} à ${until} (${zone}).`,
    }),
    noCopy: {
      en: 'Copies and downloads are never allowed, whatever an agreement says.',
      fr: 'Copies et téléchargements ne sont jamais permis, quoi que dise un accord.',
    },
    only: (people: string): Text => ({
      en: `Nobody else than these people, and they need an agreement too: ${people}.`,
      fr: `Personne d’autre que ces personnes, et un accord leur est nécessaire aussi\u202f: ${people}.`,
    }),
    note: (note: string): Text => ({
      en: `In our own words: ${note}`,
      fr: `En nos propres termes\u202f: ${note}`,
    }),
    narrow: {
      en: 'These instructions narrow every agreement and give no right of their own.',
      fr: 'Ces instructions restreignent chaque accord et ne donnent elles-mêmes aucun droit.',
    },
  },
  confirm: (version: number): Text => ({
    en: `I have read the client’s own instructions, version ${version}, and work by them.`,
    fr: `J’ai lu les instructions du client, version ${version}, et je les respecte.`,
  }),
  confirmLegend: { en: 'The client’s own instructions', fr: 'Les instructions du client' },
  errors: {
    confirm: {
      en: 'Read the client’s own instructions as they stand now, and confirm them.',
      fr: 'Lisez les instructions du client dans leur version actuelle et confirmez-les.',
    },
    sensitivity: { en: 'Choose one.', fr: 'Choisissez une réponse.' },
    assessment: { en: 'Choose one.', fr: 'Choisissez une réponse.' },
    assessedOn: {
      en: 'Give a day that has passed, or leave it empty.',
      fr: 'Donnez une date passée, ou laissez vide.',
    },
    hours: {
      en: 'Give both hours as 08:00 and 18:00, the first before the second, with the days; or none of it.',
      fr: 'Donnez les deux heures comme 08:00 et 18:00, la première avant la seconde, avec les jours ; ou rien du tout.',
    },
    people: { en: 'Tick at least one person.', fr: 'Cochez au moins une personne.' },
    note: {
      en: 'At most 300 characters on one line.',
      fr: 'Au plus 300 caractères sur une ligne.',
    },
    stale: {
      en: 'Your instructions were changed meanwhile',
      fr: 'Vos instructions ont été modifiées entre-temps',
    },
    staleNext: {
      en: 'Look at the version in force, and begin again from it.',
      fr: 'Consultez la version en vigueur et recommencez à partir d’elle.',
    },
  },
} as const;
