/** The shape of what a client's file says about checking references against the provider's ticket system. */
import { z } from 'zod';
import { isTicketAddress } from '../ticket-check.ts';
import { bundle, id } from './schema-parts.ts';

export const tickets = z.strictObject({
  check: z
    .string()
    .max(500)
    .refine(
      isTicketAddress,
      'must be an http or https address with {reference} in its path or query, written as it is sent',
    ),
  secret_file: id.optional(),
  ca_file: bundle.optional(),
  on_failure: z.enum(['refuse', 'mark']),
});

export type TicketsSource = z.infer<typeof tickets>;
