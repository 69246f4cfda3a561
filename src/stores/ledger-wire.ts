/**
 * How intents and results cross to the writer's thread: one string per batch, one line per call, instead of objects
 * that the structured clone would take apart and rebuild one by one. The lines are framed leaves (core/frame.ts) and
 * the few words the writer checks; answers come back as numbers. What does not fit here crosses as a plain command.
 */
import type { Draft, Groups, LeafFields, Receipt } from '../core/entries.ts';
import type { FaultCode } from '../core/faults.ts';
import { frame } from '../core/frame.ts';
import { canonicalFlat } from '../core/leaf.ts';

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

/** What the calls of one access have in common, written out: all but the id. */
interface Kept {
  readonly client: string;
  readonly t: string;
  readonly epoch: number;
  readonly groups: Groups | undefined;
  /** Before the id among the words, between it and the id in the leaf, and after that. */
  readonly pieces: readonly [string, string, string];
}

/** By the fields of a draft, where these are frozen and so say the same each time. */
const kept = new WeakMap<LeafFields, Kept>();

/** Ids that stand in a leaf as they are. */
const plainId = /^[A-Za-z0-9_-]+$/;

/** One call for the wire; undefined when the draft needs the long way. Throws LeafFault for what no leaf can hold. */
export function encodeIntent(draft: Draft, epoch: number): string | undefined {
  const { client, t, id, fields, groups, person } = draft;
  if ((t !== 'access.intent' && t !== 'access.static') || person !== undefined || fields.epoch !== epoch) {
    return undefined;
  }
  const plain = plainId.test(id);
  const known = plain ? kept.get(fields) : undefined;
  if (known?.client === client && known.t === t && known.epoch === epoch && known.groups === groups) {
    const [before, between, after] = known.pieces;
    return before + id + between + id + after;
  }
  const call = encodeWhole(draft, t, epoch);
  if (call !== undefined && plain && isFixed(fields, groups))
    kept.set(fields, { client, t, epoch, groups, pieces: withoutId(call, id) });
  return call;
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

/** Within a string of JSON quotes are escaped, so a name with its colon is found where it stands as a name only. */
function withoutId(call: string, id: string): Kept['pieces'] {
  const name = '"id":"';
  const word = call.indexOf(endOfWord, 2) + 1;
  const leaf = call.indexOf(name, call.lastIndexOf(endOfWord)) + name.length;
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
): string | undefined {
  if (!isWord(client) || !isWord(intent.origin)) return undefined;
  const framed = frame('access.result', id, fields, resultSlots);
  return `r${endOfWord}${client}${endOfWord}${intent.origin}${endOfWord}${intent.index}${endOfWord}${framed}${endOfCall}`;
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
