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
  'contract.until':
    'Last day; left out: no end is known. From the next day on nobody gets in, and every agreement is suspended.',
  'contract.services': 'Services ordered; a purpose needs its service here.',
  'contract.processing':
    'What article 28(3) of the GDPR asks a contract with a processor to set out; all of it.',
  'contract.processing.subject': 'Subject matter.',
  'contract.processing.duration': 'Duration.',
  'contract.processing.nature': 'Nature of the processing.',
  'contract.processing.purpose': 'Purpose of the processing.',
  'contract.processing.data_types': 'Types of personal data.',
  'contract.processing.persons': 'Categories of data subjects.',
  'contract.processing.obligations': 'Obligations and rights of the controller.',
  systems: 'The client’s systems that are reached through the gateway, by id.',
  'systems.<id>.name': 'What the system is called; one text stands for both languages. Left out: its id.',
  'systems.<id>.kind':
    '`outside`: it has no web address (a desktop, a database tool, a call). It is agreed to and declared like any other, and never served.',
  'systems.<id>.hosts':
    'Host names under which the gateway serves it, without port; the first is the usual one.',
  'systems.<id>.public_url':
    'Address under which the client’s own people reach it, `https://…`: technicians who paste a link below it find the system. It opens nothing and is no secret.',
  'systems.<id>.environment': '`production`, or `test` if it holds no real data.',
  'systems.<id>.upstream': 'Where its requests go.',
  'systems.<id>.upstream.url': 'Origin of the system itself, such as `https://10.1.2.3:8443`; no path.',
  'systems.<id>.upstream.server_name': 'Name expected in its certificate; left out: the host of `url`.',
  'systems.<id>.upstream.ca_file':
    'Authorities that alone are trusted for it: `certificates/<name>.pem` in the policy folder; left out: those of the machine.',
  'systems.<id>.upstream.host':
    'The `Host` that it is sent: the `public` one, the `upstream`’s own, or the name that it knows itself under. With the latter two, `Origin` and `Referer` are written as it knows them, and `Location` back.',
  'systems.<id>.upstream.shared_upstream':
    'Why this upstream also serves another client; both must say so, and both logs tell it.',
  'systems.<id>.profile': 'Profile that tells reads, writes and copies apart: a file in `profiles/`.',
  'systems.<id>.credential':
    'What the client handed over for the provider to work with. The gateway sends it up; nobody sees it.',
  'systems.<id>.credential.kind':
    '`basic` (password), `bearer` (token), `header` (a header line), `certificate` (client certificate with its key, PEM).',
  'systems.<id>.credential.file':
    'Secret file: `<client>/<file>` in the folder of the credentials (`CONSENTRY_CREDENTIALS`), mode 0600 in folders of mode 0700.',
  'systems.<id>.credential.header': 'Name of the header line, for kind `header` only.',
  'systems.<id>.credential.account':
    'Name of the account at the client’s system; it stands on agreements and in the log, and is the user name for `basic`.',
  'systems.<id>.credential.handed_over_by': 'Who handed it over.',
  'systems.<id>.credential.handed_over_on': 'On which day.',
  'systems.<id>.credential.document': 'Reference of the document that says so.',
  'systems.<id>.credential.rotate_by':
    'Day by which it should be replaced; after it the client sees it as overdue.',
  'systems.<id>.door':
    '`second-name`: reached here under hosts of its own. `same-name`: under its public host, which leads here inside the provider’s network only. Left out: `second-name`.',
  'systems.<id>.closed_by':
    'What closes every other way into it: `firewall`, `upstream-auth` (it asks for an account at once), `assertion` (it takes only what the gateway signs), or `not-closed`, which the client is told. Left out: `not-closed`. `consentry doctor bypass` tries it.',
  'systems.<id>.purposes': 'Purposes that may be declared for it; an empty list means none.',
  'systems.<id>.authentication': 'What a sign-in must have been for this system; left out: nothing more.',
  'systems.<id>.authentication.acr': 'Accepted levels (`acr`); an empty list accepts any.',
  'systems.<id>.authentication.amr': 'Methods (`amr`) that must all have been used.',
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
  'controllers.<id>.sign_in':
    '`passkey`: signs in here with a passkey alone. `mail-totp`: by a mail to `mail` and a code of an authenticator app, for people who can use no passkey; weaker, see `accept_without_signature`. With either there is neither `issuer` nor `subject`. Left out: with the account that these two name.',
  'controllers.<id>.issuer': 'Issuer at which the person signs in; never one that also serves staff.',
  'controllers.<id>.subject':
    'The person’s subject at that issuer. The same account may stand in the files of several clients.',
  'controllers.<id>.mail': 'Mail address to which notices go; left out: the person gets none.',
  'controllers.<id>.language': 'Language of the notices, `fr` or `en`; left out: French.',
  'controllers.<id>.weekly_mail':
    'Whether the weekly mail is sent; left out: it is. Notices about people and requests are always sent.',
  'controllers.<id>.authority': 'Reference of the document that says this person may act for the client.',
  instructions: 'The client’s instructions, shown to the technician each time.',
  'instructions[].id': 'Id of the instruction.',
  'instructions[].text': 'The instruction in words.',
  'instructions[].systems': 'Systems to which it applies; left out: all.',
  'instructions[].purposes': 'Purposes to which it applies; left out: all.',
  'instructions[].forbids': 'Purposes that it forbids.',
  'instructions[].hours': 'Hours in which access is allowed; left out: at any time.',
  'instructions[].hours.zone': 'Time zone of these hours; left out: the client’s own.',
  'instructions[].hours.windows': 'Windows of the week; outside all of them it is closed.',
  'instructions[].hours.windows[].days': 'Days on which the window begins.',
  'instructions[].hours.windows[].from': 'Beginning, such as `08:00`.',
  'instructions[].hours.windows[].until':
    'End; one that is not after the beginning lies on the next day. `24:00` is midnight.',
  'instructions[].hours.holidays': 'Whether public holidays of the client’s `calendar` are closed.',
  'instructions[].no_copy': 'Whether copies are forbidden.',
  'instructions[].only': 'Persons, or `team:<id>`, that alone may come; an empty list means nobody.',
  watch:
    'What is usual for this client; an opening that is not is shown to it as worth a look. Refuses nothing.',
  'watch.hours':
    'Hours in which openings usually lie; left out: Monday to Friday, 07:00 to 20:00, without public holidays.',
  'watch.hours.zone': 'Time zone of these hours; left out: the client’s own.',
  'watch.hours.windows': 'Windows of the week.',
  'watch.hours.windows[].days': 'Days on which the window begins.',
  'watch.hours.windows[].from': 'Beginning, such as `08:00`.',
  'watch.hours.windows[].until':
    'End; one that is not after the beginning lies on the next day. `24:00` is midnight.',
  'watch.hours.holidays': 'Whether public holidays of the client’s `calendar` are closed.',
  'watch.megabytes':
    'Megabytes that usually leave the system in one opening, by purpose; left out: 50, and no limit for purposes that may copy.',
  accept_without_signature:
    'Whether agreements count that people with `sign_in: mail-totp` give: nobody’s key has signed them, which is weaker evidence and told as such. Left out: they do not, and such people read, ask and stop only.',
  absence: 'What holds when nobody of the client is there, such as in summer.',
  'absence.single_approver_until':
    'Last day until which one approver is accepted; left out, or over: `consentry policy check` and `consentry rollout` take one approver for a fault.',
  'absence.reason': 'Why one approver is accepted; needed beside the day.',
  'absence.escalate_after':
    'Minutes after which the next representative, in the order of `controllers`, is to be told of a request that waits; left out: all are told at once.',
  'absence.emergency_contacts':
    'Whom technicians call when no agreement fits and nobody answers; shown where they declare and while a request waits.',
  'absence.emergency_contacts[].name': 'Name of the person.',
  'absence.emergency_contacts[].phone': 'Telephone number.',
  tickets:
    'How a reference is checked at the provider’s ticket system before an access is declared under it; left out: it is not.',
  'tickets.check':
    'Address that is asked, with `{reference}` and perhaps `{client}` in it. It answers `200 {"open": true, "client": "acme"}` with this client’s id, or 404; within two seconds.',
  'tickets.summary':
    'Address that gets the summary of an access by POST when its technician presses the button, with `{reference}` and perhaps `{client}` in it; signed with `CONSENTRY_TICKET_SECRET`. Left out: it can be copied.',
  'tickets.secret_file': 'File in the folder of the keys that holds a bearer token; left out: none is sent.',
  'tickets.ca_file':
    'Authorities that alone are trusted there: `certificates/<name>.pem`; left out: those of the machine.',
  'tickets.on_failure':
    'What becomes of a declaration whose reference is not confirmed: `refuse` it, or `mark` it for the client to see.',
  display:
    'How the client is shown technicians: by `name`, or by `pseudonym`, which is one for each person at this client, the same in every year. With both stands the function. Left out: by name.',
  webhooks:
    'Where the webhooks may lead that representatives add in the portal; left out: to public addresses.',
  'webhooks.private_networks':
    'Whether they may lead into private networks, such as `10.0.0.0/8`. Never to this machine, its links or metadata services.',
  copies: 'This client’s own limits on copies of its data; left out: those of the purpose alone.',
  'copies.keep_days': 'Days that a copy may be kept at most, where that is less than the purpose says.',
  calendar:
    'Whose public holidays count, for hours and for the two working days in which you answer what the client asks: France, Alsace-Moselle (`FR-AM`), an overseas territory, or `none`.',
} as const;
