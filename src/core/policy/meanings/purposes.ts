/** What each key of `purposes.yaml` means, in one sentence; its shape is said by the schema. */

export const purposeMeanings = {
  purposes: 'The closed list of purposes, by code. What is not here cannot be declared.',
  'purposes.<id>.label': 'What the purpose is called.',
  'purposes.<id>.description': 'What work under this purpose is, shown when it is declared and agreed to.',
  'purposes.<id>.operations':
    'Operations that it permits at most: `read`, `write`, `copy`. Agreement and contract may only narrow them.',
  'purposes.<id>.functions': 'Functions of staff that may declare it.',
  'purposes.<id>.service': 'Service that the client’s contract must list for it.',
  'purposes.<id>.reference': 'Whether a ticket or intervention must be named.',
  'purposes.<id>.note': 'Whether the reason must be written in words.',
  'purposes.<id>.minutes': 'Longest duration of one access, in minutes.',
  'purposes.<id>.finish_minutes':
    'Minutes for which a running transfer may outlive the end of its access; never a stop.',
  'purposes.<id>.production': 'Whether it may be used on production systems.',
} as const;
