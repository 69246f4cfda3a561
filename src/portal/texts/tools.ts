/** Sentences about tools that are connected to an access, for the technician and for the client. */
import type { Text } from '../../core/model.ts';
import type { ToolRefusal } from '../../core/tool.ts';

const refused: { readonly [R in ToolRefusal]: Text } = {
  opening_ended: { en: 'This access has ended', fr: 'Cet accès est terminé' },
  too_many_tools: {
    en: 'This access has five credentials for tools already',
    fr: 'Cet accès a déjà cinq identifiants d’outil',
  },
};

const next: { readonly [R in ToolRefusal]: Text } = {
  opening_ended: {
    en: 'No credential was made. Declare a new access and connect the tool there.',
    fr: 'Aucun identifiant n’a été créé. Déclarez un nouvel accès et connectez-y l’outil.',
  },
  too_many_tools: {
    en: 'Use one that you kept, or close this access and declare again.',
    fr: 'Utilisez-en un que vous avez gardé, ou fermez cet accès et déclarez-en un nouveau.',
  },
};

export const toolTexts = {
  refused,
  next,
  title: { en: 'Connect a tool', fr: 'Connecter un outil' },
  intro: {
    en: 'A program gets a credential of its own: it works only at the systems of this access, passes the same rules, and ends with it. The client reads what was done with it.',
    fr: 'Un programme reçoit son propre identifiant : il ne vaut que pour les systèmes de cet accès, suit les mêmes règles et prend fin avec lui. Le client lit ce qui a été fait avec.',
  },
  submit: { en: 'Make a credential', fr: 'Créer un identifiant' },
  shownTitle: { en: 'Credential of your tool', fr: 'Identifiant de votre outil' },
  shown: (until: string): Text => ({
    en: `Copy it now: it is shown this once, and only a mark of it is kept. It works until ${until}, or until the access is closed.`,
    fr: `Copiez-le maintenant : il n’est affiché qu’une fois, et seule une empreinte en est gardée. Il vaut jusqu’à ${until}, ou jusqu’à la fermeture de l’accès.`,
  }),
  careful: {
    en: 'Whoever has it works in your name. Do not write it into scripts, tickets or chats.',
    fr: 'Quiconque le détient agit en votre nom. Ne l’écrivez ni dans un script, ni dans un ticket, ni dans une messagerie.',
  },
  waysTitle: { en: 'How a tool sends it', fr: 'Comment un outil l’envoie' },
  ways: {
    header: {
      en: 'In a line of its own; then the system’s own sign-in may be sent beside it:',
      fr: 'Dans un en-tête à part ; l’authentification propre au système peut alors être envoyée à côté :',
    },
    bearer: { en: 'As a bearer token:', fr: 'Comme jeton porteur :' },
    basic: {
      en: 'As the password of any user name, for tools that know nothing else:',
      fr: 'Comme mot de passe de n’importe quel nom d’utilisateur, pour les outils qui ne connaissent rien d’autre :',
    },
  },
  credential: { en: 'CREDENTIAL', fr: 'IDENTIFIANT' },
  back: { en: 'Back to the access', fr: 'Retour à l’accès' },
  used: {
    en: 'sent by a program that was connected to this access',
    fr: 'envoyé par un programme connecté à cet accès',
  },
} as const;
