/**
 * Looks now and then at what clients are to be told and hands the mails over. Only clients whose log grew are looked at, and
 * those of whom something waits; asking again tells nothing twice, because each mail has a key of its own.
 */
import { storiesSince } from './app-back.ts';
import { endingKinds, undoneBy } from './core/ending.ts';
import { headPhrase } from './core/head-phrase.ts';
import type { Story } from './core/history.ts';
import type { Mailbox } from './core/mail.ts';
import { isOverdue } from './core/matters.ts';
import type { Client, Snapshot } from './core/model.ts';
import { nextDeadline, noticesDue, seatedOf, weekDue } from './core/notices.ts';
import type { Archive, Authority, Clock, History, Policies } from './core/ports.ts';
import { shownTo } from './core/pseudonyms.ts';
import { isWaiting } from './core/requests.ts';
import { verdictOf } from './core/verdict.ts';
import { worthALook } from './core/worth-a-look.ts';
import type { Log } from './log.ts';
import { languageOf, noticeMail, type Week, weekMail } from './portal/notice-mail.ts';

export interface NoticesDeps {
  readonly policies: Policies;
  readonly authority: Authority;
  readonly archive: Archive;
  readonly history: History;
  readonly mailbox: Mailbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly portalUrl: URL;
}

export interface Notices {
  /** Looks once, at everybody. Never throws; what could not be read is looked at again. */
  look(): Promise<void>;
  stop(): void;
}

/** What is remembered from one look to the next, by client. */
interface Looked {
  readonly sizes: Map<string, number>;
  /** Of whom something waits. */
  readonly waiting: Set<string>;
  readonly weeks: Map<string, string>;
  /** When a copy passes its next deadline. */
  readonly overdue: Map<string, number>;
}

const interval = 15_000;
/** Openings of which something may still have to be told. */
const recently = 24 * 3_600_000;
const mostOfAWeek = 1_000;

export function startNotices(deps: NoticesDeps): Notices {
  const sizes = new Map<string, number>();
  const waiting = new Set<string>();
  const weeks = new Map<string, string>();
  const overdue = new Map<string, number>();
  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => {
    looking ??= lookAtAll(deps, { sizes, waiting, weeks, overdue })
      .catch((error: unknown) => deps.log.warn('notices_not_looked_at', { error }))
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const timer = setInterval(() => void look(), interval);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}

/** For the operator's listener; nothing of it when the thread that sends cannot be asked. */
export async function mailNumbers(mailbox: Mailbox, clock: Clock): Promise<Readonly<Record<string, number>>> {
  try {
    const { waiting, dead, oldest } = await mailbox.numbers();
    return {
      mail_waiting: waiting,
      mail_oldest_seconds: oldest === undefined ? 0 : Math.round((clock.now() - oldest) / 1_000),
      mail_failed: dead,
    };
  } catch {
    return {};
  }
}

async function lookAtAll(deps: NoticesDeps, { sizes, waiting, weeks, overdue }: Looked): Promise<void> {
  const since = await deps.mailbox.since();
  const rules = deps.policies.current();
  const grown = await deps.archive.sizes();
  for (const client of rules.clients.values()) {
    const size = grown.get(client.id) ?? 0;
    // Where nobody of the client has an address, the provider's contact is told of copies and robots all the same.
    if (size === 0 && client.controllers.every(({ mail }) => mail === undefined)) continue;
    const snapshot = shownTo(rules, client);
    const late = deps.clock.now() >= (overdue.get(client.id) ?? Number.POSITIVE_INFINITY);
    if (sizes.get(client.id) !== size || waiting.has(client.id) || late) {
      await tellNow(deps, snapshot, client, since, { waiting, overdue });
      sizes.set(client.id, size);
    }
    await tellWeek(deps, snapshot, client, since, weeks);
  }
}

async function tellNow(
  deps: NoticesDeps,
  snapshot: Snapshot,
  client: Client,
  since: number,
  { waiting, overdue }: Pick<Looked, 'waiting' | 'overdue'>,
): Promise<void> {
  const { archive, mailbox } = deps;
  const now = deps.clock.now();
  const { seats, openings } = await deps.authority.client(client.id);
  const requests = await archive.requests(client.id);
  const kinds = ['controller.nominated', 'controller.seated', 'controller.removed'] as const;
  const copies = await archive.copies(client.id);
  const undone = undoneBy(await archive.ending(client.id));
  const told = await happened(deps, client, Math.max(since, now - recently));
  const due = noticesDue({
    client,
    seats,
    requests,
    frames: await archive.delegations(client.id),
    proposals: await archive.proposals(client.id),
    matters: await archive.matters(client.id),
    copies,
    people: await archive.lines({ client: client.id, kinds, limit: 50, disclose: ['person'] }),
    stories: told.stories,
    endings: await archive.lines({ client: client.id, kinds: endingKinds, limit: 20, disclose: [] }),
    undoneBy: undone,
    missed: await archive.lines({ client: client.id, kinds: ['robot.missed'], limit: 50, disclose: [] }),
    since,
    now,
  });
  if (due.length > 0)
    await mailbox.offer(due.map((one) => noticeMail(one, { portalUrl: deps.portalUrl, client, snapshot })));
  const next = Math.min(
    nextDeadline(copies, now) ?? Number.POSITIVE_INFINITY,
    undone !== undefined && undone > now ? undone : Number.POSITIVE_INFINITY,
  );
  overdue.set(client.id, next);
  // Somebody more may have to be told of what waits, and an opening may go on beyond usual hours.
  const busy = requests.some((request) => isWaiting(request, now)) || openings.size > 0 || !told.whole;
  if (busy) waiting.add(client.id);
  else waiting.delete(client.id);
}

/** What happened since, and emergencies before anything else: those the log knows, however much came after them. */
async function happened(
  { archive, history }: NoticesDeps,
  client: Client,
  from: number,
): Promise<{ readonly stories: readonly Story[]; readonly whole: boolean }> {
  const { stories, whole } = await storiesSince(history, client.id, from);
  const known = new Set(stories.map(({ id }) => id));
  const declared = await archive.emergencies(client.id);
  const others = declared.filter(({ at, opening }) => at >= from && !known.has(opening));
  const found = await Promise.all(others.map(({ opening }) => history.story(client.id, opening)));
  const missed = found.flatMap((one) => one?.story ?? []);
  return { stories: [...missed, ...stories], whole: whole && missed.length === others.length };
}

async function tellWeek(
  deps: NoticesDeps,
  snapshot: Snapshot,
  client: Client,
  since: number,
  weeks: Map<string, string>,
): Promise<void> {
  const due = weekDue(client.zone, since, deps.clock.now());
  if (due === undefined || weeks.get(client.id) === due.name) return;
  const { seats } = await deps.authority.client(client.id);
  const people = seatedOf(client, seats).filter(({ mail, weekly }) => mail !== undefined && weekly !== false);
  if (people.length > 0) {
    const week = await weekOf(deps, snapshot, client, due);
    const context = { portalUrl: deps.portalUrl, client, snapshot };
    await deps.mailbox.offer(
      people.map((to) =>
        weekMail(`week ${due.name} ${client.id}/${to.id}`, to, week(languageOf(to)), context),
      ),
    );
  }
  weeks.set(client.id, due.name);
}

async function weekOf(
  { archive, history, clock }: NoticesDeps,
  snapshot: Snapshot,
  client: Client,
  { from, until }: { readonly from: number; readonly until: number },
): Promise<(language: 'en' | 'fr') => Week> {
  const page = await history.page({ client: client.id, from, until, terms: [], limit: mostOfAWeek });
  const ends = await archive.grantEnds(client.id, [...new Set(page.stories.map(({ grant }) => grant))]);
  const looks = worthALook(page.stories, {
    watch: client.watch,
    purposes: snapshot.purposes,
    endOf: (id) => ends.get(id),
  });
  const counts = Map.groupBy(
    page.stories.filter(({ kind }) => kind === 'opening'),
    ({ purpose }) => purpose,
  );
  const purposes = [...counts].map(([code, all]) => [code, all.length] as const).sort((a, b) => b[1] - a[1]);
  const head = await archive.head(client.id);
  const matters = (await archive.matters(client.id)).filter(({ what }) => what !== 'contest');
  const answers = matters.flatMap(({ said }) => said.filter(({ by }) => by === 'provider'));
  const now = clock.now();
  const verdict = verdictOf(page.stories, looks, page.next !== undefined);
  return (language) => ({
    verdict,
    purposes,
    answered: answers.filter(({ at }) => at >= from && at < until).length,
    overdue: matters.filter((matter) => isOverdue(matter, now)).length,
    state:
      head === undefined
        ? undefined
        : { checkpoint: head.checkpoint, phrase: headPhrase(head.checkpoint, language) },
  });
}
