/** Sentences about a running access that is to last longer. */
import type { Text } from '../../core/model.ts';

export const extensionTexts = {
  title: { en: 'More time', fr: 'Plus de temps' },
  intro: (most: number): Text => ({
    en: `The same access, the same reference, at most ${most} minutes more. What the agreement permits anyway needs no answer; for more, the client is asked.`,
    fr: `Le même accès, la même référence, ${most} minutes de plus au maximum. Ce que l’accord permet de toute façon est accordé aussitôt ; au-delà, le client est interrogé.`,
  }),
  none: {
    en: 'This access has the longest duration that its purpose permits. When it ends, declare again.',
    fr: 'Cet accès a déjà la durée maximale que permet sa finalité. Une fois terminé, faites une nouvelle déclaration.',
  },
  minutes: { en: 'How many minutes more', fr: 'Minutes supplémentaires' },
  submit: { en: 'Go on longer', fr: 'Prolonger' },
  done: { en: 'The access lasts longer now.', fr: 'L’accès est prolongé.' },
  asked: { en: 'You asked the client for more time:', fr: 'Vous avez demandé plus de temps au client :' },
  seeRequest: { en: 'see the request', fr: 'voir la demande' },
  event: (minutes: number): Text => ({
    en: `Access lengthened by ${minutes} minutes`,
    fr: `Accès prolongé de ${minutes} minutes`,
  }),
  /** On a request that is one of these. */
  kind: { en: 'More time for a running access', fr: 'Plus de temps pour un accès en cours' },
  length: (minutes: number, end: string): Text => ({
    en: `${minutes} minutes more; the access would otherwise end on ${end}`,
    fr: `${minutes} minutes de plus ; sinon l’accès prend fin le ${end}`,
  }),
  approveTitle: (minutes: number): Text => ({
    en: `Agree to ${minutes} minutes more`,
    fr: `Accorder ${minutes} minutes de plus`,
  }),
  approveHint: {
    en: 'One signature, and the same access goes on: same person, systems, purpose and reference. Without an answer it ends as declared.',
    fr: 'Une signature, et le même accès continue : même personne, mêmes systèmes, finalité et référence. Sans réponse, il prend fin comme déclaré.',
  },
  fullText: { en: 'The text that you sign', fr: 'Le texte que vous signez' },
  agreed: {
    en: 'The client has agreed: the access lasts longer, without a new sign-in.',
    fr: 'Le client a donné son accord : l’accès est prolongé, sans nouvelle connexion.',
  },
  askedFor: (minutes: number): Text => ({
    en: `, for ${minutes} minutes more of an access that runs`,
    fr: `, pour ${minutes} minutes de plus d’un accès en cours`,
  }),
  errors: {
    minutes: (most: number): Text => ({
      en: `Give whole minutes, from 1 to ${most}.`,
      fr: `Donnez des minutes entières, de 1 à ${most}.`,
    }),
    until: (most: number): Text => ({
      en: `Other rules than the agreement end it earlier: at most ${most} minutes more.`,
      fr: `D’autres règles que l’accord y mettent fin plus tôt : ${most} minutes de plus au maximum.`,
    }),
    ended: {
      en: 'This access has ended; nothing can be lengthened.',
      fr: 'Cet accès est terminé ; il n’y a rien à prolonger.',
    },
    endedNext: { en: 'Declare a new access.', fr: 'Déclarez un nouvel accès.' },
    already: {
      en: 'This access was lengthened a moment ago.',
      fr: 'Cet accès vient d’être prolongé.',
    },
    alreadyNext: {
      en: 'Look at its page: it shows the new end. If you need still more, ask there.',
      fr: 'Consultez sa page : elle indique la nouvelle fin. S’il vous faut encore plus de temps, demandez-le là.',
    },
    moved: {
      en: 'Rights changed while you sent this. Nothing was lengthened.',
      fr: 'Des droits ont changé pendant l’envoi. Rien n’a été prolongé.',
    },
  },
} as const;
