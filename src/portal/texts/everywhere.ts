/** Sentences that stand on many pages: navigation, errors, operations, roles. */
import type { ControllerRole, EndCause, GrantStatus, Operation, Text } from '../../core/model.ts';

export const commonTexts = {
  product: { en: 'Consentry', fr: 'Consentry' },
  skip: { en: 'Skip to content', fr: 'Aller au contenu' },
  language: { en: 'Language', fr: 'Langue' },
  navigation: { en: 'Main navigation', fr: 'Navigation principale' },
  signOut: { en: 'Sign out', fr: 'Se déconnecter' },
  signedInAs: { en: 'Signed in as', fr: 'Connecté :' },
  evaluation: {
    en: 'Evaluation mode: fictional people and data. Do not use with real data.',
    fr: 'Mode d’évaluation : personnes et données fictives. Ne pas utiliser avec de vraies données.',
  },
  footer: {
    en: 'Every access to a client’s system is recorded before it happens, and shown to that client.',
    fr: 'Chaque accès au système d’un client est enregistré avant d’avoir lieu, puis montré à ce client.',
  },
  more: { en: 'More pages, and sign out', fr: 'Autres pages et déconnexion' },
  contact: { en: 'Your contact', fr: 'Votre contact' },
  rulesChanged: { en: 'Rules last changed', fr: 'Dernière modification des règles' },
  dpo: { en: 'Data protection officer', fr: 'Délégué à la protection des données' },
  back: { en: 'Back', fr: 'Retour' },
  cancel: { en: 'Cancel', fr: 'Annuler' },
  next: { en: 'What to do next', fr: 'Que faire' },
  problems: { en: 'Please correct the following', fr: 'Veuillez corriger les points suivants' },
  requestId: { en: 'Request id', fr: 'Numéro de requête' },
  code: { en: 'Code', fr: 'Code' },
  none: { en: '–', fr: '–' },
  clock: {
    en: 'Times are shown in the client’s zone with the offset from UTC.',
    fr: 'Les heures sont données dans le fuseau du client, avec le décalage par rapport à UTC.',
  },
  versions: {
    title: (version: number, at: Text): Text => ({
      en: `Version ${version}, signed on ${at.en}`,
      fr: `Version ${version}, signée le ${at.fr}`,
    }),
    earlier: { en: 'Earlier versions', fr: 'Versions précédentes' },
  },
  nav: {
    systems: { en: 'My systems', fr: 'Mes systèmes' },
    record: { en: 'What I opened', fr: 'Mes accès' },
    now: { en: 'Now', fr: 'En ce moment' },
    takeAway: { en: 'Take away', fr: 'Emporter' },
    agreements: { en: 'Agreements', fr: 'Accords' },
    credentials: { en: 'Handed over', fr: 'Identifiants confiés' },
    people: { en: 'People', fr: 'Personnes' },
    seat: { en: 'My passkeys', fr: 'Mes clés d’accès' },
    home: { en: 'Home', fr: 'Accueil' },
  },
  errors: {
    notFound: { en: 'This page does not exist', fr: 'Cette page n’existe pas' },
    notFoundNext: {
      en: 'Check the address, or start again from the first page.',
      fr: 'Vérifiez l’adresse, ou repartez de la première page.',
    },
    forbidden: { en: 'This is not for your role', fr: 'Cette action n’est pas ouverte à votre rôle' },
    forbiddenNext: {
      en: 'Your account may not do this. If you think it should, ask the person who administers access.',
      fr: 'Votre compte ne permet pas cette action. Si elle vous revient, adressez-vous à la personne qui gère les accès.',
    },
    unsure: { en: 'This could not be done', fr: 'L’action n’a pas pu aboutir' },
    badForm: { en: 'The form could not be read', fr: 'Le formulaire n’a pas pu être lu' },
    badFormNext: {
      en: 'Go back, reload the page and send the form again.',
      fr: 'Revenez en arrière, rechargez la page et renvoyez le formulaire.',
    },
    refusedForm: {
      en: 'This form does not come from your own page',
      fr: 'Ce formulaire ne vient pas de votre propre page',
    },
    signIn: { en: 'Sign in first', fr: 'Connectez-vous d’abord' },
    signInNext: {
      en: 'You are not signed in, or your session has ended. Open the first page of the portal to sign in.',
      fr: 'Vous n’êtes pas connecté ou votre session a pris fin. Ouvrez la première page du portail pour vous connecter.',
    },
  },
} as const;

export const operationTexts: { readonly [O in Operation]: Text } = {
  read: { en: 'Consult', fr: 'Consulter' },
  write: { en: 'Change', fr: 'Modifier' },
  copy: { en: 'Copy or download', fr: 'Copier ou télécharger' },
};

export const controllerRoleTexts: { readonly [R in ControllerRole]: Text } = {
  representative: { en: 'representative', fr: 'représentant' },
  delegate: { en: 'delegate', fr: 'délégataire' },
  reader: { en: 'reader', fr: 'lecteur' },
};

export const grantStatusTexts: { readonly [S in GrantStatus]: Text } = {
  waiting: { en: 'Waiting for a second signature', fr: 'En attente d’une seconde signature' },
  void: { en: 'Never took effect', fr: 'N’a jamais pris effet' },
  active: { en: 'In force', fr: 'En vigueur' },
  suspended: { en: 'Suspended', fr: 'Suspendu' },
  revoked: { en: 'Withdrawn', fr: 'Retiré' },
  expired: { en: 'Ended', fr: 'Échu' },
  superseded: { en: 'Replaced', fr: 'Remplacé' },
};

export const endCauseTexts: { readonly [C in EndCause]: Text } = {
  technician: { en: 'closed by the technician', fr: 'fermé par le technicien' },
  robot: { en: 'closed by the robot', fr: 'fermé par le robot' },
  stopped: { en: 'stopped by the client', fr: 'arrêté par le client' },
  revoked: { en: 'the agreement was withdrawn', fr: 'l’accord a été retiré' },
  suspended: { en: 'the agreement was suspended', fr: 'l’accord a été suspendu' },
  expired: { en: 'time was up', fr: 'durée écoulée' },
  'signed-out': { en: 'the technician’s sign-in ended', fr: 'la connexion du technicien a pris fin' },
  leaver: { en: 'the technician may no longer work here', fr: 'le technicien n’est plus habilité' },
  budget: {
    en: 'what the agreement allows in this period was used up',
    fr: 'ce que l’accord permet dans cette période était épuisé',
  },
  'ticket-closed': { en: 'its ticket was closed', fr: 'son ticket a été clos' },
  policy: { en: 'the rules changed', fr: 'les règles ont changé' },
  instructions: { en: 'the client’s instructions changed', fr: 'les instructions du client ont changé' },
  contract: { en: 'the contract is over', fr: 'le contrat est terminé' },
  shutdown: { en: 'the gateway was stopped', fr: 'la passerelle a été arrêtée' },
};
