/**
 * `consentry client who --client ID --pseudonym K7Q2-M4XR --reason TEXT`: who a technician is whom a client reads by a pseudonym,
 * for when a dispute or a court asks. The look stands in the client's log, with its reason, before anything is told. It knows
 * the people of the staff file: for somebody who stood in an earlier one, it is asked with that.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { hasContent } from '../core/declared.ts';
import { meantBy, spoken } from '../core/pseudonyms.ts';
import { newId } from '../stores/ledger-log.ts';
import { prepareOrComplain } from './prepare.ts';
import type { CommandMain } from './terminal.ts';
import { clientsWithLog, placeOf, withLedger } from './with-ledger.ts';

export const whoUsage =
  'consentry client who --client ID --pseudonym K7Q2-M4XR --reason TEXT    (the client reads the reason)';

const longestReason = 500;

/** Answers 0 when it is told, 1 when it cannot be, 2 when the command is not understood. */
export const whoIs: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if (asked === undefined) {
    terminal.complain(whoUsage);
    return 2;
  }
  const prepared = await prepareOrComplain(env, terminal);
  if (prepared === undefined) return 1;
  const { config, policy } = prepared;
  const client = policy.snapshot.clients.get(asked.client);
  const person = policy.snapshot.people.get(
    (client?.display === undefined ? undefined : meantBy(client, asked.term)) ?? '',
  );
  if (client === undefined || person === undefined) {
    terminal.complain(
      `consentry client who: nobody of the staff file is ${spoken(asked.term)} at ${asked.client}; if they stood in an earlier one, ask with that (CONSENTRY_POLICIES)`,
    );
    return 1;
  }
  const place = placeOf(config);
  if (!existsSync(place.file) || !(await clientsWithLog(place)).has(client.id)) {
    terminal.complain(`consentry client who: ${client.id} has no log, so nobody was shown to it`);
    return 1;
  }
  await withLedger(place, 'who', (ledger) =>
    ledger.run({
      do: 'append',
      draft: {
        ...{ client: client.id, t: 'log.read', id: newId() },
        fields: { by: 'provider', role: 'operator', view: 'pseudonym' },
        groups: { work: { reference: spoken(asked.term), note: asked.reason } },
      },
    }),
  );
  terminal.print(`${spoken(asked.term)} at ${client.id} is ${person.name} (${person.id})`);
  terminal.print(`           that this was asked stands in the log of ${client.id}`);
  return 0;
};

interface Asked {
  readonly client: string;
  readonly term: string;
  readonly reason: string;
}

function read(args: string[]): Asked | undefined {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args, options: { client: text, pseudonym: text, reason: text } });
    const { client, pseudonym, reason = '' } = values;
    const fit = hasContent(reason, 10) && reason.length <= longestReason && !/\p{Cc}/u.test(reason);
    if (client === undefined || pseudonym === undefined || !fit) return undefined;
    return { client, term: pseudonym.trim().toLowerCase(), reason };
  } catch {
    return undefined;
  }
}
