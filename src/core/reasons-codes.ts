/** Why a one-time code does not let a browser into a system: codes with what to say and what to do next. */
import type { ReasonAnswer } from './reasons.ts';

export type CodeReason = 'code_unknown' | 'code_used' | 'code_expired' | 'code_elsewhere';

export const codeAnswers: { readonly [R in CodeReason]: ReasonAnswer } = {
  code_unknown: {
    status: 403,
    leaf: 'code_unknown',
    title: { en: 'This entry link is not known', fr: 'Ce lien d’entrée n’est pas connu' },
    next: {
      en: 'It is damaged, or more than a day old. Open the system again: you are asked for nothing if your access is still open.',
      fr: 'Il est abîmé, ou date de plus d’un jour. Ouvrez le système à nouveau : rien ne vous sera demandé si votre accès est toujours ouvert.',
    },
  },
  code_used: {
    status: 403,
    leaf: 'code_used',
    title: { en: 'This entry link was used already', fr: 'Ce lien d’entrée a déjà servi' },
    next: {
      en: 'It lets one browser in, once. Go on in the tab in which the system is open, or open the system again.',
      fr: 'Il laisse entrer un seul navigateur, une seule fois. Continuez dans l’onglet où le système est ouvert, ou ouvrez le système à nouveau.',
    },
  },
  code_expired: {
    status: 403,
    leaf: 'code_expired',
    title: { en: 'This entry link has expired', fr: 'Ce lien d’entrée a expiré' },
    next: {
      en: 'It is good for one minute after you declare. Open the system again: you are asked for nothing if your access is still open.',
      fr: 'Il est valable une minute après votre déclaration. Ouvrez le système à nouveau : rien ne vous sera demandé si votre accès est toujours ouvert.',
    },
  },
  code_elsewhere: {
    status: 403,
    leaf: 'code_elsewhere',
    title: {
      en: 'This entry link does not belong to this browser',
      fr: 'Ce lien d’entrée n’appartient pas à ce navigateur',
    },
    next: {
      en: 'It was made for another browser or system, or this browser began more than ten minutes ago. Open the system again here, with cookies permitted. If somebody gave you the link, tell your administrator.',
      fr: 'Il a été créé pour un autre navigateur ou un autre système, ou ce navigateur a commencé il y a plus de dix minutes. Ouvrez le système à nouveau ici, en autorisant les cookies. Si quelqu’un vous a donné ce lien, prévenez votre administrateur.',
    },
  },
};
