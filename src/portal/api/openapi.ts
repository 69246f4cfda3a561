/** The OpenAPI 3.1 document of the programming interface, generated from the table of acts and their schemas. Pure. */
import * as z from 'zod';
import { type ApiAct, apiActs } from './acts.ts';
import { problemAnswer } from './schemas.ts';

/** As JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

function parametersOf({ path, query }: ApiAct): readonly object[] {
  const id = {
    name: 'id',
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
  };
  const shape = query === undefined ? {} : schemaOf(query, 'input').properties;
  const queries = Object.entries(shape ?? {}).map(([name, schema]) => ({ name, in: 'query', schema }));
  return [...(path.includes('/:id') ? [id] : []), ...queries];
}

function operationOf(name: string, act: ApiAct): object {
  const problem = {
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return {
    operationId: name,
    summary: act.says,
    description: `Scope \`${act.scope}\`.`,
    parameters: parametersOf(act),
    ...(act.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(act.body, 'input') } },
          },
        }),
    responses: {
      200: {
        description: 'Done.',
        content: { 'application/json': { schema: schemaOf(act.answer, 'output') } },
      },
      default: { description: 'Refused, or not possible now; `code` is stable.', ...problem },
    },
  };
}

export function openApi(): object {
  const acts: readonly (readonly [string, ApiAct])[] = Object.entries(apiActs);
  const paths = Map.groupBy(acts, ([, { path }]) => path.replace(':id', '{id}'));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Consentry',
      version: '1',
      description:
        'For programs of a client. A token acts for the person who made it, within its scopes and never beyond what they may do. No token gives an agreement: that needs the person’s own signature.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(
      [...paths].map(([path, here]) => [
        path,
        Object.fromEntries(here.map(([name, act]) => [act.method, operationOf(name, act)])),
      ]),
    ),
    components: {
      schemas: { Problem: schemaOf(problemAnswer, 'output') },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}
