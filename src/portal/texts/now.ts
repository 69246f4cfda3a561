/** Sentences of the client's first page. Each says what was counted, and for which time. */
import type { Text } from '../../core/model.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { LookCode } from '../../core/worth-a-look.ts';

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many);

type Seen = Pick<Verdict, 'openings' | 'people' | 'robots' | 'more'>;

function by(people: number, robots: number): Text {
  const persons = {
    en: `${people} ${plural(people, 'person', 'people')}`,
    fr: `${people} ${plural(people, 'personne', 'personnes')}`,
  };
  const machines = {
    en: `${robots} ${plural(robots, 'robot', 'robots')}`,
    fr: `${robots} ${plural(robots, 'robot', 'robots')}`,
  };
  if (robots === 0) return persons;
  if (people === 0) return machines;
  return { en: `${persons.en} and ${machines.en}`, fr: `${persons.fr} et ${machines.fr}` };
}

export const nowTexts = {
  title: (client: string): Text => ({ en: `Now – ${client}`, fr: `En ce moment – ${client}` }),
  verdict: { en: 'Since your last visit', fr: 'Depuis votre dernière visite' },
  verdictFirst: { en: 'The last seven days', fr: 'Les sept derniers jours' },
  since: (when: string): Text => ({ en: `since ${when}`, fr: `depuis le ${when}` }),
  nobody: {
    en: 'Nobody opened one of your systems.',
    fr: 'Personne n’a ouvert l’un de vos systèmes.',
  },
  openings: ({ openings, people, robots, more }: Seen): Text => {
    const who = by(people, robots);
    return {
      en: `${more ? 'More than ' : ''}${openings} ${plural(openings, 'access', 'accesses')} by ${more ? 'at least ' : ''}${who.en}, ${openings === 1 ? 'under one of your agreements' : 'each under one of your agreements'}.`,
      fr: `${more ? 'Plus de ' : ''}${openings} accès par ${more ? 'au moins ' : ''}${who.fr}, ${openings === 1 ? 'sous l’un de vos accords' : 'chacun sous l’un de vos accords'}.`,
    };
  },
  beyondEnd: (count: number): Text => ({
    en: `${count} of them went on after the agreement’s end: look at ${plural(count, 'it', 'them')} first.`,
    fr: `${count} d’entre eux ${plural(count, 's’est poursuivi', 'se sont poursuivis')} après la fin de l’accord : regardez-${plural(count, 'le', 'les')} en premier.`,
  }),
  refused: (count: number): Text => ({
    en: `${count} ${plural(count, 'request was', 'requests were')} refused before reaching a system.`,
    fr: `${count} ${plural(count, 'requête a été refusée', 'requêtes ont été refusées')} avant d’atteindre un système.`,
  }),
  worth: (count: number): Text => ({
    en: `${count} ${plural(count, 'access is', 'accesses are')} worth a look.`,
    fr: `${count} accès à regarder.`,
  }),
  nothingWorth: { en: 'Nothing out of the ordinary.', fr: 'Rien qui sorte de l’ordinaire.' },
  complete: {
    en: 'The record is complete: each access in it has its end or is still running.',
    fr: 'Le registre est complet : chaque accès y a sa fin, ou se poursuit.',
  },
  unfinished: (count: number): Text => ({
    en: `${count} ${plural(count, 'access has', 'accesses have')} no recorded end, because the gateway itself stopped in the middle.`,
    fr: `${count} ${plural(count, 'accès n’a', 'accès n’ont')} pas de fin enregistrée, car la passerelle elle-même s’est arrêtée en cours de route.`,
  }),
  owed: {
    en: 'A stop is in force but not recorded yet.',
    fr: 'Un arrêt est en vigueur mais pas encore enregistré.',
  },
  behind: (when: string): Text => ({
    en: `Counted until ${when}; what is newer is being added.`,
    fr: `Compté jusqu’au ${when} ; la suite est en cours d’ajout.`,
  }),
  unseen: {
    en: 'The overview cannot be shown at the moment. What is open, and Stop, still work.',
    fr: 'L’aperçu ne peut pas être affiché pour le moment. Les accès ouverts et l’arrêt fonctionnent.',
  },
  prove: { en: 'How to check this yourself', fr: 'Le vérifier vous-même' },
  look: { en: 'Worth a look', fr: 'À regarder' },
  lookMore: (count: number): Text => ({
    en: `and ${count} more ${plural(count, 'reason', 'reasons')} to look`,
    fr: `et ${count} ${plural(count, 'autre raison', 'autres raisons')} de regarder`,
  }),
  looks: {
    after_end: () => ({
      en: 'Went on after the agreement’s end.',
      fr: 'S’est poursuivi après la fin de l’accord.',
    }),
    emergency: () => ({
      en: 'An emergency: nobody of yours was asked.',
      fr: 'Une urgence : personne chez vous n’a été consulté.',
    }),
    copy: (amount) => ({
      en: `A copy left the system: ${amount}.`,
      fr: `Une copie a quitté le système : ${amount}.`,
    }),
    refused_then_allowed: (amount) => ({
      en: `Refused ${amount} times, then allowed.`,
      fr: `Refusé ${amount} fois, puis admis.`,
    }),
    out_of_hours: () => ({ en: 'Outside your usual hours.', fr: 'En dehors de vos heures habituelles.' }),
    volume: (amount) => ({
      en: `More left the system than this purpose usually needs: ${amount}.`,
      fr: `Plus de données que cette finalité n’en demande d’ordinaire ont quitté le système : ${amount}.`,
    }),
    first_time: (_, robot) =>
      robot
        ? { en: 'This robot’s first access at your company.', fr: 'Premier accès de ce robot chez vous.' }
        : {
            en: 'This person’s first access at your company.',
            fr: 'Premier accès de cette personne chez vous.',
          },
  } satisfies Record<LookCode, (amount: string, robot: boolean) => Text>,
  waiting: { en: 'Waiting for you', fr: 'En attente de votre réponse' },
  blind: { en: 'What this page cannot see', fr: 'Ce que cette page ne voit pas' },
  absent: (systems: string, from: string, until: string): Text => ({
    en: `Through Consentry nobody opened ${systems} between ${from} and ${until}.`,
    fr: `Par Consentry, personne n’a ouvert ${systems} entre le ${from} et le ${until}.`,
  }),
  outside: (systems: string): Text => ({
    en: `Declared, not observed: ${systems}. What is done there does not pass here; technicians declare it.`,
    fr: `Déclaré, non observé : ${systems}. Ce qui s’y fait ne passe pas par ici ; les techniciens le déclarent.`,
  }),
  notHere: {
    en: 'Not seen here: your own users, work at the machines themselves, and anything that reaches a system by another way than this door.',
    fr: 'Non visible ici : vos propres utilisateurs, le travail sur les machines elles-mêmes et tout ce qui atteint un système par une autre voie que cette porte.',
  },
  everyLine: { en: 'Every single line, as it happens', fr: 'Chaque ligne, au fur et à mesure' },
  unnamed: { en: 'somebody whose name was erased', fr: 'une personne dont le nom a été effacé' },
} as const;
