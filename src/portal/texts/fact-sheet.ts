/**
 * What protects a client, one sentence per measure. Each key of `said` names what enforces it: a criterion of the decision
 * or a mechanism, to which test/portal/protections.test.ts binds the sentence. Nothing stands here that is not enforced.
 */
import type { Text } from '../../core/model.ts';

/** Services of the contract that the sample rules know; others are said as the contract's file names them. */
export const serviceTexts: ReadonlyMap<string, Text> = new Map([
  ['support', { en: 'user support', fr: 'support aux utilisateurs' }],
  ['backup', { en: 'backup', fr: 'sauvegarde' }],
  ['restoration', { en: 'restoration', fr: 'restauration' }],
  ['development', { en: 'development', fr: 'développement' }],
  ['outsourcing', { en: 'outsourcing', fr: 'externalisation' }],
  ['reporting', { en: 'reporting', fr: 'comptes rendus' }],
  ['training', { en: 'training', fr: 'formation' }],
  ['hosting', { en: 'hosting', fr: 'hébergement' }],
]);

export const factSheetTexts = {
  title: { en: 'What protects you', fr: 'Ce qui vous protège' },
  intro: {
    en: 'The measures that are on for you now, for your impact assessment and your records. Each is decided anew for every request that passes here.',
    fr: 'Les mesures actives pour vous aujourd’hui, pour votre analyse d’impact et vos registres. Chacune est vérifiée à nouveau pour chaque requête qui passe ici.',
  },
  asOf: (at: Text): Text => ({ en: `As of ${at.en}`, fr: `État au ${at.fr}` }),
  rules: (at: Text): Text => ({
    en: `Rules last changed on ${at.en}`,
    fr: `Dernière modification des règles le ${at.fr}`,
  }),
  version: { en: 'Version of the rules', fr: 'Version des règles' },
  own: (version: number): Text => ({
    en: `Your own instructions, version ${version}`,
    fr: `Vos instructions, version ${version}`,
  }),
  noOwn: {
    en: 'No instructions of your own. If your data is sensitive, give them, with the result of your impact assessment.',
    fr: 'Aucune instruction de votre part. Si vos données sont sensibles, donnez-en, avec le résultat de votre analyse d’impact.',
  },
  giveOwn: { en: 'Our instructions', fr: 'Nos instructions' },
  print: {
    en: 'Print this page from your browser, or keep it as a PDF.',
    fr: 'Imprimez cette page depuis votre navigateur, ou gardez-la en PDF.',
  },
  groups: {
    who: { en: 'Who', fr: 'Qui' },
    what: { en: 'For what, and what may be done', fr: 'Pour quoi, et ce qui peut être fait' },
    proof: {
      en: 'What is recorded, and how you stop it',
      fr: 'Ce qui est enregistré, et comment vous l’arrêtez',
    },
    limits: { en: 'What is not covered', fr: 'Ce qui n’est pas couvert' },
  },
  said: {
    person: {
      en: 'Only people of the staff file, within their dates and signed in as themselves, pass.',
      fr: 'Seules passent les personnes du registre du personnel, dans leurs dates et connectées sous leur propre nom.',
    },
    robots: (names: Text): Text => ({
      en: `Beside people, robots of the provider come by themselves, within their planned hours and only under an agreement that names them: ${names.en}.`,
      fr: `Outre les personnes, des robots du prestataire viennent d’eux-mêmes, dans leurs horaires prévus et seulement sous un accord qui les nomme : ${names.fr}.`,
    }),
    authentication: (systems: Text): Text => ({
      en: `A stronger or fresher sign-in is demanded for: ${systems.en}.`,
      fr: `Une connexion plus forte ou plus récente est exigée pour\u202f: ${systems.fr}.`,
    }),
    place: (places: Text): Text => ({
      en: `The declared place of work is one of: ${places.en}; never another.`,
      fr: `Le lieu de travail déclaré est l’un de\u202f: ${places.fr}\u202f; jamais un autre.`,
    }),
    standing: {
      en: 'Only with valid training in security and data protection, the charter signed and confidentiality in force.',
      fr: 'Uniquement avec une formation valide à la sécurité et à la protection des données, la charte signée et la confidentialité en vigueur.',
    },
    function: {
      en: 'Each purpose may only be declared by the functions it is meant for.',
      fr: 'Chaque finalité ne peut être déclarée que par les fonctions prévues.',
    },
    assignment: (count: number): Text => ({
      en: `Only people assigned to your systems: ${count} at the moment.`,
      fr: `Uniquement les personnes affectées à vos systèmes\u202f: ${count} actuellement.`,
    }),
    providers: (names: string): Text => ({
      en: `Of other providers, only people of these, which you approved: ${names}.`,
      fr: `Parmi les autres prestataires, uniquement des personnes de ceux-ci, que vous avez approuvés\u202f: ${names}.`,
    }),
    noProviders: {
      en: 'Nobody of another provider enters.',
      fr: 'Personne d’un autre prestataire n’entre.',
    },
    grant: (count: number): Text => ({
      en: `Nobody enters without an agreement that you signed; ${count} in force now.`,
      fr: `Personne n’entre sans un accord signé par vous\u202f; ${count} en vigueur actuellement.`,
    }),
    unsigned: {
      en: 'Your file accepts agreements by mail and code, without a signature: weaker evidence, which your own check names.',
      fr: 'Votre fichier accepte les accords par courriel et code, sans signature\u202f: preuve plus faible, que votre propre contrôle nomme.',
    },
    grantUnsigned: (count: number): Text => ({
      en: `Nobody enters without an agreement that your people gave; ${count} in force now.`,
      fr: `Personne n’entre sans un accord donné par vos représentants\u202f; ${count} en vigueur actuellement.`,
    }),
    contract: (services: Text): Text => ({
      en: `Only while the contract is in force, and only for its services: ${services.en}.`,
      fr: `Uniquement tant que le contrat est en vigueur, et pour ses services\u202f: ${services.fr}.`,
    }),
    purpose: (list: Text): Text => ({
      en: `Only for these purposes, declared before any access: ${list.en}.`,
      fr: `Uniquement pour ces finalités, déclarées avant tout accès\u202f: ${list.fr}.`,
    }),
    hours: (list: Text): Text => ({
      en: `Only within their hours: ${list.en}.`,
      fr: `Uniquement dans leurs heures\u202f: ${list.fr}.`,
    }),
    limits: (minutes: number): Text => ({
      en: `An access lasts at most ${minutes} minutes, whatever its purpose; then nobody gets further under it.`,
      fr: `Un accès dure ${minutes} minutes au plus, quelle que soit sa finalité\u202f; ensuite plus personne ne poursuit sous cet accès.`,
    }),
    byFile: (count: number): Text => ({
      en: `Conditions recorded for you by the provider forbid what does not fit them, at once: ${count}.`,
      fr: `Des conditions consignées pour vous par le prestataire interdisent aussitôt ce qui n’y est pas conforme\u202f: ${count}.`,
    }),
    environment: {
      en: 'Test purposes never reach your production systems.',
      fr: 'Les finalités de test n’atteignent jamais vos systèmes de production.',
    },
    operation: {
      en: 'Reading is all that passes; changes and copies only where purpose and agreement both permit them.',
      fr: 'Seule la lecture passe ; modifications et copies uniquement si la finalité et l’accord le permettent tous deux.',
    },
    copies: (most: Text): Text => ({
      en: `Where copies are not permitted, downloads and any single answer beyond ${most.en} are stopped.`,
      fr: `Là où les copies ne sont pas permises, les téléchargements et toute réponse de plus de ${most.fr} sont arrêtés.`,
    }),
    recorded: {
      en: 'Every request that reaches your systems from here is recorded before it happens; what cannot be recorded does not happen.',
      fr: 'Toute requête qui atteint vos systèmes depuis ici est enregistrée avant d’avoir lieu ; ce qui ne peut l’être n’a pas lieu.',
    },
    stop: {
      en: 'Any of your people stops everything that runs; it is cut at once and your log says how long that took.',
      fr: 'Chacun des vôtres arrête tout ce qui est en cours ; la coupure est immédiate et votre journal dit combien elle a duré.',
    },
    outside: (systems: Text): Text => ({
      en: `Declared, but not observed, because these have no web address: ${systems.en}.`,
      fr: `Déclarés mais non observés, faute d’adresse web\u202f: ${systems.fr}.`,
    }),
    screens: {
      en: 'What somebody reads on a screen can be photographed or typed again; what reaches your systems by another way does not pass here.',
      fr: 'Ce qui se lit à l’écran peut être photographié ou recopié ; ce qui atteint vos systèmes par une autre voie ne passe pas ici.',
    },
  },
} as const;
