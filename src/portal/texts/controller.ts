/** Sentences of the client's own pages: activity, stop, verify, seats. */
import type { Text } from '../../core/model.ts';

export const controllerTexts = {
  activityTitle: (client: string): Text => ({
    en: `Accesses to your data – ${client}`,
    fr: `Accès à vos données – ${client}`,
  }),
  openNow: { en: 'Open now', fr: 'En cours' },
  nobody: { en: 'Nobody has an access open.', fr: 'Personne n’a d’accès ouvert.' },
  happened: { en: 'What happened', fr: 'Ce qui s’est passé' },
  happenedOne: { en: 'What happened in this access', fr: 'Ce qui s’est passé dans cet accès' },
  showAll: { en: 'Show all accesses', fr: 'Afficher tous les accès' },
  nothing: { en: 'Nothing has happened yet.', fr: 'Rien ne s’est encore passé.' },
  nothingMore: { en: 'Nothing older.', fr: 'Rien de plus ancien.' },
  older: { en: 'Older', fr: 'Plus ancien' },
  newest: { en: 'Newest', fr: 'Plus récent' },
  person: { en: 'Person', fr: 'Personne' },
  purpose: { en: 'Purpose', fr: 'Finalité' },
  reference: { en: 'Reference', fr: 'Référence' },
  note: { en: 'Note', fr: 'Note' },
  noteSaid: { en: 'Note:', fr: 'Note :' },
  by: (name: string): Text => ({ en: `by ${name}`, fr: `par ${name}` }),
  systems: { en: 'Systems', fr: 'Systèmes' },
  system: { en: 'System', fr: 'Système' },
  since: { en: 'Since', fr: 'Depuis' },
  until: { en: 'Until', fr: 'Jusqu’à' },
  left: { en: 'Time left', fr: 'Temps restant' },
  running: { en: 'Running', fr: 'En cours' },
  idle: { en: 'nothing is running at this moment', fr: 'rien ne s’exécute en ce moment' },
  bytesDown: (amount: string): Text => ({ en: `${amount} sent out`, fr: `${amount} sortis` }),
  bytesUp: (amount: string): Text => ({ en: `${amount} sent in`, fr: `${amount} entrés` }),
  stop: { en: 'Stop', fr: 'Arrêter' },
  stopNamed: (person: string, reference: string): Text => ({
    en: `Stop the access: ${person}, ${reference}`,
    fr: `Arrêter l’accès : ${person}, ${reference}`,
  }),
  stopAll: { en: 'Stop everything', fr: 'Tout arrêter' },
  stopAllHint: {
    en: 'Ends every open access at once. The agreements stay: a technician can declare again.',
    fr: 'Met fin immédiatement à tous les accès ouverts. Les accords demeurent : un technicien peut déclarer un nouvel accès.',
  },
  stopped: (openings: number): Text => ({
    en: openings === 1 ? 'Stopped: 1 access.' : `Stopped: ${openings} accesses.`,
    fr: `Arrêté : ${openings} accès.`,
  }),
  cutIn: (exchanges: number, time: string): Text => ({
    en: `${exchanges === 1 ? '1 running transfer' : `${exchanges} running transfers`} cut in ${time}.`,
    fr: `${exchanges === 1 ? '1 transfert en cours coupé' : `${exchanges} transferts en cours coupés`} en ${time}.`,
  }),
  nothingRan: {
    en: 'Nothing was running at that moment.',
    fr: 'Rien ne s’exécutait à ce moment.',
  },
  nothingToStop: {
    en: 'Nothing was open any more: there was nothing to stop.',
    fr: 'Plus rien n’était ouvert : il n’y avait rien à arrêter.',
  },
  recorded: { en: 'Recorded.', fr: 'Enregistré.' },
  unrecorded: {
    en: 'Stopped here, not yet recorded. The access stays blocked while this is being put right.',
    fr: 'Arrêté ici, pas encore enregistré. L’accès reste bloqué jusqu’à ce que ce soit rétabli.',
  },
  blocked: { en: 'stopped here, not yet recorded', fr: 'arrêté ici, pas encore enregistré' },
  live: {
    en: 'Live: what happens appears here by itself.',
    fr: 'En direct : ce qui se passe apparaît ici de soi-même.',
  },
  livePaused: {
    en: 'Paused, as this page was left alone for a while. It goes on when you click or press a key.',
    fr: 'En pause, car cette page est restée seule un moment. Elle reprend dès que vous cliquez ou pressez une touche.',
  },
  liveCut: {
    en: 'Not live: the connection was cut, and what happens does not appear here. It is tried again by itself; reload the page to see what is newest.',
    fr: 'Pas en direct : la connexion est coupée, et ce qui se passe n’apparaît pas ici. Un nouvel essai se fait de lui-même ; rechargez la page pour voir le plus récent.',
  },
  notAPage: {
    title: { en: 'This address is not a page.', fr: 'Cette adresse n’est pas une page.' },
    next: {
      en: 'Open the first page: it follows what happens by itself.',
      fr: 'Ouvrez la première page : elle suit d’elle-même ce qui se passe.',
    },
  },
  tooManyLive: {
    title: {
      en: 'Too many live pages are open.',
      fr: 'Trop de pages en direct sont ouvertes.',
    },
    next: {
      en: 'Close one of the others, or reload this page to see what is newest.',
      fr: 'Fermez-en une autre, ou rechargez cette page pour voir le plus récent.',
    },
  },
  readUnrecorded: {
    en: 'The access log cannot be written right now; this look at it could not be noted.',
    fr: 'Le journal des accès ne peut pas être écrit en ce moment ; cette consultation n’a pas pu être notée.',
  },
  when: { en: 'When', fr: 'Quand' },
  what: { en: 'What', fr: 'Quoi' },
  operation: { en: 'Operation', fr: 'Opération' },
  result: { en: 'Result', fr: 'Résultat' },
  amount: { en: 'Amount', fr: 'Volume' },
  onlyThis: { en: 'Only this access', fr: 'Seulement cet accès' },
  statics: {
    en: 'Page furniture (styles, images, scripts)',
    fr: 'Habillage des pages (styles, images, scripts)',
  },
  times: (count: number): Text => ({ en: `${count} times`, fr: `${count} fois` }),
  unnamed: { en: 'name erased', fr: 'nom effacé' },
  results: {
    running: { en: 'running', fr: 'en cours' },
    pending: { en: 'result not known yet', fr: 'résultat pas encore connu' },
    done: { en: 'done', fr: 'fait' },
    answered: (status: number): Text => ({
      en: `the system answered ${status}`,
      fr: `le système a répondu ${status}`,
    }),
    clientAbort: {
      en: 'the technician’s browser broke off',
      fr: 'interrompu par le navigateur du technicien',
    },
    upstreamAbort: { en: 'the system broke off', fr: 'interrompu par le système' },
    unreachable: { en: 'the system did not answer', fr: 'le système n’a pas répondu' },
    timeout: { en: 'the system took too long', fr: 'le système a mis trop de temps' },
    upgradeRefused: { en: 'the system refused the connection', fr: 'le système a refusé la connexion' },
    crash: {
      en: 'not known: the gateway stopped in the middle',
      fr: 'inconnu : la passerelle s’est arrêtée au milieu',
    },
    withheld: { en: 'held back: no byte left', fr: 'retenu : aucun octet n’est sorti' },
    copyLimit: {
      en: 'as much was copied as the agreement permits in this period',
      fr: 'tout ce que l’accord permet de copier dans cette période l’a été',
    },
    cut: (why: Text): Text => ({ en: `cut: ${why.en}`, fr: `coupé : ${why.fr}` }),
    refused: (why: Text): Text => ({ en: `refused: ${why.en}`, fr: `refusé : ${why.fr}` }),
    other: (code: string): Text => ({ en: code, fr: code }),
  },
  events: {
    opened: { en: 'Access declared', fr: 'Accès déclaré' },
    requested: { en: 'Access requested', fr: 'Accès demandé' },
    closed: (why: Text): Text => ({ en: `Access ended: ${why.en}`, fr: `Accès terminé : ${why.fr}` }),
    granted: { en: 'Agreement given', fr: 'Accord donné' },
    suspended: { en: 'Agreement suspended', fr: 'Accord suspendu' },
    rested: {
      en: 'Agreement put to rest: a system of yours leads elsewhere now',
      fr: 'Accord en suspens : l’un de vos systèmes mène désormais ailleurs',
    },
    resumed: { en: 'Agreement resumed', fr: 'Accord rétabli' },
    revoked: { en: 'Agreement withdrawn', fr: 'Accord retiré' },
    expired: { en: 'Agreement ended', fr: 'Accord échu' },
    rules: {
      en: 'The provider’s rules for you took effect',
      fr: 'Les règles du prestataire vous concernant ont pris effet',
    },
    invited: {
      en: 'A person was invited to act for you',
      fr: 'Une personne a été invitée à agir pour vous',
    },
    removed: {
      en: 'A person no longer acts for you',
      fr: 'Une personne n’agit plus pour vous',
    },
    keyEnded: { en: 'Earlier passkey ended', fr: 'Ancienne clé d’accès terminée' },
    recovered: {
      en: 'A person came back with a recovery code',
      fr: 'Une personne est revenue avec un code de secours',
    },
    recoveryCodes: { en: 'New recovery codes', fr: 'Nouveaux codes de secours' },
    confirmed: {
      en: 'A representative confirmed a person',
      fr: 'Un représentant a confirmé une personne',
    },
    keyAdded: { en: 'Access key added', fr: 'Clé d’accès ajoutée' },
    seated: {
      en: 'A person was authorised to act for you',
      fr: 'Une personne a été habilitée à agir pour vous',
    },
  },
  verifyTitle: { en: 'Verify for yourself', fr: 'Vérifier par vous-même' },
  verifyIntro: {
    en: 'Keep these two texts somewhere that is not ours: your own files, a mail to yourself, paper. With them you can prove later that nothing in your access log was changed or removed, without having to trust us.',
    fr: 'Conservez ces deux textes ailleurs que chez nous : vos propres fichiers, un courriel à vous-même, du papier. Ils vous permettront de prouver plus tard que rien n’a été modifié ni retiré dans votre journal des accès, sans devoir nous croire.',
  },
  key: { en: 'Verification key', fr: 'Clé de vérification' },
  keyHint: {
    en: 'Note it once. It says whose signature the log must carry. Its name ends with the current year; it checks the log of every year.',
    fr: 'À noter une fois. Elle dit quelle signature le journal doit porter. Son nom se termine par l’année en cours ; elle vérifie le journal de toutes les années.',
  },
  head: { en: 'State of the log now', fr: 'État du journal à cet instant' },
  headHint: {
    en: 'Note it from time to time. A later log must continue exactly this one.',
    fr: 'À noter de temps en temps. Un journal ultérieur doit prolonger exactement celui-ci.',
  },
  entries: (count: number): Text => ({ en: `${count} lines so far`, fr: `${count} lignes à ce jour` }),
  phrase: {
    en: 'The state below in six words, to compare by phone or with the weekly mail:',
    fr: 'L’état ci-dessous en six mots, à comparer par téléphone ou avec le message hebdomadaire :',
  },
  noLog: {
    en: 'Your access log has no line yet.',
    fr: 'Votre journal des accès ne compte encore aucune ligne.',
  },
  copy: { en: 'Copy', fr: 'Copier' },
  copied: { en: 'Copied', fr: 'Copié' },
  download: { en: 'Download the access log', fr: 'Télécharger le journal des accès' },
  downloadHint: {
    en: 'A zip file in a public, standard format. The download itself is noted in the log.',
    fr: 'Un fichier zip dans un format public et normalisé. Le téléchargement est lui-même noté au journal.',
  },
  howTitle: { en: 'How to check, on your own computer', fr: 'Comment vérifier, sur votre propre ordinateur' },
  how1: {
    en: 'Download the access log above.',
    fr: 'Téléchargez le journal des accès ci-dessus.',
  },
  how2: {
    en: 'Save the state you noted earlier in a file, for example state.txt.',
    fr: 'Enregistrez l’état noté auparavant dans un fichier, par exemple etat.txt.',
  },
  how3: {
    en: 'The verifier comes with Consentry’s archive or a clone of it: put both files into that folder and run this command there. It needs no network and no account with us. Other tools for the same public format work as well.',
    fr: 'Le vérificateur est fourni avec l’archive de Consentry ou un clone de celle-ci : placez les deux fichiers dans ce dossier et lancez-y cette commande. Elle ne demande ni réseau ni compte chez nous. D’autres outils du même format public conviennent aussi.',
  },
  how4: {
    en: 'It says that all is well, or names the first line that is not.',
    fr: 'Elle dit que tout est en ordre, ou nomme la première ligne qui ne l’est pas.',
  },
  limits: {
    en: 'This proves what went through this door, in which order, and that nothing was altered since. It cannot see screenshots, retyped data, or other ways into your systems.',
    fr: 'Cela prouve ce qui est passé par cette porte, dans quel ordre, et que rien n’a changé depuis. Cela ne voit ni les captures d’écran, ni les données recopiées, ni d’autres chemins vers vos systèmes.',
  },
  seatTitle: { en: 'Act for your organisation', fr: 'Agir pour votre organisation' },
  seatIntro: {
    en: 'You were named, but a name alone permits nothing. Open the personal link that you were sent, and have the code ready that you were told by phone or on paper. If you have no link, ask whoever represents your organisation, or the provider.',
    fr: 'Vous avez été désigné, mais un nom seul ne permet rien. Ouvrez le lien personnel que vous avez reçu, muni du code communiqué par téléphone ou sur papier. Sans lien, adressez-vous à un représentant de votre organisation ou au prestataire.',
  },
  seatCreate: { en: 'Create a passkey', fr: 'Créer une clé d’accès' },
  seatMine: { en: 'Your passkeys', fr: 'Vos clés d’accès' },
  seatAdd: {
    en: 'You can add a passkey for another device.',
    fr: 'Vous pouvez ajouter une clé d’accès pour un autre appareil.',
  },
  seatSince: (when: string): Text => ({ en: `since ${when}`, fr: `depuis le ${when}` }),
  seatPasskey: { en: 'Passkey', fr: 'Clé d’accès' },
  seatEvaluation: {
    en: 'Key held by the gateway, for evaluation only',
    fr: 'Clé détenue par la passerelle, pour l’évaluation seulement',
  },
  seatDone: {
    en: 'The passkey is recorded. You can act now.',
    fr: 'La clé d’accès est enregistrée. Vous pouvez agir.',
  },
  seatRefused: {
    not_seated: {
      en: 'You are not enrolled yet: open your invitation.',
      fr: 'Vous n’êtes pas encore inscrit : ouvrez votre invitation.',
    },
    passkey: {
      en: 'The passkey could not be verified. Try again with the same device.',
      fr: 'La clé d’accès n’a pas pu être vérifiée. Réessayez avec le même appareil.',
    },
  },
  signInPasskey: { en: 'Sign in with a passkey', fr: 'Se connecter avec une clé d’accès' },
  byProvider: { en: 'Invited by the provider.', fr: 'Invitée par le prestataire.' },
  byPerson: (name: string): Text => ({ en: `Invited by ${name}.`, fr: `Invitée par ${name}.` }),
  agreesFrom: (when: string): Text => ({
    en: `Can agree from ${when} on.`,
    fr: `Peut donner un accord à partir du ${when}.`,
  }),
  needsScript: {
    en: 'Passkeys need JavaScript and a recent browser.',
    fr: 'Les clés d’accès demandent JavaScript et un navigateur récent.',
  },
} as const;
