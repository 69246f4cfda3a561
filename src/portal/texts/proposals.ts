/** Sentences about what the provider proposes: making one, reading it, striking lines, declining. */
import type { Text } from '../../core/model.ts';
import type { ProposalStatus } from '../../core/proposals.ts';

export const proposalTexts = {
  nav: { en: 'Proposals', fr: 'Propositions' },
  makeTitle: { en: 'Propose an agreement', fr: 'Proposer un accord' },
  makeIntro: {
    en: 'A proposal permits nothing. The client’s representative strikes what is not wanted and signs, declines, or leaves it to lapse after 30 days.',
    fr: 'Une proposition ne permet rien. Le représentant du client raye ce qu’il ne veut pas et signe, décline, ou la laisse devenir caduque au bout de 30 jours.',
  },
  noTemplates: {
    en: 'There are no templates. An administrator adds them to grant-templates in the policy files.',
    fr: 'Il n’y a aucun modèle. Un administrateur en ajoute dans grant-templates, parmi les fichiers de règles.',
  },
  client: { en: 'Client', fr: 'Client' },
  template: { en: 'Template', fr: 'Modèle' },
  send: { en: 'Send the proposal', fr: 'Envoyer la proposition' },
  seeClient: { en: 'Choose this client', fr: 'Choisir ce client' },
  made: (client: string): Text => ({
    en: `The proposal is recorded. ${client} finds it under “Waiting for you”.`,
    fr: `La proposition est enregistrée. ${client} la trouve sous « En attente de votre réponse ».`,
  }),
  madeBefore: (client: string): Text => ({
    en: `Proposed to ${client}`,
    fr: `Propositions faites à ${client}`,
  }),
  none: { en: 'Nothing was proposed to this client.', fr: 'Rien n’a été proposé à ce client.' },
  states: {
    waiting: { en: 'Waiting for an answer', fr: 'En attente de réponse' },
    accepted: { en: 'Signed', fr: 'Signée' },
    declined: { en: 'Declined', fr: 'Déclinée' },
    lapsed: { en: 'Lapsed: no answer in time', fr: 'Caduque : sans réponse à temps' },
  } as const satisfies { readonly [S in ProposalStatus]: Text },
  proposedBy: (name: string, on: string): Text => ({
    en: `Proposed by ${name}, ${on}`,
    fr: `Proposé par ${name}, ${on}`,
  }),
  title: (label: Text): Text => ({ en: `Proposed: ${label.en}`, fr: `Proposition : ${label.fr}` }),
  intro: {
    en: 'Nothing of this is agreed. Take the tick from each line that you do not want; nothing can be added. Then read the text and sign it, or decline.',
    fr: 'Rien de ceci n’est accordé. Décochez chaque ligne que vous ne voulez pas ; rien ne peut être ajouté. Lisez ensuite le texte et signez-le, ou déclinez.',
  },
  onlyRepresentative: {
    en: 'A representative of your organisation can sign or decline it.',
    fr: 'Un représentant de votre organisation peut la signer ou la décliner.',
  },
  lapses: (left: string): Text => ({ en: `lapses in ${left}`, fr: `caduque dans ${left}` }),
  until: { en: 'Last day', fr: 'Dernier jour' },
  untilHint: { en: 'You may choose an earlier one.', fr: 'Vous pouvez en choisir un plus proche.' },
  once: {
    en: 'Minutes, once, from the first access on',
    fr: 'Minutes, une seule fois, dès le premier accès',
  },
  lower: { en: 'You may choose a lower number.', fr: 'Vous pouvez choisir un nombre plus petit.' },
  limit: (what: Text, each: Text): Text => ({
    en: `${what.en}, each ${each.en}`,
    fr: `${what.fr}, par ${each.fr}`,
  }),
  read: { en: 'Read the text to sign', fr: 'Lire le texte à signer' },
  decline: { en: 'Decline', fr: 'Décliner' },
  declined: {
    en: 'The proposal is declined and that is recorded. Nothing was agreed.',
    fr: 'La proposition est déclinée et cela est enregistré. Rien n’a été accordé.',
  },
  look: { en: 'Look and answer', fr: 'Voir et répondre' },
  see: { en: 'See the agreement', fr: 'Voir l’accord' },
  events: {
    proposed: { en: 'Agreement proposed by the provider', fr: 'Accord proposé par le prestataire' },
    declined: { en: 'Proposal declined', fr: 'Proposition déclinée' },
    lapsed: { en: 'Proposal lapsed', fr: 'Proposition devenue caduque' },
  },
  errors: {
    client: { en: 'Choose a client.', fr: 'Choisissez un client.' },
    template: { en: 'Choose a template.', fr: 'Choisissez un modèle.' },
    nothing: {
      en: 'This client has no system for any purpose of this template.',
      fr: 'Ce client n’a aucun système pour les finalités de ce modèle.',
    },
    days: (days: number): Text => ({
      en: `Choose a last day within ${days} days from today: more was not proposed.`,
      fr: `Choisissez un dernier jour dans les ${days} jours à venir : il n’a pas été proposé plus.`,
    }),
    limit: {
      en: 'Only an equal or lower number than the one proposed can be signed.',
      fr: 'Seul un nombre égal ou inférieur à celui proposé peut être signé.',
    },
    proposal_unknown: { en: 'This proposal does not exist.', fr: 'Cette proposition n’existe pas.' },
    proposal_ended: {
      en: 'This proposal has been answered already, or has lapsed.',
      fr: 'Cette proposition a déjà reçu une réponse, ou est devenue caduque.',
    },
    proposal_exists: { en: 'This was proposed already.', fr: 'Ceci a déjà été proposé.' },
    too_many_proposals: {
      en: 'Ten proposals wait at this client already.',
      fr: 'Dix propositions attendent déjà chez ce client.',
    },
    tooManyNext: {
      en: 'Call the client, or wait until some are answered or lapse.',
      fr: 'Appelez le client, ou attendez que certaines reçoivent une réponse ou deviennent caduques.',
    },
    lookAgain: {
      en: 'Open it again and look at its state. Nothing was changed by this attempt.',
      fr: 'Rouvrez-la et regardez son état. Cette tentative n’a rien changé.',
    },
  },
} as const;
