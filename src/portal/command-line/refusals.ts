/**
 * What stands in the way of an access by command line: recorded where the page records it, and told with what helps, which may be
 * the address of the page.
 */
import { joinTexts } from '../../core/both-languages.ts';
import { textHash } from '../../core/leaf.ts';
import type { Client, Text } from '../../core/model.ts';
import { asksNothing } from '../../core/own-instructions.ts';
import type { InForce } from '../../core/ports.ts';
import { type Reason, reasonAnswers } from '../../core/reasons.ts';
import { type Arrival, enterPath } from '../arrival.ts';
import type { Declared } from '../declaration.ts';
import { noteRefusal } from '../declare-form.tsx';
import { askAddress, isConsentReason } from '../declare-view.ts';
import { type Outcome, spendingMeans } from '../declaring.ts';
import { sentencesOf } from '../instruction-form.ts';
import { sayIn } from '../language.ts';
import { shownInstructions } from '../lines.ts';
import type { OnRecord } from '../record-opening.ts';
import { Refusal } from '../refusal.ts';
import { againAddress } from '../step-up.ts';
import { texts } from '../texts.ts';
import { technicianOf } from '../visit.ts';
import type { CommandLineCall } from './call.ts';
import { openingJson } from './opening-json.ts';

const words = texts.commandLine;

/** The hash of everything that the client instructs, as it is shown; undefined: there is nothing to confirm. */
export function instructionsOf(client: Client, { instructions: own }: InForce): string | undefined {
  const asked = own !== undefined && !asksNothing(own);
  if (client.instructions.length === 0 && !asked) return undefined;
  return textHash(JSON.stringify([shownInstructions(client), asked ? own.textHash : '']));
}

/** What stands in the way, recorded where the page records it. */
export async function refusalOf(
  call: CommandLineCall,
  arrival: Arrival,
  values: Declared,
  outcome: Exclude<Outcome, { readonly opened: unknown }>,
): Promise<Refusal> {
  const { client } = arrival;
  const page = pageOf(call, arrival, values);
  if ('unread' in outcome) {
    const say = sayIn(call.language);
    const own = outcome.unread.instructions;
    const sentences = own === undefined ? [] : sentencesOf(own, call.snapshot, client);
    const instructions = [...sentences, ...client.instructions.map(({ text }) => text)].map(say);
    const confirm = instructionsOf(client, outcome.unread);
    return new Refusal(
      ...([422, 'instructions_unconfirmed', words.instructions, words.instructionsNext] as const),
      { instructions, confirm, page },
    );
  }
  if ('wrong' in outcome) return incomplete(call, outcome.wrong, page);
  if ('second' in outcome) {
    const { value, others } = outcome.second;
    const open = others.map((one) => openingJson(call, one));
    const { secondLegend, secondAsk } = texts.desk;
    return new Refusal(409, 'second_reference', secondLegend, secondAsk, {
      ...{ open, second: value, page },
    });
  }
  if ('unchosen' in outcome) return unchosen(call, arrival, values, outcome.unchosen);
  if ('spent' in outcome) {
    const means = spendingMeans(outcome.spent);
    if ('refused' in means) return onRecord(call, arrival, means.refused, page);
    const { budgetMinutes } = texts.technician.errors;
    if (means.minutes > 0)
      return incomplete(call, new Map([['minutes', budgetMinutes(means.minutes)]]), page);
    return onRecord(call, arrival, 'budget_spent', page, ['limits']);
  }
  if ('refused' in outcome) return onRecord(call, arrival, outcome.refused, page);
  return new Refusal(409, 'rights_moved', texts.errors.unsure, texts.technician.errors.moved);
}

/** Fields that are missing or wrong, each with its sentence. */
export function incomplete(
  { language }: CommandLineCall,
  wrong: ReadonlyMap<string, Text>,
  page: string,
): Refusal {
  const fields = Object.fromEntries([...wrong].map(([name, text]) => [name, sayIn(language)(text)]));
  const next = joinTexts([...wrong.values()], ' ');
  return new Refusal(422, 'declaration_incomplete', words.incomplete, next, { fields, page });
}

async function onRecord(
  call: CommandLineCall,
  arrival: Arrival,
  reason: OnRecord | 'budget_spent',
  page: string,
  criteria: readonly string[] = ['references'],
): Promise<Refusal> {
  await noteRefusal(call, call.memory, technicianOf(call), arrival, reason, criteria);
  return forReason(reason, page);
}

function forReason(reason: Reason, page: string): Refusal {
  const { title, next } = reasonAnswers[reason];
  return new Refusal(422, reason, title, next, { page });
}

/** Nothing permits it: where a new sign-in or an agreement would, the address leads there. */
async function unchosen(
  call: CommandLineCall,
  arrival: Arrival,
  values: Declared,
  chosen: Extract<Outcome, { readonly unchosen: unknown }>['unchosen'],
): Promise<Refusal> {
  const page = pageOf(call, arrival, values);
  if ('split' in chosen)
    return incomplete(call, new Map([['systems', texts.technician.errors.noSingleAgreement]]), page);
  const { client } = arrival;
  const { refused, system, criteria } = chosen;
  await noteRefusal(call, call.memory, technicianOf(call), { client, system }, refused, criteria);
  const purpose = call.snapshot.purposes.get(values.purpose);
  const systems = arrival.mine.filter(({ id }) => values.systems.includes(id));
  if (purpose === undefined) return forReason(refused, page);
  const [only, ...others] = criteria;
  const again =
    only === 'authentication' && others.length === 0
      ? againAddress(call, arrival, systems, purpose)
      : undefined;
  const ask = isConsentReason(refused) ? askAddress(arrival, purpose, systems) : undefined;
  const there = again ?? ask;
  return forReason(refused, there === undefined ? page : new URL(there, call.deps.portalUrl).href);
}

/** The page on which the same is declared by hand, filled in. */
export function pageOf(
  { deps }: CommandLineCall,
  { client, system }: Arrival,
  { purpose, reference }: Pick<Declared, 'purpose' | 'reference'>,
): string {
  const url = new URL(enterPath(client.id, system), deps.portalUrl);
  url.searchParams.set('purpose', purpose);
  url.searchParams.set('reference', reference);
  return url.href;
}
