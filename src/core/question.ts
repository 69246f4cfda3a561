/**
 * What is asked and what is answered: the types around `decide` and `classify`, shared by gateway and portal.
 */

import type {
  Authentication,
  Destination,
  Grant,
  GraphqlPeek,
  Opening,
  Operation,
  PointerPeek,
  SelectPeek,
  Text,
} from './model.ts';
import type { Reason } from './reasons.ts';

/** Everything one decision depends on beside the snapshot and the time. Missing means no. */
export interface Question {
  readonly client: string;
  readonly system: string;
  readonly opening: Opening | undefined;
  readonly grant: Grant | undefined;
  readonly authentication: Authentication | undefined;
  readonly operation: Operation;
  readonly method: string;
  readonly template: string;
}

/** One criterion, met or not; `detail` is for the explanation, in English, without personal data of others. */
export interface Criterion {
  readonly name: CriterionName;
  readonly met: boolean;
  readonly reason: Reason | undefined;
  readonly detail: string;
}

export const criterionNames = [
  'opening',
  'person',
  'authentication',
  'place',
  'standing',
  'function',
  'assignment',
  'contract',
  'provider',
  'grant',
  'limits',
  'purpose',
  'instructions',
  'environment',
  'operation',
] as const;

export type CriterionName = (typeof criterionNames)[number];

export interface Allow {
  readonly effect: 'allow';
  readonly client: string;
  readonly system: string;
  readonly operation: Operation;
  readonly purpose: string;
  readonly grant: string;
  /** The earliest instant at which this answer could change by time alone. */
  readonly until: number;
  /** The same without the opening's own end: what no running transfer may outlive, even one that may finish later. */
  readonly atMost: number;
  /** Hash of the client's own policy slice. */
  readonly policy: string;
}

export interface Refuse {
  readonly effect: 'refuse';
  readonly reason: Reason;
  readonly criteria: readonly Criterion[];
  readonly policy: string;
}

/** The question cannot be decided before the person signs in or declares. */
export interface Ask {
  readonly effect: 'ask';
  readonly to: 'sign-in' | 'declare';
  readonly reason: Reason;
}

export type Decision = Allow | Refuse | Ask;

/** What a request is, on exactly the bytes that will be forwarded. */
export interface Classified {
  readonly operation: Operation;
  /** What the log stores as path: the matching route's template, or the path with unusual segments as `*`. */
  readonly template: string;
  readonly label: Text | undefined;
  readonly static: boolean;
  readonly destination: Destination;
  readonly idleSeconds: number;
  /** Set when the body has a say: the operation is `write` until `classifyBody` has looked. */
  readonly peek: BodyPeek | undefined;
}

/** What is looked for in a body. */
export type BodyPeek = PointerPeek | GraphqlPeek | SelectPeek | OverridePeek;

/** A request that is no write unless its body names another method, as some frameworks let it. */
export interface OverridePeek {
  readonly overrides: 'json' | 'form';
  readonly operation: Operation;
}
