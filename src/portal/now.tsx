/**
 * The client's first page: one sentence about everything since the last visit, what is worth a look, who is in now with
 * Stop, what waits, and what this page cannot see. What is open and Stop are shown even when the past cannot be read.
 */
import { dayAt } from '../core/days.ts';
import { checksToldOf } from '../core/doors-told.ts';
import { isSettled } from '../core/ending.ts';
import { Fault } from '../core/faults.ts';
import type { Story } from '../core/history.ts';
import type { Client, ControllerUser } from '../core/model.ts';
import type { Line, LineQuery } from '../core/ports.ts';
import { isRobots } from '../core/robots.ts';
import { type Since, sinceLastVisit, verdictOf } from '../core/verdict.ts';
import { type Look, worthALook } from '../core/worth-a-look.ts';
import { noteReading, type Seated, seatedOf } from './controller.ts';
import { openDoors } from './door-words.ts';
import { namedDrills, runningDrills } from './drill.ts';
import { alarmsAt } from './emergencies.tsx';
import { standing } from './ending-shown.ts';
import { endingState } from './endings.ts';
import { instant, size } from './formats.ts';
import { binsOf, edgesOf, layOut } from './history-timeline.ts';
import { overdueAt } from './keeping-copies.ts';
import { lateAt } from './late-references.ts';
import { memoryOf, takeNotice } from './memory.ts';
import { missedAt } from './missed-runs.ts';
import { openNow } from './open-now.ts';
import { unsaidAt } from './outside.ts';
import {
  type EndingSoon,
  type LookLine,
  type NowChart,
  NowPage,
  NowPanes,
  type NowPanesProps,
  type Overview,
} from './pages/now.tsx';
import { type Framer, sendPage } from './render.tsx';
import { waitingAt } from './request-view.tsx';
import { tasksFor } from './tasks.ts';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

/** Openings that the overview counts at most; beyond, it says "more than". */
const mostCounted = 300;
const mostLooks = 5;
const chartDays = 30;
/** Readings of the log that are looked through for the visit before this one. */
const readsLookedAt = 200;
const readsAtOnce = 40;

/** How long before its end a contract is told of on the first page. */
const soon = 60 * 86_400_000;

/** GET `/` for a client's people. */
export async function showNow(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const overview = await unlessUnreadable(() => overviewOf(visit, seated));
  const noted = await noteReading(visit, seated, 'now');
  sendPage(
    visit.res,
    <NowPage
      frame={frame(visit, { scripts: ['stream.js'] })}
      client={seated.client.name}
      noted={noted}
      notice={takeNotice(memoryOf(visit.req))}
      overview={overview}
      late={(await unlessUnreadable(() => lateAt(visit, seated))) ?? []}
      ending={await unlessUnreadable(() => endingSoon(visit, seated.client))}
      overdue={(await unlessUnreadable(() => overdueAt(visit, seated.client))) ?? 0}
      unsaid={(await unlessUnreadable(() => unsaidAt(visit, seated))) ?? []}
      missed={(await unlessUnreadable(() => missedAt(visit, seated.client))) ?? []}
      panes={await panesOf(visit, seated, frame)}
      chart={await unlessUnreadable(() => chartOf(visit, seated.client))}
      doors={openDoors(
        visit.snapshot,
        seated.client,
        await unlessUnreadable(() => checksToldOf(visit.deps.archive, seated.client)),
        visit.now,
      ).map(visit.say)}
      outside={[...seated.client.outside.values()].map(({ name }) => visit.say(name)).join(', ')}
    />,
  );
}

/** GET `/now/live`: what is open and what waits, alone, as long as somebody watches. */
export async function streamNow(visit: Visit, frame: Framer): Promise<void> {
  await visit.deps.live.open(visit, 'now', async (now, seated) => (
    <NowPanes {...(await panesOf(now, seated, frame))} />
  ));
}

/** That the contract is over, or ends soon; undefined: neither. */
async function endingSoon(visit: Visit, client: Client): Promise<EndingSoon | undefined> {
  const state = await endingState(visit, client);
  const { over, coming, book } = state;
  if (over === undefined && !(coming !== undefined && coming - visit.now <= soon)) return undefined;
  return { text: visit.say(standing(state, client)), bad: over !== undefined && !isSettled(book.open) };
}

async function panesOf(visit: Visit, seated: Seated, frame: Framer): Promise<NowPanesProps> {
  return {
    frame: frame(visit),
    say: visit.say,
    language: visit.language,
    zone: seated.client.zone,
    now: visit.now,
    csrf: visit.deps.csrf.token(visit.req),
    open: openNow(visit, seated, visit.deps.cutters.running(seated.client.id)),
    drills: namedDrills(
      (await unlessUnreadable(() => runningDrills(visit, seated.client.id))) ?? [],
      seated.inForce,
    ),
    waiting: (await unlessUnreadable(() => waitingAt(visit, seated.client))) ?? [],
    alarms: (await unlessUnreadable(() => alarmsAt(visit, seated))) ?? [],
    tasks: (await unlessUnreadable(() => tasksFor(visit, seated))) ?? [],
  };
}

/** Undefined: the log or the history cannot be read now. */
async function unlessUnreadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}

async function overviewOf(visit: Visit, seated: Seated): Promise<Overview> {
  const { client, inForce } = seated;
  const { deps, snapshot, language } = visit;
  const since = await sinceOf(visit, seated);
  const page = await deps.history.page({
    ...{ client: client.id, from: since.at, terms: [], limit: mostCounted },
    brief: 'unnamed',
  });
  const ends = await endsIn(visit, client, page.stories);
  const looks = worthALook(page.stories, {
    watch: client.watch,
    purposes: snapshot.purposes,
    endOf: (id) => ends.get(id),
  });
  const more = page.next !== undefined;
  const shown = looks.slice(0, mostLooks);
  const names = await namesIn(visit, client, shown);
  return {
    since: since.visited ? instant(since.at, client.zone, language) : undefined,
    verdict: verdictOf(page.stories, looks, more),
    beyondEnd: looks.filter(({ code }) => code === 'after_end').length,
    owed: inForce.blocked.size > 0,
    behind: page.behind === undefined ? undefined : instant(page.behind, client.zone, language),
    looks: shown.map((look) => lineOf(visit, client, look, names.get(look.story.id))),
    moreLooks: Math.max(0, looks.length - mostLooks),
    absent: more || page.behind !== undefined ? undefined : absentOf(visit, client, page.stories, since),
  };
}

/** When the agreements of these openings end or ended. */
async function endsIn(
  { deps }: Visit,
  client: Client,
  stories: readonly Story[],
): Promise<ReadonlyMap<string, number>> {
  const ids = new Set(stories.map(({ grant }) => grant).filter((grant) => grant !== ''));
  return deps.archive.grantEnds(client.id, [...ids]);
}

/** Openings by purpose and day, of the days behind. */
async function chartOf(visit: Visit, client: Client): Promise<NowChart> {
  const today = dayAt(visit.now, client.zone);
  const bins = binsOf(today.subtract({ days: chartDays - 1 }), today);
  const bars = await visit.deps.history.bars(client.id, edgesOf(bins, client.zone));
  return { timeline: layOut(bins, bars), purposeName: (code) => purposeLabel(visit, code) };
}

/** Since when this seat's holder has not looked; as few readings of the log are opened as tell it. */
async function sinceOf(visit: Visit, { client, controller }: Seated): Promise<Since> {
  const reads: number[] = [];
  let before: LineQuery['before'];
  for (let looked = 0; looked < readsLookedAt; looked += readsAtOnce) {
    const lines = await visit.deps.archive.lines({
      ...{ client: client.id, kinds: ['log.read'], limit: readsAtOnce, disclose: ['person'] },
      ...(before === undefined ? {} : { before }),
    });
    for (const { leaf, groups } of lines)
      if (leaf.by === undefined && isOf(groups.person, controller)) reads.push(Date.parse(String(leaf.at)));
    const last = lines.at(-1);
    if (last === undefined || lines.length < readsAtOnce || sinceLastVisit(reads, visit.now).visited) break;
    before = { at: Date.parse(String(last.leaf.at)), index: last.index };
  }
  return sinceLastVisit(reads, visit.now);
}

function isOf(person: Line['groups'][string] | undefined, { subject }: ControllerUser): boolean {
  return typeof person === 'object' && person.subject === subject;
}

/** Who opened what is shown; the many others stay sealed. By the id of the opening. */
async function namesIn(
  { deps }: Visit,
  client: Client,
  looks: readonly Look[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const ids = [...new Set(looks.map(({ story }) => story.id))];
  return new Map(
    await Promise.all(
      ids.map(async (id) => [id, (await deps.history.story(client.id, id))?.story.name] as const),
    ),
  );
}

function lineOf(
  visit: Visit,
  client: Client,
  { code, story, amount }: Look,
  name: string | undefined,
): LookLine {
  const told = code === 'refused_then_allowed' ? String(amount) : size(amount, visit.language);
  return {
    key: `${code} ${story.id}`,
    why: visit.say(texts.now.looks[code](told, isRobots(story))),
    href: `/history/${story.id}`,
    who: name ?? visit.say(texts.now.unnamed),
    purpose: purposeLabel(visit, story.purpose),
    systems: systemNames(visit, client, story.systems),
    at: story.at,
  };
}

/** Systems that nobody opened in the time that was looked at, with that time. */
function absentOf(visit: Visit, client: Client, stories: readonly Story[], since: Since): string | undefined {
  const opened = new Set(stories.filter(({ kind }) => kind === 'opening').flatMap(({ systems }) => systems));
  const untouched = [...client.systems.keys()].filter((id) => !opened.has(id));
  if (untouched.length === 0) return undefined;
  const names = new Intl.ListFormat(visit.language, { type: 'disjunction' }).format(
    untouched.map((id) => systemNames(visit, client, [id])),
  );
  const { language } = visit;
  return visit.say(
    texts.now.absent(
      names,
      instant(since.at, client.zone, language),
      instant(visit.now, client.zone, language),
    ),
  );
}
