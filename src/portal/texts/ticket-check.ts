/** What is said when a reference is not asked about, because as much is being asked already. */
export const ticketCheckTexts = {
  busyTitle: {
    en: 'Too many references are being checked',
    fr: 'Trop de références sont en cours de vérification',
  },
  busyNext: {
    en: 'Nothing was declared or changed. Go back and send the form again in a few seconds.',
    fr: 'Rien n’a été déclaré ni modifié. Revenez en arrière et renvoyez le formulaire dans quelques secondes.',
  },
} as const;
