/** The shapes of what a client's file says about the provider's ticket system and about the client's own webhooks. */
import * as z from 'zod';
import { isTicketAddress } from '../ticket-check.ts';
import { bundle, id } from './schema-parts.ts';

const address = z
  .string()
  .max(500)
  .refine(
    isTicketAddress,
    'must be an http or https address with {reference} in its path or query, written as it is sent',
  );

export const tickets = z.strictObject({
  check: address,
  summary: address.optional(),
  secret_file: id.optional(),
  ca_file: bundle.optional(),
  on_failure: z.enum(['refuse', 'mark']),
});

/** How far the addresses may lead that a client's representatives give. */
export const webhooks = z.strictObject({ private_networks: z.boolean() });

export type TicketsSource = z.infer<typeof tickets>;
