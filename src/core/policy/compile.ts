/**
 * Compiles the files of a policy folder into the snapshot that exchanges are decided on, or says everything that is
 * wrong with them. Pure and deterministic: the same texts and options always give the same snapshot and hashes.
 */
import type { Client, IdentityProvider, Person, Profile, ProviderUser, Purpose, Snapshot } from '../model.ts';
import { termFor } from '../pseudonyms.ts';
import { parseReferencePattern } from '../reference-pattern.ts';
import { buildClient } from './build-client.ts';
import { buildProfile } from './build-profile.ts';
import { buildRobots, checkRobots } from './build-robots.ts';
import {
  buildCopies,
  buildDemand,
  buildStanding,
  buildSubProcessors,
  createScheduler,
} from './build-rules.ts';
import { type PolicyCase, readCases } from './cases.ts';
import { checkAccounts } from './check-accounts.ts';
import { checkAddresses } from './check-addresses.ts';
import { checkCredentials, type Secrets } from './check-credentials.ts';
import { checkProviderSecrets, type KeyFiles } from './check-provider-secrets.ts';
import { checkReferences } from './check-references.ts';
import { checkRules } from './check-rules.ts';
import { checkTickets } from './check-tickets.ts';
import { type Complaints, createComplaints } from './complaints.ts';
import type { PolicyDocument } from './document.ts';
import { type PolicyFault, sortFaults } from './faults.ts';
import { deepFreeze } from './freeze.ts';
import { type Files, gather, type Parsed } from './gather.ts';
import { indexes } from './indexes.ts';
import { endOf, startOf } from './instants.ts';
import { createMemory } from './memory.ts';
import { buildTemplate } from './schema-templates.ts';
import type { IdentityFile, PurposesFile, StaffFile } from './schemas.ts';
import { sharedAssignments } from './shared-assignments.ts';
import { createSlicer, globalHash, type Slice, type Slicer, type Term } from './slices.ts';
import { unionTerritories } from './territories.ts';
import type { Variables } from './variables.ts';

export interface CompileOptions {
  /** Loopback only, one identity provider for everybody, upstreams on this machine. */
  readonly evaluation: boolean;
  /** Refuses what only a trial may do. */
  readonly production: boolean;
  /** Gives the systems' public scheme and port, and the domain they must keep away from. */
  readonly portalUrl: URL;
  /** What `${NAME}` stands for. */
  readonly variables?: Variables;
  /** What is wrong with the secret files of credentials; left out: they are not looked at. */
  readonly secrets?: Secrets;
  /** What is wrong with the files in the keys folder; left out: they are not looked at. */
  readonly keyFiles?: KeyFiles;
  /** The secret behind pseudonyms, '' when there is none; left out: they are others than those of the gateway, and anybody could work them out. */
  readonly pseudonymKey?: string;
}

export interface Compiled {
  readonly snapshot: Snapshot;
  /** The policy's own test cases; see `runCases`. */
  readonly cases: readonly PolicyCase[];
  /** A client's slice, made when asked for; undefined: there is no such client. */
  readonly sliceOf: SliceOf;
}

/**
 * Texts are large, many, and needed only when one is recorded or compared; so they are made of what they came from
 * instead of being kept.
 */
export type SliceOf = (client: string) => Slice | undefined;

export interface Faulty {
  readonly faults: readonly PolicyFault[];
}

/**
 * The snapshot, frozen all the way down; or all faults in order of file, line and column. Never throws on texts.
 * With `parsed` of the last compilation under the same options, only what changed is parsed.
 */
export function compile(
  documents: readonly PolicyDocument[],
  options: CompileOptions,
  parsed?: Parsed,
): Compiled | Faulty {
  const { files, faults } = gather(documents, options.variables ?? {}, parsed);
  const complaints = createComplaints();
  checkReferences(files, complaints);
  checkRules(files, complaints);
  checkRobots(files, complaints);
  checkAccounts(files, options, complaints);
  checkAddresses(files, options, complaints);
  checkCredentials(files, options.secrets, complaints);
  checkProviderSecrets(files, options.keyFiles, complaints);
  checkTickets(files, options, complaints);
  checkDisplay(files, options, complaints);
  const profiles = buildProfiles(files, complaints);
  const term: Term = (client, person) => termFor(options.pseudonymKey ?? '', client, person);
  const clients = buildClients(files, profiles, options.portalUrl, term, complaints);
  const cases = readCases(files.cases, complaints);
  const all = [...faults, ...complaints.faults];
  const { identity, staff, purposes } = files;
  if (all.length > 0 || identity === undefined || staff === undefined || purposes === undefined) {
    return { faults: sortFaults(all) };
  }
  const { zone } = identity.content;
  const people = new Map([...buildPeople(staff.content, zone), ...buildRobots(staff.content, zone)]);
  const users = buildUsers(staff.content);
  const snapshot: Snapshot = {
    hash: globalHash(files),
    providers: buildProviders(identity.content),
    people,
    users,
    purposes: buildPurposes(purposes.content),
    subProcessors: buildSubProcessors(files.providers?.content, zone),
    functions: new Map(Object.entries(staff.content.functions)),
    clients,
    templates: buildTemplates(files),
    ...(staff.content.notice === undefined ? {} : { notice: staff.content.notice }),
    territories: new Set(identity.content.territories ?? unionTerritories),
    ...indexes(people, users, clients),
    dpo: identity.content.dpo,
    contact: identity.content.contact,
    organisation: identity.content.organisation,
    ...(identity.content.places === undefined ? {} : { places: identity.content.places }),
  };
  return { snapshot: deepFreeze(snapshot), cases, sliceOf: slicesOf(files, term) };
}

function slicesOf(files: Files, term: Term): SliceOf {
  let slicer: Slicer | undefined;
  return (id) => {
    const content = files.clients.get(id)?.content;
    slicer ??= createSlicer(files, term);
    return content && slicer.slice(id, content);
  };
}

function buildTemplates({ templates }: Files): Snapshot['templates'] {
  const built = [...templates].flatMap(([id, file]) =>
    file === undefined ? [] : [[id, buildTemplate(id, file.content)] as const],
  );
  return new Map(built);
}

/** Pseudonyms that are worked out without the key would be others from one reading to the next. */
function checkDisplay({ clients }: Files, { pseudonymKey }: CompileOptions, complaints: Complaints): void {
  for (const file of clients.values()) {
    if (file?.content.display === undefined || pseudonymKey !== '') continue;
    complaints.add(file, ['display'], 'needs the keys of the installation: consentry keys init makes them');
  }
}

const profileMemory = createMemory<Profile>();
const clientMemory = createMemory<Client>();

function buildProfiles(files: Files, complaints: Complaints): ReadonlyMap<string, Profile> {
  const built = new Map<string, Profile>();
  for (const [id, file] of files.profiles) {
    if (file === undefined) continue;
    const make = () => buildProfile(id, file, complaints);
    const profile = profileMemory(file, [id], () => withoutComplaint(complaints, make)) ?? make();
    built.set(id, profile);
  }
  return built;
}

/** What was made, unless something was wrong with it: that has to be said every time. */
function withoutComplaint<T>(complaints: Complaints, make: () => T | undefined): T | undefined {
  const before = complaints.faults.length;
  const made = make();
  return complaints.faults.length === before ? made : undefined;
}

function buildClients(
  files: Files,
  profiles: ReadonlyMap<string, Profile>,
  portalUrl: URL,
  term: Term,
  complaints: Complaints,
): ReadonlyMap<string, Client> {
  const built = new Map<string, Client>();
  const { staff, identity, purposes, providers, certificates } = files;
  const slicer = createSlicer(files, term);
  const staffIds = Object.keys(staff?.content.people ?? {});
  // A machine is called what it is called.
  const robots = Object.keys(staff?.content.robots ?? {}).map((robot): [string, string] => [robot, robot]);
  const schedule = createScheduler();
  const general = [portalUrl.href, identity?.content, purposes?.content, providers?.content];
  for (const [id, file] of files.clients) {
    if (file === undefined) continue;
    const systems = Object.values(file.content.systems);
    const used = systems.flatMap((system) => [
      profiles.get(system.profile),
      certificates.get(system.upstream.ca_file ?? ''),
    ]);
    used.push(certificates.get(file.content.tickets?.ca_file ?? ''));
    const make = (): Client | undefined => {
      const client = buildClient(
        {
          id,
          file,
          profiles,
          certificates,
          portalUrl,
          shared: sharedAssignments(id, file.content, staff?.content),
          staffZone: identity?.content.zone ?? 'UTC',
          purposes: purposes?.content.purposes ?? {},
          schedule,
          terms: () => new Map([...robots, ...staffIds.map((person) => [person, term(id, person)] as const)]),
        },
        complaints,
      );
      if (client === undefined) return undefined;
      return { ...client, sliceHash: slicer.slice(id, file.content).hash };
    };
    const inputs = [id, slicer.staffOf(id, file.content), ...general, ...used];
    if (file.content.display !== undefined)
      inputs.push(term(id, ''), [...robots.flat(), ...staffIds].join(' '));
    const client = clientMemory(file, inputs, () => withoutComplaint(complaints, make));
    if (client !== undefined) built.set(id, client);
  }
  return built;
}

function buildProviders({ providers }: IdentityFile): readonly IdentityProvider[] {
  return Object.entries(providers).map(([id, source]) => ({
    id,
    issuer: source.issuer,
    label: source.label,
    clientId: source.client_id,
    secretFile: source.secret_file,
    serves: source.serves,
    subjectClaim: source.subject_claim,
    scopes: source.scopes,
    ...(source.prompt === undefined ? {} : { prompt: [source.prompt] }),
    groupsClaim: source.groups_claim,
    teams: new Map(Object.entries(source.teams)),
  }));
}

/** Dates in the staff file are days in the provider's own zone; a date that cannot be read never lets anybody in. */
function buildPeople(
  { people, charter, validity_months }: StaffFile,
  zone: string,
): ReadonlyMap<string, Person> {
  const ends = (date: string | undefined) => (date === undefined ? undefined : (endOf(date, zone) ?? 0));
  const built = Object.entries(people).map(([id, source]): [string, Person] => [
    id,
    {
      id,
      name: source.name,
      ...accountOf(source),
      employment: source.employment,
      provider: source.provider,
      from: startOf(source.from, zone) ?? Number.POSITIVE_INFINITY,
      until: ends(source.until),
      functions: source.functions,
      teams: source.teams,
      place: source.place,
      standing: buildStanding(source.standing, charter, validity_months, zone),
    },
  ]);
  return new Map(built);
}

function buildUsers({ users }: StaffFile): ReadonlyMap<string, ProviderUser> {
  const built = Object.entries(users).map(([id, source]): [string, ProviderUser] => [
    id,
    { id, name: source.name, role: source.role, ...accountOf(source) },
  ]);
  return new Map(built);
}

/** An entry with a mail address has no subject until an account is bound to it (core/people.ts). */
function accountOf(source: {
  readonly issuer: string;
  readonly subject?: string | undefined;
  readonly mail?: string | undefined;
}): Pick<Person, 'issuer' | 'subject' | 'mail'> {
  const { issuer, subject = '', mail } = source;
  return mail === undefined ? { issuer, subject } : { issuer, subject, mail: mail.toLowerCase() };
}

function buildPurposes({ purposes }: PurposesFile): ReadonlyMap<string, Purpose> {
  const built = Object.entries(purposes).map(([code, source]): [string, Purpose] => [
    code,
    {
      code,
      label: source.label,
      description: source.description,
      operations: source.operations,
      functions: source.functions,
      ...(source.robots === true ? { robots: true } : {}),
      service: source.service,
      referenceRequired: source.reference === 'required',
      referencePatterns: (source.reference_patterns ?? [])
        .map(parseReferencePattern)
        .filter((pattern) => pattern !== undefined),
      noteRequired: source.note === 'required',
      noteMinimum: source.note_minimum,
      minutes: source.minutes,
      finishMinutes: source.finish_minutes,
      production: source.production,
      authentication: buildDemand(source.authentication),
      copies: buildCopies(source.copies),
    },
  ]);
  return new Map(built);
}
