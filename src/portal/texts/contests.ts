/** Sentences about agreements and instructions that the provider's staff contest as unlawful, for both sides. */
import type { Text } from '../../core/model.ts';

export const contestTexts = {
  nav: { en: 'What I contested', fr: 'Mes signalements' },
  see: { en: 'What was said about it', fr: 'Ce qui en a été dit' },
  link: {
    en: 'Contest an agreement or an instruction as unlawful',
    fr: 'Signaler un accord ou une instruction illicite',
  },
  listIntro: {
    en: 'Agreements and instructions of clients that you contested as unlawful, and what the clients answered.',
    fr: 'Les accords et instructions de clients que vous avez signalés comme illicites, et les réponses des clients.',
  },
  none: { en: 'There is none.', fr: 'Il n’y en a aucun.' },
  /** On the provider's first pages. */
  open: { en: 'Contested as unlawful, not decided yet', fr: 'Signalés comme illicites, pas encore tranchés' },
  formTitle: {
    en: 'Contest an agreement or an instruction',
    fr: 'Signaler un accord ou une instruction',
  },
  formIntro: {
    en: 'If carrying it out would break data protection law, say so at once. The agreement is suspended, what is running under it is cut, and everybody who acts for the client is told by whom and why.',
    fr: 'Si son exécution enfreignait le droit de la protection des données, dites-le aussitôt. L’accord est suspendu, ce qui s’exécute est coupé, et toutes les personnes qui agissent pour le client apprennent par qui et pourquoi.',
  },
  formLimits: {
    en: 'It stays in the client’s record. Only a representative of the client answers it and resumes the agreement.',
    fr: 'Cela reste dans le registre du client. Seul un représentant du client y répond et rétablit l’accord.',
  },
  client: { en: 'Client', fr: 'Client' },
  seeClient: { en: 'See its agreements', fr: 'Voir ses accords' },
  noClient: {
    en: 'You are assigned to no client now.',
    fr: 'Vous n’êtes affecté à aucun client actuellement.',
  },
  agreement: { en: 'Which agreement', fr: 'Quel accord' },
  noAgreement: {
    en: 'There is no agreement that you could contest here.',
    fr: 'Il n’y a ici aucun accord que vous puissiez signaler.',
  },
  resting: { en: 'suspended already', fr: 'déjà suspendu' },
  instruction: { en: 'What of it would break the law', fr: 'Ce qui enfreindrait le droit' },
  itself: { en: 'The agreement itself', fr: 'L’accord lui-même' },
  own: (version: number): Text => ({
    en: `The client’s own instructions, version ${version}`,
    fr: `Les instructions propres du client, version ${version}`,
  }),
  ground: { en: 'Why it would break the law', fr: 'Pourquoi cela enfreindrait le droit' },
  groundHint: {
    en: 'For example: “It lets us copy health data for advertising.” At most 500 characters.',
    fr: 'Par exemple : « Il permet de copier des données de santé à des fins publicitaires. » 500 caractères au plus.',
  },
  send: { en: 'Suspend and contest', fr: 'Suspendre et signaler' },
  about: { en: 'Agreement', fr: 'Accord' },
  what: { en: 'Contested', fr: 'Objet du signalement' },
  gone: { en: 'An agreement that has ended', fr: 'Un accord terminé' },
  goneRule: { en: 'An instruction that is no longer there', fr: 'Une instruction qui n’existe plus' },
  waits: {
    en: 'Suspended until a representative of the client answers',
    fr: 'Suspendu jusqu’à la réponse d’un représentant du client',
  },
  talked: {
    en: 'The client has written; a representative has not decided yet',
    fr: 'Le client a écrit ; un représentant n’a pas encore tranché',
  },
  outcomes: {
    upheld: { en: 'The client stands by it', fr: 'Le client le maintient' },
    changed: { en: 'The client gives another one instead', fr: 'Le client le remplace' },
    withdrawn: { en: 'The client withdrew the agreement', fr: 'Le client a retiré l’accord' },
  },
  decideTitle: { en: 'Answer as a representative', fr: 'Répondre en tant que représentant' },
  decideIntro: {
    en: 'Somebody at your provider says that this would break the law. You decide. Until you have answered, the agreement cannot be resumed; answering alone does not resume it.',
    fr: 'Une personne de votre prestataire affirme que cela enfreindrait le droit. Vous décidez. Tant que vous n’avez pas répondu, l’accord ne peut pas être rétabli ; répondre ne suffit pas à le rétablir.',
  },
  decision: { en: 'Your decision', fr: 'Votre décision' },
  choices: {
    upheld: {
      label: { en: 'We stand by it', fr: 'Nous le maintenons' },
      about: {
        en: 'Say why it is lawful. You can resume the agreement on the page that follows.',
        fr: 'Dites pourquoi il est licite. Vous pourrez rétablir l’accord sur la page suivante.',
      },
    },
    changed: {
      label: { en: 'We change it', fr: 'Nous le modifions' },
      about: {
        en: 'Give a new agreement or new instructions; this agreement stays suspended until you resume or withdraw it.',
        fr: 'Donnez un nouvel accord ou de nouvelles instructions ; cet accord reste suspendu jusqu’à ce que vous le rétablissiez ou le retiriez.',
      },
    },
    withdrawn: {
      label: { en: 'We withdraw the agreement', fr: 'Nous retirons l’accord' },
      about: { en: 'It ends at once, for good.', fr: 'Il prend fin aussitôt, définitivement.' },
    },
  },
  reasons: { en: 'Your reasons', fr: 'Vos raisons' },
  reasonsHint: {
    en: 'Your provider reads them, and they stay in your record. At most 500 characters.',
    fr: 'Votre prestataire les lit, et elles restent dans votre registre. 500 caractères au plus.',
  },
  decide: { en: 'Answer', fr: 'Répondre' },
  othersDecide: {
    en: 'A representative of your company decides. You can write here too.',
    fr: 'Un représentant de votre entreprise décide. Vous pouvez aussi écrire ici.',
  },
  staffWaits: {
    en: 'Only a representative of the client decides. You can add something.',
    fr: 'Seul un représentant du client décide. Vous pouvez ajouter quelque chose.',
  },
  resumeTitle: { en: 'What was contested', fr: 'Ce qui a été signalé' },
  resumeText: {
    en: 'Staff of your provider contested this agreement as unlawful. Read what they said before you resume it.',
    fr: 'Des personnes de votre prestataire ont signalé cet accord comme illicite. Lisez ce qu’elles ont dit avant de le rétablir.',
  },
  answerFirst: {
    en: 'It can be resumed once a representative has answered what was contested.',
    fr: 'Il pourra être rétabli quand un représentant aura répondu au signalement.',
  },
  task: {
    title: {
      en: 'Your provider’s staff say that an agreement would break the law',
      fr: 'Votre prestataire signale qu’un accord enfreindrait le droit',
    },
    act: { en: 'Read and answer', fr: 'Lire et répondre' },
  },
  mail: {
    subject: {
      en: 'An agreement of yours is contested as unlawful',
      fr: 'L’un de vos accords est signalé comme illicite',
    },
    text: (who: string): Text => ({
      en: `${who} says that an agreement or an instruction of yours would break the law. The agreement is suspended until a representative of yours has answered.`,
      fr: `${who} affirme que l’un de vos accords ou l’une de vos instructions enfreindrait le droit. L’accord est suspendu jusqu’à la réponse de l’un de vos représentants.`,
    }),
    why: { en: 'Reason given', fr: 'Raison donnée' },
  },
  events: {
    contested: { en: 'Agreement contested as unlawful', fr: 'Accord signalé comme illicite' },
    suspended: {
      en: 'Agreement suspended: staff of the provider say that it would break the law',
      fr: 'Accord suspendu : une personne du prestataire affirme qu’il enfreindrait le droit',
    },
  },
  errors: {
    agreement: { en: 'Choose an agreement.', fr: 'Choisissez un accord.' },
    instruction: { en: 'Choose what would break the law.', fr: 'Choisissez ce qui enfreindrait le droit.' },
    decision: { en: 'Choose what you decide.', fr: 'Choisissez votre décision.' },
    grant_unknown: { en: 'There is no such agreement', fr: 'Cet accord n’existe pas' },
    grant_ended: { en: 'This agreement has ended', fr: 'Cet accord est terminé' },
    endedNext: {
      en: 'Nothing is permitted under it any more, so nothing was written.',
      fr: 'Il ne permet plus rien ; rien n’a donc été enregistré.',
    },
    grant_waits: {
      en: 'This agreement waits for its second signature',
      fr: 'Cet accord attend sa seconde signature',
    },
    waitsNext: {
      en: 'It permits nothing yet, so nothing was written. Tell your contact; contest it once it is signed.',
      fr: 'Il ne permet encore rien ; rien n’a été enregistré. Prévenez votre interlocuteur ; signalez-le une fois signé.',
    },
    instruction_unknown: {
      en: 'This instruction is no longer in force',
      fr: 'Cette instruction n’est plus en vigueur',
    },
    instructionNext: {
      en: 'Nothing was suspended. Load the page again and choose from what is in force now.',
      fr: 'Rien n’a été suspendu. Rechargez la page et choisissez parmi ce qui est en vigueur.',
    },
    too_many_contests: {
      en: 'You have too many contests open already',
      fr: 'Vous avez déjà trop de signalements en cours',
    },
    tooManyNext: {
      en: 'Nothing was suspended. Ask the data protection officer of your company to contest this one.',
      fr: 'Rien n’a été suspendu. Demandez au délégué à la protection des données de votre entreprise de faire ce signalement.',
    },
    grant_contested: {
      en: 'What was contested about this agreement is not answered yet',
      fr: 'Le signalement concernant cet accord n’a pas encore de réponse',
    },
    contestedNext: {
      en: 'Nothing was resumed. Answer it first, under “Questions and disputes”; then resume the agreement.',
      fr: 'Rien n’a été rétabli. Répondez-y d’abord, sous « Questions et contestations », puis rétablissez l’accord.',
    },
    grant_live: { en: 'The agreement was not withdrawn', fr: 'L’accord n’a pas été retiré' },
    liveNext: {
      en: 'It stays suspended. Open the page again and send your answer once more.',
      fr: 'Il reste suspendu. Rouvrez la page et envoyez de nouveau votre réponse.',
    },
  },
} as const;
