/** Sentences about further signatures: a second representative, signing again after one was removed, renewing. */
import type { Text } from '../../core/model.ts';

export const signingTexts = {
  more: { en: 'More limits', fr: 'Autres limites' },
  twoLink: {
    en: 'Have two representatives sign each agreement',
    fr: 'Faire signer chaque accord par deux représentants',
  },
  title: { en: 'How your organisation signs', fr: 'Comment votre organisation signe' },
  oneNow: {
    en: 'One representative signs an agreement.',
    fr: 'Un représentant signe un accord.',
  },
  twoNow: {
    en: 'Two different representatives sign each agreement; until the second has signed it permits nothing.',
    fr: 'Deux représentants différents signent chaque accord ; tant que le second n’a pas signé, il ne permet rien.',
  },
  firstSigned: (name: string, until: string): Text => ({
    en: `${name} has signed to go back to one signature. A second, different representative must sign the same words until ${until}.`,
    fr: `${name} a signé pour revenir à une seule signature. Un second représentant, différent, doit signer le même texte avant le ${until}.`,
  }),
  onTitle: { en: 'Want two signatures', fr: 'Demander deux signatures' },
  offTitle: { en: 'Go back to one signature', fr: 'Revenir à une seule signature' },
  needTwo: {
    en: 'You need a second representative first: invite one under People.',
    fr: 'Il vous faut d’abord un second représentant : invitez-le dans Personnes.',
  },
  onlyRepresentative: {
    en: 'A representative of your organisation can change this.',
    fr: 'Un représentant de votre organisation peut changer cela.',
  },
  ruleSet: {
    en: 'Recorded: two representatives sign from now on.',
    fr: 'Enregistré : désormais, deux représentants signent.',
  },
  ruleFirst: {
    en: 'Your signature is recorded. Nothing changes until a second representative signs the same words.',
    fr: 'Votre signature est enregistrée. Rien ne change tant qu’un second représentant n’a pas signé le même texte.',
  },
  ruleOff: {
    en: 'Recorded: one representative signs from now on.',
    fr: 'Enregistré : désormais, un seul représentant signe.',
  },
  waits: {
    en: 'This agreement permits nothing yet: a second, different representative must sign the same text.',
    fr: 'Cet accord ne permet encore rien : un second représentant, différent, doit signer le même texte.',
  },
  confirm: (until: string): Text => ({
    en: `Somebody who signed this agreement no longer acts for you. It ends after ${until} unless another representative signs the same text.`,
    fr: `Une personne qui a signé cet accord n’agit plus pour vous. Il prend fin après le ${until} si un autre représentant ne signe pas le même texte.`,
  }),
  signedAlready: {
    en: 'You have signed it; somebody else must.',
    fr: 'Vous l’avez signé ; une autre personne doit le faire.',
  },
  signTitle: { en: 'Sign the same text', fr: 'Signer le même texte' },
  sign: { en: 'Sign this text', fr: 'Signer ce texte' },
  signers: { en: 'Signed by', fr: 'Signé par' },
  gone: (name: string): Text => ({
    en: `${name} (no longer acts for you)`,
    fr: `${name} (n’agit plus pour vous)`,
  }),
  signedSecond: {
    en: 'Your signature is recorded. The agreement is in force.',
    fr: 'Votre signature est enregistrée. L’accord est en vigueur.',
  },
  signedMore: {
    en: 'Your signature is recorded. One more is needed.',
    fr: 'Votre signature est enregistrée. Il en faut encore une.',
  },
  givenFirst: {
    en: 'Your signature is recorded. The agreement permits nothing until a second representative signs the same text.',
    fr: 'Votre signature est enregistrée. L’accord ne permet rien tant qu’un second représentant n’a pas signé le même texte.',
  },
  requestWaits: {
    en: 'One representative has agreed; a second one must sign before it may be used.',
    fr: 'Un représentant a donné son accord ; un second doit signer avant qu’il puisse servir.',
  },
  renew: { en: 'Renew', fr: 'Renouveler' },
  tasks: {
    second: { en: 'An agreement waits for a second signature', fr: 'Un accord attend une seconde signature' },
    again: { en: 'An agreement must be signed again', fr: 'Un accord doit être signé de nouveau' },
    ends: { en: 'An agreement ends soon', fr: 'Un accord prend bientôt fin' },
    rule: { en: 'Going back to one signature', fr: 'Revenir à une seule signature' },
    left: (what: string, left: Text): Text => ({
      en: `${what} – ${left.en} left`,
      fr: `${what} – encore ${left.fr}`,
    }),
    look: { en: 'Read and sign', fr: 'Lire et signer' },
    see: { en: 'See', fr: 'Voir' },
  },
  events: {
    second: {
      en: 'Agreement signed by a second representative',
      fr: 'Accord signé par un second représentant',
    },
    confirmed: { en: 'Agreement signed again', fr: 'Accord signé de nouveau' },
    on: { en: 'Two signatures are wanted from now on', fr: 'Deux signatures sont demandées désormais' },
    first: { en: 'First signature to go back to one', fr: 'Première signature pour revenir à une seule' },
    off: { en: 'One signature is enough from now on', fr: 'Une seule signature suffit désormais' },
    lapsed: {
      en: 'A signature that was waited for did not come',
      fr: 'Une signature attendue n’est jamais venue',
    },
  },
  errors: {
    nothing: {
      en: 'Nothing waits for this signature any more. Nothing was changed.',
      fr: 'Plus rien n’attend cette signature. Rien n’a changé.',
    },
    next: {
      en: 'Open the agreement again and look at its state.',
      fr: 'Rouvrez l’accord et regardez son état.',
    },
    grant_settled: {
      en: 'Somebody else has signed this already; no further signature is needed.',
      fr: 'Une autre personne l’a déjà signé ; aucune autre signature n’est nécessaire.',
    },
    same_person: {
      en: 'You have signed this text already. The other signature must come from somebody else.',
      fr: 'Vous avez déjà signé ce texte. L’autre signature doit venir d’une autre personne.',
    },
    rule_same: { en: 'It is so already.', fr: 'C’est déjà le cas.' },
    rule_pending: {
      en: 'Another text waits for its second signature, or that one has lapsed.',
      fr: 'Un autre texte attend sa seconde signature, ou celui-ci est caduc.',
    },
    nobody_else: {
      en: 'There is no other representative yet. Invite a second one first.',
      fr: 'Vous êtes le seul représentant. Invitez-en d’abord un second.',
    },
  },
} as const;
