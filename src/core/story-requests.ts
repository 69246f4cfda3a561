/**
 * The part of the story that tells of requests: each is raised once, waits for one side at a time, and is answered
 * once, in time, by a consent within what was asked, a refusal, or silence. Pure.
 */
import type { LeafFields } from './entries.ts';
import type { Operation } from './model.ts';
import { afterSaying, beyondRequest, mostReminders, type RequestStatus, reminderPause } from './requests.ts';
import { list } from './story-lines.ts';

interface Told {
  readonly systems: readonly string[];
  readonly purpose: string;
  readonly operations: readonly Operation[];
  readonly minutes: number;
  readonly from: string;
  readonly until: string;
  /** The access that it is to lengthen; '': none. */
  readonly session: string;
  status: RequestStatus;
  reminders: number;
  /** When something was last said. */
  saidAt: string;
}

export interface RequestStory {
  /** Takes a line about a request; whether its seat is taken is the caller's to check. */
  line(leaf: LeafFields): string | undefined;
  /** A consent was given that names a request. Answers what is wrong with that. */
  approved(granted: LeafFields): string | undefined;
}

export function createRequestStory(): RequestStory {
  const requests = new Map<string, Told>();

  function raised(leaf: LeafFields): string | undefined {
    const id = String(leaf.id);
    if (requests.has(id)) return 'the request was raised already';
    if (!(String(leaf.at) < String(leaf.until))) return 'the request had lapsed before it was raised';
    requests.set(id, {
      systems: list(leaf.systems),
      purpose: String(leaf.purpose),
      operations: list(leaf.operations) as readonly Operation[],
      minutes: Number(leaf.minutes),
      from: leaf.from === undefined ? '' : String(leaf.from),
      until: String(leaf.until),
      session: leaf.session === undefined ? '' : String(leaf.session),
      status: 'raised',
      reminders: 0,
      saidAt: String(leaf.at),
    });
    return undefined;
  }

  function said(leaf: LeafFields, say: keyof typeof afterSaying): string | undefined {
    const request = requests.get(String(leaf.request));
    if (request === undefined) return 'it is about a request that was never raised';
    const { from, to } = afterSaying[say];
    if (!(from as readonly RequestStatus[]).includes(request.status))
      return `the request is ${request.status}`;
    if (String(leaf.at) >= request.until) return 'the request had lapsed';
    request.status = to;
    request.saidAt = String(leaf.at);
    return undefined;
  }

  function reminded(leaf: LeafFields): string | undefined {
    const request = requests.get(String(leaf.request));
    const before = Date.parse(request?.saidAt ?? '');
    const fault = said(leaf, 'reminded');
    if (fault !== undefined || request === undefined) return fault;
    request.reminders += 1;
    if (request.reminders > mostReminders || leaf.count !== request.reminders)
      return 'the client was reminded too often';
    return Date.parse(String(leaf.at)) < before + reminderPause
      ? 'the client was reminded too soon'
      : undefined;
  }

  function lapsed(leaf: LeafFields): string | undefined {
    const request = requests.get(String(leaf.request));
    if (request === undefined) return 'it is about a request that was never raised';
    if (request.status !== 'raised' && request.status !== 'more_info')
      return `the request is ${request.status}`;
    if (String(leaf.at) < request.until) return 'the request still had time';
    request.status = 'lapsed';
    return undefined;
  }

  return {
    line(leaf) {
      switch (leaf.t) {
        case 'consent.requested':
          return raised(leaf);
        case 'consent.lapsed':
          return lapsed(leaf);
        case 'consent.asked':
          return said(leaf, 'asked');
        case 'consent.answered':
          return said(leaf, 'answered');
        case 'consent.reminded':
          return reminded(leaf);
        default:
          return said(leaf, 'refused');
      }
    },
    approved(granted) {
      const request = requests.get(String(granted.request));
      if (request === undefined) return 'the consent answers a request that was never raised';
      if (request.status !== 'raised' && request.status !== 'more_info')
        return `the consent answers a request that is ${request.status}`;
      if (String(granted.at) >= request.until) return 'the consent answers a request that had lapsed';
      const beyond = beyondRequest(request, {
        systems: list(granted.systems),
        purposes: list(granted.purposes),
        operations: list(granted.operations),
      });
      if (beyond !== undefined) return `the consent goes beyond its request in ${beyond}`;
      if (String(granted.from) < request.from) return 'the consent begins before its request does';
      const minutes = Number(granted.minutes);
      if (String(granted.session ?? '') !== request.session)
        return 'the consent lengthens another access than its request';
      // What lengthens an access begins to count at its end, which is where the request lapses.
      const longer = request.session === '' ? 0 : minutes * 60_000;
      if (Date.parse(String(granted.until)) > Date.parse(request.until) + longer)
        return 'the consent lasts longer than its request';
      if (!(minutes > 0 && minutes <= request.minutes))
        return 'the consent permits longer accesses than its request';
      request.status = 'approved';
      return undefined;
    },
  };
}
