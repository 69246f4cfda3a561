/**
 * `consentry client who --client ID --pseudonym K7Q2-M4XR --reason TEXT`: who a technician is whom a client reads by a pseudonym,
 * for when a dispute or a court asks. The look stands in the client's log, with its reason, before anything is told. It knows
 * the people of the staff file: for somebody who stood in an earlier one, it is asked with that.
 */
import { existsSync } from 'node:fs';
import { hasContent } from '../core/declared.ts';
import { meantBy, spoken } from '../core/pseudonyms.ts';
import { newId } from '../stores/ledger-log.ts';
import { type Misread, misread, misunderstood, readOptions } from './options.ts';
import { prepareOrComplain } from './prepare.ts';
import type { CommandMain } from './terminal.ts';
import { clientsWithLog, placeOf, withLedger } from './with-ledger.ts';

export const whoUsage =
  'consentry client who --client ID --pseudonym K7Q2-M4XR --reason TEXT    (the client reads the reason)';

const longestReason = 500;

/** Answers 0 when it is told, 1 when it cannot be, 2 when the command is not understood. */
export const whoIs: CommandMain = async (args, env, terminal) => {
  const asked = read(args);
  if ('wrong' in asked) return misunderstood('client who', asked.wrong.en, whoUsage, terminal);
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

function read(args: string[]): Asked | Misread {
  const text = { type: 'string' } as const;
  const read = readOptions({ args, options: { client: text, pseudonym: text, reason: text } });
  if ('wrong' in read) return read;
  const { client, pseudonym, reason = '' } = read.values;
  if (client === undefined) return misread('--client is missing');
  if (pseudonym === undefined) return misread('--pseudonym is missing');
  const fit = hasContent(reason, 10) && reason.length <= longestReason && !/\p{Cc}/u.test(reason);
  if (!fit) return misread(`--reason takes one line that says why, of at most ${longestReason} characters`);
  return { client, term: pseudonym.trim().toLowerCase(), reason };
}
