/** Sentences about the end of a client's contract. Those under `said` are signed. */
import type { EndingCause, ErasureSubject, HostedWay } from '../../core/ending.ts';
import type { Text } from '../../core/model.ts';

const causes: { readonly [C in EndingCause]: Text } = {
  notice: { en: 'the client ended it', fr: 'le client y a mis fin' },
  contract: { en: 'the last day of the contract has passed', fr: 'le dernier jour du contrat est passé' },
  status: { en: 'the provider recorded the end', fr: 'le prestataire a enregistré la fin' },
};

const subjects: { readonly [S in ErasureSubject]: Text } = {
  data: {
    en: 'data hosted for the client, and copies of it',
    fr: 'données hébergées pour le client, et leurs copies',
  },
  log: { en: 'this log and its keys', fr: 'ce journal et ses clés' },
};

const hosted: { readonly [W in HostedWay]: Text } = {
  client: { en: 'stays where it is, in the client’s hands', fr: 'restent en place, aux mains du client' },
  returned: { en: 'returned to the client', fr: 'restituées au client' },
  deleted: { en: 'deleted', fr: 'supprimées' },
};

/** In the author's language; the whole of what is signed. */
const said = {
  notice: (day: Text): Text => ({
    en: `We end the contract: its last day is ${day.en}. From then on nobody of the provider is let in, whatever our agreements say.`,
    fr: `Nous mettons fin au contrat : son dernier jour est le ${day.fr}. Ensuite, plus personne du prestataire n’est admis, quoi que disent nos accords.`,
  }),
  return: (day: Text): Text => ({
    en: `Return to us, by ${day.en}, every copy of our data and the data that you host for us; then destroy what you still have.`,
    fr: `Restituez-nous, au plus tard le ${day.fr}, toute copie de nos données et les données que vous hébergez pour nous ; détruisez ensuite ce qui vous reste.`,
  }),
  delete: (day: Text): Text => ({
    en: `Delete, by ${day.en}, every copy of our data and the data that you host for us.`,
    fr: `Supprimez, au plus tard le ${day.fr}, toute copie de nos données et les données que vous hébergez pour nous.`,
  }),
  law: {
    en: 'Only what the law of the Union or of a Member State obliges you to keep is kept; the certificate names it.',
    fr: 'Seul est conservé ce que le droit de l’Union ou d’un État membre vous oblige à conserver ; l’attestation le nomme.',
  },
  note: (note: string): Text => ({ en: `In our own words: ${note}`, fr: `En nos propres termes : ${note}` }),
  nothing: {
    en: 'We take back what we said about the end of the contract.',
    fr: 'Nous retirons ce que nous avons dit de la fin du contrat.',
  },
};

export const endingTexts = {
  causes,
  subjects,
  hosted,
  said,
  title: { en: 'End of the contract', fr: 'Fin du contrat' },
  intro: {
    en: 'When the contract is over, your provider returns or deletes your data, as you choose. Here is when it ends, what is still open, and at last the certificate. You can sign in, read and export your log afterwards too.',
    fr: 'À la fin du contrat, votre prestataire restitue ou supprime vos données, à votre choix. Vous voyez ici quand il prend fin, ce qui reste à faire et, pour finir, l’attestation. Vous pourrez encore vous connecter, lire et exporter votre journal ensuite.',
  },
  runs: { en: 'The contract runs; no end is known.', fr: 'Le contrat court ; aucune fin n’est connue.' },
  coming: (day: Text): Text => ({
    en: `The last day of the contract is ${day.en}. After it nobody is let in, and every agreement is suspended.`,
    fr: `Le dernier jour du contrat est le ${day.fr}. Ensuite, plus personne n’est admis et tout accord est suspendu.`,
  }),
  over: (at: Text, cause: Text): Text => ({
    en: `The contract has been over since ${at.en}: ${cause.en}. Nobody is let in, and every agreement is suspended.`,
    fr: `Le contrat est terminé depuis le ${at.fr} : ${cause.fr}. Plus personne n’est admis et tout accord est suspendu.`,
  }),
  overSoon: {
    en: 'The contract is over. Nobody is let in; the log is about to say so.',
    fr: 'Le contrat est terminé. Plus personne n’est admis ; le journal va l’indiquer d’un instant à l’autre.',
  },
  see: { en: 'See the end of the contract', fr: 'Voir la fin du contrat' },
  choice: { en: 'What you decided', fr: 'Ce que vous avez décidé' },
  choiceAt: { en: 'What the client decided', fr: 'Ce que le client a décidé' },
  none: {
    en: 'Nothing was decided about the end yet: neither a last day nor whether data is returned or deleted.',
    fr: 'Rien n’a encore été décidé pour la fin : ni dernier jour, ni restitution ou suppression des données.',
  },
  change: { en: 'Change what you decided', fr: 'Modifier votre décision' },
  choose: {
    en: 'End the contract, or choose return or deletion',
    fr: 'Mettre fin au contrat, ou choisir restitution ou suppression',
  },
  goOn: { en: 'Let the contract go on', fr: 'Laisser le contrat se poursuivre' },
  readOnly: { en: 'Your representatives decide it.', fr: 'Vos représentants en décident.' },
  late: (day: Text): Text => ({
    en: `It was to be done by ${day.en}, and something is still open.`,
    fr: `Cela devait être fait au plus tard le ${day.fr}, et il reste à faire.`,
  }),
  formTitle: { en: 'The end of our contract', fr: 'La fin de notre contrat' },
  formIntro: {
    en: 'You read the whole text once more and sign it with your passkey. Your provider is told at once.',
    fr: 'Vous relisez tout le texte puis le signez avec votre clé d’accès. Votre prestataire en est averti aussitôt.',
  },
  lastDay: {
    en: 'Last day of the contract, if you end it',
    fr: 'Dernier jour du contrat, si vous y mettez fin',
  },
  lastDayHint: {
    en: 'Leave it empty and the contract runs as agreed. What the contract says about periods of notice is not checked here.',
    fr: 'Laissé vide, le contrat court comme convenu. Les délais de préavis prévus au contrat ne sont pas vérifiés ici.',
  },
  copies: {
    en: 'Copies of your data, and data hosted for you',
    fr: 'Copies de vos données, et données hébergées pour vous',
  },
  choices: {
    return: { en: 'are returned to us, and then destroyed', fr: 'nous sont restituées, puis détruites' },
    delete: { en: 'are deleted', fr: 'sont supprimées' },
    later: { en: 'we choose later', fr: 'nous choisirons plus tard' },
  },
  by: { en: 'By which day', fr: 'Au plus tard quel jour' },
  byHint: { en: 'Left empty: 30 days after the end.', fr: 'Laissé vide : 30 jours après la fin.' },
  note: { en: 'How, and to whom', fr: 'Comment, et à qui' },
  noteHint: {
    en: 'One line for your provider, such as a function and a medium; without personal data.',
    fr: 'Une ligne pour votre prestataire, par exemple une fonction et un support ; sans données personnelles.',
  },
  review: { en: 'Read the text before signing', fr: 'Relire le texte avant de signer' },
  reviewTitle: { en: 'Read and sign: the end of the contract', fr: 'Relire et signer : la fin du contrat' },
  reviewIntro: {
    en: 'It takes effect the moment you sign. After the last day nobody is let in, whatever agreements say.',
    fr: 'Cela prend effet dès votre signature. Après le dernier jour, plus personne n’est admis, quoi que disent les accords.',
  },
  open: { en: 'Still open', fr: 'Reste à faire' },
  openNone: {
    en: 'Nothing is outstanding: no copy, no account handed over, no access.',
    fr: 'Rien ne reste à faire : ni copie, ni compte confié, ni accès.',
  },
  openCopies: (count: number): Text => ({
    en: count === 1 ? 'One copy is still there' : `${count} copies are still there`,
    fr: count === 1 ? 'Une copie existe encore' : `${count} copies existent encore`,
  }),
  openCredentials: (count: number): Text => ({
    en:
      count === 1
        ? 'One account handed over was not returned'
        : `${count} accounts handed over were not returned`,
    fr: count === 1 ? 'Un compte confié n’a pas été rendu' : `${count} comptes confiés n’ont pas été rendus`,
  }),
  openAccesses: (count: number): Text => ({
    en: count === 1 ? 'One access is open' : `${count} accesses are open`,
    fr: count === 1 ? 'Un accès est ouvert' : `${count} accès sont ouverts`,
  }),
  openMatters: (count: number): Text => ({
    en:
      count === 1 ? 'One question or dispute is not closed' : `${count} questions or disputes are not closed`,
    fr:
      count === 1
        ? 'Une question ou contestation n’est pas close'
        : `${count} questions ou contestations ne sont pas closes`,
  }),
  openPrograms: (count: number): Text => ({
    en:
      count === 1
        ? 'One program of your own still reads; it holds nothing back'
        : `${count} programs of your own still read; they hold nothing back`,
    fr:
      count === 1
        ? 'Un programme à vous lit encore ; il ne bloque rien'
        : `${count} programmes à vous lisent encore ; ils ne bloquent rien`,
  }),
  otherThanChosen: (count: number): Text => ({
    en:
      count === 1
        ? 'One copy was destroyed although return was chosen'
        : `${count} copies were destroyed although return was chosen`,
    fr:
      count === 1
        ? 'Une copie a été détruite bien que la restitution ait été choisie'
        : `${count} copies ont été détruites bien que la restitution ait été choisie`,
  }),
  notices: { en: 'Notices of erasure', fr: 'Préavis d’effacement' },
  noticesNone: {
    en: 'None was given. Nothing is erased without a notice of at least 21 calendar days.',
    fr: 'Aucun n’a été donné. Rien n’est effacé sans un préavis d’au moins 21 jours calendaires.',
  },
  noticeWhat: { en: 'What', fr: 'Quoi' },
  noticeGiven: { en: 'Given', fr: 'Donné le' },
  noticeFrom: { en: 'Not before', fr: 'Pas avant le' },
  noticeBy: { en: 'By whom', fr: 'Par qui' },
  noticeText: { en: 'Words', fr: 'Termes' },
  certificate: { en: 'Certificate', fr: 'Attestation' },
  notYet: {
    en: 'It is issued by the provider when nothing is outstanding.',
    fr: 'Elle est établie par le prestataire quand rien ne reste à faire.',
  },
  certified: (at: Text, by: string): Text => ({
    en: `Issued on ${at.en} by ${by}.`,
    fr: `Établie le ${at.fr} par ${by}.`,
  }),
  facts: {
    client: { en: 'Client', fr: 'Client' },
    over: { en: 'Contract over since', fr: 'Contrat terminé depuis le' },
    chosen: { en: 'Chosen by the client', fr: 'Choisi par le client' },
    nothingChosen: { en: 'nothing was chosen', fr: 'rien n’a été choisi' },
    returned: { en: 'Copies returned', fr: 'Copies restituées' },
    destroyed: { en: 'Copies destroyed', fr: 'Copies détruites' },
    credentials: { en: 'Accounts returned', fr: 'Comptes rendus' },
    hosted: { en: 'Data in', fr: 'Données de' },
    kept: { en: 'The log is kept', fr: 'Journal conservé' },
    keptUntil: (day: Text, why: string): Text => ({
      en: `until ${day.en}. ${why}`,
      fr: `jusqu’au ${day.fr}. ${why}`,
    }),
    hash: { en: 'SHA-256 of the certificate', fr: 'SHA-256 de l’attestation' },
  },
  proof: {
    en: 'That copies left was observed; that they were destroyed or returned, and what became of hosted data, is declared by the provider, not observed. The hash stands in your log: whoever checks an export of it checks the certificate too, against every line before it.',
    fr: 'La sortie des copies a été observée ; leur destruction ou restitution, et le sort des données hébergées, sont déclarés par le prestataire, non observés. L’empreinte figure dans votre journal : qui en vérifie un export vérifie aussi l’attestation, au regard de chaque ligne précédente.',
  },
  pdf: { en: 'Certificate as PDF', fr: 'Attestation en PDF' },
  json: { en: 'Certificate as a file (JSON)', fr: 'Attestation en fichier (JSON)' },
  stays: { en: 'What stays', fr: 'Ce qui demeure' },
  staysText: {
    en: 'Your log stays, and you can read and export it as long as it is kept. Take an export away now, while you think of it.',
    fr: 'Votre journal demeure, et vous pouvez le lire et l’exporter tant qu’il est conservé. Emportez dès maintenant un export.',
  },
  take: { en: 'Take the log away', fr: 'Emporter le journal' },
  pdfTitle: (client: string): Text => ({
    en: `Certificate at the end of the contract – ${client}`,
    fr: `Attestation de fin de contrat – ${client}`,
  }),
  pdfMade: (provider: string, by: string, at: Text): Text => ({
    en: `Attested for ${provider} by ${by} on ${at.en}`,
    fr: `Attesté pour ${provider} par ${by} le ${at.fr}`,
  }),
  pdfCopies: { en: 'Copies, each with its end', fr: 'Copies, chacune avec sa fin' },
  pdfEmpty: { en: 'No copy ever left.', fr: 'Aucune copie n’est sortie.' },
  pdfMore: (count: number): Text => ({
    en: `${count} copies more are in the file (JSON).`,
    fr: `${count} autres copies figurent dans le fichier (JSON).`,
  }),
  columns: {
    taken: { en: 'Taken', fr: 'Prise le' },
    where: { en: 'System, purpose', fr: 'Système, finalité' },
    how: { en: 'What happened', fr: 'Ce qui s’est passé' },
    digest: { en: 'Digest', fr: 'Empreinte' },
    size: { en: 'Size', fr: 'Taille' },
    done: { en: 'Done', fr: 'Fait le' },
    by: { en: 'Said by', fr: 'Déclaré par' },
  },
  sayers: {
    taker: { en: 'whoever took it', fr: 'qui l’a prise' },
    contact: { en: 'the provider’s contact', fr: 'le contact du prestataire' },
  },
  ways: {
    destroyed: { en: 'destroyed', fr: 'détruite' },
    returned: { en: 'returned', fr: 'restituée' },
  },
  errors: {
    lastDay: {
      en: 'Give a day from today on, or the one that was given before, or none',
      fr: 'Indiquez un jour à partir d’aujourd’hui, ou celui indiqué auparavant, ou aucun',
    },
    choice: { en: 'Choose one of them', fr: 'Choisissez une réponse' },
    by: { en: 'Give a day that is not over yet', fr: 'Indiquez un jour qui n’est pas encore passé' },
    note: {
      en: 'One line of at most 300 characters',
      fr: 'Une ligne de 300 caractères au plus',
    },
    same: {
      en: 'This is what you said already: change something first',
      fr: 'C’est ce que vous avez déjà dit : modifiez d’abord quelque chose',
    },
    stale: {
      en: 'Something else was signed about the end in the meantime',
      fr: 'Autre chose a été signé entre-temps sur la fin',
    },
    staleNext: {
      en: 'Read what is in force and begin again.',
      fr: 'Lisez ce qui est en vigueur et recommencez.',
    },
    certified: {
      en: 'The end is certified: nothing more can be chosen for it',
      fr: 'La fin est attestée : plus rien ne peut être choisi',
    },
  },
  events: {
    set: {
      en: 'Said what becomes of the contract and the data',
      fr: 'A dit ce que deviennent le contrat et les données',
    },
    began: {
      en: 'The contract is over: every agreement is suspended',
      fr: 'Le contrat est terminé : tout accord est suspendu',
    },
    lifted: { en: 'The contract goes on', fr: 'Le contrat continue' },
    notified: { en: 'Gave notice of erasure', fr: 'A donné préavis d’effacement' },
    certified: { en: 'Certified the end of the contract', fr: 'A attesté la fin du contrat' },
    rested: {
      en: 'Agreement suspended: the contract is over',
      fr: 'Accord suspendu : le contrat est terminé',
    },
  },
  at: (client: string): Text => ({
    en: `End of the contract with ${client}`,
    fr: `Fin du contrat avec ${client}`,
  }),
  introAt: {
    en: 'What the client decided, what is still open, and what is left to be done. Each look is recorded in the client’s log.',
    fr: 'Ce que le client a décidé, ce qui reste ouvert et ce qui reste à faire. Chaque consultation figure au journal du client.',
  },
  copiesAt: { en: 'See and attest the copies', fr: 'Voir les copies et attester leur fin' },
  credentialsAt: {
    en: 'Hand the accounts back, delete their secret files and take them out of the client’s file; that is recorded by itself.',
    fr: 'Rendez les comptes, supprimez leurs fichiers secrets et retirez-les du fichier du client ; cela s’enregistre seul.',
  },
  across: { en: 'Ends of contracts', fr: 'Fins de contrats' },
  acrossIntro: {
    en: 'Contracts that are over or end within 90 days, those with something open first.',
    fr: 'Contrats terminés ou qui prennent fin sous 90 jours, ceux où il reste à faire en premier.',
  },
  acrossNone: {
    en: 'No contract is over or about to end.',
    fr: 'Aucun contrat n’est terminé ou près de l’être.',
  },
  state: { en: 'State', fr: 'État' },
  outstanding: { en: 'Still open', fr: 'Reste à faire' },
  nothingOpen: { en: 'nothing', fr: 'rien' },
  look: { en: 'Look', fr: 'Consulter' },
  states: {
    over: (day: Text): Text => ({ en: `over since ${day.en}`, fr: `terminé depuis le ${day.fr}` }),
    coming: (day: Text): Text => ({ en: `ends on ${day.en}`, fr: `prend fin le ${day.fr}` }),
    certified: { en: 'certified', fr: 'attesté' },
    late: { en: 'late', fr: 'en retard' },
  },
  chosen: {
    return: { en: 'return', fr: 'restitution' },
    delete: { en: 'deletion', fr: 'suppression' },
    none: { en: 'not chosen yet', fr: 'pas encore choisi' },
  },
  mine: (choice: Text, day: Text): Text => ({
    en: `The contract is over. The client chose ${choice.en}, by ${day.en}.`,
    fr: `Le contrat est terminé. Le client a choisi : ${choice.fr}, au plus tard le ${day.fr}.`,
  }),
  mineNone: {
    en: 'The contract is over. The client has not chosen yet whether copies are returned or deleted: do neither before it has.',
    fr: 'Le contrat est terminé. Le client n’a pas encore choisi entre restitution et suppression des copies : ne faites rien avant.',
  },
  give: { en: 'Give notice of erasure', fr: 'Donner préavis d’effacement' },
  giveIntro: {
    en: 'Nothing of the client is erased without a formal notice of at least 21 calendar days. The client is told by mail and by its webhooks, and it cannot be taken back.',
    fr: 'Rien du client n’est effacé sans un préavis formel d’au moins 21 jours calendaires. Le client en est averti par courriel et par ses webhooks, et cela ne peut être repris.',
  },
  giveWhat: { en: 'What is to be erased', fr: 'Ce qui sera effacé' },
  giveFrom: { en: 'Not before', fr: 'Pas avant le' },
  giveText: {
    en: 'In a sentence: under which clause, and how',
    fr: 'En une phrase : selon quelle clause, et comment',
  },
  giveSubmit: { en: 'Give notice', fr: 'Donner préavis' },
  attest: { en: 'Issue the certificate', fr: 'Établir l’attestation' },
  attestIntro: {
    en: 'It lists every copy with its end and every account handed over, as the log has them, and what you declare here. It is issued once, in your name.',
    fr: 'Elle énumère chaque copie avec sa fin et chaque compte confié, d’après le journal, et ce que vous déclarez ici. Elle est établie une seule fois, à votre nom.',
  },
  attestHosted: (system: Text): Text => ({
    en: `Data hosted in ${system.en}`,
    fr: `Données hébergées dans ${system.fr}`,
  }),
  attestUntil: { en: 'Until when the log is kept', fr: 'Jusqu’à quand le journal est conservé' },
  attestWhy: { en: 'Why', fr: 'Pourquoi' },
  attestWhyUsual: {
    en: 'Proof of what was done, for the five years of limitation (article 2224 of the French civil code).',
    fr: 'Preuve de ce qui a été fait, pendant les cinq ans de prescription (article 2224 du code civil).',
  },
  attestSubmit: { en: 'Issue it', fr: 'L’établir' },
  waits: {
    en: 'The certificate can be issued when nothing is outstanding.',
    fr: 'L’attestation pourra être établie quand rien ne restera à faire.',
  },
  refused: {
    not_over: {
      en: 'The contract is not over, or the log does not say so yet',
      fr: 'Le contrat n’est pas terminé, ou le journal ne le dit pas encore',
    },
    too_soon: {
      en: 'Give a day that leaves 21 calendar days in between',
      fr: 'Indiquez un jour qui laisse 21 jours calendaires entre les deux',
    },
    certified: { en: 'The certificate was issued already', fr: 'L’attestation a déjà été établie' },
    outstanding: { en: 'Something is still outstanding', fr: 'Il reste à faire' },
    not_noticed: {
      en: 'Data counts as deleted only after its notice of 21 calendar days has run',
      fr: 'Des données ne comptent comme supprimées qu’après leur préavis de 21 jours calendaires',
    },
    kept_until: { en: 'Give a day that is to come', fr: 'Indiquez un jour à venir' },
    next: { en: 'Read what is open, and try again.', fr: 'Lisez ce qui reste ouvert, puis réessayez.' },
    text: {
      en: 'Say it in a sentence of at most 500 characters',
      fr: 'Dites-le en une phrase de 500 caractères au plus',
    },
    what: { en: 'Choose what it is about', fr: 'Choisissez de quoi il s’agit' },
    hosted: { en: 'Say it of every system', fr: 'Dites-le de chaque système' },
  },
  mail: {
    undone: (client: string): Text => ({
      en: `Late: return or deletion at the end of the contract – ${client}`,
      fr: `En retard : restitution ou suppression en fin de contrat – ${client}`,
    }),
    subjects: {
      set: (client: string): Text => ({
        en: `The end of the contract – ${client}`,
        fr: `La fin du contrat – ${client}`,
      }),
      began: (client: string): Text => ({
        en: `The contract is over – ${client}`,
        fr: `Le contrat est terminé – ${client}`,
      }),
      lifted: (client: string): Text => ({
        en: `The contract goes on – ${client}`,
        fr: `Le contrat continue – ${client}`,
      }),
      notified: (client: string): Text => ({
        en: `Notice of erasure – ${client}`,
        fr: `Préavis d’effacement – ${client}`,
      }),
      certified: (client: string): Text => ({
        en: `Certificate at the end of the contract – ${client}`,
        fr: `Attestation de fin de contrat – ${client}`,
      }),
    },
    set: {
      en: 'A representative signed what becomes of the contract and of the data. Read it on the page.',
      fr: 'Un représentant a signé ce que deviennent le contrat et les données. Lisez-le sur la page.',
    },
    began: {
      en: 'Nobody is let in any more, and every agreement is suspended. What is still open, and whether data is returned or deleted, stands on the page.',
      fr: 'Plus personne n’est admis et tout accord est suspendu. Ce qui reste à faire, et le choix entre restitution et suppression, figurent sur la page.',
    },
    lifted: {
      en: 'The contract is not over any more. Agreements stay suspended until a representative resumes them.',
      fr: 'Le contrat n’est plus terminé. Les accords restent suspendus jusqu’à ce qu’un représentant les rétablisse.',
    },
    notified: {
      en: 'The provider gives formal notice: from the day named, and not before, it may erase this.',
      fr: 'Le prestataire donne un préavis formel : à partir du jour indiqué, et pas avant, il pourra effacer ceci.',
    },
    certified: {
      en: 'Nothing is outstanding any more; the certificate is on the page.',
      fr: 'Plus rien ne reste à faire ; l’attestation est sur la page.',
    },
  },
} as const;
