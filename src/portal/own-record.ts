/**
 * The signed extract of the record of whoever is signed in, for a period: readable, or as JSON. There is no way to ask for
 * anybody else's.
 */
import { dayAt, dayEnd, dayStart, parseDay } from '../core/days.ts';
import type { Opening, Person } from '../core/model.ts';
import { type OwnRecord, ownRecord } from '../core/own-record.ts';
import type { Keyset, Period } from '../core/ports.ts';
import { systemsOf } from './arrival.ts';
import { instant } from './formats.ts';
import { imprintOf } from './imprint.ts';
import { Refusal } from './refusal.ts';
import { systemName } from './system-names.ts';
import { endCauseTexts } from './texts/everywhere.ts';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';

const words = texts.ownRecord;
const longestDays = 366;
const mostOpenings = 20_000;
const pageLength = 200;

/** GET `/record/extract`: fields `from until` (days, both included) and `format` (`text` or `json`). Throws Refusal. */
export async function sendOwnRecord(visit: Visit): Promise<void> {
  const { res, deps } = visit;
  const period = readPeriod(visit);
  const record = await recordFor(visit, period);
  const json = field(visit.req.query, 'format') === 'json';
  const name = `own-record-${record.person.id}-${period.first}-${period.last}.${json ? 'json' : 'txt'}`;
  res.set('content-disposition', `attachment; filename="${name}"`);
  if (json) {
    // What is signed is the first member as it stands here, without the spaces, and a line feed.
    const signature = deps.records.sign(`${JSON.stringify(record)}\n`).trimEnd();
    res.type('json').send(`${JSON.stringify({ record, key: deps.records.key, signature }, null, 2)}\n`);
    return;
  }
  const text = `${inWords(visit, record)}\n${visit.say(words.key)} ${deps.records.key}\n`;
  res.type('text').send(`${text}\n${deps.records.sign(text)}`);
}

interface Days extends Period {
  readonly first: string;
  readonly last: string;
}

/** The last 30 days where nothing is said. */
export function defaultPeriod({ now, deps, signedIn }: Visit): {
  readonly first: string;
  readonly last: string;
} {
  const { zone } = imprintOf(deps, signedIn.who);
  const today = dayAt(now, zone);
  return { first: today.subtract({ days: 29 }).toString(), last: today.toString() };
}

function readPeriod(visit: Visit): Days {
  const { zone } = imprintOf(visit.deps, visit.signedIn.who);
  const standard = defaultPeriod(visit);
  const first = parseDay(field(visit.req.query, 'from') || standard.first);
  const last = parseDay(field(visit.req.query, 'until') || standard.last);
  const days = first === undefined || last === undefined ? 0 : first.until(last).days + 1;
  if (first === undefined || last === undefined || days < 1 || days > longestDays)
    throw new Refusal(422, 'bad_period', words.periodTitle, words.periodNext);
  return {
    first: first.toString(),
    last: last.toString(),
    from: dayStart(first, zone),
    until: dayEnd(last, zone),
  };
}

async function recordFor(visit: Visit, { from, until }: Days): Promise<OwnRecord> {
  const { snapshot, now } = visit;
  const person = technicianOf(visit);
  const assigned = [...snapshot.clients.values()].flatMap((client) =>
    systemsOf(client, person, now).map(({ id }) => ({ client: client.id, system: id })),
  );
  return ownRecord({
    provider: snapshot.organisation,
    person: { id: person.id, name: person.name },
    ...{ now, from, until: Math.min(until, now), assigned },
    openings: await openingsOf(visit, person, { from, until }),
    most: mostOpenings,
  });
}

/** A page at a time, so that others are answered in between. */
async function openingsOf({ deps }: Visit, person: Person, period: Period): Promise<readonly Opening[]> {
  const all: Opening[] = [];
  let before: Keyset['before'];
  while (all.length < mostOpenings) {
    const page = await deps.archive.openingsWithin(person.id, period, { before, limit: pageLength });
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < pageLength) break;
    before = { at: last.openedAt, id: last.id };
  }
  return all;
}

/** The same in sentences, a line each. */
function inWords(visit: Visit, record: OwnRecord): string {
  const { say, language, snapshot, deps, signedIn } = visit;
  const { zone } = imprintOf(deps, signedIn.who);
  const at = (iso: string) => instant(Date.parse(iso), zone, language);
  const named = (id: string, systems: readonly string[]) => {
    const client = snapshot.clients.get(id);
    const names = systems.map((one) => (client === undefined ? one : say(systemName(client, one))));
    return `${client?.name ?? id}: ${names.join(', ')}`;
  };
  const opened = record.opened.map((one) => {
    const purpose = snapshot.purposes.get(one.purpose)?.label;
    const causes: Readonly<Record<string, { en: string; fr: string } | undefined>> = endCauseTexts;
    const cause = causes[one.cause];
    return [
      `${at(one.opened)} – ${at(one.ended)}`,
      named(one.client, one.systems),
      purpose === undefined ? one.purpose : say(purpose),
      one.reference,
      cause === undefined ? say(words.running) : say(cause),
      one.access,
    ]
      .filter((part) => part !== '')
      .join(' | ');
  });
  const missing = record.not_opened.map(({ client, system }) => named(client, [system]));
  const list = (lines: readonly string[]) =>
    (lines.length === 0 ? [say(words.none)] : lines).map((line) => `- ${line}`);
  return [
    `${say(words.title)}: ${record.person.name} (${record.person.id}), ${record.provider}`,
    `${at(record.from)} – ${at(record.until)}`,
    say(words.made(at(record.made))),
    '',
    say(words.opened(record.opened.length)),
    ...list(opened),
    '',
    ...(record.complete ? [say(words.notOpened), ...list(missing)] : [say(words.incomplete)]),
  ]
    .map((line) => line.replace(/[\r\n]+/g, ' '))
    .join('\n')
    .concat('\n');
}
