/** What each key of `purposes.yaml` means, in one sentence; its shape is said by the schema. */

export const purposeMeanings = {
  purposes: 'The closed list of purposes, by code. What is not here cannot be declared.',
  'purposes.<id>.label': 'What the purpose is called.',
  'purposes.<id>.description': 'What work under this purpose is, shown when it is declared and agreed to.',
  'purposes.<id>.operations':
    'Operations that it permits at most: `read`, `write`, `copy`. Agreement and contract may only narrow them.',
  'purposes.<id>.functions': 'Functions of staff that may declare it.',
  'purposes.<id>.robots':
    '`true`: robots that name it may declare it too, such as for backups; left out: people alone.',
  'purposes.<id>.service': 'Service that the client’s contract must list for it.',
  'purposes.<id>.reference': 'Whether a ticket or intervention must be named.',
  'purposes.<id>.reference_patterns':
    'Forms of which a reference must have one: `#` is digits, `####` exactly four, `*` a word; left out: any form. References that the form gives while there is no ticket yet (`CALL-…`) pass only if a form such as `CALL-*` is among them.',
  'purposes.<id>.note': 'Whether the reason must be written in words.',
  'purposes.<id>.note_minimum': 'Letters and digits that a required note must have at least.',
  'purposes.<id>.minutes': 'Longest duration of one access, in minutes.',
  'purposes.<id>.finish_minutes':
    'Minutes for which a running transfer may outlive the end of its access; never a stop.',
  'purposes.<id>.production': 'Whether it may be used on production systems.',
  'purposes.<id>.copies':
    'What becomes of copies that are taken under this purpose; left out: 30 days, a week of grace, a day to say where they are.',
  'purposes.<id>.copies.keep_days': 'Days after which a copy must be destroyed or returned; left out: 30.',
  'purposes.<id>.copies.grace_days':
    'Days after that in which new copies still pass for whoever took it; left out: 7.',
  'purposes.<id>.copies.answer_hours':
    'Hours within which whoever took a copy says where it is kept and who answers for it, before new copies are refused to them; left out: 24.',
  'purposes.<id>.copies.custodian':
    'Who answers for copies when the rules, not the technician, say where they go, such as those of robots; needed beside `place`.',
  'purposes.<id>.copies.place': 'Where such copies are kept; left out: whoever takes one has to say it.',
  'purposes.<id>.hours': 'Hours in which it may be used; left out: at any time.',
  'purposes.<id>.hours.zone': 'Time zone of these hours; left out: the client’s own.',
  'purposes.<id>.hours.windows': 'Windows of the week; outside all of them it is closed.',
  'purposes.<id>.hours.windows[].days': 'Days on which the window begins.',
  'purposes.<id>.hours.windows[].from': 'Beginning, such as `08:00`.',
  'purposes.<id>.hours.windows[].until':
    'End; one that is not after the beginning lies on the next day. `24:00` is midnight.',
  'purposes.<id>.hours.holidays': 'Whether public holidays of the client’s `calendar` are closed.',
  'purposes.<id>.authentication':
    'What a sign-in must have been for this purpose, besides what the system asks.',
  'purposes.<id>.authentication.acr': 'Accepted levels (`acr`); an empty list accepts any.',
  'purposes.<id>.authentication.amr': 'Methods (`amr`) that must all have been used.',
  'purposes.<id>.authentication.max_age_minutes': 'Greatest age of the sign-in in minutes.',
} as const;
