/**
 * What an agreement will allow, said before it is signed. Each sentence is bound to the criterion that enforces it, in
 * the test of protections.
 */
import type { Text } from '../../core/model.ts';

export const foresightTexts = {
  title: { en: 'What this will allow', fr: 'Ce que cela permettra' },
  intro: {
    en: 'As things stand today, worked out by the same rules that will decide each access.',
    fr: 'En l’état actuel, d’après les règles mêmes qui décideront de chaque accès.',
  },
  they: (people: number): Text =>
    people === 1 ? { en: 'this person', fr: 'cette personne' } : { en: 'they', fr: 'elles' },
  their: (purpose: string, minutes: number): Text => ({
    en: `${minutes} minutes (${purpose})`,
    fr: `${minutes} minutes pour « ${purpose} »`,
  }),
  said: {
    who: (people: number, systems: Text, window: Text): Text =>
      people === 1
        ? {
            en: `This person will be able to enter ${systems.en} ${window.en}:`,
            fr: `Cette personne pourra entrer dans ${systems.fr} ${window.fr} :`,
          }
        : {
            en: `These ${people} people will be able to enter ${systems.en} ${window.en}:`,
            fr: `Ces ${people} personnes pourront entrer dans ${systems.fr} ${window.fr} :`,
          },
    nobody: {
      en: 'As things stand today, nobody will be able to enter under this agreement.',
      fr: 'En l’état actuel, personne ne pourra entrer sous cet accord.',
    },
    may: (people: number, purpose: Text, where: Text, who: Text, can: Text): Text => ({
      en: `${purpose.en}${where.en}: ${who.en} can ${can.en}.`,
      fr: `${purpose.fr}${where.fr} : ${who.fr} ${people === 1 ? 'peut' : 'peuvent'} ${can.fr}.`,
    }),
    mayNot: (people: number, purpose: Text, where: Text, who: Text, can: Text, cannot: Text): Text => ({
      en: `${purpose.en}${where.en}: ${who.en} can ${can.en}, but not ${cannot.en}.`,
      fr: `${purpose.fr}${where.fr} : ${who.fr} ${people === 1 ? 'peut' : 'peuvent'} ${can.fr}, mais pas ${cannot.fr}.`,
    }),
    copies: (purpose: Text, where: Text): Text => ({
      en: `${purpose.en}${where.en}: your instructions forbid copies, whatever this agreement says.`,
      fr: `${purpose.fr}${where.fr} : vos instructions interdisent les copies, quoi que dise cet accord.`,
    }),
    hours: (purposes: Text): Text => ({
      en: `Only during the hours set for it: ${purposes.en}.`,
      fr: `Seulement pendant les heures fixées pour cela : ${purposes.fr}.`,
    }),
    minutes: (purposes: Text): Text => ({
      en: `Each access ends by itself and then has to be declared again, at the latest after: ${purposes.en}.`,
      fr: `Chaque accès prend fin de lui-même et doit alors être redéclaré, au plus tard après : ${purposes.fr}.`,
    }),
    once: (minutes: Text, by: Text): Text => ({
      en: `It is used once: ${minutes.en} minutes from the first access on, which has to be declared by ${by.en}; then it is over for everybody.`,
      fr: `Il sert une seule fois : ${minutes.fr} minutes à compter du premier accès, à déclarer avant la fin du ${by.fr} ; ensuite il est terminé pour tout le monde.`,
    }),
    budget: (limits: Text): Text => ({
      en: `All in all, ${limits.en}; beyond that nothing until the next one begins.`,
      fr: `En tout, ${limits.fr} ; au-delà, plus rien jusqu’à la période suivante.`,
    }),
    emergency: (names: Text, minutes: number, perYear: number, days: number, only: boolean): Text => ({
      en: `In an emergency, when nobody of yours can be reached in time: ${names.en}, at most ${minutes} minutes each time and ${perYear} times a calendar year; you are told at once and review each within ${days} days.${only ? ' Otherwise nobody enters under this agreement.' : ''}`,
      fr: `En cas d’urgence, quand personne chez vous ne peut être joint à temps : ${names.fr}, ${minutes} minutes au plus chaque fois et ${perYear} fois au plus par année civile ; vous en êtes averti aussitôt et examinez chacune dans les ${days} jours.${only ? ' Sinon, personne n’entre sous cet accord.' : ''}`,
    }),
    emergencyAble: (names: Text): Text => ({
      en: `Named for an emergency and able to enter today: ${names.en}.`,
      fr: `Personnes nommées pour une urgence qui pourraient entrer aujourd’hui : ${names.fr}.`,
    }),
    emergencyStopped: (name: Text, why: Text): Text => ({
      en: `${name.en} is named for an emergency, but could not enter today: ${why.en}.`,
      fr: `${name.fr} est nommé(e) pour une urgence, mais ne pourrait pas entrer aujourd’hui : ${why.fr}.`,
    }),
    nobodyElse: {
      en: 'Nobody else enters under this agreement.',
      fr: 'Personne d’autre n’entre sous cet accord.',
    },
    later: {
      en: 'Whoever the provider assigns to you later counts as well; whoever it takes off can no longer enter.',
      fr: 'Toute personne que le prestataire vous affecte plus tard compte aussi ; celle qu’il retire ne peut plus entrer.',
    },
    groups: {
      en: 'Members whom the provider’s sign-in service adds to a team concerned count as well; they are not listed here.',
      fr: 'Les membres que le service de connexion du prestataire ajoute à une équipe concernée comptent aussi ; ils ne figurent pas ici.',
    },
    stopped: (name: Text, why: Text): Text => ({
      en: `${name.en} is meant too, but cannot enter today: ${why.en}.`,
      fr: `${name.fr} est concerné(e) aussi, mais ne peut pas entrer aujourd’hui : ${why.fr}.`,
    }),
    robot: (name: Text, systems: Text, purpose: Text, can: Text, when: Text): Text => ({
      en: `${name.en} comes by itself to ${systems.en} for ${purpose.en}: it can ${can.en}, within these hours alone: ${when.en}.`,
      fr: `${name.fr} vient de lui-même sur ${systems.fr} pour « ${purpose.fr} » : il peut ${can.fr}, dans ces plages seulement : ${when.fr}.`,
    }),
    preparing: {
      en: 'Your systems are still being set up: nobody enters before they are put into service.',
      fr: 'Vos systèmes sont encore en préparation : personne n’entre avant leur mise en service.',
    },
  },
  window: {
    until: (until: string): Text => ({ en: `until ${until}`, fr: `jusqu’au ${until}` }),
    between: (from: string, until: string): Text => ({
      en: `from ${from} until ${until}`,
      fr: `du ${from} au ${until}`,
    }),
  },
  limits: {
    openings: (count: number): Text => ({
      en: count === 1 ? '1 access' : `${count} accesses`,
      fr: `${count} accès`,
    }),
    minutes: (count: number): Text => ({
      en: count === 1 ? '1 minute declared' : `${count} minutes declared`,
      fr: count === 1 ? '1 minute déclarée' : `${count} minutes déclarées`,
    }),
    copies: (count: number): Text => ({
      en: count === 1 ? '1 copy taken' : `${count} copies taken`,
      fr: count === 1 ? '1 copie prise' : `${count} copies prises`,
    }),
    copied: (size: string): Text => ({ en: `${size} in copies`, fr: `${size} en copies` }),
  },
  keep: (days: number): Text => ({
    en: `Each copy must be gone ${days === 1 ? '1 day' : `${days} days`} after it was taken, or sooner where the provider’s rules say so; whoever has not destroyed or returned it in time is overdue, and you are told.`,
    fr: `Chaque copie doit avoir disparu ${days === 1 ? '1 jour' : `${days} jours`} après avoir été prise, ou plus tôt si les règles du prestataire le disent ; qui ne l’a pas détruite ou restituée à temps est en retard, et vous en êtes averti.`,
  }),
  verbs: {
    read: { en: 'consult', fr: 'consulter' },
    write: { en: 'change or save', fr: 'modifier ou enregistrer' },
    copy: { en: 'copy or download', fr: 'copier ou télécharger' },
  },
  on: (systems: Text): Text => ({ en: ` on ${systems.en}`, fr: ` sur ${systems.fr}` }),
} as const;
