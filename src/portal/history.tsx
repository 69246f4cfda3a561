/**
 * The client's history: openings as stories, found by filters that all stand in the address, and one opening with every
 * request. Every question carries the client of the person who asks; looking is itself noted.
 */
import type { HistoryTerms, Story } from '../core/history.ts';
import { mostCounted } from '../core/history.ts';
import type { Client, Text } from '../core/model.ts';
import { shown } from '../core/shown.ts';
import type { Access } from './activity-access.ts';
import { toRows } from './activity-rows.ts';
import { noteReading, type Seated, seatedOf } from './controller.ts';
import { copyRow } from './copy-rows.ts';
import { drillsWithin, namedDrills } from './drill.ts';
import { type CardWords, toCard } from './history-cards.ts';
import {
  type FilterValues,
  historyAddress,
  printPlace,
  readFilters,
  readPlace,
  wrong,
} from './history-filters.ts';
import { binsOf, edgesOf, layOut } from './history-timeline.ts';
import { mattersAbout } from './matter-tasks.ts';
import { missedInWords } from './missed-runs.ts';
import { type Choice, type Choices, HistoryPage } from './pages/history.tsx';
import { StoryPage } from './pages/story.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { routeInWords } from './route-words.ts';
import { systemName } from './system-names.ts';
import { operationTexts } from './texts/everywhere.ts';
import { resultClassTexts } from './texts/history.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const pageLength = 25;
const requestsLength = 100;
const idForm = /^[A-Za-z0-9_-]{1,64}$/;

/** GET `/history`: openings of a period, newest first. Everything that is chosen stands in the address. */
export async function showHistory(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client } = seated;
  const filters = readFilters(visit.req.query, client.zone, visit.now);
  const noted = await noteReading(visit, seated, 'history');
  const { history } = visit.deps;
  const terms = await history.terms(client.id);
  const bins = binsOf(filters.first, filters.last);
  const { values } = filters;
  const page = await history.page({
    client: client.id,
    from: filters.from,
    until: filters.until,
    terms: wantedTerms(terms, values, client),
    ...(values.reference === '' ? {} : { reference: values.reference }),
    ...(values.agreement === '' ? {} : { grant: values.agreement }),
    before: filters.before,
    limit: pageLength,
  });
  const bars = await history.bars(client.id, edgesOf(bins, client.zone));
  const by = wordsOf(visit, seated, page.behind);
  sendPage(
    visit.res,
    <HistoryPage
      frame={frame(visit)}
      client={client.name}
      zone={client.zone}
      noted={noted}
      filters={filters}
      choices={choicesOf(visit, client, terms)}
      timeline={layOut(bins, bars)}
      purposeName={(code) => purposeName(visit, code)}
      csrf={visit.deps.csrf.token(visit.req)}
      views={await visit.deps.archive.views(client.id, seated.controller.id)}
      cards={page.stories.map((story) => toCard(story, by))}
      total={page.total}
      many={mostCounted}
      older={page.next === undefined ? undefined : historyAddress(values, page.next)}
      searchedTo={page.searchedTo}
      behind={page.behind}
      now={visit.now}
      drills={namedDrills(await drillsWithin(visit, client.id, filters.from, filters.until), seated.inForce)}
    />,
  );
}

function wordsOf(visit: Visit, { client }: Seated, behind: number | undefined): CardWords {
  return { client, snapshot: visit.snapshot, language: visit.language, behind };
}

function purposeName(visit: Visit, code: string): string {
  const label: Text | undefined = visit.snapshot.purposes.get(code)?.label;
  return shown(label === undefined ? code : visit.say(label), 60);
}

/** The terms that the filters mean: of each filter one must hold. A value that never occurred is met by nothing. */
function wantedTerms(
  terms: HistoryTerms,
  values: FilterValues,
  client: Client,
): readonly (readonly number[])[] {
  const sets: (readonly number[])[] = [];
  const want = <T extends { readonly id: number }>(
    value: string,
    list: readonly T[],
    is: (term: T) => boolean,
  ): void => {
    if (value !== '') sets.push(list.filter(is).map(({ id }) => id));
  };
  want(values.system, terms.systems, ({ value }) => value === values.system);
  want(values.purpose, terms.purposes, ({ value }) => value === values.purpose);
  want(values.operation, terms.operations, ({ value }) => value === values.operation);
  want(values.result, terms.results, ({ value }) => value === values.result);
  want(values.emergency, terms.emergencies, ({ value }) => value === values.emergency);
  want(values.person, terms.people, ({ token }) => token === values.person);
  want(values.function, terms.people, ({ functions }) => functions.includes(values.function));
  want(values.route, terms.routes, (route) => routeValue(route, client) === values.route);
  return sets;
}

type RouteTerm = HistoryTerms['routes'][number];

/** How a route stands in an address: by its name, which several share, else by a token. */
function routeValue({ system, method, path, token }: RouteTerm, client: Client): string {
  const label = routeInWords(client, system, method, path);
  return typeof label === 'string' ? `~${token}` : label.en.slice(0, 200);
}

function choicesOf(visit: Visit, client: Client, terms: HistoryTerms): Choices {
  const { say, snapshot } = visit;
  const speak = (text: Text | string): string => shown(typeof text === 'string' ? text : say(text), 80);
  const functions = new Set(terms.people.flatMap(({ functions: codes }) => codes));
  return {
    cut: terms.cut,
    system: sorted(terms.systems.map(({ value }) => ({ value, label: speak(systemName(client, value)) }))),
    purpose: sorted(terms.purposes.map(({ value }) => ({ value, label: purposeName(visit, value) }))),
    person: sorted(
      terms.people.map(({ token, name }) => ({ value: token, label: speak(name ?? texts.history.erased) })),
    ),
    function: sorted(
      [...functions].map((code) => ({ value: code, label: speak(snapshot.functions.get(code) ?? code) })),
    ),
    operation: (['read', 'write', 'copy'] as const).map((value) => ({
      value,
      label: say(operationTexts[value]),
    })),
    emergency: [{ value: 'yes', label: say(texts.emergencies.filterOnly) }],
    result: Object.entries(resultClassTexts).map(([value, label]) => ({ value, label: say(label) })),
    route: sorted(
      terms.routes.map((route) => {
        const label = routeInWords(client, route.system, route.method, route.path);
        const unnamed = typeof label === 'string' ? `${say(texts.history.unnamedRoute)} ` : '';
        return { value: routeValue(route, client), label: `${unnamed}${speak(label)}` };
      }),
    ),
  };
}

/** Each value once, by its label, never by how often it occurs: nobody is ranked. */
function sorted(choices: readonly Choice[]): readonly Choice[] {
  const once = new Map(choices.map((choice) => [choice.value, choice]));
  return [...once.values()].sort((a, b) => a.label.localeCompare(b.label));
}

/** GET `/history/:id`: one opening, what was done in it, every request, and how to check its line. */
export async function showStory(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client } = seated;
  const id = String(visit.req.params.id);
  const known = Object.keys(visit.req.query).find((name) => !['after', 'lang'].includes(name));
  if (known !== undefined) throw wrong(known);
  const after = readPlace('after', field(visit.req.query, 'after'));
  const { history } = visit.deps;
  const found = idForm.test(id) ? await history.story(client.id, id) : undefined;
  if (found === undefined)
    throw new Refusal(404, 'not_found', texts.errors.notFound, texts.errors.notFoundNext);
  const noted = await noteReading(visit, seated, 'history-access');
  const lines = await history.lines(client.id, id, after, requestsLength);
  const card = toCard(found.story, wordsOf(visit, seated, found.behind));
  const running = new Set(visit.deps.cutters.running(client.id).map((exchange) => exchange.id));
  const results = new Map((lines?.results ?? []).map((line) => [String(line.leaf.request), line]));
  const seats = new Map(seated.inForce.seats.map((seat) => [seat.id, seat]));
  sendPage(
    visit.res,
    <StoryPage
      frame={frame(visit)}
      zone={client.zone}
      noted={noted}
      card={card}
      proof={{ hash: found.hash, size: found.size }}
      behind={found.behind}
      rows={toRows(lines?.lines ?? [], {
        client,
        accesses: new Map([[id, accessIn(found.story)]]),
        results,
        seats,
        grants: new Map(),
        running,
        missed: (line) => missedInWords(visit.snapshot, client, line),
      })}
      assets={new Set((lines?.lines ?? []).filter(isAsset).map((line) => `${line.origin} ${line.index}`))}
      paged={after !== undefined}
      copies={(await visit.deps.archive.copiesIn(client.id, id))
        .filter(({ gone }) => gone?.how !== 'nothing')
        .map((copy) => copyRow(visit, client, copy))}
      matters={found.story.kind === 'opening' ? await mattersAbout(visit, client.id, id) : undefined}
      next={lines?.next === undefined ? undefined : `/history/${id}?after=${printPlace(lines.next)}`}
    />,
  );
}

/** Who and why, for rows that do not tell it themselves. */
function accessIn({ id, name, functions, purpose, reference, note }: Story): Access {
  return { id, name, function: functions.join(', '), purpose, reference: reference ?? '', note };
}

function isAsset({ leaf }: { readonly leaf: Readonly<Record<string, unknown>> }): boolean {
  return leaf.t === 'access.static' || (leaf.t === 'access.intent' && leaf.dest === 'asset');
}
