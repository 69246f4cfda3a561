/**
 * What the rules cost by themselves, on one core and without any I/O: decisions a second with every criterion in use,
 * and, apart from it, looking for the agreement that serves among 50,000. Compiles a policy of 200 clients with hours,
 * holidays, instructions, patterns and demands on sign-ins. Also alone: `node test/bench/decide.ts`.
 */
import { decide, explainDecision } from '../../src/core/decide.ts';
import { indexGrants } from '../../src/core/grant-index.ts';
import type { Grant, Opening, Operation, Snapshot } from '../../src/core/model.ts';
import { options } from '../../src/core/options.ts';
import { compile } from '../../src/core/policy/compile.ts';
import type { PolicyDocument } from '../../src/core/policy/document.ts';
import type { Question } from '../../src/core/question.ts';

export interface DecideReport {
  /** Per second of CPU, best of five rounds of half a second each. */
  readonly allowed: number;
  readonly refused: number;
  readonly explained: number;
  /** Among 50,000 agreements of one client, half of them over: milliseconds to index, microseconds a search, and for a page. */
  readonly grants: number;
  readonly indexMs: number;
  readonly searchUs: number;
  readonly optionsMs: number;
}

const clients = 200;
const MINUTE = 60_000;
/** A Tuesday, 10:00 in Paris. */
const now = Date.parse('2026-03-03T09:00:00Z');

const staff = `functions: { technician: { en: Technician, fr: Technicien } }
teams: [first-line]
charter: { version: "2", effective: 2026-02-15, grace_days: 60 }
people:
${Array.from(
  { length: 300 },
  (_, n) => `  p${n}:
    name: Person ${n}
    issuer: https://login.msp.example
    subject: u-${n}
    employment: employee
    from: 2020-01-01
    functions: [technician]
    teams: [first-line]
    place: RE
    standing:
      security_training: { done: 2025-06-01 }
      gdpr_training: 2026-12-31
      charter: { version: "1", signed: 2024-01-01 }
      confidentiality: { signed: 2024-01-01 }
`,
).join('')}assignments:
  - { who: "team:first-line", clients: ["tag:sme"], systems: ["*"], from: 2020-01-01, until: 2030-12-31, reason: first line }
`;

const purpose = (code: string) => `  ${code}:
    label: { en: x, fr: x }
    description: { en: x, fr: x }
    operations: [read, write, copy]
    functions: [technician]
    service: support
    reference: required
    reference_patterns: ["INC-#", "CALL-####"]
    note: required
    note_minimum: 20
    minutes: 240
    production: true
    hours:
      windows: [{ days: [mon, tue, wed, thu, fri], from: 08:00, until: 19:00 }]
    authentication: { amr: [pwd], max_age_minutes: 600 }
`;

const client = (n: number) => `name: Client ${n}
zone: ${n % 2 === 0 ? 'Europe/Paris' : 'Indian/Reunion'}
calendar: ${n % 2 === 0 ? 'FR-AM' : 'RE'}
tags: [sme]
contact: { name: C, mail: c@msp.example }
contract:
  reference: C-${n}
  from: 2025-01-01
  services: [support]
  processing: { subject: x, duration: x, nature: x, purpose: x, data_types: [x], persons: [x], obligations: x }
systems:
  erp:
    name: { en: ERP, fr: ERP }
    hosts: [erp.c${n}.example]
    environment: production
    upstream: { url: "https://10.1.${Math.floor(n / 250)}.${(n % 250) + 1}" }
    profile: generic
    purposes: [hotline, support, diagnosis]
    authentication: { acr: [strong], max_age_minutes: 480 }
assignments: []
controllers: {}
instructions:
  - { id: hours, text: { en: x, fr: x }, hours: { windows: [{ days: [mon, tue, wed, thu, fri, sat], from: 07:00, until: 20:00 }] } }
  - { id: some, text: { en: x, fr: x }, systems: [erp], only: ["team:first-line"], forbids: [diagnosis] }
`;

const documents: readonly PolicyDocument[] = [
  {
    path: 'identity.yaml',
    text: 'organisation: MSP\nzone: Europe/Paris\ncontact: { name: C, mail: c@msp.example }\ndpo: { name: D, mail: d@msp.example, postal: Lyon }\nproviders:\n  staff: { issuer: "https://login.msp.example", label: { en: S, fr: S }, client_id: c, serves: [staff] }\n',
  },
  { path: 'staff.yaml', text: staff },
  { path: 'purposes.yaml', text: `purposes:\n${['hotline', 'support', 'diagnosis'].map(purpose).join('')}` },
  { path: 'profiles/generic.yaml', text: 'application: { en: Any, fr: Toute }\n' },
  ...Array.from({ length: clients }, (_, n) => ({ path: `clients/c${n}.yaml`, text: client(n) })),
];

function policy(): Snapshot {
  const portalUrl = new URL('https://portal.msp.test');
  const compiled = compile(documents, { evaluation: false, production: true, portalUrl });
  if ('faults' in compiled) throw new Error(JSON.stringify(compiled.faults.slice(0, 3)));
  return compiled.snapshot;
}

const authentication = { acr: 'strong', amr: ['pwd', 'otp'], at: now - 10 * MINUTE };

function grantOf(client: string, id: string, fields: Partial<Grant> = {}): Grant {
  return {
    id,
    client,
    version: 1,
    status: 'active',
    systems: ['erp'],
    purposes: ['hotline', 'support'],
    operations: ['read', 'write'],
    people: ['assigned'],
    from: now - 10 * MINUTE,
    until: now + 100_000 * MINUTE,
    upstreamAccount: undefined,
    textHash: '',
    grantedBy: '',
    grantedAt: now,
    ...fields,
  };
}

function questions(operation: Operation, clock: number): readonly Question[] {
  return Array.from({ length: 4096 }, (_, n) => {
    const id = `c${n % clients}`;
    const opening: Opening = {
      id: `o${n}`,
      client: id,
      person: `p${n % 300}`,
      account: { issuer: 'https://login.msp.example', subject: `u-${n % 300}` },
      systems: ['erp'],
      purpose: 'support',
      reference: `CALL-${1000 + n}`,
      note: 'The order list does not open for the accounting department.',
      grant: `g${n}`,
      login: 'l',
      authentication,
      openedAt: clock - MINUTE,
      endsAt: clock + 60 * MINUTE,
      endedAt: undefined,
      endCause: undefined,
    };
    const grant = grantOf(id, `g${n}`);
    return {
      client: id,
      system: 'erp',
      opening,
      grant,
      authentication,
      operation,
      method: 'GET',
      template: '/',
    };
  });
}

/** Per second of CPU, best of five. */
function rate(asked: readonly Question[], one: (question: Question) => unknown): number {
  for (const question of asked) one(question);
  let best = 0;
  for (let round = 0; round < 5; round += 1) {
    const started = performance.now();
    const before = process.cpuUsage();
    let done = 0;
    while (performance.now() - started < 500) {
      for (const question of asked) one(question);
      done += asked.length;
    }
    // CPU and not the clock on the wall: what else runs on the machine is not the rules' doing.
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, (done * 1_000_000) / (user + system));
  }
  return Math.round(best);
}

export function measureDecide(): DecideReport {
  const snapshot = policy();
  const reads = questions('read', now);
  const copies = questions('copy', now);
  const [first, refused] = [reads, copies].map(([question]) => question && decide(snapshot, question, now));
  if (first?.effect !== 'allow' || refused?.effect !== 'refuse')
    throw new Error(JSON.stringify([first, refused]));
  const allowed = rate(reads, (question) => decide(snapshot, question, now));
  const refusals = rate(copies, (question) => decide(snapshot, question, now));
  const explained = rate(reads, (question) => explainDecision(snapshot, question, now));
  return { allowed, refused: refusals, explained, ...measureGrants(snapshot) };
}

function measureGrants(snapshot: Snapshot) {
  const grants = Array.from({ length: 50_000 }, (_, n) =>
    grantOf('c0', `g${n}`, {
      status: n % 2 === 0 ? 'active' : 'revoked',
      // One in a hundred names the system at hand.
      systems: n % 100 < 2 ? ['erp'] : [`s${n % 700}`],
      until: n % 4 === 0 ? now + MINUTE * n : now - MINUTE,
    }),
  );
  const timed = (times: number, work: () => unknown) => {
    work();
    const started = performance.now();
    for (let i = 0; i < times; i += 1) work();
    return (performance.now() - started) / times;
  };
  const indexMs = timed(20, () => indexGrants('c0', grants));
  const index = indexGrants('c0', grants);
  const searchMs = timed(2_000, () => index.candidates('erp', 'support', now));
  const optionsMs = timed(20, () => options(snapshot, 'p0', authentication, 'c0', grants, now));
  const two = (value: number) => Math.round(value * 100) / 100;
  return {
    grants: grants.length,
    indexMs: two(indexMs),
    searchUs: two(searchMs * 1000),
    optionsMs: two(optionsMs),
  };
}

export function printDecide(report: DecideReport): void {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const many = (value: number) => value.toLocaleString('en');
  say('\nrules, one core');
  say(`  allowed             ${many(report.allowed)} decisions a second`);
  say(`  refused, explained  ${many(report.refused)} a second`);
  say(`  explained alone     ${many(report.explained)} a second`);
  say(`agreements, ${many(report.grants)} of one client`);
  say(`  index               ${report.indexMs} ms`);
  say(`  one search          ${report.searchUs} µs`);
  say(`  declaration page    ${report.optionsMs} ms`);
}

if (process.argv[1] === import.meta.filename) printDecide(measureDecide());
