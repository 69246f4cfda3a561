/**
 * What the portal keeps in a server-side session beside the sign-in: one-time tickets, the agreement under review,
 * what was already noted, and a notice for the next page. Small and bounded; nothing here permits anything.
 */
import type { Request } from 'express';
import type { Budget } from '../core/budget.ts';
import type { InvitationProof } from '../core/commands.ts';
import type { EmergencyClause } from '../core/emergency.ts';
import type { EndingTerms } from '../core/ending.ts';
import { Fault } from '../core/faults.ts';
import type { FirstUse } from '../core/first-use.ts';
import type { ControllerRole, Language } from '../core/model.ts';
import type { InstructionTerms } from '../core/own-instructions.ts';
import type { RecoveryProof } from '../core/recovery.ts';
import type { RuleText } from '../core/signers.ts';
import { clientOfRequest } from './client-address.ts';
import type { Draft } from './drafts.ts';
import type { FrameDraft } from './frames.tsx';

/** The way to a system, shown once. A one-time code is the only secret that will stand in an address. */
export interface Ticket {
  readonly opening: string;
  /** `client/system` */
  readonly system: string;
  readonly address: string;
  readonly expiresAt: number;
}

/** An access that was declared at the desk and not entered yet: the system's host seals the wanted place first. */
export interface Begun {
  readonly opening: string;
  /** `client/system` */
  readonly system: string;
  readonly fragment: string;
  readonly expiresAt: number;
}

/** An agreement as its author reviews it before signing. */
export interface AgreementDraft extends Draft {
  readonly id: string;
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly ('read' | 'write' | 'copy')[];
  readonly people: readonly string[];
  readonly from: number;
  readonly until: number;
  readonly upstreamAccount: string | undefined;
  readonly budget?: Budget;
  readonly firstUse?: FirstUse;
  readonly emergency?: EmergencyClause;
  /** The frame within which a delegate gives it. */
  readonly delegation?: string;
  /** The proposal that it comes of, if there was one. */
  readonly proposal?: string;
  /** The request that it answers, if it answers one. */
  readonly answers?: {
    readonly request: string;
    readonly minutes: number;
    /** The running access that it lengthens. */
    readonly session?: string;
  };
}

/** The client's own instructions as their author reviews them before signing. */
export interface InstructionDraft extends Draft {
  readonly version: number;
  readonly terms: InstructionTerms;
}

/** What a representative is about to say of the end of the contract. */
export interface EndingDraft extends Draft {
  readonly version: number;
  readonly terms: EndingTerms;
}

export interface StopNotice {
  readonly kind:
    | 'stopped'
    | 'drill-began'
    | 'drill-stopped'
    | 'withdrawn'
    | 'suspended'
    | 'resumed'
    | 'granted'
    | 'closed'
    | 'seated'
    | 'returned'
    | 'corrected'
    | 'said'
    | 'copies'
    | 'summary-sent'
    | 'summary-failed'
    | 'declined'
    | 'extended'
    | 'granted-first'
    | 'signed'
    | 'signed-more'
    | 'rule-on'
    | 'rule-first'
    | 'rule-off';
  readonly openings: number;
  readonly exchanges: number;
  readonly cutMs: number;
  readonly recorded: boolean;
}

export interface PortalMemory {
  tickets?: Record<string, Ticket>;
  begun?: readonly Begun[];
  draft?: AgreementDraft;
  instructions?: InstructionDraft;
  ending?: EndingDraft;
  /** The frame for a delegate under review. */
  frame?: FrameDraft;
  /** By request: texts that one signature agrees to. */
  ready?: Record<string, AgreementDraft>;
  /** The client's own rule, as its author reads it before signing. */
  rule?: {
    readonly client: string;
    readonly wish: RuleText['wish'];
    readonly language: Language;
    readonly text: RuleText;
  };
  /** The invitation whose link and code were right; hashes only. */
  enrolment?: InvitationProof;
  /** The recovery code that was right; hashes only. */
  recovery?: RecoveryProof;
  /** The nonce of an app that is being set up; worth nothing without a key of this process. */
  totp?: string;
  /** The client's own instructions that this session confirmed last, by the hash of their text. */
  confirmed?: string;
  noted?: Record<string, number>;
  notice?: StopNotice;
  seat?: { readonly id: string; readonly role: ControllerRole };
}

declare module 'express-session' {
  interface SessionData {
    portal: PortalMemory;
    /** By client, of whoever came by an address that carries one. */
    portals?: Record<string, PortalMemory>;
  }
}

const most = { tickets: 5, noted: 50 } as const;

export function memoryOf(req: Request): PortalMemory {
  const client = clientOfRequest(req);
  if (client === undefined) {
    req.session.portal ??= {};
    return req.session.portal;
  }
  // Nothing that was begun for one client is there for another.
  req.session.portals ??= {};
  const kept = Object.hasOwn(req.session.portals, client) ? req.session.portals[client] : undefined;
  const memory = kept ?? {};
  req.session.portals[client] = memory;
  return memory;
}

/** Resolves when the session is stored. Throws Fault `sessions_unavailable`. */
export async function saveMemory(req: Request): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.save((error: unknown) => {
      if (error === undefined || error === null) resolve();
      else reject(new Fault('sessions_unavailable', 'the portal session could not be stored', error));
    });
  });
}

/** Keeps a ticket; the oldest gives way when there are too many. */
export function keepTicket(memory: PortalMemory, name: string, ticket: Ticket): void {
  const all = [...Object.entries(memory.tickets ?? {}), [name, ticket] as const];
  memory.tickets = Object.fromEntries(all.slice(-most.tickets));
}

/** Takes a ticket out, once. Undefined: unknown, used or too old. */
export function takeTicket(memory: PortalMemory, name: string, now: number): Ticket | undefined {
  const tickets = memory.tickets ?? {};
  if (!Object.hasOwn(tickets, name)) return undefined;
  const ticket = tickets[name];
  const { [name]: _taken, ...rest } = tickets;
  memory.tickets = rest;
  return ticket !== undefined && ticket.expiresAt > now ? ticket : undefined;
}

/** Keeps what was begun at the desk; the oldest gives way when there are too many. */
export function keepBegun(memory: PortalMemory, begun: Begun): void {
  memory.begun = [...(memory.begun ?? []), begun].slice(-most.tickets);
}

/** Takes what was begun for a system, once, the oldest first. Undefined: nothing, or too long ago. */
export function takeBegun(memory: PortalMemory, system: string, now: number): Begun | undefined {
  const fresh = (memory.begun ?? []).filter(({ expiresAt }) => expiresAt > now);
  const found = fresh.find((one) => one.system === system);
  memory.begun = fresh.filter((one) => one !== found);
  return found;
}

/** True the first time within `ms`; used so that one look or one refusal makes one line, not hundreds. */
export function firstWithin(memory: PortalMemory, what: string, ms: number, now: number): boolean {
  const noted = memory.noted ?? {};
  const last = Object.hasOwn(noted, what) ? noted[what] : undefined;
  if (last !== undefined && now - last < ms && last <= now) return false;
  const others = Object.entries(noted).filter(([key]) => key !== what);
  memory.noted = Object.fromEntries([...others, [what, now] as const].slice(-most.noted));
  return true;
}

export function takeNotice(memory: PortalMemory): StopNotice | undefined {
  const notice = memory.notice;
  delete memory.notice;
  return notice;
}

/** A notice of something that cut nothing. */
export function plainNotice(kind: StopNotice['kind']): StopNotice {
  return { kind, openings: 0, exchanges: 0, cutMs: 0, recorded: true };
}
