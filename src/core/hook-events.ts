/**
 * What a client's hooks are told, worked out from what waits and what happened, like the mails: each event has a key of its
 * own, so that asking again tells nothing twice. Names nobody: who it was stands on the page behind the address. Pure.
 */
import { createHash } from 'node:crypto';
import type { Copy } from './copies.ts';
import { endingLine } from './ending.ts';
import type { LeafFields } from './entries.ts';
import type { Story } from './history.ts';
import type { Hook, HookEvent, HookMessage } from './hooks.ts';
import { leftOrChangedOutOfHours, type NoticeState } from './notices.ts';
import type { Line } from './ports.ts';
import { isOpen } from './proposals.ts';
import { isWaiting } from './requests.ts';

export interface HookEventState
  extends Pick<NoticeState, 'client' | 'requests' | 'proposals' | 'people' | 'endings' | 'stories' | 'now'> {
  /** Lines of accesses that were opened and closed, with `work` disclosed. */
  readonly sessions: readonly Line[];
  /** Copies that are there, of which a deadline has passed. */
  readonly copies: readonly OwedCopy[];
  /** Lines about robots that did not come. */
  readonly missed: readonly Line[];
  /** It is the provider that is told: addresses lead to its own pages. Left out: the client is. */
  readonly provider?: boolean;
  /** The whole address of one of the portal’s pages, for whom it is told. */
  addressOf(path: string): string;
}

type OwedCopy = Pick<
  Copy,
  'id' | 'opening' | 'system' | 'purpose' | 'reference' | 'destroyBy' | 'answerBy' | 'kept' | 'gone'
>;

interface Event {
  readonly type: HookEvent;
  /** Of the event, whoever is told. */
  readonly key: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly path: string;
  /** The provider's own page about it; left out: it is not told the provider. */
  readonly ours?: string;
}

/** Causes by which somebody of the client, or what they took back, ended an access. */
const stops: ReadonlySet<string> = new Set(['stopped', 'revoked', 'suspended']);

/** The messages for these hooks, oldest first; only of what happened after `since` and after a hook was added. */
export function hookMessages(
  hooks: readonly Hook[],
  state: HookEventState,
  since: number,
): readonly HookMessage[] {
  const events = eventsOf(state).toSorted((a, b) => a.at - b.at);
  return events.flatMap((event) =>
    hooks
      .filter((hook) => hook.events.includes(event.type) && event.at >= Math.max(since, hook.addedAt))
      .map((hook) => messageOf(event, hook, state)),
  );
}

function messageOf(event: Event, hook: Hook, state: HookEventState): HookMessage {
  const { client, addressOf, provider } = state;
  const { type, key, at, data } = event;
  const path = provider === true ? (event.ours ?? '/provider') : event.path;
  const body = {
    type,
    timestamp: new Date(at).toISOString(),
    data: { client: client.id, ...data, url: addressOf(path) },
  };
  const mark = createHash('sha256').update(`${type}\n${key}\n${hook.id}`).digest('base64url');
  return { id: `msg_${mark.slice(0, 32)}`, hook: hook.id, client: client.id, body: JSON.stringify(body) };
}

function eventsOf(state: HookEventState): readonly Event[] {
  return [
    ...state.requests.filter((request) => isWaiting(request, state.now)).map(requestEvent),
    ...state.proposals
      .filter((proposal) => isOpen(proposal, state.now))
      .map(
        ({ id, proposedAt }): Event => ({
          type: 'proposal.waiting',
          key: id,
          at: proposedAt,
          data: { proposal: id },
          path: `/proposals/${id}`,
        }),
      ),
    ...state.people.map(peopleEvent),
    ...state.endings.map(endingEvent),
    ...state.stories.flatMap((story) => storyEvents(story, state)),
    ...state.sessions.flatMap(sessionEvents),
    ...state.copies.flatMap((copy) => copyEvents(copy, state)),
    ...state.missed.map(missedEvent),
  ];
}

function requestEvent(request: HookEventState['requests'][number]): Event {
  const { id, raisedAt, purpose, systems, reference, minutes } = request;
  const data = { request: id, purpose, systems, reference, minutes };
  return { type: 'request.waiting', key: id, at: raisedAt, data, path: `/requests/${id}` };
}

function peopleEvent({ leaf }: Line): Event {
  const what = String(leaf.t).slice('controller.'.length);
  return { type: 'people.changed', key: String(leaf.id), at: timeOf(leaf), data: { what }, path: '/people' };
}

function endingEvent({ leaf }: Line): Event {
  const what = endingLine(leaf);
  const erasure = what === 'notified' ? { subject: leaf.what, from: leaf.from } : {};
  const data = { what, ...erasure };
  return { type: 'contract.changed', key: String(leaf.id), at: timeOf(leaf), data, path: '/ending' };
}

function storyEvents(story: Story, { client }: HookEventState): readonly Event[] {
  if (story.kind !== 'opening') return [];
  const { id, at, purpose, systems, reference = '' } = story;
  const one = { key: id, data: { access: id, purpose, systems, reference }, path: `/history/${id}` };
  return [
    ...(story.first ? [{ ...one, type: 'access.first', at } as const] : []),
    ...(leftOrChangedOutOfHours(story, client)
      ? [{ ...one, type: 'access.out_of_hours', at: story.lastAt } as const]
      : []),
  ];
}

function sessionEvents({ leaf, groups: { work } }: Line): readonly Event[] {
  const at = timeOf(leaf);
  if (leaf.t === 'session.opened') {
    const id = String(leaf.id);
    const reference = typeof work === 'object' ? String(work.reference ?? '') : '';
    const systems = String(leaf.systems).split(' ');
    const data = { access: id, purpose: leaf.purpose, systems, reference, ends: leaf.ends };
    const opened = { key: id, at, data, path: `/history/${id}` };
    return [
      { ...opened, type: 'access.opened' },
      ...(leaf.emergency === true ? [{ ...opened, type: 'access.emergency' } as const] : []),
    ];
  }
  const id = String(leaf.session);
  const cause = String(leaf.cause);
  const one = { key: id, at, data: { access: id, cause }, path: `/history/${id}` };
  return [
    { ...one, type: 'access.closed' },
    ...(stops.has(cause) ? [{ ...one, type: 'access.stopped' } as const] : []),
  ];
}

/** Each deadline of a copy is told once, when it passes while the copy still owes. */
function copyEvents(copy: OwedCopy, { client, now }: HookEventState): readonly Event[] {
  if (copy.gone !== undefined) return [];
  const { id, opening, system, purpose, reference, destroyBy, answerBy, kept } = copy;
  const owed = (type: HookEvent, at: number): readonly Event[] => {
    const data = { copy: id, access: opening, purpose, system, reference, due: new Date(at).toISOString() };
    const ours = `/provider/copies/${client.id}`;
    return at > now ? [] : [{ type, key: id, at, data, path: '/copies', ours }];
  };
  return [
    ...owed('copy.overdue', destroyBy),
    ...(kept === undefined ? owed('copy.unanswered', answerBy) : []),
  ];
}

function missedEvent({ leaf }: Line): Event {
  const { robot, system, from, latest, observed } = leaf;
  const data = { robot, system, from, latest, observed };
  return { type: 'robot.missed', key: String(leaf.id), at: timeOf(leaf), data, path: '/' };
}

function timeOf(leaf: LeafFields): number {
  return Date.parse(String(leaf.at));
}
