/**
 * References that are not what they should be: a provisional one, given while there is no ticket yet, and a wrong one that
 * is mended. How long either may wait, and how many a person may owe. Pure.
 */
import type { Groups } from './entries.ts';
import type { ReferenceCheck } from './ticket-check.ts';

/** How long after the declaration a wrong reference or note may be mended, and a provisional one may stand; milliseconds. */
export const mendingTime = 24 * 3_600_000;

/** Whoever owes more real references than this declares nothing more until some are given. */
export const mostOwed = 3;

/** So often one access may be mended. */
export const mostCorrections = 5;

/** What stands for a reference that is yet to come; whoever typed it by hand owes the real one too. */
export function isProvisional(reference: string): boolean {
  return /^call-/i.test(reference);
}

/** `CALL-20261005-0412`: a day and a number below 10,000. */
export function provisionalReference(day: string, number: number): string {
  return `CALL-${day.replaceAll('-', '')}-${String(number % 10_000).padStart(4, '0')}`;
}

/** Until when the real reference is owed; undefined: nothing is owed. Epoch milliseconds. */
export function owedUntil(reference: string, declaredAt: number): number | undefined {
  return isProvisional(reference) ? declaredAt + mendingTime : undefined;
}

export interface Written {
  readonly reference: string;
  readonly note: string;
}

/**
 * Command `session.corrected`: a wrong reference or note is mended, or a provisional reference replaced, by the person whose
 * access it is. The line holds the old and the new; saying what stands there already changes nothing.
 */
export interface Correction extends Written {
  readonly do: 'correct';
  readonly client: string;
  readonly opening: string;
  readonly person: string;
  readonly groups: Groups;
  /** What the ticket system said about a new reference; left out: it was not asked. */
  readonly check?: ReferenceCheck;
}

/** What an access says and when it was declared; `owed`: the real reference is, still. */
export interface Mendable extends Written {
  readonly declaredAt: number;
  readonly owed: boolean;
  readonly corrections: number;
}

export type CorrectionRefusal = 'correction_late' | 'correction_provisional' | 'corrections_spent';

/** What a correction changes, or why it may not be made; nothing: it says what stands there already. */
export function judgeCorrection(
  found: Mendable,
  wanted: Written,
  now: number,
): { readonly changes: readonly ('reference' | 'note')[] } | { readonly refused: CorrectionRefusal } {
  const reference = wanted.reference !== found.reference;
  const note = wanted.note !== found.note;
  const changes = [...(reference ? (['reference'] as const) : []), ...(note ? (['note'] as const) : [])];
  if (changes.length === 0) return { changes };
  if (reference && isProvisional(wanted.reference)) return { refused: 'correction_provisional' };
  // What is owed may come late: otherwise whoever owes could never declare again.
  const pays = found.owed && reference && !note;
  if (pays) return { changes };
  if (!(now <= found.declaredAt + mendingTime)) return { refused: 'correction_late' };
  return found.corrections < mostCorrections ? { changes } : { refused: 'corrections_spent' };
}
