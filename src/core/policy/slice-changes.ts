/**
 * What changed for one client, in words: compares two of its slices, the very texts that its log carries the hashes
 * of. What the client's agreement rests on (who may agree, where its systems lead, what counts as what) is marked.
 * Total: whatever the texts hold, every difference comes out, if only by the name of its key.
 */
import { inBoth } from '../both-languages.ts';
import type { Text } from '../model.ts';
import { type Fields, isObject, own, parseObject } from '../objects.ts';
import { isSame } from './same.ts';
import { subjectOf } from './slice-words.ts';

export interface SliceChange {
  /** Keys from the top of the slice, such as `file systems erp upstream url`. */
  readonly path: readonly string[];
  /** Something that the client's agreement rests on. */
  readonly relevant: boolean;
  readonly text: Text;
}

/** All differences, the relevant ones first. `undefined`: there was no slice, or there is none any more. */
export function sliceChanges(before: string | undefined, after: string | undefined): readonly SliceChange[] {
  const found: SliceChange[] = [];
  compare(treeOf(before), treeOf(after), [], found);
  return [...found.filter(({ relevant }) => relevant), ...found.filter(({ relevant }) => !relevant)];
}

/** A text of ours is canonical JSON; anything else has nothing in it that could be compared. */
function treeOf(text: string | undefined): Fields {
  return parseObject(text ?? '{}') ?? {};
}

function compare(before: Fields, after: Fields, path: readonly string[], found: SliceChange[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isSame(own(before, key), own(after, key))) continue;
    const at = [...path, key];
    const [old, now] = bothKeyed(own(before, key), own(after, key));
    if (!isSame(old, now)) {
      if (isWhole(at) || !isObject(old) || !isObject(now)) found.push(changeOf(at, old, now));
      else compare(old, now, at, found);
    }
    // Of routes and the like the first that fits counts.
    else found.push(reordered(at));
  }
}

/** A text in two languages is one thing, and so is an assignment. */
function isWhole(path: readonly string[]): boolean {
  const last = path.at(-1);
  return last === 'label' || last === 'name' || last === 'text' || last === 'description' || last === 'peek';
}

/** An empty list on one side is compared with what the other side is. */
function bothKeyed(before: unknown, after: unknown): readonly [unknown, unknown] {
  const [old, now] = [keyed(before), keyed(after)];
  const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
  return [isEmpty(old) && isObject(now) ? {} : old, isEmpty(now) && isObject(old) ? {} : now];
}

/** Lists of things with a name of their own are compared by it, so that a new first one does not change them all. */
function keyed(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) return value;
  const named = value.map((item): [string, unknown] => [nameIn(item), item]);
  return new Set(named.map(([name]) => name)).size === named.length ? Object.fromEntries(named) : value;
}

function nameIn(item: Fields): string {
  if (typeof item.id === 'string') return item.id;
  if (typeof item.path === 'string') {
    const methods = Array.isArray(item.methods) ? `${item.methods.join('/')} ` : '';
    return `${methods}${item.path}${item.socket === true ? ' (socket)' : ''}`;
  }
  if (typeof item.who === 'string') return `${item.who} ${said(item.systems, 'en')} ${said(item.from, 'en')}`;
  return JSON.stringify(item);
}

function reordered(path: readonly string[]): SliceChange {
  const { subject, relevant } = subjectOf(path);
  const text = { en: `Changed – ${subject.en}: the order`, fr: `Modification – ${subject.fr} : l’ordre` };
  return { path, relevant, text };
}

function changeOf(path: readonly string[], before: unknown, after: unknown): SliceChange {
  const { subject, relevant } = subjectOf(path);
  const text = inBoth((language) => {
    const words = phrases[language];
    if (isNothing(before)) return words.added(subject[language], brief(after, language));
    if (isNothing(after)) return words.removed(subject[language]);
    return words.changed(subject[language], brief(after, language), brief(before, language));
  });
  return { path, relevant, text };
}

const phrases = {
  en: {
    added: (what: string, now: string) => `Added – ${what}${now === '' ? '' : `: ${now}`}`,
    removed: (what: string) => `Removed – ${what}`,
    changed: (what: string, now: string, before: string) => `Changed – ${what}: now ${now}, before ${before}`,
  },
  fr: {
    added: (what: string, now: string) => `Ajout – ${what}${now === '' ? '' : ` : ${now}`}`,
    removed: (what: string) => `Retrait – ${what}`,
    changed: (what: string, now: string, before: string) =>
      `Modification – ${what} : désormais ${now}, auparavant ${before}`,
  },
};

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

const longest = 160;

function brief(value: unknown, language: keyof Text): string {
  const words = said(value, language);
  return words.length <= longest ? words : `${words.slice(0, longest - 1)}…`;
}

/** A value for people: texts in their language, lists with commas, maps as `key: value`. */
function said(value: unknown, language: keyof Text): string {
  if (isNothing(value)) return language === 'en' ? 'nothing' : 'rien';
  if (typeof value === 'boolean') return yesOrNo[language][value ? 1 : 0];
  if (Array.isArray(value)) {
    if (value.length === 0) return language === 'en' ? 'nothing' : 'rien';
    return value.map((item) => said(item, language)).join(', ');
  }
  if (!isObject(value)) return String(value);
  if (typeof value[language] === 'string') return value[language];
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${said(inner, language)}`)
    .join('; ');
}

const yesOrNo = { en: ['no', 'yes'], fr: ['non', 'oui'] } as const;

/** As they stand in a client's log: one sentence a line, what the agreement rests on marked, cut where it is endless. */
export function tellChanges(changes: readonly SliceChange[]): Text {
  return inBoth((language) => tell(changes, language));
}

const most = 40;

function tell(changes: readonly SliceChange[], language: keyof Text): string {
  const mark = language === 'en' ? 'Concerns your agreement: ' : 'Concerne votre accord : ';
  const lines = changes
    .slice(0, most)
    .map(({ relevant, text }) => `${relevant ? mark : ''}${text[language]}`);
  const more = changes.length - most;
  if (more > 0) lines.push(language === 'en' ? `and ${more} more` : `et ${more} de plus`);
  return lines.join('\n');
}

/**
 * The same in one line for the part of a log line that can never be erased: what kinds of things changed, and no name
 * of a person.
 */
export function summariseChanges(changes: readonly SliceChange[]): string {
  const kinds = new Map<string, { count: number; relevant: boolean }>();
  for (const { path, relevant } of changes) {
    const { kind } = subjectOf(path);
    const known = kinds.get(kind);
    kinds.set(kind, { count: (known?.count ?? 0) + 1, relevant: relevant || known?.relevant === true });
  }
  const told = [...kinds].map(
    ([kind, { count, relevant }]) => `${kind} (${count}${relevant ? ', concerns the agreement' : ''})`,
  );
  return told.length === 0 ? 'nothing that this client can see' : `changed: ${told.join(', ')}`;
}
