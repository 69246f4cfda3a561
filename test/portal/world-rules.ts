/** The rules of the portal's small world: two clients, their systems and people, purposes and accounts, and when it all begins. */
import { createHash } from 'node:crypto';
import type {
  Client,
  ControllerRole,
  ControllerUser,
  Person,
  Purpose,
  Snapshot,
  System,
  Who,
} from '../../src/core/model.ts';
import type { GrantTemplate } from '../../src/core/proposals.ts';

export const start = Date.UTC(2026, 9, 5, 8, 0, 0);
export const hour = 3_600_000;
export const day = 24 * hour;
export const issuer = 'https://login.example';

const valid = { from: 0, until: start + 100 * day };

function person(id: string, name: string, charter: number | undefined): Person {
  return {
    id,
    name,
    issuer,
    subject: id,
    employment: 'employee',
    provider: undefined,
    from: 0,
    until: undefined,
    functions: ['technician'],
    teams: ['support'],
    place: 'FR',
    standing: {
      securityTraining: valid,
      gdprTraining: valid,
      charter: charter === undefined ? undefined : { from: 0, until: charter },
      confidentiality: valid,
    },
  };
}

function purpose(code: string, operations: Purpose['operations'], more: Partial<Purpose> = {}): Purpose {
  return {
    code,
    label: { en: `Label ${code}`, fr: `Libellé ${code}` },
    description: { en: `About ${code}.`, fr: `À propos de ${code}.` },
    operations,
    functions: ['technician'],
    service: code,
    referenceRequired: true,
    referencePatterns: [],
    noteRequired: false,
    noteMinimum: 1,
    minutes: 120,
    finishMinutes: 0,
    production: true,
    authentication: undefined,
    ...more,
  };
}

function system(client: string, id: string, en: string, fr: string): System {
  return {
    id,
    client,
    name: { en, fr },
    hosts: [`${id}.${client}.example`],
    publicOrigin: `https://${id}.${client}.example`,
    environment: 'production',
    upstream: {
      origin: 'http://127.0.0.1:9',
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: 9,
      serverName: '',
      ca: undefined,
      host: 'public',
    },
    profile: {
      id: 'demo',
      routes: [
        {
          template: '/customers/:id',
          segments: ['customers', ':id'],
          methods: undefined,
          operation: 'read',
          label: { en: 'Customer record', fr: 'Fiche client' },
          static: false,
          socket: false,
          query: [],
          when: undefined,
          peek: undefined,
          idleSeconds: undefined,
        },
      ],
      copy: { attachments: true, types: [], bytes: 1_000_000 },
      idleSeconds: 60,
    },
    purposes: ['hotline', 'support', 'backup'],
    authentication: undefined,
  };
}

function controller(id: string, client: string, name: string, role: ControllerRole): ControllerUser {
  return { id, client, name, function: 'Head of finance', role, authority: 'DOC-1', issuer, subject: id };
}

function client(
  id: string,
  name: string,
  systems: readonly System[],
  controllers: readonly ControllerUser[],
): Client {
  return {
    id,
    name,
    systems: new Map(systems.map((one) => [one.id, one])),
    contract: { reference: 'C-1', from: 0, until: undefined, services: ['hotline', 'support', 'backup'] },
    assignments: [
      { who: 'alice', systems: ['*'], from: 0, until: undefined, reason: 'account team' },
      { who: 'bruno', systems: ['*'], from: 0, until: undefined, reason: 'account team' },
    ],
    controllers,
    instructions: [
      {
        id: 'no-lists',
        text: { en: 'Do not open <b>lists</b>.', fr: 'N’ouvrez pas les <b>listes</b>.' },
        systems: undefined,
        purposes: undefined,
        forbids: [],
        hours: undefined,
        noCopy: false,
        only: undefined,
      },
    ],
    watch: { hours: { zone: 'Europe/Paris', windows: [], closedOn: 'none' }, bytes: new Map() },
    hours: new Map(),
    sliceHash: `sha256:${createHash('sha256').update(sliceOf(id)).digest('base64url')}`,
    tags: [],
    status: 'live',
    outside: new Map(),
    contact: { name: 'Contact', mail: 'contact@example.org' },
    zone: 'Europe/Paris',
    calendar: 'FR',
  };
}

export function sliceOf(id: string): string {
  return JSON.stringify({ client: id });
}

const template: GrantTemplate = {
  id: 'hotline',
  label: { en: 'Hotline', fr: 'Assistance' },
  about: { en: 'About hotline.', fr: 'À propos de l’assistance.' },
  purposes: ['hotline', 'support'],
  operations: ['read', 'write'],
  people: ['assigned'],
  days: 90,
  onceMinutes: undefined,
  budget: { per: 'week', openings: 20 },
};

export function makeSnapshot(): Snapshot {
  const claire = controller('claire', 'acme', 'Claire Martin', 'representative');
  const marc = controller('marc', 'acme', 'Marc Petit', 'reader');
  const dana = controller('dana', 'acme', 'Dana Roux', 'delegate');
  const nadia = controller('nadia', 'martin', 'Nadia Haddad', 'representative');
  const people = [
    person('alice', 'Alice Durand', start + 100 * day),
    person('bruno', 'Bruno Leroy', undefined),
    person('eve', 'Eve Moreau', start + 100 * day),
  ];
  const users = [
    { id: 'david', name: 'David Simon', role: 'dpo' as const, issuer, subject: 'david' },
    { id: 'carla', name: 'Carla Blanc', role: 'contact' as const, issuer, subject: 'carla' },
  ];
  const clients = [
    client(
      'acme',
      'Acme <SA>',
      [
        system('acme', 'erp', 'ERP', 'Progiciel'),
        system('acme', 'backup', 'Backup server', 'Serveur de sauvegarde'),
      ],
      [claire, marc, dana],
    ),
    client('martin', 'Martin & fils', [system('martin', 'payroll', 'Payroll', 'Paie')], [nadia]),
  ];
  const accounts = new Map<string, Who>();
  for (const one of people) accounts.set(one.id, { kind: 'technician', person: one });
  for (const one of [claire, marc, dana, nadia])
    accounts.set(one.id, { kind: 'controller', controller: one });
  for (const one of users) accounts.set(one.id, { kind: 'provider-user', user: one });
  return {
    hash: 'sha256:all',
    providers: [],
    people: new Map(people.map((one) => [one.id, one])),
    users: new Map(users.map((one) => [one.id, one])),
    purposes: new Map(
      [
        purpose('hotline', ['read']),
        purpose('support', ['read', 'write'], { noteRequired: true }),
        purpose('backup', ['read', 'copy']),
      ].map((one) => [one.code, one]),
    ),
    subProcessors: new Map(),
    clients: new Map(clients.map((one) => [one.id, one])),
    hosts: new Map(
      clients.flatMap((one) => [...one.systems.values()].map((s) => [s.hosts[0] ?? '', s] as const)),
    ),
    territories: new Set(['FR']),
    accounts,
    dpo: { name: 'David Simon', mail: 'dpo@example.org', postal: '1 rue de la Paix' },
    contact: { name: 'Accueil', mail: 'accueil@example.org' },
    functions: new Map(),
    templates: new Map([['hotline', template]]),
    organisation: 'Provider SAS',
  };
}
