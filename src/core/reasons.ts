/**
 * Why a request was refused: stable codes, each with its criterion, HTTP status, and what to say and do next.
 */
import type { Text } from './model.ts';
import { emergencyAnswers, type EmergencyReason } from './reasons-emergency.ts';
import { robotAnswers, type RobotReason } from './reasons-robots.ts';
import { toolAnswers, type ToolReason } from './reasons-tools.ts';

export type Reason =
  // opening
  | 'opening_missing'
  | 'opening_ended'
  | 'opening_elsewhere'
  // person
  | 'not_employee'
  // authentication
  | 'authentication_too_weak'
  | 'authentication_too_old'
  // place
  | 'place_outside_eu'
  // standing
  | 'training_expired'
  | 'gdpr_training_missing'
  | 'charter_not_signed'
  | 'confidentiality_missing'
  // function, assignment, contract, provider
  | 'role_not_allowed'
  | 'not_assigned'
  | 'client_preparing'
  | 'client_ended'
  | 'contract_not_in_force'
  | 'service_not_contracted'
  | 'provider_not_approved'
  | 'provider_outside_eu'
  | 'provider_guarantee_missing'
  | 'provider_guarantee_expired'
  | 'consultation_pending'
  | 'outside_window'
  // grant
  | 'no_consent'
  | 'consent_not_started'
  | 'consent_expired'
  | 'consent_revoked'
  | 'consent_suspended'
  | 'consent_scope'
  // limits
  | 'limit_reached'
  | 'budget_spent'
  // purpose
  | 'purpose_unknown'
  | 'purpose_not_on_system'
  | 'reference_missing'
  | 'reference_form'
  | 'note_missing'
  | 'note_too_short'
  | 'outside_hours'
  // instructions
  | 'instruction_condition'
  | 'instruction_people'
  | 'instruction_hours'
  | 'instruction_no_copy'
  // environment
  | 'prod_data_for_test'
  // operation
  | 'write_not_granted'
  | 'copy_not_granted'
  // copy gate, at release
  | 'copy_withheld'
  | 'copy_register_required'
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
  | EmergencyReason
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
  not_employee: {
    status: 403,
    leaf: 'not_employee',
    title: { en: 'Not a current member of staff', fr: 'Pas un membre actuel du personnel' },
    next: {
      en: 'Only people listed in the staff file, within their dates, may work here. Ask your administrator to check your entry.',
      fr: 'Seules les personnes inscrites au fichier du personnel, pendant leurs dates, peuvent intervenir ici. Demandez à votre administrateur de vérifier votre inscription.',
    },
  },
  authentication_too_weak: {
    status: 403,
    leaf: 'authentication_too_weak',
    title: { en: 'Stronger sign-in needed', fr: 'Connexion plus forte requise' },
    next: {
      en: 'This system or purpose asks for a stronger sign-in. Sign in again with your second factor from the declaration page, then declare.',
      fr: 'Ce système ou cette finalité exige une connexion plus forte. Reconnectez-vous avec votre second facteur depuis la page de déclaration, puis déclarez.',
    },
  },
  authentication_too_old: {
    status: 403,
    leaf: 'authentication_too_old',
    title: { en: 'More recent sign-in needed', fr: 'Connexion plus récente requise' },
    next: {
      en: 'This system or purpose asks for a recent sign-in. Sign in again from the declaration page, then declare.',
      fr: 'Ce système ou cette finalité exige une connexion récente. Reconnectez-vous depuis la page de déclaration, puis déclarez.',
    },
  },
  place_outside_eu: {
    status: 403,
    leaf: 'place_outside_eu',
    title: {
      en: 'Place of work outside the permitted territories',
      fr: 'Lieu de travail hors des territoires permis',
    },
    next: {
      en: 'Client data is only opened from places of work in the European Union. Hand the task to a colleague there; if your declared place is wrong, ask your administrator to correct it.',
      fr: 'Les données des clients ne sont ouvertes que depuis un lieu de travail situé dans l’Union européenne. Confiez la tâche à un collègue qui s’y trouve ; si votre lieu déclaré est inexact, faites-le corriger par votre administrateur.',
    },
  },
  training_expired: {
    status: 403,
    leaf: 'staff_not_cleared',
    title: { en: 'Security training missing or out of date', fr: 'Formation à la sécurité absente ou échue' },
    next: {
      en: 'Take the security training, then ask the person who keeps the staff file to record the new date.',
      fr: 'Suivez la formation à la sécurité, puis demandez à la personne qui tient le fichier du personnel d’y inscrire la nouvelle date.',
    },
  },
  gdpr_training_missing: {
    status: 403,
    leaf: 'staff_not_cleared',
    title: {
      en: 'Data protection training missing or out of date',
      fr: 'Formation à la protection des données absente ou échue',
    },
    next: {
      en: 'Take the data protection module, then ask the person who keeps the staff file to record the date.',
      fr: 'Suivez le module de protection des données, puis demandez à la personne qui tient le fichier du personnel d’y inscrire la date.',
    },
  },
  charter_not_signed: {
    status: 403,
    leaf: 'staff_not_cleared',
    title: { en: 'Current IT charter not signed', fr: 'Charte informatique en vigueur non signée' },
    next: {
      en: 'Sign the current IT charter with your administrator; access opens once the signature is recorded in the staff file.',
      fr: 'Signez la charte informatique en vigueur auprès de votre administrateur ; l’accès s’ouvre dès que la signature figure au fichier du personnel.',
    },
  },
  confidentiality_missing: {
    status: 403,
    leaf: 'staff_not_cleared',
    title: { en: 'Confidentiality undertaking missing', fr: 'Engagement de confidentialité absent' },
    next: {
      en: 'Sign the confidentiality undertaking with your administrator; access opens once it is recorded in the staff file.',
      fr: 'Signez l’engagement de confidentialité auprès de votre administrateur ; l’accès s’ouvre dès qu’il figure au fichier du personnel.',
    },
  },
  role_not_allowed: {
    status: 403,
    leaf: 'role_not_allowed',
    title: {
      en: 'Your function may not declare this purpose',
      fr: 'Votre fonction ne permet pas cette finalité',
    },
    next: {
      en: 'Choose a purpose that belongs to your function, or hand the task to a colleague whose function it is.',
      fr: 'Choisissez une finalité qui relève de votre fonction, ou confiez la tâche à un collègue dont c’est la fonction.',
    },
  },
  not_assigned: {
    status: 403,
    leaf: 'not_assigned',
    title: { en: 'You are not assigned to this system', fr: 'Vous n’êtes pas affecté à ce système' },
    next: {
      en: 'Ask the person responsible for this client to assign you, with a period and a reason, or hand the task to an assigned colleague.',
      fr: 'Demandez au responsable de ce client de vous y affecter, avec une période et un motif, ou confiez la tâche à un collègue affecté.',
    },
  },
  client_preparing: {
    status: 403,
    leaf: 'client_preparing',
    title: { en: 'This client is still being prepared', fr: 'Ce client est encore en préparation' },
    next: {
      en: 'Nothing may be opened yet. Ask your administrator when the client goes live.',
      fr: 'Rien ne peut encore être ouvert. Demandez à votre administrateur quand le client sera mis en service.',
    },
  },
  client_ended: {
    status: 403,
    leaf: 'client_ended',
    title: { en: 'The work for this client has ended', fr: 'La prestation pour ce client a pris fin' },
    next: {
      en: 'Nothing may be opened any more. If that is a mistake, ask your administrator to check the client’s file.',
      fr: 'Plus rien ne peut être ouvert. S’il s’agit d’une erreur, demandez à votre administrateur de vérifier le fichier du client.',
    },
  },
  contract_not_in_force: {
    status: 403,
    leaf: 'contract_not_in_force',
    title: { en: 'The client’s contract is not in force', fr: 'Le contrat du client n’est pas en vigueur' },
    next: {
      en: 'Nothing may be opened before the contract starts or after it ends. Ask the account manager to check its dates.',
      fr: 'Rien ne peut être ouvert avant le début ou après la fin du contrat. Demandez au responsable du compte d’en vérifier les dates.',
    },
  },
  service_not_contracted: {
    status: 403,
    leaf: 'service_not_contracted',
    title: { en: 'The client has not ordered this service', fr: 'Le client n’a pas commandé ce service' },
    next: {
      en: 'Choose a purpose that the client’s contract covers, or ask the account manager whether the contract should change.',
      fr: 'Choisissez une finalité couverte par le contrat du client, ou demandez au responsable du compte si le contrat doit évoluer.',
    },
  },
  provider_not_approved: {
    status: 403,
    leaf: 'provider_not_approved',
    title: { en: 'The outside provider is not approved', fr: 'Le prestataire externe n’est pas approuvé' },
    next: {
      en: 'The client has not approved this provider’s intervention. Hand the task to a member of staff, or ask for the approval first.',
      fr: 'Le client n’a pas approuvé l’intervention de ce prestataire. Confiez la tâche à un membre du personnel, ou demandez d’abord cette approbation.',
    },
  },
  provider_outside_eu: {
    status: 403,
    leaf: 'provider_outside_eu',
    title: {
      en: 'The outside provider works from outside the permitted territories',
      fr: 'Le prestataire externe intervient hors des territoires permis',
    },
    next: {
      en: 'Outside providers are established and work in the European Union. Hand the task to a member of staff, or have the provider’s entry corrected if it is wrong.',
      fr: 'Les prestataires externes sont établis et interviennent dans l’Union européenne. Confiez la tâche à un membre du personnel, ou faites corriger la fiche du prestataire si elle est inexacte.',
    },
  },
  provider_guarantee_missing: {
    status: 403,
    leaf: 'provider_guarantee_missing',
    title: {
      en: 'The outside provider’s guarantees are missing',
      fr: 'Les garanties du prestataire externe sont absentes',
    },
    next: {
      en: 'Hand the task to a member of staff. The provider’s entry needs its agreement, confidentiality, no-sale and security commitments.',
      fr: 'Confiez la tâche à un membre du personnel. La fiche du prestataire doit porter son contrat et ses engagements de confidentialité, de non-commercialisation et de sécurité.',
    },
  },
  provider_guarantee_expired: {
    status: 403,
    leaf: 'provider_guarantee_expired',
    title: {
      en: 'The outside provider’s guarantees are out of date',
      fr: 'Les garanties du prestataire externe ne sont plus à jour',
    },
    next: {
      en: 'Hand the task to a member of staff until the provider’s guarantees have been reviewed and its entry says so.',
      fr: 'Confiez la tâche à un membre du personnel jusqu’à ce que les garanties du prestataire soient revues et inscrites dans sa fiche.',
    },
  },
  consultation_pending: {
    status: 403,
    leaf: 'consultation_pending',
    title: {
      en: 'The client has not yet approved this outside provider',
      fr: 'Le client n’a pas encore approuvé ce prestataire externe',
    },
    next: {
      en: 'The client is consulted before any outside provider comes in. Ask for its approval, or hand the task to a member of staff.',
      fr: 'Le client est consulté avant toute intervention d’un prestataire externe. Demandez son approbation, ou confiez la tâche à un membre du personnel.',
    },
  },
  outside_window: {
    status: 403,
    leaf: 'outside_window',
    title: {
      en: 'The client’s approval of this provider does not hold now',
      fr: 'L’approbation de ce prestataire par le client ne vaut pas en ce moment',
    },
    next: {
      en: 'Work within the period that the client approved, or ask it for another one.',
      fr: 'Intervenez pendant la période approuvée par le client, ou demandez-lui-en une autre.',
    },
  },
  no_consent: {
    status: 403,
    leaf: 'no_consent',
    title: {
      en: 'The client has not agreed to this access',
      fr: 'Le client n’a pas donné son accord à cet accès',
    },
    next: {
      en: 'No agreement of the client covers it. Ask a representative of the client for one, then declare again.',
      fr: 'Aucun accord du client ne le couvre. Demandez-en un à un représentant du client, puis déclarez à nouveau.',
    },
  },
  consent_not_started: {
    status: 403,
    leaf: 'consent_not_started',
    title: { en: 'The client’s agreement has not started', fr: 'L’accord du client n’a pas encore débuté' },
    next: {
      en: 'Wait for the date on which the agreement starts, or ask the client for an earlier one.',
      fr: 'Attendez la date de début de l’accord, ou demandez au client de l’avancer.',
    },
  },
  consent_expired: {
    status: 403,
    leaf: 'consent_expired',
    title: { en: 'The client’s agreement has ended', fr: 'L’accord du client est arrivé à échéance' },
    next: {
      en: 'Ask a representative of the client for a new agreement, then declare again.',
      fr: 'Demandez un nouvel accord à un représentant du client, puis déclarez à nouveau.',
    },
  },
  consent_revoked: {
    status: 403,
    leaf: 'consent_revoked',
    title: { en: 'The client has withdrawn its agreement', fr: 'Le client a retiré son accord' },
    next: {
      en: 'Stop here. The client decides whether to agree again; contact its representative if work is unfinished.',
      fr: 'Arrêtez-vous ici. Le client décide s’il redonne son accord ; contactez son représentant si un travail est inachevé.',
    },
  },
  consent_suspended: {
    status: 403,
    leaf: 'consent_suspended',
    title: { en: 'The client has suspended its agreement', fr: 'Le client a suspendu son accord' },
    next: {
      en: 'Wait until the client resumes the agreement, or contact its representative.',
      fr: 'Attendez que le client rétablisse l’accord, ou contactez son représentant.',
    },
  },
  consent_scope: {
    status: 403,
    leaf: 'consent_scope',
    title: { en: 'The client’s agreement does not cover this', fr: 'L’accord du client ne couvre pas cela' },
    next: {
      en: 'The agreement names other systems, purposes, operations or people. Ask a representative of the client for an agreement that covers this.',
      fr: 'L’accord désigne d’autres systèmes, finalités, opérations ou personnes. Demandez à un représentant du client un accord qui le couvre.',
    },
  },
  limit_reached: {
    status: 403,
    leaf: 'limit_reached',
    title: { en: 'This access is longer than permitted', fr: 'Cet accès dépasse la durée permise' },
    next: {
      en: 'Declare a shorter access, within what the purpose and the client’s agreement allow.',
      fr: 'Déclarez un accès plus court, dans les limites de la finalité et de l’accord du client.',
    },
  },
  budget_spent: {
    status: 403,
    leaf: 'budget_spent',
    title: {
      en: 'The client’s agreement is used up for now',
      fr: 'L’accord du client est épuisé pour le moment',
    },
    next: {
      en: 'The client allowed so many accesses, minutes or bytes a day, week or month, and they are used. Declare a shorter access, wait for the next period, or ask the client’s representative for another agreement.',
      fr: 'Le client a permis tant d’accès, de minutes ou d’octets par jour, semaine ou mois, et ils sont utilisés. Déclarez un accès plus court, attendez la période suivante, ou demandez un autre accord au représentant du client.',
    },
  },
  purpose_unknown: {
    status: 403,
    leaf: 'purpose_unknown',
    title: { en: 'Unknown purpose', fr: 'Finalité inconnue' },
    next: {
      en: 'Choose a purpose from the list when you declare. There is no other.',
      fr: 'Choisissez une finalité de la liste lors de la déclaration. Il n’en existe pas d’autre.',
    },
  },
  purpose_not_on_system: {
    status: 403,
    leaf: 'purpose_not_on_system',
    title: {
      en: 'This purpose is not allowed on this system',
      fr: 'Cette finalité n’est pas permise sur ce système',
    },
    next: {
      en: 'Choose a purpose that is allowed on this system; the declaration page shows them.',
      fr: 'Choisissez une finalité permise sur ce système ; la page de déclaration les indique.',
    },
  },
  reference_missing: {
    status: 403,
    leaf: 'reference_missing',
    title: { en: 'A reference is required', fr: 'Une référence est requise' },
    next: {
      en: 'Declare again with the number of the ticket or intervention this work belongs to.',
      fr: 'Déclarez à nouveau en indiquant le numéro du ticket ou de l’intervention concernée.',
    },
  },
  reference_form: {
    status: 403,
    leaf: 'reference_form',
    title: {
      en: 'The reference does not have the expected form',
      fr: 'La référence n’a pas la forme attendue',
    },
    next: {
      en: 'Declare again with the number as your ticket tool writes it; the declaration page shows the form.',
      fr: 'Déclarez à nouveau avec le numéro tel que l’écrit votre outil de tickets ; la page de déclaration en indique la forme.',
    },
  },
  note_missing: {
    status: 403,
    leaf: 'note_missing',
    title: { en: 'A note is required', fr: 'Une note est requise' },
    next: {
      en: 'Declare again and say in a sentence what you are going to do, without personal data.',
      fr: 'Déclarez à nouveau et dites en une phrase ce que vous allez faire, sans donnée personnelle.',
    },
  },
  note_too_short: {
    status: 403,
    leaf: 'note_too_short',
    title: { en: 'The note says too little', fr: 'La note est trop brève' },
    next: {
      en: 'Declare again and say in a sentence what you are going to do, without personal data.',
      fr: 'Déclarez à nouveau et dites en une phrase ce que vous allez faire, sans donnée personnelle.',
    },
  },
  outside_hours: {
    status: 403,
    leaf: 'outside_hours',
    title: { en: 'Outside the hours of this purpose', fr: 'Hors des heures de cette finalité' },
    next: {
      en: 'Come back within the hours that the declaration page shows, or declare the purpose that your task really has.',
      fr: 'Revenez pendant les heures indiquées sur la page de déclaration, ou déclarez la finalité réelle de votre tâche.',
    },
  },
  ...robotAnswers,
  instruction_condition: {
    status: 403,
    leaf: 'instruction_condition',
    title: { en: 'An instruction of the client forbids this', fr: 'Une instruction du client l’interdit' },
    next: {
      en: 'Read the client’s instructions on the declaration page. If the work is needed, the client must change its instruction first.',
      fr: 'Lisez les instructions du client sur la page de déclaration. Si le travail est nécessaire, le client doit d’abord modifier son instruction.',
    },
  },
  instruction_people: {
    status: 403,
    leaf: 'instruction_people',
    title: {
      en: 'The client’s own instructions name other people',
      fr: 'Les instructions du client désignent d’autres personnes',
    },
    next: {
      en: 'Ask one of the people named there to do the work, or ask the client to change its instructions.',
      fr: 'Demandez à l’une des personnes désignées de faire le travail, ou demandez au client de modifier ses instructions.',
    },
  },
  instruction_hours: {
    status: 403,
    leaf: 'instruction_hours',
    title: {
      en: 'The client’s own instructions close these hours',
      fr: 'Les instructions du client excluent ces heures',
    },
    next: {
      en: 'Come back within the hours that the declaration page shows, or ask the client to change its instructions.',
      fr: 'Revenez pendant les heures indiquées sur la page de déclaration, ou demandez au client de modifier ses instructions.',
    },
  },
  instruction_no_copy: {
    status: 403,
    leaf: 'instruction_no_copy',
    title: {
      en: 'The client’s own instructions forbid copies',
      fr: 'Les instructions du client interdisent les copies',
    },
    next: {
      en: 'Do the work without downloading, or ask the client to change its instructions.',
      fr: 'Faites le travail sans télécharger, ou demandez au client de modifier ses instructions.',
    },
  },
  prod_data_for_test: {
    status: 403,
    leaf: 'prod_data_for_test',
    title: { en: 'Tests stay off production systems', fr: 'Pas de tests sur un système de production' },
    next: {
      en: 'Use the client’s test system, or declare the purpose you really work for.',
      fr: 'Utilisez le système de test du client, ou déclarez la finalité réelle de votre travail.',
    },
  },
  write_not_granted: {
    status: 403,
    leaf: 'write_not_granted',
    title: { en: 'Changes are not permitted here', fr: 'Les modifications ne sont pas permises ici' },
    next: {
      en: 'Nothing was sent. This purpose only reads. Declare “User support” under the same reference if the client’s agreement allows changes.',
      fr: 'Rien n’a été envoyé. Cette finalité ne permet que la lecture. Déclarez « Support aux utilisateurs » sous la même référence si l’accord du client permet des modifications.',
    },
  },
  copy_not_granted: {
    status: 403,
    leaf: 'copy_not_granted',
    title: { en: 'Downloads are not permitted here', fr: 'Les téléchargements ne sont pas permis ici' },
    next: {
      en: 'This purpose may not take copies. Declare “Backup” or “Restore” if the contract and the client’s agreement allow copies.',
      fr: 'Cette finalité ne permet pas de copie. Déclarez « Sauvegarde » ou « Restauration » si le contrat et l’accord du client autorisent les copies.',
    },
  },
  copy_withheld: {
    status: 403,
    leaf: 'copy_withheld',
    title: {
      en: 'The answer was a copy and was withheld',
      fr: 'La réponse était une copie et a été retenue',
    },
    next: {
      en: 'The system answered with a file or too much data at once; none of it was passed on. Look at the data on screen, or declare “Backup” or “Restore” if the contract and the client’s agreement allow copies.',
      fr: 'Le système a répondu par un fichier ou par trop de données à la fois ; rien n’en a été transmis. Consultez les données à l’écran, ou déclarez « Sauvegarde » ou « Restauration » si le contrat et l’accord du client autorisent les copies.',
    },
  },
  copy_register_required: {
    status: 403,
    leaf: 'copy_register_required',
    title: {
      en: 'You owe what became of earlier copies',
      fr: 'Vous devez dire ce que sont devenues des copies antérieures',
    },
    next: {
      en: 'The answer was a copy and none of it was passed on. Open “My copies” in the portal: say where your copies of this client are kept and who answers for them, or that those that are overdue were destroyed or returned. Reading goes on.',
      fr: 'La réponse était une copie et rien n’en a été transmis. Ouvrez « Mes copies » dans le portail : dites où sont conservées vos copies de ce client et qui en répond, ou que celles en retard ont été détruites ou restituées. La consultation reste possible.',
    },
  },
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
