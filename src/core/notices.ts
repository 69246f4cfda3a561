/**
 * What a client's people are told by mail at once, and what waits for the weekly mail. A closed list, decided from what is
 * in force and what happened since the mails began; each notice has a key of its own, so that asking again tells nothing
 * twice. Pure.
 */
import { toldOf } from './absence.ts';
import type { Seat } from './commands.ts';
import type { Copy } from './copies.ts';
import { dayAt, dayStart } from './days.ts';
import type { Delegation } from './delegations.ts';
import type { Story } from './history.ts';
import type { Matter } from './matters.ts';
import type { Client, ControllerUser } from './model.ts';
import type { Line } from './ports.ts';
import { isOpen, type Proposal } from './proposals.ts';
import type { ConsentRequest } from './requests.ts';
import { isRobots } from './robots.ts';
import { stretchAt } from './schedule.ts';

/** The closed list of what is told at once. */
export type Notice =
  | { readonly kind: 'request'; readonly request: ConsentRequest }
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'people'; readonly what: 'nominated' | 'seated' | 'removed'; readonly name: string }
  | { readonly kind: 'emergency'; readonly story: Story }
  | { readonly kind: 'contest'; readonly matter: Matter }
  /** A line `robot.missed`. `at`: whose mail it is. */
  | { readonly kind: 'robot'; readonly at: MailOf; readonly line: Line }
  | { readonly kind: 'copies'; readonly at: MailOf; readonly overdue: number }
  /** Copies of which nobody said in time where they are kept. */
  | { readonly kind: 'unanswered'; readonly at: MailOf; readonly copies: number }
  /** A line about the end of the contract. */
  | { readonly kind: 'ending'; readonly at: MailOf; readonly line: Line }
  /** What the client chose for the end was to be done before `dueAt`, and is not. */
  | { readonly kind: 'undone'; readonly at: MailOf; readonly dueAt: number }
  | { readonly kind: 'first'; readonly story: Story }
  | { readonly kind: 'hours'; readonly story: Story };

type MailOf = 'client' | 'provider';

/** A notice for one person. */
export interface Due {
  /** The same notice has the same key for ever. */
  readonly key: string;
  readonly to: ControllerUser;
  readonly notice: Notice;
}

export interface NoticeState {
  readonly client: Client;
  readonly seats: readonly Seat[];
  readonly requests: readonly ConsentRequest[];
  /** What delegates may answer, for a while or day by day. */
  readonly frames: readonly Delegation[];
  readonly proposals: readonly Proposal[];
  /** Lines about the client's own people, with their names disclosed. */
  readonly people: readonly Line[];
  readonly stories: readonly Story[];
  /** Lines about robots that did not come. */
  readonly missed: readonly Line[];
  /** Lines about the end of the contract. */
  readonly endings: readonly Line[];
  /** When what the client chose for the end was to be done, while something is outstanding; left out: nothing is, or nothing was chosen. */
  readonly undoneBy?: number | undefined;
  /** Of these, contests are told. */
  readonly matters: readonly Matter[];
  readonly copies: readonly Pick<Copy, 'destroyBy' | 'answerBy' | 'kept' | 'gone'>[];
  /** When mails began, epoch milliseconds: what was before is told to nobody. */
  readonly since: number;
  readonly now: number;
}

const peopleKinds: Readonly<Record<string, 'nominated' | 'seated' | 'removed'>> = {
  'controller.nominated': 'nominated',
  'controller.seated': 'seated',
  'controller.removed': 'removed',
};

/** Everything that is to be told now, to everybody who sits and has a mail address. Told already or not does not matter. */
export function noticesDue(state: NoticeState): readonly Due[] {
  const { client, seats, since, now } = state;
  const seated = seatedOf(client, seats);
  const representatives = seated.filter(({ role }) => role === 'representative');
  const due: Due[] = [];
  const tell = (key: string, people: readonly ControllerUser[], notice: Notice): void => {
    for (const to of people)
      if (to.mail !== undefined) due.push({ key: `${key} ${client.id}/${to.id}`, to, notice });
  };
  for (const request of state.requests)
    if (request.raisedAt >= since)
      tell(`request ${request.id}`, toldOf(request, client, seats, now, state.frames), {
        kind: 'request',
        request,
      });
  for (const proposal of state.proposals)
    if (proposal.proposedAt >= since && isOpen(proposal, now))
      tell(`proposal ${proposal.id}`, representatives, { kind: 'proposal', proposal });
  for (const line of state.people) {
    const what = peopleKinds[String(line.leaf.t)];
    if (what === undefined || Date.parse(String(line.leaf.at)) < since) continue;
    const { person } = line.groups;
    const name = typeof person === 'object' ? String(person.name ?? '') : '';
    tell(`people ${String(line.leaf.id)}`, seated, { kind: 'people', what, name });
  }
  for (const matter of state.matters)
    if (matter.what === 'contest' && matter.openedAt >= since)
      tell(`contest ${matter.id}`, seated, { kind: 'contest', matter });
  /** To the client's people, and to the provider's contact for them. */
  const tellBoth = (key: string, noticeAt: (at: MailOf) => Notice): void => {
    tell(key, seated, noticeAt('client'));
    due.push({ key: `${key} ${client.id} contact`, to: contactOf(client), notice: noticeAt('provider') });
  };
  for (const line of state.missed)
    if (Date.parse(String(line.leaf.at)) >= since)
      tellBoth(`robot ${String(line.leaf.id)}`, (at) => ({ kind: 'robot', at, line }));
  for (const line of state.endings) {
    if (Date.parse(String(line.leaf.at)) < since) continue;
    const key = `ending ${String(line.leaf.id)}`;
    // What the contact did they need not be told.
    if (line.leaf.by === 'provider') tell(key, seated, { kind: 'ending', at: 'client', line });
    else tellBoth(key, (at) => ({ kind: 'ending', at, line }));
  }
  const { undoneBy: dueAt } = state;
  if (dueAt !== undefined && dueAt <= now && dueAt >= since)
    tellBoth(`undone ${new Date(dueAt).toISOString()}`, (at) => ({ kind: 'undone', at, dueAt }));
  const late = passed(state, overdueAt);
  if (late !== undefined)
    tellBoth(`copies ${late.day}`, (at) => ({ kind: 'copies', at, overdue: late.count }));
  const unsaid = passed(state, unansweredAt);
  if (unsaid !== undefined)
    tellBoth(`unanswered ${unsaid.day}`, (at) => ({ kind: 'unanswered', at, copies: unsaid.count }));
  for (const story of state.stories) {
    if (story.kind !== 'opening' || story.at < since) continue;
    if (story.emergency) tell(`emergency ${story.id}`, seated, { kind: 'emergency', story });
    if (story.first) tell(`first ${story.id}`, seated, { kind: 'first', story });
    if (leftOrChangedOutOfHours(story, client)) tell(`hours ${story.id}`, seated, { kind: 'hours', story });
  }
  return due;
}

type Owed = NoticeState['copies'][number];

/** When a copy that is there becomes overdue; undefined: it is gone. */
function overdueAt({ gone, destroyBy }: Owed): number | undefined {
  return gone === undefined ? destroyBy : undefined;
}

/** When it is late to say where a copy is kept; undefined: it is said, or the copy is gone. */
function unansweredAt({ gone, kept, answerBy }: Owed): number | undefined {
  return gone === undefined && kept === undefined ? answerBy : undefined;
}

/**
 * Copies that passed a deadline, and the day on which the newest of them did, which one mail is about however many there are.
 * Undefined: there are none, or mails began later.
 */
function passed({ copies, client, since, now }: NoticeState, deadline: (copy: Owed) => number | undefined) {
  const late = copies.flatMap((copy) => deadline(copy) ?? []).filter((at) => at <= now);
  const newest = Math.max(...late);
  if (late.length === 0 || newest < since) return undefined;
  return { count: late.length, day: dayAt(newest, client.zone).toString() };
}

/** When a copy that is there passes its next deadline, epoch milliseconds; undefined: none does. */
export function nextDeadline(copies: NoticeState['copies'], now: number): number | undefined {
  const all = copies.flatMap((copy) => [overdueAt(copy) ?? [], unansweredAt(copy) ?? []].flat());
  const coming = all.filter((at) => at > now);
  return coming.length === 0 ? undefined : Math.min(...coming);
}

/** The provider's contact for this client, to be written to like one of its people; it has no account by this. */
function contactOf({ id, contact }: Client): ControllerUser {
  const nobody = { issuer: '', subject: '', function: '', authority: '', role: 'reader' } as const;
  return { ...nobody, id: 'contact', client: id, name: contact.name, mail: contact.mail };
}

/** The people of a client's file who sit. */
export function seatedOf(client: Client, seats: readonly Seat[]): readonly ControllerUser[] {
  const held = new Set(seats.map(({ controller }) => controller));
  return client.controllers.filter(({ id }) => held.has(id));
}

/** Whether something was changed or copied outside the usual hours; a robot has hours of its own, which were agreed to. */
export function leftOrChangedOutOfHours({ facts, functions }: Story, { watch }: Client): boolean {
  if (isRobots({ functions })) return false;
  return facts.some(
    ({ operation, result, last }) =>
      operation !== 'read' && !result.startsWith('refused:') && !stretchAt(watch.hours, last).open,
  );
}

/** Hour of Monday, in the client's zone, from which on the mail about the week before is due. */
const weeklyHour = 7;

/** The week that is to be told now, as its bounds in epoch milliseconds and its name; undefined: mails began after it. */
export function weekDue(
  zone: string,
  since: number,
  now: number,
): { readonly from: number; readonly until: number; readonly name: string } | undefined {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const told = local.subtract({ hours: weeklyHour });
  const monday = told.toPlainDate().subtract({ days: told.dayOfWeek - 1 });
  const begun = monday.subtract({ days: 7 });
  const from = dayStart(begun, zone);
  const until = dayStart(monday, zone);
  return until <= since ? undefined : { from, until, name: begun.toString() };
}
