/**
 * Everything this room says to people, in both languages: what happened and what to do, each with its stable code.
 */

import { type FaultCode, faultAnswers } from '../core/faults.ts';
import type { Account, IdentityProvider, Text } from '../core/model.ts';
import type { Notice } from './answer.ts';

const again: Text = { en: 'Sign in again', fr: 'Se reconnecter' };
const toPortal: Text = { en: 'Go to the portal', fr: 'Aller au portail' };

export const notices = {
  cookieTwice: {
    code: 'bad_request',
    status: 400,
    title: { en: 'Your browser sent two sessions', fr: 'Votre navigateur a envoyé deux sessions' },
    lines: [
      {
        en: 'Nothing was done. Delete the cookies of this site, then sign in again.',
        fr: 'Rien n’a été fait. Supprimez les cookies de ce site, puis reconnectez-vous.',
      },
    ],
  },
  formRefused: {
    code: 'form_expired',
    status: 403,
    title: { en: 'This form is no longer valid', fr: 'Ce formulaire n’est plus valable' },
    lines: [
      {
        en: 'Nothing was done: the page was open for too long, or the request came from another site. Go back, reload the page and try again.',
        fr: 'Rien n’a été fait : la page est restée ouverte trop longtemps, ou la demande venait d’un autre site. Revenez en arrière, rechargez la page et réessayez.',
      },
    ],
  },
  notSignedIn: {
    code: 'not_authenticated',
    status: 401,
    title: { en: 'Please sign in', fr: 'Veuillez vous connecter' },
    lines: [
      {
        en: 'You are not signed in, or your session has ended.',
        fr: 'Vous n’êtes pas connecté, ou votre session est terminée.',
      },
    ],
    links: [{ href: '/sign-in', label: again }],
  },
  wrongKind: {
    code: 'not_for_you',
    status: 403,
    title: { en: 'This page is for other people', fr: 'Cette page est destinée à d’autres personnes' },
    lines: [
      {
        en: 'You are signed in, but your role does not include this page.',
        fr: 'Vous êtes connecté, mais votre rôle ne comprend pas cette page.',
      },
    ],
    links: [{ href: '/', label: toPortal }],
  },
  unknownProvider: {
    code: 'sign_in_unknown_provider',
    status: 404,
    title: { en: 'There is no such sign-in service', fr: 'Ce service de connexion n’existe pas' },
    lines: [
      {
        en: 'It may have been renamed. Start from the portal.',
        fr: 'Il a peut-être été renommé. Repartez du portail.',
      },
    ],
    links: [{ href: '/sign-in', label: again }],
  },
  noProvider: {
    code: 'sign_in_not_configured',
    status: 503,
    title: { en: 'Nobody can sign in yet', fr: 'Personne ne peut encore se connecter' },
    lines: [
      {
        en: 'No sign-in service is configured. Tell your administrator.',
        fr: 'Aucun service de connexion n’est configuré. Prévenez votre administrateur.',
      },
    ],
  },
  expired: {
    code: 'sign_in_expired',
    status: 400,
    title: { en: 'This sign-in can no longer be used', fr: 'Cette connexion n’est plus utilisable' },
    lines: [
      {
        en: 'It took more than ten minutes, was already used, or was started in another browser. Start again.',
        fr: 'Elle a duré plus de dix minutes, a déjà servi ou a commencé dans un autre navigateur. Recommencez.',
      },
    ],
    links: [{ href: '/sign-in', label: again }],
  },
  refused: {
    code: 'sign_in_refused',
    status: 403,
    title: { en: 'The sign-in was cancelled or refused', fr: 'La connexion a été annulée ou refusée' },
    lines: [
      {
        en: 'The sign-in service said no. If you did not cancel it yourself, ask your administrator whether you may use this application.',
        fr: 'Le service de connexion a refusé. Si vous ne l’avez pas annulée vous-même, demandez à votre administrateur si vous avez accès à cette application.',
      },
    ],
    links: [{ href: '/sign-in', label: again }],
  },
  failed: {
    code: 'sign_in_failed',
    status: 400,
    title: { en: 'The sign-in could not be checked', fr: 'La connexion n’a pas pu être vérifiée' },
    lines: [
      {
        en: 'The answer of the sign-in service was not valid, so nobody was signed in. Start again; if it happens twice, tell your administrator the time and the code below.',
        fr: 'La réponse du service de connexion n’était pas valide : personne n’a été connecté. Recommencez ; si cela se répète, indiquez à votre administrateur l’heure et le code ci-dessous.',
      },
    ],
    links: [{ href: '/sign-in', label: again }],
  },
  passkeyUnknown: {
    code: 'passkey_unknown',
    status: 403,
    title: { en: 'This passkey opens nothing here', fr: 'Cette clé d’accès n’ouvre rien ici' },
    lines: [
      {
        en: 'Nobody was signed in: the passkey is not enrolled, or its holder no longer acts for their organisation. Whoever represents your organisation can invite you anew.',
        fr: 'Personne n’a été connecté : la clé d’accès n’est pas inscrite, ou son titulaire n’agit plus pour son organisation. Un représentant de votre organisation peut vous inviter à nouveau.',
      },
    ],
    links: [{ href: '/sign-in', label: again }],
  },
  notActive: {
    code: 'account_not_active',
    status: 403,
    title: { en: 'Your account is not active today', fr: 'Votre compte n’est pas actif aujourd’hui' },
    lines: [
      {
        en: 'The staff file or your company’s directory says that you have not started yet or have left. If that is wrong, tell your administrator.',
        fr: 'D’après le fichier du personnel ou l’annuaire de votre entreprise, vous n’avez pas encore commencé ou vous êtes parti. Si c’est une erreur, prévenez votre administrateur.',
      },
    ],
  },
  signedOut: {
    code: 'signed_out',
    status: 200,
    title: { en: 'You are signed out', fr: 'Vous êtes déconnecté' },
    lines: [
      {
        en: 'The accesses opened from this sign-in are closed. You can close this window.',
        fr: 'Les accès ouverts depuis cette connexion sont fermés. Vous pouvez fermer cette fenêtre.',
      },
    ],
    links: [{ href: '/sign-in', label: again }],
  },
} as const satisfies Readonly<Record<string, Notice>>;

/** The account is known to the provider and not to us: the very lines to hand to the administrator. */
export function unknownAccount(account: Account, provider: IdentityProvider, name?: unknown): Notice {
  const staff = provider.serves.includes('staff');
  return {
    code: 'account_unknown',
    status: 403,
    title: { en: 'Nobody has given you access yet', fr: 'Personne ne vous a encore donné accès' },
    lines: [
      {
        en: 'You signed in, but this account is in no file of people.',
        fr: 'Vous vous êtes connecté, mais ce compte ne figure dans aucun fichier de personnes.',
      },
      staff
        ? {
            en: 'Send these lines to your administrator, who puts them into your entry in staff.yaml:',
            fr: 'Envoyez ces lignes à votre administrateur, qui les placera dans votre fiche du fichier staff.yaml :',
          }
        : {
            en: 'Send these lines to your provider’s administrator, who puts them into your entry in your organisation’s file:',
            fr: 'Envoyez ces lignes à l’administrateur de votre prestataire, qui les placera dans votre fiche du fichier de votre organisme :',
          },
    ],
    paste: entryLines(account, name),
    links: [
      {
        href: `/sign-in/${encodeURIComponent(provider.id)}?again=1`,
        label: { en: 'Use another account', fr: 'Utiliser un autre compte' },
      },
    ],
  };
}

/** YAML at the depth of an entry. Every value is quoted as JSON, which YAML reads alike, whatever it holds. */
function entryLines({ issuer, subject }: Account, name: unknown): string {
  const called =
    typeof name === 'string'
      ? name
          .replace(/[\p{C}\u2028\u2029]/gu, '')
          .slice(0, 200)
          .trim()
      : '';
  const lines = [...(called === '' ? [] : [['name', called]]), ['issuer', issuer], ['subject', subject]];
  return lines.map(([key, value]) => `    ${key}: ${JSON.stringify(value)}\n`).join('');
}

export const companyAccount: Text = { en: 'Company account', fr: 'Compte d’entreprise' };

export const mailAndCode: Text = { en: 'Mail and code', fr: 'Courriel et code' };

/** Several ways: which one? `passkey`: where a sign-in with a passkey leads; undefined: nobody has one. */
export function chooser(
  choices: readonly { readonly href: string; readonly label: Text }[],
  passkey: string | undefined,
): Notice {
  return {
    code: 'sign_in',
    status: 200,
    title: { en: 'Sign in', fr: 'Se connecter' },
    lines: [{ en: 'Choose how you sign in.', fr: 'Choisissez comment vous connecter.' }],
    links: choices,
    ...(passkey === undefined ? {} : { passkey }),
  };
}

/** Leads from our answer to the provider's sign-out; a form may not be redirected to another origin. */
export function leaving(url: string): Notice {
  return {
    code: 'signing_out',
    status: 200,
    title: { en: 'Signing out', fr: 'Déconnexion' },
    lines: [
      {
        en: 'You are signed out here. One more step signs you out at your sign-in service.',
        fr: 'Vous êtes déconnecté ici. Une dernière étape vous déconnecte de votre service de connexion.',
      },
    ],
    links: [{ href: url, label: { en: 'Continue', fr: 'Continuer' } }],
    onward: url,
  };
}

/** The session is gone, but ending what hangs on it could not be recorded. */
export const signedOutUnrecorded: Notice = {
  code: 'ledger_unavailable',
  status: 503,
  title: { en: 'Signed out here, not yet recorded', fr: 'Déconnecté ici, pas encore enregistré' },
  lines: [
    {
      en: 'Your portal session is gone. Accesses that were open could not be closed, because the access log cannot be written right now: nothing is forwarded meanwhile, and we keep trying to close them.',
      fr: 'Votre session du portail est terminée. Les accès ouverts n’ont pas pu être fermés, car le journal des accès ne peut pas être écrit en ce moment : rien n’est transmis entre-temps, et nous continuons d’essayer de les fermer.',
    },
  ],
};

/** A fault, in the words of the common table. */
export function faultNotice(code: FaultCode): Notice {
  const answer = faultAnswers[code];
  return {
    code,
    status: answer.status,
    title: { en: 'Not possible right now', fr: 'Impossible pour le moment' },
    lines: [answer.text],
    ...(answer.retryAfter === undefined ? {} : { retryAfter: answer.retryAfter }),
    links: [{ href: '/sign-in', label: { en: 'Try again', fr: 'Réessayer' } }],
  };
}

/** The short page on the way to sign-in; a browser goes on by itself. */
export function leadingOn(address: string): Notice {
  return {
    code: 'sign_in',
    status: 200,
    title: { en: 'Please sign in', fr: 'Veuillez vous connecter' },
    lines: [
      {
        en: 'You are being led to sign-in; afterwards you come back to what you wanted to open.',
        fr: 'Vous êtes dirigé vers la connexion ; vous reviendrez ensuite à ce que vous vouliez ouvrir.',
      },
    ],
    links: [{ href: address, label: { en: 'Sign in', fr: 'Se connecter' } }],
    onward: address,
  };
}
