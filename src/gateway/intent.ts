/**
 * The line that stands before an exchange: `access.intent`, or the `access.static` that covers the assets of an opening.
 * What the exchanges of one allow say alike is one frozen value, so that the ledger writes it out once and not each time.
 */
import type { Draft, Groups, IntentFields, LeafFields } from '../core/entries.ts';
import type { Opening } from '../core/model.ts';
import type { Allow, Classified } from '../core/question.ts';
import type { Arrival } from './arrive.ts';

/** An intent's draft that stands for an allowed exchange. */
export type AllowedDraft = Draft & { readonly t: 'access.intent' | 'access.static' };

/** All of a line but its id. */
interface Said extends Omit<AllowedDraft, 'id'> {
  readonly groups: Groups;
}

/** By the allow, which is one opening's at one system; gone with it. */
const said = new WeakMap<Allow, Map<string, Said>>();
/** Paths that no profile lists can be many: then the memory starts anew. */
const remembered = 64;

/** The draft of an exchange that was allowed under this epoch. */
export function intentOf(
  arrival: Arrival,
  opening: Opening,
  classified: Classified,
  allow: Allow,
  epoch: number,
): AllowedDraft {
  let mine = said.get(allow);
  if (mine === undefined) {
    mine = new Map();
    said.set(allow, mine);
  }
  const { static: covered, destination, template } = classified;
  const how = `${covered ? 'static' : ''} ${arrival.tool === undefined ? '' : 'tool'} ${arrival.method}`;
  const key = `${epoch} ${how} ${destination} ${template}`;
  let found = mine.get(key);
  if (found === undefined) {
    if (mine.size >= remembered) mine.clear();
    found = say(arrival, opening, classified, allow, epoch);
    mine.set(key, found);
  }
  const { client, t, fields, groups } = found;
  return { client, t, id: arrival.id, fields, groups };
}

function say(
  { method, system, tool }: Arrival,
  opening: Opening,
  classified: Classified,
  allow: Allow,
  epoch: number,
): Said {
  const fields: IntentFields = {
    session: opening.id,
    system: system.id,
    grant: allow.grant,
    epoch,
    method,
    operation: allow.operation,
    dest: classified.destination,
    policy: allow.policy,
    ...(tool === undefined ? {} : { tool: true as const }),
  };
  // What was reached, and under which of the client's accounts if the client handed one over.
  const target: LeafFields = {
    path: classified.template,
    ...(system.credential === undefined ? {} : { account: system.credential.account }),
  };
  return {
    client: opening.client,
    t: classified.static ? 'access.static' : 'access.intent',
    fields: Object.freeze({ ...fields }),
    groups: Object.freeze({ target: Object.freeze(target) }),
  };
}
