/** One client's state in memory, and how a reading of the database takes its place. Pure. */
import type { Grant, Opening } from '../core/model.ts';
import type { OwnInstructions } from '../core/own-instructions.ts';
import type { Archive, Ending, InForce } from '../core/ports.ts';

export interface Held {
  epoch: number;
  grants: Map<string, Grant>;
  openings: Map<string, Opening>;
  seats: InForce['seats'];
  instructions?: OwnInstructions;
  noticed?: number;
  /** Ended here, and not in the log yet. */
  blocked: Map<string, Opening>;
  /** Grants taken back here whose line is not in the log yet. */
  withdrawn: ReadonlyMap<string, 'revoked' | 'suspended'>;
}

/**
 * What is held after a reading. `openings`: those of the reading that were not ended here; `withdrawn`: grants whose line is
 * still owed. An act of ours may have been folded while the reading of the same epoch was on its way: it stays.
 */
export function heldAfter(
  found: Awaited<ReturnType<Archive['inForce']>>,
  openings: readonly Opening[],
  before: Held | undefined,
  withdrawn: Held['withdrawn'],
): Held {
  const grants = found.grants.map((grant) => ({ ...grant, status: withdrawn.get(grant.id) ?? grant.status }));
  const held: Held = {
    epoch: found.epoch,
    grants: new Map(grants.map((grant) => [grant.id, grant])),
    openings: new Map(openings.map((opening) => [opening.id, opening])),
    seats: found.seats,
    ...(found.instructions === undefined ? {} : { instructions: found.instructions }),
    ...(found.noticed === undefined ? {} : { noticed: found.noticed }),
    blocked: before?.blocked ?? new Map(),
    withdrawn,
  };
  if (before?.epoch !== found.epoch) return held;
  for (const [id, opening] of before.openings) if (!held.openings.has(id)) held.openings.set(id, opening);
  for (const [id, grant] of before.grants) if (!held.grants.has(id)) held.grants.set(id, grant);
  return held;
}

/** A grant that was told by somebody else than the database, narrowed by what the client says beside it. */
export function narrowed(
  grant: Grant,
  { instructions, noticed }: Pick<Held, 'instructions' | 'noticed'>,
): Grant {
  const { noticed: _, ...rest } = grant;
  return {
    ...rest,
    ...(instructions === undefined ? {} : { instructions }),
    ...(noticed === undefined ? {} : { noticed }),
  };
}

/** Puts the client's own instructions in force: every grant carries them from now on. */
export function instruct(held: Held, instructions: OwnInstructions): void {
  held.instructions = instructions;
  for (const [id, grant] of held.grants) held.grants.set(id, narrowed(grant, held));
}

/** Puts the last day that the client gave notice of in force; undefined: it took its notice back. */
export function giveNotice(held: Held, noticed: number | undefined): void {
  if (noticed === undefined) delete held.noticed;
  else held.noticed = noticed;
  for (const [id, grant] of held.grants) held.grants.set(id, narrowed(grant, held));
}

/** Whether an opening is among those meant; all given fields must match. `client` is looked at by the caller. */
export function isMeant(opening: Opening, what: Ending): boolean {
  return (
    (what.opening === undefined || what.opening === opening.id) &&
    (what.grant === undefined || what.grant === opening.grant) &&
    (what.person === undefined || what.person === opening.person) &&
    (what.login === undefined || what.login === opening.login) &&
    (what.commandLine === undefined || what.commandLine === opening.commandLine) &&
    (what.reference === undefined || what.reference === opening.reference)
  );
}
