/** Sentences about who stands in for a representative on holiday. */
import type { Text } from '../../core/model.ts';

export const substituteTexts = {
  name: { en: 'Name a substitute', fr: 'Désigner un suppléant' },
  intro: {
    en: 'While you are away, a delegate answers requests in your place: each for one case, with their own passkey, on these days only. They give no standing agreement, name nobody and change no instruction.',
    fr: 'Pendant votre absence, un délégataire répond aux demandes à votre place : chaque fois pour un seul cas, avec sa propre clé d’accès, ces jours-là seulement. Il ne donne aucun accord durable, ne désigne personne et ne change aucune consigne.',
  },
  from: { en: 'First day', fr: 'Premier jour' },
  until: { en: 'Last day', fr: 'Dernier jour' },
  untilHint: (most: number): Text => ({
    en: `At most ${most} days in all. It ends by itself.`,
    fr: `${most} jours en tout au plus. La suppléance prend fin d’elle-même.`,
  }),
  anyHour: { en: 'substitute, at any hour', fr: 'suppléant, à toute heure' },
  days: (from: string, until: string): Text => ({
    en: `from ${from} until ${until}`,
    fr: `du ${from} jusqu’au ${until}`,
  }),
  sentences: (client: string, author: string, delegate: string): Text => ({
    en: `${author}, for ${client}, lets ${delegate} answer requests of the provider’s technicians as a substitute, each for one case, within what follows and never beyond it. A substitute gives no standing agreement and names nobody.`,
    fr: `${author}, pour ${client}, permet à ${delegate} de répondre en suppléance aux demandes des techniciens du prestataire, chacune pour un seul cas, dans les limites qui suivent et jamais au-delà. Un suppléant ne donne aucun accord durable et ne désigne personne.`,
  }),
  errors: {
    from: {
      en: 'Give a first day, from today on.',
      fr: 'Donnez un premier jour, à partir d’aujourd’hui.',
    },
    until: (most: number): Text => ({
      en: `Give a last day, not before the first, at most ${most} days in all.`,
      fr: `Donnez un dernier jour, au plus tôt le premier, ${most} jours en tout au plus.`,
    }),
    nothing: {
      en: 'There is nothing to stand in for: no system of yours has a purpose yet.',
      fr: 'Il n’y a rien à suppléer : aucun de vos systèmes n’a encore de finalité.',
    },
  },
} as const;
