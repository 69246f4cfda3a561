/** Sentences about questions on an access and disputes of one, for the client and for those who answer. */
import type { Text } from '../../core/model.ts';

export const matterTexts = {
  nav: { en: 'Questions and disputes', fr: 'Questions et contestations' },
  titles: {
    question: { en: 'Question about an access', fr: 'Question sur un accès' },
    dispute: { en: 'Dispute of an access', fr: 'Contestation d’un accès' },
    contest: { en: 'Agreement contested as unlawful', fr: 'Accord signalé comme illicite' },
  },
  listIntro: {
    en: 'What you asked about accesses or disputed. To ask something else, open an access in the history.',
    fr: 'Vos questions sur des accès et vos contestations. Pour en poser une autre, ouvrez un accès dans l’historique.',
  },
  listIntroProvider: {
    en: 'What clients ask about accesses or dispute. Each is answered within two working days of the client.',
    fr: 'Ce que les clients demandent sur des accès ou contestent. Chaque message reçoit une réponse sous deux jours ouvrés du client.',
  },
  none: { en: 'There is none.', fr: 'Il n’y en a aucune.' },
  waitsForYou: { en: 'Waits for your answer', fr: 'Attend votre réponse' },
  seeAll: { en: 'All questions and disputes', fr: 'Toutes les questions et contestations' },
  about: { en: 'Asked about this access', fr: 'Questions sur cet accès' },
  link: { en: 'Ask about this access or dispute it', fr: 'Poser une question sur cet accès ou le contester' },
  formTitle: { en: 'Ask about an access or dispute it', fr: 'Questionner ou contester un accès' },
  formIntro: {
    en: 'Your provider answers within two working days, here. Both sides can go on writing, and it stays in your record.',
    fr: 'Votre prestataire répond ici sous deux jours ouvrés. Chacun peut continuer à écrire, et tout reste dans votre registre.',
  },
  askTitle: { en: 'Ask', fr: 'Demander' },
  askIntro: {
    en: 'A question changes nothing about what is permitted.',
    fr: 'Une question ne change rien à ce qui est permis.',
  },
  question: { en: 'Your question', fr: 'Votre question' },
  questionHint: {
    en: 'For example: “Why were the payslips of May opened twice?” At most 500 characters.',
    fr: 'Par exemple : « Pourquoi les bulletins de mai ont-ils été ouverts deux fois ? » 500 caractères au plus.',
  },
  askSend: { en: 'Send the question', fr: 'Envoyer la question' },
  disputeTitle: { en: 'Dispute', fr: 'Contester' },
  disputeIntro: {
    en: 'The agreement under which the access was is suspended first.',
    fr: 'L’accord sous lequel l’accès a eu lieu est d’abord suspendu.',
  },
  disputeKept: {
    en: 'The record of the access is kept. Resuming the agreement is a separate act of a representative, under “Agreements”.',
    fr: 'La trace de l’accès est conservée. Rétablir l’accord est un acte distinct d’un représentant, sous « Accords ».',
  },
  ground: { en: 'What you dispute', fr: 'Ce que vous contestez' },
  groundHint: {
    en: 'For example: “We did not order this work on the payroll.” At most 500 characters.',
    fr: 'Par exemple : « Nous n’avons pas commandé ce travail sur la paie. » 500 caractères au plus.',
  },
  disputeSend: { en: 'Suspend and dispute', fr: 'Suspendre et contester' },
  disputeOthers: {
    en: 'A representative of your company can also dispute the access.',
    fr: 'Un représentant de votre entreprise peut aussi contester l’accès.',
  },
  disputedAlready: { en: 'This access is disputed already', fr: 'Cet accès est déjà contesté' },
  suspended: {
    en: 'The agreement is suspended, and your provider has been asked.',
    fr: 'L’accord est suspendu, et votre prestataire est saisi.',
  },
  suspendedUnrecorded: {
    en: 'The agreement is blocked here; recording that is tried again until it succeeds.',
    fr: 'L’accord est bloqué ici ; son enregistrement est retenté jusqu’à ce qu’il réussisse.',
  },
  client: { en: 'Client', fr: 'Client' },
  who: { en: 'Who accessed', fr: 'Qui a accédé' },
  opened: { en: 'Access opened', fr: 'Accès ouvert' },
  state: { en: 'State', fr: 'État' },
  waits: (when: string): Text => ({
    en: `The provider answers by the end of ${when}`,
    fr: `Réponse du prestataire attendue d’ici la fin du ${when}`,
  }),
  overdue: (when: string): Text => ({
    en: `The provider’s answer was due by the end of ${when} and is missing`,
    fr: `La réponse du prestataire était attendue pour le ${when} et manque`,
  }),
  answered: { en: 'Answered', fr: 'Répondu' },
  closed: { en: 'Closed', fr: 'Close' },
  seeAccess: { en: 'See this access', fr: 'Voir cet accès' },
  conversation: { en: 'What was said', fr: 'Ce qui a été dit' },
  ofClient: { en: 'for the client', fr: 'pour le client' },
  ofProvider: { en: 'for the provider', fr: 'pour le prestataire' },
  outcome: { en: 'Outcome', fr: 'Conclusion' },
  answer: { en: 'Your answer', fr: 'Votre réponse' },
  answerHint: {
    en: 'The client reads it, and it stays in the client’s record. At most 500 characters.',
    fr: 'Le client la lit, et elle reste dans son registre. 500 caractères au plus.',
  },
  answerSend: { en: 'Answer', fr: 'Répondre' },
  more: { en: 'Something else', fr: 'Autre chose' },
  moreHint: {
    en: 'Your provider reads it. At most 500 characters.',
    fr: 'Votre prestataire le lit. 500 caractères au plus.',
  },
  moreSend: { en: 'Send', fr: 'Envoyer' },
  closeTitle: { en: 'Close', fr: 'Clore' },
  closeIntro: {
    en: 'Closing gives no agreement back.',
    fr: 'Clore ne rétablit aucun accord.',
  },
  outcomeHint: {
    en: 'How it ended for you, in a sentence. At most 500 characters.',
    fr: 'Ce qu’il en est pour vous, en une phrase. 500 caractères au plus.',
  },
  closeSend: { en: 'Close', fr: 'Clore' },
  tasks: {
    answered: {
      question: {
        en: 'Your question about an access is answered',
        fr: 'Votre question sur un accès a une réponse',
      },
      dispute: {
        en: 'Your dispute of an access is answered',
        fr: 'Votre contestation d’un accès a une réponse',
      },
    },
    overdue: {
      question: {
        en: 'An answer about an access is overdue',
        fr: 'Une réponse sur un accès est en retard',
      },
      dispute: {
        en: 'The answer to your dispute of an access is overdue',
        fr: 'La réponse à votre contestation d’un accès est en retard',
      },
    },
    read: { en: 'Read', fr: 'Lire' },
  },
  technician: {
    question: {
      en: 'The client has a question about this access. Your contact answers: tell them what you know.',
      fr: 'Le client a une question sur cet accès. Votre interlocuteur y répond : dites-lui ce que vous savez.',
    },
    dispute: {
      en: 'The client disputes this access. Your contact answers: tell them what you know.',
      fr: 'Le client conteste cet accès. Votre interlocuteur y répond : dites-lui ce que vous savez.',
    },
  },
  week: {
    answered: (count: number): Text => ({
      en: `${count} ${count === 1 ? 'answer' : 'answers'} to what you asked about accesses`,
      fr: `${count} ${count === 1 ? 'réponse' : 'réponses'} à ce que vous avez demandé sur des accès`,
    }),
    overdue: (count: number): Text => ({
      en: `${count} ${count === 1 ? 'answer about an access is' : 'answers about accesses are'} overdue`,
      fr: `${count} ${count === 1 ? 'réponse sur un accès est' : 'réponses sur des accès sont'} en retard`,
    }),
  },
  events: {
    asked: { en: 'Question about an access', fr: 'Question sur un accès' },
    disputed: { en: 'Access disputed', fr: 'Accès contesté' },
    'matter.answered': {
      en: 'Message in a question or dispute',
      fr: 'Message dans une question ou une contestation',
    },
    'matter.closed': { en: 'Question or dispute closed', fr: 'Question ou contestation close' },
  },
  errors: {
    content: (least: number): Text => ({
      en: `Say it in a sentence: at least ${least} letters or digits in several words, at most 500 characters.`,
      fr: `Dites-le en une phrase : au moins ${least} lettres ou chiffres en plusieurs mots, 500 caractères au plus.`,
    }),
    stale: { en: 'The form is too old', fr: 'Le formulaire est trop ancien' },
    staleNext: {
      en: 'Go back to the page, load it again and send the text from there.',
      fr: 'Revenez à la page, rechargez-la et envoyez le texte depuis celle-ci.',
    },
    opening_unknown: { en: 'There is no such access', fr: 'Cet accès n’existe pas' },
    matter_unknown: { en: 'There is no such question', fr: 'Cette question n’existe pas' },
    matter_closed: { en: 'It is closed already', fr: 'C’est déjà clos' },
    closedNext: {
      en: 'Nothing was written. Open the page again to read how it ended; open another one if something is left.',
      fr: 'Rien n’a été enregistré. Rouvrez la page pour lire la conclusion ; ouvrez-en une autre s’il reste quelque chose.',
    },
    matter_full: { en: 'Too much was said here already', fr: 'Il y a déjà trop de messages ici' },
    fullNext: {
      en: 'The client closes it and opens another one about the same access.',
      fr: 'Le client la clôt et en ouvre une autre sur le même accès.',
    },
    too_many_matters: {
      en: 'You have ten questions open already',
      fr: 'Vous avez déjà dix questions ouvertes',
    },
    tooManyNext: {
      en: 'Close one that is answered, then ask this one. Disputing is possible all the same.',
      fr: 'Clôturez-en une qui a une réponse, puis posez celle-ci. Contester reste possible.',
    },
    not_yours: { en: 'Somebody else opened it', fr: 'Quelqu’un d’autre l’a ouverte' },
    notYoursNext: {
      en: 'Whoever opened it closes it, or a representative who may sign.',
      fr: 'La personne qui l’a ouverte la clôt, ou un représentant qui peut signer.',
    },
    resumed: {
      en: 'The agreement was resumed at the same moment',
      fr: 'L’accord a été rétabli au même moment',
    },
    resumedNext: {
      en: 'Agree among yourselves, then dispute the access again.',
      fr: 'Mettez-vous d’accord entre vous, puis contestez de nouveau l’accès.',
    },
  },
} as const;
