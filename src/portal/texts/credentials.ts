/** Sentences of the page on what the client handed over. */
import type { Text } from '../../core/model.ts';

export const credentialTexts = {
  title: { en: 'Credentials you handed over', fr: 'Identifiants que vous avez confiés' },
  intro: {
    en: 'Accounts of your systems that you gave the provider to work with. The secret is sent to your system by the gateway; the people who work never see it.',
    fr: 'Comptes de vos systèmes que vous avez remis au prestataire pour travailler. La passerelle transmet le secret à votre système ; les intervenants ne le voient jamais.',
  },
  none: {
    en: 'You have handed over no credentials, as far as this gateway knows.',
    fr: 'À la connaissance de cette passerelle, vous n’avez confié aucun identifiant.',
  },
  system: { en: 'System', fr: 'Système' },
  account: { en: 'Account', fr: 'Compte' },
  kind: { en: 'Kind', fr: 'Type' },
  handedOver: { en: 'Handed over', fr: 'Remis' },
  document: { en: 'Reference', fr: 'Pièce de référence' },
  lastUsed: { en: 'Last used', fr: 'Dernier usage' },
  rotation: { en: 'Replacement', fr: 'Remplacement' },
  state: { en: 'State', fr: 'État' },
  never: { en: 'never', fr: 'jamais' },
  noDay: { en: 'no day agreed', fr: 'aucune date convenue' },
  due: (when: string): Text => ({ en: `due by ${when}`, fr: `prévu d’ici le ${when}` }),
  last: (when: string): Text => ({ en: `last on ${when}`, fr: `dernier le ${when}` }),
  states: {
    held: { en: 'in use', fr: 'en usage' },
    overdue: { en: 'replacement overdue', fr: 'remplacement en retard' },
    returned: { en: 'given back', fr: 'rendu' },
  },
  kinds: {
    basic: { en: 'password', fr: 'mot de passe' },
    bearer: { en: 'token', fr: 'jeton' },
    header: { en: 'key in a header', fr: 'clé dans un en-tête' },
    certificate: { en: 'client certificate', fr: 'certificat client' },
  },
} as const;
