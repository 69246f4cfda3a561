/** Sentences of reports. What is counted says of what. */
import type { Text } from '../../core/model.ts';

export const reportTexts = {
  title: (client: string, month: string): Text => ({
    en: `Accesses to the data of ${client}, ${month}`,
    fr: `Accès aux données de ${client}, ${month}`,
  }),
  made: (provider: string, when: string): Text => ({
    en: `Accesses by ${provider} through Consentry. Made on ${when} from the record.`,
    fr: `Accès de ${provider} par Consentry. Établi le ${when} à partir du registre.`,
  }),
  blind: {
    en: 'Seen here is what passed through Consentry. The client’s own users, work at the machines themselves and any other way to a system are not in this report.',
    fr: 'Ce rapport montre ce qui est passé par Consentry. Les utilisateurs du client, le travail sur les machines elles-mêmes et toute autre voie vers un système n’y figurent pas.',
  },
  cut: {
    en: 'There were more accesses than one report reads; the numbers are those of the newest part.',
    fr: 'Il y a eu plus d’accès qu’un rapport n’en lit ; les nombres portent sur la partie la plus récente.',
  },
  behind: (when: string): Text => ({
    en: `Counted until ${when}; what is newer is not in it.`,
    fr: `Compté jusqu’au ${when} ; la suite n’y figure pas.`,
  }),
  notAllListed: (count: number): Text => ({
    en: `The list shows the newest ${count}; the table of the record has all of them.`,
    fr: `La liste montre les ${count} plus récents ; le registre en tableau les contient tous.`,
  }),
  openings: { en: 'Accesses', fr: 'Accès' },
  emergencies: { en: 'Of these, declared emergencies', fr: 'Dont déclarés en urgence' },
  people: { en: 'Different people', fr: 'Personnes différentes' },
  time: { en: 'Time they lasted together', fr: 'Durée cumulée' },
  read: { en: 'Requests that only read', fr: 'Requêtes de lecture seule' },
  written: { en: 'Requests that changed something', fr: 'Requêtes de modification' },
  copies: { en: 'Requests for copies or downloads', fr: 'Demandes de copie ou de téléchargement' },
  refused: { en: 'Requests refused', fr: 'Requêtes refusées' },
  unfinished: { en: 'Requests without a recorded end', fr: 'Requêtes sans fin enregistrée' },
  down: { en: 'Data that left the systems', fr: 'Données sorties des systèmes' },
  byPurpose: { en: 'Accesses by purpose', fr: 'Accès par finalité' },
  bySystem: { en: 'Accesses by system', fr: 'Accès par système' },
  byReason: { en: 'Refused requests by reason', fr: 'Requêtes refusées par motif' },
  list: { en: 'Each access', fr: 'Chaque accès' },
  when: { en: 'When', fr: 'Quand' },
  who: { en: 'Who', fr: 'Qui' },
  why: { en: 'Why', fr: 'Pourquoi' },
  where: { en: 'System', fr: 'Système' },
  howLong: { en: 'How long', fr: 'Durée' },
  left: { en: 'Left the system', fr: 'Données sorties' },
  agreedBy: { en: 'Agreed by', fr: 'Accordé par' },
  empty: (from: string, until: string): Text => ({
    en: `No access between ${from} and ${until}.`,
    fr: `Aucun accès entre le ${from} et le ${until}.`,
  }),
  month: { en: 'Month', fr: 'Mois' },
  show: { en: 'Show', fr: 'Afficher' },
  pdf: { en: 'Download as PDF', fr: 'Télécharger en PDF' },
  badMonth: { en: 'This is not a month', fr: 'Ce n’est pas un mois' },
  badPeriod: { en: 'This is not a period', fr: 'Ce n’est pas une période' },
  badPeriodNext: {
    en: 'Go back and choose days that exist, the end after the beginning, at most two years.',
    fr: 'Revenez en arrière et choisissez des jours qui existent, la fin après le début, deux ans au plus.',
  },
  consultation: { en: 'Consultations of data', fr: 'Consultations de données' },
  consultationIntro: (client: string): Text => ({
    en: `For a person whose data ${client} holds and who asks when it was consulted: days and purposes, no names.`,
    fr: `Pour une personne dont ${client} détient des données et qui demande quand elles ont été consultées : jours et finalités, sans noms.`,
  }),
  consultationLimit: {
    en: 'A day stands here when one of the systems was opened. Whether this person’s own data was looked at cannot be told: the content of pages is not recorded.',
    fr: 'Un jour figure ici quand l’un des systèmes a été ouvert. On ne peut pas dire si les données de cette personne ont été regardées : le contenu des pages n’est pas enregistré.',
  },
  from: { en: 'From', fr: 'Du' },
  until: { en: 'To', fr: 'Au' },
  allSystems: { en: 'All systems', fr: 'Tous les systèmes' },
  day: { en: 'Day', fr: 'Jour' },
  purpose: { en: 'Purpose', fr: 'Finalité' },
  times: { en: 'Accesses', fr: 'Accès' },
  noDays: {
    en: 'No system was opened in this time.',
    fr: 'Aucun système n’a été ouvert pendant cette période.',
  },
  madeOn: (when: string): Text => ({ en: `Made on ${when}.`, fr: `Établi le ${when}.` }),
} as const;
