/** What the client's agreement, the purpose or the instructions do not cover: codes with what to say and what to do next. */
import type { ReasonAnswer } from './reasons.ts';

export type ConsentReason =
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
  | 'copy_limit';

export const consentAnswers: { readonly [R in ConsentReason]: ReasonAnswer } = {
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
  copy_limit: {
    status: 403,
    leaf: 'copy_limit',
    title: {
      en: 'The client’s agreement permits no more copies for now',
      fr: 'L’accord du client ne permet plus de copie pour l’instant',
    },
    next: {
      en: 'The answer was a copy and would go beyond the copies or megabytes that the agreement permits in this day, week or month; none of it was passed on. If a copy is running, try again when it is done. Otherwise wait for the next period or ask a representative of the client for more. Reading goes on.',
      fr: 'La réponse était une copie et dépasserait le nombre de copies ou de mégaoctets que l’accord permet pour ce jour, cette semaine ou ce mois ; rien n’en a été transmis. Si une copie est en cours, réessayez une fois qu’elle est terminée. Sinon, attendez la période suivante ou demandez davantage à un représentant du client. La consultation reste possible.',
    },
  },
};
