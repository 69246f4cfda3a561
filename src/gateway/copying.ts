/**
 * One answer on its way that is a copy, or may turn out to be one: it is registered before its first byte leaves (or before the
 * byte that makes it one), and hashed as it leaves.
 */
import { type CopyHead, copyRules } from '../core/copies.ts';
import { Fault, type FaultCode } from '../core/faults.ts';
import type { Ledger, Policies } from '../core/ports.ts';
import type { Reason } from '../core/reasons.ts';
import type { Admitted } from './admit.ts';
import type { Digests, StreamDigest } from './digests.ts';
import type { DownHeaders } from './headers.ts';
import type { Outcome } from './outcome.ts';
import type { Slab } from './slabs.ts';

export interface RegisterDeps {
  readonly policies: Policies;
  readonly ledger: Ledger;
}

export interface CopyingDeps extends RegisterDeps {
  readonly digests: Digests;
}

/** Registered, with the bytes that may leave of it (infinite: all); or why nothing of it may leave. */
export type CopyRegistered =
  | { readonly ok: true; readonly atMost: number }
  | { readonly refused: Reason }
  | { readonly fault: FaultCode };

/** Never throws: what could not be done is a `fault`. */
export async function registerCopy(
  { exchange, opening, recorded, classified }: Admitted,
  system: string,
  head: CopyHead,
  { policies, ledger }: RegisterDeps,
): Promise<CopyRegistered> {
  const snapshot = policies.current();
  const client = snapshot.clients.get(opening.client);
  try {
    const answer = await ledger.run({
      do: 'copy-register',
      client: opening.client,
      intent: recorded.receipt,
      request: exchange.id,
      opening: opening.id,
      person: opening.person,
      system,
      policy: client?.sliceHash ?? '',
      rules: copyRules(snapshot.purposes.get(opening.purpose)?.copies, client?.copyDays),
      head,
      path: classified.template,
      ...(exchange.down === 0 ? {} : { sent: exchange.down }),
    });
    if ('moved' in answer) return { fault: 'policy_changed' };
    if ('refused' in answer) return { refused: answer.refused };
    return { ok: true, atMost: answer.atMost ?? Number.POSITIVE_INFINITY };
  } catch (error) {
    return { fault: error instanceof Fault ? error.code : 'internal' };
  }
}

export class Copying {
  readonly head: CopyHead;
  readonly #digest: StreamDigest;
  /** Pieces that came before it may leave. */
  #kept: Buffer[] = [];
  /** `waits`: the register was asked, and nothing leaves. */
  state: 'unknown' | 'waits' | 'registered' = 'unknown';
  /** Bytes of the answer that the agreement lets leave; what comes beyond ends it. */
  atMost = Number.POSITIVE_INFINITY;
  /** The whole answer had come while it waited. */
  ended = false;

  constructor(head: CopyHead, digests: Digests) {
    this.head = head;
    this.#digest = digests.begin();
  }

  /** Takes a copy of it. */
  keep(piece: Buffer): void {
    this.#kept.push(Buffer.from(piece));
  }

  /** What was kept, once. */
  released(): readonly Buffer[] {
    const kept = this.#kept;
    this.#kept = [];
    return kept;
  }

  /** Takes a piece that leaves. False: wait for `room`. */
  leaves(piece: Buffer, slab: Slab | undefined): boolean {
    return this.#digest.take(piece, slab);
  }

  room(then: () => void): void {
    this.#digest.room(then);
  }

  digest(): Promise<string> {
    return this.#digest.digest();
  }

  drop(): void {
    this.#kept = [];
    this.#digest.drop();
  }
}

/** How an answer ends that turns into a copy on its way, when the agreement permits no more of them. */
export function overLimit(
  why: { readonly refused: Reason } | { readonly fault: FaultCode },
): Outcome | undefined {
  return 'refused' in why && why.refused === 'copy_limit' ? 'terminated:copy_limit' : undefined;
}

/** What the head of an answer says of a copy. */
export function headOf(status: number, { type, length, range, encoded, extension }: DownHeaders): CopyHead {
  const part = rangeOf(status, range);
  return {
    status,
    type: loggable(type),
    ...(length === undefined ? {} : { length }),
    ...(part === undefined ? {} : { range: part }),
    ...(encoded ? { encoded } : {}),
    ...(extension === undefined ? {} : { extension }),
  };
}

/** Only a plain media type goes into the log; anything else could carry words of the client's data. */
export function loggable(type: string): string {
  return /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,60}$/.test(type) ? type : '';
}

/** Digits of a part, `0-99/1234`; a body of several parts has no range of its own. */
export function rangeOf(status: number, range: string | undefined): string | undefined {
  if (status !== 206) return undefined;
  return /^bytes (\d{1,15}-\d{1,15}\/(?:\d{1,15}|\*))$/i.exec(range ?? '')?.[1] ?? 'several';
}
