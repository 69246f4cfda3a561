/**
 * The full text of an agreement, as its author reads and signs it: sentences in their language, and the scope as the
 * very strings that the record repeats. One flat canonical JSON object (RFC 8785), so that one hash names it. Pure.
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Budget, printBudget } from './budget.ts';
import { type EmergencyClause, isClause, printClause } from './emergency.ts';
import { sayClause } from './emergency-text.ts';
import { type FirstUse, printFirstUse } from './first-use.ts';
import type { Language, Operation } from './model.ts';

/** What is agreed. Lists are taken in the order given; instants are epoch milliseconds UTC. */
export interface GrantTerms {
  readonly id: string;
  readonly version: number;
  readonly language: Language;
  readonly client: string;
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  /** Empty only beside an emergency clause: nobody otherwise. */
  readonly people: readonly string[];
  readonly from: number;
  readonly until: number;
  /** Its clock starts at its first use; `until` is then the end of a first use at the last moment. */
  readonly firstUse?: FirstUse;
  /** How much may be used in each period; left out: no limit. */
  readonly budget?: Budget;
  /** Who may come in when nobody of the client can be reached; left out: nobody. */
  readonly emergency?: EmergencyClause;
  /** The request that it answers, with the longest access under it; left out: it answers none. */
  readonly answers?: {
    readonly request: string;
    readonly minutes: number;
    /** The running access that it lengthens by so many minutes. */
    readonly session?: string;
  };
  /** What the provider proposed and it comes of; left out: the client wrote it itself. */
  readonly proposal?: string;
  /** The frame within which a delegate gives it; left out: a representative does. */
  readonly delegation?: string;
  /** How the same things are called for people, in that language. */
  readonly words: {
    readonly client: string;
    readonly provider: string;
    readonly contact: string;
    readonly systems: readonly string[];
    readonly purposes: readonly string[];
    /** '' where only robots are agreed to. */
    readonly people: string;
    /** Machines that come by themselves, as `⚙ Robot Nightly backup (responsible: A. Martin)`; left out: none. */
    readonly robots?: readonly string[];
    /** Accounts that the client handed over for these systems, as `ERP (provider-erp)`; left out: none. */
    readonly accounts?: readonly string[];
    /** Names of the people of the emergency clause, as `A. Martin, B. Petit`; with `emergency` only. */
    readonly inEmergency?: string;
    /** What was asked, as `request of 3 May 2026, reference T-1`; with `answers` only. */
    readonly asked?: string;
    /** When it was proposed, as `3 May 2026`; with `proposal` only. */
    readonly proposed?: string;
    readonly from: string;
    readonly until: string;
    readonly author: string;
    readonly function: string;
    readonly authority: string;
  };
}

export interface GrantText {
  /** The sentences, one per paragraph. */
  readonly sentences: readonly string[];
  /** The canonical JSON; exactly these characters are hashed and recorded. */
  readonly text: string;
  /** `sha256:<base64url>` over the UTF-8 of `text`. */
  readonly textHash: string;
}

/**
 * Writes the text. Deterministic. Throws TypeError when a list is empty, an entry contains a space (the record joins
 * them with spaces), the window is not one, or a string is not well-formed Unicode.
 */
export function writeGrantText(terms: GrantTerms): GrantText {
  checkTerms(terms);
  const sentences = terms.language === 'fr' ? inFrench(terms) : inEnglish(terms);
  const document = {
    v: '1',
    kind: 'consentry-agreement',
    id: terms.id,
    version: String(terms.version),
    language: terms.language,
    client: terms.client,
    author: terms.words.author,
    authority: terms.words.authority,
    systems: terms.systems.join(' '),
    purposes: terms.purposes.join(' '),
    operations: terms.operations.join(' '),
    people: terms.people.join(' '),
    from: new Date(terms.from).toISOString(),
    until: new Date(terms.until).toISOString(),
    ...(terms.budget === undefined ? {} : { budget: printBudget(terms.budget) }),
    ...(terms.emergency === undefined
      ? {}
      : { emergency: printClause(terms.emergency), emergency_people: terms.emergency.people.join(' ') }),
    ...(terms.firstUse === undefined ? {} : { first_use: printFirstUse(terms.firstUse) }),
    ...(terms.answers === undefined
      ? {}
      : {
          request: terms.answers.request,
          minutes: String(terms.answers.minutes),
          ...(terms.answers.session === undefined ? {} : { session: terms.answers.session }),
        }),
    ...(terms.delegation === undefined ? {} : { delegation: terms.delegation }),
    ...(terms.proposal === undefined ? {} : { proposal: terms.proposal }),
    text: sentences.join('\n'),
  };
  const text = canonicalize(document);
  if (text === undefined) throw new TypeError('the agreement cannot be written as JSON');
  return { sentences, text, textHash: `sha256:${hash('sha256', text, 'base64url')}` };
}

function checkTerms(terms: GrantTerms): void {
  const { emergency } = terms;
  for (const list of [terms.systems, terms.purposes, terms.operations, terms.people]) {
    if (list.length === 0 && !(list === terms.people && emergency !== undefined))
      throw new TypeError('an agreement over nothing');
    if (list.some((entry) => entry === '' || /\s/.test(entry))) throw new TypeError('a name with a space');
  }
  if (emergency !== undefined && !isClause(emergency))
    throw new TypeError('an emergency clause out of its bounds');
  if (!(terms.from < terms.until)) throw new TypeError('an agreement that ends before it begins');
  const { systems, purposes, robots = [], accounts = [], ...single } = terms.words;
  const lists = [...systems, ...purposes, ...robots, ...accounts];
  const all = [terms.id, terms.client, ...lists, ...Object.values(single)];
  if (!all.every((part) => part.isWellFormed())) throw new TypeError('text that is not Unicode');
}

const englishOperations: { readonly [O in Operation]: string } = {
  read: 'consult',
  write: 'change',
  copy: 'copy or download',
};

const englishPeriods = { day: 'day', week: 'week, from Monday on', month: 'month' } as const;
const frenchPeriods = { day: 'jour', week: 'semaine, à partir du lundi', month: 'mois' } as const;

const englishNumber = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 });
const frenchNumber = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 6 });

function budgetInEnglish(budget: Budget): readonly string[] {
  const { per, zone, openings, minutes, bytes, copies, copied, keep } = budget;
  const told = (amount: number): string => englishNumber.format(amount);
  const limits = [
    ...(openings === undefined ? [] : [`at most ${told(openings)} accesses`]),
    ...(minutes === undefined ? [] : [`at most ${told(minutes)} minutes in all, as declared`]),
    ...(bytes === undefined
      ? []
      : [`at most ${told(bytes / 1e6)} MB moved, static files of the application apart`]),
    ...(copies === undefined ? [] : [`at most ${told(copies)} ${copies === 1 ? 'copy' : 'copies'} taken`]),
    ...(copied === undefined ? [] : [`at most ${told(copied / 1e6)} MB leaving in copies`]),
  ];
  return [
    ...(limits.length === 0
      ? []
      : [
          `In each ${englishPeriods[per]} (${zone}): ${limits.join(', ')}. What is used up is refused until the next ${per} begins.`,
        ]),
    ...(keep === undefined
      ? []
      : [
          `Each copy taken under this agreement is destroyed or returned within ${keep} ${keep === 1 ? 'day' : 'days'}, or sooner where the provider’s rules say so.`,
        ]),
  ];
}

function budgetInFrench(budget: Budget): readonly string[] {
  const { per, zone, openings, minutes, bytes, copies, copied, keep } = budget;
  const told = (amount: number): string => frenchNumber.format(amount);
  const limits = [
    ...(openings === undefined ? [] : [`${told(openings)} accès au plus`]),
    ...(minutes === undefined ? [] : [`${told(minutes)} minutes au plus en tout, telles que déclarées`]),
    ...(bytes === undefined
      ? []
      : [`${told(bytes / 1e6)}\u00a0Mo transférés au plus, hors fichiers statiques de l’application`]),
    ...(copies === undefined
      ? []
      : [`${told(copies)} ${copies === 1 ? 'copie prise' : 'copies prises'} au plus`]),
    ...(copied === undefined ? [] : [`${told(copied / 1e6)}\u00a0Mo au plus sortant en copies`]),
  ];
  const next = { day: 'au jour suivant', week: 'à la semaine suivante', month: 'au mois suivant' }[per];
  return [
    ...(limits.length === 0
      ? []
      : [
          `Par ${frenchPeriods[per]} (${zone})\u202f: ${limits.join(', ')}. Ce qui est épuisé est refusé jusqu’${next}.`,
        ]),
    ...(keep === undefined
      ? []
      : [
          `Chaque copie prise sous cet accord est détruite ou restituée dans ${keep === 1 ? 'le jour' : `les ${keep} jours`}, ou plus tôt si les règles du prestataire le disent.`,
        ]),
  ];
}

/** People first; a robot is none of them, and is told apart. */
function whoInEnglish({ people, robots = [] }: GrantTerms['words']): readonly string[] {
  if (robots.length === 0) return [`Only these people: ${people}.`];
  const named = `these robots of the provider, which come by themselves: ${robots.join(', ')}.`;
  return people === ''
    ? [`No people, only ${named}`]
    : [`Only these people: ${people}.`, `Beside them only ${named}`];
}

function whoInFrench({ people, robots = [] }: GrantTerms['words']): readonly string[] {
  if (robots.length === 0) return [`Uniquement ces personnes\u202f: ${people}.`];
  const named = `ces robots du prestataire, qui viennent d’eux-mêmes\u202f: ${robots.join(', ')}.`;
  return people === ''
    ? [`Aucune personne, uniquement ${named}`]
    : [`Uniquement ces personnes\u202f: ${people}.`, `À leurs côtés, uniquement ${named}`];
}

/** Whether the last moment to begin is also the end. */
function endsThen({ startBy }: FirstUse, until: number): boolean {
  return startBy === until;
}

function inEnglish({
  words,
  operations,
  people,
  budget,
  emergency,
  firstUse,
  answers,
  proposal,
  until,
}: GrantTerms): readonly string[] {
  const forbidden = (['write', 'copy'] as const).filter((operation) => !operations.includes(operation));
  return [
    `${words.client}, as controller of the data, explicitly agrees that ${words.provider}, its processor, enters the following systems: ${words.systems.join(', ')}.`,
    `Only for these purposes, each declared before every access: ${words.purposes.join(', ')}.`,
    ...whoInEnglish(words),
    `They may ${operations.map((operation) => englishOperations[operation]).join(', ')}.${
      forbidden.length === 0
        ? ''
        : ` They may not ${forbidden.map((operation) => englishOperations[operation]).join(', nor ')}.`
    }`,
    ...(words.accounts === undefined
      ? []
      : [
          `They work with these accounts, which ${words.client} handed over: ${words.accounts.join(', ')}. The gateway presents them; nobody is shown their secrets.`,
        ]),
    ...(budget === undefined ? [] : budgetInEnglish(budget)),
    ...(emergency === undefined
      ? []
      : [sayClause(emergency, words.client, words.inEmergency ?? '', people.length === 0, 'en')]),
    ...(answers === undefined
      ? []
      : [
          `It is given once, in answer to this request: ${words.asked ?? answers.request}. ${answers.session === undefined ? `Each access under it lasts at most ${answers.minutes} minutes.` : `The access that runs may end ${answers.minutes} minutes later.`}`,
        ]),
    ...(proposal === undefined
      ? []
      : [
          `${words.provider} proposed it on ${words.proposed ?? ''}; ${words.client} agrees to what is written here and to nothing else of it.`,
        ]),
    firstUse === undefined
      ? `This agreement holds from ${words.from} until ${words.until}. It does not renew itself.`
      : `This agreement holds once, for ${firstUse.minutes} minutes that begin with the first access, for all together. The first access is declared after ${words.from} and before the end of: ${words.until}; otherwise nothing is agreed any more. ${endsThen(firstUse, until) ? 'Everything under it ends at that moment at the latest. ' : ''}It does not renew itself.`,
    'It can be withdrawn or suspended at any time, in one step, with immediate effect; what is running is then cut. Accesses before that remain visible.',
    `Every access under it is recorded before it happens and can be read by ${words.client}. Contact at ${words.provider}: ${words.contact}.`,
    `Given by ${words.author}, ${words.function}, for ${words.client}; authority: ${words.authority}.`,
  ];
}

const frenchOperations: { readonly [O in Operation]: string } = {
  read: 'consulter',
  write: 'modifier',
  copy: 'copier ou télécharger',
};

function inFrench({
  words,
  operations,
  people,
  budget,
  emergency,
  firstUse,
  answers,
  proposal,
  until,
}: GrantTerms): readonly string[] {
  const forbidden = (['write', 'copy'] as const).filter((operation) => !operations.includes(operation));
  const they = words.robots === undefined ? 'Elles' : 'Ils';
  return [
    `${words.client}, responsable du traitement, autorise explicitement ${words.provider}, son sous-traitant, à accéder aux systèmes suivants\u202f: ${words.systems.join(', ')}.`,
    `Uniquement pour ces finalités, déclarées avant chaque accès\u202f: ${words.purposes.join(', ')}.`,
    ...whoInFrench(words),
    `${they} peuvent ${operations.map((operation) => frenchOperations[operation]).join(', ')}.${
      forbidden.length === 0
        ? ''
        : ` ${they} ne peuvent pas ${forbidden.map((operation) => frenchOperations[operation]).join(', ni ')}.`
    }`,
    ...(words.accounts === undefined
      ? []
      : [
          `${they} travaillent avec ces comptes, confiés par ${words.client}\u202f: ${words.accounts.join(', ')}. La passerelle les présente\u202f; personne n’en voit les secrets.`,
        ]),
    ...(budget === undefined ? [] : budgetInFrench(budget)),
    ...(emergency === undefined
      ? []
      : [sayClause(emergency, words.client, words.inEmergency ?? '', people.length === 0, 'fr')]),
    ...(answers === undefined
      ? []
      : [
          `Il est donné une seule fois, en réponse à cette demande\u202f: ${words.asked ?? answers.request}. ${answers.session === undefined ? `Chaque accès sous cet accord dure ${answers.minutes} minutes au plus.` : `L’accès en cours peut prendre fin ${answers.minutes} minutes plus tard.`}`,
        ]),
    ...(proposal === undefined
      ? []
      : [
          `${words.provider} l’a proposé le ${words.proposed ?? ''}\u202f; ${words.client} accepte ce qui est écrit ici et rien d’autre de cette proposition.`,
        ]),
    firstUse === undefined
      ? `Cet accord vaut du ${words.from} jusqu’au ${words.until}. Il n’est pas reconduit tacitement.`
      : `Cet accord vaut une seule fois, pendant ${firstUse.minutes} minutes qui commencent au premier accès, pour toutes ensemble. Le premier accès est déclaré après ${words.from} et avant la fin de\u202f: ${words.until}\u202f; sinon, plus rien n’est accordé. ${endsThen(firstUse, until) ? 'Tout accès sous cet accord prend fin à ce moment au plus tard. ' : ''}Il n’est pas reconduit tacitement.`,
    'Il peut être retiré ou suspendu à tout moment, en un seul geste et avec effet immédiat\u202f; ce qui est en cours est alors coupé. Les accès antérieurs restent visibles.',
    `Chaque accès est enregistré avant d’avoir lieu et peut être lu par ${words.client}. Contact chez ${words.provider}\u202f: ${words.contact}.`,
    `Donné par ${words.author}, ${words.function}, pour ${words.client}\u202f; habilitation\u202f: ${words.authority}.`,
  ];
}

/** The sentences of a recorded text, for showing it again; undefined when it is not such a text. */
export function sentencesOf(text: string): readonly string[] | undefined {
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document !== 'object' || document === null || !('text' in document)) return undefined;
    return typeof document.text === 'string' ? document.text.split('\n') : undefined;
  } catch {
    return undefined;
  }
}
