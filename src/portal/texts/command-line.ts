/** Sentences about the command line: signing a machine in, and what `consentry open` is answered. */
import type { Text } from '../../core/model.ts';

type Poll = 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token';

const polls: { readonly [P in Poll]: Text } = {
  authorization_pending: {
    en: 'The code is not confirmed yet',
    fr: 'Le code n’est pas encore confirmé',
  },
  slow_down: { en: 'Asked too often', fr: 'Demandé trop souvent' },
  access_denied: { en: 'The sign-in was refused', fr: 'La connexion a été refusée' },
  expired_token: { en: 'The code is over', fr: 'Le code n’est plus valable' },
};

const pollsNext: { readonly [P in Poll]: Text } = {
  authorization_pending: {
    en: 'Open the page in a browser, sign in and type the code.',
    fr: 'Ouvrez la page dans un navigateur, connectez-vous et tapez le code.',
  },
  slow_down: { en: 'Wait longer between two questions.', fr: 'Attendez davantage entre deux demandes.' },
  access_denied: {
    en: 'It was refused on the page, or the sign-in there has ended. Run consentry login again.',
    fr: 'Elle a été refusée sur la page, ou la session y a pris fin. Relancez consentry login.',
  },
  expired_token: {
    en: 'A code lives ten minutes and counts once. Run consentry login again.',
    fr: 'Un code vaut dix minutes et ne sert qu’une fois. Relancez consentry login.',
  },
};

export const commandLineTexts = {
  polls,
  pollsNext,
  title: { en: 'Command line', fr: 'Ligne de commande' },
  intro: {
    en: '“consentry login” on a machine of yours shows a code. Type it here: that machine may then declare accesses in your name, until you sign out.',
    fr: '« consentry login » affiche un code sur votre machine. Tapez-le ici : cette machine pourra alors déclarer des accès en votre nom, jusqu’à votre déconnexion.',
  },
  warningTitle: {
    en: 'Only if you started this yourself, on a machine in front of you',
    fr: 'Seulement si vous l’avez lancé vous-même, sur une machine devant vous',
  },
  warning: {
    en: 'A code that somebody sent you, by mail, chat or phone, is an attempt to work in your name. No colleague needs one. Refuse it and tell your data protection officer.',
    fr: 'Un code que quelqu’un vous a envoyé, par courriel, messagerie ou téléphone, est une tentative d’agir en votre nom. Aucun collègue n’en a besoin. Refusez-le et prévenez votre délégué à la protection des données.',
  },
  code: { en: 'Code on the machine', fr: 'Code affiché sur la machine' },
  codeHint: { en: 'Eight letters, as BCDF-GHJK.', fr: 'Huit lettres, comme BCDF-GHJK.' },
  look: { en: 'Show which machine asks', fr: 'Voir quelle machine demande' },
  unknown: {
    en: 'No machine waits with this code: it is mistyped, was used, or is older than ten minutes. Compare it, or run consentry login again.',
    fr: 'Aucune machine n’attend avec ce code : il est mal tapé, déjà utilisé, ou date de plus de dix minutes. Comparez-le, ou relancez consentry login.',
  },
  tooMany: { en: 'Too many wrong codes', fr: 'Trop de codes erronés' },
  tooManyNext: {
    en: 'Wait ten minutes, then run consentry login again and type the new code.',
    fr: 'Attendez dix minutes, puis relancez consentry login et tapez le nouveau code.',
  },
  askTitle: { en: 'Sign this machine in?', fr: 'Connecter cette machine ?' },
  machine: { en: 'It calls itself', fr: 'Elle se nomme' },
  address: { en: 'It asks from', fr: 'Elle demande depuis' },
  yours: { en: 'This browser comes from', fr: 'Ce navigateur vient de' },
  asked: { en: 'It asked at', fr: 'Demande faite le' },
  shown: { en: 'The code it shows', fr: 'Le code qu’elle affiche' },
  elsewhere: {
    en: 'The machine asks from another address than this browser. That is so on a server or behind another line, and it is so in every attempt to deceive you.',
    fr: 'La machine demande depuis une autre adresse que ce navigateur. C’est le cas sur un serveur ou derrière une autre ligne ; c’est aussi le cas de toute tentative de tromperie.',
  },
  own: {
    en: 'I started this myself, on a machine in front of me, and it shows this code.',
    fr: 'Je l’ai lancé moi-même, sur une machine devant moi, et elle affiche ce code.',
  },
  ownMissing: {
    en: 'Tick that you started this yourself, or refuse it.',
    fr: 'Cochez que vous l’avez lancé vous-même, ou refusez.',
  },
  yes: { en: 'Sign it in', fr: 'La connecter' },
  no: { en: 'Refuse', fr: 'Refuser' },
  doneTitle: { en: 'The machine is signed in', fr: 'La machine est connectée' },
  done: {
    en: 'Go on there. It works in your name until you sign out, for twelve hours at most, or three hours without use. Signing out in this browser ends it too.',
    fr: 'Continuez sur la machine. Elle agit en votre nom jusqu’à votre déconnexion, douze heures au plus, ou trois heures sans usage. Vous déconnecter dans ce navigateur y met fin aussi.',
  },
  refusedTitle: { en: 'The machine was refused', fr: 'La machine a été refusée' },
  refused: {
    en: 'It gets nothing. If somebody sent you the code, tell your data protection officer now.',
    fr: 'Elle n’obtient rien. Si quelqu’un vous a envoyé ce code, prévenez maintenant votre délégué à la protection des données.',
  },
  listTitle: { en: 'Machines that are signed in', fr: 'Machines connectées' },
  none: { en: 'None.', fr: 'Aucune.' },
  since: { en: 'Since', fr: 'Depuis' },
  used: { en: 'Last used', fr: 'Dernier usage' },
  end: { en: 'Sign out', fr: 'Déconnecter' },
  endHint: {
    en: 'Signing a machine out closes what it opened, at once; what you opened in a browser or on another machine stays open. Do it if a machine is lost.',
    fr: 'Déconnecter une machine ferme aussitôt ce qu’elle a ouvert ; ce que vous avez ouvert dans un navigateur ou sur une autre machine reste ouvert. Faites-le si une machine est perdue.',
  },
  signedOut: { en: 'Not signed in', fr: 'Non connecté' },
  signedOutNext: {
    en: 'The sign-in that this machine hung on has ended, and what was open under it. Run consentry login.',
    fr: 'La session dont dépendait cette machine a pris fin, et ce qui était ouvert avec elle. Lancez consentry login.',
  },
  noticeUnread: {
    en: 'The notice to staff is not read yet',
    fr: 'La notice au personnel n’est pas encore lue',
  },
  noticeUnreadNext: {
    en: 'Open the page, read and confirm it, then run the command again.',
    fr: 'Ouvrez la page, lisez-la et confirmez-la, puis relancez la commande.',
  },
  outside: { en: 'This does not pass here', fr: 'Cela ne passe pas par ici' },
  outsideNext: {
    en: 'What is outside is declared on the page, and what was done is said there.',
    fr: 'Ce qui est à l’extérieur se déclare sur la page, et on y dit ce qui a été fait.',
  },
  instructions: { en: 'The client gives instructions', fr: 'Le client donne des instructions' },
  instructionsNext: {
    en: 'Read them. Whoever confirms them is bound by them during the access.',
    fr: 'Lisez-les. Les confirmer engage à les respecter pendant l’accès.',
  },
  incomplete: { en: 'Something is missing or wrong', fr: 'Il manque quelque chose, ou c’est erroné' },
  opened: { en: 'declared by command line', fr: 'déclaré en ligne de commande' },
} as const;
