/**
 * One case that passes every criterion, as plain parts that a test may change one by one, and all the ways to break
 * exactly one condition of it, each with the reason it must give.
 */
import type {
  Assignment,
  Authentication,
  AuthenticationDemand,
  Client,
  Contract,
  Grant,
  Instruction,
  Opening,
  Operation,
  Person,
  Purpose,
  Snapshot,
  SubProcessor,
  System,
  Validity,
} from '../../src/core/model.ts';
import { accountKey } from '../../src/core/model.ts';
import {
  type OwnInstructions,
  readInstructions,
  writeInstructions,
} from '../../src/core/own-instructions.ts';
import type { CriterionName, Question } from '../../src/core/question.ts';
import type { Reason } from '../../src/core/reasons.ts';
import { parseReferencePattern, type ReferencePattern } from '../../src/core/reference-pattern.ts';
import type { Robot } from '../../src/core/robots.ts';
import type { Schedule } from '../../src/core/schedule.ts';

export const NOW = Date.parse('2026-03-02T09:00:00Z');
export const MINUTE = 60_000;
export const DAY = 86_400_000;

export interface World {
  person: Person | undefined;
  /** Who answers for the person when that is a robot. */
  responsible?: Person | undefined;
  purpose: Purpose | undefined;
  system: System | undefined;
  client: Client | undefined;
  contract: Contract;
  assignments: readonly Assignment[];
  instructions: readonly Instruction[];
  territories: readonly string[];
  hours: Schedule | undefined;
  subProcessors: readonly SubProcessor[];
  grant: Grant | undefined;
  opening: Opening | undefined;
  authentication: Authentication | undefined;
  operation: Operation;
  now: number;
}

/** `NOW` is a Monday, 10:00 there. */
export const officeHours: Schedule = {
  zone: 'Europe/Paris',
  windows: [{ days: [1, 2, 3, 4, 5], from: 8 * 60, until: 18 * 60 }],
  closedOn: 'FR',
};

const text = { en: 'x', fr: 'x' };
const account = { issuer: 'https://login.example', subject: 'alice' };

function pattern(source: string): ReferencePattern {
  const found = parseReferencePattern(source);
  if (found === undefined) throw new Error(`${source} is no pattern`);
  return found;
}

function valid(days: number): Validity {
  return { from: NOW - 100 * DAY, until: NOW + days * DAY };
}

/** Everything in order, for a write in the middle of an opening. */
export function passing(): World {
  const authentication = { acr: 'strong', amr: ['pwd', 'otp'], at: NOW - 10 * MINUTE };
  const contract = { reference: 'C', from: NOW - 100 * DAY, until: NOW + 100 * DAY, services: ['support'] };
  const system: System = {
    id: 'erp',
    client: 'acme',
    name: text,
    hosts: ['erp.acme.example'],
    publicOrigin: 'https://erp.acme.example',
    environment: 'production',
    upstream: {
      origin: 'https://10.0.0.1',
      protocol: 'https:',
      hostname: '10.0.0.1',
      port: 443,
      serverName: 'erp',
      ca: undefined,
      host: 'public',
    },
    profile: { id: 'generic', routes: [], copy: { attachments: true, types: [], bytes: 1 }, idleSeconds: 60 },
    purposes: ['support'],
    authentication: { acr: ['strong'], amr: ['otp'], maxAgeSeconds: 3600 },
  };
  return {
    person: {
      ...account,
      id: 'alice',
      name: 'Alice',
      employment: 'employee',
      provider: undefined,
      from: NOW - 1000 * DAY,
      until: NOW + 1000 * DAY,
      functions: ['technician'],
      teams: ['first-line'],
      place: 'FR',
      standing: {
        securityTraining: valid(30),
        gdprTraining: valid(31),
        charter: valid(32),
        confidentiality: valid(33),
      },
    },
    purpose: {
      code: 'support',
      label: text,
      description: text,
      operations: ['read', 'write', 'copy'],
      functions: ['technician'],
      service: 'support',
      referenceRequired: true,
      referencePatterns: [pattern('T-#'), pattern('CALL-####')],
      noteRequired: true,
      noteMinimum: 4,
      minutes: 60,
      finishMinutes: 0,
      production: true,
      authentication: { acr: ['strong', 'stronger'], amr: ['pwd'], maxAgeSeconds: 7200 },
    },
    system,
    client: {
      id: 'acme',
      name: 'Acme',
      systems: new Map(),
      contract,
      assignments: [],
      controllers: [],
      instructions: [],
      watch: { hours: { zone: 'UTC', windows: [], closedOn: 'none' }, bytes: new Map() },
      hours: new Map(),
      sliceHash: 'sha256:slice',
      tags: [],
      status: 'live',
      outside: new Map(),
      contact: { name: 'x', mail: 'x' },
      zone: 'Europe/Paris',
      calendar: 'FR',
    },
    contract,
    assignments: [{ who: 'alice', systems: ['erp'], from: NOW - DAY, until: NOW + 10 * DAY, reason: 'x' }],
    instructions: [
      {
        id: 'careful',
        text,
        systems: undefined,
        purposes: undefined,
        forbids: [],
        hours: { ...officeHours, closedOn: 'none' },
        noCopy: true,
        only: ['team:first-line', 'carol'],
      },
    ],
    territories: ['FR'],
    hours: officeHours,
    subProcessors: [],
    grant: {
      id: 'g1',
      client: 'acme',
      version: 1,
      status: 'active',
      systems: ['erp'],
      purposes: ['support'],
      operations: ['read', 'write', 'copy'],
      people: ['assigned', 'alice'],
      from: NOW - DAY,
      until: NOW + DAY,
      upstreamAccount: undefined,
      textHash: 'h',
      grantedBy: 's',
      grantedAt: NOW - DAY,
    },
    opening: {
      id: 'o1',
      client: 'acme',
      person: 'alice',
      account,
      systems: ['erp'],
      purpose: 'support',
      reference: 'T-1',
      note: 'look',
      grant: 'g1',
      login: 'l1',
      authentication,
      openedAt: NOW - 5 * MINUTE,
      endsAt: NOW + 40 * MINUTE,
      endedAt: undefined,
      endCause: undefined,
    },
    authentication,
    operation: 'write',
    now: NOW,
  };
}

/** The snapshot and the question that a world makes. */
export function ask(world: World): {
  readonly snapshot: Snapshot;
  readonly question: Question;
  readonly now: number;
} {
  const { client, system, person, purpose, contract, assignments, instructions } = world;
  const systems = new Map(system === undefined ? [] : [[system.id, system]]);
  const hours = new Map(world.hours === undefined ? [] : [['support', world.hours]]);
  const clients =
    client === undefined ? [] : [{ ...client, systems, contract, assignments, instructions, hours }];
  return {
    now: world.now,
    snapshot: {
      ...emptySnapshot(),
      people: new Map(
        [person, world.responsible].flatMap((one) => (one === undefined ? [] : [[one.id, one]])),
      ),
      purposes: new Map(purpose === undefined ? [] : [[purpose.code, purpose]]),
      subProcessors: new Map(world.subProcessors.map((one) => [one.id, one])),
      clients: new Map(clients.map((one) => [one.id, one])),
      hosts: new Map(),
      territories: new Set(world.territories),
      accounts: new Map(
        person === undefined
          ? []
          : [[accountKey(person.issuer, person.subject), { kind: 'technician', person }]],
      ),
    },
    question: {
      client: 'acme',
      system: 'erp',
      opening: world.opening,
      grant: world.grant,
      authentication: world.authentication,
      operation: world.operation,
      method: 'POST',
      template: '/',
    },
  };
}

/** A policy that says nothing. */
export function emptySnapshot(): Snapshot {
  return {
    hash: '',
    providers: [],
    people: new Map(),
    users: new Map(),
    purposes: new Map(),
    subProcessors: new Map(),
    clients: new Map(),
    hosts: new Map(),
    territories: new Set(),
    accounts: new Map(),
    dpo: { name: '', mail: '', postal: '' },
    contact: { name: '', mail: '' },
    functions: new Map(),
    templates: new Map(),
    organisation: '',
  };
}

export interface Break {
  readonly name: string;
  readonly criterion: CriterionName;
  readonly reason: Reason;
  readonly apply: (world: World) => void;
}

type Part = 'person' | 'purpose' | 'system' | 'client' | 'grant' | 'opening';

/** Replaces fields of one part, if it is still there. */
function change<P extends Part>(part: P, fields: Partial<NonNullable<World[P]>>): (world: World) => void {
  return (world) => {
    const found = world[part];
    if (found !== undefined) world[part] = { ...found, ...fields };
  };
}

function changeStanding(fields: Partial<Person['standing']>): (world: World) => void {
  return (world) => {
    if (world.person === undefined) return;
    world.person = { ...world.person, standing: { ...world.person.standing, ...fields } };
  };
}

function changeAuthentication(fields: Partial<Authentication>): (world: World) => void {
  return (world) => {
    if (world.authentication !== undefined) world.authentication = { ...world.authentication, ...fields };
  };
}

/** What the purpose asks of the sign-in. */
function changeDemand(fields: Partial<AuthenticationDemand>): (world: World) => void {
  return (world) => {
    const asked = world.purpose?.authentication ?? { acr: [], amr: [], maxAgeSeconds: undefined };
    change('purpose', { authentication: { ...asked, ...fields } })(world);
  };
}

function changeAssignment(fields: Partial<Assignment>): (world: World) => void {
  return (world) => {
    world.assignments = world.assignments.map((assignment) => ({ ...assignment, ...fields }));
  };
}

function changeContract(fields: Partial<Contract>): (world: World) => void {
  return (world) => {
    world.contract = { ...world.contract, ...fields };
  };
}

/** The person is a machine that is in order but for these fields. */
export function asRobot(fields: Partial<Robot> = {}): (world: World) => void {
  return (world) => {
    if (world.person === undefined) return;
    const windows = [{ days: [1], from: 9 * 60, until: 11 * 60, latest: 10 * 60 }];
    const standing = {
      securityTraining: undefined,
      gdprTraining: undefined,
      charter: undefined,
      confidentiality: undefined,
    };
    world.responsible = { ...world.person, id: 'olga', subject: 'olga' };
    world.person = {
      ...world.person,
      ...{ functions: [], teams: [], standing },
      robot: {
        ...{ label: 'Copies', clientId: 'alice', proof: 'private-key', responsible: 'olga' },
        ...{ purposes: ['support'], windows, hours: { zone: 'Europe/Paris', windows, closedOn: 'none' } },
        ...fields,
      },
    };
    // It has no class, no methods, and no fresh sign-in.
    world.authentication = { acr: undefined, amr: [], at: NOW - 10 * DAY };
    change('purpose', { robots: true, functions: [] })(world);
    change('grant', { people: ['robot:alice'] })(world);
    world.instructions = world.instructions.map((one) => ({ ...one, only: ['alice'] }));
  };
}

/** That, and one thing changed. */
function robotAnd(apply: (world: World) => void): (world: World) => void {
  return (world) => {
    asRobot()(world);
    apply(world);
  };
}

const never: Schedule = { zone: 'Europe/Paris', windows: [], closedOn: 'none' };

/** The person comes from another provider that is in order but for these fields; undefined: that is not on file. */
export function ofProvider(fields: Partial<SubProcessor> | undefined): (world: World) => void {
  return (world) => {
    if (world.person?.employment === 'employee')
      change('person', { employment: 'provider', provider: 'helpers' })(world);
    if (fields === undefined) change('person', { provider: 'nobody' })(world);
    else world.subProcessors = [{ ...(world.subProcessors[0] ?? subProcessor), ...fields }];
  };
}

const subProcessor: SubProcessor = {
  id: 'helpers',
  name: 'Helpers',
  country: 'FR',
  places: ['FR'],
  guarantees: { from: NOW - DAY, until: NOW + 5 * DAY },
  approvals: new Map([['acme', { from: NOW - DAY, until: NOW + 3 * DAY }]]),
};

function changeInstruction(fields: Partial<Instruction>): (world: World) => void {
  return (world) => {
    world.instructions = world.instructions.map((instruction) => ({ ...instruction, ...fields }));
  };
}

function row(criterion: CriterionName, reason: Reason, name: string, apply: (world: World) => void): Break {
  return { name, criterion, reason, apply };
}

/** Each removes one condition and leaves all others met, except where a criterion cannot be judged without it. */
export const breaks: readonly Break[] = [
  row('opening', 'unknown_system', 'the client is unknown', (world) => {
    world.client = undefined;
  }),
  row('opening', 'unknown_system', 'the system is unknown', (world) => {
    world.system = undefined;
  }),
  row(
    'opening',
    'opening_ended',
    'the opening was closed',
    change('opening', { endedAt: NOW - 1, endCause: 'stopped' }),
  ),
  row('opening', 'opening_ended', 'the opening ends now', change('opening', { endsAt: NOW })),
  row(
    'opening',
    'opening_elsewhere',
    'the opening is for another system',
    change('opening', { systems: ['crm'] }),
  ),
  row('opening', 'opening_elsewhere', 'the opening is for no system', change('opening', { systems: [] })),
  row(
    'opening',
    'opening_elsewhere',
    'the opening is for another client',
    change('opening', { client: 'martin' }),
  ),
  row('person', 'not_employee', 'the person is unknown', (world) => {
    world.person = undefined;
  }),
  row('person', 'not_employee', 'the account changed hands', change('person', { subject: 'somebody-else' })),
  row(
    'person',
    'not_employee',
    'the same subject at another issuer',
    change('person', { issuer: 'https://other.example' }),
  ),
  row('person', 'not_employee', 'the person has not started', change('person', { from: NOW + 1 })),
  row('person', 'not_employee', 'the person has left', change('person', { until: NOW })),
  row(
    'authentication',
    'authentication_too_weak',
    'another class of sign-in',
    changeAuthentication({ acr: 'weak' }),
  ),
  row(
    'authentication',
    'authentication_too_weak',
    'no class of sign-in',
    changeAuthentication({ acr: undefined }),
  ),
  row(
    'authentication',
    'authentication_too_weak',
    'no second factor',
    changeAuthentication({ amr: ['pwd'] }),
  ),
  row(
    'authentication',
    'authentication_too_old',
    'the sign-in is too old',
    changeAuthentication({ at: NOW - 3_600_000 }),
  ),
  row(
    'authentication',
    'authentication_too_old',
    'the sign-in is yet to come',
    changeAuthentication({ at: NOW + 2 * MINUTE }),
  ),
  row(
    'authentication',
    'authentication_too_weak',
    'the purpose asks for another class',
    changeDemand({ acr: ['stronger'] }),
  ),
  row(
    'authentication',
    'authentication_too_weak',
    'the purpose asks for another method',
    changeDemand({ amr: ['hwk'] }),
  ),
  row(
    'authentication',
    'authentication_too_old',
    'the purpose asks for a fresher sign-in',
    changeDemand({ maxAgeSeconds: 600 }),
  ),
  row('place', 'place_outside_eu', 'the place is not permitted', change('person', { place: 'NC' })),
  row('place', 'place_outside_eu', 'no place is permitted', (world) => {
    world.territories = [];
  }),
  row(
    'standing',
    'training_expired',
    'security training ends now',
    changeStanding({ securityTraining: { from: 0, until: NOW } }),
  ),
  row(
    'standing',
    'training_expired',
    'no security training',
    changeStanding({ securityTraining: undefined }),
  ),
  row(
    'standing',
    'gdpr_training_missing',
    'no data protection module',
    changeStanding({ gdprTraining: undefined }),
  ),
  row('standing', 'charter_not_signed', 'the charter is not signed', changeStanding({ charter: undefined })),
  row(
    'standing',
    'confidentiality_missing',
    'no confidentiality',
    changeStanding({ confidentiality: undefined }),
  ),
  row(
    'standing',
    'training_expired',
    'security training is yet to come',
    changeStanding({ securityTraining: { from: NOW + 1, until: NOW + DAY } }),
  ),
  row(
    'standing',
    'gdpr_training_missing',
    'the data protection module ends now',
    changeStanding({ gdprTraining: { from: 0, until: NOW } }),
  ),
  row(
    'standing',
    'charter_not_signed',
    'the grace of an earlier charter ends now',
    changeStanding({ charter: { from: 0, until: NOW } }),
  ),
  row(
    'standing',
    'confidentiality_missing',
    'confidentiality is promised from tomorrow',
    changeStanding({ confidentiality: { from: NOW + DAY, until: NOW + 2 * DAY } }),
  ),
  row('function', 'role_not_allowed', 'another function', change('person', { functions: ['accountant'] })),
  row('function', 'role_not_allowed', 'the purpose is for nobody', change('purpose', { functions: [] })),
  row('function', 'purpose_unknown', 'the purpose is unknown', (world) => {
    world.purpose = undefined;
  }),
  row('assignment', 'not_assigned', 'nobody is assigned', (world) => {
    world.assignments = [];
  }),
  row('assignment', 'not_assigned', 'a colleague is assigned', changeAssignment({ who: 'bruno' })),
  row('assignment', 'not_assigned', 'another team is assigned', changeAssignment({ who: 'team:hosting' })),
  row(
    'assignment',
    'not_assigned',
    'a team whose name ends alike is assigned',
    changeAssignment({ who: 'team:not-first-line' }),
  ),
  row('assignment', 'not_assigned', 'a team is no person', changeAssignment({ who: 'first-line' })),
  row('assignment', 'not_assigned', 'assigned to another system', changeAssignment({ systems: ['crm'] })),
  row('assignment', 'not_assigned', 'assigned to no system', changeAssignment({ systems: [] })),
  row('assignment', 'not_assigned', 'assigned from later', changeAssignment({ from: NOW + 1 })),
  row('assignment', 'not_assigned', 'no longer assigned', changeAssignment({ until: NOW })),
  row(
    'contract',
    'client_preparing',
    'the client is in preparation',
    change('client', { status: 'preparing' }),
  ),
  row('contract', 'client_ended', 'the client is no longer one', change('client', { status: 'ended' })),
  row('contract', 'contract_not_in_force', 'the contract has not begun', changeContract({ from: NOW + 1 })),
  row('contract', 'contract_not_in_force', 'the contract is over', changeContract({ until: NOW })),
  row(
    'contract',
    'contract_not_in_force',
    'the client gave notice and its last day is over',
    change('grant', { noticed: NOW }),
  ),
  row(
    'contract',
    'service_not_contracted',
    'another service is contracted',
    changeContract({ services: ['hosting'] }),
  ),
  row(
    'provider',
    'provider_not_approved',
    'the person works for a provider',
    change('person', { employment: 'provider' }),
  ),
  row('provider', 'provider_not_approved', 'their provider is not on file', ofProvider(undefined)),
  row(
    'provider',
    'provider_outside_eu',
    'their provider is established outside',
    ofProvider({ country: 'CH' }),
  ),
  row(
    'provider',
    'provider_outside_eu',
    'their provider also works from outside',
    ofProvider({ places: ['FR', 'MA'] }),
  ),
  row('provider', 'provider_outside_eu', 'their provider works from nowhere', ofProvider({ places: [] })),
  row('provider', 'provider_guarantee_missing', 'no guarantees', ofProvider({ guarantees: undefined })),
  row(
    'provider',
    'provider_guarantee_expired',
    'the guarantees end now',
    ofProvider({ guarantees: { from: 0, until: NOW } }),
  ),
  row(
    'provider',
    'consultation_pending',
    'another client approved',
    ofProvider({ approvals: new Map([['martin', { from: 0, until: NOW + DAY }]]) }),
  ),
  row(
    'provider',
    'outside_window',
    'the approval begins later',
    ofProvider({ approvals: new Map([['acme', { from: NOW + 1, until: NOW + DAY }]]) }),
  ),
  row(
    'provider',
    'outside_window',
    'the approval is over',
    ofProvider({ approvals: new Map([['acme', { from: 0, until: NOW }]]) }),
  ),
  row('grant', 'consent_scope', 'the agreement does not name a provider’s person', (world) => {
    ofProvider({})(world);
    change('grant', { people: ['assigned', 'team:first-line'] })(world);
  }),
  row('grant', 'no_consent', 'there is no agreement', (world) => {
    world.grant = undefined;
  }),
  row('grant', 'no_consent', 'the opening rests on another agreement', change('opening', { grant: 'g2' })),
  row('grant', 'no_consent', 'the agreement is another client’s', change('grant', { client: 'martin' })),
  row('grant', 'consent_revoked', 'the agreement is revoked', change('grant', { status: 'revoked' })),
  row('grant', 'consent_suspended', 'the agreement is suspended', change('grant', { status: 'suspended' })),
  row('grant', 'consent_expired', 'the agreement is marked expired', change('grant', { status: 'expired' })),
  row('grant', 'consent_expired', 'the agreement was replaced', change('grant', { status: 'superseded' })),
  row('grant', 'consent_not_started', 'the agreement begins later', change('grant', { from: NOW + 1 })),
  row('grant', 'consent_expired', 'the agreement ends now', change('grant', { until: NOW })),
  row(
    'grant',
    'consent_expired',
    'nobody used it while it could be begun',
    change('grant', { firstUse: { minutes: 60, startBy: NOW } }),
  ),
  row('grant', 'consent_scope', 'the agreement names another system', change('grant', { systems: ['crm'] })),
  row(
    'grant',
    'consent_scope',
    'the agreement names another purpose',
    change('grant', { purposes: ['hotline'] }),
  ),
  row('grant', 'consent_scope', 'the agreement names a colleague', change('grant', { people: ['bruno'] })),
  row(
    'grant',
    'consent_scope',
    'the agreement names another team',
    change('grant', { people: ['team:hosting'] }),
  ),
  row(
    'grant',
    'consent_scope',
    'the agreement names a team whose name ends alike',
    change('grant', { people: ['team:not-first-line'] }),
  ),
  row('grant', 'consent_scope', 'the agreement names nobody', change('grant', { people: [] })),
  row(
    'limits',
    'limit_reached',
    'the opening is longer than the purpose allows',
    change('purpose', { minutes: 44 }),
  ),
  row('limits', 'limit_reached', 'the opening outlives the agreement', (world) => {
    const { grant } = world;
    world.grant = grant && { ...grant, until: Math.min(grant.until, NOW + 39 * MINUTE) };
  }),
  row(
    'limits',
    'limit_reached',
    'the opening is longer than a first use lasts',
    // Whoever made its beginning late before leaves it late.
    (world) => {
      const { grant } = world;
      const firstUse = { startBy: NOW + DAY, ...grant?.firstUse, minutes: 44 };
      world.grant = grant && { ...grant, firstUse };
    },
  ),
  row(
    'limits',
    'budget_spent',
    'the bytes of this period are used up',
    change('grant', { spentUntil: NOW + 1 }),
  ),
  row(
    'purpose',
    'purpose_not_on_system',
    'the purpose is not for this system',
    change('system', { purposes: [] }),
  ),
  row('purpose', 'reference_missing', 'no reference', change('opening', { reference: ' ' })),
  row('purpose', 'reference_form', 'a reference of another form', change('opening', { reference: 'X-1' })),
  row('purpose', 'reference_form', 'too many digits', change('opening', { reference: 'CALL-12345' })),
  row('purpose', 'reference_form', 'not even an optional reference may be anything', (world: World): void => {
    change('purpose', { referenceRequired: false })(world);
    change('opening', { reference: 'whatever' })(world);
  }),
  row('purpose', 'note_missing', 'no note', change('opening', { note: '' })),
  row('purpose', 'note_too_short', 'a note of dots', change('opening', { note: '... ... ...!' })),
  row('purpose', 'note_too_short', 'a note of three letters', change('opening', { note: 'fix' })),
  row('purpose', 'outside_hours', 'before the hours', (world) => {
    world.hours = { ...officeHours, windows: [{ days: [1], from: 601, until: 700 }] };
  }),
  row('purpose', 'outside_hours', 'the hours end now', (world) => {
    world.hours = { ...officeHours, windows: [{ days: [1], from: 500, until: 600 }] };
  }),
  row('purpose', 'outside_hours', 'another day', (world) => {
    world.hours = { ...officeHours, windows: [{ days: [2, 3, 4, 5, 6, 7], from: 0, until: 1440 }] };
  }),
  row('purpose', 'outside_hours', 'no hours at all', (world) => {
    world.hours = { ...officeHours, windows: [] };
  }),
  row(
    'instructions',
    'instruction_condition',
    'an instruction forbids the purpose',
    changeInstruction({ forbids: ['support'] }),
  ),
  row(
    'instructions',
    'instruction_condition',
    'an instruction for this system forbids the purpose',
    changeInstruction({ forbids: ['support'], systems: ['erp'] }),
  ),
  row(
    'instructions',
    'instruction_condition',
    'an instruction names other people',
    changeInstruction({ only: ['carol', 'team:hosting'] }),
  ),
  row(
    'instructions',
    'instruction_condition',
    'an instruction names nobody',
    changeInstruction({ only: [] }),
  ),
  row(
    'instructions',
    'instruction_condition',
    'an instruction closes these hours',
    changeInstruction({ hours: { ...officeHours, windows: [{ days: [1], from: 700, until: 800 }] } }),
  ),
  row('instructions', 'instruction_condition', 'an instruction forbids copies', (world) => {
    world.operation = 'copy';
  }),
  row('instructions', 'instruction_people', 'the client itself names other people', own({ only: ['carol'] })),
  row(
    'instructions',
    'instruction_hours',
    'the client itself closes these hours',
    own({ days: [1], from: 601 }),
  ),
  row('instructions', 'instruction_hours', 'the client itself closes this day', own({ days: [2, 7] })),
  row('instructions', 'instruction_no_copy', 'the client itself forbids copies', (world) => {
    own({ noCopy: true })(world);
    world.instructions = [];
    world.operation = 'copy';
  }),
  row(
    'environment',
    'prod_data_for_test',
    'a test purpose on production',
    change('purpose', { production: false }),
  ),
  row(
    'operation',
    'write_not_granted',
    'the agreement only reads',
    change('grant', { operations: ['read'] }),
  ),
  row(
    'operation',
    'write_not_granted',
    'the purpose only reads',
    change('purpose', { operations: ['read'] }),
  ),
];

/** Instructions that the client signed itself; everything left out asks for nothing. */
export function ownInstructions(
  asks: {
    only?: readonly string[];
    noCopy?: boolean;
    days?: readonly number[];
    from?: number;
    until?: number;
  },
  version = 1,
): OwnInstructions {
  const { only, noCopy = false, days, from = 0, until = 1440 } = asks;
  const { text } = writeInstructions(
    { client: 'acme', version, language: 'en', author: 'Claire' },
    {
      ...{ sensitivity: 'ordinary', assessment: 'unsaid', assessedOn: '', note: '' },
      ...{ noCopy, only },
      hours: days && { days, from, until, zone: 'Europe/Paris' },
    },
    ['x'],
  );
  const said = readInstructions(text);
  if (said === undefined) throw new Error('these instructions cannot be read again');
  return said;
}

function own(asks: Parameters<typeof ownInstructions>[0]): (world: World) => void {
  return change('grant', { instructions: ownInstructions(asks) });
}

/** The same for robots: each makes one of the person first, so that it stands beside no other. */
export const robotBreaks: readonly Break[] = [
  row('person', 'robot_unattended', 'nobody answers for a robot', asRobot({ responsible: 'nobody' })),
  row('person', 'robot_unattended', 'a robot answers for itself', asRobot({ responsible: 'alice' })),
  row(
    'person',
    'robot_unattended',
    'who answers for a robot has left',
    robotAnd((world) => {
      world.responsible = world.responsible && { ...world.responsible, until: NOW };
    }),
  ),
  row(
    'person',
    'robot_unattended',
    'who answers for a robot is of another provider',
    robotAnd((world) => {
      world.responsible = world.responsible && { ...world.responsible, employment: 'provider' };
    }),
  ),
  row('person', 'not_employee', 'a robot is over', robotAnd(change('person', { until: NOW }))),
  row('authentication', 'authentication_too_weak', 'a robot shares its secret', asRobot({ proof: 'secret' })),
  row('place', 'place_outside_eu', 'a robot stands elsewhere', robotAnd(change('person', { place: 'US' }))),
  row('function', 'role_not_allowed', 'it is not a purpose of the robot', asRobot({ purposes: ['hotline'] })),
  row(
    'function',
    'role_not_allowed',
    'the purpose is for people',
    robotAnd(change('purpose', { robots: false, functions: ['technician'] })),
  ),
  row(
    'grant',
    'consent_scope',
    'the agreement names people, and no robot',
    robotAnd(change('grant', { people: ['assigned', 'alice', 'team:first-line'] })),
  ),
  row(
    'grant',
    'consent_scope',
    'the agreement names another robot',
    robotAnd(change('grant', { people: ['robot:other'] })),
  ),
  row(
    'grant',
    'consent_scope',
    'the agreement names a robot of that name, who is a person',
    change('grant', { people: ['robot:alice'] }),
  ),
  row(
    'grant',
    'consent_scope',
    'a robot declares an emergency',
    robotAnd((world) => {
      const emergency = { people: ['alice'], minutes: 60, perYear: 9, reviewDays: 9, zone: 'UTC' };
      change('grant', { people: [], emergency })(world);
      change('opening', { emergency: true })(world);
    }),
  ),
  row('purpose', 'robot_out_of_window', 'a robot comes at no time', asRobot({ hours: never })),
  row(
    'purpose',
    'robot_out_of_window',
    'the window of a robot ends now',
    asRobot({ hours: { ...never, windows: [{ days: [1], from: 0, until: 600 }] } }),
  ),
];
