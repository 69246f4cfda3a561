/** Sentences of the pages for the provider's own people: its contact and its data protection officer. They only read. */
import type { Standing, Text } from '../../core/model.ts';

export const providerTexts = {
  open: {
    title: { en: 'Now open', fr: 'Ouvert en ce moment' },
    intro: {
      en: 'Clients in whose systems somebody is at this moment. Who and why is told client by client; each such look is an entry in that client’s record.',
      fr: 'Les clients dans les systèmes desquels quelqu’un se trouve en ce moment. Qui et pourquoi se lit client par client ; chaque consultation est inscrite dans le journal de ce client.',
    },
    none: { en: 'No access is open.', fr: 'Aucun accès n’est ouvert.' },
    client: { en: 'Client', fr: 'Client' },
    count: { en: 'Open accesses', fr: 'Accès ouverts' },
    until: { en: 'The last ends', fr: 'Fin du dernier' },
    look: { en: 'Look', fr: 'Consulter' },
    at: (client: string): Text => ({ en: `Now open at ${client}`, fr: `Ouvert en ce moment chez ${client}` }),
    recorded: {
      en: 'That you looked here stands in this client’s record.',
      fr: 'Cette consultation est inscrite dans le journal de ce client.',
    },
    who: { en: 'Who', fr: 'Qui' },
    purpose: { en: 'Purpose', fr: 'Finalité' },
    systems: { en: 'Systems', fr: 'Systèmes' },
    reference: { en: 'Reference', fr: 'Référence' },
    since: { en: 'Since', fr: 'Depuis' },
    ends: { en: 'Ends', fr: 'Fin' },
    back: { en: 'All clients', fr: 'Tous les clients' },
    unknown: { en: 'Nothing is open there', fr: 'Rien n’est ouvert là' },
    unrecorded: { en: 'This look could not be recorded', fr: 'Cette consultation n’a pas pu être inscrite' },
    unrecordedNext: {
      en: 'What is not recorded is not shown. Try again in a moment.',
      fr: 'Ce qui n’est pas inscrit n’est pas montré. Réessayez dans un instant.',
    },
  },
  rules: {
    title: { en: 'Rules in force', fr: 'Règles en vigueur' },
    version: { en: 'Version in force', fr: 'Version en vigueur' },
    since: { en: 'Last changed for a client', fr: 'Dernier changement pour un client' },
    never: { en: 'not recorded yet', fr: 'pas encore inscrit' },
    size: { en: 'Holds', fr: 'Contenu' },
    counts: (clients: number, people: number): Text => ({
      en: `${clients} ${clients === 1 ? 'client' : 'clients'}, ${people} ${people === 1 ? 'person' : 'people'}`,
      fr: `${clients} ${clients < 2 ? 'client' : 'clients'}, ${people} ${people < 2 ? 'personne' : 'personnes'}`,
    }),
    read: { en: 'Files last read', fr: 'Dernière lecture des fichiers' },
    well: {
      en: 'The files as they are now are in force.',
      fr: 'Les fichiers tels qu’ils sont maintenant sont en vigueur.',
    },
    faulty: {
      en: 'The files have faults: what was changed is not in force. The rules from before go on.',
      fr: 'Les fichiers contiennent des erreurs : les changements ne sont pas en vigueur. Les règles précédentes continuent de s’appliquer.',
    },
    unread: {
      en: 'The files could not be taken over. The rules from before go on; it is tried again.',
      fr: 'Les fichiers n’ont pas pu être repris. Les règles précédentes continuent de s’appliquer ; une nouvelle tentative suit.',
    },
    place: { en: 'Where', fr: 'Où' },
    fault: { en: 'Fault', fr: 'Erreur' },
  },
  standing: {
    title: { en: 'Standing that ends', fr: 'Habilitations à renouveler' },
    intro: {
      en: 'Trainings and signatures that are missing, over or end within 60 days. Without them a person gets in nowhere.',
      fr: 'Formations et signatures manquantes, échues ou qui expirent dans les 60 jours. Sans elles, une personne n’entre nulle part.',
    },
    none: {
      en: 'Nothing is missing or ends within 60 days.',
      fr: 'Rien ne manque ni n’expire dans les 60 jours.',
    },
    person: { en: 'Person', fr: 'Personne' },
    what: { en: 'What', fr: 'Quoi' },
    until: { en: 'Until', fr: 'Jusqu’au' },
    missing: { en: 'missing', fr: 'manque' },
    over: (when: string): Text => ({ en: `over since ${when}`, fr: `échu depuis le ${when}` }),
    parts: {
      securityTraining: { en: 'Security training', fr: 'Formation à la sécurité' },
      gdprTraining: { en: 'Data protection training', fr: 'Formation à la protection des données' },
      charter: { en: 'Charter, version in force', fr: 'Charte, version en vigueur' },
      confidentiality: { en: 'Confidentiality', fr: 'Confidentialité' },
    } satisfies { readonly [K in keyof Standing]: Text },
  },
  rollout: {
    title: { en: 'Rollout', fr: 'Déploiement' },
    intro: {
      en: 'How far each client is, from its file and its record. Names, certificates and upstreams are looked at by “consentry rollout” on the command line.',
      fr: 'L’avancement de chaque client, d’après son fichier et son journal. Les noms, certificats et serveurs sont vérifiés par « consentry rollout » en ligne de commande.',
    },
    client: { en: 'Client', fr: 'Client' },
    status: { en: 'Status', fr: 'État' },
    statuses: {
      preparing: { en: 'preparing', fr: 'en préparation' },
      live: { en: 'live', fr: 'en service' },
      ended: { en: 'ended', fr: 'terminé' },
    },
    people: { en: 'People', fr: 'Personnes' },
    enrolled: (enrolled: number, named: number, invited: number): Text => ({
      en: `${enrolled} of ${named} enrolled, ${invited} invited`,
      fr: `${enrolled} ${enrolled < 2 ? 'inscrite' : 'inscrites'} sur ${named}, ${invited} ${invited < 2 ? 'invitée' : 'invitées'}`,
    }),
    granted: { en: 'Agreements', fr: 'Accords' },
    second: { en: 'Second approver', fr: 'Second approbateur' },
    yes: { en: 'yes', fr: 'oui' },
    no: { en: 'no', fr: 'non' },
    look: { en: 'To do', fr: 'À faire' },
    nothing: { en: 'nothing', fr: 'rien' },
    ends: (days: number): Text => ({
      en: `an agreement ends in ${days} ${days === 1 ? 'day' : 'days'}`,
      fr: `un accord prend fin dans ${days} ${days < 2 ? 'jour' : 'jours'}`,
    }),
    more: { en: 'More clients', fr: 'Clients suivants' },
    first: { en: 'From the beginning', fr: 'Depuis le début' },
  },
} as const;
