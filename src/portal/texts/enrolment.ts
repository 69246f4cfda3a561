/** Sentences of the pages on which somebody who was invited takes their seat. */
import type { InvitationRefusal } from '../../core/commands.ts';
import type { Text } from '../../core/model.ts';

const anew: Text = {
  en: 'Ask whoever invited you for a new invitation.',
  fr: 'Demandez une nouvelle invitation à la personne qui vous a invité.',
};

export const enrolmentTexts = {
  title: { en: 'You were invited', fr: 'Vous êtes invité' },
  intro: {
    en: 'You opened your personal link. Now enter the code that you were told by phone or on paper.',
    fr: 'Vous avez ouvert votre lien personnel. Saisissez maintenant le code qui vous a été communiqué par téléphone ou sur papier.',
  },
  code: { en: 'Code', fr: 'Code' },
  codeHint: {
    en: 'Eight letters and digits. Five wrong codes end the invitation.',
    fr: 'Huit lettres et chiffres. Cinq codes erronés mettent fin à l’invitation.',
  },
  next: { en: 'Continue', fr: 'Continuer' },
  needsLink: {
    en: 'Open this page by the whole link that you were sent.',
    fr: 'Ouvrez cette page par le lien complet que vous avez reçu.',
  },
  left: (left: number): Text => ({
    en: left === 1 ? 'One try is left.' : `${left} tries are left.`,
    fr: left === 1 ? 'Il reste un essai.' : `Il reste ${left} essais.`,
  }),
  refused: {
    link_unknown: { en: 'This link is not known', fr: 'Ce lien n’est pas connu' },
    link_used: { en: 'This invitation was already used', fr: 'Cette invitation a déjà servi' },
    link_expired: { en: 'This invitation is too old', fr: 'Cette invitation est trop ancienne' },
    link_dead: {
      en: 'Too many wrong codes: this invitation has ended',
      fr: 'Trop de codes erronés : cette invitation a pris fin',
    },
    code_wrong: { en: 'This code is not the right one.', fr: 'Ce code n’est pas le bon.' },
  } satisfies { readonly [R in InvitationRefusal]: Text },
  anew,
  start: { en: 'This page has lost its invitation', fr: 'Cette page a perdu son invitation' },
  startNext: { en: 'Open your personal link again.', fr: 'Rouvrez votre lien personnel.' },
  notNamed: { en: 'You are no longer named to act', fr: 'Vous n’êtes plus désigné pour agir' },
  welcome: (client: string): Text => ({ en: `Act for ${client}`, fr: `Agir pour ${client}` }),
  you: { en: 'You', fr: 'Vous' },
  role: { en: 'Role', fr: 'Rôle' },
  authority: { en: 'On the strength of', fr: 'En vertu de' },
  invitedBy: { en: 'Invited by', fr: 'Invité par' },
  byProvider: (name: string): Text => ({ en: `the provider, ${name}`, fr: `le prestataire, ${name}` }),
  byClient: { en: 'a representative of your organisation', fr: 'un représentant de votre organisation' },
  passkeyWhy: {
    en: 'A passkey replaces the password: this device keeps it and asks for your fingerprint, your face or its code. With it you sign in, and sign what you agree to.',
    fr: 'Une clé d’accès remplace le mot de passe : cet appareil la garde et demande votre empreinte, votre visage ou son code. Elle vous sert à vous connecter et à signer vos accords.',
  },
  notYou: {
    en: 'If you are not this person, close this page and tell whoever sent you the link.',
    fr: 'Si vous n’êtes pas cette personne, fermez cette page et prévenez l’expéditeur du lien.',
  },
  create: { en: 'Create my passkey', fr: 'Créer ma clé d’accès' },
  signInFirst: {
    en: 'Your organisation signs in with its own accounts: sign in with yours, then enter the code once more.',
    fr: 'Votre organisation se connecte avec ses propres comptes : connectez-vous avec le vôtre, puis saisissez le code une nouvelle fois.',
  },
  signIn: { en: 'Sign in with my account', fr: 'Me connecter avec mon compte' },
} as const;
