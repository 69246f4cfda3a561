/**
 * The shapes of rules that several policy files share: what a sign-in must be like, hours, what a person's standing
 * is made of, and what a contract must say.
 */
import * as z from 'zod';
import { isZone } from './instants.ts';
import { day, id, instant, line, text } from './schema-parts.ts';

/** What is asked of a sign-in, on a system or for a purpose; both are held. */
export const authentication = z.strictObject({
  /** The classes of sign-in that will do; empty: any. */
  acr: z.array(line).default([]),
  /** The methods that must all have been used. */
  amr: z.array(line).default([]),
  max_age_minutes: z.int().min(1).max(10_080).optional(),
});

export const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const time = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 08:00, or 24:00');

export const hours = z.strictObject({
  /** Left out: the client's own. */
  zone: z.string().refine(isZone, 'must be a time zone such as Europe/Paris').optional(),
  /** Outside all of them it is closed. A window that ends before it begins ends on the next day. */
  windows: z.array(z.strictObject({ days: z.array(z.enum(weekDays)), from: time, until: time })),
  /** Public holidays of the client's calendar. */
  holidays: z.enum(['closed', 'open']).default('closed'),
});

/** A date alone is the last day on which it is valid. */
const training = z.union([instant, z.strictObject({ done: day })], {
  error: 'must be the last valid day, or { done: <day> }',
});

export const standing = z.strictObject({
  security_training: training.optional(),
  gdpr_training: training.optional(),
  charter: z.strictObject({ version: line, signed: day }).optional(),
  confidentiality: z
    .union([instant, z.strictObject({ signed: day })], {
      error: 'must be the last valid day, or { signed: <day> }',
    })
    .optional(),
});

/** The charter in force; who signed an earlier version may work until the days of grace after `effective` are over. */
export const charter = z.strictObject({
  version: line,
  effective: day,
  grace_days: z.int().min(0).max(366),
});

/** For how long a training holds that is given by the day on which it was done. */
export const validity = z.strictObject({
  security_training: z.int().min(1).max(60).default(12),
  gdpr_training: z.int().min(1).max(60).default(12),
});

/** What a contract with a processor must set out, article 28(3) of the GDPR: all of it. */
export const processing = z.strictObject({
  subject: line,
  duration: line,
  nature: line,
  purpose: line,
  data_types: z.array(line).min(1, 'must name at least one'),
  persons: z.array(line).min(1, 'must name at least one'),
  /** Obligations and rights of the controller. */
  obligations: line,
});

export const contract = z.strictObject({
  reference: line,
  from: instant,
  until: instant.optional(),
  services: z.array(id),
  processing,
});

/** An instruction of the controller, and the conditions it sets where it applies. */
export const instruction = z.strictObject({
  id,
  text,
  /** Where it applies; left out: on every system, for every purpose. */
  systems: z.array(id).optional(),
  purposes: z.array(id).optional(),
  forbids: z.array(id).default([]),
  hours: hours.optional(),
  no_copy: z.boolean().default(false),
  /** Persons, or `team:<name>`, and nobody else; left out: whoever else may. */
  only: z
    .array(z.string().regex(/^(?:team:)?[a-z][a-z0-9-]{0,62}$/, 'must be a person or team:<name>'))
    .optional(),
});

/** What is usual for a client; what is not is shown to it first. */
export const watch = z.strictObject({
  hours: hours.optional(),
  /** Purpose -> megabytes that usually leave in one opening. */
  megabytes: z.record(id, z.int().min(1).max(1_000_000)).default({}),
});

/** Days that a copy may be kept. */
const keepDays = z.int().min(1).max(3660);

/** What becomes of copies that are taken under a purpose. Place and custodian stand together. */
export const copies = z
  .strictObject({
    keep_days: keepDays.optional(),
    grace_days: z.int().min(0).max(366).optional(),
    answer_hours: z.int().min(1).max(720).optional(),
    custodian: line.optional(),
    place: line.optional(),
  })
  .refine(
    ({ custodian, place }) => (custodian === undefined) === (place === undefined),
    'custodian and place stand together',
  );

/** A client's own limit, which only shortens. */
export const clientCopies = z.strictObject({ keep_days: keepDays });

/** When nobody of the client is there. A date for one approver and its reason stand together. */
export const absence = z
  .strictObject({
    single_approver_until: instant.optional(),
    reason: line.optional(),
    /** Minutes after which the next representative is told of a request that waits. */
    escalate_after: z.int().min(5).max(1440).optional(),
    emergency_contacts: z
      .array(
        z.strictObject({
          name: line,
          phone: z.string().regex(/^\+?[0-9][0-9 .()/-]{4,30}$/, 'must be a telephone number'),
        }),
      )
      .default([]),
  })
  .refine(
    ({ single_approver_until: until, reason }) => (until === undefined) === (reason === undefined),
    'single_approver_until and reason stand together',
  );

export type AuthenticationSource = z.infer<typeof authentication>;
export type HoursSource = z.infer<typeof hours>;
export type StandingSource = z.infer<typeof standing>;
export type CopiesSource = z.infer<typeof copies>;
export type CharterSource = z.infer<typeof charter>;
export type ValiditySource = z.infer<typeof validity>;
