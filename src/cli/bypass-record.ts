/** What attempts around the gateway found: as a file that is carried to the gateway’s machine, and as lines in the clients' logs. */
import * as z from 'zod';
import { type BypassCheck, bypassFields, closings, doorOf, reaches } from '../core/doors.ts';
import type { Snapshot } from '../core/model.ts';
import { parseJson } from '../core/objects.ts';
import { newId } from '../stores/ledger-log.ts';
import { clientsWithLog, type Place, withLedger } from './with-ledger.ts';

export type ClientCheck = BypassCheck & { readonly client: string };

const saved = z.strictObject({
  bypass: z.array(
    z.strictObject({
      client: z.string(),
      system: z.string(),
      place: z.string(),
      result: z.enum(reaches),
      upstream: z.string(),
      claim: z.enum(closings),
      at: z.iso.datetime(),
    }),
  ),
});

/** A file is to be carried, not kept: milliseconds for which it may be recorded, and by which clocks may differ. */
const carried = 86_400_000;
const skew = 60_000;

export function savedText(checks: readonly ClientCheck[]): string {
  const bypass = checks.map(({ at, ...check }) => ({ ...check, at: new Date(at).toISOString() }));
  return `${JSON.stringify({ bypass }, undefined, 2)}\n`;
}

/** What a file holds, or all that is wrong with it: it must be about what the policy says now, and of the last day. `now`: epoch milliseconds. */
export function readSaved(
  text: string,
  snapshot: Pick<Snapshot, 'clients' | 'places'>,
  now: number,
): { readonly checks: readonly ClientCheck[]; readonly faults: readonly string[] } {
  const parsed = saved.safeParse(parseJson(text));
  if (!parsed.success) return { checks: [], faults: ['the file is not one that --save writes'] };
  const checks = parsed.data.bypass.map(({ at, ...check }) => ({ ...check, at: Date.parse(at) }));
  const faults = checks.flatMap((check) => {
    const fault = faultOf(check, snapshot, now);
    return fault === undefined ? [] : [`${check.client}/${check.system}: ${fault}`];
  });
  return { checks: checks.map((check) => ({ ...check, at: Math.min(check.at, now) })), faults };
}

function faultOf(
  { client, system, place, upstream, claim, at }: ClientCheck,
  { clients, places = [] }: Pick<Snapshot, 'clients' | 'places'>,
  now: number,
): string | undefined {
  const known = clients.get(client)?.systems.get(system);
  if (known === undefined) return 'the policy has no such system';
  if (!places.includes(place)) return `identity.yaml lists no place ${place}`;
  if (known.upstream.origin !== upstream || doorOf(known).closedBy !== claim)
    return 'the policy says something else by now; try again';
  return at < now - carried || at > now + skew
    ? 'it was not tried within the last day; try again'
    : undefined;
}

/** A line each. Answers the clients that have no log, of which nothing is written. Throws what the ledger throws. */
export async function writeChecks(checks: readonly ClientCheck[], place: Place): Promise<readonly string[]> {
  if (checks.length === 0) return [];
  const logs = await clientsWithLog(place);
  await withLedger(place, 'bypass', async (ledger) => {
    for (const check of checks.filter(({ client }) => logs.has(client))) {
      const draft = { client: check.client, t: 'bypass.checked', id: newId() } as const;
      await ledger.run({ do: 'append', draft: { ...draft, fields: bypassFields(check) } });
    }
  });
  return [...new Set(checks.map(({ client }) => client))].filter((client) => !logs.has(client));
}
