/**
 * The state of clients' logs inside one writer: head, range, counter and epoch of each, as derived from the rows and
 * checked against signature, lines and guard. What a transaction adds is kept apart until it is committed; after a
 * failure the state is dropped and derived again by the same code.
 */
import type { KeyObject } from 'node:crypto';
import type { EntryKind, Groups, LeafFields } from '../core/entries.ts';
import { Fault } from '../core/faults.ts';
import {
  canonicalFlat,
  checkCallerFields,
  commitment,
  commitmentField,
  LeafFault,
  leafLimit,
  textHash,
} from '../core/leaf.ts';
import { extend, leafHash, type Range, rangeBytes, rangeRoot } from '../core/merkle.ts';
import { signCheckpoint } from '../core/note.ts';
import { type Keyring, random, sealBox } from './disclosure.ts';
import type { Budgeted } from './ledger-budgets.ts';
import type { Gathered } from './ledger-gathered.ts';
import { places } from './ledger-rows.ts';
import { entryKey, kindNumbers } from './ledger-schema.ts';
import type { Statements } from './ledger-statements.ts';

/** What an opening permits, as the writer checks it for each intent. Valid for one epoch. */
export interface Hold {
  readonly seq: number;
  readonly consent: string;
  readonly systems: ReadonlySet<string>;
  readonly operations: ReadonlySet<string>;
  readonly from: number;
  readonly until: number;
  /** Set when the bytes of its consent are limited. */
  readonly budgeted: Budgeted | undefined;
}

export interface Shard {
  readonly id: number;
  readonly year: number;
  readonly origin: string;
  readonly signatureId: string;
}

/** A client's log while a writer holds it. `range` and `root` are as committed; `added` is this transaction's. */
export interface LogState {
  readonly id: number;
  readonly client: string;
  readonly token: string;
  readonly key: Buffer;
  /** The name under which the guard keeps the newest checkpoint. */
  readonly guarded: string;
  readonly node: string;
  readonly boot: string;
  shard: Shard;
  range: Range;
  root: Uint8Array;
  epoch: number;
  slice: string;
  at: number;
  /** `at` as it stands on lines. */
  atText: string;
  /** The last counter this run wrote to the shard, and whether it has announced itself there. */
  n: number;
  started: boolean;
  readonly holds: Map<string, Hold>;
  added: Added;
}

/** What one transaction has added to a log so far. */
export interface Added {
  readonly hashes: Uint8Array[];
  /** Groups under the client's key, one `index group nonce json` each. */
  readonly groups: string[];
  firstGroup: number;
  lastGroup: number;
  /** Set by `sealHead`: the head to be once the transaction is committed. */
  head: { range: Range; root: Uint8Array; note: string } | undefined;
  epochMoved: boolean;
}

export function nothingAdded(): Added {
  return { hashes: [], groups: [], firstGroup: -1, lastGroup: -1, head: undefined, epochMoved: false };
}

/** Everything that lines are written with. */
export interface Pen {
  readonly sql: Statements;
  /** Rows of exchanges that wait for being written together. */
  readonly gathered: Gathered;
  readonly keyring: Keyring;
  readonly signingKey: KeyObject;
  readonly publicKey: Uint8Array;
  /** Raw public key of the ML-DSA-44 cosigner, to which each shard commits in its first line. */
  readonly cosignerPublic: Uint8Array;
}

/** One line as the commands give it: the caller's fields, and the person whose key locks the person's groups. */
export interface Entry {
  readonly t: EntryKind;
  readonly id: string;
  readonly fields: LeafFields;
  readonly groups?: Groups | undefined;
  readonly owner?: Owner | undefined;
  /** The row number of the opening the line belongs to. */
  readonly session?: number | undefined;
}

/** A person within one log: the row of the key, the key, and the pseudonym in the current shard. */
export interface Owner {
  readonly id: number;
  readonly key: Buffer;
  readonly actor: string;
}

/** Groups that are locked with the client's key; the others are locked with the person's. */
const clientGroups: ReadonlySet<string> = new Set(['work', 'target', 'change']);

/** Where a new entry will stand. */
export function nextIndex(log: LogState): number {
  return log.range.size + log.added.hashes.length;
}

/** A random name for a line that has none of its own. */
export function newId(): string {
  return random(16).toString('base64url');
}

/**
 * Writes one line: assigns index, time and counter, builds the bytes, stores them, and keeps the groups for the
 * boxes. Throws LeafFault before anything is stored when the line cannot be a leaf.
 */
export function writeEntry(pen: Pen, log: LogState, entry: Entry): number {
  const index = nextIndex(log);
  const personal: string[] = [];
  const shared: string[] = [];
  checkCallerFields(Object.keys(entry.fields));
  const members: Record<string, string | number | boolean> = { ...entry.fields };
  for (const [group, value] of splitGroups(entry.groups)) {
    const committed = commitGroup(index, group, canonicalFlat(value));
    members[commitmentField(group)] = committed.commitment;
    (clientGroups.has(group) ? shared : personal).push(committed.line);
  }
  if (personal.length > 0 && entry.owner === undefined)
    throw new LeafFault('a personal group needs its person');
  if (entry.owner !== undefined) members.actor = entry.owner.actor;
  const leaf = canonicalFlat({
    ...members,
    v: 1,
    t: entry.t,
    id: entry.id,
    at: log.atText,
    node: log.node,
    boot: log.boot,
    n: log.n + 1,
  });
  const key = entryKey(log.shard.id, addLeaf(log, leaf));
  pen.sql.insertEntry.run(key, kindNumbers[entry.t], entry.session ?? null, leaf);
  for (const line of shared) keepGroup(log, index, line);
  if (personal.length > 0 && entry.owner !== undefined) {
    const box = sealBox(entry.owner.key, places.personal(log.id, key), personal.join('\n'));
    pen.sql.insertPersonal.run(key, entry.owner.id, box);
  }
  return index;
}

/** Takes the finished bytes of a line at the next index into the tree and tells that index. Throws LeafFault when too long. */
function addLeaf(log: LogState, leaf: string): number {
  if (leaf.length * 3 > leafLimit && Buffer.byteLength(leaf) > leafLimit) {
    throw new LeafFault('the line is longer than 65,535 bytes');
  }
  const index = nextIndex(log);
  log.added.hashes.push(leafHash(leaf));
  log.n += 1;
  return index;
}

/** The finished bytes of an exchange's line, which is stored with others of its batch. Tells its index. Throws LeafFault when too long. */
export function gatherLeaf(
  pen: Pen,
  log: LogState,
  kind: number,
  session: number | undefined,
  leaf: string,
): number {
  const index = addLeaf(log, leaf);
  pen.gathered.entry(entryKey(log.shard.id, index), kind, session, leaf);
  return index;
}

/** A group with its nonce and commitment, on its way into a box. */
export interface Committed {
  readonly commitment: string;
  /** As it stands in a box. */
  readonly line: string;
}

/** Commits to the canonical JSON of a group for the line at `index`. */
export function commitGroup(index: number, group: string, json: string): Committed {
  const nonce = random(32);
  return {
    commitment: commitment(nonce, json),
    line: `${index} ${group} ${nonce.toString('base64url')} ${json}`,
  };
}

/** Keeps a committed group of a line that was written for the batch's box under the client's key. */
export function keepGroup(log: LogState, index: number, line: string): void {
  if (log.added.firstGroup < 0) log.added.firstGroup = index;
  log.added.lastGroup = index;
  log.added.groups.push(line);
}

/**
 * The groups as they are committed to. The name of a person is disclosed to the client, the rest of the group is
 * not: so `person` holds the name, and `subject` the rest, each with a commitment of its own.
 */
function splitGroups(groups: Groups | undefined): [string, LeafFields][] {
  const split: [string, LeafFields][] = [];
  for (const [group, value] of Object.entries(groups ?? {})) {
    if (value === undefined) continue;
    if (group !== 'person') {
      split.push([group, value]);
      continue;
    }
    const { name, ...rest } = value;
    if (name !== undefined) split.push(['person', { name }]);
    if (Object.keys(rest).length > 0) split.push(['subject', rest]);
  }
  return split;
}

/** Seals the groups gathered so far into one box under the client's key, stored with the indexes it covers. */
export function sealGroups(pen: Pen, log: LogState): void {
  const { groups, firstGroup, lastGroup } = log.added;
  if (groups.length === 0) return;
  const key = entryKey(log.shard.id, firstGroup);
  pen.sql.insertBlock.run(key, lastGroup, sealBox(log.key, places.block(log.id, key), groups.join('\n')));
  groups.length = 0;
  log.added.firstGroup = -1;
}

/** Closes what the transaction added: groups boxed, range extended, checkpoint signed and stored, epoch stored. */
export function sealHead(pen: Pen, log: LogState): void {
  sealGroups(pen, log);
  if (log.added.epochMoved) pen.sql.updateEpoch.run(log.epoch, log.slice, log.id);
  if (log.added.hashes.length === 0) return;
  const range = extend(log.range, log.added.hashes);
  const root = rangeRoot(range);
  const checkpoint = { origin: log.shard.origin, size: range.size, root };
  const note = signCheckpoint(checkpoint, pen.signingKey, log.shard.signatureId);
  pen.sql.updateHead.run(range.size, root, rangeBytes(range), log.at, note, log.shard.id);
  log.added.head = { range, root, note };
}

/** Takes over what the committed transaction added. */
export function settle(log: LogState): void {
  if (log.added.head !== undefined) {
    const { range, root } = log.added.head;
    log.range = { size: range.size, hashes: range.hashes.map(own) };
    log.root = own(root);
  }
  log.added = nothingAdded();
}

/** Small buffers share pieces of 8 KB, and one that stays keeps all of its piece. */
function own(hash: Uint8Array): Uint8Array {
  return new Uint8Array(hash);
}

/** What a command may have changed in a log, so that its failure can be undone alone. */
export interface Mark {
  readonly hashes: number;
  readonly groups: number;
  readonly firstGroup: number;
  readonly lastGroup: number;
  readonly epochMoved: boolean;
  readonly n: number;
  readonly epoch: number;
  readonly slice: string;
}

export function markOf(log: LogState): Mark {
  const { added, n, epoch, slice } = log;
  const { firstGroup, lastGroup, epochMoved } = added;
  return {
    hashes: added.hashes.length,
    groups: added.groups.length,
    firstGroup,
    lastGroup,
    epochMoved,
    n,
    epoch,
    slice,
  };
}

export function resetTo(log: LogState, mark: Mark): void {
  log.added.hashes.length = mark.hashes;
  log.added.groups.length = mark.groups;
  log.added.firstGroup = mark.firstGroup;
  log.added.lastGroup = mark.lastGroup;
  log.added.epochMoved = mark.epochMoved;
  log.n = mark.n;
  log.epoch = mark.epoch;
  log.slice = mark.slice;
  log.holds.clear();
}

/** The hash by which texts stand on lines, checked against what the caller claims. */
export function checkTextHash(text: string, claimed: string): void {
  if (textHash(text) !== claimed)
    throw new Fault('internal', 'a text does not have the hash it was given with');
}
