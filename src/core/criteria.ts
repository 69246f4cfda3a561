/**
 * The criteria of a decision, each one function: the reason for which it is not met, or undefined. They say nothing
 * about their order, which `criterionNames` gives, nor about what follows from them, which is `decide`.
 */
import {
  applies,
  coversOpening,
  type Facts,
  freshUntil,
  isAssignedNow,
  isStrongEnough,
  names,
  servesSystem,
} from './decide-facts.ts';
import { judgeDeclared } from './declared.ts';
import { cameTooLate, endUnder } from './first-use.ts';
import type { Authentication, AuthenticationDemand, Validity } from './model.ts';
import { judgeOwn } from './own-instructions.ts';
import { unionTerritories } from './policy/territories.ts';
import { means } from './pseudonyms.ts';
import type { CriterionName } from './question.ts';
import type { Reason } from './reasons.ts';
import { isAnsweredFor, mayRobot, provesEnough } from './robots.ts';
import { stretchAt } from './schedule.ts';

const MINUTE = 60_000;

/** How far a sign-in may lie in the future: clocks of provider and gateway differ by seconds. */
const CLOCK_TOLERANCE = MINUTE;

/** One test: the reason for which it is not met, or undefined. May throw on malformed facts; that is "not met". */
export type Judge = (facts: Facts, now: number) => Reason | undefined;

// Comparisons are written so that NaN never passes: `!(now < until)`, not `now >= until`.

function judgeOpening({ client, system, question, opening }: Facts, now: number): Reason | undefined {
  if (client === undefined || system === undefined) return 'unknown_system';
  if (opening === undefined)
    return question.authentication === undefined ? 'not_authenticated' : 'opening_missing';
  if (opening.endedAt !== undefined || !(now < opening.endsAt)) return 'opening_ended';
  if (opening.client !== client.id || !opening.systems.includes(system.id)) return 'opening_elsewhere';
  return undefined;
}

function judgePerson({ snapshot, opening, person }: Facts, now: number): Reason | undefined {
  if (opening === undefined || person === undefined) return 'not_employee';
  const { issuer, subject } = opening.account;
  if (person.issuer !== issuer || person.subject !== subject) return 'not_employee';
  if (!within(now, person.from, person.until)) return 'not_employee';
  return person.robot === undefined || isAnsweredFor(snapshot, person.robot, now)
    ? undefined
    : 'robot_unattended';
}

function judgeAuthentication({ question, system, purpose, person }: Facts, now: number): Reason | undefined {
  const shown = question.authentication;
  if (shown === undefined) return 'not_authenticated';
  if (system === undefined) return 'authentication_too_weak';
  if (person?.robot !== undefined)
    return provesEnough(person.robot, system.authentication, purpose?.authentication)
      ? undefined
      : 'authentication_too_weak';
  if (!isStrongEnough(system.authentication, shown) || !isStrongEnough(purpose?.authentication, shown))
    return 'authentication_too_weak';
  return isFresh(system.authentication, shown, now) && isFresh(purpose?.authentication, shown, now)
    ? undefined
    : 'authentication_too_old';
}

function judgePlace({ snapshot, person }: Facts): Reason | undefined {
  return person !== undefined && snapshot.territories.has(person.place) ? undefined : 'place_outside_eu';
}

function judgeStanding({ person }: Facts, now: number): Reason | undefined {
  if (person?.robot !== undefined) return undefined;
  const standing = person?.standing;
  if (!holds(standing?.securityTraining, now)) return 'training_expired';
  if (!holds(standing?.gdprTraining, now)) return 'gdpr_training_missing';
  if (!holds(standing?.charter, now)) return 'charter_not_signed';
  if (!holds(standing?.confidentiality, now)) return 'confidentiality_missing';
  return undefined;
}

function judgeFunction({ person, purpose }: Facts): Reason | undefined {
  if (purpose === undefined) return 'purpose_unknown';
  if (person?.robot !== undefined) return mayRobot(person.robot, purpose) ? undefined : 'role_not_allowed';
  const held = person?.functions ?? [];
  return purpose.functions.some((code) => held.includes(code)) ? undefined : 'role_not_allowed';
}

function judgeAssignment({ client, system, person }: Facts, now: number): Reason | undefined {
  if (client === undefined || system === undefined || person === undefined) return 'not_assigned';
  for (const assignment of client.assignments) {
    if (isAssignedNow(assignment, person, system, now)) return undefined;
  }
  return 'not_assigned';
}

function judgeContract({ client, purpose, question }: Facts, now: number): Reason | undefined {
  if (client?.status === 'preparing') return 'client_preparing';
  if (client?.status === 'ended') return 'client_ended';
  const contract = client?.contract;
  if (contract === undefined || !within(now, contract.from, contract.until)) return 'contract_not_in_force';
  // The client's own notice ends it too, whatever the file says.
  if (question.grant?.noticed !== undefined && !(now < question.grant.noticed))
    return 'contract_not_in_force';
  if (purpose === undefined) return 'purpose_unknown';
  return contract.services.includes(purpose.service) ? undefined : 'service_not_contracted';
}

/** Another provider's person comes in only under an approved record: in the Union, guaranteed, approved by this client. */
function judgeProvider({ snapshot, client, person }: Facts, now: number): Reason | undefined {
  if (person === undefined || client === undefined) return 'provider_not_approved';
  if (person.employment === 'employee') return undefined;
  const provider = person.provider === undefined ? undefined : snapshot.subProcessors.get(person.provider);
  if (person.employment !== 'provider' || provider === undefined) return 'provider_not_approved';
  const { country, places, guarantees, approvals } = provider;
  if (!unionTerritories.has(country) || places.length === 0) return 'provider_outside_eu';
  if (!places.every((place) => snapshot.territories.has(place))) return 'provider_outside_eu';
  if (guarantees === undefined) return 'provider_guarantee_missing';
  if (!holds(guarantees, now)) return 'provider_guarantee_expired';
  const approval = approvals.get(client.id);
  if (approval === undefined) return 'consultation_pending';
  return holds(approval, now) ? undefined : 'outside_window';
}

function judgeGrant(facts: Facts, now: number): Reason | undefined {
  const { client, system, opening, person } = facts;
  const grant = facts.question.grant;
  if (grant === undefined || opening === undefined || grant.id !== opening.grant) return 'no_consent';
  if (client === undefined || grant.client !== client.id) return 'no_consent';
  if (grant.status === 'revoked') return 'consent_revoked';
  if (grant.status === 'suspended') return 'consent_suspended';
  if (grant.status === 'expired' || grant.status === 'superseded') return 'consent_expired';
  if (grant.status !== 'active') return 'no_consent';
  if (!(now >= grant.from)) return 'consent_not_started';
  if (!(now < grant.until) || cameTooLate(grant, now)) return 'consent_expired';
  if (system === undefined || !grant.systems.includes(system.id)) return 'consent_scope';
  if (!grant.purposes.includes(opening.purpose)) return 'consent_scope';
  return person !== undefined && coversOpening(grant, opening, person) ? undefined : 'consent_scope';
}

/** An opening promises no more time than its purpose allows, and ends with the agreement that it rests on. */
function judgeLimits({ opening, purpose, question }: Facts, now: number): Reason | undefined {
  if (purpose === undefined) return 'purpose_unknown';
  if (opening === undefined) return 'limit_reached';
  if (!(opening.endsAt - opening.openedAt <= purpose.minutes * MINUTE)) return 'limit_reached';
  if (question.grant?.spentUntil !== undefined && !(now >= question.grant.spentUntil)) return 'budget_spent';
  const { grant } = question;
  if (grant === undefined || !(opening.endsAt <= endUnder(grant, opening.openedAt))) return 'limit_reached';
  const clause = opening.emergency === true ? grant.emergency : undefined;
  return clause === undefined || opening.endsAt - opening.openedAt <= clause.minutes * MINUTE
    ? undefined
    : 'limit_reached';
}

function judgePurpose({ client, opening, purpose, system, person }: Facts, now: number): Reason | undefined {
  if (client === undefined || opening === undefined || purpose === undefined) return 'purpose_unknown';
  if (system === undefined || !servesSystem(system, purpose)) return 'purpose_not_on_system';
  const declared = judgeDeclared(purpose, opening.reference, opening.note);
  if (declared !== undefined) return declared;
  const hours = client.hours.get(purpose.code);
  if (hours !== undefined && !stretchAt(hours, now).open) return 'outside_hours';
  const { robot } = person ?? {};
  return robot === undefined || stretchAt(robot.hours, now).open ? undefined : 'robot_out_of_window';
}

function judgeInstructions(
  { client, system, purpose, person, question }: Facts,
  now: number,
): Reason | undefined {
  if (client === undefined || system === undefined || purpose === undefined || person === undefined)
    return 'instruction_condition';
  for (const instruction of client.instructions) {
    if (!applies(instruction, system, purpose)) continue;
    if (instruction.forbids.includes(purpose.code)) return 'instruction_condition';
    if (instruction.noCopy && question.operation === 'copy') return 'instruction_condition';
    if (instruction.only !== undefined && !instruction.only.some((who) => names(who, person)))
      return 'instruction_condition';
    if (instruction.hours !== undefined && !stretchAt(instruction.hours, now).open)
      return 'instruction_condition';
  }
  const own = question.grant?.instructions;
  const named = (term: string) => means(client, term, person.id);
  return own === undefined ? undefined : judgeOwn(own, named, question.operation, now);
}

function judgeEnvironment({ system, purpose }: Facts): Reason | undefined {
  if (system === undefined || purpose === undefined) return 'prod_data_for_test';
  return system.environment === 'test' || purpose.production === true ? undefined : 'prod_data_for_test';
}

function judgeOperation({ question, purpose }: Facts): Reason | undefined {
  const { operation, grant } = question;
  const permitted =
    purpose?.operations.includes(operation) === true && grant?.operations.includes(operation) === true;
  if (permitted) return undefined;
  if (operation === 'read') return 'consent_scope';
  return operation === 'copy' ? 'copy_not_granted' : 'write_not_granted';
}

export const judges: { readonly [C in CriterionName]: Judge } = {
  opening: judgeOpening,
  person: judgePerson,
  authentication: judgeAuthentication,
  place: judgePlace,
  standing: judgeStanding,
  function: judgeFunction,
  assignment: judgeAssignment,
  contract: judgeContract,
  provider: judgeProvider,
  grant: judgeGrant,
  limits: judgeLimits,
  purpose: judgePurpose,
  instructions: judgeInstructions,
  environment: judgeEnvironment,
  operation: judgeOperation,
};

/** The reason when a criterion could not even be evaluated, and what it means to meet it. */
export const criterionTexts: {
  readonly [C in CriterionName]: { readonly failed: Reason; readonly met: string };
} = {
  opening: { failed: 'opening_elsewhere', met: 'A live access was declared for this system.' },
  person: { failed: 'not_employee', met: 'The person is current staff, signed in as themselves.' },
  authentication: {
    failed: 'authentication_too_weak',
    met: 'The sign-in is as strong and as fresh as system and purpose ask.',
  },
  place: { failed: 'place_outside_eu', met: 'The declared place of work is a permitted territory.' },
  standing: { failed: 'training_expired', met: 'Training, charter and confidentiality are in order.' },
  function: { failed: 'role_not_allowed', met: 'The person’s function may declare this purpose.' },
  assignment: { failed: 'not_assigned', met: 'The person is assigned to this system.' },
  contract: { failed: 'contract_not_in_force', met: 'The contract is in force and covers the purpose.' },
  provider: {
    failed: 'provider_not_approved',
    met: 'The person works for the provider itself, or for an approved one.',
  },
  grant: {
    failed: 'no_consent',
    met: 'The client’s agreement is live and covers person, system and purpose.',
  },
  limits: {
    failed: 'limit_reached',
    met: 'The access stays within the purpose’s and the agreement’s time and budget.',
  },
  purpose: {
    failed: 'purpose_unknown',
    met: 'The purpose is allowed here and now, and declared with what it requires.',
  },
  instructions: { failed: 'instruction_condition', met: 'No instruction of the client forbids it.' },
  environment: { failed: 'prod_data_for_test', met: 'The purpose may be used in this environment.' },
  operation: { failed: 'write_not_granted', met: 'Purpose and agreement permit the operation.' },
};

function isFresh(asked: AuthenticationDemand | undefined, shown: Authentication, now: number): boolean {
  if (asked?.maxAgeSeconds === undefined) return true;
  return shown.at <= now + CLOCK_TOLERANCE && now < freshUntil(asked, shown);
}

function within(now: number, from: number, until: number | undefined): boolean {
  return now >= from && (until === undefined || now < until);
}

function holds(validity: Validity | undefined, now: number): boolean {
  return validity !== undefined && now >= validity.from && now < validity.until;
}
