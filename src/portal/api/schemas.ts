/**
 * What the programming interface takes and answers. Unknown fields are refused; the OpenAPI document is generated from
 * these. Instants are RFC 3339 UTC; `null`: there is none.
 */
import * as z from 'zod';
import { cursorForm } from '../../core/events.ts';

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const instant = z.iso.datetime();
const words = z.array(z.string());
const operation = z.enum(['read', 'write', 'copy']);
const person = z.object({ id: z.string(), name: z.string() });

const said = z.object({
  say: z.enum(['asked', 'answered', 'reminded', 'refused']),
  by: z.string(),
  at: instant,
  text: z.string(),
});

export const requestAnswer = z.object({
  id,
  status: z.enum(['raised', 'more_info', 'approved', 'refused', 'lapsed']),
  person,
  systems: words,
  purpose: z.string(),
  operations: z.array(operation),
  reference: z.string(),
  note: z.string(),
  minutes: z.int(),
  until: instant,
  raised_at: instant,
  changed_at: instant,
  grant: id.nullable(),
  said: z.array(said),
});

export const grantAnswer = z.object({
  id,
  status: z.enum(['waiting', 'void', 'active', 'suspended', 'revoked', 'expired', 'superseded']),
  systems: words,
  purposes: words,
  operations: z.array(operation),
  people: words,
  from: instant,
  until: instant,
  granted_at: instant,
  /** What is used together in each period; `null`: no limit. `keep_days`: of no period. */
  limits: z
    .object({
      per: z.enum(['day', 'week', 'month']),
      zone: z.string(),
      openings: z.int().nullable(),
      minutes: z.int().nullable(),
      bytes: z.int().nullable(),
      copies: z.int().nullable(),
      copied_bytes: z.int().nullable(),
      keep_days: z.int().nullable(),
    })
    .nullable(),
  text_hash: z.string(),
});

export const openingAnswer = z.object({
  id,
  person,
  systems: words,
  purpose: z.string(),
  reference: z.string(),
  note: z.string(),
  grant: id,
  opened_at: instant,
  ends_at: instant,
  ended_at: instant.nullable(),
  end_cause: z.string().nullable(),
  emergency: z.boolean(),
  reference_due: instant.nullable(),
});

const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export const requestList = listOf(requestAnswer);
export const grantList = listOf(grantAnswer);
export const openingList = listOf(openingAnswer);

export const stoppedAnswer = z.object({
  openings: z.array(id),
  exchanges: z.int(),
  cut_ms: z.number(),
  /** False: it is in force, and its line is still to be written. */
  recorded: z.boolean(),
});

export const headAnswer = z.object({
  origin: z.string(),
  size: z.int(),
  checkpoint: z.string(),
  verifier_key: z.string(),
});

export const endingAnswer = z.object({
  /** `running`, `over`, or `certified`. */
  state: z.enum(['running', 'over', 'certified']),
  /** The first instant after the last day that is known; `null`: none is, or it has come. */
  ends: instant.nullable(),
  over_since: instant.nullable(),
  cause: z.enum(['notice', 'contract', 'status']).nullable(),
  choice: z.enum(['return', 'delete']).nullable(),
  /** The first instant after the day by which it is to be done. */
  due: instant.nullable(),
  outstanding: z.object({ accesses: z.int(), copies: z.int(), accounts: z.int() }),
  erasure: z.array(z.object({ subject: z.enum(['data', 'log']), given: instant, from: instant })),
  certificate: z.object({ made: instant, text_hash: z.string() }).nullable(),
});

/** Documents of the Elastic Common Schema 8; fields that do not apply are left out. */
export const eventAnswer = z.looseObject({
  '@timestamp': instant,
  event: z.looseObject({
    id: z.string(),
    action: z.string(),
    outcome: z.enum(['success', 'failure', 'unknown']),
  }),
  organization: z.object({ id: z.string() }),
  labels: z.record(z.string(), z.string()),
});
export const eventList = z.object({
  items: z.array(eventAnswer),
  /** `null`: there is no event yet. */
  next: z.string().nullable(),
  more: z.boolean(),
});

export const problemAnswer = z.object({
  type: z.literal('about:blank'),
  status: z.int(),
  title: z.string(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string(),
});

export const textBody = z.strictObject({ text: z.string().min(1).max(2_000) });
export const noBody = z.strictObject({});
/** Exactly one of them. */
export const stopBody = z.union([
  z.strictObject({ opening: id }),
  z.strictObject({ grant: id }),
  z.strictObject({ person: id }),
  z.strictObject({ everything: z.literal(true) }),
]);

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z
    .string()
    .regex(/^\d{1,15}\.[A-Za-z0-9_-]{1,64}$/)
    .optional(),
});
export const eventQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
  after: z.string().regex(cursorForm).optional(),
});
export const noQuery = z.strictObject({});
