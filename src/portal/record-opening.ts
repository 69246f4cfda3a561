/**
 * Chooses an agreement for what was declared and records the opening under it: one loop for whoever declares, on a page, by command
 * line or as a robot. Nothing is opened before its record is durable.
 */
import type { Answers } from '../core/answers.ts';
import type { Command } from '../core/commands.ts';
import type { LeafFields } from '../core/entries.ts';
import type { Grant, Opening, Snapshot } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import type { EmergencyReason } from '../core/reasons-emergency.ts';
import type { TicketFault } from '../core/ticket-check.ts';
import type { Arrival } from './arrival.ts';
import { type Chosen, choose, clockFor, type Declarer, type Wish } from './declaration.ts';
import type { PortalDeps } from './deps.ts';
import { sessionFields, sessionGroups } from './lines.ts';
import type { Checked } from './reference-check.ts';

/** What stands with an opening beside what every one has. */
export interface Beside extends Pick<Extract<Command, { do: 'declare' }>, 'emergency' | 'code' | 'tool'> {
  readonly fields: LeafFields;
  readonly commandLine?: string;
}

export interface Declaration {
  readonly deps: PortalDeps;
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly declarer: Declarer;
  readonly arrival: Arrival;
  readonly wish: Wish;
  /** Where from, as it is recorded. */
  readonly origin: { readonly address: string | undefined; readonly agent: string | undefined };
  /** Of the agreements that are not used up, those that are looked at. */
  serving(grants: readonly Grant[]): readonly Grant[];
  /** Whether what the client instructs, as it is in force, was shown and confirmed. */
  acknowledged(inForce: InForce): boolean;
  /** What others are asked about the reference, once, before anything is written. Throws Refusal when they do not answer. */
  check(): Promise<Checked>;
  beside(opening: string): Beside;
}

/** Agreements that would serve, but whose budget does not reach, or whose emergencies are used up. */
export type Spending = Map<
  string,
  Extract<Answers['declare'], { readonly spent: unknown } | { readonly refused: unknown }>
>;

/** Why something that was declared is refused on the client's record. */
export type OnRecord = TicketFault | EmergencyReason | 'references_owed' | 'outside_unsaid';

/** Whatever is not `opened` opened nothing. */
export type Recorded =
  | { readonly opened: Opening }
  /** Something of the client's instructions is to be read and confirmed first. */
  | { readonly unread: InForce }
  | { readonly unchosen: Exclude<Chosen, { readonly opening: Opening }> }
  | { readonly spent: Spending }
  | { readonly refused: OnRecord }
  /** Rights kept changing while it was looked at. */
  | { readonly moved: true };

/** `held`: the client's rights as they were looked at. Throws Fault. */
export async function recordOpening(asked: Declaration, held: InForce): Promise<Recorded> {
  const { deps, arrival, wish, snapshot, declarer } = asked;
  const { client } = arrival;
  // The rights may move between looking and recording; then look once more, and no oftener.
  const spent: Spending = new Map();
  let checked: Checked | undefined;
  for (let inForce = held, left = 1; ; ) {
    const grants = asked.serving([...inForce.grants.values()].filter(({ id }) => !spent.has(id)));
    const id = openingId(deps.random(16));
    const chosen = choose(snapshot, declarer, arrival, wish, grants, id, asked.now);
    if (!('opening' in chosen)) return spent.size > 0 ? { spent } : { unchosen: chosen };
    checked ??= await asked.check();
    if ('refused' in checked) return { refused: checked.refused };
    const { grant, operations } = chosen;
    const { fields, commandLine, ...beside } = asked.beside(id);
    const opening = commandLine === undefined ? chosen.opening : { ...chosen.opening, commandLine };
    const clock = clockFor(grant, wish);
    const line = sessionFields(opening, operations, client, clock, inForce.instructions, checked.check);
    const answer = await deps.authority.run({
      ...{ do: 'declare', epoch: inForce.epoch, opening, fields: { ...line, ...fields } },
      groups: sessionGroups(opening, declarer.person, client, snapshot.organisation, asked.origin),
      ...beside,
    });
    if ('unsaid' in answer) return { refused: 'outside_unsaid' };
    if ('owed' in answer) return { refused: 'references_owed' };
    if ('refused' in answer && answer.refused !== 'emergency_used_up') return { refused: answer.refused };
    if ('spent' in answer || 'refused' in answer) {
      // Another agreement may serve.
      spent.set(opening.grant, answer);
      continue;
    }
    if (!('moved' in answer)) return { opened: opening };
    if (left === 0) return { moved: true };
    left -= 1;
    inForce = await deps.authority.refresh(client.id);
    if (!asked.acknowledged(inForce)) return { unread: inForce };
  }
}

/** The name of an opening, from sixteen random bytes. It is typed as a word of commands, so it does not begin as an option does. */
export function openingId(bytes: Buffer): string {
  return bytes.toString('base64url').replace(/^-/, 'A');
}
