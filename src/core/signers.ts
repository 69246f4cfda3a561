/**
 * Who signed what besides the first signature: a second representative where the client wants two, and another one when
 * a signer was removed. The choice to want two is itself a signed text. Pure.
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { LeafFields } from './entries.ts';
import { parseLeaf } from './leaf.ts';
import type { Language } from './model.ts';

const DAY = 24 * 60 * 60_000;

/** How long an agreement whose signer was removed holds on until another representative signs it. */
export const confirmTime = 30 * DAY;

/** How long the first signature under the wish to do without a second waits for that second one. */
export const ruleTime = 30 * DAY;

/** Days before its end from which on a standing agreement is offered for renewal. */
export const renewalTime = 60 * DAY;

/** What a client chose: `on`: two representatives sign. */
export type RuleWish = 'on' | 'off';

/** A text that a representative signs about how the client signs. */
export interface RuleText {
  readonly id: string;
  readonly wish: RuleWish;
  readonly text: string;
  /** `sha256:<base64url>` over the UTF-8 of `text`. */
  readonly textHash: string;
}

/** The words of the choice. Deterministic. */
export function writeRuleText(rule: {
  readonly id: string;
  readonly client: string;
  readonly name: string;
  readonly author: string;
  readonly wish: RuleWish;
  readonly language: Language;
}): RuleText {
  const { id, client, name, author, wish, language } = rule;
  const sentences = language === 'fr' ? inFrench(name, author, wish) : inEnglish(name, author, wish);
  const document = { v: '1', kind: 'consentry-rule', id, client, language, two: wish, text: sentences };
  const text = canonicalize(document);
  if (text === undefined) throw new TypeError('the rule cannot be written as JSON');
  return { id, wish, text, textHash: `sha256:${hash('sha256', text, 'base64url')}` };
}

function inEnglish(name: string, author: string, wish: RuleWish): string {
  return wish === 'on'
    ? `From now on an agreement of ${name} holds only once two different representatives have signed the same text. Until the second has signed it permits nothing. Agreements that are in force stay in force. Doing without the second signature again takes two representatives as well.\nChosen by ${author} for ${name}.`
    : `From now on an agreement of ${name} holds as soon as one representative has signed it. This itself takes effect only once two different representatives have signed it.\nProposed by ${author} for ${name}.`;
}

function inFrench(name: string, author: string, wish: RuleWish): string {
  return wish === 'on'
    ? `Désormais, un accord de ${name} ne vaut que lorsque deux représentants différents ont signé le même texte. Tant que le second n’a pas signé, il ne permet rien. Les accords en vigueur le restent. Renoncer à la seconde signature demande aussi deux représentants.\nChoisi par ${author} pour ${name}.`
    : `Désormais, un accord de ${name} vaut dès qu’un représentant l’a signé. Ceci ne prend effet que lorsque deux représentants différents l’ont signé.\nProposé par ${author} pour ${name}.`;
}

/** Undefined when the signed text says what the line says; otherwise, in words, the first difference. */
export function ruleDifference(text: Uint8Array | string, line: LeafFields): string | undefined {
  const document = parseLeaf(typeof text === 'string' ? Buffer.from(text) : text);
  if (document?.kind !== 'consentry-rule') return 'the text of the rule is none';
  if (document.id !== line.rule) return 'text and line of the rule differ in id';
  return document.two === line.wish ? undefined : 'text and line of the rule differ in what is wished';
}

/** How a client signs. */
export interface Signing {
  /** Two different representatives must sign. */
  readonly two: boolean;
  /** A first signature under the wish to do without the second one; undefined: none waits. */
  readonly pending: (RuleText & { readonly seat: string; readonly at: number }) | undefined;
  /** Grant -> the seats that signed it, first to last, with when, and whether the seat is still held. */
  readonly signers: ReadonlyMap<string, readonly Signer[]>;
}

export interface Signer {
  readonly seat: string;
  readonly name: string;
  readonly at: number;
  readonly removed: boolean;
  /** They were known by mail and code only: there is no signature of theirs. */
  readonly unsigned?: boolean;
}
