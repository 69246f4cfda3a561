/** Makes a client, with its systems, out of its file. All names have been checked before. */
import { X509Certificate } from 'node:crypto';
import type { Credential } from '../credential.ts';
import type {
  AnySystem,
  Assignment,
  Client,
  ControllerUser,
  Instruction,
  Profile,
  System,
  Upstream,
} from '../model.ts';
import { mailAccount, passkeyAccount } from '../model.ts';
import type { Schedule } from '../schedule.ts';
import type { Watch } from '../worth-a-look.ts';
import { buildDemand, type Scheduler } from './build-rules.ts';
import type { Complaints } from './complaints.ts';
import { endOf, startOf } from './instants.ts';
import type { ParsedFile } from './parse.ts';
import type { CredentialSource } from './schema-credential.ts';
import type { HoursSource } from './schema-rules.ts';
import type { ClientFile, PurposesFile } from './schemas.ts';
import type { SharedAssignment } from './shared-assignments.ts';

export interface ClientParts {
  readonly id: string;
  readonly file: ParsedFile<ClientFile>;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly certificates: ReadonlyMap<string, string>;
  readonly portalUrl: URL;
  /** Assignments that reach this client from the staff file. */
  readonly shared: readonly SharedAssignment[];
  /** Zone of the staff file's dates. */
  readonly staffZone: string;
  readonly purposes: PurposesFile['purposes'];
  readonly schedule: Scheduler;
  /** By what this client is to know each technician. */
  readonly terms: () => ReadonlyMap<string, string>;
}

type SystemSource = ClientFile['systems'][string];

/** The client without its slice; unreadable certificates are added to `complaints`. */
export function buildClient(
  parts: ClientParts,
  complaints: Complaints,
): Omit<Client, 'sliceHash'> | undefined {
  const { id, file } = parts;
  const { content } = file;
  const systems = new Map<string, System>();
  for (const [systemId, source] of Object.entries(content.systems)) {
    const profile = parts.profiles.get(source.profile);
    if (profile === undefined) return undefined; // a faulty profile, reported where it stands
    checkCertificates(parts, ['systems', systemId, 'upstream', 'ca_file'], source.upstream, complaints);
    systems.set(systemId, buildSystem(parts, systemId, source, profile));
  }
  checkCertificates(parts, ['tickets', 'ca_file'], content.tickets, complaints);
  return {
    id,
    name: content.name,
    tags: content.tags,
    status: content.status,
    systems,
    outside: new Map(
      Object.entries(content.outside).map(([outside, source]) => [
        outside,
        buildOutside(id, outside, source),
      ]),
    ),
    contract: {
      reference: content.contract.reference,
      ...period(content.contract, content.zone),
      services: content.contract.services,
    },
    assignments: [
      ...content.assignments.map((source) => buildAssignment(source, content.zone)),
      ...parts.shared.map((source) => buildAssignment(source, parts.staffZone)),
    ],
    controllers: Object.entries(content.controllers).map(([userId, said]): ControllerUser => {
      const { sign_in, issuer = '', subject = '', weekly_mail: weekly, ...user } = said;
      const own = sign_in === 'mail-totp' ? mailAccount(id, userId) : passkeyAccount(id, userId);
      const account = sign_in === undefined ? { issuer, subject } : own;
      return { id: userId, client: id, ...user, ...account, weekly };
    }),
    instructions: content.instructions.map((source) => buildInstruction(source, content, parts.schedule)),
    hours: hoursOf(parts, content),
    watch: watchOf(parts, content),
    ...absenceOf(content),
    ...(content.display === undefined ? {} : { display: { level: content.display, terms: parts.terms() } }),
    ...ticketsOf(content, parts.certificates),
    ...(content.accept_without_signature === true ? { acceptsWithoutSignature: true } : {}),
    ...(content.copies === undefined ? {} : { copyDays: content.copies.keep_days }),
    privateHooks: content.webhooks?.private_networks === true,
    contact: content.contact,
    zone: content.zone,
    calendar: content.calendar,
  };
}

function absenceOf({ absence, zone }: ClientFile): Pick<Client, 'absence'> {
  if (absence === undefined) return {};
  const { single_approver_until: until, escalate_after, emergency_contacts } = absence;
  return {
    absence: {
      singleApproverUntil: until === undefined ? undefined : endOf(until, zone),
      escalateAfter: escalate_after,
      emergencyContacts: emergency_contacts,
    },
  };
}

function ticketsOf(
  { tickets }: ClientFile,
  certificates: ReadonlyMap<string, string>,
): Pick<Client, 'tickets'> {
  if (tickets === undefined) return {};
  const { check: address, summary: summaryAddress, secret_file: secretFile, ca_file } = tickets;
  const { on_failure: onFailure } = tickets;
  const ca = ca_file === undefined ? undefined : certificates.get(ca_file);
  return { tickets: { address, secretFile, ca, onFailure, summaryAddress } };
}

function buildOutside(client: string, id: string, source: ClientFile['outside'][string]): AnySystem {
  const { name, environment, purposes } = source;
  return { id, client, name, environment, purposes, authentication: buildDemand(source.authentication) };
}

function buildSystem(parts: ClientParts, id: string, source: SystemSource, profile: Profile): System {
  const { protocol, port } = parts.portalUrl;
  const host = source.hosts[0] ?? '';
  return {
    id,
    client: parts.id,
    name: source.name,
    hosts: source.hosts,
    publicOrigin: `${protocol}//${host}${port === '' ? '' : `:${port}`}`,
    ...(source.public_url === undefined ? {} : { publicUrl: source.public_url }),
    environment: source.environment,
    upstream: buildUpstream(source.upstream, parts.certificates),
    profile,
    credential: source.credential && buildCredential(source.credential, parts.file.content.zone),
    purposes: source.purposes,
    authentication: buildDemand(source.authentication),
    ...doorOf(source),
  };
}

function doorOf({ door, closed_by }: SystemSource): Pick<System, 'door'> {
  if (door === undefined && closed_by === undefined) return {};
  return { door: { name: door ?? 'second-name', closedBy: closed_by ?? 'not-closed' } };
}

function buildInstruction(
  source: ClientFile['instructions'][number],
  { zone, calendar }: ClientFile,
  schedule: Scheduler,
): Instruction {
  return {
    id: source.id,
    text: source.text,
    systems: source.systems,
    purposes: source.purposes,
    forbids: source.forbids,
    hours: source.hours === undefined ? undefined : schedule(source.hours, zone, calendar),
    noCopy: source.no_copy,
    only: source.only,
  };
}

/** What is usual where the file says nothing: a working week. */
const usualHours: HoursSource = {
  windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '07:00', until: '20:00' }],
  holidays: 'closed',
};

function watchOf({ schedule }: ClientParts, { watch, zone, calendar }: ClientFile): Watch {
  const bytes = Object.entries(watch?.megabytes ?? {}).map(
    ([code, most]) => [code, most * 1_000_000] as const,
  );
  return { hours: schedule(watch?.hours ?? usualHours, zone, calendar), bytes: new Map(bytes) };
}

/** The hours of the purposes that this client's systems serve. */
function hoursOf(
  { purposes, schedule }: ClientParts,
  { systems, outside, zone, calendar }: ClientFile,
): ReadonlyMap<string, Schedule> {
  const served = new Set(
    [...Object.values(systems), ...Object.values(outside)].flatMap(({ purposes }) => purposes),
  );
  const found = new Map<string, Schedule>();
  for (const code of served) {
    const source = purposes[code]?.hours;
    if (source !== undefined) found.set(code, schedule(source, zone, calendar));
  }
  return found;
}

function buildCredential(source: CredentialSource, zone: string): Credential {
  return {
    kind: source.kind,
    file: source.file,
    header: source.header,
    account: source.account,
    handedOverBy: source.handed_over_by,
    handedOverOn: source.handed_over_on,
    document: source.document,
    rotateBy: source.rotate_by === undefined ? undefined : (endOf(source.rotate_by, zone) ?? 0),
  };
}

function buildUpstream(
  source: SystemSource['upstream'],
  certificates: ReadonlyMap<string, string>,
): Upstream {
  const url = new URL(source.url);
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return {
    origin: url.origin,
    protocol: url.protocol === 'https:' ? 'https:' : 'http:',
    hostname,
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    serverName: source.server_name ?? hostname,
    ca: source.ca_file === undefined ? undefined : certificates.get(source.ca_file),
    host: source.host,
    ...(source.shared_upstream === undefined ? {} : { shared: source.shared_upstream }),
  };
}

function buildAssignment(
  source: ClientFile['assignments'][number] | SharedAssignment,
  zone: string,
): Assignment {
  return { who: source.who, systems: source.systems, ...period(source, zone), reason: source.reason };
}

/** A date that cannot be read was refused before; should one get here, the period is empty. */
function period(
  source: { readonly from: string; readonly until?: string | undefined },
  zone: string,
): { readonly from: number; readonly until: number | undefined } {
  const until = source.until === undefined ? undefined : (endOf(source.until, zone) ?? 0);
  return { from: startOf(source.from, zone) ?? Number.POSITIVE_INFINITY, until };
}

function checkCertificates(
  parts: ClientParts,
  at: readonly PropertyKey[],
  trusting: { readonly ca_file?: string | undefined } | undefined,
  complaints: Complaints,
): void {
  const bundle = parts.certificates.get(trusting?.ca_file ?? '');
  if (bundle === undefined) return;
  const found = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (bundle.includes('PRIVATE KEY')) complaints.add(parts.file, at, 'the file holds a private key');
  if (found.length === 0) complaints.add(parts.file, at, 'the file holds no certificate');
  for (const certificate of found) {
    try {
      new X509Certificate(certificate);
    } catch {
      complaints.add(parts.file, at, 'the file holds a certificate that cannot be read');
    }
  }
}
