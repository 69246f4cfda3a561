/** Sentences about agreements that are used once, from their first access on. */
import type { Text } from '../../core/model.ts';

export const firstUseTexts = {
  legend: { en: 'Once (optional)', fr: 'Une seule fois (facultatif)' },
  minutes: {
    en: 'Minutes, from the first access on',
    fr: 'Minutes, à compter du premier accès',
  },
  hint: {
    en: 'Empty: the agreement holds for the whole time above. With a number: it holds for so many minutes once somebody enters, at the latest on the last day above. Waiting uses nothing of them.',
    fr: 'Vide : l’accord vaut pour toute la durée ci-dessus. Avec un nombre : il vaut ce nombre de minutes dès que quelqu’un entre, au plus tard le dernier jour ci-dessus. L’attente n’en consomme rien.',
  },
  clock: { en: 'Clock', fr: 'Durée' },
  waiting: (minutes: number, until: Text): Text => ({
    en: `${minutes} minutes from the first access on, to be begun until ${until.en}`,
    fr: `${minutes} minutes à compter du premier accès, à commencer jusqu’au ${until.fr}`,
  }),
  begun: (at: Text): Text => ({
    en: `Began with the first access on ${at.en}`,
    fr: `A commencé au premier accès, le ${at.fr}`,
  }),
  errors: {
    form: {
      en: 'Give a whole number of minutes, from 1 to 1440, or leave it empty.',
      fr: 'Donnez un nombre entier de minutes, de 1 à 1440, ou laissez vide.',
    },
  },
} as const;
