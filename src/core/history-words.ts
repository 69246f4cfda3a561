/**
 * One opening as one sentence, in English and French: who, for what, when, what was done, and, where it may be said,
 * that nothing was taken away. Says of an absence only what was counted. Pure; times and sizes come written.
 */
import type { Fact } from './history.ts';
import {
  answersCounted,
  type Deed,
  deedOf,
  deeds,
  furniture,
  type Known,
  nothingDone,
  nothingTaken,
  tally,
} from './history-tally.ts';
import type { Language, Text } from './model.ts';
import { shown } from './shown.ts';

/** A fact with what its route is called. */
export interface ToldFact extends Fact {
  readonly label: Text | string;
}

export interface Told extends Known {
  /** Name, function, systems, purpose, reference, hours: told before the colon, empty ones left out. */
  readonly before: readonly string[];
  readonly facts: readonly ToldFact[];
}

/** Words by plural category; what a language does not have is `other`. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };
type Phrase = { readonly [L in Language]: Forms };

const locales = { en: 'en-GB', fr: 'fr-FR' } as const;
const numbers = { en: new Intl.NumberFormat(locales.en), fr: new Intl.NumberFormat(locales.fr) } as const;
const rules = { en: new Intl.PluralRules('en'), fr: new Intl.PluralRules('fr') } as const;

/** English and French with one and several; French says `de` after millions. */
function phrase(en: readonly [string, string], fr: readonly [string, string]): Phrase {
  return {
    en: { one: `{n} ${en[0]}`, other: `{n} ${en[1]}` },
    fr: { one: `{n} ${fr[0]}`, many: `{n} de ${fr[1]}`, other: `{n} ${fr[1]}` },
  };
}

const asset = phrase(
  ['script, style or image', 'scripts, styles and images'],
  ['script, style ou image', 'scripts, styles et images'],
);

const phrases: { readonly [D in Deed]: Phrase } = {
  pages: phrase(['page viewed', 'pages viewed'], ['page consultée', 'pages consultées']),
  calls: phrase(['request for data', 'requests for data'], ['requête de données', 'requêtes de données']),
  changes: phrase(
    ['change accepted', 'changes accepted'],
    ['modification acceptée', 'modifications acceptées'],
  ),
  uploads: phrase(['file sent in', 'files sent in'], ['fichier envoyé', 'fichiers envoyés']),
  files: phrase(['file taken out', 'files taken out'], ['fichier sorti', 'fichiers sortis']),
  brokenFiles: phrase(
    ['file taken out in part', 'files taken out in part'],
    ['fichier sorti en partie', 'fichiers sortis en partie'],
  ),
  sockets: phrase(['live connection', 'live connections'], ['connexion continue', 'connexions continues']),
  withheld: phrase(['answer held back', 'answers held back'], ['réponse retenue', 'réponses retenues']),
  refused: phrase(['request refused', 'requests refused'], ['requête refusée', 'requêtes refusées']),
  unaccepted: phrase(
    ['change that the system did not accept', 'changes that the system did not accept'],
    ['modification que le système n’a pas acceptée', 'modifications que le système n’a pas acceptées'],
  ),
  errors: phrase(
    ['request answered with an error', 'requests answered with an error'],
    [
      'requête à laquelle le système a répondu par une erreur',
      'requêtes auxquelles le système a répondu par une erreur',
    ],
  ),
  broken: phrase(
    ['request broken off', 'requests broken off'],
    ['requête interrompue', 'requêtes interrompues'],
  ),
  failed: phrase(
    ['request that the system did not answer', 'requests that the system did not answer'],
    ['requête restée sans réponse du système', 'requêtes restées sans réponse du système'],
  ),
  unknown: phrase(
    ['request whose end is not known', 'requests whose end is not known'],
    ['requête dont la fin est inconnue', 'requêtes dont la fin est inconnue'],
  ),
  pending: phrase(
    ['request without a result yet', 'requests without a result yet'],
    ['requête encore sans résultat', 'requêtes encore sans résultat'],
  ),
  assets: asset,
  covered: asset,
};

const absent = {
  taken: {
    en: {
      one: 'nothing left the system as a file ({n} answer counted)',
      other: 'nothing left the system as a file ({n} answers counted)',
    },
    fr: {
      one: 'rien n’est sorti du système sous forme de fichier ({n} réponse comptée)',
      many: 'rien n’est sorti du système sous forme de fichier ({n} de réponses comptées)',
      other: 'rien n’est sorti du système sous forme de fichier ({n} réponses comptées)',
    },
  },
  takenSoFar: {
    en: {
      one: 'nothing has left the system as a file so far ({n} answer counted)',
      other: 'nothing has left the system as a file so far ({n} answers counted)',
    },
    fr: {
      one: 'rien n’est sorti du système sous forme de fichier jusqu’ici ({n} réponse comptée)',
      many: 'rien n’est sorti du système sous forme de fichier jusqu’ici ({n} de réponses comptées)',
      other: 'rien n’est sorti du système sous forme de fichier jusqu’ici ({n} réponses comptées)',
    },
  },
} as const satisfies Record<string, Phrase>;

const plain = {
  nothing: { en: 'nothing was opened', fr: 'rien n’a été ouvert' },
  nothingSoFar: { en: 'nothing has been opened so far', fr: 'rien n’a été ouvert jusqu’ici' },
  outside: {
    en: 'what was done outside the gateway is declared, not observed',
    fr: 'ce qui s’est fait hors de la passerelle est déclaré, non observé',
  },
  unsaid: { en: ', and has not been said', fr: ', et n’a pas été dit' },
  more: { en: 'and more than is counted here', fr: 'et plus que ce qui est compté ici' },
  out: { en: 'out', fr: 'sortis' },
  in: { en: 'in', fr: 'entrés' },
} as const satisfies Record<string, Text>;

/** A count with its words: `1 page viewed`, `2 pages viewed`; numbers as the language writes them. */
export function count(deed: Deed, n: number, language: Language): string {
  return fill(phrases[deed], n, language);
}

function fill(forms: Phrase, n: number, language: Language): string {
  const here = forms[language];
  const words = here[rules[language].select(n)] ?? here.other;
  return words.replace('{n}', numbers[language].format(n));
}

/** The whole sentence. `size` writes a number of bytes. */
export function sentence(told: Told, language: Language, size: (bytes: number) => string): string {
  const before = told.before.map((part) => shown(part, 80)).filter((part) => part !== '');
  const done = deedsInWords(told, language, size);
  const all = before.length === 0 ? done : `${before.join(', ')}${language === 'fr' ? ' : ' : ': '}${done}`;
  return `${all}.`;
}

/** What was done, from the facts alone, without a full stop. */
export function deedsInWords(
  told: Omit<Told, 'before'>,
  language: Language,
  size: (bytes: number) => string,
): string {
  const sums = tally(told.facts);
  const parts: string[] = [];
  for (const deed of deeds) {
    const { count: n, up, down } = sums[deed];
    if (n === 0 || furniture.has(deed)) continue;
    parts.push(`${count(deed, n, language)}${aside(told.facts, deed, up, down, language, size)}`);
  }
  if (nothingDone(sums, told)) {
    const words = told.ended ? plain.nothing : plain.nothingSoFar;
    return words[language];
  }
  if (nothingTaken(sums, told) && answersCounted(sums) > 0)
    parts.push(fill(told.ended ? absent.taken : absent.takenSoFar, answersCounted(sums), language));
  const folded = sums.assets.count + sums.covered.count;
  if (parts.length === 0 && folded > 0) parts.push(count('assets', folded, language));
  if (told.outside) parts.push(`${plain.outside[language]}${saidInWords(told, language)}`);
  if (!told.complete) parts.push(plain.more[language]);
  return parts.join(', ');
}

/** What the person says was done outside, or that they have not said it. */
function saidInWords({ said, ended }: Omit<Told, 'before'>, language: Language): string {
  if (said === undefined || (said === '' && !ended)) return '';
  if (said === '') return plain.unsaid[language];
  return language === 'fr' ? ` : « ${said} »` : `: “${said}”`;
}

/** What stands in brackets behind a count: which pages, how many bytes. */
function aside(
  facts: readonly ToldFact[],
  deed: Deed,
  up: number,
  down: number,
  language: Language,
  size: (bytes: number) => string,
): string {
  switch (deed) {
    case 'changes':
    case 'pages':
      return bracketed(labelsOf(facts, deed, language));
    case 'uploads':
      return bracketed([size(up)]);
    case 'files':
    case 'brokenFiles':
      return bracketed([...labelsOf(facts, deed, language), size(down)]);
    case 'sockets':
      return bracketed([`${size(down)} ${plain.out[language]}`, `${size(up)} ${plain.in[language]}`]);
    default:
      return '';
  }
}

function bracketed(parts: readonly string[]): string {
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

const mostLabels = 3;

/** What the routes of a kind are called, most used first; routes without a name are left out. */
function labelsOf(facts: readonly ToldFact[], deed: Deed, language: Language): readonly string[] {
  const counts = new Map<string, number>();
  for (const fact of facts) {
    if (deedOf(fact) !== deed || typeof fact.label === 'string') continue;
    const label = shown(fact.label[language], 40);
    counts.set(label, (counts.get(label) ?? 0) + fact.count);
  }
  const labels = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([label]) => label);
  return labels.length > mostLabels ? [...labels.slice(0, mostLabels), '…'] : labels;
}
