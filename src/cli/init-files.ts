/**
 * The files that `consentry init` writes beside those it copies from the sample: a policy with nobody in it, one client
 * as a sample that is not read yet, and what to do next. As they stand they pass `policy check` and let nobody in.
 */

/** Sample policy files that are the same for every provider: copied as they are. */
export const copiedPolicies = [
  'purposes.yaml',
  'profiles/generic.yaml',
  'profiles/odoo.yaml',
  'profiles/adminer.yaml',
  'profiles/node-red.yaml',
  'profiles/web-terminal.yaml',
  'profiles/webdav.yaml',
  'grant-templates/hotline-hours.yaml',
  'grant-templates/support-on-ticket.yaml',
  'grant-templates/backup-nightly.yaml',
  'grant-templates/ask-me-first.yaml',
  'schema.json',
] as const;

const identity = `# yaml-language-server: $schema=schema.json#/$defs/identity
# Who runs this gateway, and how people sign in. Staff and clients sign in at different issuers.
organisation: YOUR COMPANY
zone: Europe/Paris

contact:
  name: NAME OF A PERSON OR A DESK
  mail: access@example.com

dpo:
  name: NAME
  mail: dpo@example.com
  postal: STREET, CITY, COUNTRY

providers:
  company:
    issuer: https://sso.example.com
    label: { en: Company account, fr: Compte d’entreprise }
    client_id: consentry
    # A file in the folder of the keys, mode 0600, that holds the client secret.
    secret_file: company.secret
    serves: [staff]
#  clients:
#    issuer: https://login.clients.example.com
#    label: { en: Client account, fr: Compte client }
#    client_id: consentry
#    secret_file: clients.secret
#    serves: [controllers]
`;

const staff = `# Current staff. A person is an issuer and a subject at that issuer, never a mail address. Under standing, a
# training is the last day on which it is valid or { done: <day> }; what is missing keeps the person out.
functions:
  support-technician: { en: Support technician, fr: Technicien support }
  systems-administrator: { en: Systems administrator, fr: Administrateur systèmes }
  developer: { en: Developer, fr: Développeur }

teams: [support]

# Who signed an earlier version may go on until the days of grace after the effective day are over.
charter: { version: "1", effective: 2026-01-01, grace_days: 30 }

people: {}
#  a-martin:
#    name: A. Martin
#    issuer: https://sso.example.com
#    subject: 00000000-0000-0000-0000-000000000000
#    employment: employee
#    from: 2026-01-01
#    functions: [support-technician]
#    teams: [support]
#    place: FR
#    standing:
#      security_training: { done: 2026-01-15 }
#      gdpr_training: { done: 2026-01-15 }
#      charter: { version: "1", signed: 2026-01-01 }
#      confidentiality: { signed: 2026-01-01 }
`;

const defaults = `# yaml-language-server: $schema=schema.json#/$defs/defaults
# What holds for every client whose own file says nothing else.
zone: Europe/Paris
contact: { name: Customer service, mail: clients@example.com }
use: contract/standard
host_pattern: "{system}.{client}.door.example.net"
systems:
  "*": { environment: production, profile: generic, purposes: [hotline, support] }
controllers: { issuer: "https://login.clients.example.com" }
`;

const contract = `# yaml-language-server: $schema=../schema.json#/$defs/contract
# The terms that contracts of this kind share; reference and dates stand in each client's own file.
services: [support]
# What article 28(3) of the GDPR asks a contract with a processor to set out: say it as your contracts do.
processing:
  subject: Support of the hosted applications
  duration: As long as the contract
  nature: Remote consultation and changes
  purpose: Help to users
  data_types: [names, contact details, orders]
  persons: [the client's customers, the client's staff]
  obligations: Documented instructions; information and audit; return or deletion at the end
`;

const client = `# yaml-language-server: $schema=../schema.json#/$defs/client
# One client. Rename this file to <id>.yaml, small letters, and run "consentry policy check"; or "consentry client new".
name: CLIENT NAME
status: preparing
contract: { reference: C-0000, from: 2026-01-01 }
systems:
  erp: { name: { en: ERP, fr: Gestion commerciale }, upstream: { url: "https://10.20.0.5:8443", server_name: erp.internal.example.net } }
assignments:
  - { who: "team:support", systems: [erp], from: 2026-01-01, reason: First line for this client }
# Nominations: nobody here may agree to anything before taking a seat with a credential of their own.
controllers: {}
#  b-durand: { name: B. Durand, function: Managing director, role: representative, subject: 00000000-0000-0000-0000-000000000000, authority: "Company register, 2026-01-15" }
# A client without accounts of its own: sign_in: passkey in the place of issuer and subject.
`;

const nextSteps = (folder: string): string => `What to do next                            Que faire maintenant

1. policies/identity.yaml                  1. policies/identity.yaml
   your company, your sign-in service         votre société, votre service de connexion
2. policies/staff.yaml                     2. policies/staff.yaml
   who works here                             qui travaille chez vous
3. policies/defaults.yaml, contracts/      3. policies/defaults.yaml, contracts/
   what all clients share                     ce que les clients ont en commun
4. policies/clients/                       4. policies/clients/
   one file per client, see the sample        un fichier par client, voir l’exemple
5. consentry.env                           5. consentry.env
   the portal's address                       l’adresse du portail
6. load the settings, then                 6. charger les réglages, puis

   set -a; . ${folder}/consentry.env; set +a
   npx consentry keys init
   npx consentry policy check
   npx consentry doctor
   npx consentry client new ID …
   npx consentry client invite --client ID --controller ID
   npx consentry serve

   "npx" is for a checkout, in its folder; an installed archive has bin/consentry instead.
   « npx » vaut pour une copie du projet, dans son dossier ; une archive installée a bin/consentry.
`;

/** Path below the starting folder -> content, for a folder at the absolute path `folder`. */
export function writtenFiles(folder: string, settings: string): ReadonlyMap<string, string> {
  return new Map([
    ['policies/identity.yaml', identity],
    ['policies/staff.yaml', staff],
    ['policies/defaults.yaml', defaults],
    ['policies/contracts/standard.yaml', contract],
    ['policies/clients/client.yaml.sample', client],
    ['consentry.env', settings],
    ['NEXT-STEPS.txt', nextSteps(folder)],
  ]);
}
