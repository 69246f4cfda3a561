/** Sentences about webhooks: where a client has notices sent. */
import type { HookEvent } from '../../core/hooks.ts';
import type { Text } from '../../core/model.ts';

const event: { readonly [E in HookEvent]: Text } = {
  'request.waiting': { en: 'a request waits for an answer', fr: 'une demande attend une réponse' },
  'proposal.waiting': { en: 'an agreement is proposed', fr: 'un accord est proposé' },
  'people.changed': {
    en: 'a change among the people who act for you',
    fr: 'un changement parmi les personnes qui agissent pour vous',
  },
  'contract.changed': {
    en: 'the end of the contract: last day, choice, end, erasure, certificate',
    fr: 'la fin du contrat : dernier jour, choix, fin, effacement, attestation',
  },
  'access.emergency': {
    en: 'somebody comes in under an emergency clause',
    fr: 'une personne entre au titre d’une clause d’urgence',
  },
  'access.first': {
    en: 'somebody opens your systems for the first time',
    fr: 'une personne ouvre vos systèmes pour la première fois',
  },
  'access.out_of_hours': {
    en: 'a change or a copy outside your usual hours',
    fr: 'une modification ou une copie en dehors de vos heures habituelles',
  },
  'access.opened': { en: 'an access is opened', fr: 'un accès est ouvert' },
  'access.closed': { en: 'an access has ended', fr: 'un accès a pris fin' },
  'access.stopped': { en: 'an access was stopped by you', fr: 'un accès a été arrêté par vous' },
  'copy.overdue': {
    en: 'a copy should be gone and nobody says that it is',
    fr: 'une copie devrait avoir disparu et personne ne dit que c’est fait',
  },
  'copy.unanswered': {
    en: 'nobody has said in time where a copy is kept',
    fr: 'personne n’a dit à temps où une copie est conservée',
  },
  'robot.missed': { en: 'a robot that was expected did not come', fr: 'un robot attendu n’est pas venu' },
};

export const hookTexts = {
  event,
  title: { en: 'Webhooks: notices to your servers', fr: 'Webhooks : avis à vos serveurs' },
  intro: {
    en: 'Addresses of yours that are told at once what you tick: what happened, when, and where to read it after signing in. A message names nobody. Each is signed with a secret of its own, and ends when whoever added it no longer acts for you.',
    fr: 'Vos adresses informées aussitôt de ce que vous cochez : ce qui s’est passé, quand, et où le lire après connexion. Un message ne nomme personne. Chaque webhook est signé avec son propre secret et prend fin quand la personne qui l’a ajouté n’agit plus pour vous.',
  },
  none: { en: 'There is no webhook.', fr: 'Il n’y a aucun webhook.' },
  where: { en: 'Server', fr: 'Serveur' },
  told: { en: 'What it is told', fr: 'Ce qui lui est dit' },
  by: { en: 'Added by', fr: 'Ajouté par' },
  added: { en: 'Added', fr: 'Ajouté' },
  taken: { en: 'Last message taken', fr: 'Dernier message accepté' },
  state: { en: 'State', fr: 'État' },
  live: { en: 'In force', fr: 'En vigueur' },
  over: { en: 'Ended', fr: 'Terminé' },
  failing: (since: string, why: Text): Text => ({
    en: `Not taken since ${since}: ${why.en}. It is tried again for five days.`,
    fr: `Non accepté depuis ${since} : ${why.fr}. Les essais continuent pendant cinq jours.`,
  }),
  disabled: (at: string, why: Text): Text => ({
    en: `Given up on ${at}: ${why.en}. Remove it and add it anew once the server takes messages.`,
    fr: `Abandonné le ${at} : ${why.fr}. Retirez-le et ajoutez-le à nouveau dès que le serveur accepte les messages.`,
  }),
  unreachable: {
    en: 'the server gave no answer, or may not be reached from here',
    fr: 'le serveur n’a pas répondu, ou ne peut pas être joint depuis ici',
  },
  status: (code: string): Text => ({
    en: `the server answered ${code}`,
    fr: `le serveur a répondu ${code}`,
  }),
  newTitle: { en: 'Add a webhook', fr: 'Ajouter un webhook' },
  addressLabel: { en: 'Address', fr: 'Adresse' },
  addressHint: {
    en: 'An https address that leads to a server of yours. Only the server is shown later; the rest may be a secret.',
    fr: 'Une adresse https qui mène à un serveur à vous. Seul le serveur sera affiché ; le reste peut être un secret.',
  },
  add: { en: 'Add it', fr: 'Ajouter' },
  remove: { en: 'Remove it', fr: 'Retirer' },
  addressWrong: {
    en: 'Give a whole https address, without user or #, that does not lead into a private network.',
    fr: 'Donnez une adresse https complète, sans utilisateur ni #, qui ne mène pas dans un réseau privé.',
  },
  eventsMissing: { en: 'Tick at least one thing.', fr: 'Cochez au moins une ligne.' },
  secretTitle: { en: 'The secret, shown once', fr: 'Le secret, montré une seule fois' },
  secret: {
    en: 'Copy it into the server that takes the messages: it checks their signatures with it. It is shown once; if it is lost, remove the webhook and add another.',
    fr: 'Copiez-le dans le serveur qui reçoit les messages : il en vérifie les signatures. Il n’est montré qu’une fois ; s’il est perdu, retirez le webhook et ajoutez-en un autre.',
  },
  back: { en: 'To the connections', fr: 'Vers les connexions' },
  tooMany: { en: 'There are five webhooks', fr: 'Il y a cinq webhooks' },
  tooManyNext: { en: 'Remove one that is not needed any more.', fr: 'Retirez un webhook devenu inutile.' },
  unknown: { en: 'There is no such webhook', fr: 'Ce webhook n’existe pas' },
  events: {
    'hook.added': { en: 'Webhook added', fr: 'Webhook ajouté' },
    'hook.removed': { en: 'Webhook removed', fr: 'Webhook retiré' },
  },
} as const;
