/** What each key of a client’s file means, in one sentence; its shape is said by the schema. */

export const clientMeanings = {
  name: 'Name of the client.',
  use: 'Contract terms that others share: `contract/<name>` is `contracts/<name>.yaml`. What `contract` says itself comes first.',
  host_pattern: 'Host of a system that names none, such as `{system}.{client}.door.example`.',
  zone: 'Time zone in which this client reads times and in which its dates are whole days.',
  tags: 'Tags by which assignments may mean this client together with others.',
  status: 'Nobody is served before `live` nor after `ended`.',
  contact: 'Who at the provider answers for this client’s systems; shown wherever the client looks.',
  'contact.name': 'Name of the person or service.',
  'contact.mail': 'Mail address.',
  contract: 'The contract in force. Outside its dates nobody gets in.',
  'contract.reference': 'Reference of the contract.',
  'contract.from': 'First day.',
  'contract.until': 'Last day; left out: no end is known.',
  'contract.services': 'Services ordered; a purpose needs its service here.',
  systems: 'The client’s systems that are reached through the gateway, by id.',
  'systems.<id>.name': 'What the system is called; one text stands for both languages. Left out: its id.',
  'systems.<id>.kind':
    '`outside`: it has no web address (a desktop, a database tool, a call). It is agreed to and declared like any other, and never served.',
  'systems.<id>.hosts':
    'Host names under which the gateway serves it, without port; the first is the usual one.',
  'systems.<id>.environment': '`production`, or `test` if it holds no real data.',
  'systems.<id>.upstream': 'Where its requests go.',
  'systems.<id>.upstream.url': 'Origin of the system itself, such as `https://10.1.2.3:8443`; no path.',
  'systems.<id>.upstream.server_name': 'Name expected in its certificate; left out: the host of `url`.',
  'systems.<id>.upstream.ca_file':
    'Authorities that alone are trusted for it: `certificates/<name>.pem` in the policy folder; left out: those of the machine.',
  'systems.<id>.upstream.host': 'The `Host` that it is sent: the `public` one, or the `upstream`’s own.',
  'systems.<id>.upstream.shared_upstream':
    'Why this upstream also serves another client; both must say so, and both logs tell it.',
  'systems.<id>.profile': 'Profile that tells reads, writes and copies apart: a file in `profiles/`.',
  'systems.<id>.purposes': 'Purposes that may be declared for it; an empty list means none.',
  'systems.<id>.authentication': 'What a sign-in must have been for this system; left out: nothing more.',
  'systems.<id>.authentication.acr': 'Accepted levels (`acr`); an empty list accepts any.',
  'systems.<id>.authentication.amr':
    'Methods (`amr`) of which one must have been used; an empty list accepts any.',
  'systems.<id>.authentication.max_age_minutes': 'Greatest age of the sign-in in minutes.',
  assignments: 'Who needs to work here, for how long and why.',
  'assignments[].who': 'A person’s id, or `team:<id>`.',
  'assignments[].systems': 'Ids of systems; `"*"` alone means every system of this client.',
  'assignments[].from': 'First day.',
  'assignments[].until': 'Last day; left out: no end is known.',
  'assignments[].reason': 'Why; the client can read it.',
  controllers:
    'The client’s own people who may use the portal, by id. A nomination: it permits nothing until a seat is taken.',
  'controllers.<id>.name': 'Name.',
  'controllers.<id>.function': 'Function in the client’s organisation.',
  'controllers.<id>.role':
    '`representative` agrees, stops, seats others; `delegate` approves within what was set and stops; `reader` reads and stops.',
  'controllers.<id>.issuer': 'Issuer at which the person signs in; never one that also serves staff.',
  'controllers.<id>.subject': 'The person’s subject at that issuer.',
  'controllers.<id>.authority': 'Reference of the document that says this person may act for the client.',
  instructions: 'The client’s instructions, shown to the technician each time.',
  'instructions[].id': 'Id of the instruction.',
  'instructions[].text': 'The instruction in words.',
  'instructions[].forbids': 'Purposes that it forbids.',
} as const;
