/** The page that says what an export proves; its sentences are those of the note inside the export. */
import { provesHeadings, provesSentences, provesTitle } from '../../core/proves.ts';

export const provesTexts = {
  title: provesTitle,
  headings: provesHeadings,
  said: provesSentences,
  inside: {
    en: 'The same sentences lie in each export, as README.txt and LISEZMOI.txt.',
    fr: 'Les mêmes phrases se trouvent dans chaque export, sous les noms README.txt et LISEZMOI.txt.',
  },
  pseudonyms: {
    en: 'Your provider shows you its technicians by pseudonym: one for each person, the same in every year. The record proves what each did; whose name a pseudonym stands for, your provider can tell and each such look stands in the record, but nothing here proves it. Agreements name people by the same pseudonyms. What technicians write themselves may name them, and names that you read before stay.',
    fr: 'Votre prestataire vous montre ses techniciens sous un pseudonyme : un par personne, le même chaque année. Le registre prouve ce que chacun a fait ; à qui correspond un pseudonyme, votre prestataire peut le dire, et chaque consultation de ce genre y est inscrite, mais rien ici ne le prouve. Les accords désignent les personnes par les mêmes pseudonymes. Ce que les techniciens écrivent eux-mêmes peut les nommer, et les noms lus auparavant restent.',
  },
  how: { en: 'Key, state and how to check', fr: 'Clé, état et façon de vérifier' },
} as const;
