/**
 * The words of the domain as types: what a policy compiles to, what a client agrees to, what a technician
 * declares. Pure data, deeply readonly; every instant is epoch milliseconds UTC, every duration says its unit.
 */
import type { Absence } from './absence.ts';
import type { CopyRules } from './copies.ts';
import type { Credential } from './credential.ts';
import type { Door } from './doors.ts';
import type { Calendar } from './holidays.ts';
import type { Profile } from './profile-model.ts';
import type { GrantTemplate } from './proposals.ts';
import type { Display } from './pseudonyms.ts';
import type { ReferencePattern } from './reference-pattern.ts';
import type { Robot } from './robots.ts';
import type { Schedule } from './schedule.ts';
import type { StaffNotice } from './staff-notice.ts';
import type { TicketCheck } from './ticket-check.ts';
import type { Watch } from './worth-a-look.ts';

export type { EndCause, Grant, GrantStatus, Opening } from './agreed.ts';
export type {
  GraphqlPeek,
  HeaderPeek,
  Peek,
  PointerPeek,
  Profile,
  QueryCondition,
  Route,
  SelectPeek,
} from './profile-model.ts';

/** A sentence for people. Both languages are always there. */
export interface Text {
  readonly en: string;
  readonly fr: string;
}

export type Language = keyof Text;

/** How a request is classified for its system. */
export type Operation = 'read' | 'write' | 'copy';

/** What the browser wants the answer for; stands on the log line. */
export type Destination = 'page' | 'call' | 'asset' | 'download' | 'upload' | 'socket';

/** A person is issuer + subject at an identity provider, never a mail address. */
export interface Account {
  readonly issuer: string;
  readonly subject: string;
}

/** How somebody proved who they are; `at` is the provider's `auth_time`. */
export interface Authentication {
  readonly acr: string | undefined;
  readonly amr: readonly string[];
  readonly at: number;
  /** Groups that the provider named then, of those that its `teams` knew; left out: none. */
  readonly groups?: readonly string[];
}

export interface IdentityProvider {
  readonly id: string;
  readonly issuer: string;
  readonly label: Text;
  readonly clientId: string;
  /** Name of the secret file or setting that holds the client secret; never the secret. */
  readonly secretFile: string | undefined;
  readonly serves: readonly ('staff' | 'controllers')[];
  /** The claim that identifies a person; `sub` unless the provider makes `sub` differ per application. */
  readonly subjectClaim: string;
  readonly scopes: readonly string[];
  /** What the provider asks people at each sign-in, because it would give no refresh token otherwise. */
  readonly prompt?: readonly 'consent'[] | undefined;
  /** The claim that lists a person's groups; undefined: groups are not looked at. */
  readonly groupsClaim: string | undefined;
  /** Group of the provider -> team of the staff file. */
  readonly teams: ReadonlyMap<string, string>;
}

/** From when on, and until just before when, something holds; epoch milliseconds, `Infinity` for no end. */
export interface Validity {
  readonly from: number;
  readonly until: number;
}

/** Training, charter, confidentiality: when each is valid, or undefined if it is missing. */
export interface Standing {
  readonly securityTraining: Validity | undefined;
  readonly gdprTraining: Validity | undefined;
  readonly charter: Validity | undefined;
  readonly confidentiality: Validity | undefined;
}

/** A provider's own provider, whose people may come in once it is approved. */
export interface SubProcessor {
  readonly id: string;
  readonly name: string;
  /** Territories of establishment and of work. */
  readonly country: string;
  readonly places: readonly string[];
  /** When what was checked before holds; undefined: nothing was. */
  readonly guarantees: Validity | undefined;
  /** Client -> when its own approval holds. */
  readonly approvals: ReadonlyMap<string, Validity>;
}

/** What a sign-in must be like: one of the classes, all of the methods, not older than so many seconds. */
export interface AuthenticationDemand {
  readonly acr: readonly string[];
  readonly amr: readonly string[];
  readonly maxAgeSeconds: number | undefined;
}

/** Somebody of the staff file. Its subject is empty, which no account's is, until an account was bound to its mail. */
export interface Staff extends Account {
  readonly id: string;
  readonly name: string;
  /** In small letters. The account that first signs in with this address, verified, becomes the entry's. */
  readonly mail?: string | undefined;
}

export interface Person extends Staff {
  readonly employment: 'employee' | 'provider';
  /** The sub-processor that a person of a provider works for. */
  readonly provider: string | undefined;
  readonly from: number;
  readonly until: number | undefined;
  readonly functions: readonly string[];
  readonly teams: readonly string[];
  /** Declared territory of work, ISO 3166 with French overseas territories apart (FR, RE, NC ...). */
  readonly place: string;
  readonly standing: Standing;
  /** Set when it is a machine: nobody, who has no account on the pages. Left out: a human being. */
  readonly robot?: Robot;
}

/** Somebody of the provider who uses the portal without touching client systems. */
export interface ProviderUser extends Staff {
  /** Set when the company's directory says that they have left. */
  readonly until?: number | undefined;
  readonly role: 'contact' | 'dpo';
}

export type ControllerRole = 'representative' | 'delegate' | 'reader';

/** The issuer of accounts that are a passkey here and no account anywhere else; no address, so no provider can be it. */
export const passkeyIssuer = 'consentry:passkey';

/** The account of somebody who signs in with a passkey alone. */
export function passkeyAccount(client: string, controller: string): Account {
  return { issuer: passkeyIssuer, subject: `${client}/${controller}` };
}

/** The issuer of accounts that are a mail address and an app's code here; no address either. */
export const mailIssuer = 'consentry:mail';

/** The account of somebody who signs in by mail and code. */
export function mailAccount(client: string, controller: string): Account {
  return { issuer: mailIssuer, subject: `${client}/${controller}` };
}

/** Whether an account is one of ours, and of no provider. */
export function isOwnAccount({ issuer }: Pick<Account, 'issuer'>): boolean {
  return issuer === passkeyIssuer || issuer === mailIssuer;
}

/** Ids of people whom a representative named begin thus, and hold sixteen hexadecimal digits; those of files should not. */
const namedByClient = /^p-[0-9a-f]{16}$/;

/** Whether a person's id is one that a representative's invitation gives. */
export function isInvitedByClient({ id }: Pick<ControllerUser, 'id'>): boolean {
  return namedByClient.test(id);
}

/** A nomination, from a client file or by a representative. It permits nothing until the ledger says `controller.seated`. */
export interface ControllerUser extends Account {
  readonly id: string;
  readonly client: string;
  readonly name: string;
  readonly function: string;
  readonly role: ControllerRole;
  /** Reference of the document that says this person may act for the client. */
  readonly authority: string;
  /** Where notices go; left out: nowhere. */
  readonly mail?: string | undefined;
  /** Of notices; left out: French. */
  readonly language?: Language | undefined;
  /** False: no weekly mail. */
  readonly weekly?: boolean | undefined;
}

export interface Purpose {
  readonly code: string;
  readonly label: Text;
  readonly description: Text;
  /** Operations this purpose permits at most. */
  readonly operations: readonly Operation[];
  /** Functions of staff that may declare it. */
  readonly functions: readonly string[];
  /** Machines may declare it too; left out: people alone. */
  readonly robots?: boolean;
  /** Service of the contract that must be in force. */
  readonly service: string;
  readonly referenceRequired: boolean;
  /** A reference that is given has one of these forms; empty: any. */
  readonly referencePatterns: readonly ReferencePattern[];
  readonly noteRequired: boolean;
  /** Letters and digits that a required note has at least. */
  readonly noteMinimum: number;
  /** Longest duration of one opening. */
  readonly minutes: number;
  /** How long a running transfer may outlive the expiry of its opening. */
  readonly finishMinutes: number;
  /** May be used on production systems. */
  readonly production: boolean;
  /** Required authentication, beside what the system requires. */
  readonly authentication: AuthenticationDemand | undefined;
  /** What becomes of copies taken under it; left out: as usual. */
  readonly copies?: CopyRules | undefined;
}

export interface Assignment {
  /** A person id, or `team:<name>`. */
  readonly who: string;
  /** System ids of this client, or `*`. */
  readonly systems: readonly string[];
  readonly from: number;
  readonly until: number | undefined;
  readonly reason: string;
}

export interface Contract {
  readonly reference: string;
  readonly from: number;
  readonly until: number | undefined;
  readonly services: readonly string[];
}

/** One instruction of the controller, shown to the technician each time, and the conditions it sets. */
export interface Instruction {
  readonly id: string;
  readonly text: Text;
  /** Where it applies; undefined: on every system, for every purpose. */
  readonly systems: readonly string[] | undefined;
  readonly purposes: readonly string[] | undefined;
  /** Purposes this instruction forbids, if any. */
  readonly forbids: readonly string[];
  readonly hours: Schedule | undefined;
  readonly noCopy: boolean;
  /** Person ids or `team:<name>`: nobody else; undefined: whoever else may. */
  readonly only: readonly string[] | undefined;
}

/** Where requests of a system go. Name and CA come from here only, never from a request. */
export interface Upstream {
  readonly origin: string;
  readonly protocol: 'http:' | 'https:';
  readonly hostname: string;
  readonly port: number;
  /** Name checked in the upstream's certificate and sent as SNI. */
  readonly serverName: string;
  /** PEM bundle that alone is trusted for this upstream; undefined: the system's roots. */
  readonly ca: string | undefined;
  /** The `Host` header sent up: `public`, `upstream` (its own address), or a name that it knows itself under. */
  readonly host: string;
  /** Why another client's system leads to the same place; undefined: none is meant to. */
  readonly shared?: string | undefined;
}

/** What is agreed to and declared: served here, or outside. */
export interface AnySystem {
  readonly id: string;
  readonly client: string;
  readonly name: Text;
  readonly environment: 'production' | 'test';
  /** Purposes the client file allows on this system; empty means none. */
  readonly purposes: readonly string[];
  /** Required authentication; undefined: none. */
  readonly authentication: AuthenticationDemand | undefined;
}

/** A system that the gateway serves. */
export interface System extends AnySystem {
  /** Lower case, without port. */
  readonly hosts: readonly string[];
  /** `https://erp.acme.example`: what the browser sees for the first host. */
  readonly publicOrigin: string;
  /** Under which the client's own people reach it, past the gateway; only to find the system by. Left out: not known. */
  readonly publicUrl?: string;
  readonly upstream: Upstream;
  readonly profile: Profile;
  /** What the client handed over for the provider to work with; undefined: people sign in themselves. */
  readonly credential?: Credential | undefined;
  /** Left out: a name of its own, and nothing is said to close other ways. */
  readonly door?: Door;
}

export type ClientStatus = 'preparing' | 'live' | 'ended';

export interface Client {
  readonly id: string;
  readonly name: string;
  /** What assignments may name instead of the client, as `tag:<tag>`. */
  readonly tags: readonly string[];
  /** Only a live client is served; one in preparation may already seat its people and agree. */
  readonly status: ClientStatus;
  readonly systems: ReadonlyMap<string, System>;
  /** Systems without a web address: declared, never served, never observed. Their ids are not among `systems`. */
  readonly outside: ReadonlyMap<string, AnySystem>;
  readonly contract: Contract;
  readonly assignments: readonly Assignment[];
  readonly controllers: readonly ControllerUser[];
  readonly instructions: readonly Instruction[];
  /** Purpose -> its hours in this client's zone and calendar; a purpose that is not there has none. */
  readonly hours: ReadonlyMap<string, Schedule>;
  /** `sha256:<base64url>` over the canonical text of this client's own slice; the text itself stands in its log. */
  readonly sliceHash: string;
  /** What is usual here; what is not is shown to the client first. */
  readonly watch: Watch;
  /** Whether webhooks may lead into private networks; left out: they may not. */
  readonly privateHooks?: boolean;
  /** How references are checked against the ticket system; left out: nobody asks. */
  readonly tickets?: TicketCheck;
  /** Agreements count that somebody gave by mail and code, without a signature; left out: they do not. */
  readonly acceptsWithoutSignature?: boolean;
  /** Days that copies of it may be kept at most; left out: as long as the purpose says. */
  readonly copyDays?: number;
  /** What holds when nobody of the client is there; left out: its file says nothing about it. */
  readonly absence?: Absence;
  /** How its people are shown technicians; left out: by name. */
  readonly display?: Display;
  readonly contact: { readonly name: string; readonly mail: string };
  /** IANA zone in which times are shown to this client. */
  readonly zone: string;
  /** Whose public holidays are no working days here. */
  readonly calendar: Calendar;
}

/** The compiled, immutable policy that one exchange is decided on. */
export interface Snapshot {
  /** What staff read before their first declaration, and whenever its version changes; left out: nothing. */
  readonly notice?: StaffNotice;
  readonly hash: string;
  readonly providers: readonly IdentityProvider[];
  readonly people: ReadonlyMap<string, Person>;
  readonly users: ReadonlyMap<string, ProviderUser>;
  readonly purposes: ReadonlyMap<string, Purpose>;
  readonly subProcessors: ReadonlyMap<string, SubProcessor>;
  /** What the functions of staff are called. */
  readonly functions: ReadonlyMap<string, Text>;
  /** What contacts may propose, by name. */
  readonly templates: ReadonlyMap<string, GrantTemplate>;
  readonly clients: ReadonlyMap<string, Client>;
  readonly hosts: ReadonlyMap<string, System>;
  /** Territories in which work is allowed. */
  readonly territories: ReadonlySet<string>;
  /** `accountKey(issuer, subject)` -> who that is. */
  readonly accounts: ReadonlyMap<string, Who>;
  readonly dpo: { readonly name: string; readonly mail: string; readonly postal: string };
  readonly organisation: string;
  /** From where systems are tried around this door; left out: nowhere. */
  readonly places?: readonly string[];
  /** Whom people at the provider and strangers ask about the gateway. */
  readonly contact: { readonly name: string; readonly mail: string };
}

export type Who =
  | { readonly kind: 'technician'; readonly person: Person }
  | { readonly kind: 'controller'; readonly controller: ControllerUser }
  /** An account that is somebody at two clients or more: nobody in particular until they say for which they act. */
  | { readonly kind: 'several'; readonly controllers: readonly ControllerUser[] }
  | { readonly kind: 'provider-user'; readonly user: ProviderUser };

/** The one key by which accounts are looked up. Issuers contain no line feed, so it cannot collide. */
export function accountKey(issuer: string, subject: string): string {
  return `${issuer}\n${subject}`;
}
