/**
 * Why a request was refused: stable codes, each with its criterion, HTTP status, and what to say and do next.
 */
import type { Text } from './model.ts';
import { type CodeReason, codeAnswers } from './reasons-codes.ts';
import { type ConsentReason, consentAnswers } from './reasons-consent.ts';
import { type EmergencyReason, emergencyAnswers } from './reasons-emergency.ts';
import { type PeopleReason, peopleAnswers } from './reasons-people.ts';
import { type RobotReason, robotAnswers } from './reasons-robots.ts';
import { type ToolReason, toolAnswers } from './reasons-tools.ts';

export type Reason =
  // opening
  | 'opening_missing'
  | 'opening_ended'
  | 'opening_elsewhere'
  // before any decision
  | 'not_authenticated'
  | 'unknown_system'
  | 'bad_request'
  | 'method_not_allowed'
  | 'cross_site'
  | 'service_worker_refused'
  | 'references_owed'
  | 'outside_unsaid'
  | 'ticket_unknown'
  | 'ticket_closed'
  | 'ticket_elsewhere'
  | 'ticket_unchecked'
  | CodeReason
  | ConsentReason
  | EmergencyReason
  | PeopleReason
  | RobotReason
  | ToolReason
  | 'foreign_target'
  | 'too_many_requests'
  | 'stopped_by_client';

export interface ReasonAnswer {
  readonly status: number;
  /** The code that stands in the client's log: equal to the reason, unless it would show a person's HR file. */
  readonly leaf: string;
  readonly title: Text;
  /** What to do next. */
  readonly next: Text;
}

export const reasonAnswers: { readonly [R in Reason]: ReasonAnswer } = {
  opening_missing: {
    status: 403,
    leaf: 'opening_missing',
    title: { en: 'No purpose declared yet', fr: 'Aucune finalité déclarée' },
    next: {
      en: 'Open the system from the portal: say why you need it and under which reference, then continue.',
      fr: 'Ouvrez le système depuis le portail : indiquez pourquoi vous en avez besoin et sous quelle référence, puis continuez.',
    },
  },
  opening_ended: {
    status: 403,
    leaf: 'opening_ended',
    title: { en: 'This access has ended', fr: 'Cet accès est terminé' },
    next: {
      en: 'Nothing was sent. Declare again in a new tab if you still need the system, then reload this page.',
      fr: 'Rien n’a été envoyé. Déclarez un nouvel accès dans un autre onglet si vous avez encore besoin du système, puis rechargez cette page.',
    },
  },
  opening_elsewhere: {
    status: 403,
    leaf: 'opening_elsewhere',
    title: { en: 'This access is for another system', fr: 'Cet accès concerne un autre système' },
    next: {
      en: 'Declare an access for this system, or tick it beside the other one when you declare.',
      fr: 'Déclarez un accès pour ce système, ou cochez-le avec l’autre lors de la déclaration.',
    },
  },
  ...codeAnswers,
  ...peopleAnswers,
  ...consentAnswers,
  not_authenticated: {
    status: 401,
    leaf: 'not_authenticated',
    title: { en: 'Sign in first', fr: 'Connectez-vous d’abord' },
    next: {
      en: 'Open the system’s address in your browser and sign in with your company account.',
      fr: 'Ouvrez l’adresse du système dans votre navigateur et connectez-vous avec votre compte d’entreprise.',
    },
  },
  unknown_system: {
    status: 421,
    leaf: 'unknown_system',
    title: { en: 'No such system here', fr: 'Aucun système à cette adresse' },
    next: {
      en: 'Check the address. If the system is new, your administrator has to describe it first.',
      fr: 'Vérifiez l’adresse. Si le système est nouveau, votre administrateur doit d’abord le décrire.',
    },
  },
  bad_request: {
    status: 400,
    leaf: 'bad_request',
    title: {
      en: 'This request cannot be handled safely',
      fr: 'Cette requête ne peut pas être traitée sans risque',
    },
    next: {
      en: 'Its form is ambiguous or not valid, so nothing was sent. Start again from a page of the system; if it happens again, give the request number to your administrator.',
      fr: 'Sa forme est ambiguë ou invalide : rien n’a été envoyé. Repartez d’une page du système ; si cela se reproduit, donnez le numéro de requête à votre administrateur.',
    },
  },
  method_not_allowed: {
    status: 405,
    leaf: 'method_not_allowed',
    title: { en: 'This method is not accepted', fr: 'Cette méthode n’est pas acceptée' },
    next: {
      en: 'Use GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE.',
      fr: 'Utilisez GET, HEAD, OPTIONS, POST, PUT, PATCH ou DELETE.',
    },
  },
  cross_site: {
    status: 403,
    leaf: 'cross_site',
    title: { en: 'The request came from another site', fr: 'La requête vient d’un autre site' },
    next: {
      en: 'Nothing was sent. Open the system in its own tab and repeat the action there.',
      fr: 'Rien n’a été envoyé. Ouvrez le système dans son propre onglet et répétez l’action depuis celui-ci.',
    },
  },
  service_worker_refused: {
    status: 403,
    leaf: 'service_worker_refused',
    title: {
      en: 'Background scripts are not accepted',
      fr: 'Les scripts d’arrière-plan ne sont pas acceptés',
    },
    next: {
      en: 'The page works without it. If it does not, tell your administrator which page it was.',
      fr: 'La page fonctionne sans lui. Si ce n’est pas le cas, indiquez à votre administrateur de quelle page il s’agit.',
    },
  },
  too_many_requests: {
    status: 429,
    leaf: 'too_many_requests',
    title: { en: 'Too many requests at once', fr: 'Trop de requêtes à la fois' },
    next: {
      en: 'Nothing was sent. Wait until the pages and downloads that are running have finished, then try again.',
      fr: 'Rien n’a été envoyé. Attendez la fin des pages et des téléchargements en cours, puis réessayez.',
    },
  },
  outside_unsaid: {
    status: 409,
    leaf: 'outside_unsaid',
    title: {
      en: 'You owe more than three lines on what you did outside',
      fr: 'Vous devez plus de trois lignes sur ce que vous avez fait à l’extérieur',
    },
    next: {
      en: 'Say on the first page what was done in your earlier accesses; then declare again. Lines that are missing count for seven days.',
      fr: 'Dites sur la première page ce qui a été fait lors de vos accès précédents ; puis déclarez de nouveau. Les lignes manquantes comptent pendant sept jours.',
    },
  },
  references_owed: {
    status: 409,
    leaf: 'references_owed',
    title: {
      en: 'You owe more than three real references',
      fr: 'Vous devez plus de trois vraies références',
    },
    next: {
      en: 'Open “What I opened” and replace the CALL- references by the numbers of the tickets; then declare again.',
      fr: 'Ouvrez « Mes accès » et remplacez les références CALL- par les numéros des tickets ; puis déclarez de nouveau.',
    },
  },
  ticket_unknown: {
    status: 409,
    leaf: 'ticket_unknown',
    title: { en: 'There is no such ticket', fr: 'Ce ticket n’existe pas' },
    next: {
      en: 'Compare the reference with the ticket system and correct it. Without a ticket yet, give a CALL- reference where the purpose takes one.',
      fr: 'Comparez la référence avec le système de tickets et corrigez-la. S’il n’y a pas encore de ticket, donnez une référence CALL- si la finalité l’admet.',
    },
  },
  ticket_closed: {
    status: 409,
    leaf: 'ticket_closed',
    title: { en: 'This ticket is closed', fr: 'Ce ticket est fermé' },
    next: {
      en: 'Reopen it in the ticket system, or give the reference of the ticket you work on now.',
      fr: 'Rouvrez-le dans le système de tickets, ou donnez la référence du ticket sur lequel vous travaillez maintenant.',
    },
  },
  ticket_elsewhere: {
    status: 409,
    leaf: 'ticket_elsewhere',
    title: { en: 'This ticket is not this client’s', fr: 'Ce ticket n’est pas celui de ce client' },
    next: {
      en: 'Give a ticket of this client. If it is theirs after all, have the client corrected in the ticket system.',
      fr: 'Donnez un ticket de ce client. S’il est bien le sien, faites corriger le client dans le système de tickets.',
    },
  },
  ticket_unchecked: {
    status: 503,
    leaf: 'ticket_unchecked',
    title: {
      en: 'The ticket could not be checked',
      fr: 'Le ticket n’a pas pu être vérifié',
    },
    next: {
      en: 'The ticket system gave no usable answer within two seconds. Try again in a moment; if it stays so, tell whoever runs it.',
      fr: 'Le système de tickets n’a pas donné de réponse exploitable en deux secondes. Réessayez dans un instant ; si cela persiste, prévenez son responsable.',
    },
  },
  ...emergencyAnswers,
  ...robotAnswers,
  ...toolAnswers,
  foreign_target: {
    status: 422,
    leaf: 'foreign_target',
    title: {
      en: 'The link leads elsewhere than to this system',
      fr: 'Le lien mène ailleurs que vers ce système',
    },
    next: {
      en: 'Nothing was declared. After declaring one goes to the system that was named, and nowhere else. Search for the system on the first page, and report the link if you do not know who made it.',
      fr: 'Rien n’a été déclaré. Après la déclaration, on va au système nommé et nulle part ailleurs. Cherchez le système sur la première page, et signalez le lien si vous ne savez pas qui l’a fait.',
    },
  },
  stopped_by_client: {
    status: 403,
    leaf: 'stopped_by_client',
    title: { en: 'The client has stopped this access', fr: 'Le client a arrêté cet accès' },
    next: {
      en: 'Stop here. Contact the client’s representative before you declare again.',
      fr: 'Arrêtez-vous ici. Contactez le représentant du client avant toute nouvelle déclaration.',
    },
  },
};

/** Tells a reason code from any other text. */
export function isReason(code: string): code is Reason {
  return Object.hasOwn(reasonAnswers, code);
}
