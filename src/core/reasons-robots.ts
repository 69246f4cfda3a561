/** Why a robot is refused where a person would not be: codes with what to say and what to do next. */
import type { ReasonAnswer } from './reasons.ts';

export type RobotReason = 'robot_unattended' | 'robot_out_of_window';

export const robotAnswers: { readonly [R in RobotReason]: ReasonAnswer } = {
  robot_unattended: {
    status: 403,
    leaf: 'robot_unattended',
    title: {
      en: 'Nobody answers for this robot any more',
      fr: 'Plus personne ne répond de ce robot',
    },
    next: {
      en: 'Its responsible person no longer works here. Name another in staff.yaml; until then the robot stays out.',
      fr: 'Sa personne responsable ne travaille plus ici. Nommez-en une autre dans staff.yaml ; d’ici là, le robot reste dehors.',
    },
  },
  robot_out_of_window: {
    status: 403,
    leaf: 'robot_out_of_window',
    title: { en: 'Outside the hours planned for this robot', fr: 'Hors des horaires prévus pour ce robot' },
    next: {
      en: 'Nothing was opened. A robot comes within the windows of its entry in staff.yaml alone: run it then, or plan another window, which the client is told of.',
      fr: 'Rien n’a été ouvert. Un robot ne vient que pendant les plages de sa fiche dans staff.yaml : lancez-le alors, ou prévoyez une autre plage, dont le client est informé.',
    },
  },
};
