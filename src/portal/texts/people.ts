/** Sentences of the page on who may act for a client. */
import type { Text } from '../../core/model.ts';

export const peopleTexts = {
  title: { en: 'People who act for you', fr: 'Personnes qui agissent pour vous' },
  intro: {
    en: 'Everybody here sees this list. A representative invites others and removes them; whoever is removed is signed out at once.',
    fr: 'Chacun ici voit cette liste. Un représentant invite d’autres personnes et les retire ; une personne retirée est déconnectée aussitôt.',
  },
  name: { en: 'Name', fr: 'Nom' },
  job: { en: 'Function', fr: 'Fonction' },
  role: { en: 'Role', fr: 'Rôle' },
  way: { en: 'Signs in with', fr: 'Se connecte avec' },
  since: { en: 'Enrolled', fr: 'Inscription' },
  passkey: { en: 'a passkey', fr: 'une clé d’accès' },
  account: { en: 'a company account', fr: 'un compte d’entreprise' },
  notYet: { en: 'named, not enrolled', fr: 'désigné, pas inscrit' },
  byProvider: { en: 'by the provider', fr: 'par le prestataire' },
  by: (name: string): Text => ({ en: `by ${name}`, fr: `par ${name}` }),
  gone: { en: 'somebody who has left', fr: 'une personne qui n’agit plus' },
  signedByGone: {
    en: 'somebody who no longer acts for you: withdraw it, or agree anew',
    fr: 'une personne qui n’agit plus pour vous : retirez cet accord, ou donnez-le à nouveau',
  },
  act: { en: 'What to do', fr: 'Que faire' },
  invite: { en: 'Invite', fr: 'Inviter' },
  inviteAgain: { en: 'Invite anew', fr: 'Inviter à nouveau' },
  remove: { en: 'Remove', fr: 'Retirer' },
  newTitle: { en: 'Invite somebody else', fr: 'Inviter une autre personne' },
  newIntro: {
    en: 'You get a link and a code. Send the link; tell the code by phone or on paper. Both are needed.',
    fr: 'Vous recevrez un lien et un code. Envoyez le lien ; communiquez le code par téléphone ou sur papier. Les deux sont nécessaires.',
  },
  namedBy: (name: string): Text => ({ en: `Named by ${name}`, fr: `Désigné par ${name}` }),
  nameMissing: {
    en: 'Say the name: 2 to 80 characters.',
    fr: 'Indiquez le nom : de 2 à 80 caractères.',
  },
  jobMissing: {
    en: 'Say the function: 2 to 80 characters.',
    fr: 'Indiquez la fonction : de 2 à 80 caractères.',
  },
  mail: { en: 'Mail address, if they want notices', fr: 'Adresse électronique, pour recevoir les avis' },
  mailHint: {
    en: 'May stay empty. It stands in your own record, as the name does, and is where notices about your systems go.',
    fr: 'Facultative. Elle figure dans votre propre journal, comme le nom, et les avis concernant vos systèmes y sont envoyés.',
  },
  mailWrong: {
    en: 'Give one mail address in plain letters, or none.',
    fr: 'Donnez une seule adresse électronique en lettres simples, ou aucune.',
  },
  mailRefused: (since: string): Text => ({
    en: `Mail to this person has been refused since ${since}: notices do not reach them.`,
    fr: `Les courriels à cette personne sont refusés depuis le ${since} : les avis ne lui parviennent pas.`,
  }),
  longAway: {
    en: 'Has not looked here for 90 days.',
    fr: 'N’a rien consulté ici depuis 90 jours.',
  },
  roleMissing: { en: 'Choose a role.', fr: 'Choisissez un rôle.' },
  invited: (name: string): Text => ({ en: `${name} is invited`, fr: `${name} : invitation faite` }),
  invitedText: {
    en: 'Note both now: they are not shown again. They work once, for 72 hours.',
    fr: 'Notez les deux maintenant : ils ne seront plus affichés. Ils servent une fois, pendant 72 heures.',
  },
  link: { en: 'Link, to send', fr: 'Lien, à envoyer' },
  code: { en: 'Code, to tell', fr: 'Code, à communiquer' },
  toPeople: { en: 'Back to the list', fr: 'Retour à la liste' },
  removeTitle: (name: string): Text => ({ en: `Remove ${name}?`, fr: `Retirer ${name} ?` }),
  removeText: {
    en: 'The person is signed out at once and can no longer act for you. Agreements that a representative gave stay in force until you withdraw them; what a delegate agreed to alone and is not over ends now.',
    fr: 'La personne est déconnectée aussitôt et ne peut plus agir pour vous. Les accords donnés par un représentant restent en vigueur tant que vous ne les retirez pas ; ce qu’un délégataire a accordé seul et qui n’est pas terminé prend fin maintenant.',
  },
  unknown: { en: 'There is no such person here', fr: 'Cette personne n’existe pas ici' },
  notSeated: {
    en: 'You no longer act for your organisation',
    fr: 'Vous n’agissez plus pour votre organisation',
  },
  nobodySeated: { en: 'This person is not enrolled any more', fr: 'Cette personne n’est plus inscrite' },
  last: {
    en: 'This is your last representative',
    fr: 'C’est votre dernier représentant',
  },
  lastNext: {
    en: 'Somebody must be able to agree and to withdraw. Invite another representative first.',
    fr: 'Quelqu’un doit pouvoir donner et retirer des accords. Invitez d’abord un autre représentant.',
  },
  confirm: { en: 'I know this was them', fr: 'Je confirme que c’est bien cette personne' },
  notYetFit: { en: 'You cannot do this yet', fr: 'Vous ne pouvez pas encore faire cela' },
  notYetFitNext: {
    en: 'You were enrolled anew less than 48 hours ago. Another representative can confirm on this page that it was you; or wait until then.',
    fr: 'Votre nouvelle inscription date de moins de 48 heures. Un autre représentant peut confirmer sur cette page que c’était bien vous ; sinon, attendez la fin du délai.',
  },
  ownSeat: { en: 'Nobody confirms themselves', fr: 'Nul ne se confirme soi-même' },
  ownSeatNext: {
    en: 'Ask another representative to do it.',
    fr: 'Demandez à un autre représentant de le faire.',
  },
  nobodyWaits: { en: 'There is nothing to confirm', fr: 'Il n’y a rien à confirmer' },
  arrivedByProvider: (name: string, when: string): Text => ({
    en: `${name} was enrolled by the provider on ${when}.`,
    fr: `${name} a été inscrit par le prestataire le ${when}.`,
  }),
  arrivedByCode: (name: string, when: string): Text => ({
    en: `${name} came back with a recovery code on ${when} and has a new passkey; the old ones have ended.`,
    fr: `${name} est revenu avec un code de secours le ${when} et a une nouvelle clé d’accès ; les anciennes ont pris fin.`,
  }),
  arrivedNext: {
    en: 'Ask this person whether it was them. If not, a representative removes them at once.',
    fr: 'Demandez à cette personne si c’était bien elle. Sinon, un représentant la retire aussitôt.',
  },
  codesGuessed: (name: string, when: string): Text => ({
    en: `Too many wrong codes were given for the sign-in of ${name} on ${when}; no code is taken for a while, longer each time.`,
    fr: `Trop de codes erronés ont été saisis pour la connexion de ${name} le ${when} ; plus aucun code n’est accepté pendant un temps, plus long à chaque fois.`,
  }),
  codesGuessedNext: {
    en: 'Ask this person whether it was them. If not, somebody reads their mail: they change its password, and a representative removes and invites them anew.',
    fr: 'Demandez à cette personne si c’était bien elle. Sinon, quelqu’un lit son courrier : qu’elle en change le mot de passe, et qu’un représentant la retire puis l’invite à nouveau.',
  },
  arrivedSeen: { en: 'I have seen this', fr: 'J’en ai pris connaissance' },
  whatNext: { en: 'Look at the list of people again.', fr: 'Consultez à nouveau la liste des personnes.' },
} as const;
