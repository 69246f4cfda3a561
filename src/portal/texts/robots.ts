/** Sentences about robots: what their programs are told, and how people read them. */
import type { Text } from '../../core/model.ts';
import type { RobotTokenFault } from '../../core/robots.ts';

/** After each, what to do next. */
const token: { readonly [F in RobotTokenFault]: readonly [Text, Text] } = {
  token_unreadable: [
    { en: 'This is no access token', fr: 'Ce n’est pas un jeton d’accès' },
    {
      en: 'Send “Authorization: Bearer …” with a signed token (JWT) that your identity provider gave by client_credentials.',
      fr: 'Envoyez l’en-tête Authorization avec « Bearer » et un jeton signé (JWT) que votre fournisseur d’identité a donné par client_credentials.',
    },
  ],
  token_issuer: [
    {
      en: 'The token comes from an identity provider that serves no staff here',
      fr: 'Le jeton vient d’un fournisseur d’identité qui ne sert pas le personnel ici',
    },
    {
      en: 'Ask for it at the issuer that stands at the robot in staff.yaml.',
      fr: 'Demandez-le à l’émetteur indiqué pour le robot dans staff.yaml.',
    },
  ],
  token_signature: [
    { en: 'The signature of the token does not hold', fr: 'La signature du jeton ne tient pas' },
    {
      en: 'It has to be signed with a key that the provider publishes (RS, PS, ES or EdDSA). If its keys were just changed, ask for a new token.',
      fr: 'Il doit être signé avec une clé que le fournisseur publie (RS, PS, ES ou EdDSA). Si ses clés viennent de changer, demandez un nouveau jeton.',
    },
  ],
  token_type: [
    { en: 'The token is of another kind', fr: 'Le jeton est d’un autre genre' },
    {
      en: 'Send an access token that names the robot’s client (client_id or azp) and is bound to no key (no cnf).',
      fr: 'Envoyez un jeton d’accès qui nomme le client du robot (client_id ou azp) et n’est lié à aucune clé (pas de cnf).',
    },
  ],
  token_audience: [
    { en: 'The token is for something else', fr: 'Le jeton est destiné à autre chose' },
    {
      en: 'Ask for one whose audience is the portal’s address, or what `audience` says in staff.yaml, and nothing beside.',
      fr: 'Demandez-en un dont l’audience est l’adresse du portail, ou ce que dit `audience` dans staff.yaml, et rien d’autre.',
    },
  ],
  token_expired: [
    {
      en: 'The token is over, too old, or lives too long',
      fr: 'Le jeton a expiré, est trop ancien ou dure trop longtemps',
    },
    {
      en: 'Ask for a token just before you open: it is taken for ten minutes, and may live for 90.',
      fr: 'Demandez un jeton juste avant d’ouvrir : il est accepté pendant dix minutes et peut durer 90 minutes.',
    },
  ],
  token_human: [
    { en: 'The token is a person’s', fr: 'Le jeton est celui d’une personne' },
    {
      en: 'Nobody lends a robot their own sign-in: ask for a token by client_credentials, with the robot’s own client.',
      fr: 'Personne ne prête sa connexion à un robot : demandez un jeton par client_credentials, avec le client du robot.',
    },
  ],
  robot_unknown: [
    { en: 'No robot has this client', fr: 'Aucun robot n’a ce client' },
    {
      en: 'Name it under `robots` in staff.yaml, or send the token of a robot that stands there.',
      fr: 'Déclarez-le sous `robots` dans staff.yaml, ou envoyez le jeton d’un robot qui y figure.',
    },
  ],
  token_used: [
    { en: 'The token was used before', fr: 'Le jeton a déjà servi' },
    {
      en: 'Each opening takes a token of its own: ask for a new one. If it was not you, change the robot’s key.',
      fr: 'Chaque ouverture demande son propre jeton : demandez-en un nouveau. Si ce n’était pas vous, changez la clé du robot.',
    },
  ],
};

export const robotTexts = {
  token,
  body: {
    en: 'This call is not one that is described',
    fr: 'Cet appel n’est pas de ceux qui sont décrits',
  },
  bodyNext: {
    en: 'Send what docs/robots.md describes, as application/json, without other fields.',
    fr: 'Envoyez ce que décrit docs/robots.md, en application/json, sans autres champs.',
  },
  oneClient: { en: 'Name systems of one client', fr: 'Nommez les systèmes d’un seul client' },
  oneClientNext: {
    en: 'Systems are written client/system; each client takes an opening, and a token, of its own.',
    fr: 'Les systèmes s’écrivent client/système ; chaque client demande une ouverture, et un jeton, à lui.',
  },
  wrong: { en: 'The declaration cannot be taken', fr: 'La déclaration ne peut être acceptée' },
  provisional: {
    en: 'A robot’s reference is that of its run, and not one that stands for another.',
    fr: 'La référence d’un robot est celle de son exécution, et non une qui en remplace une autre.',
  },
  split: {
    en: 'No single agreement covers these systems: open them one by one.',
    fr: 'Aucun accord ne couvre à lui seul ces systèmes : ouvrez-les un par un.',
  },
  moved: {
    en: 'The client’s rights changed just now: try again with a new token.',
    fr: 'Les droits du client viennent de changer : réessayez avec un nouveau jeton.',
  },
  credential: { en: 'This credential closes nothing', fr: 'Cet identifiant ne ferme rien' },
  credentialNext: {
    en: 'Send the credential that opening answered, as Bearer. What a technician connected ends on the page of their access.',
    fr: 'Envoyez comme Bearer l’identifiant donné à l’ouverture. Ce qu’un technicien a connecté prend fin sur la page de son accès.',
  },
  answersFor: (name: string): Text => ({ en: `responsible: ${name}`, fr: `responsable : ${name}` }),
  /** How a run ended, in the robot's own words. */
  closed: (done: boolean, said: string): Text => ({
    en: `${done ? 'The robot says: done' : 'The robot says: failed'}${said === '' ? '' : ` – ${said}`}`,
    fr: `${done ? 'Le robot dit : terminé' : 'Le robot dit : échec'}${said === '' ? '' : ` – ${said}`}`,
  }),
  missed: (name: Text, from: Text, latest: Text): Text => ({
    en: `${name.en} did not come. It was to begin between ${from.en} and ${latest.en}.`,
    fr: `${name.fr} n’est pas venu. Il devait commencer entre ${from.fr} et ${latest.fr}.`,
  }),
  unseen: (name: Text, from: Text, latest: Text): Text => ({
    en: `${name.en} did not come: it was to begin between ${from.en} and ${latest.en}. The gateway did not run all that time, so what the robot tried then is not known.`,
    fr: `${name.fr} n’est pas venu : il devait commencer entre ${from.fr} et ${latest.fr}. La passerelle ne fonctionnait pas pendant tout ce temps ; ce que le robot a alors tenté n’est pas connu.`,
  }),
  missedTitle: { en: 'A robot that was expected did not come', fr: 'Un robot attendu n’est pas venu' },
  missedNext: {
    en: 'What it does, such as a copy, was not done from here in that time. Ask your provider.',
    fr: 'Ce qu’il fait, par exemple une copie, n’a pas eu lieu depuis ici pendant ce temps. Interrogez votre prestataire.',
  },
  missedAcross: { en: 'Robots that did not come', fr: 'Robots qui ne sont pas venus' },
  mail: {
    subject: (system: string): Text => ({
      en: `A robot did not come: ${system}`,
      fr: `Un robot n’est pas venu : ${system}`,
    }),
    provider: {
      en: 'What it does there was not done in that time. The client reads the same; see to it and tell them.',
      fr: 'Ce qu’il y fait n’a pas eu lieu pendant ce temps. Le client lit la même chose ; occupez-vous-en et dites-le-lui.',
    },
  },
  sentBy: (name: string): Text => ({ en: `sent by ${name}`, fr: `envoyé par ${name}` }),
  sentByOne: { en: 'sent by a robot of the provider', fr: 'envoyé par un robot du prestataire' },
  runs: {
    title: { en: 'Planned runs of robots', fr: 'Passages prévus des robots' },
    intro: {
      en: 'The last seven days and what comes next. A run has come when the robot opened an access in that time.',
      fr: 'Les sept derniers jours et ce qui vient. Un passage a eu lieu quand le robot a ouvert un accès pendant ce temps.',
    },
    robot: { en: 'Robot', fr: 'Robot' },
    system: { en: 'System', fr: 'Système' },
    planned: { en: 'Planned to begin', fr: 'Début prévu' },
    what: { en: 'What came', fr: 'Ce qui a eu lieu' },
    see: { en: 'See the access', fr: 'Voir l’accès' },
    begins: (run: Text): Text => ({
      en: `The planned run of ${run.en} begins with it.`,
      fr: `Le passage prévu du ${run.fr} commence avec cet accès.`,
    }),
    came: (at: string): Text => ({ en: `came at ${at}`, fr: `venu à ${at}` }),
    said: {
      done: { en: 'says: done', fr: 'dit : terminé' },
      failed: { en: 'says: failed', fr: 'dit : échec' },
    },
    missed: { en: 'did not come', fr: 'n’est pas venu' },
    unseen: {
      en: 'did not come; the gateway did not run all that time',
      fr: 'n’est pas venu ; la passerelle ne fonctionnait pas pendant tout ce temps',
    },
    due: { en: 'expected now', fr: 'attendu maintenant' },
    coming: { en: 'to come', fr: 'à venir' },
    unwatched: { en: 'not watched then', fr: 'non surveillé à ce moment' },
  },
  legend: { en: 'Robots of the provider', fr: 'Robots du prestataire' },
  hint: {
    en: 'Machines of the provider that come by themselves, each with somebody who answers for it. Who agrees to people agrees to no machine: tick those that may come.',
    fr: 'Machines du prestataire qui viennent d’elles-mêmes, chacune avec une personne qui en répond. Accepter des personnes n’est accepter aucune machine : cochez celles qui peuvent venir.',
  },
  unknown: {
    en: 'Tick robots that are listed here.',
    fr: 'Cochez des robots figurant ici.',
  },
  daily: { en: 'every day', fr: 'tous les jours' },
  never: { en: 'at no time', fr: 'à aucun moment' },
  expected: (time: string): Text => ({ en: `expected by ${time}`, fr: `attendu avant ${time}` }),
} as const;
