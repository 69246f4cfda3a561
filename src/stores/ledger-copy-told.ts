/** What the lines of a log say of copies, gathered line by line, to be compared with the rows. */
import type { LeafFields } from '../core/entries.ts';

/** What lines tell of a copy, gathered for the comparison. */
export interface CopyTold {
  readonly session: string;
  readonly destroyBy: string;
  kept: boolean;
  bytes: number;
  outcome: string | undefined;
  digest: string | undefined;
  how: string | undefined;
}

/** Takes a line that may be about a copy. */
export function noteCopy(told: Map<string, CopyTold>, fields: LeafFields): void {
  const request = String(fields.request);
  const found = told.get(request);
  switch (fields.t) {
    case 'copy.registered':
      told.set(request, {
        session: String(fields.session),
        destroyBy: String(fields.destroy_by),
        kept: fields.kept === 'rule',
        bytes: 0,
        outcome: undefined,
        digest: undefined,
        how: undefined,
      });
      return;
    case 'copy.kept':
      for (const copy of told.values())
        if (copy.session === fields.session && copy.how === undefined) copy.kept = true;
      return;
    case 'copy.destroyed':
      if (found !== undefined) found.how = String(fields.how);
      return;
    case 'access.progress':
      if (found !== undefined) found.bytes = Math.max(found.bytes, Number(fields.down));
      return;
    case 'access.result': {
      if (found === undefined) return;
      found.outcome = String(fields.outcome);
      found.digest = fields.digest === undefined ? undefined : String(fields.digest);
      if (found.outcome === 'unknown-after-crash') return;
      found.bytes = Number(fields.down);
      if (fields.down === 0) found.how = 'nothing';
      return;
    }
  }
}
