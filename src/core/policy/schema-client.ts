/**
 * A client's file as it is written: what stands in `defaults.yaml` and in the contract it uses may be left out. Made
 * out of the whole client's schema, so that the two cannot differ in what a value may be.
 */
import * as z from 'zod';
import { id, line, text } from './schema-parts.ts';
import { address, clientFile, contact, controllerSource, host, zone } from './schemas.ts';

/** A map of which each key may be left out, all the way down; what is there is held to the same rules. */
function partly(schema: z.ZodObject): z.ZodObject {
  const fields = Object.entries(schema.shape).map(([key, field]) => {
    const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
    return [key, inner instanceof z.ZodObject ? partly(inner).optional() : z.optional(inner)];
  });
  return z.strictObject(Object.fromEntries(fields));
}

const { outside: _, ...whole } = clientFile.shape;
const served = whole.systems.valueType;
const calendar = whole.calendar.unwrap();

/** The terms that contracts of one kind share: any key of a client's `contract`. */
export const contractFile = partly(whole.contract);

const hostPattern = z
  .string()
  .max(253)
  .regex(/\{system\}/, 'must hold {system}: two systems cannot have one host')
  .refine(
    (pattern) => host.safeParse(hostOf(pattern, 'system', 'client')).success,
    'must be a host name in small letters with {system} and {client} in it',
  );

/** The host that a pattern means for one system. */
export function hostOf(pattern: string, system: string, client: string): string {
  return pattern.replaceAll('{system}', system).replaceAll('{client}', client);
}

/** One text stands for both languages; left out: the system's id. */
const names = { name: z.union([line, text], { error: 'must be a text, or { en, fr }' }).optional() };

const shared = {
  ...names,
  environment: served.shape.environment.optional(),
  profile: id.optional(),
  purposes: z.array(id).optional(),
  authentication: served.shape.authentication,
  door: served.shape.door,
  closed_by: served.shape.closed_by,
};

const system = z.strictObject({
  ...served.partial().shape,
  ...shared,
  /** `outside`: has no web address (a desktop, a database tool, a call); declared, never served. */
  kind: z.enum(['web', 'outside']).optional(),
});

const use = z
  .string()
  .regex(/^contract\/[a-z][a-z0-9-]{0,62}$/, 'must be contract/<name> for contracts/<name>.yaml');

export const clientSource = z.strictObject({
  ...whole,
  zone: zone.optional(),
  calendar: calendar.optional(),
  contact: contact.optional(),
  /** The terms that this contract shares with others; what the file says itself comes first. */
  use: use.optional(),
  host_pattern: hostPattern.optional(),
  contract: contractFile.optional(),
  systems: z.record(id, system),
  assignments: whole.assignments.default([]),
  /** Must be there even when nobody is nominated: a file that was cut off in the middle then lacks it. */
  controllers: z.record(id, controllerSource),
});

/** What holds for every client whose own file says nothing else. */
export const defaultsFile = z.strictObject({
  zone: zone.optional(),
  calendar: calendar.optional(),
  contact: contact.optional(),
  use: use.optional(),
  /** Hosts of a system whose file names none: `{system}.{client}.door.example`. */
  host_pattern: hostPattern.optional(),
  /** What a system of that id is; `"*"`: every system. */
  systems: z.record(z.union([id, z.literal('*')]), z.strictObject(shared)).default({}),
  controllers: z.strictObject({ issuer: address }).optional(),
  tickets: whole.tickets,
  webhooks: whole.webhooks,
  display: whole.display,
});

export type ClientSource = z.infer<typeof clientSource>;
export type DefaultsFile = z.infer<typeof defaultsFile>;
export type ContractFile = z.infer<typeof contractFile>;
export type SystemSource = ClientSource['systems'][string];
