/**
 * Webhooks of a client: an https address to which a representative has chosen notices sent, each signed with a secret that
 * was shown once. A hook is bound to the seat that added it and dies with it. Pure.
 */

import type { Actor } from './commands.ts';
import type { Receipt } from './entries.ts';
import { isAddressOf } from './hook-addresses.ts';

/** The closed list of what may be told. */
export const hookEvents = [
  'request.waiting',
  'proposal.waiting',
  'people.changed',
  'contract.changed',
  'access.emergency',
  'access.first',
  'access.out_of_hours',
  'access.opened',
  'access.closed',
  'access.stopped',
  'copy.overdue',
  'copy.unanswered',
  'robot.missed',
] as const;

/** What the provider's own webhook is told, of every client: what is owed, and by the provider. */
export const providerEvents = [
  'copy.overdue',
  'copy.unanswered',
  'robot.missed',
] as const satisfies readonly (typeof hookEvents)[number][];

export type HookEvent = (typeof hookEvents)[number];

export function isHookEvent(text: string): text is HookEvent {
  return (hookEvents as readonly string[]).includes(text);
}

/** Live hooks that a client may have. */
export const mostHooks = 5;

/** A row is a projection of the ledger. Instants are epoch milliseconds; undefined: not yet. The secret is nowhere in it. */
export interface Hook {
  readonly id: string;
  readonly client: string;
  /** Who added it; it ends with this seat. */
  readonly seat: string;
  readonly events: readonly HookEvent[];
  /** `https://hooks.acme.example`: the rest of the address may be a secret. */
  readonly origin: string;
  readonly addedAt: number;
  readonly removedAt: number | undefined;
}

/** Where a live hook leads, and what signs. */
export interface HookTarget {
  readonly client: string;
  readonly address: string;
  /** `whsec_` and Base64. */
  readonly secret: string;
}

/** What the reading side knows of hooks. */
export interface HookReading {
  /** All hooks of a client, newest first. */
  hooks(client: string): Promise<readonly Hook[]>;
  /** Those of all clients that live now: not removed, and of somebody who still sits. */
  liveHooks(): Promise<readonly Hook[]>;
  /** One that lives now; undefined: there is none of that id any more. */
  hookTarget(id: string): Promise<HookTarget | undefined>;
}

export type HookCommand =
  /** `hook.added` and the row. Only by a seated representative who may sign. */
  | {
      readonly do: 'hook-add';
      readonly client: string;
      readonly hook: {
        readonly id: string;
        readonly events: readonly HookEvent[];
        readonly address: string;
        readonly secret: string;
      };
      readonly by: Actor;
    }
  /** `hook.removed`, by a seated representative who may sign. From its commit on nothing more is sent. */
  | { readonly do: 'hook-remove'; readonly client: string; readonly hook: string; readonly by: Actor };

export interface HookAnswers {
  'hook-add':
    | { readonly receipt: Receipt }
    | { readonly refused: 'not_seated' | 'not_yet' | 'too_many_hooks' };
  'hook-remove':
    | { readonly receipt: Receipt }
    | { readonly already: true }
    | { readonly refused: 'not_seated' | 'not_yet' | 'hook_unknown' };
}

/** How far a provider lets hooks go. */
export interface HookReach {
  /** Loopback and http: evaluation only. */
  readonly evaluation: boolean;
  /** Addresses of private networks, where the client's rules say so. */
  readonly private: boolean;
}

const longestAddress = 500;

/** The address as it will be called; undefined: it is none that a hook may have. Names are looked up only when it is called. */
export function readHookAddress(text: string, reach: HookReach): string | undefined {
  const url = text.length > longestAddress || /[\s\\]/.test(text) ? null : URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && !(reach.evaluation && url.protocol === 'http:')))
    return undefined;
  if (url.username !== '' || url.password !== '' || text.includes('#')) return undefined;
  return isAddressOf(url.hostname, reach) ? url.href : undefined;
}

/** A message in the queue: its id is the same for each attempt, and for each time the same event is told to this hook. */
export interface HookMessage {
  readonly id: string;
  readonly hook: string;
  readonly client: string;
  /** JSON, as it is signed and sent. */
  readonly body: string;
}

/** How sending went; `gone`: the receiver said that it does not want any more. */
export type HookOutcome = { readonly ok: true } | { readonly fault: HookFault; readonly gone?: boolean };

/** Why a message was not taken: the status it was answered with, no answer, or an address that may not be reached. */
export type HookFault = `status ${number}` | 'unreachable' | 'address';

/** How sending to a hook goes. Epoch milliseconds; undefined: not so. */
export interface HookState {
  readonly hook: string;
  readonly takenAt: number | undefined;
  readonly failingSince: number | undefined;
  readonly disabledAt: number | undefined;
  readonly fault: HookFault | undefined;
}

/** One message as its sender may read it; nothing of what it says but its type. Instants are epoch milliseconds. */
export interface HookDelivery {
  readonly id: string;
  readonly client: string;
  /** '' where it is not known any more. */
  readonly type: string;
  readonly madeAt: number;
  /** Attempts that failed. */
  readonly tries: number;
  /** `dead`: given up after days; `dropped`: its hook was given up, or is there no more. */
  readonly state: 'waiting' | 'sent' | 'dead' | 'dropped';
  /** When it is tried next; undefined: never again. */
  readonly nextAt: number | undefined;
}

/** The durable queue. Throws Fault `ledger_unavailable`. */
export interface HookQueue {
  /** Keeps what is new; answers how much that was. What was told already is not told again. */
  offerHooks(messages: readonly HookMessage[], now: number): Promise<number>;
  /** What is to be sent now, to every hook or one: of each a few, oldest first; nothing of disabled hooks. */
  dueHooks(now: number, hook?: string): Promise<readonly HookMessage[]>;
  /** Notes how an attempt went: when to try again, and whether the hook is given up. */
  noteHook(id: string, outcome: HookOutcome, now: number): Promise<void>;
  /** Forgets what waits for any other hook than these. */
  keepHooks(hooks: readonly string[]): Promise<void>;
  hookStates(hooks: readonly string[]): Promise<readonly HookState[]>;
  /** The newest messages to one hook, newest first, of the last 30 days. */
  hookDeliveries(hook: string, limit: number): Promise<readonly HookDelivery[]>;
}

/** Whom nobody answered for this long is given up, and the page says so. */
export const hookPatience = 5 * 86_400_000;

const minute = 60_000;
/** How long after each attempt that failed the next one comes; the last one again and again. */
const pauses = [5_000, 5 * minute, 30 * minute, 120 * minute, 300 * minute, 600 * minute, 1_440 * minute];

/** When to try again after so many attempts that failed; milliseconds. */
export function pauseAfter(failed: number): number {
  return pauses[Math.min(failed, pauses.length) - 1] ?? 0;
}
