/** What each key of `defaults.yaml` and of a contract file means, in one sentence; its shape is said by the schema. */

export const defaultsMeanings = {
  zone: 'Time zone of clients whose file names none.',
  calendar: 'Whose public holidays close hours and are no working days, for clients whose file names none.',
  contact: 'Who at the provider answers, for clients whose file names nobody.',
  'contact.name': 'Name of the person or service.',
  'contact.mail': 'Mail address.',
  use: 'Contract terms of clients whose file names none: `contract/<name>` is `contracts/<name>.yaml`.',
  host_pattern:
    'Host of a system whose file names none, such as `{system}.{client}.door.example`; becomes an exact host while compiling.',
  systems: 'What a system with that id is at every client; `"*"` is every system. Its own file comes first.',
  'systems.<id>.name': 'What it is called; one text stands for both languages.',
  'systems.<id>.environment': '`production`, or `test` if it holds no real data.',
  'systems.<id>.profile': 'Profile that tells reads, writes and copies apart: a file in `profiles/`.',
  'systems.<id>.purposes': 'Purposes that may be declared for it; an empty list means none.',
  'systems.<id>.door': 'Under which name it is reached: `second-name` or `same-name`.',
  'systems.<id>.closed_by':
    'What closes every other way into it: `firewall`, `upstream-auth`, `assertion` or `not-closed`.',
  'systems.<id>.authentication': 'What a sign-in must have been; left out: nothing more.',
  'systems.<id>.authentication.acr': 'Accepted levels (`acr`); an empty list accepts any.',
  'systems.<id>.authentication.amr': 'Methods (`amr`) that must all have been used.',
  'systems.<id>.authentication.max_age_minutes': 'Greatest age of the sign-in in minutes.',
  controllers: 'What holds for nominations whose file does not say it.',
  'controllers.issuer': 'Issuer at which clients’ people sign in.',
  display:
    'How clients whose file does not say it are shown technicians: by `name` or by `pseudonym`; left out: by name.',
  webhooks:
    'Where the webhooks may lead that representatives add, for clients whose file says nothing about it; left out: to public addresses.',
  'webhooks.private_networks':
    'Whether they may lead into private networks, such as `10.0.0.0/8`. Never to this machine, its links or metadata services.',
  tickets:
    'How a reference is checked at the provider’s ticket system for clients whose file says nothing about it.',
  'tickets.check':
    'Address that is asked, with `{reference}` and perhaps `{client}` in it. It answers `200 {"open": true, "client": "acme"}` with this client’s id, or 404; within two seconds.',
  'tickets.summary':
    'Address that gets the summary of an access by POST when its technician presses the button, with `{reference}` and perhaps `{client}` in it; signed with `CONSENTRY_TICKET_SECRET`. Left out: it can be copied.',
  'tickets.secret_file': 'File in the folder of the keys that holds a bearer token; left out: none is sent.',
  'tickets.ca_file':
    'Authorities that alone are trusted there: `certificates/<name>.pem`; left out: those of the machine.',
  'tickets.on_failure':
    'What becomes of a declaration whose reference is not confirmed: `refuse` it, or `mark` it for the client to see.',
} as const;

export const contractMeanings = {
  reference: 'Reference, when all contracts of this kind have one and the same.',
  from: 'First day.',
  until: 'Last day; left out: no end is known.',
  services: 'Services ordered; a purpose needs its service here.',
  processing: 'What article 28(3) of the GDPR asks a contract with a processor to set out.',
  'processing.subject': 'Subject matter.',
  'processing.duration': 'Duration.',
  'processing.nature': 'Nature of the processing.',
  'processing.purpose': 'Purpose of the processing.',
  'processing.data_types': 'Types of personal data.',
  'processing.persons': 'Categories of data subjects.',
  'processing.obligations': 'Obligations and rights of the controller.',
} as const;
