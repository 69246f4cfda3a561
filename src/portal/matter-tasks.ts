/** What first pages and pages about an access tell of matters: what is answered, what waits and what is overdue. */
import { inBoth } from '../core/both-languages.ts';
import { isAnswered, isOverdue, type Matter, type MatterWhat } from '../core/matters.ts';
import type { Opening, Text } from '../core/model.ts';
import { shown } from '../core/shown.ts';
import { date } from './formats.ts';
import type { MatterCard } from './pages/matters.tsx';
import type { Task } from './pages/waiting.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.matters;
const mostTasks = 10;

/** For the client: answers to be read, and answers that did not come in time. */
export async function matterTasks(visit: Visit, client: string): Promise<readonly Task[]> {
  const matters = await visit.deps.archive.matters(client);
  const contests = matters.filter(({ what, status }) => what === 'contest' && status === 'open');
  const others = matters
    .flatMap((matter) => {
      if (matter.what === 'contest') return [];
      const told = isAnswered(matter)
        ? words.tasks.answered
        : isOverdue(matter, visit.now)
          ? words.tasks.overdue
          : undefined;
      if (told === undefined) return [];
      const last = shown(matter.said.at(-1)?.text ?? '', 160);
      const text = { en: last, fr: last };
      return [{ href: `/matters/${matter.id}`, title: told[matter.what], text, act: words.tasks.read }];
    })
    .slice(0, mostTasks);
  return [...contests.map(contestTask), ...others];
}

/** Of what the provider's staff contest none is left out, and it comes first. */
function contestTask({ id, said }: Matter): Task {
  const first = shown(said[0]?.text ?? '', 160);
  const { title, act } = texts.contests.task;
  return { href: `/matters/${id}`, title, text: { en: first, fr: first }, act };
}

/** For those who answer: what waits for them, at all clients, due first first. */
export async function waitingMatters(visit: Visit): Promise<readonly MatterCard[]> {
  const open = await visit.deps.archive.mattersOpen();
  return open.filter((matter) => !isAnswered(matter)).map((matter) => matterCard(visit, matter));
}

/** What the client asked about one access. */
export async function mattersAbout(
  visit: Visit,
  client: string,
  opening: string,
): Promise<readonly MatterCard[]> {
  const matters = await visit.deps.archive.matters(client);
  return matters.filter((one) => one.opening === opening).map((matter) => matterCard(visit, matter));
}

/** For the technician, about their own access: that the client asks or disputes, and nothing of what was said. */
export async function askedAbout(
  visit: Visit,
  { client, id }: Opening,
): Promise<Exclude<MatterWhat, 'contest'> | undefined> {
  const matters = await visit.deps.archive.matters(client);
  const open = matters.filter(({ opening, status }) => opening === id && status === 'open');
  if (open.some(({ what }) => what === 'dispute')) return 'dispute';
  return open.length === 0 ? undefined : 'question';
}

/** Without a word of what was said for those who answer: that is read on its own page, which is recorded first. */
export function matterCard(visit: Visit, matter: Matter): MatterCard {
  const client = visit.snapshot.clients.get(matter.client);
  const zone = client?.zone ?? 'UTC';
  return {
    id: matter.id,
    what: matter.what,
    client: client?.name ?? matter.client,
    zone,
    openedAt: matter.openedAt,
    begins:
      visit.signedIn.who.kind === 'controller' || visit.role === 'technician'
        ? shown(matter.said[0]?.text ?? '', 160)
        : undefined,
    state: stateOf(matter, zone, visit.now),
    kind: kindOf(matter, visit.now),
  };
}

function kindOf(matter: Matter, now: number): MatterCard['kind'] {
  if (isOverdue(matter, now) || (matter.what === 'contest' && matter.status === 'open')) return 'bad';
  return isAnswered(matter) ? 'good' : 'calm';
}

/** Who is to speak about what is contested, or how the client decided. */
export function contestState({ status, said, outcome }: Matter): Text {
  const { contests } = texts;
  if (status === 'closed') return outcome === undefined ? words.closed : contests.outcomes[outcome];
  return said.at(-1)?.by === 'client' ? contests.talked : contests.waits;
}

function stateOf(matter: Matter, zone: string, now: number): Text {
  const { status, dueAt } = matter;
  if (matter.what === 'contest') return contestState(matter);
  if (status === 'closed') return words.closed;
  if (dueAt === undefined) return words.answered;
  const say = isOverdue(matter, now) ? words.overdue : words.waits;
  return inBoth((language) => say(date(dueAt - 1, zone, language))[language]);
}
