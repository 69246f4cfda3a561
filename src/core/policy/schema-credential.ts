/** The shape of what a client's file says about a credential that the client handed over. */
import * as z from 'zod';
import { credentialKinds } from '../credential.ts';
import { id, instant, line } from './schema-parts.ts';

export const credential = z.strictObject({
  kind: z.enum(credentialKinds),
  file: id,
  header: z.string().max(100).optional(),
  account: line,
  handed_over_by: line,
  handed_over_on: instant,
  document: line,
  rotate_by: instant.optional(),
});

export type CredentialSource = z.infer<typeof credential>;
