/**
 * What pages say, and no longer offer, once a client's contract is over. That nothing is agreed to or opened then is held where
 * lines are written; here it is told, so that nobody fills in a form that will be refused.
 */
import { fileEnd, type Noticed, overAt } from '../core/ending.ts';
import { Fault } from '../core/faults.ts';
import type { Client, Text } from '../core/model.ts';
import { standing } from './ending-shown.ts';
import { dayOf, endingState } from './endings.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.contractOver;

/** Since when the contract is over and why, in a sentence; undefined: it goes on. */
export async function contractOver(visit: Visit, client: Client): Promise<string | undefined> {
  const state = await endingState(visit, client);
  return state.over === undefined ? undefined : visit.say(standing(state, client));
}

/** Throws Fault `contract_over` in the place of a form that would be refused. */
export async function mustGoOn(visit: Visit, client: Client): Promise<void> {
  if ((await contractOver(visit, client)) !== undefined)
    throw new Fault('contract_over', 'the contract is over');
}

/** In a few words, by the rules and the notice in force alone, because lists ask it of many clients; undefined: it goes on. */
export function overInBrief(client: Client, { noticed }: Noticed, now: number): Text | undefined {
  const over = overAt(fileEnd(client), noticed, now);
  if (over === undefined) return undefined;
  // Of a file that only says so no day is known here.
  return over.cause === 'status' ? words.brief : words.briefSince(dayOf(over.since, client.zone));
}
