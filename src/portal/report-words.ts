/** A report as it is printed, in words: what a page and a PDF have in common. */
import type { Language } from '../core/model.ts';

export interface ReportChart {
  readonly title: string;
  readonly bars: readonly (readonly [string, number])[];
}

export interface ReportWords {
  readonly language: Language;
  /** `2026-10` */
  readonly month: string;
  readonly title: string;
  /** Who made it, and when. */
  readonly made: string;
  /** What has to be known to read it rightly. */
  readonly notes: readonly string[];
  readonly numbers: readonly (readonly [string, string])[];
  readonly charts: readonly ReportChart[];
  readonly table: {
    readonly title: string;
    readonly headers: readonly string[];
    /** Of the width for each column, together 1; left out: as for accesses. */
    readonly shares?: readonly number[];
    readonly rows: readonly (readonly string[])[];
  };
  /** Said when there is nothing in the table. */
  readonly empty: string;
}
