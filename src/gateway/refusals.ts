/**
 * Refusals to an identified person become lines; identical ones of one opening within ten seconds become one line
 * with a count. Anonymous refusals are only counted, per client, for the next heartbeat.
 */
import type { Draft, LeafFields } from '../core/entries.ts';
import type { Opening } from '../core/model.ts';
import type { Ledger } from '../core/ports.ts';
import type { Criterion } from '../core/question.ts';
import { type Reason, reasonAnswers } from '../core/reasons.ts';
import type { Log } from '../log.ts';
import { randomId } from './ids.ts';
import { limits } from './limits.ts';

export interface Refusal {
  readonly opening: Opening;
  readonly system: string;
  readonly method: string;
  readonly operation: string;
  readonly template: string;
  readonly reason: Reason;
  readonly criteria: readonly Criterion[];
  readonly policy: string;
  /** Milliseconds within which identical ones are one line, where it is not the usual time. */
  readonly window?: number;
}

export interface Refusals {
  /** Resolves when the line is durable, at once for a repetition; never throws (the refusal stands anyway). */
  tell(refusal: Refusal): Promise<void>;
  anonymous(client: string): void;
  /** The counts since last asked. */
  takeAnonymous(): ReadonlyMap<string, number>;
  /** Writes the counts still waiting. */
  close(): Promise<void>;
}

interface Window {
  readonly refusal: Refusal;
  more: number;
  readonly timer: NodeJS.Timeout;
}

export function createRefusals(ledger: Ledger, log: Log): Refusals {
  const windows = new Map<string, Window>();
  let anonymous = new Map<string, number>();

  async function write(refusal: Refusal, count: number): Promise<void> {
    try {
      await ledger.run({ do: 'append', draft: draftOf(refusal, count) });
    } catch {
      log.warn('refusal_not_recorded', { client: refusal.opening.client, reason: refusal.reason });
    }
  }

  async function end(key: string): Promise<void> {
    const window = windows.get(key);
    if (window === undefined) return;
    windows.delete(key);
    clearTimeout(window.timer);
    if (window.more > 0) await write(window.refusal, window.more);
  }

  return {
    async tell(refusal) {
      const { opening, system, method, operation, template, reason } = refusal;
      const key = [opening.id, system, method, operation, template, reason].join('\n');
      const window = windows.get(key);
      if (window !== undefined) {
        window.more += 1;
        return;
      }
      const timer = setTimeout(() => void end(key), refusal.window ?? limits.refusalWindow);
      timer.unref();
      windows.set(key, { refusal, more: 0, timer });
      await write(refusal, 1);
    },
    anonymous(client) {
      anonymous.set(client, (anonymous.get(client) ?? 0) + 1);
    },
    takeAnonymous() {
      const taken = anonymous;
      anonymous = new Map();
      return taken;
    },
    async close() {
      await Promise.all([...windows.keys()].map(end));
    },
  };
}

function draftOf(refusal: Refusal, count: number): Draft {
  const unmet = refusal.criteria
    .filter(({ met }) => !met)
    .map(({ name, reason }) => `${name}:${reason ?? ''}`);
  const fields: LeafFields = {
    session: refusal.opening.id,
    system: refusal.system,
    method: refusal.method,
    operation: refusal.operation,
    reason: reasonAnswers[refusal.reason].leaf,
    count,
    policy: refusal.policy,
  };
  return {
    client: refusal.opening.client,
    t: 'access.refused',
    id: randomId(),
    fields,
    person: refusal.opening.person,
    groups: {
      target: { path: refusal.template },
      ...(unmet.length === 0 ? {} : { standing: { criteria: unmet.join(' ') } }),
    },
  };
}
