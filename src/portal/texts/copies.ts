/** Sentences about copies outside a client's systems, for whoever took them, the client, and the provider's own people. */
import type { CopyShape, CopyState, GoneRefusal, KeepRefusal } from '../../core/copies.ts';
import type { Text } from '../../core/model.ts';

const refused: { readonly [R in Exclude<GoneRefusal | KeepRefusal, 'opening_unknown'>]: Text } = {
  copies_none: {
    en: 'Nothing is left to be said of these copies',
    fr: 'Il n’y a plus rien à dire de ces copies',
  },
  copy_place: {
    en: 'Say where the copies are kept and who answers for them',
    fr: 'Dites où les copies sont conservées et qui en répond',
  },
  copy_unknown: { en: 'Choose at least one copy', fr: 'Choisissez au moins une copie' },
  copy_gone: { en: 'One of these copies is gone already', fr: 'L’une de ces copies n’existe déjà plus' },
  copy_running: { en: 'One of these copies still runs', fr: 'L’une de ces copies est encore en cours' },
  copy_done: {
    en: 'Give the day on which it was done: not before the copy was taken, and not after today',
    fr: 'Indiquez le jour où cela a été fait : pas avant la copie, ni après aujourd’hui',
  },
  copy_said: {
    en: 'Say in a sentence how it was done, without names of persons or data of the client',
    fr: 'Dites en une phrase comment cela a été fait, sans noms de personnes ni données du client',
  },
};

const shapes: { readonly [S in CopyShape]: Text } = {
  running: { en: 'running', fr: 'en cours' },
  whole: { en: 'whole', fr: 'entière' },
  part: { en: 'part of something larger', fr: 'partie d’un ensemble' },
  live: { en: 'live connection', fr: 'connexion continue' },
  incomplete: { en: 'incomplete', fr: 'incomplète' },
};

const states: { readonly [S in CopyState]: Text } = {
  kept: { en: 'kept', fr: 'conservée' },
  unanswered: { en: 'place not said', fr: 'lieu non indiqué' },
  overdue: { en: 'overdue', fr: 'en retard' },
  destroyed: { en: 'destroyed', fr: 'détruite' },
  returned: { en: 'returned', fr: 'restituée' },
  nothing: { en: 'nothing left', fr: 'rien n’est sorti' },
};

export const copyTexts = {
  refused,
  shapes,
  states,
  observed: { en: 'declared by the provider, not observed', fr: 'déclaré par le prestataire, non observé' },
  mine: { en: 'My copies', fr: 'Mes copies' },
  mineIntro: {
    en: 'Copies that you took and that are still there. The client reads this register. Once a copy is overdue beyond its grace, or nobody has said where it is, you get no new copies of that client.',
    fr: 'Copies que vous avez prises et qui existent encore. Le client lit ce registre. Dès qu’une copie dépasse son délai de grâce, ou que personne n’a dit où elle se trouve, vous n’obtenez plus de nouvelles copies de ce client.',
  },
  mineNone: { en: 'You hold no copies.', fr: 'Vous ne détenez aucune copie.' },
  title: { en: 'Copies outside your systems', fr: 'Copies hors de vos systèmes' },
  intro: {
    en: 'Each copy that left your systems through the gateway, until it is destroyed or returned. That it left, how much and its digest was observed; where it is kept and that it is gone is declared by the provider, not observed.',
    fr: 'Chaque copie sortie de vos systèmes par la passerelle, jusqu’à sa destruction ou sa restitution. Sa sortie, sa taille et son empreinte ont été observées ; le lieu de conservation et la fin sont déclarés par le prestataire, non observés.',
  },
  introAt: {
    en: 'Each copy that left the client’s systems through the gateway, until it is destroyed or returned. That it left, how much and its digest was observed; where it is kept and that it is gone is declared by us, not observed.',
    fr: 'Chaque copie sortie des systèmes du client par la passerelle, jusqu’à sa destruction ou sa restitution. Sa sortie, sa taille et son empreinte ont été observées ; le lieu de conservation et la fin sont déclarés par nous, non observés.',
  },
  there: { en: 'Still there', fr: 'Encore existantes' },
  thereNone: {
    en: 'No copy is outside your systems, as far as the gateway saw.',
    fr: 'Aucune copie hors de vos systèmes, pour ce que la passerelle a vu.',
  },
  gone: { en: 'Destroyed or returned', fr: 'Détruites ou restituées' },
  goneNone: { en: 'None yet.', fr: 'Aucune pour l’instant.' },
  most: {
    en: 'At most 500 are shown; the log has all of them.',
    fr: '500 au plus sont affichées ; le journal les contient toutes.',
  },
  what: { en: 'What', fr: 'Quoi' },
  system: { en: 'System', fr: 'Système' },
  taken: { en: 'Taken', fr: 'Prise le' },
  access: { en: 'Access', fr: 'Accès' },
  destroyBy: { en: 'To be gone by', fr: 'À supprimer avant le' },
  kept: { en: 'Where, and who answers for it', fr: 'Où, et qui en répond' },
  notSaid: { en: 'not said yet', fr: 'pas encore dit' },
  state: { en: 'State', fr: 'État' },
  how: { en: 'How', fr: 'Comment' },
  done: { en: 'Done', fr: 'Fait le' },
  choose: { en: 'Which copies', fr: 'Quelles copies' },
  digest: { en: 'Digest (SHA-256)', fr: 'Empreinte (SHA-256)' },
  noDigest: {
    en: 'no digest: it did not leave whole',
    fr: 'pas d’empreinte : elle n’est pas sortie entière',
  },
  compressed: { en: 'sent compressed', fr: 'envoyée compressée' },
  atLeast: (size: string): Text => ({ en: `at least ${size}`, fr: `au moins ${size}` }),
  bytes: (range: string): Text => ({ en: `bytes ${range}`, fr: `octets ${range}` }),
  attest: { en: 'Say that copies are gone', fr: 'Dire que des copies n’existent plus' },
  attestHint: {
    en: 'It is recorded under your name in the client’s log and cannot be taken back.',
    fr: 'Cela figure sous votre nom au journal du client et ne peut être repris.',
  },
  ways: {
    destroyed: { en: 'destroyed', fr: 'détruites' },
    returned: { en: 'returned to the client', fr: 'restituées au client' },
  },
  way: { en: 'What happened', fr: 'Ce qui s’est passé' },
  day: { en: 'On which day', fr: 'Quel jour' },
  said: { en: 'How it was done', fr: 'Comment cela a été fait' },
  saidHint: {
    en: 'One sentence, at most 500 characters, such as the number of a protocol; no names of persons.',
    fr: 'Une phrase, 500 caractères au plus, par exemple le numéro d’un procès-verbal ; pas de noms de personnes.',
  },
  submit: { en: 'Record it', fr: 'L’enregistrer' },
  recorded: { en: 'It is recorded. The client reads it.', fr: 'C’est enregistré. Le client le lit.' },
  left: { en: 'Copies that left in this access', fr: 'Copies sorties pendant cet accès' },
  here: { en: 'Copies in this access', fr: 'Copies dans cet accès' },
  earlier: (count: number): Text => ({
    en: count === 1 ? 'One earlier copy' : `${count} earlier copies`,
    fr: count === 1 ? 'Une copie antérieure' : `${count} copies antérieures`,
  }),
  place: { en: 'Where the copies are kept', fr: 'Où les copies sont conservées' },
  placeHint: {
    en: 'Country, site and medium, such as “France, vault 2, encrypted disk”.',
    fr: 'Pays, site et support, par exemple « France, coffre 2, disque chiffré ».',
  },
  custodian: { en: 'Who answers for them', fr: 'Qui en répond' },
  custodianHint: { en: 'A function rather than a name.', fr: 'Une fonction plutôt qu’un nom.' },
  keep: { en: 'Say where they are', fr: 'Dire où elles se trouvent' },
  keepIntro: (count: number, until: string): Text => ({
    en: `${count === 1 ? 'One copy left' : `${count} copies left`} in this access. Say by ${until} where they are kept; afterwards you get no new copies of this client.`,
    fr: `${count === 1 ? 'Une copie est sortie' : `${count} copies sont sorties`} dans cet accès. Dites avant le ${until} où elles sont conservées ; ensuite vous n’obtenez plus de nouvelles copies de ce client.`,
  }),
  desk: { en: 'You owe what became of copies', fr: 'Vous devez dire ce que deviennent des copies' },
  deskUnanswered: (reference: string): Text => ({
    en: `Say where the copies of ${reference} are kept`,
    fr: `Dire où sont conservées les copies de ${reference}`,
  }),
  deskOverdue: (count: number): Text => ({
    en:
      count === 1
        ? 'One copy is overdue: destroy or return it, and say so'
        : `${count} copies are overdue: destroy or return them, and say so`,
    fr:
      count === 1
        ? 'Une copie est en retard : la détruire ou la restituer, et le dire'
        : `${count} copies sont en retard : les détruire ou les restituer, et le dire`,
  }),
  overdue: (count: number): Text => ({
    en:
      count === 1
        ? 'One copy of your data should be gone by now'
        : `${count} copies of your data should be gone by now`,
    fr:
      count === 1
        ? 'Une copie de vos données devrait avoir disparu'
        : `${count} copies de vos données devraient avoir disparu`,
  }),
  reportThere: { en: 'Copies outside your systems, now', fr: 'Copies hors de vos systèmes, à ce jour' },
  reportOverdue: { en: 'Of these overdue', fr: 'Dont en retard' },
  see: { en: 'See the copies', fr: 'Voir les copies' },
  story: (count: number, size: string, until: string): Text => ({
    en: `${count === 1 ? 'One copy' : `${count} copies`} (${size}), to be destroyed or returned by ${until}`,
    fr: `${count === 1 ? 'Une copie' : `${count} copies`} (${size}), à détruire ou restituer avant le ${until}`,
  }),
  across: { en: 'Copies outside', fr: 'Copies à l’extérieur' },
  acrossIntro: {
    en: 'Copies that are still there, by client, those with overdue ones first. Looking at one client is recorded in its log.',
    fr: 'Copies encore existantes, par client, celles en retard en premier. La consultation d’un client est enregistrée dans son journal.',
  },
  acrossNone: {
    en: 'No copy is outside a client’s systems.',
    fr: 'Aucune copie hors des systèmes d’un client.',
  },
  client: { en: 'Client', fr: 'Client' },
  count: { en: 'Still there', fr: 'Existantes' },
  overdueCount: { en: 'Overdue', fr: 'En retard' },
  unansweredCount: { en: 'Place not said', fr: 'Lieu non indiqué' },
  look: { en: 'Look', fr: 'Consulter' },
  ended: { en: 'contract over', fr: 'contrat terminé' },
  at: (client: string): Text => ({ en: `Copies of ${client}`, fr: `Copies du client ${client}` }),
  endTitle: { en: 'The service has ended', fr: 'Le service est terminé' },
  endIntro: {
    en: 'What is still open: copies to be destroyed or returned, and accounts that you handed over. Ask for them to be returned or deleted; the gateway records what the provider declares.',
    fr: 'Ce qui reste ouvert : copies à détruire ou à restituer, et comptes que vous avez confiés. Demandez leur restitution ou leur suppression ; la passerelle enregistre ce que le prestataire déclare.',
  },
  endIntroAt: {
    en: 'What is still open: copies to be destroyed or returned, and accounts that the client handed over. Have them returned or deleted, and say so below; the client reads it.',
    fr: 'Ce qui reste ouvert : copies à détruire ou à restituer, et comptes que le client a confiés. Faites-les restituer ou supprimer, et déclarez-le ci-dessous ; le client le lit.',
  },
  endCredentials: (count: number): Text => ({
    en:
      count === 1
        ? 'One account handed over was not returned'
        : `${count} accounts handed over were not returned`,
    fr: count === 1 ? 'Un compte confié n’a pas été rendu' : `${count} comptes confiés n’ont pas été rendus`,
  }),
  events: {
    registered: {
      en: 'A copy left (registered before its first byte)',
      fr: 'Une copie est sortie (enregistrée avant son premier octet)',
    },
    kept: {
      en: 'Said where copies are kept (declared, not observed)',
      fr: 'A dit où des copies sont conservées (déclaré, non observé)',
    },
    destroyed: {
      en: 'Said that a copy was destroyed (declared, not observed)',
      fr: 'A déclaré une copie détruite (déclaré, non observé)',
    },
    returned: {
      en: 'Said that a copy was returned (declared, not observed)',
      fr: 'A déclaré une copie restituée (déclaré, non observé)',
    },
  },
  mail: {
    subject: (client: string): Text => ({
      en: `Copies are overdue – ${client}`,
      fr: `Copies en retard – ${client}`,
    }),
    client: {
      en: 'Your provider should have destroyed or returned them by now. What it declares about them stands on the page.',
      fr: 'Votre prestataire aurait dû les détruire ou les restituer. Ce qu’il en déclare figure sur la page.',
    },
    provider: {
      en: 'They are to be destroyed or returned, and that is to be recorded by whoever took them, or by you.',
      fr: 'Elles sont à détruire ou à restituer, et cela est à enregistrer par qui les a prises, ou par vous.',
    },
    unanswered: {
      subject: (client: string): Text => ({
        en: `Where copies are kept was not said in time – ${client}`,
        fr: `Lieu de conservation de copies non indiqué à temps – ${client}`,
      }),
      count: (copies: number): Text => ({
        en:
          copies === 1
            ? 'Of one copy nobody has said in time where it is kept and who answers for it.'
            : `Of ${copies} copies nobody has said in time where they are kept and who answers for them.`,
        fr:
          copies === 1
            ? 'Pour une copie, personne n’a dit à temps où elle est conservée ni qui en répond.'
            : `Pour ${copies} copies, personne n’a dit à temps où elles sont conservées ni qui en répond.`,
      }),
      client: {
        en: 'Whoever took them gets no new copies of your data until it is said. Ask your provider.',
        fr: 'Qui les a prises n’obtient plus de copie de vos données tant que ce n’est pas dit. Interrogez votre prestataire.',
      },
      provider: {
        en: 'Whoever took them says it on the page of the access; until then they get no new copies of this client.',
        fr: 'Qui les a prises le dit sur la page de l’accès ; d’ici là, plus de nouvelle copie chez ce client.',
      },
    },
  },
} as const;
