/** What the logs of the portal's small world may hold: agreements, requests, proposals, seats, matters and frames. */
import type { Seat } from '../../src/core/commands.ts';
import type { Delegation } from '../../src/core/delegations.ts';
import type { Matter } from '../../src/core/matters.ts';
import type { ControllerRole, Grant } from '../../src/core/model.ts';
import type { Proposal } from '../../src/core/proposals.ts';
import type { ConsentRequest } from '../../src/core/requests.ts';
import { day, hour, issuer, start } from './world-rules.ts';

export function proposed(id: string, more: Partial<Proposal> = {}): Proposal {
  return {
    id,
    client: 'acme',
    template: 'hotline',
    systems: ['erp', 'backup'],
    purposes: ['hotline', 'support'],
    operations: ['read', 'write'],
    people: ['assigned'],
    days: 90,
    onceMinutes: undefined,
    budget: { per: 'week', zone: 'Europe/Paris', openings: 20 },
    by: 'carla',
    proposedAt: start - day,
    until: start + 29 * day,
    status: 'waiting',
    changedAt: start - day,
    grant: undefined,
    ...more,
  };
}

export function grant(id: string, more: Partial<Grant> = {}): Grant {
  return {
    id,
    client: 'acme',
    version: 1,
    status: 'active',
    systems: ['erp', 'backup'],
    purposes: ['hotline', 'support'],
    operations: ['read', 'write'],
    people: ['assigned'],
    from: start - day,
    until: start + 30 * day,
    upstreamAccount: undefined,
    textHash: 'sha256:x',
    grantedBy: 'seat-claire',
    grantedAt: start - day,
    ...more,
  };
}

export function seat(who: string, clientId: string, role: ControllerRole, more: Partial<Seat> = {}): Seat {
  return {
    id: `seat-${who}`,
    client: clientId,
    controller: who,
    issuer,
    subject: who,
    name: who,
    role,
    authority: 'DOC-1',
    method: 'evaluation-key',
    credentialId: '',
    publicKey: 'key',
    seatedAt: start - 2 * day,
    ...more,
  };
}

export function asked(id: string, more: Partial<ConsentRequest> = {}): ConsentRequest {
  return {
    id,
    client: 'acme',
    person: 'alice',
    systems: ['erp', 'backup'],
    purpose: 'support',
    operations: ['read', 'write'],
    reference: 'T-7',
    note: 'The invoices of May do not print.',
    minutes: 60,
    until: start + day,
    status: 'raised',
    raisedAt: start - hour,
    changedAt: start - hour,
    grant: undefined,
    said: [],
    ...more,
  };
}

/** A question of marc about the access `o1`. */
export function matterOf(id: string, more: Partial<Matter> = {}): Matter {
  return {
    ...{ id, client: 'acme', opening: 'o1', what: 'question', controller: 'marc', status: 'open' },
    ...{ openedAt: start - hour, dueAt: start + 2 * day, changedAt: start - hour },
    said: [{ id, by: 'client', who: 'seat-marc', at: start - hour, text: 'Why was the list opened?' }],
    ...more,
  };
}

/** A contest of alice about the agreement `g1`. */
export function contestOf(id: string, more: Partial<Matter> = {}): Matter {
  return matterOf(id, {
    ...{ opening: '', what: 'contest', controller: '', dueAt: undefined },
    contested: { grant: 'g1', instruction: '' },
    said: [{ id, by: 'provider', who: 'alice', at: start - hour, text: 'It lets us copy health data.' }],
    ...more,
  });
}

/** A frame for dana: all that `asked` asks for but half the time, on working days in the day. */
export function frameOf(id: string, more: Partial<Delegation> = {}): Delegation & { readonly text: string } {
  return {
    ...{ id, client: 'acme', seat: 'seat-dana', controller: 'dana', status: 'active' },
    ...{ systems: ['erp'], purposes: ['support', 'hotline'], operations: ['read'], minutes: 30 },
    ...{ hours: '1,2,3,4,5 480-1080 Europe/Paris', from: start - day, until: start + 30 * day },
    ...{ textHash: 'sha256:x', grantedBy: 'seat-claire', grantedAt: start - day, text: '{}' },
    ...more,
  };
}
