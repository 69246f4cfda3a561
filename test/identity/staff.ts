/** Staff as the tests of joiners and leavers need it: a policy with people, and a real ledger behind the portal. */
import {
  accountKey,
  type IdentityProvider,
  type Person,
  type ProviderUser,
  type Snapshot,
  type Who,
} from '../../src/core/model.ts';
import { snapshot } from './portal.ts';

export function technician(
  id: string,
  issuer: string,
  how: { readonly subject?: string; readonly mail?: string },
  more: Partial<Person> = {},
): Person {
  return {
    id,
    name: `${id} of the tests`,
    issuer,
    subject: how.subject ?? '',
    ...(how.mail === undefined ? {} : { mail: how.mail }),
    employment: 'employee',
    provider: undefined,
    from: 0,
    until: undefined,
    functions: [],
    teams: [],
    place: 'FR',
    standing: {
      securityTraining: undefined,
      gdprTraining: undefined,
      charter: undefined,
      confidentiality: undefined,
    },
    ...more,
  };
}

/** As `compile` would put it together: entries without a subject are nobody's account yet. */
export function policyOf(
  providers: readonly IdentityProvider[],
  people: readonly Person[],
  users: readonly ProviderUser[] = [],
): Snapshot {
  const accounts = new Map<string, Who>();
  for (const person of people)
    if (person.subject !== '')
      accounts.set(accountKey(person.issuer, person.subject), { kind: 'technician', person });
  for (const user of users)
    if (user.subject !== '')
      accounts.set(accountKey(user.issuer, user.subject), { kind: 'provider-user', user });
  return {
    ...snapshot(providers, []),
    people: new Map(people.map((person) => [person.id, person])),
    users: new Map(users.map((user) => [user.id, user])),
    accounts,
  };
}
