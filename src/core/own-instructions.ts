/**
 * The instructions that a client's representative gives in the portal: one signed text per version, a flat canonical
 * JSON object like an agreement's, whose conditions narrow what rules and agreements allow and never widen it. Pure.
 */
import canonicalize from 'canonicalize';
import { clockTime } from './days.ts';
import type { LeafFields } from './entries.ts';
import { parseLeaf, textHash } from './leaf.ts';
import type { Language, Operation } from './model.ts';
import type { Reason } from './reasons.ts';
import { type Schedule, stretchAt } from './schedule.ts';

/** How sensitive the data is, as the client judges it; `special`: special categories of article 9 of the GDPR. */
export const sensitivities = ['ordinary', 'sensitive', 'special'] as const;
export type Sensitivity = (typeof sensitivities)[number];

/** What came of the client's own impact assessment. */
export const assessments = ['unsaid', 'not-needed', 'acceptable', 'with-measures', 'under-way'] as const;
export type Assessment = (typeof assessments)[number];

/** Hours of a week in the client's zone: one window for all its days. */
export interface OwnHours {
  /** ISO days of the week, 1 is Monday; at least one. */
  readonly days: readonly number[];
  /** Minutes after midnight; `until` up to 1440, after `from`. */
  readonly from: number;
  readonly until: number;
  readonly zone: string;
}

/** What the representative decides. */
export interface InstructionTerms {
  readonly sensitivity: Sensitivity;
  readonly assessment: Assessment;
  /** Day of the assessment, `2026-05-31`; '' when none is given. */
  readonly assessedOn: string;
  /** Undefined: at any hour that rules and agreements allow. */
  readonly hours: OwnHours | undefined;
  readonly noCopy: boolean;
  /** Person ids, or the client's terms for them; undefined: whoever rules and agreements let in. Never empty. */
  readonly only: readonly string[] | undefined;
  /** A sentence of the client's own, in its language; '' when there is none. */
  readonly note: string;
}

/** A version in force. */
export interface OwnInstructions extends InstructionTerms {
  readonly client: string;
  readonly version: number;
  readonly language: Language;
  readonly textHash: string;
  /** The same hours as a schedule. */
  readonly schedule: Schedule | undefined;
}

const kind = 'consentry-instructions';

/**
 * The text that is signed: `sentences` are what the page shows, in the author's language. Deterministic. Throws TypeError
 * when something is not well-formed.
 */
export function writeInstructions(
  of: {
    readonly client: string;
    readonly version: number;
    readonly language: Language;
    readonly author: string;
  },
  terms: InstructionTerms,
  sentences: readonly string[],
): { readonly text: string; readonly textHash: string } {
  const { hours, only } = terms;
  const text = canonicalize({
    v: '1',
    kind,
    client: of.client,
    version: String(of.version),
    language: of.language,
    author: of.author,
    sensitivity: terms.sensitivity,
    assessment: terms.assessment,
    assessed_on: terms.assessedOn,
    hours: hours === undefined ? '' : printHours(hours),
    no_copy: terms.noCopy ? 'yes' : 'no',
    only: only === undefined ? '' : only.join(' '),
    note: terms.note,
    text: sentences.join('\n'),
  });
  if (text === undefined || !text.isWellFormed() || readInstructions(text) === undefined)
    throw new TypeError('these instructions cannot be written');
  return { text, textHash: textHash(text) };
}

/** What a signed text says; undefined when it is not one of these, in any part. */
export function readInstructions(text: Uint8Array | string): OwnInstructions | undefined {
  const said = parseLeaf(typeof text === 'string' ? Buffer.from(text) : text);
  if (said === undefined || said.v !== '1' || said.kind !== kind) return undefined;
  const { client, version, language, sensitivity, assessment, assessed_on, hours, no_copy, only, note } =
    said;
  if (typeof client !== 'string' || typeof note !== 'string' || typeof only !== 'string') return undefined;
  if (typeof version !== 'string' || !/^[1-9]\d{0,6}$/.test(version)) return undefined;
  if (language !== 'en' && language !== 'fr') return undefined;
  if (no_copy !== 'yes' && no_copy !== 'no') return undefined;
  if (typeof assessed_on !== 'string' || !/^(\d{4}-\d{2}-\d{2})?$/.test(assessed_on)) return undefined;
  const judged = sensitivities.find((one) => one === sensitivity);
  const assessed = assessments.find((one) => one === assessment);
  const told = hours === '' ? undefined : parseHours(hours);
  if (judged === undefined || assessed === undefined || told === 'malformed') return undefined;
  if (!/^(?:[a-z][a-z0-9-]{0,62}(?: (?!$)|$))*$/.test(only)) return undefined;
  return {
    client,
    version: Number(version),
    language,
    sensitivity: judged,
    assessment: assessed,
    assessedOn: assessed_on,
    hours: told,
    noCopy: no_copy === 'yes',
    only: only === '' ? undefined : only.split(' '),
    note,
    textHash: textHash(text),
    schedule: told && {
      zone: told.zone,
      windows: [{ days: told.days, from: told.from, until: told.until }],
      closedOn: 'none',
    },
  };
}

/** `1,2,3,4,5 08:00-18:00 Europe/Paris` */
function printHours({ days, from, until, zone }: OwnHours): string {
  return `${days.join(',')} ${clockTime(from)}-${clockTime(until)} ${zone}`;
}

function parseHours(said: unknown): OwnHours | 'malformed' {
  const form = /^([1-7](?:,[1-7]){0,6}) (\d\d):(\d\d)-(\d\d):(\d\d) ([A-Za-z0-9_+/-]{1,60})$/;
  const found = form.exec(typeof said === 'string' ? said : '');
  if (found === null) return 'malformed';
  const [, list = '', h1, m1, h2, m2, zone = ''] = found;
  const days = list.split(',').map(Number);
  const from = Number(h1) * 60 + Number(m1);
  const until = Number(h2) * 60 + Number(m2);
  const sound = Number(m1) < 60 && Number(m2) < 60 && from < until && until <= 1440;
  if (!sound || new Set(days).size !== days.length || !isZone(zone)) return 'malformed';
  return { days, from, until, zone };
}

function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** Whether a version asks for anything at all; one that does not is how instructions are taken back. */
export function asksNothing({
  hours,
  noCopy,
  only,
  note,
  sensitivity,
  assessment,
}: InstructionTerms): boolean {
  const conditions = hours === undefined && !noCopy && only === undefined;
  return conditions && note === '' && sensitivity === 'ordinary' && assessment === 'unsaid';
}

/** The reason for which the client's own instructions forbid this, or undefined. `named`: whether a term of theirs means the person. */
export function judgeOwn(
  own: OwnInstructions,
  named: (term: string) => boolean,
  operation: Operation,
  now: number,
): Reason | undefined {
  if (own.only !== undefined && !own.only.some(named)) return 'instruction_people';
  if (own.schedule !== undefined && !stretchAt(own.schedule, now).open) return 'instruction_hours';
  return own.noCopy && operation === 'copy' ? 'instruction_no_copy' : undefined;
}

/** Until when they let what they let now, epoch milliseconds. */
export function ownUntil(own: OwnInstructions | undefined, now: number): number {
  return own?.schedule === undefined ? Number.POSITIVE_INFINITY : stretchAt(own.schedule, now).until;
}

/** What is wrong with the line of an opening under these instructions, in words; people are in no leaf. */
export function openedAgainst(own: OwnInstructions | undefined, opened: LeafFields): string | undefined {
  if (opened.own !== own?.textHash) return 'it does not name the client’s own instructions in force';
  if (own === undefined) return undefined;
  if (own.noCopy && String(opened.operations).split(' ').includes('copy'))
    return 'the client’s own instructions forbid copies';
  const last = Date.parse(String(opened.ends)) - 1;
  const open = own.schedule === undefined || stretchAt(own.schedule, last).open;
  return open ? undefined : 'it ends outside the hours of the client’s own instructions';
}
