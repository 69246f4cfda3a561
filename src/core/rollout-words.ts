/** What rollout tells the provider about a client, in both languages. Days are dates `2026-11-30`. */
import type { Text } from './model.ts';

export const rolloutWords = {
  contract: { en: 'the contract is not in force', fr: 'le contrat n’est pas en vigueur' },
  noSystem: { en: 'its file names no system', fr: 'son fichier ne nomme aucun système' },
  noRepresentative: {
    en: 'no representative has taken a seat',
    fr: 'aucun représentant ne s’est encore inscrit',
  },
  noAgreement: {
    en: 'the client has given no agreement that holds now',
    fr: 'le client n’a donné aucun accord valable aujourd’hui',
  },
  uncovered: (system: string): Text => ({
    en: `no agreement covers ${system}`,
    fr: `aucun accord ne couvre ${system}`,
  }),
  unresolved: (host: string): Text => ({
    en: `${host} does not resolve`,
    fr: `${host} n’a pas d’adresse DNS`,
  }),
  certificate: (host: string, fault: string): Text => ({ en: `${host}: ${fault}`, fr: `${host} : ${fault}` }),
  certificateEnded: (host: string): Text => ({
    en: `${host}: its certificate has ended`,
    fr: `${host} : son certificat a expiré`,
  }),
  unreachable: (system: string, why: string): Text => ({
    en: `${system} cannot be reached: ${why}`,
    fr: `${system} est injoignable : ${why}`,
  }),
  foundOpen: (system: string, place: string, day: string): Text => ({
    en: `${system} was found open to other ways from ${place} on ${day}`,
    fr: `${system} a été trouvé accessible par un autre chemin depuis ${place} le ${day}`,
  }),
  mailRefused: (person: string, day: string): Text => ({
    en: `mail to ${person} is refused since ${day}: ask for another address`,
    fr: `les courriels à ${person} sont refusés depuis le ${day} : demandez une autre adresse`,
  }),
  longAway: {
    en: 'nobody of the client has looked for 90 days: call them',
    fr: 'personne chez le client n’a consulté depuis 90 jours : appelez-les',
  },
  notClosed: {
    en: 'not closed to other ways, which the client is told (closed_by)',
    fr: 'pas fermé aux autres chemins, ce qui est dit au client (closed_by)',
  },
  noPlaces: {
    en: 'other ways in were never tried, because identity.yaml lists no places',
    fr: 'les autres chemins n’ont jamais été essayés, car identity.yaml ne liste aucun lieu (places)',
  },
  neverTried: (places: string): Text => ({
    en: `other ways in were never tried from ${places} (consentry doctor bypass)`,
    fr: `les autres chemins n’ont jamais été essayés depuis ${places} (consentry doctor bypass)`,
  }),
  triedLast: (day: string): Text => ({
    en: `other ways in were last tried on ${day} (consentry doctor bypass)`,
    fr: `les autres chemins ont été essayés pour la dernière fois le ${day} (consentry doctor bypass)`,
  }),
  ofSystems: (warning: Text, systems: string): Text => ({
    en: `${warning.en}: ${systems}`,
    fr: `${warning.fr} : ${systems}`,
  }),
} as const;
