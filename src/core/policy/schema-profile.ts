/**
 * The shape of a profile: how the requests of one application are to be read. Templates are literal segments and
 * wildcards; no regular expression comes from a policy file.
 */
import * as z from 'zod';
import { methodNames } from '../methods.ts';
import { operation, text } from './schema-parts.ts';

const queryKey = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,40}$/, 'must be the key of a query');

/** One of `header`, `pointer`, `graphql` and `select`; `reads` with the first two. The compiler holds that. */
const peek = z.strictObject({
  header: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/, 'must be the name of a header')
    .optional(),
  pointer: z
    .string()
    .max(200)
    .regex(/^(?:\/(?:[^/~]|~[01])*)*$/, 'must be a JSON pointer such as /method')
    .optional(),
  graphql: z.literal(true).optional(),
  select: queryKey.optional(),
  reads: z.array(z.string().min(1).max(200)).optional(),
});

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
  /** Keys of the query whose presence is stored. */
  query: z.array(queryKey).default([]),
  /** The route takes a request only if its query has these keys, and no others than these. */
  when: z
    .strictObject({
      has: z.array(queryKey).max(20).default([]),
      may_have: z.array(queryKey).max(50).default([]),
    })
    .optional(),
  peek: peek.optional(),
  idle_seconds: z.int().min(1).max(86_400).optional(),
});

/** What a browser would save rather than show. */
export const copyTypes = [
  'application/download',
  'application/force-download',
  'application/gzip',
  'application/msword',
  'application/octet-stream',
  'application/parquet',
  'application/sql',
  'application/vnd.apache.parquet',
  'application/vnd.ms-excel',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.text',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.sqlite3',
  'application/x-7z-compressed',
  'application/x-bzip2',
  'application/x-download',
  'application/x-gzip',
  'application/x-ndjson',
  'application/x-sql',
  'application/x-sqlite3',
  'application/x-tar',
  'application/x-zip-compressed',
  'binary/octet-stream',
  'text/tab-separated-values',
  'text/vcard',
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
  /** Pages on one host of a system may call its other hosts (CORS, frames, scripts). */
  between_hosts: z.boolean().default(false),
  /** `Authorization` goes up and `WWW-Authenticate` comes down. */
  pass_authorization: z.boolean().default(false),
  /** One connection of the browser is one to the system: NTLM and Negotiate. */
  connection_bound: z.boolean().default(false),
  /** Paths of routes that a sign-in elsewhere posts its answer to (SAML, form_post). */
  callbacks: z.array(template).max(20).default([]),
  /** Paths of routes whose scripts may be installed as service workers. */
  service_workers: z.array(template).max(20).default([]),
  routes: z.array(route).max(2000).default([]),
});

export type ProfileFile = z.infer<typeof profileFile>;
