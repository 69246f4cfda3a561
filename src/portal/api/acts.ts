/**
 * The one table of the programming interface: each act with its scope, and with the act of the portal that its owner must
 * be free to do. Routes and the OpenAPI document are made from it; a test walks scope by role by act.
 */
import type * as z from 'zod';
import type { Scope } from '../../core/connections.ts';
import type { ControllerRole } from '../../core/model.ts';
import { type ActName, may } from '../roles.ts';
import * as schemas from './schemas.ts';

export interface ApiAct {
  readonly method: 'get' | 'post';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly scope: Scope;
  /** What the owner does on the pages. */
  readonly as: ActName;
  readonly says: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
}

const { eventQuery, pageQuery, noBody, textBody, stopBody } = schemas;

export const apiActs = {
  requests: {
    ...{ method: 'get', path: '/requests', scope: 'requests:read', as: 'requests' },
    ...{ says: 'Requests to the client, newest first.', query: pageQuery, answer: schemas.requestList },
  },
  request: {
    ...{ method: 'get', path: '/requests/:id', scope: 'requests:read', as: 'request' },
    ...{ says: 'One request.', answer: schemas.requestAnswer },
  },
  ask: {
    ...{ method: 'post', path: '/requests/:id/ask', scope: 'requests:write', as: 'requestAsk' },
    ...{
      says: 'Asks the technician something about a request.',
      body: textBody,
      answer: schemas.requestAnswer,
    },
  },
  refuse: {
    ...{ method: 'post', path: '/requests/:id/refuse', scope: 'requests:write', as: 'requestRefuse' },
    ...{ says: 'Refuses a request, with a reason.', body: textBody, answer: schemas.requestAnswer },
  },
  grants: {
    ...{ method: 'get', path: '/grants', scope: 'grants:read', as: 'agreements' },
    ...{ says: 'Agreements, newest first.', query: pageQuery, answer: schemas.grantList },
  },
  grant: {
    ...{ method: 'get', path: '/grants/:id', scope: 'grants:read', as: 'agreement' },
    ...{ says: 'One agreement.', answer: schemas.grantAnswer },
  },
  suspend: {
    ...{ method: 'post', path: '/grants/:id/suspend', scope: 'grants:write', as: 'agreementChange' },
    ...{
      says: 'Suspends an agreement; what runs under it is cut.',
      body: noBody,
      answer: schemas.stoppedAnswer,
    },
  },
  revoke: {
    ...{ method: 'post', path: '/grants/:id/revoke', scope: 'grants:write', as: 'agreementChange' },
    ...{
      says: 'Withdraws an agreement; what runs under it is cut.',
      body: noBody,
      answer: schemas.stoppedAnswer,
    },
  },
  openings: {
    ...{ method: 'get', path: '/openings', scope: 'openings:read', as: 'activity' },
    ...{ says: 'Accesses, newest first.', query: pageQuery, answer: schemas.openingList },
  },
  opening: {
    ...{ method: 'get', path: '/openings/:id', scope: 'openings:read', as: 'activity' },
    ...{ says: 'One access.', answer: schemas.openingAnswer },
  },
  stop: {
    ...{ method: 'post', path: '/stop', scope: 'stop', as: 'stop' },
    ...{ says: 'Ends accesses now: one, those under an agreement, those of a person, or all.' },
    ...{ body: stopBody, answer: schemas.stoppedAnswer },
  },
  ending: {
    ...{ method: 'get', path: '/ending', scope: 'log:read', as: 'ending' },
    ...{
      says: 'Where the end of the contract stands: when, what was chosen, what is outstanding, notices of erasure, certificate.',
      answer: schemas.endingAnswer,
    },
  },
  head: {
    ...{ method: 'get', path: '/log/head', scope: 'log:read', as: 'verify' },
    ...{ says: 'The newest signed head of the log and the key that checks it.', answer: schemas.headAnswer },
  },
  events: {
    ...{ method: 'get', path: '/log/events', scope: 'events:read', as: 'takeLog' },
    ...{
      says: 'Events of the log as documents of the Elastic Common Schema, oldest first. Each access is one event, told when it ended; each event is told once. Begin without `after`, then send what `next` said; `more` is false at the end of the log.',
      query: eventQuery,
      answer: schemas.eventList,
    },
  },
} as const satisfies Record<string, ApiAct>;

export type ApiActName = keyof typeof apiActs;

/** Whether a connection with these scopes, of somebody in this role, may do it: both must say so. */
export function mayThrough(scopes: readonly Scope[], role: ControllerRole, name: ApiActName): boolean {
  const { scope, as } = apiActs[name];
  return scopes.includes(scope) && may(role, as);
}

/** Scopes with which somebody in this role could do something. */
export function scopesOf(role: ControllerRole): readonly Scope[] {
  return [...new Set(Object.values(apiActs).flatMap(({ scope, as }) => (may(role, as) ? [scope] : [])))];
}
