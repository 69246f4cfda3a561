/** Sentences of the programming interface and of the page on which its tokens are made. */
import type { Scope } from '../../core/connections.ts';
import type { Text } from '../../core/model.ts';

const scope: { readonly [S in Scope]: Text } = {
  'requests:read': { en: 'read requests', fr: 'lire les demandes' },
  'requests:write': { en: 'ask back and refuse requests', fr: 'questionner et refuser les demandes' },
  'grants:read': { en: 'read agreements', fr: 'lire les accords' },
  'grants:write': { en: 'suspend and withdraw agreements', fr: 'suspendre et retirer les accords' },
  'openings:read': { en: 'read accesses', fr: 'lire les accès' },
  stop: { en: 'stop accesses', fr: 'arrêter les accès' },
  'log:read': {
    en: 'read the state of the log and its key, and of the end of the contract',
    fr: 'lire l’état du journal et sa clé, et celui de la fin du contrat',
  },
  'events:read': {
    en: 'read every event of the log, for your security tools (SIEM)',
    fr: 'lire chaque événement du journal, pour vos outils de sécurité (SIEM)',
  },
};

export const apiTexts = {
  scope,
  title: { en: 'Connections', fr: 'Connexions' },
  intro: {
    en: 'Programs of yours that act for you here, each with a token of its own. A program does what you tick, and nothing you may not do yourself; it gives no agreement, because that needs your own signature.',
    fr: 'Vos programmes qui agissent ici pour vous, chacun avec son propre jeton. Un programme fait ce que vous cochez, et rien que vous ne puissiez faire vous-même ; il ne donne aucun accord, car il y faut votre propre signature.',
  },
  none: { en: 'There is no connection.', fr: 'Il n’y a aucune connexion.' },
  newTitle: { en: 'Make a connection', fr: 'Créer une connexion' },
  name: { en: 'Name', fr: 'Nom' },
  nameHint: {
    en: 'Which program it is for; it stands in your access log.',
    fr: 'À quel programme elle sert ; le nom figure dans votre journal des accès.',
  },
  scopes: { en: 'What it does', fr: 'Ce qu’elle fait' },
  until: { en: 'Last day', fr: 'Dernier jour' },
  untilHint: { en: 'At most twelve months from now.', fr: 'Douze mois au plus à partir d’aujourd’hui.' },
  owner: { en: 'Of', fr: 'De' },
  created: { en: 'Made', fr: 'Créée' },
  used: { en: 'Last used', fr: 'Dernier usage' },
  ends: { en: 'Ends', fr: 'Fin' },
  state: { en: 'State', fr: 'État' },
  live: { en: 'In force', fr: 'En vigueur' },
  over: { en: 'Ended', fr: 'Terminée' },
  make: { en: 'Make it', fr: 'Créer' },
  end: { en: 'End it', fr: 'Y mettre fin' },
  shownTitle: { en: 'The token, shown once', fr: 'Le jeton, montré une seule fois' },
  shown: {
    en: 'Copy it into the program now. It is shown once; if it is lost, end the connection and make another.',
    fr: 'Copiez-le maintenant dans le programme. Il n’est montré qu’une fois ; s’il est perdu, mettez fin à la connexion et créez-en une autre.',
  },
  back: { en: 'To the connections', fr: 'Vers les connexions' },
  document: { en: 'Description for programs (OpenAPI)', fr: 'Description pour les programmes (OpenAPI)' },
  nameMissing: { en: 'Give a name of 2 to 80 characters.', fr: 'Donnez un nom de 2 à 80 caractères.' },
  scopesMissing: {
    en: 'Tick at least one thing that you may do yourself.',
    fr: 'Cochez au moins une action qui vous est ouverte.',
  },
  untilWrong: {
    en: 'Give a day within the next twelve months.',
    fr: 'Donnez un jour dans les douze mois à venir.',
  },
  tooMany: { en: 'There are twenty connections', fr: 'Il y a vingt connexions' },
  tooManyNext: {
    en: 'End one that is not needed any more.',
    fr: 'Mettez fin à une connexion devenue inutile.',
  },
  unknown: { en: 'There is no such connection', fr: 'Cette connexion n’existe pas' },
  token: { en: 'The token is missing, wrong or ended', fr: 'Le jeton manque, est faux ou a pris fin' },
  tokenNext: {
    en: 'Send “Authorization: Bearer …” with a token that is in force; see “Connections” in the portal.',
    fr: 'Envoyez l’en-tête Authorization avec « Bearer » et un jeton en vigueur ; voir « Connexions » dans le portail.',
  },
  scopeMissing: { en: 'This token lacks the scope for that', fr: 'Ce jeton n’a pas la portée voulue' },
  scopeNext: {
    en: 'Make a connection with that scope, if its owner may do it.',
    fr: 'Créez une connexion avec cette portée, si son titulaire y est habilité.',
  },
  badBody: {
    en: 'This call is not one that is described',
    fr: 'Cet appel n’est pas de ceux qui sont décrits',
  },
  badBodyNext: {
    en: 'Send what /api/v1/openapi.json describes, as application/json, without other fields.',
    fr: 'Envoyez ce que décrit /api/v1/openapi.json, en application/json, sans autres champs.',
  },
  tooFast: { en: 'Too many calls', fr: 'Trop d’appels' },
  tooFastNext: { en: 'Wait a few seconds, then go on.', fr: 'Attendez quelques secondes, puis continuez.' },
  elsewhere: {
    en: 'This place is not in the log',
    fr: 'Cet endroit n’est pas dans le journal',
  },
  elsewhereNext: {
    en: 'The log may have been put back to an earlier state: ask your provider, and compare its head with the one you kept. Leave “after” out to begin again.',
    fr: 'Le journal a peut-être été ramené à un état antérieur : demandez à votre prestataire, et comparez son état avec celui que vous avez gardé. Sans « after », la lecture reprend du début.',
  },
  missing: { en: 'There is nothing of that name here', fr: 'Rien de ce nom ici' },
  missingNext: { en: 'Check the address and the id.', fr: 'Vérifiez l’adresse et l’identifiant.' },
} as const;
