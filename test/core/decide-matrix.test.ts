/**
 * Persons x systems x purposes x operations x agreements, at several moments and with several declarations: the rules, fed
 * with compiled files, and a second, naive implementation, fed with the values that the files are printed from, agree on
 * every one. Neither knows the other.
 */
import { expect, test } from '@jest/globals';
import { decide } from '../../src/core/decide.ts';
import type { Grant, Opening, Operation } from '../../src/core/model.ts';
import type { OwnInstructions } from '../../src/core/own-instructions.ts';
import { compile } from '../../src/core/policy/compile.ts';
import { type Reason, reasonAnswers } from '../../src/core/reasons.ts';
import {
  type NaiveAssignment,
  type NaiveClient,
  type NaiveGrant,
  type NaiveMoment,
  type NaivePerson,
  type NaiveProvider,
  type NaivePurpose,
  naively,
} from './decide-naive.ts';
import { ownInstructions } from './decide-world.ts';

const issuer = 'https://login.msp.example';
const MINUTE = 60_000;

const good = {
  from: '2020-01-01',
  functions: ['technician'],
  teams: ['first'],
  place: 'FR',
  security: '2026-12-31',
  gdpr: '2026-12-31',
  charter: { version: '2', signed: '2025-11-01' },
  confidential: '2026-12-31',
} as const;

const { security: _security, ...untrained } = good;
const { charter: _charter, ...unsigned } = good;
const { gdpr: _gdpr, ...noModule } = good;
const { confidential: _confidential, ...unbound } = good;

const people: readonly NaivePerson[] = [
  { id: 'anna', ...good },
  { id: 'bert', ...good, teams: [], place: 'RE' },
  { id: 'left', ...good, until: '2026-02-28' },
  { id: 'abroad', ...good, place: 'NC' },
  { id: 'untrained', ...untrained },
  { id: 'no-module', ...noModule },
  { id: 'unsigned', ...unsigned },
  { id: 'earlier', ...good, charter: { version: '1', signed: '2024-01-01' } },
  { id: 'unbound', ...unbound },
  { id: 'builder', ...good, functions: ['developer'] },
  { id: 'helper', ...good, teams: ['first'], provider: 'helpers' },
  { id: 'stranger', ...good, teams: ['first'], provider: 'far-away' },
  { id: 'novice', ...good, provider: 'unchecked' },
  { id: 'stale', ...good, provider: 'stale' },
  { id: 'later-on', ...good, from: '2026-03-05' },
];

const machine = { from: '2026-01-01', functions: [], teams: [], place: 'FR' } as const;
const later: NaivePerson = { id: 'later-on', ...good, from: '2026-03-05' };
const robot = { secret: false, purposes: ['backup', 'support'], until: 18 } as const;
const robots: readonly NaivePerson[] = [
  { id: 'copier', ...machine, robot: { ...robot, responsible: { id: 'anna', ...good } } },
  { id: 'shared', ...machine, robot: { ...robot, responsible: { id: 'anna', ...good }, secret: true } },
  { id: 'orphan', ...machine, robot: { ...robot, responsible: later } },
  { id: 'moved', ...machine, place: 'NC', robot: { ...robot, responsible: { id: 'anna', ...good } } },
  { id: 'early', ...machine, robot: { ...robot, responsible: { id: 'anna', ...good }, until: 10 } },
];

const purposes: readonly NaivePurpose[] = [
  { code: 'hotline', functions: ['technician'], service: 'support', operations: ['read'], production: true },
  {
    code: 'support',
    functions: ['technician'],
    robots: true,
    service: 'support',
    operations: ['read', 'write'],
    production: true,
    hours: { from: 8, until: 18 },
    reference: /^(INC-\d+|CALL-\d{4})$/,
    noteLetters: 12,
  },
  {
    code: 'backup',
    functions: ['technician', 'developer'],
    service: 'backup',
    operations: ['read', 'copy'],
    production: true,
    robots: true,
    amr: 'otp',
  },
  {
    code: 'testing',
    functions: ['developer'],
    service: 'support',
    operations: ['read', 'write'],
    production: false,
  },
];

const acme = { forbids: [], noCopyOn: ['safe'], onlyOn: { safe: ['anna', 'builder', 'helper'] } };

const clients: readonly NaiveClient[] = [
  {
    id: 'acme',
    status: 'live',
    tags: ['sme'],
    contract: { from: '2025-01-01', services: ['support', 'backup'] },
    systems: [
      { id: 'erp', production: true, purposes: ['hotline', 'support', 'backup', 'testing'] },
      { id: 'safe', production: true, purposes: ['hotline', 'backup'], acr: 'strong', maxMinutes: 30 },
      { id: 'lab', production: false, purposes: ['testing', 'support'] },
    ],
    ...acme,
    closedAtWeekendsFor: ['hotline'],
  },
  {
    id: 'martin',
    status: 'live',
    tags: ['sme'],
    contract: { from: '2025-01-01', until: '2026-03-31', services: ['support'] },
    systems: [{ id: 'payroll', production: true, purposes: ['hotline', 'support', 'backup'] }],
    forbids: ['support'],
    noCopyOn: [],
    onlyOn: {},
    closedAtWeekendsFor: [],
  },
  {
    id: 'later',
    status: 'preparing',
    tags: ['sme'],
    contract: { from: '2025-01-01', services: ['support'] },
    systems: [{ id: 'crm', production: true, purposes: ['hotline'] }],
    forbids: [],
    noCopyOn: [],
    onlyOn: {},
    closedAtWeekendsFor: [],
  },
  {
    id: 'earlier',
    status: 'ended',
    tags: ['sme'],
    contract: { from: '2025-01-01', services: ['support'] },
    systems: [{ id: 'crm', production: true, purposes: ['hotline'] }],
    forbids: [],
    noCopyOn: [],
    onlyOn: {},
    closedAtWeekendsFor: [],
  },
];

const assignments: readonly NaiveAssignment[] = [
  { who: 'team:first', clients: ['tag:sme'], systems: ['*'], from: '2025-01-01', until: '2026-12-31' },
  { who: 'bert', clients: ['acme'], systems: ['erp'], from: '2026-03-03' },
  ...['copier', 'shared', 'orphan', 'moved', 'early'].map((who) => {
    return { who, clients: ['tag:sme'], systems: ['*'], from: '2025-01-01' };
  }),
  { who: 'builder', clients: ['acme'], systems: ['lab', 'erp'], from: '2025-01-01' },
];

const providers: readonly NaiveProvider[] = [
  {
    id: 'helpers',
    countries: ['FR', 'BE'],
    guaranteed: { from: '2025-01-01', until: '2026-12-31' },
    approved: { acme: { from: '2026-03-03', until: '2026-03-20' } },
  },
  { id: 'far-away', countries: ['FR', 'CH'], approved: {} },
  { id: 'unchecked', countries: ['FR'], approved: {} },
  { id: 'stale', countries: ['FR'], guaranteed: { from: '2025-01-01', until: '2026-03-06' }, approved: {} },
];

/** Wall clocks in Paris, and what a calendar on the wall says of the day. */
const moments: readonly (NaiveMoment & { readonly at: string })[] = [
  { at: '2026-03-02T09:00:00Z', day: '2026-03-02', hour: 10, weekend: false, holiday: false },
  { at: '2026-03-04T16:59:00Z', day: '2026-03-04', hour: 17, weekend: false, holiday: false },
  { at: '2026-03-04T17:00:00Z', day: '2026-03-04', hour: 18, weekend: false, holiday: false },
  { at: '2026-03-08T09:00:00Z', day: '2026-03-08', hour: 10, weekend: true, holiday: false },
  // Easter Monday, and the Tuesday after it.
  { at: '2026-04-06T08:00:00Z', day: '2026-04-06', hour: 10, weekend: false, holiday: true },
  { at: '2026-04-07T08:00:00Z', day: '2026-04-07', hour: 10, weekend: false, holiday: false },
];

const strong = { acr: 'strong', amr: ['pwd', 'otp'], minutesAgo: 5 };
const note = 'Order list does not open';
const declarations = [
  { ...strong, reference: 'INC-7', note },
  { ...strong, acr: undefined, reference: 'CALL-1234', note },
  { ...strong, amr: ['pwd'], minutesAgo: 30, reference: 'INC-7', note },
  { ...strong, reference: 'CALL-123', note },
  { ...strong, reference: 'INC-7', note: 'fix. it. now!' },
  { ...strong, reference: 'INC-7', note: '' },
  { ...strong, reference: '', note: '' },
];

const whole: NaiveGrant = {
  status: 'active',
  systems: ['erp', 'safe', 'lab', 'payroll', 'crm'],
  purposes: ['hotline', 'support', 'backup', 'testing'],
  operations: ['read', 'write', 'copy'],
  people: ['assigned'],
  begun: true,
  over: false,
};

const grants: readonly (NaiveGrant | undefined)[] = [
  undefined,
  whole,
  { ...whole, people: ['anna', 'helper'] },
  { ...whole, people: ['team:first'] },
  { ...whole, operations: ['read'] },
  { ...whole, systems: ['erp'], purposes: ['support', 'testing'] },
  { ...whole, status: 'revoked' },
  { ...whole, status: 'suspended' },
  { ...whole, status: 'superseded' },
  { ...whole, begun: false },
  { ...whole, over: true },
  { ...whole, own: { only: ['anna', 'helper'], noCopy: true } },
  { ...whole, own: { weekdaysUntil: 18 } },
  {
    ...whole,
    people: ['assigned', ...['copier', 'shared', 'orphan', 'moved', 'early'].map((one) => `robot:${one}`)],
  },
];

const sentence = { en: 'x', fr: 'x' };
const standingOf = (person: NaivePerson) => ({
  ...(person.security === undefined ? {} : { security_training: { done: '2026-01-01' } }),
  ...(person.gdpr === undefined ? {} : { gdpr_training: person.gdpr }),
  ...(person.charter === undefined ? {} : { charter: person.charter }),
  ...(person.confidential === undefined ? {} : { confidentiality: person.confidential }),
});

/** The files, printed from the same values; JSON is YAML. */
function files() {
  const text = (path: string, value: unknown) => ({ path, text: JSON.stringify(value) });
  return [
    text('identity.yaml', {
      organisation: 'MSP',
      zone: 'Europe/Paris',
      contact: { name: 'C', mail: 'c@msp.example' },
      dpo: { name: 'D', mail: 'd@msp.example', postal: 'Lyon' },
      providers: { staff: { issuer, label: sentence, client_id: 'c', serves: ['staff'] } },
    }),
    text('staff.yaml', {
      functions: { technician: sentence, developer: sentence },
      teams: ['first'],
      charter: { version: '2', effective: '2026-03-01', grace_days: 7 },
      assignments: assignments.map((one) => ({ ...one, reason: 'x' })),
      people: Object.fromEntries(
        people.map(({ id, provider, from, until, functions, teams, place, ...rest }) => [
          id,
          {
            ...{ name: id, issuer, subject: id, from, functions, teams, place },
            ...(until === undefined ? {} : { until }),
            ...(provider === undefined ? { employment: 'employee' } : { employment: 'provider', provider }),
            standing: standingOf({ id, from, functions, teams, place, ...rest }),
          },
        ]),
      ),
      robots: Object.fromEntries(robots.map((one) => [one.id, robotFile(one)])),
    }),
    text('purposes.yaml', {
      purposes: Object.fromEntries(
        purposes.map(({ code, hours, reference, noteLetters, amr, ...rest }) => [
          code,
          {
            ...{ label: sentence, description: sentence, minutes: 60, ...rest },
            reference: reference === undefined ? 'optional' : 'required',
            ...(reference === undefined ? {} : { reference_patterns: ['INC-#', 'CALL-####'] }),
            note: noteLetters === undefined ? 'optional' : 'required',
            ...(noteLetters === undefined ? {} : { note_minimum: noteLetters }),
            ...(hours === undefined
              ? {}
              : {
                  hours: {
                    windows: [
                      {
                        days: ['mon', 'tue', 'wed', 'thu', 'fri'],
                        from: `0${hours.from}:00`,
                        until: `${hours.until}:00`,
                      },
                    ],
                  },
                }),
            ...(amr === undefined ? {} : { authentication: { amr: [amr] } }),
          },
        ]),
      ),
    }),
    text('providers.yaml', {
      providers: Object.fromEntries(
        providers.map(({ id, countries, guaranteed, approved }) => [
          id,
          {
            ...{ name: id, address: 'x', contact: { name: 'x', mail: 'x@y.example' }, tasks: 'x' },
            country: countries[0],
            places: countries,
            ...(guaranteed === undefined
              ? {}
              : {
                  guarantees: {
                    ...{ agreement: 'x', confidentiality: 'x', no_sale: 'x', security: 'x' },
                    reviewed: guaranteed.from,
                    until: guaranteed.until,
                  },
                }),
            approvals: Object.fromEntries(
              Object.entries(approved).map(([client, period]) => [client, { reference: 'x', ...period }]),
            ),
          },
        ]),
      ),
    }),
    text('profiles/generic.yaml', { application: sentence }),
    ...clients.map((client, n) => text(`clients/${client.id}.yaml`, clientFile(client, n))),
  ];
}

function robotFile({ id, from, place, robot: one }: NaivePerson) {
  return {
    ...{ name: id, issuer, client_id: id, from, place, responsible: one?.responsible.id },
    ...{ proof: one?.secret ? 'secret' : 'private-key', purposes: one?.purposes },
    windows: [
      { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', until: `${one?.until}:00` },
    ],
  };
}

function clientFile(client: NaiveClient, nth: number) {
  const x = ['x'];
  return {
    ...{ name: client.id, zone: 'Europe/Paris', status: client.status, tags: client.tags },
    contact: { name: 'x', mail: 'x@y.example' },
    contract: {
      reference: 'x',
      ...client.contract,
      processing: {
        ...{ subject: 'x', duration: 'x', nature: 'x', purpose: 'x', obligations: 'x' },
        data_types: x,
        persons: x,
      },
    },
    systems: Object.fromEntries(
      client.systems.map(({ id, production, purposes: codes, acr, maxMinutes }, at) => [
        id,
        {
          ...{ name: sentence, hosts: [`${id}.${client.id}.example`], profile: 'generic', purposes: codes },
          environment: production ? 'production' : 'test',
          upstream: { url: `https://10.0.${nth}.${at + 1}` },
          ...(acr === undefined ? {} : { authentication: { acr: [acr], max_age_minutes: maxMinutes } }),
        },
      ]),
    ),
    assignments: [],
    controllers: {},
    instructions: [
      { id: 'forbids', text: sentence, forbids: client.forbids },
      ...(client.noCopyOn.length === 0
        ? []
        : [{ id: 'no-copy', text: sentence, systems: client.noCopyOn, no_copy: true }]),
      ...Object.entries(client.onlyOn).map(([system, only]) => {
        return { id: `only-${system}`, text: sentence, systems: [system], only };
      }),
      ...(client.closedAtWeekendsFor.length === 0
        ? []
        : [
            {
              ...{ id: 'weekends', text: sentence, purposes: client.closedAtWeekendsFor },
              hours: {
                windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '00:00', until: '24:00' }],
                holidays: 'open',
              },
            },
          ]),
    ],
  };
}

const written = new Map<NonNullable<NaiveGrant['own']>, OwnInstructions>();

function signed(own: NonNullable<NaiveGrant['own']>): OwnInstructions {
  const { weekdaysUntil, ...rest } = own;
  const hours = weekdaysUntil === undefined ? {} : { days: [1, 2, 3, 4, 5], until: weekdaysUntil * 60 };
  const found = written.get(own) ?? ownInstructions({ ...rest, ...hours });
  written.set(own, found);
  return found;
}

function grantOf(client: string, naive: NaiveGrant, now: number): Grant {
  const { begun, over, own, ...same } = naive;

  return {
    ...(same as Pick<Grant, 'status' | 'systems' | 'purposes' | 'operations' | 'people'>),
    ...{ id: 'g', client, version: 1, upstreamAccount: undefined, textHash: '', grantedBy: '', grantedAt: 0 },
    ...(own === undefined ? {} : { instructions: signed(own) }),
    from: begun ? now : now + 1,
    until: over ? now : now + 600 * MINUTE,
  };
}

test('the rules and their naive twin agree on every combination', () => {
  const portalUrl = new URL('https://portal.msp.test');
  const compiled = compile(files(), { evaluation: false, production: true, portalUrl });
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults));
  const { snapshot } = compiled;
  const rules = { assignments, providers, charter: { version: '2', graceUntil: '2026-03-07' } };
  const seen = new Map<string, number>();
  const differ: unknown[] = [];
  let asked = 0;
  for (const moment of moments) {
    const now = Date.parse(moment.at);
    for (const { reference, note: said, acr, amr, minutesAgo } of declarations) {
      const authentication = { acr, amr, at: now - minutesAgo * MINUTE };
      for (const client of clients)
        for (const system of client.systems)
          for (const person of [...people, ...robots])
            for (const purpose of purposes)
              for (const naiveGrant of grants) {
                const grant = naiveGrant === undefined ? undefined : grantOf(client.id, naiveGrant, now);
                const opening: Opening = {
                  ...{ id: 'o', client: client.id, person: person.id, systems: [system.id], login: 'l' },
                  ...{ purpose: purpose.code, reference, note: said, grant: 'g', authentication },
                  account: { issuer, subject: person.id },
                  openedAt: now,
                  endsAt: now + 30 * MINUTE,
                  endedAt: undefined,
                  endCause: undefined,
                };
                for (const operation of ['read', 'write', 'copy'] as const satisfies readonly Operation[]) {
                  const question = { client: client.id, system: system.id, opening, grant, authentication };
                  const request = { operation, method: 'GET', template: '/' };
                  const decision = decide(snapshot, { ...question, ...request }, now);
                  const came = decision.effect === 'allow' ? 'allow' : decision.reason;
                  const naive = { person, client, system, purpose, operation, grant: naiveGrant, at: moment };
                  const expected = naively({ ...naive, acr, amr, minutesAgo, reference, note: said }, rules);
                  seen.set(expected, (seen.get(expected) ?? 0) + 1);
                  asked += 1;
                  if (came !== expected && differ.length < 5)
                    differ.push({
                      ...{ came, expected, moment: moment.at, person: person.id, system: system.id },
                      ...{ purpose: purpose.code, operation, grant: naiveGrant, reference, acr, amr },
                    });
                }
              }
    }
  }
  expect(differ).toEqual([]);
  expect(asked).toBe(
    moments.length *
      declarations.length *
      6 *
      (people.length + robots.length) *
      purposes.length *
      grants.length *
      3,
  );
  // A matrix that never meets a reason says nothing about it. These are tried elsewhere: files cannot say them.
  expect(reasonsNeverMet(seen)).toEqual(['budget_spent', 'limit_reached', 'provider_not_approved']);
  expect(seen.get('allow')).toBeGreaterThan(1000);
});

/** Of the reasons that a decision about a declared access of a known person can have. */
function reasonsNeverMet(seen: ReadonlyMap<string, number>): readonly string[] {
  const elsewhere: readonly Reason[] = [
    'opening_missing',
    'opening_ended',
    'opening_elsewhere',
    'not_authenticated',
    'unknown_system',
    'purpose_unknown',
    'copy_withheld',
    'copy_register_required',
    'copy_limit',
    'bad_request',
    'method_not_allowed',
    'cross_site',
    'service_worker_refused',
    'references_owed',
    'outside_unsaid',
    'code_unknown',
    'code_used',
    'code_expired',
    'code_elsewhere',
    'tool_unknown',
    'tool_ended',
    'tool_elsewhere',
    'tool_beside_cookie',
    'ticket_unknown',
    'ticket_closed',
    'ticket_elsewhere',
    'ticket_unchecked',
    'emergency_needless',
    'emergency_used_up',
    'emergency_unreviewed',
    'foreign_target',
    'too_many_requests',
    'stopped_by_client',
  ];
  return Object.keys(reasonAnswers)
    .filter((reason) => !seen.has(reason) && !(elsewhere as readonly string[]).includes(reason))
    .sort();
}
