/** Sentences of the technician's desk: finding a system, what is open, what may be done, links that fill in a declaration. */
import type { Text } from '../../core/model.ts';

export const deskTexts = {
  search: { en: 'Find a system', fr: 'Trouver un système' },
  searchHint: {
    en: 'Client, system or host name; or paste a link: after declaring you arrive where it leads.',
    fr: 'Client, système ou nom d’hôte ; ou collez un lien : après la déclaration, vous arrivez là où il mène.',
  },
  find: { en: 'Find', fr: 'Trouver' },
  found: (count: number): Text => ({
    en: count === 1 ? '1\u00a0system found' : `${count}\u00a0systems found`,
    fr: count === 1 ? '1\u00a0système trouvé' : `${count}\u00a0systèmes trouvés`,
  }),
  foundMore: (shown: number, count: number): Text => ({
    en: `The first ${shown} of ${count}\u00a0systems. Write another word to narrow it down.`,
    fr: `Les ${shown} premiers de ${count}\u00a0systèmes. Ajoutez un mot pour préciser.`,
  }),
  nothing: {
    en: 'None of your systems is called that. Look at the spelling, or ask your manager whether you are assigned to it.',
    fr: 'Aucun de vos systèmes ne porte ce nom. Vérifiez l’orthographe, ou demandez à votre responsable si vous y êtes affecté.',
  },
  unknownHost: {
    en: 'No system has this address, so nothing is opened. Check the link; if it is right, search for the client’s name and tell your administrator that this address is missing.',
    fr: 'Aucun système n’a cette adresse : rien n’est ouvert. Vérifiez le lien ; s’il est juste, cherchez le nom du client et signalez à votre administrateur que cette adresse manque.',
  },
  notMine: {
    en: 'This address belongs to a system that you are not assigned to. Ask your manager to assign you, with the reason and the period.',
    fr: 'Cette adresse est celle d’un système auquel vous n’êtes pas affecté. Demandez à votre responsable de vous affecter, avec le motif et la période.',
  },
  recent: { en: 'Recent', fr: 'Récents' },
  all: { en: 'All my systems', fr: 'Tous mes systèmes' },
  requests: { en: 'Requests that wait', fr: 'Demandes en attente' },
  allRequests: { en: 'All my requests', fr: 'Toutes mes demandes' },
  may: (purposes: string): Text => ({ en: `You may: ${purposes}.`, fr: `Vous pouvez : ${purposes}.` }),
  mayNot: (why: string): Text => ({
    en: `Nothing may be opened: ${why}.`,
    fr: `Rien ne peut être ouvert : ${why}.`,
  }),
  why: { en: 'What I may do here, and why not', fr: 'Ce que je peux faire ici, et pourquoi pas' },
  continue: { en: 'Go on in the system', fr: 'Continuer dans le système' },
  openUnder: (purpose: string, reference: string, until: string): Text => ({
    en: `Open for ${purpose}, ${reference}, until ${until}.`,
    fr: `Ouvert pour ${purpose}, ${reference}, jusqu’à ${until}.`,
  }),
  extend: (minutes: number): Text => ({
    en: `${minutes}\u00a0minutes more`,
    fr: `${minutes}\u00a0minutes de plus`,
  }),
  close: { en: 'Close', fr: 'Fermer' },
  change: { en: 'Go on under the same reference for:', fr: 'Continuer sous la même référence pour :' },
  secondLegend: { en: 'A second reference', fr: 'Une deuxième référence' },
  secondAsk: {
    en: 'You have an access open on the same system under another reference. Confirm that this is another case.',
    fr: 'Vous avez un accès ouvert au même système sous une autre référence. Confirmez qu’il s’agit d’une autre affaire.',
  },
  secondConfirm: {
    en: 'Yes, this is another case: open it as well.',
    fr: 'Oui, c’est une autre affaire : l’ouvrir aussi.',
  },
  secondHint: {
    en: 'When you enter a system, the former access on it ends, unless it also serves other systems.',
    fr: 'À l’entrée dans un système, l’accès précédent s’y termine, sauf s’il sert aussi d’autres systèmes.',
  },
  soon: (minutes: number): Text => ({
    en:
      minutes === 1
        ? 'This access ends in one minute. What is not sent yet would not be sent: lengthen it now.'
        : `This access ends in ${minutes}\u00a0minutes. Send what you have written, or lengthen it.`,
    fr:
      minutes === 1
        ? 'Cet accès se termine dans une minute. Ce qui n’est pas encore envoyé ne le serait plus : prolongez maintenant.'
        : `Cet accès se termine dans ${minutes}\u00a0minutes. Envoyez ce que vous avez écrit, ou prolongez.`,
  }),
  summary: {
    title: { en: 'For the ticket', fr: 'Pour le ticket' },
    hint: {
      en: 'What was declared and counted, to be copied into the ticket. It holds nothing of what was seen.',
      fr: 'Ce qui a été déclaré et compté, à copier dans le ticket. Rien de ce qui a été vu n’y figure.',
    },
    post: { en: 'Put it into the ticket', fr: 'Le mettre dans le ticket' },
    sent: { en: 'The ticket system has taken the summary.', fr: 'Le système de tickets a pris le résumé.' },
    failed: {
      en: 'The ticket system did not take the summary. Try again in a moment, or copy the text.',
      fr: 'Le système de tickets n’a pas pris le résumé. Réessayez dans un instant, ou copiez le texte.',
    },
    nowhere: {
      en: 'There is no ticket to put this summary into',
      fr: 'Il n’y a pas de ticket où mettre ce résumé',
    },
    nowhereNext: {
      en: 'No address is set for it, or the access has no ticket yet. Copy the text into the ticket.',
      fr: 'Aucune adresse n’est définie, ou l’accès n’a pas encore de ticket. Copiez le texte dans le ticket.',
    },
    early: { en: 'The access is not over yet', fr: 'L’accès n’est pas encore terminé' },
    earlyNext: {
      en: 'Close it first; its page then has the summary.',
      fr: 'Fermez-le d’abord ; sa page donne ensuite le résumé.',
    },
    ended: { en: 'Ended', fr: 'Terminé' },
    done: { en: 'Done', fr: 'Fait' },
    access: { en: 'Access', fr: 'Accès' },
    uncounted: {
      en: 'not counted yet; reload the page in a moment',
      fr: 'pas encore compté ; rechargez la page dans un instant',
    },
  },
  severalTitle: { en: 'The link names several clients', fr: 'Le lien nomme plusieurs clients' },
  severalNext: {
    en: 'One declaration is for one client. Open the systems of each client by a link of their own.',
    fr: 'Une déclaration vaut pour un client. Ouvrez les systèmes de chaque client par un lien à part.',
  },
  nothingNamedTitle: { en: 'The link names no system', fr: 'Le lien ne nomme aucun système' },
  nothingNamedNext: {
    en: 'Such a link names client and system, for example acme/erp. Search for the system on the first page.',
    fr: 'Un tel lien nomme le client et le système, par exemple acme/erp. Cherchez le système sur la première page.',
  },
} as const;
