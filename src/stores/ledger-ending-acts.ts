/**
 * What the provider's contact does after the end of a contract: notice of erasure, and the certificate, which is made here out of the
 * rows, in the transaction that finds nothing outstanding.
 */
import type { Command } from '../core/commands.ts';
import { leastNotice, printHosted, readEnding } from '../core/ending.ts';
import {
  type CertifiedCopy,
  countCertified,
  type EndingCertificate,
  makeCertificate,
  printCertificate,
} from '../core/ending-certificate.ts';
import type { EndingAnswers } from '../core/ending-commands.ts';
import { textHash } from '../core/leaf.ts';
import { openBox, sealBox } from './disclosure.ts';
import { type Acts, conflict, rfc3339, write } from './ledger-acts.ts';
import { overRow } from './ledger-endings.ts';
import { type LogState, newId } from './ledger-log.ts';
import { ownerOf } from './ledger-persons.ts';
import { copyBoxFrom, places } from './ledger-rows.ts';
import { nextKey } from './ledger-seated.ts';
import { bytes, int, optionalInt, optionalText, type Row, text } from './rows.ts';

type Do<D extends Command['do']> = Extract<Command, { do: D }>;

/** `ending.notified` and the row. */
export function notifyErasure(acts: Acts, command: Do<'ending-notify'>): EndingAnswers['ending-notify'] {
  const { by, what, from } = command;
  const log = acts.heads.touch(command.client, acts.now);
  const over = overRow(acts, log);
  if (over === undefined) return { refused: 'not_over' };
  if (!(from - log.at >= leastNotice)) return { refused: 'too_soon' };
  const id = newId();
  const ending = text(over, 'id');
  const box = sealBox(
    log.key,
    places.erasureNotice(id),
    JSON.stringify({ name: by.name, text: command.text }),
  );
  acts.pen.sql.insertErasureNotice.run(id, log.id, ending, what, log.at, from, nextKey(log), box);
  const receipt = write(acts, log, {
    t: 'ending.notified',
    id,
    fields: { ending, what, from: rfc3339(from), by: 'provider', role: 'contact' },
    groups: { person: { name: by.name }, work: { said: command.text } },
    owner: ownerOf(acts.pen, log, by.person),
  });
  return { receipt };
}

/** `ending.certified`, and the certificate in the row. */
export function certifyEnding(acts: Acts, command: Do<'ending-certify'>): EndingAnswers['ending-certify'] {
  const { sql } = acts.pen;
  const log = acts.heads.touch(command.client, acts.now);
  const over = overRow(acts, log);
  if (over === undefined) return { refused: 'not_over' };
  if (optionalInt(over, 'certified_at') !== undefined) return { refused: 'certified' };
  const outstanding =
    sql.liveOpenings.all(log.id).length +
    sql.copiesThere.all(log.id).length +
    sql.heldCredentials.all(log.id).length;
  if (outstanding > 0) return { refused: 'outstanding' };
  const ending = text(over, 'id');
  if (command.systems.some(({ how }) => how === 'deleted') && sql.mayErase.get(ending, log.at) === undefined)
    return { refused: 'not_noticed' };
  if (!(command.keptUntil > log.at)) return { refused: 'kept_until' };
  const certificate = certificateOf(acts, log, over, command);
  const written = printCertificate(certificate);
  const hash = textHash(written);
  sql.certifyEnding.run(log.at, hash, sealBox(log.key, places.ending(ending), written), ending);
  const receipt = write(acts, log, {
    t: 'ending.certified',
    id: newId(),
    fields: {
      ...{ ending, text: hash, statement: certificate.statement, choice: certificate.choice },
      ...{ hosted: printHosted(command.systems), kept_until: rfc3339(command.keptUntil) },
      ...{ by: 'provider', role: 'contact', ...countCertified(certificate) },
    },
    groups: { person: { name: command.by.name } },
    owner: ownerOf(acts.pen, log, command.by.person),
  });
  return { receipt, certificate };
}

function certificateOf(
  acts: Acts,
  log: LogState,
  over: Row,
  { client, by, provider, name, systems, keptUntil, why }: Do<'ending-certify'>,
): EndingCertificate {
  const { sql } = acts.pen;
  const newest = sql.newestEnding.get(log.id);
  const said =
    newest &&
    readEnding(
      openBox(log.key, places.endingStatement(log.id, int(newest, 'version')), bytes(newest, 'box')),
    );
  if (newest !== undefined && said === undefined)
    throw conflict('what the client said of the end cannot be read');
  return makeCertificate({
    client,
    client_name: name,
    provider,
    made: rfc3339(log.at),
    attested_by: by.name,
    contract_over: {
      since: rfc3339(int(over, 'since_at')),
      cause: text(over, 'cause') as EndingCertificate['contract_over']['cause'],
    },
    statement: said?.textHash ?? '',
    choice: said?.choice ?? '',
    copies: sql.copiesGone.all(log.id).map((row) => copyOf(log, row)),
    credentials: sql.credentialsOf.all(log.id).map((row) => ({
      id: text(row, 'id'),
      system: text(row, 'system'),
      kind: text(row, 'kind'),
      recorded: rfc3339(int(row, 'recorded_at')),
      returned: rfc3339(int(row, 'returned_at')),
    })),
    systems,
    kept: [{ what: 'log', until: rfc3339(keptUntil), why }],
  });
}

function copyOf(log: LogState, row: Row): CertifiedCopy {
  const { by = 'taker', text: said = '' } = copyBoxFrom(row, log.key);
  return {
    id: text(row, 'request'),
    access: text(row, 'session'),
    system: text(row, 'system'),
    purpose: text(row, 'purpose'),
    taken: rfc3339(int(row, 'registered_at')),
    bytes: int(row, 'bytes'),
    digest: optionalText(row, 'digest') ?? '',
    how: text(row, 'how') as CertifiedCopy['how'],
    done: rfc3339(int(row, 'done_at')),
    said: rfc3339(int(row, 'gone_at')),
    by,
    text: said,
  };
}
