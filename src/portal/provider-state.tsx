/** What the provider's own people see of their installation: the rules in force, standing that ends, how far clients are. */

import { checksToldOf } from '../core/doors-told.ts';
import type { Client } from '../core/model.ts';
import { robotsIn } from '../core/robots.ts';
import { rolloutOf } from '../core/rollout.ts';
import { toldByLog } from '../core/rollout-facts.ts';
import { endingStanding } from '../core/standing-ending.ts';
import { date } from './formats.ts';
import { RolloutPage, type RolloutRow, RulesPage, StandingPage } from './pages/provider.tsx';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.provider;
const pageSize = 50;

/** GET `/provider/rules`. */
export function showRules(visit: Visit, frame: Framer): void {
  const { snapshot, deps } = visit;
  const state = deps.policyState();
  sendPage(
    visit.res,
    <RulesPage
      frame={frame(visit, { self: '/provider/rules' })}
      version={snapshot.hash}
      changedAt={deps.rulesChangedAt(undefined)}
      clients={snapshot.clients.size}
      people={snapshot.people.size - robotsIn(snapshot.people.values()).length}
      state={state}
    />,
  );
}

/** GET `/provider/standing`. */
export function showStanding(visit: Visit, frame: Framer): void {
  const { snapshot, now, say, language } = visit;
  const made = frame(visit, { self: '/provider/standing' });
  const day = (at: number) => date(at, made.imprint.zone, language);
  const rows = endingStanding(snapshot.people.values(), now).map(({ person, what, until }) => ({
    key: `${person.id} ${what}`,
    name: person.name,
    what: say(words.standing.parts[what]),
    until:
      until === undefined
        ? say(words.standing.missing)
        : until <= now
          ? say(words.standing.over(day(until)))
          : day(until - 1),
    bad: until === undefined || until <= now,
  }));
  sendPage(visit.res, <StandingPage frame={made} rows={rows} />);
}

/** GET `/provider/rollout?after=`: 50 clients at a time, in the order of their ids. */
export async function showRollout(visit: Visit, frame: Framer): Promise<void> {
  const { snapshot, deps, now } = visit;
  const after = field(visit.req.query, 'after');
  const rest = [...snapshot.clients.values()]
    .filter(({ id }) => id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const refused = await deps.refusedMail();
  const rows: RolloutRow[] = [];
  for (const client of rest.slice(0, pageSize)) rows.push(await rowOf(visit, client, refused, now));
  const last = rows.at(-1);
  sendPage(
    visit.res,
    <RolloutPage
      frame={frame(visit, { self: '/provider/rollout' })}
      rows={rows}
      next={rest.length > pageSize ? last?.id : undefined}
      later={after !== ''}
    />,
  );
}

/** As the command tells it, without what only a look at hosts can tell. */
async function rowOf(
  { deps, say, snapshot }: Visit,
  client: Client,
  refused: Awaited<ReturnType<Visit['deps']['refusedMail']>>,
  now: number,
): Promise<RolloutRow> {
  const { seats, grants } = await deps.authority.client(client.id);
  const facts = {
    ...(await toldByLog(client.id, seats, deps.archive, now)),
    ...{ seats, grants: [...grants.values()], refused },
    ...{ hosts: [], meetings: [], upstreams: new Map() },
    ...{ checks: await checksToldOf(deps.archive, client), places: snapshot.places ?? [] },
  };
  const told = rolloutOf(client, facts, now, say);
  return {
    id: client.id,
    name: client.name,
    status: told.status,
    people: told.controllers,
    granted: told.granted,
    second: told.second_approver,
    todo: [
      ...told.problems,
      ...told.warnings,
      ...told.ending.slice(0, 1).map(({ days }) => say(words.rollout.ends(days))),
    ],
  };
}
