/**
 * Checks an exported log without trusting whoever exported it: every hash, tile, leaf, commitment and text, the
 * signature by a key the client keeps elsewhere, consistency with a head it noted earlier, and the story. Pure: files
 * in, findings out; it reads nothing and knows no time.
 */
import { parseDisclosure } from './disclosures.ts';
import type { LeafFields } from './entries.ts';
import { canonicalFlat, commitment, committedGroup, parseLeaf, textHash } from './leaf.ts';
import {
  ed25519Type,
  formatVerifierKey,
  mlDsaType,
  openCheckpoint,
  parseVerifierKey,
  type VerifierKey,
} from './note.ts';
import { provesNotes } from './proves.ts';
import { createStory } from './story.ts';
import type { Story } from './story-context.ts';
import {
  checkChain,
  checkSince,
  decode,
  Failure,
  type Files,
  type Finding,
  readShard,
  type Shard,
  take,
} from './verify-shards.ts';

export type { Finding };

export interface Known {
  /** Verifier key as the client keeps it: `origin+id+base64`. */
  readonly key?: string;
  /** A checkpoint the client noted earlier: the whole note. */
  readonly since?: string;
}

/**
 * All that is to be said about an export: at most one failure (the first met, after which nothing more is believed)
 * and the notices. Paths in `files` are relative to the export, with `/`. Empty: all is well and nothing to note.
 */
export function verifyExport(files: Files, known: Known): Finding[] {
  const findings: Finding[] = [];
  try {
    check(files, known, findings);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    findings.push(cause.finding);
  }
  return findings;
}

function check(files: Files, known: Known, findings: Finding[]): void {
  const key = known.key === undefined ? undefined : readKey(known.key);
  const years = yearsOf(files);
  const expected = new Set<string>();
  const shards = years.map((year) => readShard(files, year, key, expected));
  checkChain(shards);
  if (key !== undefined && !shards.some(({ checkpoint }) => checkpoint.origin === key.name)) {
    throw new Failure('', undefined, 'the key belongs to another log');
  }
  if (known.since !== undefined) checkSince(shards, known.since, key);
  const texts = createTexts(files, expected);
  const story = createStory({ textOf: texts.textOf, party: {} });
  for (const shard of shards) {
    const leaves = readLeaves(shard);
    checkCosignature(files, shard, leaves[0], expected);
    checkDisclosures(files, shard, leaves, expected, findings);
    tell(story, shard, leaves, shards);
  }
  const missing = story.end();
  if (missing !== undefined) throw new Failure(shards.at(-1)?.year ?? '', undefined, missing);
  checkNotes(files, shards[0]?.checkpoint.origin ?? '', expected);
  checkStrays(files, expected);
  for (const what of story.notices()) findings.push({ kind: 'notice', part: '', index: undefined, what });
}

function readKey(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (key === undefined || key.type !== ed25519Type) {
    throw new Failure('', undefined, 'the key given is no verifier key');
  }
  return key;
}

function yearsOf(files: Files): string[] {
  const years = new Set<string>();
  for (const path of files.keys()) {
    const year = /^([0-9]{4})\//.exec(path)?.[1];
    if (year !== undefined) years.add(year);
  }
  if (years.size === 0) throw new Failure('', undefined, 'there is no log in it');
  return [...years].sort();
}

function readLeaves(shard: Shard): LeafFields[] {
  return shard.leaves.map((bytes, index) => {
    const leaf = parseLeaf(bytes);
    if (leaf === undefined) throw new Failure(shard.year, index, 'the line is not flat canonical JSON');
    return leaf;
  });
}

/** The post-quantum cosignature: by the key to which the part's own first line commits, over its checkpoint. */
function checkCosignature(
  files: Files,
  { year, note, checkpoint }: Shard,
  first: LeafFields | undefined,
  expected: Set<string>,
): void {
  const content = decode(take(files, `${year}/cosignature`, year, expected), year, 'the cosignature');
  const [keyLine = '', line = '', ...more] = content.split('\n');
  const key = parseVerifierKey(keyLine);
  if (
    key === undefined ||
    key.type !== mlDsaType ||
    formatVerifierKey(key) !== keyLine ||
    more.join('') !== ''
  ) {
    throw new Failure(year, undefined, 'the cosignature is malformed');
  }
  if (key.name !== checkpoint.origin || first?.cosigner !== textHash(keyLine)) {
    throw new Failure(year, 0, 'the log does not name the key of the cosignature');
  }
  const opened = openCheckpoint(`${note}${line}\n`, key);
  if (typeof opened === 'string') throw new Failure(year, undefined, `of the cosignature: ${opened}`);
}

/** Groups that an export discloses when they are not erased. */
const disclosable: ReadonlySet<string> = new Set(['person', 'role', 'work', 'target', 'change']);

function checkDisclosures(
  files: Files,
  shard: Shard,
  leaves: readonly LeafFields[],
  expected: Set<string>,
  findings: Finding[],
): void {
  const { year } = shard;
  const path = `${year}/disclosures.jsonl`;
  const content = decode(take(files, path, year, expected), year, path);
  if (content !== '' && !content.endsWith('\n'))
    throw new Failure(year, undefined, `${path} ends in mid-line`);
  const seen = new Set<string>();
  for (const [i, line] of content.split('\n').slice(0, -1).entries()) {
    const told = parseDisclosure(line);
    if (told === undefined) throw new Failure(year, undefined, `line ${i + 1} of ${path} is malformed`);
    const committed = leaves[told.index]?.[`commit_${told.group}`];
    const given = commitment(Buffer.from(told.nonce, 'base64url'), canonicalFlat(told.value));
    const name = `${told.index} ${told.group}`;
    if (committed !== given || seen.has(name)) {
      throw new Failure(
        year,
        told.index,
        `the disclosed group ${told.group} is not what the line commits to`,
      );
    }
    seen.add(name);
  }
  const erased = countCommitted(leaves) - countDisclosable(seen);
  if (erased > 0) {
    findings.push({ kind: 'notice', part: year, index: undefined, what: `${erased} groups are erased` });
  }
}

function countCommitted(leaves: readonly LeafFields[]): number {
  let count = 0;
  for (const leaf of leaves) {
    for (const name of Object.keys(leaf)) {
      if (disclosable.has(committedGroup(name) ?? '')) count += 1;
    }
  }
  return count;
}

function countDisclosable(seen: ReadonlySet<string>): number {
  return [...seen].filter((name) => disclosable.has(name.split(' ')[1] ?? '')).length;
}

/** Texts by hash; a text is only expected in the export once a line has asked for it. */
function createTexts(files: Files, expected: Set<string>): { textOf(hash: string): Uint8Array | undefined } {
  return {
    textOf(hash) {
      const name = `${hash.replace(/^sha256:/, '')}.json`;
      for (const path of [`policy/${name}`, `grants/${name}`, `instructions/${name}`, `endings/${name}`]) {
        const content = files.get(path);
        if (content === undefined) continue;
        expected.add(path);
        return content;
      }
      return undefined;
    },
  };
}

function tell(story: Story, shard: Shard, leaves: readonly LeafFields[], shards: readonly Shard[]): void {
  story.shard();
  for (const [index, leaf] of leaves.entries()) {
    const fault = story.line({ origin: shard.checkpoint.origin, index }, leaf);
    if (fault !== undefined) throw new Failure(shard.year, index, fault);
  }
  const last = leaves.at(-1)?.t;
  if ((last === 'log.closed') !== (shard !== shards.at(-1)) && last === 'log.closed') {
    throw new Failure(shard.year, leaves.length - 1, 'the part that follows is missing');
  }
}

/** What lies in an export to be read by people says what it always says; exports of earlier releases lack it. */
function checkNotes(files: Files, origin: string, expected: Set<string>): void {
  for (const [path, note] of provesNotes(origin)) {
    expected.add(path);
    const content = files.get(path);
    if (content !== undefined && decode(content, '', path) !== note)
      throw new Failure('', undefined, `${path} is not the note that belongs to the export`);
  }
}

function checkStrays(files: Files, expected: ReadonlySet<string>): void {
  for (const path of files.keys()) {
    if (!expected.has(path)) throw new Failure('', undefined, `${path} does not belong to the export`);
  }
}
