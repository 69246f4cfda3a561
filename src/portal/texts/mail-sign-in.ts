/** Sentences about people who sign in by mail and code instead of a passkey. */
import type { Text } from '../../core/model.ts';

export const mailSignInTexts = {
  title: { en: 'Sign in by mail and code', fr: 'Se connecter par courriel et code' },
  intro: {
    en: 'For people whose organisation enrolled them so. You get a mail, and then enter what your authenticator app shows.',
    fr: 'Pour les personnes que leur organisme a inscrites ainsi. Vous recevez un courriel, puis vous saisissez ce qu’affiche votre application d’authentification.',
  },
  address: { en: 'Your mail address', fr: 'Votre adresse de courriel' },
  send: { en: 'Send me a mail', fr: 'M’envoyer un courriel' },
  codeTitle: { en: 'Look into your mail', fr: 'Consultez votre courriel' },
  codeIntro: {
    en: 'If this address signs in here, a mail is on its way to it. It holds for ten minutes, once, and only in this browser.',
    fr: 'Si cette adresse sert à se connecter ici, un courriel lui est envoyé. Il vaut dix minutes, une seule fois, et seulement dans ce navigateur.',
  },
  mailed: { en: 'Code from the mail', fr: 'Code reçu par courriel' },
  mailedHint: { en: 'Twelve letters and digits.', fr: 'Douze lettres et chiffres.' },
  code: { en: 'Code of your authenticator app', fr: 'Code de votre application d’authentification' },
  codeHint: {
    en: 'Six digits. Each holds for half a minute, once.',
    fr: 'Six chiffres. Chacun vaut une demi-minute, une seule fois.',
  },
  signIn: { en: 'Sign in', fr: 'Me connecter' },
  again: { en: 'Ask for another mail', fr: 'Demander un autre courriel' },
  refused: {
    no_attempt: {
      en: 'This browser waits for no mail: it asked for none, too long ago, or too many codes were wrong. Ask for another mail here, or enter the code in the browser that asked.',
      fr: 'Ce navigateur n’attend aucun courriel\u202f: il n’en a pas demandé, trop de temps a passé, ou trop de codes étaient erronés. Demandez un autre courriel ici, ou saisissez le code dans le navigateur qui l’a demandé.',
    },
    mail_wrong: {
      en: 'This is not the code of the newest mail.',
      fr: 'Ce n’est pas le code du dernier courriel.',
    },
    code_wrong: {
      en: 'The app’s code is not right, or was used already. Wait for the next one.',
      fr: 'Le code de l’application n’est pas le bon, ou a déjà servi. Attendez le suivant.',
    },
    code_locked: {
      en: 'Too many wrong codes. Nothing can be entered for 15 minutes, and for longer each further time, up to a day; if it was not you, tell your provider.',
      fr: 'Trop de codes erronés. Aucune saisie n’est possible pendant 15 minutes, puis plus longtemps à chaque nouvelle fois, jusqu’à un jour\u202f; si ce n’était pas vous, prévenez votre prestataire.',
    },
  },
  tooMany: { en: 'Too many tries', fr: 'Trop de tentatives' },
  tooManyNext: {
    en: 'Wait some minutes, then ask for a mail again.',
    fr: 'Patientez quelques minutes, puis redemandez un courriel.',
  },
  mail: {
    subject: (client: string): Text => ({
      en: `Your sign-in for ${client}`,
      fr: `Votre connexion pour ${client}`,
    }),
    text: (client: string): Text => ({
      en: `Somebody, most likely you, wants to sign in for ${client}.`,
      fr: `Quelqu’un, sans doute vous, veut se connecter pour ${client}.`,
    }),
    code: { en: 'Code', fr: 'Code' },
    where: {
      en: 'It holds for ten minutes, once, and only in the browser that asked for it. Your app’s code is needed too.',
      fr: 'Il vaut dix minutes, une seule fois, et seulement dans le navigateur qui l’a demandé. Le code de votre application est nécessaire aussi.',
    },
    notYou: {
      en: 'If it was not you, do nothing, and keep this code to yourself: no provider asks for it.',
      fr: 'Si ce n’était pas vous, ne faites rien et ne donnez ce code à personne\u202f: aucun prestataire ne le demande.',
    },
    open: { en: 'Or open the form here', fr: 'Ou ouvrez le formulaire ici' },
    footer: {
      en: 'Opening the address does nothing by itself.',
      fr: 'Ouvrir l’adresse ne fait rien par soi-même.',
    },
  },
  setUp: { en: 'Set up your authenticator app', fr: 'Configurez votre application d’authentification' },
  setUpText: {
    en: 'You sign in by a mail and a code that an app on your phone shows. Let the app read this picture, or enter the key by hand, then enter the code it shows.',
    fr: 'Vous vous connectez par un courriel et par un code qu’affiche une application de votre téléphone. Faites lire cette image à l’application, ou saisissez la clé à la main, puis saisissez le code affiché.',
  },
  picture: { en: 'The key as a picture for the app', fr: 'La clé sous forme d’image pour l’application' },
  key: { en: 'Key', fr: 'Clé' },
  openApp: { en: 'Open in the app on this device', fr: 'Ouvrir dans l’application de cet appareil' },
  finish: { en: 'Finish', fr: 'Terminer' },
  weaker: {
    en: 'Weaker than a passkey: you sign nothing with a key of your own, and what you agree to is recorded as given by mail and code, without a signature.',
    fr: 'Moins probant qu’une clé d’accès\u202f: vous ne signez rien avec une clé à vous, et ce que vous acceptez est enregistré comme donné par courriel et code, sans signature.',
  },
  seat: { en: 'Mail and code,', fr: 'Courriel et code,' },
  seatText: {
    en: 'You sign in by mail and code. For a passkey, which proves more, ask your provider to name you so, then for an invitation.',
    fr: 'Vous vous connectez par courriel et code. Pour une clé d’accès, plus probante, demandez à votre prestataire de vous désigner ainsi, puis une invitation.',
  },
  agree: { en: 'Agree by code', fr: 'Accepter par code' },
  agreeText: {
    en: 'You agree by the code of your app, without a signature of your own: weaker evidence, and recorded as such. A passkey would sign the text.',
    fr: 'Vous acceptez par le code de votre application, sans signature propre\u202f: preuve plus faible, enregistrée comme telle. Une clé d’accès signerait le texte.',
  },
  unsigned: {
    en: 'Signed in by mail and code; no signature of their own. This is weaker evidence than a passkey’s signature.',
    fr: 'Connexion par courriel et code\u202f; pas de signature propre. C’est une preuve plus faible que la signature d’une clé d’accès.',
  },
  notAccepted: {
    en: 'Your organisation accepts no agreement without a signature. Somebody with a passkey has to sign, or your provider’s file on you must say otherwise.',
    fr: 'Votre organisme n’accepte pas d’accord sans signature. Une personne munie d’une clé d’accès doit signer, ou le fichier de votre prestataire vous concernant doit prévoir le contraire.',
  },
} as const;
