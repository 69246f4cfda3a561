/**
 * The shape of `providers.yaml`: the provider's own providers (sub-processors) whose people may work for a client, once
 * their guarantees are there and the client has approved them.
 */
import * as z from 'zod';
import { id, instant, line, territory } from './schema-parts.ts';

const subProcessor = z.strictObject({
  name: line,
  address: line,
  contact: z.strictObject({ name: line, mail: line }),
  /** What they do, and nothing beyond. */
  tasks: line,
  /** Where they are established. */
  country: territory,
  /** Where their people work from. */
  places: z.array(territory),
  /** Place in the chain: 1 works for us, 2 for one of those. */
  rank: z.int().min(1).max(9).default(1),
  /** References of what was checked before; without them nobody of theirs comes in. */
  guarantees: z
    .strictObject({
      agreement: line,
      confidentiality: line,
      no_sale: line,
      security: line,
      reviewed: instant,
      until: instant,
    })
    .optional(),
  /** Client -> its own approval of this provider. */
  approvals: z
    .record(id, z.strictObject({ reference: line, from: instant, until: instant.optional() }))
    .default({}),
});

export const providersFile = z.strictObject({ providers: z.record(id, subProcessor) });

export type ProvidersFile = z.infer<typeof providersFile>;
export type SubProcessorSource = ProvidersFile['providers'][string];
