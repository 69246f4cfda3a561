/**
 * The shape of every policy file. What one file alone can get wrong is said here; what only shows when files are put
 * together is said in compile. Unknown keys are faults, an empty list means nobody, nothing is on by default.
 * `policies/schema.json` is generated from these.
 */
import * as z from 'zod';
import { closings, doorNames, ownPlace } from '../doors.ts';
import { calendars } from '../holidays.ts';
import { displayLevels } from '../pseudonyms.ts';
import { parseReferencePattern } from '../reference-pattern.ts';
import { robotProofs } from '../robots.ts';
import { isZone } from './instants.ts';
import { credential } from './schema-credential.ts';
import { bundle, id, instant, line, operation, territory, text } from './schema-parts.ts';
import {
  absence,
  authentication,
  charter,
  clientCopies,
  contract,
  copies,
  hours,
  instruction,
  standing,
  time,
  validity,
  watch,
  weekDays,
} from './schema-rules.ts';
import { tickets, webhooks } from './schema-tickets.ts';
import { unionTerritories } from './territories.ts';

export const zone = z.string().refine(isZone, 'must be a time zone such as Europe/Paris');

export const address = z
  .string()
  .max(500)
  .refine(isPlainAddress, 'must be an http or https address without user, query or fragment');

const mailAddress = z
  .string()
  .regex(/^[\x21-\x3f\x41-\x7e]{1,64}@[a-zA-Z0-9.-]{1,189}$/, 'must be a mail address in plain letters');

/** Staff may be named by a mail address instead: the first account that signs in with it, verified, becomes theirs. */
const staffAccount = {
  issuer: address,
  subject: line.optional(),
  mail: mailAddress.optional(),
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
  contact: z.strictObject({ name: line, mail: line }),
  dpo: z.strictObject({ name: line, mail: line, postal: line }),
  providers: z.record(id, provider),
  /** Names of places from which systems are tried around this door. */
  places: z
    .array(id.refine((place) => place !== ownPlace, 'is the name of the gateway’s own machine'))
    .max(20)
    .optional(),
});

const who = z.string().regex(/^(?:team:)?[a-z][a-z0-9-]{0,62}$/, 'must be a person or team:<name>');

const assigned = {
  /** System ids; `"*"` alone means every system of the client. */
  systems: z.array(z.union([id, z.literal('*')])),
  from: instant,
  until: instant.optional(),
  reason: line,
};

const person = z.strictObject({
  name: line,
  ...staffAccount,
  employment: z.enum(['employee', 'provider']),
  /** Which provider of `providers.yaml` a person of a provider works for. */
  provider: id.optional(),
  from: instant,
  until: instant.optional(),
  functions: z.array(id),
  teams: z.array(id).default([]),
  place: territory,
  /** What is left out is missing. */
  standing,
});

/** A machine that comes in by itself. */
const robot = z.strictObject({
  name: line,
  issuer: address,
  /** Its client at that issuer: that of its tokens, which people cannot have. */
  client_id: line,
  /** What the issuer calls it; left out: its `client_id`. */
  subject: line.optional(),
  /** What its tokens have to be for; left out: the portal's address. */
  audience: line.optional(),
  proof: z.enum(robotProofs),
  responsible: id,
  place: territory,
  from: instant,
  until: instant.optional(),
  purposes: z.array(id).min(1, 'must name at least one'),
  /** Left out: the provider's own. */
  zone: zone.optional(),
  /** Outside all of them it stays out; where one says `latest` it is expected, and a run that did not come is told. */
  windows: z.array(
    z.strictObject({
      days: z.array(z.enum(weekDays)).min(1, 'must name at least one'),
      from: time,
      until: time,
      latest: time.optional(),
    }),
  ),
});

export const staffFile = z.strictObject({
  functions: z.record(id, text),
  teams: z.array(id).default([]),
  charter,
  notice: z
    .strictObject({ version: line, recorded: text, readers: text, kept: text, rights: text })
    .optional(),
  validity_months: validity.default({ security_training: 12, gdpr_training: 12 }),
  people: z.record(id, person),
  /** Assignments to several clients at once; a client's own stand in its file. */
  assignments: z
    .array(
      z.strictObject({
        who,
        /** Clients, or `tag:<tag>` for all that carry it. */
        clients: z.array(
          z.string().regex(/^(?:tag:)?[a-z][a-z0-9-]{0,62}$/, 'must be a client or tag:<tag>'),
        ),
        ...assigned,
      }),
    )
    .default([]),
  users: z
    .record(id, z.strictObject({ name: line, role: z.enum(['contact', 'dpo']), ...staffAccount }))
    .default({}),
  robots: z.record(id, robot).default({}),
});

const purpose = z.strictObject({
  label: text,
  description: text,
  operations: z.array(operation),
  functions: z.array(id),
  /** Machines may declare it too. */
  robots: z.boolean().optional(),
  service: id,
  reference: z.enum(['required', 'optional']),
  /** Forms of which a reference must have one: `#` digits, `####` exactly four, `*` any word. */
  reference_patterns: z
    .array(
      z
        .string()
        .refine(
          (one) => parseReferencePattern(one) !== undefined,
          'must be a pattern such as INC-# or CALL-####',
        ),
    )
    .min(1, 'must name at least one form')
    .optional(),
  note: z.enum(['required', 'optional']),
  /** Letters and digits that a required note must have at least. */
  note_minimum: z.int().min(1).max(200).default(1),
  minutes: z.int().min(1).max(1440),
  finish_minutes: z.int().min(0).max(1440).default(0),
  production: z.boolean(),
  hours: hours.optional(),
  authentication: authentication.optional(),
  copies: copies.optional(),
});

export const purposesFile = z.strictObject({ purposes: z.record(id, purpose) });

export const host = z
  .string()
  .max(253)
  .regex(
    /^(?=.*[a-z])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be a host name in small letters, without port',
  );

/** `erp.internal` or `erp.internal:8443`; `public` and `upstream` have this form too. */
function isAuthority(value: string): boolean {
  const [name, port, ...more] = value.split(':');
  if (more.length > 0 || !host.safeParse(name).success) return false;
  return port === undefined || (/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65_535);
}

const system = z.strictObject({
  name: text,
  hosts: z.array(host).min(1),
  /** Under which the client's own people reach it, past the gateway. */
  public_url: z
    .string()
    .max(500)
    .refine(
      (url) => url.startsWith('https://') && isPlainAddress(url) && !url.includes('/..'),
      'must be an https address without user, query or fragment',
    )
    .optional(),
  environment: z.enum(['production', 'test']),
  upstream: z.strictObject({
    url: address,
    server_name: host.optional(),
    /** A PEM bundle in `certificates/` of the policy folder. */
    ca_file: bundle.optional(),
    host: z
      .string()
      .refine(
        isAuthority,
        'must be public, upstream, or a host name in small letters, with a port if need be',
      )
      .default('public'),
    /** Why this upstream also serves another client; both must say so. */
    shared_upstream: line.optional(),
  }),
  profile: id,
  credential: credential.optional(),
  door: z.enum(doorNames).optional(),
  closed_by: z.enum(closings).optional(),
  purposes: z.array(id),
  authentication: authentication.optional(),
});

/** A system without a web address: it is declared and agreed to like any other, and never served. */
export const outsideSystem = system.pick({
  name: true,
  environment: true,
  purposes: true,
  authentication: true,
});

export const contact = z.strictObject({ name: line, mail: line });

const assignment = z.strictObject({ who, ...assigned });

/** As written: what `defaults.yaml` says may be left out. */
export const controllerSource = z.strictObject({
  name: line,
  function: line,
  role: z.enum(['representative', 'delegate', 'reader']),
  /** `passkey`, or `mail-totp` (a mail and an app's code): signs in here and has no account elsewhere. */
  sign_in: z.enum(['passkey', 'mail-totp']).optional(),
  issuer: address.optional(),
  subject: line.optional(),
  authority: line,
  /** Where notices go. */
  mail: mailAddress.optional(),
  language: z.enum(['fr', 'en']).optional(),
  weekly_mail: z.boolean().optional(),
});

/** One way to sign in each: a passkey alone, mail and code, or an account at an issuer. */
const controller = controllerSource.superRefine((said, context) => {
  for (const key of ['issuer', 'subject'] as const) {
    const message =
      said.sign_in === undefined
        ? `"${key}" is missing; or say sign_in: passkey`
        : `whoever signs in with ${said.sign_in === 'passkey' ? 'a passkey' : 'mail and code'} has no ${key}`;
    if ((said.sign_in === undefined) === (said[key] === undefined))
      context.addIssue({ code: 'custom', message, path: [key] });
  }
  if (said.sign_in === 'mail-totp' && said.mail === undefined)
    context.addIssue({
      code: 'custom',
      message: 'whoever signs in with mail and code needs a mail address',
      path: ['mail'],
    });
});

export const clientFile = z.strictObject({
  name: line,
  zone,
  /** What assignments may name instead of the client, as `tag:<tag>`. */
  tags: z.array(id).default([]),
  /** Nobody is served before `live` nor after `ended`. Left out: live, as far as contract and agreements go. */
  status: z.enum(['preparing', 'live', 'ended']).default('live'),
  contact,
  contract,
  systems: z.record(id, system),
  /** Those of kind `outside`. */
  outside: z.record(id, outsideSystem).default({}),
  assignments: z.array(assignment),
  controllers: z.record(id, controller),
  instructions: z.array(instruction).default([]),
  watch: watch.optional(),
  absence: absence.optional(),
  tickets: tickets.optional(),
  /** Agreements count that people with `sign_in: mail-totp` give, which nobody's key has signed: weaker evidence. */
  accept_without_signature: z.boolean().optional(),
  webhooks: webhooks.optional(),
  /** How the client is shown technicians; left out: by name. */
  display: z.enum(displayLevels).optional(),
  copies: clientCopies.optional(),
  /** Whose public holidays close the hours of purposes and instructions. */
  calendar: z.enum(calendars).default('FR'),
});

export type IdentityFile = z.infer<typeof identityFile>;
export type StaffFile = z.infer<typeof staffFile>;
export type RobotSource = StaffFile['robots'][string];
export type PurposesFile = z.infer<typeof purposesFile>;
export type ClientFile = z.infer<typeof clientFile>;
