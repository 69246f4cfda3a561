/** Sentences about how much an agreement lets be used in each day, week or month. */
import type { Text } from '../../core/model.ts';

export const budgetTexts = {
  legend: { en: 'Limit how much (optional)', fr: 'Limiter la quantité (facultatif)' },
  hint: {
    en: 'Choose nothing or “no limit”, or else a period and at least one number. It counts for everybody under this agreement together.',
    fr: 'Ne choisissez rien ou « sans limite », ou bien une période et au moins un nombre. Le compte vaut pour toutes les personnes de cet accord ensemble.',
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
  copies: { en: 'Copies at most', fr: 'Copies au plus' },
  copiedMegabytes: { en: 'Megabytes copied at most', fr: 'Mégaoctets copiés au plus' },
  keepDays: {
    en: 'Days after which a copy must be gone',
    fr: 'Jours après lesquels une copie doit avoir disparu',
  },
  keepHint: {
    en: 'Needs no period. It can only shorten what the provider’s rules say.',
    fr: 'Sans période. Cela ne peut que raccourcir ce que disent les règles du prestataire.',
  },
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
  leftCopies: (left: number, of: number): Text => ({
    en: `${left} of ${of} copies`,
    fr: `${left} copies sur ${of}`,
  }),
  leftCopied: (left: string, of: string): Text => ({
    en: `${left} of ${of} in copies`,
    fr: `${left} sur ${of} en copies`,
  }),
  keptAtMost: { en: 'Copies are kept', fr: 'Conservation des copies' },
  keptDays: (days: number): Text =>
    days === 1
      ? { en: '1 day at the longest', fr: '1 jour au plus' }
      : { en: `${days} days at the longest`, fr: `${days} jours au plus` },
  errors: {
    form: {
      en: 'Choose a period and give whole numbers above zero, or leave all of it empty; copies are kept 3,650 days at most.',
      fr: 'Choisissez une période et donnez des nombres entiers positifs, ou laissez tout vide ; une copie se conserve 3 650 jours au plus.',
    },
  },
} as const;
