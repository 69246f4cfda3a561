/**
 * Why something was refused, as the client reads it in its log: about the person, never to them. What would show a
 * person's own file is one and the same sentence.
 */
import type { Text } from '../../core/model.ts';
import type { Reason } from '../../core/reasons.ts';

const notCleared: Text = {
  en: 'the provider has not cleared this person',
  fr: 'le prestataire n’a pas habilité cette personne',
};

/** By the code that stands on the line; each follows a colon. */
export const refusalTexts: { readonly [R in Reason | 'staff_not_cleared']: Text } = {
  opening_missing: { en: 'no access had been declared', fr: 'aucun accès n’avait été déclaré' },
  opening_ended: { en: 'the access had ended', fr: 'l’accès était terminé' },
  opening_elsewhere: {
    en: 'the access was declared for another system',
    fr: 'l’accès était déclaré pour un autre système',
  },
  code_unknown: {
    en: 'the entry link is not one of ours',
    fr: 'le lien d’entrée n’est pas l’un des nôtres',
  },
  code_used: {
    en: 'the link for entering this access had been used already',
    fr: 'le lien d’entrée de cet accès avait déjà servi',
  },
  code_expired: {
    en: 'the link for entering this access had expired',
    fr: 'le lien d’entrée de cet accès avait expiré',
  },
  code_elsewhere: {
    en: 'the link for entering this access came from another browser, for another system, or too late',
    fr: 'le lien d’entrée de cet accès a été présenté par un autre navigateur, pour un autre système ou trop tard',
  },
  not_employee: {
    en: 'the person is not a current member of staff',
    fr: 'la personne ne fait pas partie du personnel actuel',
  },
  robot_unattended: {
    en: 'nobody answers for this robot any more',
    fr: 'plus personne ne répond de ce robot',
  },
  robot_out_of_window: {
    en: 'outside the hours planned for this robot',
    fr: 'hors des horaires prévus pour ce robot',
  },
  authentication_too_weak: {
    en: 'the sign-in was not strong enough',
    fr: 'la connexion n’était pas assez forte',
  },
  authentication_too_old: {
    en: 'the sign-in was not recent enough',
    fr: 'la connexion n’était pas assez récente',
  },
  place_outside_eu: {
    en: 'the place of work is outside the permitted territories',
    fr: 'le lieu de travail est hors des territoires permis',
  },
  training_expired: notCleared,
  gdpr_training_missing: notCleared,
  charter_not_signed: notCleared,
  confidentiality_missing: notCleared,
  staff_not_cleared: notCleared,
  role_not_allowed: {
    en: 'the person’s function does not include this purpose',
    fr: 'la fonction de la personne ne permet pas cette finalité',
  },
  not_assigned: {
    en: 'the person is not assigned to this system',
    fr: 'la personne n’est pas affectée à ce système',
  },
  client_preparing: { en: 'the client is still being prepared', fr: 'le client est encore en préparation' },
  client_ended: { en: 'the work for the client has ended', fr: 'la prestation pour le client a pris fin' },
  contract_not_in_force: { en: 'the contract is not in force', fr: 'le contrat n’est pas en vigueur' },
  service_not_contracted: {
    en: 'the contract does not include this service',
    fr: 'le contrat ne comprend pas ce service',
  },
  provider_not_approved: {
    en: 'the outside provider is not approved by you',
    fr: 'le prestataire externe n’est pas approuvé par vous',
  },
  provider_outside_eu: {
    en: 'the outside provider is outside the permitted territories',
    fr: 'le prestataire externe est hors des territoires permis',
  },
  provider_guarantee_missing: {
    en: 'the outside provider has not given its guarantees',
    fr: 'le prestataire externe n’a pas fourni ses garanties',
  },
  provider_guarantee_expired: {
    en: 'the outside provider’s guarantees are out of date',
    fr: 'les garanties du prestataire externe ne sont plus à jour',
  },
  consultation_pending: {
    en: 'you have not yet been consulted about the outside provider',
    fr: 'vous n’avez pas encore été consulté au sujet du prestataire externe',
  },
  outside_window: {
    en: 'outside the period for which you approved the outside provider',
    fr: 'hors de la période pour laquelle vous avez approuvé le prestataire externe',
  },
  no_consent: {
    en: 'you have not agreed to this access',
    fr: 'vous n’avez pas donné d’accord pour cet accès',
  },
  consent_not_started: { en: 'your agreement has not started', fr: 'votre accord n’a pas encore débuté' },
  consent_expired: { en: 'your agreement has ended', fr: 'votre accord est arrivé à échéance' },
  consent_revoked: { en: 'you have withdrawn the agreement', fr: 'vous avez retiré l’accord' },
  consent_suspended: { en: 'you have suspended the agreement', fr: 'vous avez suspendu l’accord' },
  consent_scope: { en: 'your agreement does not cover this', fr: 'votre accord ne couvre pas cela' },
  budget_spent: {
    en: 'what the agreement allows in this period was used up',
    fr: 'ce que l’accord permet dans cette période était épuisé',
  },
  limit_reached: { en: 'longer than permitted', fr: 'durée permise dépassée' },
  purpose_unknown: { en: 'the purpose does not exist', fr: 'la finalité n’existe pas' },
  purpose_not_on_system: {
    en: 'this purpose is not allowed on this system',
    fr: 'cette finalité n’est pas permise sur ce système',
  },
  reference_missing: { en: 'no reference was given', fr: 'aucune référence n’a été donnée' },
  reference_form: {
    en: 'the reference did not have the expected form',
    fr: 'la référence n’avait pas la forme attendue',
  },
  note_too_short: { en: 'the note said too little', fr: 'la note était trop brève' },
  outside_hours: { en: 'outside the hours of the purpose', fr: 'hors des heures de la finalité' },
  note_missing: { en: 'no note was given', fr: 'aucune note n’a été donnée' },
  instruction_condition: {
    en: 'one of your instructions forbids this',
    fr: 'l’une de vos instructions l’interdit',
  },
  instruction_people: {
    en: 'your instructions name other people',
    fr: 'vos instructions désignent d’autres personnes',
  },
  instruction_hours: {
    en: 'your instructions close these hours',
    fr: 'vos instructions excluent ces heures',
  },
  instruction_no_copy: {
    en: 'your instructions forbid copies',
    fr: 'vos instructions interdisent les copies',
  },
  prod_data_for_test: {
    en: 'tests stay off production systems',
    fr: 'pas de tests sur un système de production',
  },
  write_not_granted: {
    en: 'changes were not permitted in this access',
    fr: 'les modifications n’étaient pas permises dans cet accès',
  },
  copy_not_granted: {
    en: 'downloads were not permitted in this access',
    fr: 'les téléchargements n’étaient pas permis dans cet accès',
  },
  copy_register_required: {
    en: 'a copy was held back: the technician had not yet said what became of earlier copies',
    fr: 'une copie a été retenue : le technicien n’avait pas encore dit ce que sont devenues des copies antérieures',
  },
  copy_limit: {
    en: 'a copy was held back: it would have gone beyond what your agreement permits in this period',
    fr: 'une copie a été retenue : elle aurait dépassé ce que votre accord permet dans cette période',
  },
  copy_withheld: {
    en: 'the answer was a copy and was held back',
    fr: 'la réponse était une copie et a été retenue',
  },
  not_authenticated: { en: 'nobody was signed in', fr: 'personne n’était connecté' },
  unknown_system: { en: 'there is no such system', fr: 'ce système n’existe pas' },
  bad_request: { en: 'the request was ambiguous or not valid', fr: 'la requête était ambiguë ou invalide' },
  method_not_allowed: { en: 'the method is not accepted', fr: 'la méthode n’est pas acceptée' },
  cross_site: { en: 'the request came from another site', fr: 'la requête venait d’un autre site' },
  service_worker_refused: {
    en: 'background scripts are not accepted',
    fr: 'les scripts d’arrière-plan ne sont pas acceptés',
  },
  outside_unsaid: {
    en: 'the person had not said what was done in earlier accesses outside',
    fr: 'la personne n’avait pas dit ce qui a été fait lors d’accès extérieurs précédents',
  },
  references_owed: {
    en: 'the person owed the real references of earlier accesses',
    fr: 'la personne devait encore les vraies références d’accès précédents',
  },
  ticket_unknown: {
    en: 'there was no ticket under the reference',
    fr: 'aucun ticket n’existait sous la référence',
  },
  ticket_closed: { en: 'the ticket was closed', fr: 'le ticket était fermé' },
  ticket_elsewhere: { en: 'the ticket was not yours', fr: 'le ticket n’était pas le vôtre' },
  ticket_unchecked: {
    en: 'the ticket could not be checked',
    fr: 'le ticket n’a pas pu être vérifié',
  },
  emergency_needless: {
    en: 'declared an emergency, where an agreement of yours permitted it without',
    fr: 'déclaré en urgence, alors que l’un de vos accords le permettait sans cela',
  },
  emergency_used_up: {
    en: 'the emergencies that you allow in a year had been used',
    fr: 'les urgences que vous permettez par an étaient épuisées',
  },
  emergency_unreviewed: {
    en: 'an earlier emergency still waited for your review',
    fr: 'une urgence antérieure attendait encore votre examen',
  },
  tool_unknown: {
    en: 'a program sent a credential that nobody was given',
    fr: 'un programme a envoyé un identifiant qui n’a été remis à personne',
  },
  tool_ended: {
    en: 'a program went on with the credential of an access that had ended',
    fr: 'un programme a continué avec l’identifiant d’un accès terminé',
  },
  tool_elsewhere: {
    en: 'a program used the credential of this access at another system',
    fr: 'un programme a utilisé l’identifiant de cet accès sur un autre système',
  },
  tool_beside_cookie: {
    en: 'a program’s credential came together with a browser’s cookie',
    fr: 'l’identifiant d’un programme est arrivé avec le cookie d’un navigateur',
  },
  foreign_target: {
    en: 'the link by which the person came led elsewhere',
    fr: 'le lien par lequel la personne est venue menait ailleurs',
  },
  too_many_requests: { en: 'too many requests at once', fr: 'trop de requêtes à la fois' },
  stopped_by_client: { en: 'you had stopped this access', fr: 'vous aviez arrêté cet accès' },
};
