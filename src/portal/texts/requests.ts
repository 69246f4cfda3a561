/** Sentences about requests: asking the client, what was asked, questions both ways, and how it was answered. */
import type { Text } from '../../core/model.ts';
import type { RequestStatus } from '../../core/requests.ts';

export const requestTexts = {
  ask: { en: 'Ask the client', fr: 'Demander au client' },
  askHint: {
    en: 'Does no agreement fit? The client can give one for this case.',
    fr: 'Aucun accord ne convient ? Le client peut en donner un pour ce cas.',
  },
  mine: { en: 'My requests', fr: 'Mes demandes' },
  mineIntro: {
    en: 'What you asked of clients, and what they answered. A request permits nothing until the client has agreed.',
    fr: 'Ce que vous avez demandé aux clients, et leurs réponses. Une demande ne permet rien tant que le client n’a pas donné son accord.',
  },
  mineEmpty: { en: 'You have asked for nothing yet.', fr: 'Vous n’avez encore rien demandé.' },
  received: { en: 'Requests', fr: 'Demandes' },
  receivedIntro: {
    en: 'What technicians ask of you for one case. Nothing is permitted until a representative signs; silence is a refusal.',
    fr: 'Ce que des techniciens vous demandent pour un seul cas. Rien n’est permis tant qu’un représentant n’a pas signé ; le silence vaut refus.',
  },
  receivedEmpty: { en: 'There are no requests.', fr: 'Il n’y a aucune demande.' },
  waitingForYou: { en: 'Waiting for you', fr: 'En attente de votre réponse' },
  formTitle: (client: string): Text => ({
    en: `Ask ${client} for an agreement`,
    fr: `Demander un accord à ${client}`,
  }),
  formIntro: {
    en: 'The client reads exactly this and may agree to less. What it agrees to is for you alone, for this case.',
    fr: 'Le client lit exactement ceci et peut accorder moins. Ce qu’il accorde ne vaut que pour vous, dans ce cas.',
  },
  operations: { en: 'What you need to do', fr: 'Ce que vous devez faire' },
  noteHint: {
    en: 'Why it is needed and what you will do, in a sentence. No names or other personal data: the client reads this.',
    fr: 'Pourquoi c’est nécessaire et ce que vous ferez, en une phrase. Ni nom ni autre donnée personnelle : le client lit ce texte.',
  },
  minutesHint: {
    en: 'How long one access lasts at most.',
    fr: 'Durée maximale d’un accès.',
  },
  askFromHint: (zone: string): Text => ({
    en: `Day and time, in the client’s time zone (${zone}). Left empty: as soon as the client agrees.`,
    fr: `Jour et heure, dans le fuseau du client (${zone}). Laissé vide : dès l’accord du client.`,
  }),
  until: { en: 'Needed until', fr: 'Nécessaire jusqu’au' },
  untilHint: (zone: string): Text => ({
    en: `Day and time, in the client’s time zone (${zone}), at most 30 days from now. Without an answer by then the request lapses.`,
    fr: `Jour et heure, dans le fuseau du client (${zone}), à 30 jours au plus. Sans réponse d’ici là, la demande devient caduque.`,
  }),
  send: { en: 'Send the request', fr: 'Envoyer la demande' },
  title: (person: string): Text => ({ en: `Request of ${person}`, fr: `Demande de ${person}` }),
  who: { en: 'Who', fr: 'Qui' },
  client: { en: 'Client', fr: 'Client' },
  what: { en: 'What', fr: 'Quoi' },
  why: { en: 'Why', fr: 'Pourquoi' },
  reference: { en: 'Reference', fr: 'Référence' },
  howLong: { en: 'How long', fr: 'Combien de temps' },
  length: (minutes: number, until: string): Text => ({
    en: `${minutes} minutes at most, until ${until}`,
    fr: `${minutes} minutes au plus, jusqu’au ${until}`,
  }),
  notBefore: (from: string): Text => ({ en: `, not before ${from}`, fr: `, pas avant le ${from}` }),
  raised: { en: 'Asked', fr: 'Demandé' },
  state: { en: 'State', fr: 'État' },
  states: {
    raised: { en: 'Waiting for the client', fr: 'En attente du client' },
    more_info: { en: 'Waiting for the technician', fr: 'En attente du technicien' },
    approved: { en: 'Agreed', fr: 'Accordée' },
    refused: { en: 'Refused', fr: 'Refusée' },
    lapsed: { en: 'Lapsed without an answer', fr: 'Caduque, restée sans réponse' },
  } satisfies { readonly [S in RequestStatus]: Text },
  waiting: (time: string): Text => ({ en: `for ${time}`, fr: `depuis ${time}` }),
  lapsesIn: (time: string): Text => ({ en: `lapses in ${time}`, fr: `caduque dans ${time}` }),
  look: { en: 'Read and answer', fr: 'Lire et répondre' },
  details: { en: 'See this request', fr: 'Voir cette demande' },
  conversation: { en: 'Questions and answers', fr: 'Questions et réponses' },
  says: {
    asked: { en: 'asks', fr: 'demande' },
    answered: { en: 'answers', fr: 'répond' },
    reminded: { en: 'reminds', fr: 'relance' },
    refused: { en: 'refuses', fr: 'refuse' },
  },
  question: { en: 'Your question', fr: 'Votre question' },
  questionHint: {
    en: 'The technician finds it with the request, which then waits for the answer.',
    fr: 'Le technicien la trouve avec la demande, qui attend alors sa réponse.',
  },
  askBack: { en: 'Ask the technician', fr: 'Interroger le technicien' },
  answer: { en: 'Your answer', fr: 'Votre réponse' },
  answerHint: {
    en: 'The client reads it. No names or other personal data.',
    fr: 'Le client la lit. Ni nom ni autre donnée personnelle.',
  },
  sendAnswer: { en: 'Send the answer', fr: 'Envoyer la réponse' },
  remind: { en: 'Remind the client', fr: 'Relancer le client' },
  word: { en: 'A word or a question to the client', fr: 'Un mot ou une question au client' },
  wordHint: {
    en: 'May stay empty. At most 3 reminders, half an hour apart; the client sees how many there were.',
    fr: 'Peut rester vide. 3 relances au plus, à une demi-heure d’intervalle ; le client en voit le nombre.',
  },
  reminders: { en: 'Reminders', fr: 'Relances' },
  remindersOf: (sent: number, most: number): Text => ({
    en: `${sent} of at most ${most}`,
    fr: `${sent} sur ${most} au plus`,
  }),
  waited: { en: 'Waited so far', fr: 'Attente à ce jour' },
  waitedFor: (client: string, technician: string): Text => ({
    en: `${client} for the client, ${technician} for the technician`,
    fr: `${client} côté client, ${technician} côté technicien`,
  }),
  reason: { en: 'Why you refuse', fr: 'Pourquoi vous refusez' },
  reasonHint: { en: 'A sentence that the technician will read.', fr: 'Une phrase que le technicien lira.' },
  refuse: { en: 'Refuse', fr: 'Refuser' },
  approveTitle: { en: 'Agree', fr: 'Accorder' },
  approveHint: {
    en: 'You read the whole text before you sign. Nothing is agreed before that.',
    fr: 'Vous lirez le texte complet avant de signer. Rien n’est accordé avant.',
  },
  less: {
    en: 'Agree to less, for a shorter time or later',
    fr: 'Accorder moins, moins longtemps ou plus tard',
  },
  from: { en: 'Not before', fr: 'Pas avant' },
  fromHint: {
    en: 'Day and time. Left empty: as soon as you sign.',
    fr: 'Jour et heure. Laissé vide : dès votre signature.',
  },
  minutes: { en: 'Minutes of one access', fr: 'Minutes par accès' },
  end: { en: 'Until', fr: 'Jusqu’au' },
  approve: { en: 'Read and sign', fr: 'Lire et signer' },
  asked: (person: string, when: string, reference: string): Text =>
    reference === ''
      ? { en: `request of ${person}, ${when}`, fr: `demande de ${person}, ${when}` }
      : {
          en: `request of ${person}, ${when}, reference ${reference}`,
          fr: `demande de ${person}, ${when}, référence ${reference}`,
        },
  declareNow: { en: 'Declare and open', fr: 'Déclarer et ouvrir' },
  agreedText: {
    en: 'The client has agreed. The declaration is filled in already with what you asked.',
    fr: 'Le client a donné son accord. La déclaration est déjà remplie avec ce que vous avez demandé.',
  },
  over: {
    en: 'What the client agreed to is over or was withdrawn.',
    fr: 'Ce que le client avait accordé est terminé ou a été retiré.',
  },
  seeAgreement: { en: 'Read the agreement', fr: 'Lire l’accord' },
  events: {
    requested: { en: 'Agreement requested', fr: 'Accord demandé' },
    asked: { en: 'Question to the technician', fr: 'Question au technicien' },
    answered: { en: 'Answer of the technician', fr: 'Réponse du technicien' },
    reminded: { en: 'Reminder of the technician', fr: 'Relance du technicien' },
    refused: { en: 'Request refused', fr: 'Demande refusée' },
    lapsed: { en: 'Request lapsed without an answer', fr: 'Demande caduque, restée sans réponse' },
  },
  errors: {
    title: { en: 'This request could not be handled', fr: 'Cette demande n’a pas pu être traitée' },
    operations: {
      en: 'Tick at least one thing that this purpose permits.',
      fr: 'Cochez au moins une chose que cette finalité permet.',
    },
    content: (least: number): Text => ({
      en: `Say it in a sentence: at least ${least} letters or digits in several words, at most 500 characters. For example: “The invoices of May do not print; I will restart the print service.”`,
      fr: `Dites-le en une phrase : au moins ${least} lettres ou chiffres en plusieurs mots, 500 caractères au plus. Par exemple : « Les factures de mai ne s’impriment pas ; je relancerai le service d’impression. »`,
    }),
    until: {
      en: 'Give a day and time in the future, at most 30 days from now.',
      fr: 'Donnez un jour et une heure à venir, à 30 jours au plus.',
    },
    from: {
      en: 'Give a day and time from now on and before the end, or leave it empty.',
      fr: 'Donnez un jour et une heure à venir et avant la fin, ou laissez vide.',
    },
    minutesPurpose: (most: number): Text => ({
      en: `This purpose permits at most ${most} minutes.`,
      fr: `Cette finalité permet ${most} minutes au plus.`,
    }),
    systems: {
      en: 'Leave at least one of the systems asked for.',
      fr: 'Laissez au moins un des systèmes demandés.',
    },
    less: {
      en: 'Leave at least one of the things asked for.',
      fr: 'Laissez au moins une des choses demandées.',
    },
    minutes: (most: number): Text => ({
      en: `Give whole minutes, from 1 to ${most}: not more than was asked.`,
      fr: `Donnez des minutes entières, de 1 à ${most} : pas plus que demandé.`,
    }),
    window: {
      en: 'It begins before it ends, and ends when the technician needs it no longer at the latest.',
      fr: 'Le début précède la fin, et la fin ne dépasse pas le moment où le technicien n’en a plus besoin.',
    },
    fits: {
      en: 'An agreement in force covers all of this already',
      fr: 'Un accord en vigueur couvre déjà tout cela',
    },
    fitsNext: { en: 'Declare your access under it.', fr: 'Déclarez votre accès sous cet accord.' },
    too_many_requests: {
      en: 'Too many of your requests wait at this client',
      fr: 'Trop de vos demandes attendent chez ce client',
    },
    tooManyNext: {
      en: 'Wait for answers, or call the client, before you ask for more.',
      fr: 'Attendez les réponses, ou appelez le client, avant d’en demander davantage.',
    },
    request_unknown: { en: 'This request does not exist.', fr: 'Cette demande n’existe pas.' },
    request_ended: {
      en: 'This request has been answered already, or has lapsed.',
      fr: 'Cette demande a déjà reçu une réponse, ou est devenue caduque.',
    },
    request_turn: {
      en: 'This was said already, or the request now waits for the other side.',
      fr: 'C’est déjà dit, ou la demande attend désormais l’autre partie.',
    },
    reminders_used: {
      en: 'The client was reminded often enough.',
      fr: 'Le client a déjà été relancé assez souvent.',
    },
    reminder_early: {
      en: 'Something was said less than half an hour ago; remind the client later.',
      fr: 'Le dernier message date de moins d’une demi-heure ; relancez le client plus tard.',
    },
    lookAgain: {
      en: 'Open the request again and look at its state. Nothing was changed by this attempt.',
      fr: 'Rouvrez la demande et regardez son état. Cette tentative n’a rien changé.',
    },
    overtaken: {
      en: 'This can no longer be agreed to: the rules or the technician’s assignment changed since the request.',
      fr: 'Cela ne peut plus être accordé : les règles ou l’affectation du technicien ont changé depuis la demande.',
    },
    overtakenNext: {
      en: 'Refuse the request, or leave it to lapse. Nothing was agreed.',
      fr: 'Refusez la demande, ou laissez-la devenir caduque. Rien n’a été accordé.',
    },
  },
} as const;
