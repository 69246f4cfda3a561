/**
 * What is wrong with a policy file, and where. Faults are collected, never thrown: an administrator sees all of them
 * at once, in the order of files and lines.
 */

export interface PolicyFault {
  /** Path inside the policy folder, with `/`. */
  readonly file: string;
  /** Both from 1; 1:1 when the whole file is meant. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A place in a file. */
export type Place = Pick<PolicyFault, 'line' | 'column'>;

/** `clients/acme.yaml:12:5: unknown key "sytems"`, as editors and terminals link it. */
export function formatFault({ file, line, column, message }: PolicyFault): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** By file, line, column and message, each fault once; the same faults always come out in the same order. */
export function sortFaults(faults: readonly PolicyFault[]): readonly PolicyFault[] {
  const seen = new Map(faults.map((fault) => [formatFault(fault), fault]));
  return [...seen.values()].sort(
    (a, b) =>
      compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
}

/** By code unit, so that no locale changes the order. */
export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
