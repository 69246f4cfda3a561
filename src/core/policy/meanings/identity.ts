/** What each key of `identity.yaml` means, in one sentence; its shape is said by the schema. */

export const identityMeanings = {
  organisation: 'Name of the provider, as clients read it.',
  zone: 'Time zone in which dates of the staff file are whole days, such as `Europe/Paris`.',
  territories:
    'Territories in which staff may work, as two capitals (`FR`, `RE`). May only name fewer than the European Union has; left out: the whole Union.',
  contact: 'Whom people ask about this gateway, shown on every page that no client’s own contact stands on.',
  'contact.name': 'Name, or the name of a desk.',
  'contact.mail': 'Mail address.',
  dpo: 'The provider’s data protection officer, shown wherever clients look.',
  'dpo.name': 'Name.',
  'dpo.mail': 'Mail address.',
  'dpo.postal': 'Postal address at which requests are received.',
  places:
    'Places from which `consentry doctor bypass` tries the systems around this door, such as `[office, internet]`; a door counts as closed when it was tried from all of them. Left out: none.',
  providers: 'Identity providers at which people sign in, by an id of yours.',
  'providers.<id>.issuer': 'Issuer address, exactly as the provider announces it.',
  'providers.<id>.label': 'What the button to sign in says.',
  'providers.<id>.client_id': 'Client id under which this gateway is registered there.',
  'providers.<id>.secret_file':
    'File in the folder of the keys that holds the client secret; left out: a public client.',
  'providers.<id>.serves':
    'Whom it signs in: `staff`, `controllers`. In production no issuer serves both; an empty list signs in nobody.',
  'providers.<id>.subject_claim':
    'Claim that identifies a person, for providers whose `sub` differs per application.',
  'providers.<id>.scopes':
    'Scopes that are asked for at sign-in. `offline_access` brings a refresh token, `email` the address by which entries are bound.',
  'providers.<id>.prompt':
    '`consent` for providers that give refresh tokens only to people who are asked for consent; left out: nothing is asked.',
  'providers.<id>.groups_claim':
    'Claim of the ID token that lists the person’s groups; left out: groups are not read.',
  'providers.<id>.teams': 'Which team of the staff file each group is, by the group’s name there.',
} as const;
