/** Sentences of mails. No path, no name of a page, nothing that a mail's reader may not read on the portal. */
import type { Text } from '../../core/model.ts';

export const noticeTexts = {
  hello: (name: string): Text => ({ en: `Hello ${name},`, fr: `Bonjour ${name},` }),
  request: {
    subject: (reference: string): Text => ({
      en: `A request waits for your answer: ${reference}`,
      fr: `Une demande attend votre réponse : ${reference}`,
    }),
    text: (who: string): Text => ({
      en: `${who} asks for access to your data. Nothing happens unless you agree.`,
      fr: `${who} demande un accès à vos données. Sans votre accord, rien ne se passe.`,
    }),
  },
  proposal: {
    subject: { en: 'An agreement is proposed to you', fr: 'Un accord vous est proposé' },
    text: {
      en: 'Your provider proposes an agreement. It permits nothing until a representative signs it; you may strike lines or decline.',
      fr: 'Votre prestataire vous propose un accord. Il ne permet rien tant qu’un représentant ne l’a pas signé ; vous pouvez en rayer des lignes ou le refuser.',
    },
  },
  people: {
    subject: {
      en: 'A change among the people who act for you',
      fr: 'Un changement parmi les personnes qui agissent pour vous',
    },
    nominated: (name: string): Text => ({
      en: `${name} was invited to act for you. If this was not wanted on your side, remove the invitation and call your provider.`,
      fr: `${name} a été invité à agir pour vous. Si personne chez vous ne l’a voulu, retirez l’invitation et appelez votre prestataire.`,
    }),
    seated: (name: string): Text => ({
      en: `${name} can act for you from now on, or has a new key. If this was not wanted on your side, remove this person.`,
      fr: `${name} peut désormais agir pour vous, ou a une nouvelle clé. Si personne chez vous ne l’a voulu, retirez cette personne.`,
    }),
    removed: (name: string): Text => ({
      en: `${name} no longer acts for you.`,
      fr: `${name} n’agit plus pour vous.`,
    }),
  },
  emergency: {
    subject: {
      en: 'Somebody came into your systems as an emergency',
      fr: 'Une personne est entrée en urgence dans vos systèmes',
    },
    text: (who: string): Text => ({
      en: `${who} came in without asking you, because nobody of yours could be reached in time. Please review it.`,
      fr: `${who} a eu accès sans vous demander, personne chez vous n’ayant pu être joint à temps. Merci de l’examiner.`,
    }),
  },
  first: {
    subject: {
      en: 'Somebody opened your systems for the first time',
      fr: 'Une personne a ouvert vos systèmes pour la première fois',
    },
    text: (who: string): Text => ({
      en: `For ${who} it was the first time.`,
      fr: `${who} n’avait encore jamais ouvert l’un de vos systèmes.`,
    }),
  },
  hours: {
    subject: {
      en: 'A change or a copy outside your usual hours',
      fr: 'Une modification ou une copie en dehors de vos heures habituelles',
    },
    text: (who: string): Text => ({
      en: `${who} changed or copied something outside your usual hours.`,
      fr: `${who} a modifié ou copié quelque chose en dehors de vos heures habituelles.`,
    }),
  },
  week: {
    subject: (client: string): Text => ({
      en: `The week in your systems – ${client}`,
      fr: `La semaine dans vos systèmes – ${client}`,
    }),
    state: {
      en: 'The state of your record, to keep somewhere else. Whoever compares these six words with the page “Take away” knows that nothing was taken out.',
      fr: 'L’état de votre registre, à conserver ailleurs. En comparant ces six mots avec la page « Emporter », on sait que rien n’en a été retiré.',
    },
    off: {
      en: 'You may ask your provider to leave out this weekly mail; notices about people and requests always come.',
      fr: 'Vous pouvez demander à votre prestataire de ne plus recevoir ce message hebdomadaire ; les avis sur les personnes et les demandes sont toujours envoyés.',
    },
  },
  why: { en: 'Why', fr: 'Pourquoi' },
  where: { en: 'Systems', fr: 'Systèmes' },
  reference: { en: 'Reference', fr: 'Référence' },
  howLong: (minutes: number): Text => ({
    en: `${minutes} minutes at most`,
    fr: `${minutes} minutes au plus`,
  }),
  open: { en: 'Read it here, after signing in', fr: 'À lire ici, après connexion' },
  footer: {
    en: 'This mail carries no secret: the address leads to a page behind your sign-in, and nothing is decided by opening it.',
    fr: 'Ce message ne porte aucun secret : l’adresse mène à une page derrière votre connexion, et l’ouvrir ne décide de rien.',
  },
} as const;
