/** Sentences of the agreement pages: list, form, review, signature, withdrawal. */

import type { Text } from '../../core/model.ts';
import { mailSignInTexts } from './mail-sign-in.ts';

export const agreementTexts = {
  title: { en: 'Agreements', fr: 'Accords' },
  intro: {
    en: 'Nobody enters your systems without an agreement from you. You can withdraw one at any time; what is running under it is cut at once.',
    fr: 'Personne n’entre dans vos systèmes sans un accord de votre part. Vous pouvez le retirer à tout moment ; ce qui s’exécute sous cet accord est coupé aussitôt.',
  },
  empty: { en: 'You have given no agreement.', fr: 'Vous n’avez donné aucun accord.' },
  give: { en: 'Give an agreement', fr: 'Donner un accord' },
  see: { en: 'Read the full text', fr: 'Lire le texte complet' },
  author: { en: 'Given by', fr: 'Donné par' },
  givenAt: { en: 'Given on', fr: 'Donné le' },
  from: { en: 'From', fr: 'Du' },
  until: { en: 'Until', fr: 'Au' },
  left: (left: string): Text => ({ en: `${left} left`, fr: `encore ${left}` }),
  status: { en: 'Status', fr: 'État' },
  systems: { en: 'Systems', fr: 'Systèmes' },
  purposes: { en: 'Purposes', fr: 'Finalités' },
  operations: { en: 'What may be done', fr: 'Ce qui peut être fait' },
  people: { en: 'Who', fr: 'Qui' },
  assigned: {
    en: 'Whoever the provider assigned to the system',
    fr: 'Toute personne affectée au système par le prestataire',
  },
  named: { en: 'Only the people ticked here', fr: 'Seulement les personnes cochées ici' },
  team: (name: string): Text => ({ en: `team ${name}`, fr: `équipe ${name}` }),
  fullText: { en: 'Full text', fr: 'Texte complet' },
  hash: { en: 'Fingerprint of the text', fr: 'Empreinte du texte' },
  notStarted: { en: 'Not started yet', fr: 'Pas encore commencé' },
  formTitle: { en: 'Give an agreement', fr: 'Donner un accord' },
  formIntro: {
    en: 'Tick only what you agree to. You will read the full text before you sign; nothing is agreed before that.',
    fr: 'Ne cochez que ce que vous acceptez. Vous lirez le texte complet avant de signer ; rien n’est accordé avant.',
  },
  fromHint: { en: 'First day, in your time zone.', fr: 'Premier jour, dans votre fuseau horaire.' },
  untilHint: {
    en: 'Last day, included. At most 12 months from today: an agreement always has an end.',
    fr: 'Dernier jour inclus. 12 mois au plus à compter d’aujourd’hui : un accord a toujours une fin.',
  },
  review: { en: 'Read the text', fr: 'Lire le texte' },
  reviewTitle: { en: 'Read, then sign', fr: 'Lisez, puis signez' },
  reviewIntro: {
    en: 'This is the whole text. Nothing is agreed until you sign it.',
    fr: 'Voici le texte complet. Rien n’est accordé tant que vous n’avez pas signé.',
  },
  machine: {
    en: 'The same text as it is signed and recorded',
    fr: 'Le même texte, tel qu’il est signé et enregistré',
  },
  sign: { en: 'Sign with my passkey', fr: 'Signer avec ma clé d’accès' },
  signEvaluation: {
    en: 'Sign (evaluation: the gateway signs)',
    fr: 'Signer (évaluation : la passerelle signe)',
  },
  signEvaluationHint: {
    en: 'Evaluation only: the gateway signs with a key that it holds itself. Such a signature proves nothing against the provider; in production only your own passkey signs.',
    fr: 'Évaluation seulement : la passerelle signe avec une clé qu’elle détient elle-même. Une telle signature ne prouve rien face au prestataire ; en production, seule votre propre clé d’accès signe.',
  },
  change: { en: 'Change something', fr: 'Modifier' },
  given: { en: 'The agreement is given and recorded.', fr: 'L’accord est donné et enregistré.' },
  revoke: { en: 'Withdraw', fr: 'Retirer' },
  suspend: { en: 'Suspend', fr: 'Suspendre' },
  resume: { en: 'Resume', fr: 'Rétablir' },
  revokeTitle: { en: 'Withdraw this agreement?', fr: 'Retirer cet accord ?' },
  revokeText: {
    en: 'What is running under it is cut at once. This cannot be undone; you can give a new agreement at any time.',
    fr: 'Ce qui s’exécute sous cet accord est coupé aussitôt. C’est définitif ; vous pourrez donner un nouvel accord à tout moment.',
  },
  suspendTitle: { en: 'Suspend this agreement?', fr: 'Suspendre cet accord ?' },
  suspendText: {
    en: 'What is running under it is cut at once. Nobody enters under it until you resume it.',
    fr: 'Ce qui s’exécute sous cet accord est coupé aussitôt. Personne n’entre sous cet accord tant que vous ne l’avez pas rétabli.',
  },
  restText: {
    en: 'This agreement rests because your provider changed where a system of yours leads. Look at the change below; ask your contact if you did not expect it. Once you resume the agreement, technicians can work there under it.',
    fr: 'Cet accord est en suspens : votre prestataire a modifié la destination de l’un de vos systèmes. Examinez la modification ci-dessous et interrogez votre interlocuteur si vous ne l’attendiez pas. Une fois l’accord rétabli, les techniciens pourront y travailler.',
  },
  resumeTitle: { en: 'Resume this agreement?', fr: 'Rétablir cet accord ?' },
  resumeText: {
    en: 'From then on technicians can declare accesses under it again.',
    fr: 'Dès lors, les techniciens pourront de nouveau déclarer des accès sous cet accord.',
  },
  withdrawn: { en: 'Agreement withdrawn.', fr: 'Accord retiré.' },
  suspended: { en: 'Agreement suspended.', fr: 'Accord suspendu.' },
  cutOff: (openings: number): Text => {
    if (openings === 0) return { en: 'No access was open.', fr: 'Aucun accès n’était ouvert.' };
    return openings === 1
      ? { en: '1 access ended.', fr: '1 accès terminé.' }
      : { en: `${openings} accesses ended.`, fr: `${openings} accès terminés.` };
  },
  resumed: { en: 'The agreement is in force again.', fr: 'L’accord est de nouveau en vigueur.' },
  errors: {
    code_wrong: mailSignInTexts.refused.code_wrong,
    code_locked: mailSignInTexts.refused.code_locked,
    unsigned: mailSignInTexts.notAccepted,
    systems: { en: 'Tick at least one of your systems.', fr: 'Cochez au moins un de vos systèmes.' },
    purposes: {
      en: 'Tick at least one purpose of the list.',
      fr: 'Cochez au moins une finalité de la liste.',
    },
    operations: { en: 'Tick at least one thing that may be done.', fr: 'Cochez au moins une chose permise.' },
    people: {
      en: 'Say who: everybody assigned, or at least one person or team.',
      fr: 'Dites qui : toute personne affectée, ou au moins une personne ou une équipe.',
    },
    from: {
      en: 'Give the first day as a date, not in the past.',
      fr: 'Donnez le premier jour sous forme de date, pas dans le passé.',
    },
    until: {
      en: 'Give the last day as a date, not before the first day.',
      fr: 'Donnez le dernier jour sous forme de date, pas avant le premier.',
    },
    grant_too_long: {
      en: 'An agreement ends at most 12 months from today. Choose a nearer last day.',
      fr: 'Un accord prend fin au plus tard 12 mois après aujourd’hui. Choisissez un dernier jour plus proche.',
    },
    noDraft: {
      en: 'There is no text to sign. Fill in the form first.',
      fr: 'Il n’y a aucun texte à signer. Remplissez d’abord le formulaire.',
    },
    changed: {
      en: 'The text has changed since you read it. Read it again, then sign.',
      fr: 'Le texte a changé depuis votre lecture. Relisez-le, puis signez.',
    },
    signature: {
      en: 'The signature could not be verified. Nothing was agreed. Try again.',
      fr: 'La signature n’a pas pu être vérifiée. Rien n’a été accordé. Réessayez.',
    },
    noPasskey: {
      en: 'You have no passkey yet. Add one first.',
      fr: 'Vous n’avez pas encore de clé d’accès. Ajoutez-en une d’abord.',
    },
    not_seated: {
      en: 'Your account is not enrolled to give agreements.',
      fr: 'Votre compte n’est pas inscrit pour donner des accords.',
    },
    not_yet: {
      en: 'The provider invited you while somebody already acted for your organisation: you can agree 48 hours after you were enrolled. Others of your organisation can agree now.',
      fr: 'Le prestataire vous a invité alors que quelqu’un agissait déjà pour votre organisation : vous pourrez donner un accord 48 heures après votre inscription. D’autres personnes de votre organisation le peuvent dès maintenant.',
    },
    request_ended: {
      en: 'The request has been answered already, or has lapsed. Nothing was agreed now.',
      fr: 'La demande a déjà reçu une réponse, ou est devenue caduque. Rien n’a été accordé à l’instant.',
    },
    own_request: {
      en: 'This request came from your own account. Somebody else must answer it. Nothing was agreed.',
      fr: 'Cette demande vient de votre propre compte. Une autre personne doit y répondre. Rien n’a été accordé.',
    },
    proposal_ended: {
      en: 'The proposal has been answered already, or has lapsed. Nothing was agreed now.',
      fr: 'La proposition a déjà reçu une réponse, ou est devenue caduque. Rien n’a été accordé à l’instant.',
    },
    outside_frame: {
      en: 'A representative must decide this: it lies outside of what you may agree to alone. Nothing was agreed.',
      fr: 'Un représentant doit en décider : cela dépasse ce que vous pouvez accorder seul. Rien n’a été accordé.',
    },
    grant_exists: { en: 'This agreement was already given.', fr: 'Cet accord a déjà été donné.' },
    grant_decided: {
      en: 'This was decided already, by you or by somebody else. Nothing was changed by this attempt.',
      fr: 'C’est déjà décidé, par vous ou par quelqu’un d’autre. Cette tentative n’a rien changé.',
    },
    grant_unknown: { en: 'This agreement does not exist.', fr: 'Cet accord n’existe pas.' },
    grant_ended: { en: 'This agreement has already ended.', fr: 'Cet accord est déjà terminé.' },
  },
} as const;
