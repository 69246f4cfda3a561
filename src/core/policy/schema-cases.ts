/** The shape of a file of policy cases: who, what and when, and the decision that must come out. */
import * as z from 'zod';
import { methodNames } from '../methods.ts';
import { id, instant, line, operation } from './schema-parts.ts';

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

export type CaseFile = z.infer<typeof caseFile>;
