/** The shape of a file in `grant-templates/`: a form of agreement that the provider keeps ready to propose. */
import * as z from 'zod';
import { mostKeep } from '../budget.ts';
import { mostMinutes } from '../first-use.ts';
import type { GrantTemplate } from '../proposals.ts';
import { id, operation, text } from './schema-parts.ts';

const count = z.int().min(1).max(9_999_999).optional();

export const templateFile = z.strictObject({
  label: text,
  about: text,
  purposes: z.array(id).min(1, 'name at least one purpose'),
  operations: z.array(operation).min(1, 'name at least one operation'),
  people: z
    .array(
      z
        .string()
        .regex(
          /^(assigned|(?:team|robot):[a-z][a-z0-9-]{0,62})$/,
          'must be assigned, team:<id> or robot:<id>',
        ),
    )
    .min(1, 'name at least one')
    .default(['assigned']),
  days: z.int().min(1).max(365),
  once_minutes: z.int().min(1).max(mostMinutes).optional(),
  limits: z
    .strictObject({
      per: z.enum(['day', 'week', 'month']),
      openings: count,
      minutes: count,
      megabytes: count,
      copies: count,
      copied_megabytes: count,
      keep_days: z.int().min(1).max(mostKeep).optional(),
    })
    .refine(({ per: _, ...limits }) => Object.keys(limits).length > 0, 'set at least one limit')
    .optional(),
});

export type TemplateFile = z.infer<typeof templateFile>;

/** The template that a file describes. */
export function buildTemplate(id: string, source: TemplateFile): GrantTemplate {
  const { label, about, purposes, operations, people, days, once_minutes: onceMinutes, limits } = source;
  const budget = limits && {
    per: limits.per,
    ...(limits.openings === undefined ? {} : { openings: limits.openings }),
    ...(limits.minutes === undefined ? {} : { minutes: limits.minutes }),
    ...(limits.megabytes === undefined ? {} : { bytes: limits.megabytes * 1e6 }),
    ...(limits.copies === undefined ? {} : { copies: limits.copies }),
    ...(limits.copied_megabytes === undefined ? {} : { copied: limits.copied_megabytes * 1e6 }),
    ...(limits.keep_days === undefined ? {} : { keep: limits.keep_days }),
  };
  return { id, label, about, purposes, operations, people, days, onceMinutes, budget };
}
