/**
 * The part of the story that tells of references and notes that were mended: by the person who declared the access, within
 * the time that there is for it; only a reference that is owed may come later. Pure.
 */
import type { LeafFields } from './entries.ts';
import { mendingTime, mostCorrections } from './references.ts';
import { isTime, list } from './story-lines.ts';
import { isReferenceCheck } from './ticket-check.ts';

interface Declared {
  readonly at: number;
  readonly actor: string;
  readonly shard: number;
  owed: boolean;
  corrections: number;
  check: unknown;
}

export class CorrectionStory {
  readonly #declared = new Map<string, Declared>();
  #shard = 0;

  /** A new part begins: people have other names in it. */
  shard(): void {
    this.#shard += 1;
  }

  /** An access was declared. Answers what is wrong with what it owes. */
  opened(leaf: LeafFields): string | undefined {
    const at = Date.parse(String(leaf.at));
    const { reference_due: due } = leaf;
    if (due !== undefined && !(isTime(String(due)) && Date.parse(String(due)) === at + mendingTime))
      return 'its reference is owed for another time than there is for it';
    const actor = String(leaf.actor);
    const owed = due !== undefined;
    const { reference_check: check } = leaf;
    if (check !== undefined && (owed || !isReferenceCheck(check)))
      return 'it tells of a check that has no meaning';
    this.#declared.set(String(leaf.id), { at, actor, shard: this.#shard, owed, corrections: 0, check });
    return undefined;
  }

  corrected(leaf: LeafFields): string | undefined {
    const found = this.#declared.get(String(leaf.session));
    if (found === undefined) return 'it mends an access that was never declared';
    if (found.shard === this.#shard && found.actor !== leaf.actor)
      return 'it mends the access of somebody else';
    const what = list(leaf.what);
    if (what.length === 0 || what.some((one) => one !== 'reference' && one !== 'note'))
      return 'it does not say what it mends';
    const pays = found.owed && what.length === 1 && what[0] === 'reference';
    if (!pays && Date.parse(String(leaf.at)) > found.at + mendingTime) return 'it mends too late';
    if (!pays && found.corrections >= mostCorrections) return 'it mends too often';
    const { reference_check: check } = leaf;
    if (check !== undefined && !isReferenceCheck(check)) return 'it tells of a check that has no meaning';
    if (!what.includes('reference') && check !== found.check) return 'it tells of a check that nobody made';
    found.check = check;
    found.corrections += 1;
    if (what.includes('reference')) found.owed = false;
    return undefined;
  }
}
