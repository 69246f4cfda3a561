/**
 * The order of a decision once more, written down as a reader of the policy files would say it: from the files' own
 * values, with dates as texts and hours as numbers of a wall clock. Knows nothing of how the rules are programmed, so
 * that a mistake in them is not repeated here. Slow and plain on purpose.
 */

export interface NaivePerson {
  readonly id: string;
  readonly provider?: string;
  readonly from: string;
  readonly until?: string;
  readonly functions: readonly string[];
  readonly teams: readonly string[];
  readonly place: string;
  /** Last valid days; a training that was done is written as the last day of its twelve months. */
  readonly security?: string;
  readonly gdpr?: string;
  readonly charter?: { readonly version: string; readonly signed: string };
  readonly confidential?: string;
  /** A machine, with who answers for it. */
  readonly robot?: {
    readonly responsible: NaivePerson;
    readonly secret: boolean;
    readonly purposes: readonly string[];
    readonly until: number;
  };
}

export interface NaivePurpose {
  readonly code: string;
  readonly functions: readonly string[];
  readonly robots?: true;
  readonly service: string;
  readonly operations: readonly string[];
  readonly production: boolean;
  readonly hours?: { readonly from: number; readonly until: number };
  readonly reference?: RegExp;
  readonly noteLetters?: number;
  readonly amr?: string;
}

export interface NaiveSystem {
  readonly id: string;
  readonly production: boolean;
  readonly purposes: readonly string[];
  readonly acr?: string;
  readonly maxMinutes?: number;
}

export interface NaiveClient {
  readonly id: string;
  readonly status: 'preparing' | 'live' | 'ended';
  readonly tags: readonly string[];
  readonly contract: { readonly from: string; readonly until?: string; readonly services: readonly string[] };
  readonly systems: readonly NaiveSystem[];
  readonly forbids: readonly string[];
  readonly noCopyOn: readonly string[];
  readonly onlyOn: Readonly<Record<string, readonly string[]>>;
  readonly closedAtWeekendsFor: readonly string[];
}

export interface NaiveAssignment {
  readonly who: string;
  readonly clients: readonly string[];
  readonly systems: readonly string[];
  readonly from: string;
  readonly until?: string;
}

export interface NaiveProvider {
  readonly id: string;
  readonly countries: readonly string[];
  readonly guaranteed?: { readonly from: string; readonly until: string };
  readonly approved: Readonly<Record<string, { readonly from: string; readonly until: string }>>;
}

export interface NaiveGrant {
  readonly status: string;
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly string[];
  readonly people: readonly string[];
  /** What the client signed for itself. */
  readonly own?: {
    readonly only?: readonly string[];
    readonly weekdaysUntil?: number;
    readonly noCopy?: boolean;
  };
  readonly begun: boolean;
  readonly over: boolean;
}

/** A moment as the clocks on the walls of everybody concerned show it: one zone, so one wall. */
export interface NaiveMoment {
  readonly day: string;
  readonly hour: number;
  readonly weekend: boolean;
  readonly holiday: boolean;
}

export interface NaiveAsked {
  readonly person: NaivePerson;
  readonly client: NaiveClient;
  readonly system: NaiveSystem;
  readonly purpose: NaivePurpose;
  readonly operation: string;
  readonly grant: NaiveGrant | undefined;
  readonly at: NaiveMoment;
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  readonly minutesAgo: number;
  readonly reference: string;
  readonly note: string;
}

export interface NaiveRules {
  readonly assignments: readonly NaiveAssignment[];
  readonly providers: readonly NaiveProvider[];
  readonly charter: { readonly version: string; readonly graceUntil: string };
}

const inTheUnion =
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK GP MQ GF RE YT MF AX'.split(
    ' ',
  );

const between = (day: string, from: string, until: string | undefined): boolean =>
  from <= day && (until === undefined || day <= until);

/** `allow`, or the code of the first thing that is wrong. */
export function naively(asked: NaiveAsked, rules: NaiveRules): string {
  const { person, system, purpose, at } = asked;

  const { robot } = person;
  if (!between(at.day, person.from, person.until)) return 'not_employee';
  if (robot !== undefined && !between(at.day, robot.responsible.from, robot.responsible.until))
    return 'robot_unattended';

  if (robot !== undefined) {
    if (robot.secret && (system.acr !== undefined || purpose.amr !== undefined))
      return 'authentication_too_weak';
    if (!inTheUnion.includes(person.place)) return 'place_outside_eu';
    if (purpose.robots !== true || !robot.purposes.includes(purpose.code)) return 'role_not_allowed';
    return afterFunction(asked, rules);
  }

  if (system.acr !== undefined && asked.acr !== system.acr) return 'authentication_too_weak';
  if (purpose.amr !== undefined && !asked.amr.includes(purpose.amr)) return 'authentication_too_weak';
  if (system.maxMinutes !== undefined && asked.minutesAgo >= system.maxMinutes)
    return 'authentication_too_old';

  if (!inTheUnion.includes(person.place)) return 'place_outside_eu';

  if (person.security === undefined || at.day > person.security) return 'training_expired';
  if (person.gdpr === undefined || at.day > person.gdpr) return 'gdpr_training_missing';
  const { charter } = person;
  if (charter === undefined || charter.signed > at.day) return 'charter_not_signed';
  if (charter.version !== rules.charter.version && at.day > rules.charter.graceUntil)
    return 'charter_not_signed';
  if (person.confidential === undefined || at.day > person.confidential) return 'confidentiality_missing';

  if (!purpose.functions.some((one) => person.functions.includes(one))) return 'role_not_allowed';
  return afterFunction(asked, rules);
}

/** What is asked of people and machines alike. */
function afterFunction(asked: NaiveAsked, rules: NaiveRules): string {
  const { person, client, system, purpose, operation, grant, at } = asked;
  const { robot } = person;

  const assigned = rules.assignments.some((one) => {
    const me = one.who === person.id || person.teams.some((team) => one.who === `team:${team}`);
    const here = one.clients.some(
      (name) => name === client.id || client.tags.some((tag) => name === `tag:${tag}`),
    );
    return (
      me &&
      here &&
      (one.systems.includes('*') || one.systems.includes(system.id)) &&
      between(at.day, one.from, one.until)
    );
  });
  if (!assigned) return 'not_assigned';

  if (client.status === 'preparing') return 'client_preparing';
  if (client.status === 'ended') return 'client_ended';
  if (!between(at.day, client.contract.from, client.contract.until)) return 'contract_not_in_force';
  if (!client.contract.services.includes(purpose.service)) return 'service_not_contracted';

  if (person.provider !== undefined) {
    const provider = rules.providers.find(({ id }) => id === person.provider);
    if (provider === undefined) return 'provider_not_approved';
    if (!provider.countries.every((country) => inTheUnion.includes(country))) return 'provider_outside_eu';
    if (provider.guaranteed === undefined) return 'provider_guarantee_missing';
    if (!between(at.day, provider.guaranteed.from, provider.guaranteed.until))
      return 'provider_guarantee_expired';
    const approval = provider.approved[client.id];
    if (approval === undefined) return 'consultation_pending';
    if (!between(at.day, approval.from, approval.until)) return 'outside_window';
  }

  if (grant === undefined) return 'no_consent';
  if (grant.status === 'revoked') return 'consent_revoked';
  if (grant.status === 'suspended') return 'consent_suspended';
  if (grant.status !== 'active') return 'consent_expired';
  if (!grant.begun) return 'consent_not_started';
  if (grant.over) return 'consent_expired';
  if (!grant.systems.includes(system.id) || !grant.purposes.includes(purpose.code)) return 'consent_scope';
  const named = grant.people.includes(person.id);
  const meant =
    grant.people.includes('assigned') || person.teams.some((team) => grant.people.includes(`team:${team}`));
  if (robot !== undefined && !grant.people.includes(`robot:${person.id}`)) return 'consent_scope';
  if (robot === undefined && !named && (person.provider !== undefined || !meant)) return 'consent_scope';

  if (!system.purposes.includes(purpose.code)) return 'purpose_not_on_system';
  if (purpose.reference !== undefined) {
    if (asked.reference === '') return 'reference_missing';
    if (!purpose.reference.test(asked.reference)) return 'reference_form';
  }
  if (purpose.noteLetters !== undefined) {
    if (asked.note === '') return 'note_missing';
    if (asked.note.replace(/[^a-z0-9]/gi, '').length < purpose.noteLetters) return 'note_too_short';
  }
  if (purpose.hours !== undefined) {
    const open = !at.weekend && !at.holiday && at.hour >= purpose.hours.from && at.hour < purpose.hours.until;
    if (!open) return 'outside_hours';
  }
  if (robot !== undefined && at.hour >= robot.until) return 'robot_out_of_window';

  if (client.forbids.includes(purpose.code)) return 'instruction_condition';
  if (client.noCopyOn.includes(system.id) && operation === 'copy') return 'instruction_condition';
  const only = client.onlyOn[system.id];
  if (only !== undefined && !only.includes(person.id)) return 'instruction_condition';
  if (client.closedAtWeekendsFor.includes(purpose.code) && at.weekend) return 'instruction_condition';

  const { own } = grant;
  if (own?.only !== undefined && !own.only.includes(person.id)) return 'instruction_people';
  if (own?.weekdaysUntil !== undefined && (at.weekend || at.hour >= own.weekdaysUntil))
    return 'instruction_hours';
  if (own?.noCopy === true && operation === 'copy') return 'instruction_no_copy';

  if (system.production && !purpose.production) return 'prod_data_for_test';

  if (purpose.operations.includes(operation) && grant.operations.includes(operation)) return 'allow';
  if (operation === 'read') return 'consent_scope';
  return operation === 'copy' ? 'copy_not_granted' : 'write_not_granted';
}
