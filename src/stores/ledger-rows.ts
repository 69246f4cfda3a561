/**
 * Rows of the ledger's projections as domain objects: openings, grants, seats, sign-ins. What names a person is in a
 * sealed box beside the columns; both the writer and the reader open it here.
 */
import { parseBudget } from '../core/budget.ts';
import type { Arrival, Login, Seat } from '../core/commands.ts';
import type { CopyHead } from '../core/copies.ts';
import type { HeldCredential, RegisteredCredential } from '../core/credential.ts';
import type { Delegation } from '../core/delegations.ts';
import { parseClause } from '../core/emergency.ts';
import { parseFirstUse } from '../core/first-use.ts';
import type { ControllerUser, EndCause, Grant, GrantStatus, Opening, Operation } from '../core/model.ts';
import type { Proposal, ProposalStatus } from '../core/proposals.ts';
import type { ConsentRequest, RequestStatus } from '../core/requests.ts';
import { openBox } from './disclosure.ts';
import { bytes, int, optionalInt, optionalText, type Row, RowFault, text } from './rows.ts';

/** What an opening's box holds, under the person's key. */
export type OpeningBox = Pick<
  Opening,
  'person' | 'account' | 'reference' | 'note' | 'authentication' | 'referenceCheck'
> & {
  /** What was said to be done outside. */
  readonly saidText?: string;
};

/** What a grant's box holds, under the client's key. */
export interface GrantBox {
  readonly people: readonly string[];
  readonly upstreamAccount?: string | undefined;
  readonly grantedBy: string;
  readonly text: string;
  /** Of its emergency clause, if it has one. */
  readonly emergency?: readonly string[] | undefined;
}

/** What a seat's box holds, under that person's key. */
export type SeatBox = Pick<Seat, 'controller' | 'issuer' | 'subject' | 'name' | 'authority'> & {
  /** As the invitation said; seats without one have none. */
  readonly function?: string;
  /** Where mails go to whom no file names. */
  readonly mail?: string;
};

/** What an invitation's box holds, under that person's key. */
export type InvitationBox = Omit<ControllerUser, 'client'>;

/** What a sign-in's box holds, under a key of the installation. */
export type LoginBox = Pick<
  Login,
  'issuer' | 'subject' | 'sub' | 'sid' | 'who' | 'acr' | 'amr' | 'authTime' | 'groups'
>;

/** What a registered credential's box holds, under the client's key. The mark is keyed; the secret is nowhere. */
export type CredentialBox = Omit<HeldCredential, 'system' | 'kind'>;

/** What a request's box holds, under the key of the person who asks. */
export type RequestBox = Pick<ConsentRequest, 'person' | 'account' | 'reference' | 'note' | 'said'>;

/** What a copy's box holds, under the client's key. Who took it or attested its end is not in it. */
export interface CopyBox {
  readonly path: string;
  readonly head: CopyHead;
  readonly place?: string;
  readonly custodian?: string;
  readonly by?: 'taker' | 'contact';
  readonly text?: string;
}

/** What a proposal's box holds, under the client's key. */
export type ProposalBox = Pick<Proposal, 'by' | 'people'>;

/** What a frame's box holds, under the client's key. */
export type DelegationBox = Pick<Delegation, 'controller' | 'grantedBy' | 'textHash'> & {
  readonly text: string;
};

/** Where boxes belong: authenticated with each, so that none can be moved to another row. */
export const places = {
  log: (log: number) => `log ${log}`,
  owner: (owner: number) => `owner ${owner}`,
  block: (log: number, key: number) => `block ${log} ${key}`,
  personal: (log: number, entry: number) => `personal ${log} ${entry}`,
  opening: (id: string) => `opening ${id}`,
  grant: (id: string) => `grant ${id}`,
  request: (id: string) => `request ${id}`,
  emergency: (opening: string) => `emergency ${opening}`,
  matter: (id: string) => `matter ${id}`,
  copy: (request: string) => `copy ${request}`,
  view: (id: string) => `view ${id}`,
  proposal: (id: string) => `proposal ${id}`,
  delegation: (id: string) => `delegation ${id}`,
  seat: (id: string) => `seat ${id}`,
  invitation: (id: string) => `invitation ${id}`,
  login: (id: string) => `login ${id}`,
  commandLine: (hash: string) => `command line ${hash}`,
  connection: (id: string) => `connection ${id}`,
  hook: (id: string) => `hook ${id}`,
  credential: (id: string) => `credential ${id}`,
  totp: (seat: string) => `totp ${seat}`,
  token: (login: string) => `token ${login}`,
  binding: (entry: string) => `binding ${entry}`,
  notice: (entry: string) => `notice ${entry}`,
  directory: (id: string) => `directory ${id}`,
  instructions: (log: number, version: number) => `instructions ${log} ${version}`,
  endingStatement: (log: number, version: number) => `ending ${log} ${version}`,
  ending: (id: string) => `end ${id}`,
  erasureNotice: (id: string) => `erasure notice ${id}`,
  slice: (log: number, hash: string) => `slice ${log} ${hash}`,
} as const;

/** Our own JSON out of our own authenticated box. */
function content<T extends object>(key: Buffer, place: string, row: Row): T {
  const value: unknown = JSON.parse(openBox(key, place, bytes(row, 'box')));
  if (typeof value !== 'object' || value === null) throw new RowFault(`${place} holds no object`);
  return value as T;
}

export function words(list: string): readonly string[] {
  return list === '' ? [] : list.split(' ');
}

export function openingFrom(row: Row, client: string, key: Buffer): Opening {
  const id = text(row, 'id');
  const box = content<OpeningBox>(key, places.opening(id), row);
  const { acr, amr, at, groups } = box.authentication;
  const referenceDue = optionalInt(row, 'due_at');
  const commandLine = optionalText(row, 'command_line');
  return {
    id,
    client,
    person: box.person,
    account: box.account,
    systems: words(text(row, 'systems')),
    purpose: text(row, 'purpose'),
    reference: box.reference,
    note: box.note,
    grant: text(row, 'consent'),
    login: text(row, 'login'),
    authentication: { acr, amr, at, ...(groups === undefined ? {} : { groups }) },
    openedAt: int(row, 'opened_at'),
    endsAt: int(row, 'ends_at'),
    endedAt: optionalInt(row, 'ended_at'),
    endCause: optionalText(row, 'end_cause') as EndCause | undefined,
    ...(int(row, 'emergency') === 1 ? { emergency: true as const } : {}),
    ...(referenceDue === undefined ? {} : { referenceDue }),
    ...(commandLine === undefined ? {} : { commandLine }),
    ...(box.referenceCheck === undefined ? {} : { referenceCheck: box.referenceCheck }),
    ...saidIn(row, box.saidText),
  };
}

function saidIn(row: Row, said = ''): Pick<Opening, 'said'> {
  const at = optionalInt(row, 'said_at');
  if (at === undefined) return {};
  return { said: at === 0 ? 'owed' : { at, text: said } };
}

export function grantFrom(row: Row, client: string, key: Buffer): Grant & { readonly text: string } {
  const id = text(row, 'id');
  const box = content<GrantBox>(key, places.grant(id), row);
  const request = optionalText(row, 'request');
  const proposal = optionalText(row, 'proposal');
  const delegation = optionalText(row, 'delegation');
  const budget = parseBudget(optionalText(row, 'budget') ?? '');
  const firstUse = parseFirstUse(optionalText(row, 'first_use') ?? '');
  const startedAt = optionalInt(row, 'started_at');
  const minutes = optionalInt(row, 'minutes');
  const confirmBy = optionalInt(row, 'confirm_by');
  const emergency = parseClause(optionalText(row, 'emergency') ?? '', box.emergency ?? []);
  return {
    id,
    client,
    version: int(row, 'version'),
    status: text(row, 'status') as GrantStatus,
    systems: words(text(row, 'systems')),
    purposes: words(text(row, 'purposes')),
    operations: words(text(row, 'operations')) as readonly Operation[],
    people: box.people,
    from: int(row, 'from_at'),
    until: Math.min(int(row, 'until_at'), confirmBy ?? Number.POSITIVE_INFINITY),
    upstreamAccount: box.upstreamAccount,
    textHash: text(row, 'text_hash'),
    grantedBy: box.grantedBy,
    grantedAt: int(row, 'granted_at'),
    kind: text(row, 'kind') === 'one-off' ? 'one-off' : 'standing',
    ...(request === undefined ? {} : { request }),
    ...(proposal === undefined ? {} : { proposal }),
    ...(delegation === undefined ? {} : { delegation }),
    ...(budget === undefined ? {} : { budget }),
    ...(firstUse === undefined ? {} : { firstUse }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(minutes === undefined ? {} : { minutes }),
    ...(confirmBy === undefined ? {} : { confirmBy }),
    ...(emergency === undefined ? {} : { emergency }),
    text: box.text,
  };
}

export function copyBoxFrom(row: Row, key: Buffer): CopyBox {
  return content<CopyBox>(key, places.copy(text(row, 'request')), row);
}

export function requestFrom(row: Row, client: string, key: Buffer): ConsentRequest {
  const id = text(row, 'id');
  const { person, account, reference, note, said } = content<RequestBox>(key, places.request(id), row);
  const from = optionalInt(row, 'from_at');
  const opening = optionalText(row, 'opening');
  return {
    id,
    client,
    person,
    ...(account === undefined ? {} : { account }),
    systems: words(text(row, 'systems')),
    purpose: text(row, 'purpose'),
    operations: words(text(row, 'operations')) as readonly Operation[],
    reference,
    note,
    minutes: int(row, 'minutes'),
    ...(from === undefined ? {} : { from }),
    ...(opening === undefined ? {} : { opening }),
    until: int(row, 'until_at'),
    status: text(row, 'status') as RequestStatus,
    raisedAt: int(row, 'raised_at'),
    changedAt: int(row, 'changed_at'),
    grant: optionalText(row, 'consent'),
    said,
  };
}

export function proposalFrom(row: Row, client: string, key: Buffer): Proposal {
  const id = text(row, 'id');
  const { by, people } = content<ProposalBox>(key, places.proposal(id), row);
  return {
    id,
    client,
    template: text(row, 'template'),
    systems: words(text(row, 'systems')),
    purposes: words(text(row, 'purposes')),
    operations: words(text(row, 'operations')) as readonly Operation[],
    people,
    days: int(row, 'days'),
    onceMinutes: optionalInt(row, 'once'),
    budget: parseBudget(optionalText(row, 'budget') ?? ''),
    by,
    proposedAt: int(row, 'proposed_at'),
    until: int(row, 'until_at'),
    status: text(row, 'status') as ProposalStatus,
    changedAt: int(row, 'changed_at'),
    grant: optionalText(row, 'consent'),
  };
}

export function delegationFrom(
  row: Row,
  client: string,
  key: Buffer,
): Delegation & { readonly text: string } {
  const id = text(row, 'id');
  return {
    id,
    client,
    seat: text(row, 'seat'),
    status: text(row, 'status') as Delegation['status'],
    systems: words(text(row, 'systems')),
    purposes: words(text(row, 'purposes')),
    operations: words(text(row, 'operations')) as readonly Operation[],
    minutes: int(row, 'minutes'),
    hours: text(row, 'hours'),
    from: int(row, 'from_at'),
    until: int(row, 'until_at'),
    grantedAt: int(row, 'granted_at'),
    ...content<DelegationBox>(key, places.delegation(id), row),
  };
}

export function seatFrom(row: Row, client: string, key: Buffer): Seat {
  const id = text(row, 'id');
  const { controller, issuer, subject, name, authority } = content<SeatBox>(key, places.seat(id), row);
  const grantsFrom = optionalInt(row, 'grants_from');
  const invitedBy = optionalText(row, 'inviter');
  const arrival = optionalText(row, 'arrival');
  const seenAt = optionalInt(row, 'seen_at');
  return {
    id,
    client,
    controller,
    issuer,
    subject,
    name,
    role: text(row, 'role') as Seat['role'],
    authority,
    method: text(row, 'method') as Seat['method'],
    credentialId: text(row, 'credential'),
    publicKey: text(row, 'public_key'),
    seatedAt: int(row, 'seated_at'),
    ...(grantsFrom === undefined ? {} : { grantsFrom }),
    ...(invitedBy === undefined ? {} : { invitedBy }),
    ...(arrival === undefined ? {} : { arrival: arrival as Arrival }),
    ...(seenAt === undefined ? {} : { seenAt }),
  };
}

/** The person of a seat, as a nomination would name them. */
export function controllerFrom(row: Row, client: string, key: Buffer): ControllerUser {
  const box = content<SeatBox>(key, places.seat(text(row, 'id')), row);
  const { controller: id, issuer, subject, name, authority, mail } = box;
  const role = text(row, 'role') as Seat['role'];
  const said = { id, client, issuer, subject, name, authority, role, function: box.function ?? '' };
  return mail === undefined ? said : { ...said, mail };
}

export function nomineeFrom(row: Row, client: string, key: Buffer): ControllerUser {
  return { ...content<InvitationBox>(key, places.invitation(text(row, 'id')), row), client };
}

export function credentialFrom(
  row: Row,
  key: Buffer,
): RegisteredCredential & { readonly mark: string | undefined } {
  const id = text(row, 'id');
  const box = content<CredentialBox>(key, places.credential(id), row);
  return {
    id,
    system: text(row, 'system'),
    kind: text(row, 'kind') as RegisteredCredential['kind'],
    ...box,
    rotateBy: box.rotateBy,
    mark: box.mark,
    recordedAt: int(row, 'recorded_at'),
    rotatedAt: optionalInt(row, 'rotated_at'),
    returnedAt: optionalInt(row, 'returned_at'),
    usedAt: optionalInt(row, 'used_at'),
  };
}

export function loginFrom(row: Row, key: Buffer): Login & { readonly endedAt: number | undefined } {
  const id = text(row, 'id');
  const box = content<LoginBox>(key, places.login(id), row);
  const { issuer, subject, sub, sid, who, acr, amr, authTime, groups } = box;
  return {
    id,
    issuer,
    subject,
    sid,
    who,
    acr,
    amr,
    authTime,
    ...(sub === undefined ? {} : { sub }),
    ...(groups === undefined ? {} : { groups }),
    startedAt: int(row, 'started_at'),
    endedAt: optionalInt(row, 'ended_at'),
  };
}
