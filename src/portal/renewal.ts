/** Standing agreements that end soon: which they are, and the form that renews one. Renewing is a new agreement like any other. */
import { dayAt } from '../core/days.ts';
import { longestMonths } from '../core/grant-limits.ts';
import type { Grant } from '../core/model.ts';
import { termOf } from '../core/pseudonyms.ts';
import { namedRobot } from '../core/robots.ts';
import { renewalTime } from '../core/signers.ts';
import { type AgreementForm, blankAgreement, peopleFields } from './agreement-form.ts';
import { budgetFields } from './budget-form.ts';
import type { Seated } from './controller.ts';
import { emergencyFields } from './emergency-form.ts';
import type { Visit } from './visit.ts';

/** Whether a standing agreement ends within sixty days and no later one covers the same. */
export function endsSoon(grant: Grant, all: readonly Grant[], now: number): boolean {
  const soon = grant.until > now && grant.until <= now + renewalTime && grant.confirmBy === undefined;
  if (grant.status !== 'active' || (grant.kind ?? 'standing') !== 'standing' || !soon) return false;
  return !all.some(
    (other) =>
      other.id !== grant.id &&
      (other.status === 'active' || other.status === 'waiting') &&
      other.until > grant.until &&
      covers(other.systems, grant.systems) &&
      covers(other.purposes, grant.purposes) &&
      reaches(other.people, grant.people),
  );
}

/** A robot is in a later agreement by its name alone; people by any that is for people. */
function reaches(later: readonly string[], people: readonly string[]): boolean {
  const human = (who: string) => namedRobot(who) === undefined;
  const robots = people.filter((who) => !human(who));
  return covers(later, robots) && (later.some(human) || !people.some(human));
}

function covers(all: readonly string[], some: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

/** The form of an agreement as it was, from the day after its end, for as long again; undefined: there is none. */
export async function renewalOf(
  visit: Visit,
  { client }: Seated,
  id: string,
): Promise<AgreementForm | undefined> {
  const grant = (await visit.deps.archive.grants(client.id)).find((one) => one.id === id);
  if (grant === undefined) return undefined;
  const today = dayAt(visit.now, client.zone);
  const next = dayAt(grant.until, client.zone);
  const from = Temporal.PlainDate.compare(next, today) > 0 ? next : today;
  const days = dayAt(grant.from, client.zone).until(next).days;
  const wanted = from.add({ days }).subtract({ days: 1 });
  const latest = today.add({ months: longestMonths }).subtract({ days: 1 });
  return {
    ...blankAgreement(client, visit.now),
    systems: grant.systems,
    purposes: grant.purposes,
    operations: grant.operations,
    ...peopleFields(grant.people.map((who) => termOf(client, who))),
    from: from.toString(),
    until: (Temporal.PlainDate.compare(wanted, latest) < 0 ? wanted : latest).toString(),
    ...budgetFields(grant.budget),
    ...emergencyFields(grant.emergency, client),
  };
}
