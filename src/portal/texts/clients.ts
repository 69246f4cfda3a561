/** Sentences for whoever acts for several clients. */
export const clientsTexts = {
  title: { en: 'For whom do you want to act?', fr: 'Pour qui voulez-vous agir\u202f?' },
  intro: {
    en: 'You act for these organisations. Each has its own pages; nothing of one is shown on those of another.',
    fr: 'Vous agissez pour ces organismes. Chacun a ses propres pages\u202f; rien de l’un ne figure sur celles d’un autre.',
  },
  others: { en: 'My other organisations', fr: 'Mes autres organismes' },
  choose: { en: 'Choose an organisation first', fr: 'Choisissez d’abord un organisme' },
  chooseNext: {
    en: 'You act for several: open the one that is meant, then try again. Nothing was done.',
    fr: 'Vous agissez pour plusieurs\u202f: ouvrez celui dont il s’agit, puis réessayez. Rien n’a été fait.',
  },
} as const;
