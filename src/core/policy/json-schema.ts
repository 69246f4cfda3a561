/**
 * One JSON Schema for all policy files, for editors: `$defs` holds one definition per kind of file. Generated from
 * the schemas that the compiler uses; `policies/schema.json` is this text, and a test holds it in step.
 */
import { z } from 'zod';
import { caseFile } from './schema-cases.ts';
import { profileFile } from './schema-profile.ts';
import { clientFile, identityFile, purposesFile, staffFile } from './schemas.ts';

const kinds = {
  identity: identityFile,
  staff: staffFile,
  purposes: purposesFile,
  client: clientFile,
  profile: profileFile,
  cases: caseFile,
} as const;

/** The schema as text, two spaces deep, with a line feed at the end. */
export function policySchemaText(): string {
  const definitions = Object.entries(kinds).map(([name, schema]) => {
    const { $schema: _, ...definition } = z.toJSONSchema(schema, { io: 'input' });
    return [name, definition];
  });
  const whole = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Consentry policy files',
    anyOf: Object.keys(kinds).map((name) => ({ $ref: `#/$defs/${name}` })),
    $defs: Object.fromEntries(definitions),
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
