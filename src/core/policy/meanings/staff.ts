/** What each key of `staff.yaml` means, in one sentence; its shape is said by the schema. */

export const staffMeanings = {
  functions: 'Functions that people have, by id, with what they are called.',
  teams: 'Ids of teams; client files assign a team as `team:<id>`.',
  people: 'Current staff, by an id of yours that stands in logs.',
  'people.<id>.name': 'Name, as clients read it.',
  'people.<id>.issuer': 'Issuer at which the person signs in.',
  'people.<id>.subject': 'The person’s subject at that issuer; a mail address is not one.',
  'people.<id>.mail':
    'Instead of `subject`: the first account that signs in at that issuer with this address, verified, becomes the person’s for good.',
  'people.<id>.employment': '`employee` of the provider, or a person of one of its own `provider`s.',
  'people.<id>.from': 'First day of employment.',
  'people.<id>.until': 'Last day of employment; left out: no end is known.',
  'people.<id>.functions': 'Functions of the person; they decide which purposes may be declared.',
  'people.<id>.teams': 'Teams the person belongs to.',
  'people.<id>.place':
    'Territory from which the person works, as two capitals; overseas territories have their own (`RE`, `NC`).',
  'people.<id>.standing':
    'Trainings and signatures, each with the last day on which it is valid. A missing one keeps the person out.',
  'people.<id>.standing.security_training': 'Security awareness training.',
  'people.<id>.standing.gdpr_training': 'Training on the handling of clients’ personal data.',
  'people.<id>.standing.charter': 'Signature of the current IT charter.',
  'people.<id>.standing.confidentiality': 'Confidentiality undertaking.',
  users: 'People of the provider who use the portal without touching client systems, by id.',
  'users.<id>.name': 'Name, as clients read it.',
  'users.<id>.role': '`contact` answers clients’ questions; `dpo` reads across clients.',
  'users.<id>.issuer': 'Issuer at which the user signs in.',
  'users.<id>.subject': 'The user’s subject at that issuer.',
  'users.<id>.mail': 'Instead of `subject`, as for people.',
} as const;
