/** Why a person, or their company, may not work for a client: codes with what to say and what to do next. */
import type { ReasonAnswer } from './reasons.ts';

export type PeopleReason =
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
  | 'outside_window';

export const peopleAnswers: { readonly [R in PeopleReason]: ReasonAnswer } = {
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
};
