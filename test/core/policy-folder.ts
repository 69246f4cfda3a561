/** A small policy folder that is in order, and ways to change one place of it. */
import type { Compiled, CompileOptions } from '../../src/core/policy/compile.ts';
import type { PolicyDocument } from '../../src/core/policy/document.ts';
import { joined } from '../../src/core/policy/slice-parts.ts';

export const serving: CompileOptions = {
  evaluation: false,
  production: true,
  portalUrl: new URL('https://portal.msp.example'),
};

/** All that a client can read of the rules. */
export function rulesIn({ sliceOf }: Compiled, client: string): string {
  return joined(client, sliceOf(client)?.parts ?? []);
}

/** What a contract must set out, on one line. */
export const processing =
  '{ subject: help, duration: term, nature: remote, purpose: help, data_types: [names], persons: [users], obligations: law }';

const files: Readonly<Record<string, string>> = {
  'identity.yaml': `organisation: MSP
zone: Europe/Paris
dpo: { name: D, mail: d@msp.example, postal: Lyon }
providers:
  staff:
    issuer: https://login.msp.example
    label: { en: Staff, fr: Personnel }
    client_id: consentry
    serves: [staff]
  clients:
    issuer: https://login.clients.example
    label: { en: Clients, fr: Clients }
    client_id: consentry
    serves: [controllers]
contact: { name: C, mail: c@msp.example }
`,
  'staff.yaml': `functions:
  technician: { en: Technician, fr: Technicien }
teams: [first-line]
people:
  alice:
    name: Alice
    issuer: https://login.msp.example
    subject: u-1
    employment: employee
    from: 2025-03-30
    functions: [technician]
    teams: [first-line]
    place: FR
    standing: { security_training: 2026-12-31, gdpr_training: 2026-12-31, charter: { version: "2", signed: 2025-03-30 }, confidentiality: 2026-12-31 }
users:
  david: { name: David, role: dpo, issuer: "https://login.msp.example", subject: u-9 }
charter: { version: "2", effective: 2025-01-01, grace_days: 30 }
`,
  'purposes.yaml': `purposes:
  support:
    label: { en: Support, fr: Support }
    description: { en: Help, fr: Aider }
    operations: [read, write]
    functions: [technician]
    service: support
    reference: required
    note: optional
    minutes: 60
    production: true
`,
  'clients/acme.yaml': `name: Acme
zone: Europe/Paris
contact: { name: C, mail: c@msp.example }
contract: { reference: C-1, from: 2025-01-01, until: 2026-12-31, services: [support], processing: ${processing} }
systems:
  erp:
    name: { en: ERP, fr: ERP }
    hosts: [erp.acme.example]
    environment: production
    upstream: { url: "https://10.1.0.1:8443", server_name: erp.internal }
    profile: shop
    purposes: [support]
assignments:
  - { who: alice, systems: [erp], from: 2025-01-01, reason: first line }
controllers:
  claire:
    name: Claire
    function: CEO
    role: representative
    issuer: https://login.clients.example
    subject: c-1
    authority: Kbis
instructions:
  - { id: look, text: { en: Look, fr: Regarder }, forbids: [] }
absence: { single_approver_until: 2030-12-31, reason: a small firm }
`,
  'clients/martin.yaml': `name: Martin
zone: Indian/Reunion
contact: { name: C, mail: c@msp.example }
contract: { reference: C-2, from: 2025-01-01, services: [support], processing: ${processing} }
systems:
  payroll:
    name: { en: Payroll, fr: Paie }
    hosts: [payroll.martin.example]
    environment: test
    upstream: { url: "https://10.2.0.1" }
    profile: generic
    purposes: [support]
    authentication: { acr: [strong], max_age_minutes: 30 }
assignments:
  - { who: "team:first-line", systems: ["*"], from: 2025-01-01, until: 2025-12-31, reason: first line }
controllers: {}
absence: { single_approver_until: 2030-12-31, reason: nobody yet }
`,
  'profiles/shop.yaml': `application: { en: Shop, fr: Boutique }
routes:
  - { path: /customers, operation: read }
  - { path: "/customers/:id", operation: write }
  - { path: /export, operation: copy }
  - { path: /static/**, operation: read, static: true }
  - { path: /ws, operation: read, socket: true }
  - { path: /rpc, operation: read, peek: { pointer: /m, reads: [get] } }
`,
  'profiles/generic.yaml': `application: { en: Any, fr: Toute }
`,
};

/** The folder's documents, with the texts given in place of its own; undefined leaves a file out. */
export function folder(
  changed: Readonly<Record<string, string | undefined>> = {},
): readonly PolicyDocument[] {
  return Object.entries({ ...files, ...changed }).flatMap(([path, text]) =>
    text === undefined ? [] : [{ path, text }],
  );
}

/** The folder with the one occurrence of `from` in `path` replaced. Throws when there is none, or more than one. */
export function edited(path: string, from: string, to: string): readonly PolicyDocument[] {
  return folder({ [path]: replaced(path, from, to) });
}

/** The text of a file with one place replaced. */
export function replaced(path: string, from: string, to: string): string {
  const parts = (files[path] ?? '').split(from);
  if (parts.length !== 2) throw new Error(`${path} holds ${JSON.stringify(from)} ${parts.length - 1} times`);
  return parts.join(to);
}
