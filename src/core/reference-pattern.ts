/**
 * What a reference must look like, in a language that cannot blow up: `#` alone is one or more digits, several are
 * exactly that many, `*` is one or more letters, digits, `-`, `_`, `.` or `/`, everything else is itself. One pass over
 * the reference decides, whatever the pattern: the pieces that may come next are the bits of one number.
 */

export interface ReferencePattern {
  /** As the policy file says it; shown to people. */
  readonly text: string;
  /** Bit i: piece i takes digits, takes any word character, may be repeated. */
  readonly digits: number;
  readonly words: number;
  readonly repeated: number;
  /** Literal character, by its code -> bits of the pieces that take it. */
  readonly literals: ReadonlyMap<number, number>;
  readonly pieces: number;
}

const mostPieces = 30;
const allowed = /^[A-Za-z0-9 ._/#*-]{1,64}$/;

/** Undefined when the text is no pattern: other characters, nothing fixed or numbered in it, or too long. */
export function parseReferencePattern(text: string): ReferencePattern | undefined {
  const parts = text.match(/#+|\*+|[^#*]/g) ?? [];
  if (!allowed.test(text) || text.trim() !== text || parts.some((part) => part.startsWith('**')))
    return undefined;
  if (parts.every((part) => part === '*')) return undefined;
  let digits = 0;
  let words = 0;
  let repeated = 0;
  let pieces = 0;
  const literals = new Map<number, number>();
  for (const part of parts) {
    const count = part.startsWith('#') ? part.length : 1;
    if (pieces + count > mostPieces) return undefined;
    for (let nth = 0; nth < count; nth += 1) {
      const bit = 1 << pieces;
      if (part.startsWith('#')) digits |= bit;
      else if (part === '*') words |= bit;
      else literals.set(part.charCodeAt(0), (literals.get(part.charCodeAt(0)) ?? 0) | bit);
      if (part === '#' || part === '*') repeated |= bit;
      pieces += 1;
    }
  }
  return { text, digits, words, repeated, literals, pieces };
}

/** Whether the whole reference has this form. Linear in its length. */
export function matchesReference(pattern: ReferencePattern, reference: string): boolean {
  // Bit i stands for "the first i pieces are taken".
  let taken = 1;
  for (let at = 0; at < reference.length; at += 1) {
    const takers = takersOf(pattern, reference.charCodeAt(at));
    taken = ((taken & takers) << 1) | (taken & ((takers & pattern.repeated) << 1));
    if (taken === 0) return false;
  }
  return (taken & (1 << pattern.pieces)) !== 0;
}

function takersOf({ digits, words, literals }: ReferencePattern, code: number): number {
  const literal = literals.get(code) ?? 0;
  if (code >= 48 && code <= 57) return literal | digits | words;
  return isWord(code) ? literal | words : literal;
}

/** ASCII letters, and `-`, `.`, `/`, `_`. */
function isWord(code: number): boolean {
  return (
    (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || (code >= 45 && code <= 47) || code === 95
  );
}

/** A reference of this form. */
export function exampleOf({ text }: ReferencePattern): string {
  return text.replaceAll('#', '1').replaceAll('*', 'x');
}
