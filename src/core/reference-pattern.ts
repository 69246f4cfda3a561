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
  /** Literal character -> bits of the pieces that take it. */
  readonly literals: Readonly<Record<string, number>>;
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
  const literals: Record<string, number> = {};
  for (const part of parts) {
    const count = part.startsWith('#') ? part.length : 1;
    if (pieces + count > mostPieces) return undefined;
    for (let nth = 0; nth < count; nth += 1) {
      const bit = 1 << pieces;
      if (part.startsWith('#')) digits |= bit;
      else if (part === '*') words |= bit;
      else literals[part] = (literals[part] ?? 0) | bit;
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
  for (const character of reference) {
    const takers = takersOf(pattern, character);
    taken = ((taken & takers) << 1) | (taken & ((takers & pattern.repeated) << 1));
    if (taken === 0) return false;
  }
  return (taken & (1 << pattern.pieces)) !== 0;
}

function takersOf({ digits, words, literals }: ReferencePattern, character: string): number {
  const literal = Object.hasOwn(literals, character) ? (literals[character] ?? 0) : 0;
  if (character >= '0' && character <= '9') return literal | digits | words;
  return /^[A-Za-z._/-]$/.test(character) ? literal | words : literal;
}

/** A reference of this form. */
export function exampleOf({ text }: ReferencePattern): string {
  return text.replaceAll('#', '1').replaceAll('*', 'x');
}
