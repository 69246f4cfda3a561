/** Sentences of pages on which nothing is offered any more, because the contract is over. */
import type { Text } from '../../core/model.ts';

export const contractOverTexts = {
  brief: { en: 'contract over', fr: 'contrat terminé' },
  briefSince: (day: Text): Text => ({
    en: `contract over since ${day.en}`,
    fr: `contrat terminé depuis le ${day.fr}`,
  }),
  client: {
    en: 'No agreement can be given, renewed, signed or resumed. You can still withdraw one, choose whether your data is returned or deleted, ask and dispute, and read, verify and export your log.',
    fr: 'Aucun accord ne peut plus être donné, renouvelé, signé ni rétabli. Vous pouvez encore en retirer un, choisir la restitution ou la suppression de vos données, questionner et contester, et lire, vérifier et exporter votre journal.',
  },
  technician: {
    en: 'Nothing can be declared or asked for here any more. Still possible: to say of your copies where they are and that they are gone, and to read what you opened.',
    fr: 'Plus rien ne peut être déclaré ni demandé ici. Restent possibles : dire où sont vos copies et qu’elles ont disparu, et lire vos accès.',
  },
} as const;
