/** What the declaration page shows about permissions: asked of the same rules that the gateway applies. */
import { options, type Option } from '../core/options.ts';
import type { Opening, Purpose, System } from '../core/model.ts';
import type { InForce } from '../core/ports.ts';
import { reasonAnswers } from '../core/reasons.ts';
import type { Arrival } from './arrival.ts';
import { hour, instant } from './formats.ts';
import type { DeclareChoice, DeclareProps } from './pages/declare.tsx';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import { operationTexts } from './texts/common.ts';
import { technicianOf, type Visit } from './visit.ts';

const words = texts.technician;

type Shown = Pick<
  DeclareProps,
  'client' | 'systems' | 'choices' | 'agreements' | 'instructions' | 'continuing'
>;

/** Everything on the page that follows from policy, agreements and what is already open. */
export function declareProps(
  visit: Visit,
  arrival: Arrival,
  inForce: InForce,
  open: readonly Opening[],
): Shown {
  const { client, system: asked, mine } = arrival;
  const { say, language, now } = visit;
  const person = technicianOf(visit);
  const cells = options(
    visit.snapshot,
    person.id,
    visit.signedIn.authentication,
    client.id,
    inForce.grants.values(),
    now,
  );
  const offered = new Set(mine.flatMap((system) => system.purposes));
  const live = [...inForce.grants.values()].filter(
    (grant) => grant.status === 'active' && grant.from <= now && grant.until > now,
  );
  return {
    client: client.name,
    systems: mine.map((system) => ({
      id: system.id,
      name: say(system.name),
      test: system.environment === 'test',
      asked: system === asked,
    })),
    choices: [...visit.snapshot.purposes.values()]
      .filter((purpose) => offered.has(purpose.code))
      .map((purpose) => choiceOf(visit, purpose, mine, cells)),
    agreements: live.map((grant) => ({
      id: grant.id,
      text: say(
        words.agreementLine(
          systemNames(visit, client, grant.systems),
          grant.purposes.map((code) => purposeLabel(visit, code)).join(', '),
          instant(grant.until, client.zone, language),
        ),
      ),
    })),
    instructions: client.instructions.map((instruction) => ({
      id: instruction.id,
      text: say(instruction.text),
    })),
    continuing: open.map((opening) => ({
      id: opening.id,
      text: say(
        words.continueText(
          purposeLabel(visit, opening.purpose),
          opening.reference,
          hour(opening.endsAt, client.zone, language),
        ),
      ),
    })),
  };
}

function choiceOf(
  visit: Visit,
  purpose: Purpose,
  mine: readonly System[],
  cells: readonly Option[],
): DeclareChoice {
  const { say } = visit;
  const here = mine.flatMap((system) => {
    const cell = cells.find((one) => one.system === system.id && one.purpose === purpose.code);
    return cell === undefined ? [] : [{ system, cell }];
  });
  const served = here.flatMap(({ cell }) => cell.operations);
  const shown = purpose.operations.filter((operation) => served.length === 0 || served.includes(operation));
  return {
    code: purpose.code,
    label: say(purpose.label),
    description: say(purpose.description),
    operations: shown.map((operation) => say(operationTexts[operation]).toLowerCase()).join(', '),
    minutes: purpose.minutes,
    possible: here.some(({ cell }) => cell.grant !== undefined),
    refused: here.flatMap(({ system, cell }) => {
      if (cell.reason === undefined) return [];
      const { title, next } = reasonAnswers[cell.reason];
      return [{ system: say(system.name), why: say(title), next: say(next) }];
    }),
  };
}
