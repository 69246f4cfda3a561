/** What a client reads about other ways into its systems than through here. */
import type { Reach } from '../../core/doors.ts';
import type { Text } from '../../core/model.ts';

export const doorTexts = {
  notClosed: (systems: Text): Text => ({
    en: `Can also be reached without passing here, because nothing closes the other ways: ${systems.en}.`,
    fr: `Peuvent aussi être atteints sans passer par ici, car rien ne ferme les autres voies\u202f: ${systems.fr}.`,
  }),
  open: (systems: Text, place: string, on: Text): Text => ({
    en: `Meant to be closed to other ways, but found open from ${place} on ${on.en}: ${systems.en}.`,
    fr: `Censés être fermés aux autres voies, mais trouvés ouverts depuis ${place} le ${on.fr}\u202f: ${systems.fr}.`,
  }),
  unchecked: (systems: Text, from: string): Text => ({
    en: `Meant to be closed to other ways, but never checked${from && ` from ${from}`}: ${systems.en}.`,
    fr: `Censés être fermés aux autres voies, mais jamais vérifiés${from && ` depuis ${from}`}\u202f: ${systems.fr}.`,
  }),
  old: (systems: Text, on: Text): Text => ({
    en: `Last checked for other ways in on ${on.en}, more than 30\u00a0days ago: ${systems.en}.`,
    fr: `Autres voies d’accès vérifiées pour la dernière fois le ${on.fr}, il y a plus de 30\u00a0jours\u202f: ${systems.fr}.`,
  }),
  untold: (systems: Text): Text => ({
    en: `Meant to be closed to other ways; when that was checked cannot be told at the moment: ${systems.en}.`,
    fr: `Censés être fermés aux autres voies\u202f; la date de vérification ne peut être donnée pour le moment\u202f: ${systems.fr}.`,
  }),
  attempt: {
    unreachable: (place) => ({
      en: `The provider tried to get in another way (from ${place}): nothing answered`,
      fr: `Le prestataire a essayé d’entrer par une autre voie (depuis ${place})\u202f: rien n’a répondu`,
    }),
    authentication: (place) => ({
      en: `The provider tried to get in another way (from ${place}): the system asked who comes`,
      fr: `Le prestataire a essayé d’entrer par une autre voie (depuis ${place})\u202f: le système a demandé une identification`,
    }),
    open: (place) => ({
      en: `The provider tried to get in another way (from ${place}): the system answered`,
      fr: `Le prestataire a essayé d’entrer par une autre voie (depuis ${place})\u202f: le système a répondu`,
    }),
  } satisfies Record<Reach, (place: string) => Text>,
} as const;
