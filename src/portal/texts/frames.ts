/** Sentences about what a delegate may agree to alone. */
import type { Text } from '../../core/model.ts';

export const frameTexts = {
  title: { en: 'What delegates may agree to', fr: 'Ce que les délégataires peuvent accorder' },
  intro: {
    en: 'A delegate answers requests alone within the frame that a representative signed, each for one case, with their own passkey. Everything else waits for a representative.',
    fr: 'Un délégataire répond seul aux demandes dans le cadre signé par un représentant, chaque fois pour un seul cas et avec sa propre clé d’accès. Tout le reste attend un représentant.',
  },
  none: { en: 'No frame was given.', fr: 'Aucun cadre n’a été donné.' },
  give: { en: 'Give a frame', fr: 'Donner un cadre' },
  delegate: { en: 'Delegate', fr: 'Délégataire' },
  scope: { en: 'May agree to', fr: 'Peut accorder' },
  when: { en: 'When', fr: 'Quand' },
  by: { en: 'Given by', fr: 'Donné par' },
  state: { en: 'State', fr: 'État' },
  active: { en: 'in force', fr: 'en vigueur' },
  coming: { en: 'not yet', fr: 'à venir' },
  ended: { en: 'over', fr: 'terminé' },
  withdrawn: { en: 'withdrawn', fr: 'retiré' },
  withdraw: { en: 'Withdraw', fr: 'Retirer' },
  withdrawHint: {
    en: 'Withdrawing a frame, or removing the delegate, also withdraws what the delegate agreed to within it and is not over; what runs is cut.',
    fr: 'Retirer un cadre, ou le délégataire, retire aussi ce qu’il a accordé dans ce cadre et qui n’est pas terminé ; ce qui est en cours est coupé.',
  },
  formTitle: { en: 'Give a delegate a frame', fr: 'Donner un cadre à un délégataire' },
  noDelegate: {
    en: 'Nobody sits as a delegate yet. Invite somebody first.',
    fr: 'Aucun délégataire n’est inscrit. Invitez d’abord quelqu’un.',
  },
  minutes: { en: 'Longest access, in minutes', fr: 'Durée maximale d’un accès, en minutes' },
  days: { en: 'On these days', fr: 'Ces jours' },
  dayNames: [
    { en: 'Monday', fr: 'Lundi' },
    { en: 'Tuesday', fr: 'Mardi' },
    { en: 'Wednesday', fr: 'Mercredi' },
    { en: 'Thursday', fr: 'Jeudi' },
    { en: 'Friday', fr: 'Vendredi' },
    { en: 'Saturday', fr: 'Samedi' },
    { en: 'Sunday', fr: 'Dimanche' },
  ],
  hoursFrom: { en: 'From', fr: 'De' },
  hoursUntil: { en: 'To', fr: 'À' },
  hoursHint: (zone: string): Text => ({
    en: `When the delegate may agree, in your time zone (${zone}).`,
    fr: `Quand le délégataire peut accorder, dans votre fuseau horaire (${zone}).`,
  }),
  until: { en: 'Last day', fr: 'Dernier jour' },
  untilHint: { en: 'At most 12 months from today.', fr: 'Au plus tard dans 12 mois.' },
  review: { en: 'Read the text', fr: 'Lire le texte' },
  reviewTitle: { en: 'Sign the frame', fr: 'Signer le cadre' },
  sentences: (client: string, author: string, delegate: string): Text => ({
    en: `${author}, for ${client}, lets ${delegate} agree alone to requests of the provider’s technicians, each for one case, within what follows and never beyond it.`,
    fr: `${author}, pour ${client}, permet à ${delegate} d’accorder seul les demandes des techniciens du prestataire, chacune pour un seul cas, dans les limites qui suivent et jamais au-delà.`,
  }),
  says: (systems: string, purposes: string, operations: string, minutes: number): Text => ({
    en: `Systems: ${systems}. Purposes: ${purposes}. Operations: ${operations}. Longest access: ${minutes} minutes.`,
    fr: `Systèmes : ${systems}. Finalités : ${purposes}. Opérations : ${operations}. Durée maximale d’un accès : ${minutes} minutes.`,
  }),
  saysWhen: (hours: string, from: string, until: string): Text => ({
    en: `When: ${hours}. From ${from} until ${until}. It does not renew itself.`,
    fr: `Quand : ${hours}. Du ${from} jusqu’au ${until}. Sans reconduction tacite.`,
  }),
  saysEnd: {
    en: 'It can be withdrawn at any time, with immediate effect; what was agreed to within it then ends too.',
    fr: 'Il peut être retiré à tout moment, avec effet immédiat ; ce qui a été accordé dans ce cadre prend alors fin aussi.',
  },
  authority: (when: string): Text => ({
    en: `frame signed by a representative on ${when}`,
    fr: `cadre signé par un représentant le ${when}`,
  }),
  byDelegate: { en: 'given by a delegate, within a frame', fr: 'donné par un délégataire, dans un cadre' },
  representative: {
    en: 'A representative must decide this: it lies outside of what you may agree to alone, or you have no frame at this hour. You can ask the technician, and stop what runs.',
    fr: 'Un représentant doit décider : cela dépasse ce que vous pouvez accorder seul, ou vous n’avez pas de cadre à cette heure. Vous pouvez interroger le technicien et arrêter ce qui est en cours.',
  },
  outside: {
    en: 'A representative must decide this.',
    fr: 'Un représentant doit en décider.',
  },
  outsideNext: {
    en: 'It lies outside of what you may agree to alone. Agree to less, or call a representative. Nothing was agreed.',
    fr: 'Cela dépasse ce que vous pouvez accorder seul. Accordez moins, ou appelez un représentant. Rien n’a été accordé.',
  },
  events: {
    'delegation.granted': { en: 'Frame given to a delegate', fr: 'Cadre donné à un délégataire' },
    'delegation.revoked': { en: 'Frame of a delegate withdrawn', fr: 'Cadre d’un délégataire retiré' },
  },
  unknown: { en: 'There is no such frame in force.', fr: 'Aucun cadre de ce genre n’est en vigueur.' },
  errors: {
    delegate: {
      en: 'Choose somebody who sits as a delegate.',
      fr: 'Choisissez une personne inscrite comme délégataire.',
    },
    minutes: (most: number): Text => ({
      en: `Give whole minutes, from 1 to ${most}: not more than one of the purposes permits.`,
      fr: `Donnez des minutes entières, de 1 à ${most} : pas plus que ne permet l’une des finalités.`,
    }),
    days: { en: 'Tick at least one day.', fr: 'Cochez au moins un jour.' },
    hours: {
      en: 'Give times as 08:00 and 18:00, the first before the second.',
      fr: 'Donnez des heures comme 08:00 et 18:00, la première avant la seconde.',
    },
    until: {
      en: 'Give a day from today on, at most 12 months away.',
      fr: 'Donnez un jour à partir d’aujourd’hui, à 12 mois au plus.',
    },
    delegate_gone: {
      en: 'This person no longer sits as a delegate. Nothing was signed.',
      fr: 'Cette personne n’est plus délégataire. Rien n’a été signé.',
    },
  },
} as const;
