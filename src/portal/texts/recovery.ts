/** Sentences about recovery codes. */
import type { Text } from '../../core/model.ts';

export const recoveryTexts = {
  title: { en: 'I have lost my passkey', fr: 'J’ai perdu ma clé d’accès' },
  intro: {
    en: 'With one of your recovery codes you can make a new passkey, or set up your authenticator app anew.',
    fr: 'Avec l’un de vos codes de secours, vous pouvez créer une nouvelle clé d’accès, ou reconfigurer votre application d’authentification.',
  },
  code: { en: 'Recovery code', fr: 'Code de secours' },
  hint: {
    en: 'Twenty letters and digits. Too many wrong codes end them all.',
    fr: 'Vingt lettres et chiffres. Trop de codes erronés mettent fin à tous.',
  },
  noCode: {
    en: 'No code at hand? Ask a representative of your organisation to invite you anew, or the provider if there is nobody else.',
    fr: 'Pas de code sous la main ? Demandez à un représentant de votre organisation de vous inviter à nouveau, ou au prestataire s’il n’y a personne d’autre.',
  },
  wrong: {
    en: 'This code does not hold: it is mistyped, was used, or was replaced by newer ones.',
    fr: 'Ce code n’est pas valable : il est mal saisi, a déjà servi ou a été remplacé par de plus récents.',
  },
  tooMany: { en: 'Too many tries from here', fr: 'Trop de tentatives depuis cet endroit' },
  tooManyNext: {
    en: 'Wait ten minutes, then enter the code once more.',
    fr: 'Attendez dix minutes, puis saisissez le code une nouvelle fois.',
  },
  start: { en: 'This page has lost your code', fr: 'Cette page a perdu votre code' },
  startNext: {
    en: 'Enter a recovery code anew, or ask a representative of your organisation for an invitation.',
    fr: 'Saisissez à nouveau un code de secours, ou demandez une invitation à un représentant de votre organisation.',
  },
  welcome: (name: string, client: string): Text => ({
    en: `${name}, for ${client}`,
    fr: `${name}, pour ${client}`,
  }),
  what: {
    en: 'Make a new passkey on this device. Then:',
    fr: 'Créez une nouvelle clé d’accès sur cet appareil. Ensuite :',
  },
  effects: [
    {
      en: 'your old passkeys end, and whoever is signed in with them is signed out;',
      fr: 'vos anciennes clés d’accès prennent fin, et toute personne connectée avec elles est déconnectée ;',
    },
    {
      en: 'everybody who acts for your organisation is told;',
      fr: 'toutes les personnes qui agissent pour votre organisation en sont informées ;',
    },
    {
      en: 'you can sign agreements after 48 hours, or as soon as another representative confirms that it was you. Reading and stopping work at once.',
      fr: 'vous pourrez signer des accords après 48 heures, ou dès qu’un autre représentant confirme que c’était bien vous. Consulter et arrêter restent possibles tout de suite.',
    },
  ] satisfies readonly Text[],
  whatApp: {
    en: 'Set up your authenticator app anew. Then:',
    fr: 'Reconfigurez votre application d’authentification. Ensuite :',
  },
  effectsApp: [
    {
      en: 'codes of the old app open nothing any more, and whoever is signed in with them is signed out;',
      fr: 'les codes de l’ancienne application n’ouvrent plus rien, et toute personne connectée avec eux est déconnectée ;',
    },
    {
      en: 'everybody who acts for your organisation is told;',
      fr: 'toutes les personnes qui agissent pour votre organisation en sont informées ;',
    },
    {
      en: 'you can agree after 48 hours, or as soon as another representative confirms that it was you. Reading and stopping work at once.',
      fr: 'vous pourrez donner un accord après 48 heures, ou dès qu’un autre représentant confirme que c’était bien vous. Consulter et arrêter restent possibles tout de suite.',
    },
  ] satisfies readonly Text[],
  create: { en: 'Create my new passkey', fr: 'Créer ma nouvelle clé d’accès' },
  returned: {
    en: 'The new passkey is recorded, and the old ones have ended. Your other recovery codes still hold.',
    fr: 'La nouvelle clé d’accès est enregistrée, et les anciennes ont pris fin. Vos autres codes de secours restent valables.',
  },
  codesTitle: { en: 'Your recovery codes', fr: 'Vos codes de secours' },
  codesText: {
    en: 'Note them now, on paper: they are not shown again. Each works once and lets you in if you lose your passkey or your app. Keep them where nobody else reads them.',
    fr: 'Notez-les maintenant, sur papier : ils ne seront plus affichés. Chacun sert une fois et vous permet de revenir si vous perdez votre clé d’accès ou votre application. Gardez-les là où personne d’autre ne les lit.',
  },
  noted: { en: 'I have noted them', fr: 'Je les ai notés' },
  section: {
    en: 'A recovery code lets you in if you lose your passkey or your app. New codes make the earlier ones void.',
    fr: 'Un code de secours vous permet de revenir si vous perdez votre clé d’accès ou votre application. De nouveaux codes annulent les précédents.',
  },
  renew: { en: 'Show new recovery codes', fr: 'Afficher de nouveaux codes de secours' },
  notNeeded: { en: 'You need no recovery codes', fr: 'Vous n’avez pas besoin de codes de secours' },
  notNeededNext: {
    en: 'Sign in with the account of your organisation, and make a new passkey on this page.',
    fr: 'Connectez-vous avec le compte de votre organisation et créez une nouvelle clé d’accès sur cette page.',
  },
  notYet: { en: 'Your earlier codes still hold', fr: 'Vos codes précédents restent valables' },
  notYetNext: {
    en: 'You were enrolled anew less than 48 hours ago. You get new codes after that, or once another representative has confirmed you.',
    fr: 'Votre nouvelle inscription date de moins de 48 heures. Vous obtiendrez de nouveaux codes ensuite, ou dès qu’un autre représentant vous aura confirmé.',
  },
} as const;
