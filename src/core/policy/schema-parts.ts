/** The small shapes that all policy files share: ids, sentences, dates, operations. */
import * as z from 'zod';
import { isDayText, isInstantText } from './instants.ts';
import { isTerritory } from './territories.ts';

/** Ids of people, clients, systems and so on stand in logs and addresses. */
export const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id is small letters, digits and -, and begins with a letter')
  .meta({ title: 'id' });

export const line = z
  .string()
  .min(1, 'must not be empty')
  .max(500, 'must be at most 500 characters')
  .refine((text) => !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text), 'must not hold control characters')
  .refine((text) => text.trim() === text, 'must not begin or end with a space')
  .meta({ title: 'text' });

export const text = z.strictObject({ en: line, fr: line }).meta({ title: 'sentence' });

export const instant = z
  .string()
  .refine(
    isInstantText,
    'must be a real date (2026-03-31) or a time with its offset (2026-03-31T18:00:00+02:00)',
  )
  .meta({ title: 'date' });

export const day = z.string().refine(isDayText, 'must be a real date (2026-03-31)').meta({ title: 'day' });

export const territory = z
  .string()
  .refine(isTerritory, 'must be a territory of ISO 3166 in two capitals, such as FR, RE, GB')
  .meta({ title: 'territory' });

/** A PEM bundle in `certificates/` of the policy folder. */
export const bundle = z
  .string()
  .regex(/^certificates\/[A-Za-z0-9_-]{1,100}\.pem$/, 'must be certificates/<name>.pem');

export const operation = z.enum(['read', 'write', 'copy']);
