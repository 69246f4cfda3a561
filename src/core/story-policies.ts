/**
 * The part of the story that tells of the provider's rules: their texts are there, and whatever names a system that leads
 * elsewhere rests before anything else is said. Pure.
 */

import { type CopyRules, copyRules, usualCopies } from './copies.ts';
import type { FileEnd } from './ending.ts';
import type { LeafFields } from './entries.ts';
import { acceptsWithoutSignature } from './evidence.ts';
import { textHash } from './leaf.ts';
import { endOf } from './policy/instants.ts';
import { ledElsewhere } from './policy/rests.ts';
import { abridged, readParts, type SlicePart } from './policy/slice-parts.ts';
import type { ConsentsTold } from './story-consents.ts';
import type { StoryContext } from './story-context.ts';

/** What a client's file or a purpose says of copies. */
interface SaysCopies {
  readonly copies?: {
    readonly keep_days?: number;
    readonly grace_days?: number;
    readonly answer_hours?: number;
    readonly custodian?: string;
    readonly place?: string;
  };
}

/** What a client's file says of the end of its contract. */
interface SaysEnd {
  readonly contract?: { readonly until?: string };
  readonly status?: string;
  readonly zone?: string;
}

export class PoliciesTold {
  readonly #context: StoryContext;
  readonly #consents: Pick<ConsentsTold, 'rest'>;
  /** Of the rules that were told last; undefined: none were, or they are kept as one text, as they once were. */
  #parts: readonly SlicePart[] | undefined;
  /** What has to be said of consents next. */
  readonly #due = new Map<string, 'consent.suspended' | 'consent.lapsed'>();

  /** The hash of those in force. */
  hash = '';
  /** Whether those in force accept agreements without a signature. */
  withoutSignature = false;

  constructor(context: StoryContext, consents: Pick<ConsentsTold, 'rest'>) {
    this.#context = context;
    this.#consents = consents;
  }

  /** Looks at every line before it is taken. */
  line(leaf: LeafFields): string | undefined {
    if (this.#due.size === 0) return undefined;
    const grant = String(leaf.grant);
    if (leaf.t !== this.#due.get(grant)) return 'a consent whose system leads elsewhere does not rest';
    this.#due.delete(grant);
    return undefined;
  }

  /** Takes a `policy.activated` line. */
  told(leaf: LeafFields): string | undefined {
    const text = this.#textOf(String(leaf.policy));
    this.hash = String(leaf.policy);
    if (text === undefined) return 'the text of the policy is missing';
    if (text === false) return 'the text of the policy is not the one that was in force';
    this.withoutSignature = acceptsWithoutSignature(text, (hash) => this.#textOf(hash) || undefined);
    const before = this.#parts;
    const read = readParts(text, (hash) => this.#textOf(hash) || undefined);
    if (read === 'missing') return 'a part of the policy is missing, or is not the one that was in force';
    this.#parts = read ?? (before !== undefined && isGone(text) ? [] : undefined);
    if (before === undefined) return undefined;
    if (this.#parts === undefined) return 'the rules are told as one text after they were told in parts';
    const systems = ledElsewhere(...abridged('', before, this.#parts));
    for (const [grant, how] of this.#consents.rest(systems)) this.#due.set(grant, how);
    return undefined;
  }

  /** What the rules say of copies under a purpose; undefined: they are kept as one text, or name no such purpose. */
  copyRules(purpose: string): CopyRules | undefined {
    const of = (group: string) => this.#parts?.find((part) => part.group === group)?.text();
    const [file, purposes] = [of('file'), of('purposes')];
    if (file === undefined || purposes === undefined) return undefined;
    const { copies: own } = JSON.parse(file) as SaysCopies;
    const said = (JSON.parse(purposes) as Readonly<Record<string, SaysCopies>>)[purpose];
    if (said === undefined) return undefined;
    const { keep_days, grace_days, answer_hours, custodian, place } = said.copies ?? {};
    const rules = {
      keepDays: keep_days ?? usualCopies.keepDays,
      graceDays: grace_days ?? usualCopies.graceDays,
      answerHours: answer_hours ?? usualCopies.answerHours,
      custodian,
      place,
    };
    return copyRules(rules, own?.keep_days);
  }

  /** What the client's file says of the end of the contract; undefined: the rules are not there to be read, or do not say. */
  fileEnd(): FileEnd | undefined {
    const file = this.#parts?.find((part) => part.group === 'file')?.text();
    if (file === undefined) return undefined;
    const { contract, status, zone } = JSON.parse(file) as SaysEnd;
    if (contract === undefined || status === undefined || zone === undefined) return undefined;
    return {
      ended: status === 'ended',
      until: contract.until === undefined ? undefined : endOf(contract.until, zone),
    };
  }

  /** At the end of the log. */
  end(): string | undefined {
    return this.#due.size === 0 ? undefined : 'it ends before a consent rests whose system leads elsewhere';
  }

  /** False: the text is another. */
  #textOf(hash: string): string | false | undefined {
    const text = this.#context.textOf(hash);
    if (text === undefined) return undefined;
    return textHash(text) === hash ? Buffer.from(text).toString('utf8') : false;
  }
}

/** Nothing stands in the rules for this client any more. */
function isGone(text: string): boolean {
  return Object.keys(JSON.parse(text) as object).join() === 'client';
}
