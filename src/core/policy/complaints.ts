/** Collects faults that concern several files, each at the place in the file that has to change. */
import type { PolicyFault } from './faults.ts';
import type { ParsedFile } from './parse.ts';

export interface Complaints {
  readonly faults: PolicyFault[];
  /** Adds a fault about the value (or key) at `path` of a file. */
  add(file: ParsedFile<unknown>, path: readonly PropertyKey[], message: string, of?: 'key' | 'value'): void;
}

/** An empty collection. */
export function createComplaints(): Complaints {
  const faults: PolicyFault[] = [];
  return {
    faults,
    add({ document }, path, message, of = 'value') {
      faults.push({ file: document.path, ...document.place(path, of), message });
    },
  };
}

/** Where something stands, for a sentence about something else: `staff.yaml:12`. */
export function whereIs({ document }: ParsedFile<unknown>, path: readonly PropertyKey[]): string {
  return `${document.path}:${document.place(path, 'key').line}`;
}
