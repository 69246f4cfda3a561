/** What the declaration page shows about permissions: asked of the same rules that the gateway applies. */

import type { AnySystem, Client, Grant, Opening, Purpose } from '../core/model.ts';
import type { Option } from '../core/options.ts';
import { asksNothing } from '../core/own-instructions.ts';
import type { InForce } from '../core/ports.ts';
import { type Reason, reasonAnswers } from '../core/reasons.ts';
import type { Arrival } from './arrival.ts';
import { takesProvisional } from './corrections.tsx';
import type { EmergencyOffer } from './emergency-offer.ts';
import { hour, lastDay } from './formats.ts';
import { sentencesOf } from './instruction-form.ts';
import { memoryOf } from './memory.ts';
import { cellsAt, otherPurposes } from './other-purposes.ts';
import type { Contacts } from './pages/call-whom.tsx';
import type { DeclareChoice, DeclareProps } from './pages/declare.tsx';
import { purposeRules } from './purpose-rules.ts';
import { againAddress, onlySignIn } from './step-up.ts';
import { systemName } from './system-names.ts';
import { purposeLabel, systemNames } from './technician.tsx';
import { operationTexts } from './texts/everywhere.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.technician;

type Shown = Pick<
  DeclareProps,
  | 'client'
  | 'call'
  | 'systems'
  | 'choices'
  | 'agreements'
  | 'contest'
  | 'ask'
  | 'instructions'
  | 'callWhom'
  | 'own'
  | 'continuing'
  | 'barred'
  | 'overdue'
>;

/** Everything on the page that follows from policy, agreements and what is already open. */
export function declareProps(
  visit: Visit,
  arrival: Arrival,
  inForce: InForce,
  open: readonly Opening[],
  offer: EmergencyOffer,
): Shown {
  const { client, system: asked, mine } = arrival;
  const { say, snapshot, now } = visit;
  const grants = [...inForce.grants.values()];
  const cells = cellsAt(visit, client.id, inForce);
  const here = new Set(mine.map(({ id }) => id));
  const own = inForce.instructions;
  const offered = new Set(mine.flatMap((system) => system.purposes));
  return {
    client: client.name,
    call: [...offered].some((code) => {
      const purpose = snapshot.purposes.get(code);
      return purpose !== undefined && takesProvisional(purpose);
    }),
    systems: mine.map((system) => ({
      id: system.id,
      name: say(systemName(client, system.id)),
      test: system.environment === 'test',
      asked: system === asked,
    })),
    choices: [...snapshot.purposes.values()]
      .filter((purpose) => offered.has(purpose.code))
      .map((purpose) => ({
        ...choiceOf(visit, arrival, purpose, cells),
        emergency: sayOffer(visit, offer, purpose),
      })),
    overdue:
      offer.overdue.length === 0 ? undefined : say(texts.emergencies.overdue(offer.overdue.join(', '))),
    barred: barredBy(
      visit,
      cells.filter(({ system, purpose }) => here.has(system) && offered.has(purpose)),
    ),
    agreements: grants
      .filter((grant) => grant.status === 'active' && grant.from <= now && grant.until > now)
      .map((grant) => ({ id: grant.id, text: agreementLine(visit, client, grant) })),
    ask: askAddress(arrival),
    contest: `/contests/new?client=${client.id}`,
    instructions: [
      ...(own === undefined
        ? []
        : sentencesOf(own, snapshot, client).map((text) => ({ id: `own ${text.en}`, text: say(text) }))),
      ...client.instructions.map(({ id, text }) => ({ id, text: say(text) })),
    ],
    callWhom: whomToCall(client),
    own:
      own === undefined || asksNothing(own)
        ? undefined
        : {
            hash: own.textHash,
            version: own.version,
            confirmed: memoryOf(visit.req).confirmed === own.textHash,
          },
    continuing: open.map((opening) => ({
      id: opening.id,
      text: openLine(visit, client, opening),
      others: otherPurposes(visit, opening, cells),
    })),
  };
}

/** Reasons that lie in the person or the client alone, whatever is declared. */
const always: ReadonlySet<Reason> = new Set<Reason>([
  'not_employee',
  'place_outside_eu',
  'training_expired',
  'gdpr_training_missing',
  'charter_not_signed',
  'confidentiality_missing',
  'client_preparing',
  'client_ended',
]);

/** What stands in the way of everything, when that is one and the same thing about the person; and what else does. */
function barredBy({ say }: Visit, cells: readonly Option[]): DeclareProps['barred'] {
  const [first] = cells;
  const reason = first?.reason;
  if (reason === undefined || !always.has(reason)) return undefined;
  if (cells.some((cell) => cell.reason !== reason)) return undefined;
  const more = first?.unmet.filter((other) => other !== reason && always.has(other)) ?? [];
  const problem = (one: Reason) => ({
    title: say(reasonAnswers[one].title),
    next: say(reasonAnswers[one].next),
  });
  return { ...problem(reason), more: more.map(problem) };
}

/** One agreement, in a line. */
export function agreementLine(visit: Visit, client: Client, grant: Grant): string {
  const purposes = grant.purposes.map((code) => purposeLabel(visit, code)).join(', ');
  const until = lastDay(grant.until, client.zone, visit.language);
  return visit.say(words.agreementLine(systemNames(visit, client, grant.systems), purposes, until));
}

export function openLine(visit: Visit, client: Client, opening: Opening): string {
  const until = hour(opening.endsAt, client.zone, visit.language);
  return visit.say(words.continueText(purposeLabel(visit, opening.purpose), opening.reference, until));
}

function choiceOf(
  visit: Visit,
  arrival: Arrival,
  purpose: Purpose,
  cells: readonly Option[],
): Omit<DeclareChoice, 'emergency'> {
  const { say } = visit;
  const here = arrival.mine.flatMap((system) => {
    const cell = cells.find((one) => one.system === system.id && one.purpose === purpose.code);
    return cell === undefined ? [] : [{ system, cell }];
  });
  const served = here.flatMap(({ cell }) => cell.operations);
  const shown = purpose.operations.filter((operation) => served.length === 0 || served.includes(operation));
  const renewable = here.filter(({ cell }) => onlySignIn(cell.unmet)).map(({ system }) => system);
  const unagreed = here.filter(({ cell }) => onlyConsent(cell.unmet)).map(({ system }) => system);
  return {
    code: purpose.code,
    label: say(purpose.label),
    description: say(purpose.description),
    operations: shown.map((operation) => say(operationTexts[operation]).toLowerCase()).join(', '),
    minutes: purpose.minutes,
    rules: purposeRules(purpose, arrival.client, visit.language, say),
    possible: here.some(({ cell }) => cell.grant !== undefined),
    possibleHere: here.some(({ system, cell }) => system === arrival.system && cell.grant !== undefined),
    refused: refusalsOf(visit, here),
    again: againAddress(visit, arrival, renewable, purpose),
    ask: unagreed.length === 0 ? undefined : askAddress(arrival, purpose, unagreed),
  };
}

function sayOffer(
  { say }: Visit,
  { purposes }: EmergencyOffer,
  { code }: Purpose,
): DeclareChoice['emergency'] {
  const told = purposes.get(code);
  return told === undefined ? undefined : { text: say(told.text), open: told.open };
}

/** Whom of the client to call; else its contact at the provider, who knows whom. */
export function whomToCall({ absence, contact }: Client): Contacts {
  const named = (absence?.emergencyContacts ?? []).map(({ name, phone }) => `${name}, ${phone}`);
  return named.length > 0
    ? { named: true, people: named }
    : { named: false, people: [`${contact.name}, ${contact.mail}`] };
}

/** Reasons that an agreement of the client would remove. */
const consentReasons: ReadonlySet<Reason> = new Set<Reason>([
  'no_consent',
  'consent_not_started',
  'consent_expired',
  'consent_revoked',
  'consent_suspended',
  'consent_scope',
]);

export function isConsentReason(reason: Reason): boolean {
  return consentReasons.has(reason);
}

function onlyConsent(unmet: readonly Reason[]): boolean {
  return unmet.length > 0 && unmet.every(isConsentReason);
}

/** Where the client is asked; systems and purpose are ticked there already. */
export function askAddress(arrival: Arrival, purpose?: Purpose, systems: readonly AnySystem[] = []): string {
  const query = new URLSearchParams({ system: `${arrival.client.id}/${arrival.system.id}` });
  if (purpose !== undefined) query.set('purpose', purpose.code);
  for (const { id } of systems) query.append('systems', id);
  return `/requests/new?${query}`;
}

/**
 * One remark per reason, naming all its systems. Where some system can be opened, the others get their first reason and no
 * more; where none can, everything that stands in the way is told, and what to do next.
 */
function refusalsOf(
  visit: Visit,
  here: readonly { readonly system: AnySystem; readonly cell: Option }[],
): DeclareChoice['refused'] {
  const { say } = visit;
  const possible = here.some(({ cell }) => cell.grant !== undefined);
  const told = here.flatMap(({ system, cell }) => {
    const reasons = possible ? cell.unmet.slice(0, 1) : cell.unmet;
    return reasons.map((reason) => ({ reason, name: say(system.name) }));
  });
  return [...Map.groupBy(told, ({ reason }) => reason)].map(([reason, places]) => ({
    system: places.map(({ name }) => name).join(', '),
    why: say(reasonAnswers[reason].title),
    next: possible ? '' : say(reasonAnswers[reason].next),
  }));
}
