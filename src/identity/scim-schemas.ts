/**
 * What this SCIM endpoint says about itself (RFC 7643, sections 5 to 7): one kind of resource, six attributes, PATCH
 * and one form of filter; and the frame of its answers. `base` is the address of the endpoint.
 */
import type { Response } from 'express';
import { userSchema } from './scim-user.ts';

const core = 'urn:ietf:params:scim:schemas:core:2.0';
export const messages = 'urn:ietf:params:scim:api:messages:2.0';
/** Most users in one answer. */
export const mostResults = 200;

export function serviceProviderConfig(base: string) {
  return {
    schemas: [`${core}:ServiceProviderConfig`],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: mostResults },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: false },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'The secret that the gateway was given as CONSENTRY_SCIM_TOKEN.',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

export function resourceTypes(base: string) {
  return [
    {
      schemas: [`${core}:ResourceType`],
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      description: 'Somebody whom the directory knows',
      schema: userSchema,
      schemaExtensions: [],
      meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/User` },
    },
  ];
}

const plain = {
  multiValued: false,
  required: false,
  mutability: 'readWrite',
  returned: 'default',
} as const;
const text = { type: 'string', ...plain, caseExact: false, uniqueness: 'none' } as const;
const truth = { type: 'boolean', ...plain } as const;

export function schemas(base: string) {
  return [
    {
      schemas: [`${core}:Schema`],
      id: userSchema,
      name: 'User',
      description: 'Somebody whom the directory knows',
      attributes: [
        {
          ...text,
          name: 'userName',
          description: 'Name at sign-in, often the mail address',
          required: true,
          uniqueness: 'server',
        },
        {
          ...text,
          name: 'externalId',
          description: 'The subject by which the identity provider names this person',
          caseExact: true,
        },
        { ...text, name: 'displayName', description: 'Name as people read it' },
        {
          ...plain,
          name: 'name',
          type: 'complex',
          description: 'Parts of the name',
          subAttributes: [
            { ...text, name: 'formatted', description: 'The whole name' },
            { ...text, name: 'givenName', description: 'Given name' },
            { ...text, name: 'familyName', description: 'Family name' },
          ],
        },
        {
          ...plain,
          name: 'emails',
          type: 'complex',
          multiValued: true,
          description: 'Mail addresses',
          subAttributes: [
            { ...text, name: 'value', description: 'The address' },
            { ...text, name: 'type', description: 'What kind of address it is' },
            { ...truth, name: 'primary', description: 'Whether it is the main one' },
          ],
        },
        { ...truth, name: 'active', description: 'False takes away all access at once' },
      ],
      meta: { resourceType: 'Schema', location: `${base}/Schemas/${userSchema}` },
    },
  ];
}

/** A page of a list. */
export function listOf(resources: readonly unknown[], startIndex: number, totalResults: number) {
  return {
    schemas: [`${messages}:ListResponse`],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}

export function send(res: Response, status: number, body: unknown): void {
  res
    .status(status)
    .set('Cache-Control', 'no-store')
    .type('application/scim+json')
    .send(JSON.stringify(body));
}
