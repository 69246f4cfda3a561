/**
 * The shape of every policy file. What one file alone can get wrong is said here; what only shows when files are put
 * together is said in compile. Unknown keys are faults, an empty list means nobody, nothing is on by default.
 * `policies/schema.json` is generated from these.
 */
import { z } from 'zod';
import { isInstantText, isZone } from './instants.ts';
import { unionTerritories } from './territories.ts';

/** Ids of people, clients, systems and so on stand in logs and addresses. */
export const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id is small letters, digits and -, and begins with a letter');

const line = z
  .string()
  .min(1, 'must not be empty')
  .max(500, 'must be at most 500 characters')
  .refine((text) => !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text), 'must not hold control characters')
  .refine((text) => text.trim() === text, 'must not begin or end with a space');

const text = z
  .strictObject({ en: line, fr: line })
  .meta({ description: 'A sentence in English and in French.' });

const instant = z
  .string()
  .refine(
    isInstantText,
    'must be a real date (2026-03-31) or a time with its offset (2026-03-31T18:00:00+02:00)',
  );

const zone = z.string().refine(isZone, 'must be a time zone such as Europe/Paris');

const operation = z.enum(['read', 'write', 'copy']);

const address = z
  .string()
  .max(500)
  .refine(isPlainAddress, 'must be an http or https address without user, query or fragment');

const account = { issuer: address, subject: line };

function isPlainAddress(value: string): boolean {
  if (!/^https?:\/\//.test(value) || /[\s?#\\]/.test(value) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}

const provider = z.strictObject({
  issuer: address,
  label: text,
  client_id: line,
  secret_file: line.optional(),
  serves: z.array(z.enum(['staff', 'controllers'])),
  subject_claim: z
    .string()
    .regex(/^[A-Za-z0-9_:./-]{1,200}$/, 'must be the name of a claim')
    .default('sub'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'must be a scope'))
    .default(['openid', 'profile']),
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
  ...account,
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
    .record(id, z.strictObject({ name: line, role: z.enum(['contact', 'dpo']), ...account }))
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

export const methodNames = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const template = z
  .string()
  .max(300)
  .regex(
    /^\/(?:(?::[a-z][a-z0-9_]{0,30}|\*|[A-Za-z0-9_~!$'()+,=@.-]{1,100})(?:\/(?::[a-z][a-z0-9_]{0,30}|\*{1,2}|[A-Za-z0-9_~!$'()+,=@.-]{1,100}))*\/?|\*\*)?$/,
    'must be a path of literal segments, :name or *, and ** for the rest',
  )
  .refine((path) => !/\*\*./.test(path), '** may only stand at the end')
  .refine((path) => !/\/\.{1,2}(?:\/|$)/.test(path), '. and .. are not accepted')
  .refine((path) => path.split('/').length <= 16, 'must have at most 15 segments');

const route = z.strictObject({
  path: template,
  methods: z.array(z.enum(methodNames)).min(1).optional(),
  operation,
  label: text.optional(),
  static: z.boolean().default(false),
  socket: z.boolean().default(false),
  query: z
    .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,40}$/, 'must be the key of a query'))
    .default([]),
  peek: z
    .strictObject({
      pointer: z
        .string()
        .max(200)
        .regex(/^(?:\/(?:[^/~]|~[01])*)*$/, 'must be a JSON pointer such as /method'),
      reads: z.array(z.string().min(1).max(200)),
    })
    .optional(),
  idle_seconds: z.int().min(1).max(86_400).optional(),
});

/** What a browser would save rather than show. */
export const copyTypes = [
  'application/gzip',
  'application/msword',
  'application/octet-stream',
  'application/sql',
  'application/vnd.ms-excel',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.sqlite3',
  'application/x-7z-compressed',
  'application/x-bzip2',
  'application/x-gzip',
  'application/x-sqlite3',
  'application/x-tar',
  'application/x-xz',
  'application/zip',
  'application/zstd',
  'multipart/byteranges',
  'text/csv',
];

const mediaType = z
  .string()
  .regex(
    /^[a-z0-9.+-]{1,80}\/(?:[a-z0-9.+-]{1,120}|\*)$/,
    'must be a media type such as text/csv or video/*',
  );

export const profileFile = z.strictObject({
  application: text,
  idle_seconds: z.int().min(1).max(86_400).default(120),
  copy: z
    .strictObject({
      attachments: z.boolean().default(true),
      types: z.array(mediaType).default(copyTypes),
      /** An answer with more bytes than a page has counts as a copy. */
      bytes: z.int().min(1024).max(1_073_741_824).default(5_242_880),
    })
    .default({ attachments: true, types: copyTypes, bytes: 5_242_880 }),
  routes: z.array(route).max(2000).default([]),
});

const host = z
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
  contact: z.strictObject({ name: line, mail: line }),
  contract: z.strictObject({
    reference: line,
    from: instant,
    until: instant.optional(),
    services: z.array(id),
  }),
  systems: z.record(id, system),
  assignments: z.array(assignment),
  controllers: z.record(id, controller),
  instructions: z.array(z.strictObject({ id, text, forbids: z.array(id).default([]) })).default([]),
});

const caseGrant = z.strictObject({
  systems: z.array(id).optional(),
  purposes: z.array(id).optional(),
  operations: z.array(operation).optional(),
  people: z.array(line).optional(),
  from: instant.optional(),
  until: instant.optional(),
  status: z.enum(['active', 'suspended', 'revoked', 'expired', 'superseded']).optional(),
});

export const caseFile = z.strictObject({
  cases: z.array(
    z.strictObject({
      name: line,
      person: id,
      client: id,
      system: id,
      purpose: id,
      at: instant,
      /** Left out: GET. */
      method: z.enum(methodNames).default('GET'),
      /** Left out: `/`. */
      path: z.string().regex(/^\//, 'must begin with /').default('/'),
      reference: z.string().default('T-1'),
      note: z.string().default('case'),
      authentication: z
        .strictObject({
          acr: line.optional(),
          amr: z.array(line).default([]),
          minutes_ago: z.int().min(0).default(0),
        })
        .default({ amr: [], minutes_ago: 0 }),
      /** What the client agreed to; left out: exactly what is asked, with every operation. `none`: nothing. */
      grant: z.union([z.literal('none'), caseGrant]).default({}),
      /** `allow`, or the reason of the refusal. */
      expect: z.string(),
    }),
  ),
});

export type IdentityFile = z.infer<typeof identityFile>;
export type StaffFile = z.infer<typeof staffFile>;
export type PurposesFile = z.infer<typeof purposesFile>;
export type ProfileFile = z.infer<typeof profileFile>;
export type ClientFile = z.infer<typeof clientFile>;
export type CaseFile = z.infer<typeof caseFile>;
