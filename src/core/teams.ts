/**
 * Teams that somebody is in because their identity provider says so: the groups of a sign-in, by what identity.yaml
 * lets them mean now. They add to the teams of the staff file and never take one away.
 */
import type { Authentication, IdentityProvider, Person, Snapshot } from './model.ts';

/** The person as this sign-in shows them. The very same person when it brought no group. */
export function seenAs(
  snapshot: Pick<Snapshot, 'providers'>,
  person: Person,
  authentication: Authentication | undefined,
): Person {
  const groups = authentication?.groups;
  if (groups === undefined || groups.length === 0) return person;
  const provider = snapshot.providers.find(({ issuer }) => issuer === person.issuer);
  const more = groups.map((group) => provider?.teams.get(group)).filter((team) => team !== undefined);
  return more.length === 0 ? person : { ...person, teams: [...person.teams, ...more] };
}

/** Of a claim's groups, those that this provider's file entry gives a meaning; nothing else is kept of them. */
export function knownGroups(
  provider: IdentityProvider,
  claims: Readonly<Record<string, unknown>>,
): readonly string[] {
  const said = provider.groupsClaim === undefined ? undefined : claims[provider.groupsClaim];
  const groups: readonly unknown[] = Array.isArray(said) ? said : [said];
  return [...provider.teams.keys()].filter((group) => groups.includes(group));
}
