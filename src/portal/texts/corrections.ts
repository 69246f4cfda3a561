/** Sentences about references that are mended or owed, for the technician and for the client. */
import type { Text } from '../../core/model.ts';
import type { CorrectionRefusal } from '../../core/references.ts';
import type { ReferenceCheck } from '../../core/ticket-check.ts';

const refused: { readonly [R in CorrectionRefusal]: Text } = {
  correction_late: { en: 'It is too late to mend this', fr: 'Il est trop tard pour corriger' },
  correction_provisional: {
    en: 'This is no real reference yet',
    fr: 'Ce n’est pas encore une vraie référence',
  },
  corrections_spent: {
    en: 'This access has been mended five times',
    fr: 'Cet accès a déjà été corrigé cinq fois',
  },
};

const next: { readonly [R in CorrectionRefusal]: Text } = {
  correction_late: {
    en: 'A reference or note can be mended within 24 hours of the declaration. Tell the client’s contact what it should say; what was declared stays.',
    fr: 'Une référence ou une note se corrige dans les 24 heures suivant la déclaration. Indiquez à l’interlocuteur du client ce qu’il fallait lire ; la déclaration reste telle quelle.',
  },
  correction_provisional: {
    en: 'References that begin with CALL- stand for a ticket that is yet to come. Give the number of the ticket.',
    fr: 'Les références qui commencent par CALL- tiennent lieu d’un ticket à venir. Donnez le numéro du ticket.',
  },
  corrections_spent: {
    en: 'It cannot be mended again. Tell the client’s contact what it should say.',
    fr: 'Une nouvelle correction est impossible. Indiquez à l’interlocuteur du client ce qu’il fallait lire.',
  },
};

export const correctionTexts = {
  refused,
  next,
  title: { en: 'Mend the reference or note', fr: 'Corriger la référence ou la note' },
  intro: {
    en: 'The client reads both: what you mend, and what stood there before.',
    fr: 'Le client lit les deux : votre correction et ce qui figurait auparavant.',
  },
  submit: { en: 'Mend', fr: 'Corriger' },
  done: { en: 'It is mended. The client sees both.', fr: 'C’est corrigé. Le client voit les deux.' },
  call: {
    en: 'There is no ticket yet (somebody on the phone): give a CALL- reference',
    fr: 'Pas encore de ticket (appel en cours) : donner une référence CALL-',
  },
  callHint: {
    en: 'Leave the reference empty. Replace it by the real one within 24 hours, under “What I opened”.',
    fr: 'Laissez la référence vide. Remplacez-la par la vraie dans les 24 heures, sous « Mes accès ».',
  },
  callNotHere: {
    en: 'This purpose takes no CALL- reference. Give the number of a ticket.',
    fr: 'Cette finalité n’admet pas de référence CALL-. Donnez le numéro d’un ticket.',
  },
  owed: (when: string): Text => ({
    en: `The real reference is owed until ${when}.`,
    fr: `La vraie référence est attendue jusqu’au ${when}.`,
  }),
  overdue: (when: string): Text => ({
    en: `The real reference was due on ${when} and is missing.`,
    fr: `La vraie référence était attendue pour le ${when} et manque.`,
  }),
  give: { en: 'Give it', fr: 'La donner' },
  corrected: { en: 'Declaration mended', fr: 'Déclaration corrigée' },
  reference: (before: string, now: string): Text => ({
    en: `Reference: ${before} → ${now}`,
    fr: `Référence : ${before} → ${now}`,
  }),
  note: (before: string, now: string): Text => ({
    en: `Note: ${before} → ${now}`,
    fr: `Note : ${before} → ${now}`,
  }),
  webhook: {
    unsigned: {
      en: 'The message is not signed with our secret',
      fr: 'Le message n’est pas signé avec notre secret',
    },
    unsignedNext: {
      en: 'Check the secret and the clock of the ticket system, and that the body is signed as it is sent.',
      fr: 'Vérifiez le secret et l’horloge du système de tickets, et que le corps est signé tel qu’il est envoyé.',
    },
    stale: { en: 'The message is too old or too new', fr: 'Le message est trop ancien ou trop récent' },
    staleNext: {
      en: 'Send it anew with the time of sending; five minutes are borne.',
      fr: 'Renvoyez-le avec l’heure d’envoi ; cinq minutes sont tolérées.',
    },
    tooMany: { en: 'Too many messages', fr: 'Trop de messages' },
    tooManyNext: { en: 'Send it again in a few seconds.', fr: 'Renvoyez-le dans quelques secondes.' },
    unread: { en: 'The message cannot be read', fr: 'Le message est illisible' },
    unreadNext: {
      en: 'Send {"type":"ticket.closed","data":{"client":"…","reference":"…"}} and nothing else.',
      fr: 'Envoyez {"type":"ticket.closed","data":{"client":"…","reference":"…"}} et rien d’autre.',
    },
  },
  checks: {
    ok: {
      en: 'confirmed by the ticket system: open, and yours',
      fr: 'confirmée par le système de tickets : ouverte, et la vôtre',
    },
    failed: {
      en: 'not confirmed: the ticket system knows no open ticket of yours under it',
      fr: 'non confirmée : le système de tickets ne connaît aucun ticket ouvert de votre part sous cette référence',
    },
    unchecked: {
      en: 'not checked: the ticket system could not be asked',
      fr: 'non vérifiée : le système de tickets n’a pas pu être interrogé',
    },
  } satisfies { readonly [C in ReferenceCheck]: Text },
  checked: (what: Text): Text => ({
    en: `The reference is ${what.en}.`,
    fr: `La référence est ${what.fr}.`,
  }),
  lateTitle: {
    en: 'Accesses whose real reference is overdue',
    fr: 'Accès dont la vraie référence est en retard',
  },
} as const;
