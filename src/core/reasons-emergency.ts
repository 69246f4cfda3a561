/** Why an access is not declared an emergency: codes with what to say and what to do next. */
import type { ReasonAnswer } from './reasons.ts';

export type EmergencyReason = 'emergency_needless' | 'emergency_used_up' | 'emergency_unreviewed';

export const emergencyAnswers: { readonly [R in EmergencyReason]: ReasonAnswer } = {
  emergency_needless: {
    status: 409,
    leaf: 'emergency_needless',
    title: {
      en: 'This is no emergency: an agreement permits it',
      fr: 'Ce n’est pas une urgence : un accord le permet',
    },
    next: {
      en: 'The client has agreed to this access already. Take the tick from “emergency” and declare again.',
      fr: 'Le client a déjà accepté cet accès. Décochez « urgence » et déclarez de nouveau.',
    },
  },
  emergency_used_up: {
    status: 403,
    leaf: 'emergency_used_up',
    title: {
      en: 'The emergencies of this year are used up',
      fr: 'Les urgences de cette année sont épuisées',
    },
    next: {
      en: 'The client allowed so many emergencies a calendar year, and they were used. Call the client’s people named on this page, or ask for an agreement.',
      fr: 'Le client a permis tant d’urgences par année civile, et elles ont été utilisées. Appelez les personnes du client indiquées sur cette page, ou demandez un accord.',
    },
  },
  emergency_unreviewed: {
    status: 409,
    leaf: 'emergency_unreviewed',
    title: {
      en: 'The client has not reviewed an earlier emergency',
      fr: 'Le client n’a pas encore examiné une urgence antérieure',
    },
    next: {
      en: 'Its review is overdue, so no emergency is declared under a new reference. Ask the client’s people named on this page to review it on their first page; under the earlier reference you may go on.',
      fr: 'Son examen est en retard, donc aucune urgence n’est déclarée sous une nouvelle référence. Demandez aux personnes du client indiquées sur cette page de l’examiner sur leur première page ; sous la référence antérieure, vous pouvez continuer.',
    },
  },
};
