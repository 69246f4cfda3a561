/** Sentences of the technician's pages: my systems, declaration, on the way, companion page, own record. */
import type { Text } from '../../core/model.ts';

export const technicianTexts = {
  systemsTitle: { en: 'My systems', fr: 'Mes systèmes' },
  systemsIntro: {
    en: 'These are the systems you are assigned to. Opening one asks first why; the client sees your answer and what you open.',
    fr: 'Voici les systèmes auxquels vous êtes affecté. Avant d’en ouvrir un, vous dites pourquoi ; le client voit votre réponse et ce que vous ouvrez.',
  },
  noSystems: {
    en: 'You are not assigned to any system. Ask your manager to assign you, with the reason and the period.',
    fr: 'Vous n’êtes affecté à aucun système. Demandez à votre responsable de vous affecter, avec le motif et la période.',
  },
  open: { en: 'Open this system', fr: 'Ouvrir ce système' },
  openNow: { en: 'Open now', fr: 'Accès ouverts' },
  preparing: { en: 'in preparation', fr: 'en préparation' },
  nothingOpen: { en: 'Nothing is open.', fr: 'Aucun accès ouvert.' },
  until: (when: string): Text => ({ en: `until ${when}`, fr: `jusqu’à ${when}` }),
  since: (when: string): Text => ({ en: `since ${when}`, fr: `depuis ${when}` }),
  unknownNow: {
    en: 'It cannot be seen right now what is open for this client.',
    fr: 'Impossible de voir pour le moment ce qui est ouvert pour ce client.',
  },
  test: { en: 'test', fr: 'test' },
  declareTitle: (client: string): Text => ({
    en: `Why do you need access at ${client}?`,
    fr: `Pourquoi cet accès chez ${client} ?`,
  }),
  callWhom: {
    en: 'Does the client not answer, and it cannot wait? Call:',
    fr: 'Personne ne répond chez le client, et cela ne peut attendre ? Appelez :',
  },
  declareIntro: {
    en: 'What you declare decides what will pass, and stands on every line that the client reads.',
    fr: 'Votre déclaration détermine ce qui passera ; elle figure sur chaque ligne que le client peut lire.',
  },
  systems: { en: 'Systems', fr: 'Systèmes' },
  shownAs: { en: 'The client reads you as', fr: 'Le client vous lit sous' },
  asked: { en: 'you asked for this one', fr: 'celui que vous avez demandé' },
  purpose: { en: 'Purpose', fr: 'Finalité' },
  permits: (operations: string): Text => ({ en: `Permits: ${operations}.`, fr: `Permet : ${operations}.` }),
  atMost: (minutes: number): Text => ({
    en: `At most ${minutes} minutes.`,
    fr: `${minutes} minutes au plus.`,
  }),
  notHere: (system: string): Text => ({ en: `Not on ${system}:`, fr: `Pas sur ${system} :` }),
  reference: { en: 'Reference', fr: 'Référence' },
  referenceHint: {
    en: 'Ticket or intervention number. No personal data.',
    fr: 'Numéro de ticket ou d’intervention. Aucune donnée personnelle.',
  },
  note: { en: 'Note', fr: 'Note' },
  noteHint: {
    en: 'What you will do, in a few words. Do not write names or other personal data: the client reads this.',
    fr: 'Ce que vous allez faire, en quelques mots. N’écrivez ni nom ni autre donnée personnelle : le client lit cette note.',
  },
  minutes: { en: 'Duration (minutes)', fr: 'Durée (minutes)' },
  minutesHint: {
    en: 'It ends earlier if the purpose or the agreement ends earlier.',
    fr: 'L’accès se termine plus tôt si la finalité ou l’accord l’impose.',
  },
  signInAgain: { en: 'Sign in again and come back here', fr: 'Se reconnecter et revenir ici' },
  hours: (hours: string): Text => ({ en: `Hours: ${hours}.`, fr: `Heures : ${hours}.` }),
  noHours: { en: 'Closed at all hours.', fr: 'Fermé à toute heure.' },
  notOnHolidays: { en: 'not on public holidays', fr: 'sauf jours fériés' },
  referenceForms: (forms: string): Text => ({
    en: `Form of the reference: ${forms}.`,
    fr: `Forme de la référence : ${forms}.`,
  }),
  submit: { en: 'Declare and open', fr: 'Déclarer et ouvrir' },
  instructions: { en: 'Instructions of the client', fr: 'Instructions du client' },
  acknowledge: {
    en: 'By declaring you confirm that you have read the client’s instructions shown here; your confirmation is recorded.',
    fr: 'En déclarant, vous confirmez avoir lu les instructions du client affichées ici ; votre confirmation est enregistrée.',
  },
  agreements: { en: 'Agreements in force', fr: 'Accords en vigueur' },
  noAgreement: {
    en: 'The client has given no agreement that is in force.',
    fr: 'Le client n’a donné aucun accord en vigueur.',
  },
  agreementLine: (systems: string, purposes: string, when: string): Text => ({
    en: `${systems} – ${purposes}, until ${when}`,
    fr: `${systems} – ${purposes}, jusqu’au ${when}`,
  }),
  continueTitle: { en: 'You already have an access open', fr: 'Vous avez déjà un accès ouvert' },
  continueText: (purpose: string, reference: string, when: string): Text => ({
    en: `${purpose}, reference ${reference}, until ${when}.`,
    fr: `${purpose}, référence ${reference}, jusqu’à ${when}.`,
  }),
  continue: { en: 'Continue in this access', fr: 'Continuer dans cet accès' },
  orNew: { en: 'Or declare something else', fr: 'Ou déclarer autre chose' },
  another: { en: 'Declare another purpose', fr: 'Déclarer une autre finalité' },
  notAssignedTitle: { en: 'You are not assigned to this system', fr: 'Vous n’êtes pas affecté à ce système' },
  unknownSystemTitle: { en: 'This system is not known here', fr: 'Ce système n’est pas connu ici' },
  unknownSystemNext: {
    en: 'Check the address. If it is right, tell your administrator that the system has no entry.',
    fr: 'Vérifiez l’adresse. Si elle est juste, signalez à votre administrateur que le système n’est pas décrit.',
  },
  errors: {
    systemsMissing: { en: 'Tick at least one system.', fr: 'Cochez au moins un système.' },
    systemsUnknown: {
      en: 'One of the systems is not one of yours at this client. Reload the page.',
      fr: 'L’un des systèmes n’est pas l’un des vôtres chez ce client. Rechargez la page.',
    },
    systemsAsked: {
      en: 'Keep the system you are going to ticked.',
      fr: 'Laissez coché le système que vous allez ouvrir.',
    },
    noSingleAgreement: {
      en: 'No single agreement covers all ticked systems for this purpose. Declare them one after the other.',
      fr: 'Aucun accord ne couvre à lui seul tous les systèmes cochés pour cette finalité. Déclarez-les l’un après l’autre.',
    },
    purposeMissing: { en: 'Choose a purpose.', fr: 'Choisissez une finalité.' },
    purposeUnknown: {
      en: 'This purpose does not exist. Choose one of the list.',
      fr: 'Cette finalité n’existe pas. Choisissez-en une dans la liste.',
    },
    referenceMissing: {
      en: 'This purpose needs a reference: the ticket or intervention number.',
      fr: 'Cette finalité demande une référence : le numéro de ticket ou d’intervention.',
    },
    referenceForm: {
      en: 'The reference may have up to 64 characters, on one line.',
      fr: 'La référence compte au plus 64 caractères, sur une ligne.',
    },
    referencePattern: (forms: string): Text => ({
      en: `This purpose needs a reference of this form: ${forms}.`,
      fr: `Cette finalité demande une référence de cette forme : ${forms}.`,
    }),
    noteTooShort: (least: number): Text => ({
      en: `Say a little more: at least ${least} letters or digits.`,
      fr: `Dites-en un peu plus : au moins ${least} lettres ou chiffres.`,
    }),
    noteOneWord: {
      en: 'Say in a few words what you will do and why, for example: “Reprint the invoices of May”. One word or repeated signs say nothing.',
      fr: 'Dites en quelques mots ce que vous ferez et pourquoi, par exemple : « Réimprimer les factures de mai ». Un seul mot ou des signes répétés ne disent rien.',
    },
    noteMissing: {
      en: 'This purpose needs a note: say in a few words what you will do.',
      fr: 'Cette finalité demande une note : dites en quelques mots ce que vous allez faire.',
    },
    noteForm: { en: 'The note may have up to 500 characters.', fr: 'La note compte au plus 500 caractères.' },
    minutesForm: {
      en: 'Give the duration as a whole number of minutes, from 1 to 1440.',
      fr: 'Donnez la durée en minutes entières, de 1 à 1440.',
    },
    budgetMinutes: (left: number): Text => ({
      en: `The client’s agreement has ${left} minutes left in this period. Declare at most so many.`,
      fr: `L’accord du client a encore ${left} minutes dans cette période. Déclarez-en autant au plus.`,
    }),
    doorMissing: {
      en: 'The way back to the system is missing or damaged. Open the system again.',
      fr: 'Le chemin de retour vers le système manque ou est abîmé. Ouvrez de nouveau le système.',
    },
    moved: {
      en: 'The client’s agreements changed just now. Look again at what is permitted, then send the form again.',
      fr: 'Les accords du client viennent de changer. Regardez de nouveau ce qui est permis, puis renvoyez le formulaire.',
    },
  },
  goTitle: (system: string): Text => ({ en: `Opening ${system}`, fr: `Ouverture de ${system}` }),
  goText: {
    en: 'Your declaration is recorded. You are being taken to the system.',
    fr: 'Votre déclaration est enregistrée. Vous allez être conduit au système.',
  },
  goLink: { en: 'Go to the system now', fr: 'Aller au système maintenant' },
  page: { en: 'Page of this access', fr: 'Page de cet accès' },
  companion: { en: 'Follow or close this access', fr: 'Suivre ou fermer cet accès' },
  goUsedTitle: { en: 'This link was already used', fr: 'Ce lien a déjà servi' },
  goUsedNext: {
    en: 'It works once and for one minute. Open the system again: your access is still open if it has not ended.',
    fr: 'Il sert une seule fois, pendant une minute. Ouvrez de nouveau le système : votre accès reste ouvert s’il n’est pas terminé.',
  },
  openingTitle: { en: 'Your access', fr: 'Votre accès' },
  openingLive: { en: 'Open', fr: 'Ouvert' },
  openingEnded: { en: 'Ended', fr: 'Terminé' },
  openingLeft: (left: string): Text => ({ en: `${left} left`, fr: `encore ${left}` }),
  openingUnknown: { en: 'This access is not one of yours', fr: 'Cet accès n’est pas l’un des vôtres' },
  close: { en: 'Close this access now', fr: 'Fermer cet accès maintenant' },
  closed: { en: 'The access is closed.', fr: 'L’accès est fermé.' },
  closedUnrecorded: {
    en: 'The access is closed here, but this is not yet recorded.',
    fr: 'L’accès est fermé ici, mais ce n’est pas encore enregistré.',
  },
  recordTitle: { en: 'What I opened', fr: 'Mes accès' },
  recordIntro: {
    en: 'The accesses recorded under your name. The record serves security, the lawfulness of accesses and evidence towards the client; it does not measure your work.',
    fr: 'Les accès enregistrés à votre nom. Cet enregistrement sert la sécurité, la licéité des accès et la preuve envers le client ; il ne mesure pas votre travail.',
  },
  recordEmpty: { en: 'You have opened nothing yet.', fr: 'Vous n’avez encore rien ouvert.' },
  client: { en: 'Client', fr: 'Client' },
  opened: { en: 'Opened', fr: 'Ouvert' },
  ends: { en: 'Ends', fr: 'Fin' },
  state: { en: 'State', fr: 'État' },
  details: { en: 'Details', fr: 'Détails' },
} as const;
