/**
 * How intents and results cross to the writer's thread. What many calls say alike is a form, sent once and then named by
 * its number (ledger-forms.ts); other calls are written out, one string per batch. The lines are framed leaves
 * (core/frame.ts) and the few words the writer checks; answers come back as numbers. What does not fit here crosses as a
 * plain command.
 */
import type { Draft, Groups, LeafFields, Receipt } from '../core/entries.ts';
import type { FaultCode } from '../core/faults.ts';
import { frame } from '../core/frame.ts';
import { canonicalFlat } from '../core/leaf.ts';
import { Form } from './ledger-forms.ts';

/** The writer's fields, sorted, on an intent with its target, on one without, and on a result. */
export const targetedSlots = ['at', 'boot', 'commit_target', 'n', 'node'] as const;
export const plainSlots = ['at', 'boot', 'n', 'node'] as const;
export const resultSlots = ['at', 'boot', 'intent', 'n', 'node', 'request', 'shard'] as const;

export interface HotIntent {
  readonly what: 'intent';
  readonly client: string;
  readonly t: 'access.intent' | 'access.static';
  readonly id: string;
  readonly epoch: number;
  readonly session: string;
  readonly system: string;
  readonly grant: string;
  readonly operation: string;
  /** Canonical JSON of the group `target`, or ''. */
  readonly target: string;
  readonly framed: string;
}

export interface HotResult {
  readonly what: 'result';
  readonly client: string;
  readonly origin: string;
  readonly index: number;
  readonly framed: string;
}

/** Ends a call; between its words; both are impossible in the words themselves. */
const endOfCall = '\u001e';
const endOfWord = '\u001f';

function isWord(value: unknown): value is string {
  return typeof value === 'string' && !value.includes(endOfWord) && !value.includes(endOfCall);
}

/** A call of which all but its id, and its numbers if it is a result, is a form. */
export interface FormedCall {
  readonly form: Form;
  readonly id: string;
  /** The index of the intent, bytes up and down and milliseconds of a result. */
  readonly numbers?: readonly [number, number, number, number];
}

/** Written out, or by its form. */
export type Call = string | FormedCall;

/** What the calls of one access have in common. */
interface Kept {
  readonly client: string;
  readonly t: string;
  readonly epoch: number;
  readonly groups: Groups | undefined;
  readonly form: Form;
}

/** By the fields of a draft, where these are frozen and so say the same each time. */
const kept = new WeakMap<LeafFields, Kept>();

/** Ids that stand in a leaf as they are. */
const plainId = /^[A-Za-z0-9_-]+$/;

/** One call for the wire; undefined when the draft needs the long way. Throws LeafFault for what no leaf can hold. */
export function encodeIntent(draft: Draft, epoch: number): Call | undefined {
  const { client, t, id, fields, groups, person } = draft;
  if ((t !== 'access.intent' && t !== 'access.static') || person !== undefined || fields.epoch !== epoch) {
    return undefined;
  }
  const plain = plainId.test(id);
  const known = plain ? kept.get(fields) : undefined;
  if (known?.client === client && known.t === t && known.epoch === epoch && known.groups === groups) {
    return { form: known.form, id };
  }
  const call = encodeWhole(draft, t, epoch);
  if (call === undefined || !plain || !isFixed(fields, groups)) return call;
  const form = new Form(...withoutId(call, id));
  kept.set(fields, { client, t, epoch, groups, form });
  return { form, id };
}

function encodeWhole(draft: Draft, t: HotIntent['t'], epoch: number): string | undefined {
  const { client, id, fields, groups } = draft;
  const { session, system, grant, operation } = fields;
  if (!isWord(client) || !isWord(id) || !isWord(session)) return undefined;
  if (!isWord(system) || !isWord(grant) || !isWord(operation)) return undefined;
  const target = groups?.target;
  for (const name in groups) if (name !== 'target') return undefined;
  const framed = frame(t, id, fields, target === undefined ? plainSlots : targetedSlots);
  const words = `${t === 'access.intent' ? 'i' : 's'}${endOfWord}${client}${endOfWord}${id}${endOfWord}${epoch}`;
  const claims = `${session}${endOfWord}${system}${endOfWord}${grant}${endOfWord}${operation}`;
  const json = target === undefined ? '' : canonicalFlat(target);
  return `${words}${endOfWord}${claims}${endOfWord}${json}${endOfWord}${framed}${endOfCall}`;
}

const idName = '"id":"';

/** Within a string of JSON quotes are escaped, so a name with its colon is found where it stands as a name only. */
function withoutId(call: string, id: string): [string, string, string] {
  const word = call.indexOf(endOfWord, 2) + 1;
  const leaf = call.indexOf(idName, call.lastIndexOf(endOfWord)) + idName.length;
  return [call.slice(0, word), call.slice(word + id.length, leaf), call.slice(leaf + id.length)];
}

function isFixed(fields: LeafFields, groups: Groups | undefined): boolean {
  if (!Object.isFrozen(fields)) return false;
  return groups === undefined || (Object.isFrozen(groups) && Object.isFrozen(groups.target));
}

export function encodeResult(
  client: string,
  intent: Receipt,
  id: string,
  fields: LeafFields,
): Call | undefined {
  if (!isWord(client) || !isWord(intent.origin)) return undefined;
  const form = plainId.test(id) ? resultForm(client, intent.origin, fields) : undefined;
  if (form !== undefined) {
    const { up, down, ms } = fields;
    return { form, id, numbers: [intent.index, Number(up), Number(down), Number(ms)] };
  }
  const framed = frame('access.result', id, fields, resultSlots);
  return writtenResult(client, intent.origin, String(intent.index), framed);
}

function writtenResult(client: string, origin: string, index: string, framed: string): string {
  return `r${endOfWord}${client}${endOfWord}${origin}${endOfWord}${index}${endOfWord}${framed}${endOfCall}`;
}

/** What most results say; those that say more are written out. */
const usual: ReadonlySet<string> = new Set(['status', 'up', 'down', 'ms', 'type', 'disposition', 'outcome']);

/** Forms of results by all that they say alike. */
const results = new Map<string, Form>();
const resultLimit = 1_024;

/** The form of a result that says no more than the usual; undefined for any other. */
function resultForm(client: string, origin: string, fields: LeafFields): Form | undefined {
  const { status, up, down, ms, type, disposition, outcome } = fields;
  let names = 0;
  for (const name in fields) {
    if (!usual.has(name)) return undefined;
    names += 1;
  }
  if (names !== usual.size || typeof type !== 'string' || typeof disposition !== 'string') return undefined;
  if (typeof outcome !== 'string' || !isWhole(status) || !isWhole(up) || !isWhole(down) || !isWhole(ms))
    return undefined;
  // With the lengths in front no two sets of values have the same name.
  const lengths = `${client.length} ${origin.length} ${type.length} ${disposition.length} ${status}`;
  const name = `${lengths} ${client}${origin}${type}${disposition}${outcome}`;
  const known = results.get(name);
  if (known !== undefined) return known;
  const framed = frame('access.result', '', { ...fields, up: 0, down: 0, ms: 0 }, resultSlots);
  const cut = framed.indexOf(idName) + idName.length;
  const made = new Form(
    `r${endOfWord}${client}${endOfWord}${origin}${endOfWord}`,
    `${endOfWord}${framed.slice(0, cut)}`,
    `${framed.slice(cut)}${endOfCall}`,
  );
  if (results.size >= resultLimit) results.clear();
  results.set(name, made);
  return made;
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Reads what `encodeIntent` and `encodeResult` wrote, in order. */
export function decodeCalls(wire: string): (HotIntent | HotResult)[] {
  const calls: (HotIntent | HotResult)[] = [];
  for (const call of wire.split(endOfCall)) {
    if (call === '') continue;
    const words = call.split(endOfWord);
    calls.push(words[0] === 'r' ? decodeResult(words) : decodeIntent(words));
  }
  return calls;
}

function decodeIntent(words: readonly string[]): HotIntent {
  const [kind, client = '', id = '', epoch = '', session = '', system = '', grant = '', operation = ''] =
    words;
  return {
    what: 'intent',
    t: kind === 's' ? 'access.static' : 'access.intent',
    client,
    id,
    epoch: Number(epoch),
    session,
    system,
    grant,
    operation,
    target: words[8] ?? '',
    framed: words[9] ?? '',
  };
}

function decodeResult(words: readonly string[]): HotResult {
  const [, client = '', origin = '', index = '', framed = ''] = words;
  return { what: 'result', client, origin, index: Number(index), framed };
}

/**
 * The answers of a batch's calls: two numbers each. First a place in `heads` and the index there; or -1 and the epoch
 * that moved; or -2 and a place in `faults`.
 */
export interface WireAnswers {
  readonly numbers: readonly number[];
  readonly heads: readonly { readonly origin: string; readonly at: number }[];
  readonly faults: readonly { readonly code: FaultCode; readonly detail: string }[];
}

export const movedMark = -1;
export const faultMark = -2;
