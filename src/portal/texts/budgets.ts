/** Sentences about how much an agreement lets be used in each day, week or month. */
import type { Text } from '../../core/model.ts';

export const budgetTexts = {
  legend: { en: 'Limit how much (optional)', fr: 'Limiter la quantité (facultatif)' },
  hint: {
    en: 'Leave it at “no limit”, or choose a period and at least one number. It counts for everybody under this agreement together.',
    fr: 'Laissez « sans limite », ou choisissez une période et au moins un nombre. Le compte vaut pour toutes les personnes de cet accord ensemble.',
  },
  per: { en: 'Counted anew each', fr: 'Compté à nouveau chaque' },
  periods: {
    none: { en: 'no limit', fr: 'sans limite' },
    day: { en: 'day', fr: 'jour' },
    week: { en: 'week', fr: 'semaine' },
    month: { en: 'month', fr: 'mois' },
  },
  openings: { en: 'Accesses at most', fr: 'Accès au plus' },
  minutes: { en: 'Minutes at most, as declared', fr: 'Minutes au plus, telles que déclarées' },
  megabytes: { en: 'Megabytes moved at most', fr: 'Mégaoctets transférés au plus' },
  left: {
    day: { en: 'Left today', fr: 'Reste aujourd’hui' },
    week: { en: 'Left this week', fr: 'Reste cette semaine' },
    month: { en: 'Left this month', fr: 'Reste ce mois-ci' },
  },
  leftOpenings: (left: number, of: number): Text => ({
    en: `${left} of ${of} accesses`,
    fr: `${left} accès sur ${of}`,
  }),
  leftMinutes: (left: number, of: number): Text => ({
    en: `${left} of ${of} minutes`,
    fr: `${left} minutes sur ${of}`,
  }),
  leftBytes: (left: string, of: string): Text => ({ en: `${left} of ${of}`, fr: `${left} sur ${of}` }),
  errors: {
    form: {
      en: 'Choose a period and give whole numbers above zero, or leave all of it empty.',
      fr: 'Choisissez une période et donnez des nombres entiers positifs, ou laissez tout vide.',
    },
  },
} as const;
