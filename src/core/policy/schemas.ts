/**
 * The shape of every policy file. What one file alone can get wrong is said here; what only shows when files are put
 * together is said in compile. Unknown keys are faults, an empty list means nobody, nothing is on by default.
 * `policies/schema.json` is generated from these.
 */
import { z } from 'zod';
import { isZone } from './instants.ts';
import { id, instant, line, operation, text } from './schema-parts.ts';
import { unionTerritories } from './territories.ts';

export const zone = z.string().refine(isZone, 'must be a time zone such as Europe/Paris');

export const address = z
  .string()
  .max(500)
  .refine(isPlainAddress, 'must be an http or https address without user, query or fragment');

const account = { issuer: address, subject: line };

/** Staff may be named by a mail address instead: the first account that signs in with it, verified, becomes theirs. */
const staffAccount = {
  issuer: address,
  subject: line.optional(),
  mail: z
    .string()
    .regex(/^[\x21-\x3f\x41-\x7e]{1,64}@[a-zA-Z0-9.-]{1,189}$/, 'must be a mail address in plain letters')
    .optional(),
};

function isPlainAddress(value: string): boolean {
  if (!/^https?:\/\//.test(value) || /[\s?#\\]/.test(value) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}

const claim = z.string().regex(/^[A-Za-z0-9_:./-]{1,200}$/, 'must be the name of a claim');

const provider = z.strictObject({
  issuer: address,
  label: text,
  client_id: line,
  secret_file: line.optional(),
  serves: z.array(z.enum(['staff', 'controllers'])),
  subject_claim: claim.default('sub'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'must be a scope'))
    .default(['openid', 'profile']),
  /** `consent` where the provider gives refresh tokens (scope `offline_access`) to nobody who was not asked. */
  prompt: z.enum(['consent']).optional(),
  /** The claim of the ID token that lists groups, and which team of the staff file each group is. */
  groups_claim: claim.optional(),
  teams: z.record(line, id).default({}),
});

export const identityFile = z.strictObject({
  organisation: line,
  zone,
  /** Where work is allowed; left out: the whole Union. */
  territories: z
    .array(
      z.string().refine((code) => unionTerritories.has(code), 'is not a territory of the European Union'),
    )
    .optional(),
  dpo: z.strictObject({ name: line, mail: line, postal: line }),
  providers: z.record(id, provider),
});

const standing = z.strictObject({
  security_training: instant.optional(),
  gdpr_training: instant.optional(),
  charter: instant.optional(),
  confidentiality: instant.optional(),
});

const person = z.strictObject({
  name: line,
  ...staffAccount,
  employment: z.enum(['employee', 'provider']),
  from: instant,
  until: instant.optional(),
  functions: z.array(id),
  teams: z.array(id).default([]),
  place: z.string().regex(/^[A-Z]{2}$/, 'must be a territory in two capitals, such as FR'),
  /** Each the last day on which it is valid; left out: missing. */
  standing,
});

export const staffFile = z.strictObject({
  functions: z.record(id, text),
  teams: z.array(id).default([]),
  people: z.record(id, person),
  users: z
    .record(id, z.strictObject({ name: line, role: z.enum(['contact', 'dpo']), ...staffAccount }))
    .default({}),
});

const purpose = z.strictObject({
  label: text,
  description: text,
  operations: z.array(operation),
  functions: z.array(id),
  service: id,
  reference: z.enum(['required', 'optional']),
  note: z.enum(['required', 'optional']),
  minutes: z.int().min(1).max(1440),
  finish_minutes: z.int().min(0).max(1440).default(0),
  production: z.boolean(),
});

export const purposesFile = z.strictObject({ purposes: z.record(id, purpose) });

export const host = z
  .string()
  .max(253)
  .regex(
    /^(?=.*[a-z])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a host name in small letters, without port',
  );

const system = z.strictObject({
  name: text,
  hosts: z.array(host).min(1),
  environment: z.enum(['production', 'test']),
  upstream: z.strictObject({
    url: address,
    server_name: host.optional(),
    /** A PEM bundle in `certificates/` of the policy folder. */
    ca_file: z
      .string()
      .regex(/^certificates\/[A-Za-z0-9_-]{1,100}\.pem$/, 'must be certificates/<name>.pem')
      .optional(),
    host: z.enum(['public', 'upstream']).default('public'),
    /** Why this upstream also serves another client; both must say so. */
    shared_upstream: line.optional(),
  }),
  profile: id,
  purposes: z.array(id),
  authentication: z
    .strictObject({
      acr: z.array(line).default([]),
      amr: z.array(line).default([]),
      max_age_minutes: z.int().min(1).max(10_080).optional(),
    })
    .optional(),
});

/** A system without a web address: it is declared and agreed to like any other, and never served. */
export const outsideSystem = system.pick({
  name: true,
  environment: true,
  purposes: true,
  authentication: true,
});

export const contact = z.strictObject({ name: line, mail: line });

const assignment = z.strictObject({
  who: z.string().regex(/^(?:team:)?[a-z][a-z0-9-]{0,62}$/, 'must be a person or team:<name>'),
  /** System ids; `"*"` alone means every system of this client. */
  systems: z.array(z.union([id, z.literal('*')])),
  from: instant,
  until: instant.optional(),
  reason: line,
});

const controller = z.strictObject({
  name: line,
  function: line,
  role: z.enum(['representative', 'delegate', 'reader']),
  ...account,
  authority: line,
});

export const clientFile = z.strictObject({
  name: line,
  zone,
  /** What assignments may name instead of the client, as `tag:<tag>`. */
  tags: z.array(id).default([]),
  /** Nobody is served before `live` nor after `ended`. Left out: live, as far as contract and agreements go. */
  status: z.enum(['preparing', 'live', 'ended']).default('live'),
  contact,
  contract: z.strictObject({
    reference: line,
    from: instant,
    until: instant.optional(),
    services: z.array(id),
  }),
  systems: z.record(id, system),
  /** Those of kind `outside`. */
  outside: z.record(id, outsideSystem).default({}),
  assignments: z.array(assignment),
  controllers: z.record(id, controller),
  instructions: z.array(z.strictObject({ id, text, forbids: z.array(id).default([]) })).default([]),
});

export type IdentityFile = z.infer<typeof identityFile>;
export type StaffFile = z.infer<typeof staffFile>;
export type PurposesFile = z.infer<typeof purposesFile>;
export type ClientFile = z.infer<typeof clientFile>;
