/**
 * The part of the story that tells what people say they did outside: once, after the end, by whoever had the access, and late
 * where it is late. Pure.
 */
import type { LeafFields } from './entries.ts';
import { countsAsUnsaid, endOf, isLate, mostUnsaid, sayingTime } from './outside.ts';
import type { SessionTold } from './story-sessions.ts';

interface Outside {
  readonly session: SessionTold;
  readonly actor: string;
  readonly shard: number;
  closedAt: number | undefined;
  said: boolean;
}

/** Each method takes a line and answers what is wrong with it, in words; undefined when it fits. */
export class OutsideTold {
  readonly #all = new Map<string, Outside>();
  #shard = 0;
  /** Older logs have accesses of which nothing is owed; after the first that owes, all do. */
  #owing = false;

  /** A new part begins: people have other names in it. */
  shard(): void {
    this.#shard += 1;
  }

  opened(leaf: LeafFields, session: SessionTold | undefined): string | undefined {
    const { declared, said } = leaf;
    if (said === undefined)
      return declared !== undefined && this.#owing ? 'nothing is owed of what is done outside' : undefined;
    if (said !== 'owed' || session === undefined || typeof declared !== 'string')
      return 'what is owed of it is nothing outside';
    if (!declared.split(' ').every((system) => session.systems.includes(system)))
      return 'what is outside is none of its systems';
    this.#owing = true;
    const at = Date.parse(String(leaf.at));
    const actor = String(leaf.actor);
    const unsaid = [...this.#all.values()].filter(
      (one) =>
        !one.said && one.shard === this.#shard && one.actor === actor && countsAsUnsaid(endOfTold(one), at),
    );
    if (unsaid.length > mostUnsaid) return 'too much is owed of what was done outside';
    this.#all.set(String(leaf.id), { session, actor, shard: this.#shard, closedAt: undefined, said: false });
    return undefined;
  }

  closed(leaf: LeafFields): void {
    const found = this.#all.get(String(leaf.session));
    if (found !== undefined) found.closedAt = Date.parse(String(leaf.at));
  }

  declared(leaf: LeafFields): string | undefined {
    const found = this.#all.get(String(leaf.session));
    if (found === undefined) return 'it says what was done in an access of which nothing is owed';
    if (found.said) return 'what was done was said already';
    if (found.shard === this.#shard && found.actor !== leaf.actor)
      return 'it says what was done in the access of somebody else';
    const [end, at] = [endOfTold(found), Date.parse(String(leaf.at))];
    if (leaf.ended !== new Date(end).toISOString()) return 'the access ended at another time';
    if (at < end) return 'it says what was done before the access was over';
    if (at > end + sayingTime.last) return 'it says what was done too late';
    if ((leaf.late === true) !== isLate(end, at)) return 'it says otherwise whether it is late';
    found.said = true;
    return undefined;
  }
}

function endOfTold({ session, closedAt }: Outside): number {
  return endOf({ endsAt: Date.parse(session.ends), endedAt: closedAt });
}
