/** What each key of `staff.yaml` means, in one sentence; its shape is said by the schema. */

export const staffMeanings = {
  functions: 'Functions that people have, by id, with what they are called.',
  teams: 'Ids of teams; client files assign a team as `team:<id>`.',
  notice:
    'What technicians read and confirm before their first declaration, and whenever `version` changes; left out: no page. `deploy/legal/` has a text.',
  'notice.version': 'Its version.',
  'notice.recorded': 'What is recorded of their work.',
  'notice.readers': 'Who reads it.',
  'notice.kept': 'How long it is kept.',
  'notice.rights': 'Their rights, and whom they ask.',
  charter: 'The IT charter in force.',
  'charter.version': 'Its version, as people sign it.',
  'charter.effective': 'Day from which on it applies.',
  'charter.grace_days': 'Days after that for which the signature of an earlier version still holds.',
  validity_months: 'For how many months a training holds that is given by the day on which it was done.',
  'validity_months.security_training': 'Months for the security training.',
  'validity_months.gdpr_training': 'Months for the data protection training.',
  people: 'Current staff, by an id of yours that stands in logs.',
  'people.<id>.name': 'Name, as clients read it.',
  'people.<id>.issuer': 'Issuer at which the person signs in.',
  'people.<id>.subject': 'The person’s subject at that issuer; a mail address is not one.',
  'people.<id>.mail':
    'Instead of `subject`: the first account that signs in at that issuer with this address, verified, becomes the person’s for good.',
  'people.<id>.employment': '`employee` of the provider, or a person of one of its own `provider`s.',
  'people.<id>.provider':
    'Which provider of `providers.yaml` a person with `employment: provider` works for.',
  'people.<id>.from': 'First day of employment.',
  'people.<id>.until': 'Last day of employment; left out: no end is known.',
  'people.<id>.functions': 'Functions of the person; they decide which purposes may be declared.',
  'people.<id>.teams': 'Teams the person belongs to.',
  'people.<id>.place':
    'Territory from which the person works, as two capitals; overseas territories have their own (`RE`, `NC`).',
  'people.<id>.standing': 'Trainings and signatures. A missing one keeps the person out.',
  'people.<id>.standing.security_training':
    'Security awareness training: the last day on which it is valid, or the day on which it was done.',
  'people.<id>.standing.security_training.done': 'Day of the training; it holds for `validity_months`.',
  'people.<id>.standing.gdpr_training':
    'Training on the handling of clients’ personal data: the last day on which it is valid, or the day on which it was done.',
  'people.<id>.standing.gdpr_training.done': 'Day of the training; it holds for `validity_months`.',
  'people.<id>.standing.charter': 'Signature of the IT charter.',
  'people.<id>.standing.charter.version':
    'Version that was signed; an earlier one holds until the grace is over.',
  'people.<id>.standing.charter.signed': 'Day of the signature.',
  'people.<id>.standing.confidentiality':
    'Confidentiality undertaking: the last day on which it is valid, or the day on which it was signed.',
  'people.<id>.standing.confidentiality.signed': 'Day of the signature; it holds until further notice.',
  assignments: 'Assignments to several clients at once; a client’s own stand in its file.',
  'assignments[].who': 'A person’s id, or `team:<id>`.',
  'assignments[].clients': 'Ids of clients, or `tag:<tag>` for all that carry it.',
  'assignments[].systems': 'Ids of systems; `"*"` alone means every system of each client.',
  'assignments[].from': 'First day.',
  'assignments[].until': 'Last day; left out: no end is known.',
  'assignments[].reason': 'Why; the clients can read it.',
  users: 'People of the provider who use the portal without touching client systems, by id.',
  'users.<id>.name': 'Name, as clients read it.',
  'users.<id>.role': '`contact` answers clients’ questions; `dpo` reads across clients.',
  'users.<id>.issuer': 'Issuer at which the user signs in.',
  'users.<id>.subject': 'The user’s subject at that issuer.',
  'users.<id>.mail': 'Instead of `subject`, as for people.',
  robots: 'Machines that come in by themselves, by an id of yours that stands in logs; see `docs/robots.md`.',
  'robots.<id>.name': 'What it is called; people read ⚙ Robot before it.',
  'robots.<id>.issuer': 'Issuer that gives it its tokens; one of `identity.yaml` that serves staff.',
  'robots.<id>.client_id': 'Its own client at that issuer; people sign in with another.',
  'robots.<id>.subject':
    'What `sub` of its tokens is, where the issuer gives machines a subject of their own; left out: its `client_id`.',
  'robots.<id>.audience':
    'What `aud` of its tokens has to be, and nothing beside; left out: the portal’s address.',
  'robots.<id>.proof':
    'How it proves itself to the issuer: `private-key` (private_key_jwt), `certificate` (mutual TLS), or `secret`, which is weaker: where a strong sign-in is asked, it stays out.',
  'robots.<id>.responsible':
    'Id of the employee who answers for it, shown to clients; once they left it stays out, which `policy check` tells beforehand.',
  'robots.<id>.place': 'Territory in which the machine stands.',
  'robots.<id>.from': 'First day.',
  'robots.<id>.until': 'Last day; left out: no end is known.',
  'robots.<id>.purposes': 'Purposes it may declare; each needs `robots: true`.',
  'robots.<id>.zone': 'Time zone of its windows; left out: the provider’s own.',
  'robots.<id>.windows': 'When it may come; outside of them it is refused. An empty list means never.',
  'robots.<id>.windows[].days': 'Days on which the window begins: `mon` to `sun`; public holidays too.',
  'robots.<id>.windows[].from': 'When it begins.',
  'robots.<id>.windows[].until': 'When it ends; not after `from`: on the next day.',
  'robots.<id>.windows[].latest':
    'It is expected each time, and must have begun by then: a run that did not come stands in the client’s log. Left out: it may stay away.',
} as const;
