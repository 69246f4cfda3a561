/** What each key of a file of cases means, in one sentence; its shape is said by the schema. */

export const caseMeanings = {
  cases: 'Accesses and what must come out; they run in `policy check` and before a policy takes effect.',
  'cases[].name': 'The case in words.',
  'cases[].person': 'Who.',
  'cases[].client': 'At which client.',
  'cases[].system': 'On which system.',
  'cases[].purpose': 'For which purpose.',
  'cases[].at': 'When.',
  'cases[].method': 'Method of the request.',
  'cases[].path': 'Its path, with a query if need be.',
  'cases[].reference': 'Reference that was declared.',
  'cases[].note': 'Note that was declared.',
  'cases[].authentication': 'How the person signed in.',
  'cases[].authentication.acr': 'Level (`acr`).',
  'cases[].authentication.amr': 'Methods (`amr`).',
  'cases[].authentication.minutes_ago': 'How long ago, in minutes.',
  'cases[].grant':
    'What the client agreed to: `none`, or where it differs from exactly what is asked with every operation.',
  'cases[].grant.systems': 'Systems.',
  'cases[].grant.purposes': 'Purposes.',
  'cases[].grant.operations': 'Operations.',
  'cases[].grant.people': 'People: ids, `team:<id>`, or `assigned`.',
  'cases[].grant.from': 'First day or instant.',
  'cases[].grant.until': 'Last day or instant.',
  'cases[].grant.status': 'State of the agreement.',
  'cases[].expect': '`allow`, or the code of the refusal.',
} as const;
