/** Why the credential of a tool opens nothing: codes with what to say and what to do next. */
import type { ReasonAnswer } from './reasons.ts';

export type ToolReason = 'tool_unknown' | 'tool_ended' | 'tool_elsewhere' | 'tool_beside_cookie';

export const toolAnswers: { readonly [R in ToolReason]: ReasonAnswer } = {
  tool_unknown: {
    status: 401,
    leaf: 'tool_unknown',
    title: { en: 'This credential is not known', fr: 'Cet identifiant d’outil n’est pas connu' },
    next: {
      en: 'Nothing was sent. Open the page of your access in the portal, connect the tool there, and give it the credential shown.',
      fr: 'Rien n’a été envoyé. Ouvrez la page de votre accès dans le portail, connectez-y l’outil et donnez-lui l’identifiant affiché.',
    },
  },
  tool_ended: {
    status: 403,
    leaf: 'tool_ended',
    title: {
      en: 'The access of this credential has ended',
      fr: 'L’accès de cet identifiant d’outil est terminé',
    },
    next: {
      en: 'Nothing was sent. Declare a new access in the portal and connect the tool again: the credential ends with the access it was made for.',
      fr: 'Rien n’a été envoyé. Déclarez un nouvel accès dans le portail et reconnectez l’outil : l’identifiant prend fin avec l’accès pour lequel il a été créé.',
    },
  },
  tool_elsewhere: {
    status: 403,
    leaf: 'tool_elsewhere',
    title: {
      en: 'This credential is for another system',
      fr: 'Cet identifiant d’outil concerne un autre système',
    },
    next: {
      en: 'Nothing was sent. The credential works only at the systems of its access: declare an access for this one and connect the tool there.',
      fr: 'Rien n’a été envoyé. L’identifiant ne vaut que pour les systèmes de son accès : déclarez un accès pour celui-ci et connectez-y l’outil.',
    },
  },
  tool_beside_cookie: {
    status: 403,
    leaf: 'tool_beside_cookie',
    title: {
      en: 'A tool’s credential came together with a browser’s cookie',
      fr: 'L’identifiant d’un outil est arrivé avec le cookie d’un navigateur',
    },
    next: {
      en: 'Nothing was sent. Use one of them: take the credential out of the browser, or the cookie out of the tool.',
      fr: 'Rien n’a été envoyé. Utilisez l’un ou l’autre : retirez l’identifiant du navigateur, ou le cookie de l’outil.',
    },
  },
};
