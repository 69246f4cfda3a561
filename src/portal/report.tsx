/**
 * Reports that a client hands on: a month of accesses as a page and as a PDF, and what a person whose data it is may be told
 * of a period: dates and purposes, no names. Each look is a line of the log.
 */
import { dayAt, dayStart } from '../core/days.ts';
import type { HistoryPlace, Story } from '../core/history.ts';
import type { Client } from '../core/model.ts';
import { ReportTally } from '../core/report.ts';
import { reasonText } from './activity-words.ts';
import { noteReading, type Seated, seatedOf } from './controller.ts';
import { countCopies } from './copy-rows.ts';
import { sendDownload } from './download.ts';
import { drillsWithin } from './drill.ts';
import { date, duration, instant, size } from './formats.ts';
import { readDayStart, readLocal } from './local-times.ts';
import { ConsultationPage, type ConsultedDay, ReportPage } from './pages/report.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { makePdf } from './report-pdf.ts';
import type { ReportWords } from './report-words.ts';
import { purposeLabel, systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const monthForm = /^\d{4}-(0[1-9]|1[0-2])$/;
/** Openings read at a time, and for one report at most. */
const stride = 300;
const mostRead = 30_000;

/** GET `/report`: query field `month`, `2026-10`; left out: the month before this one. */
export async function showReport(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const noted = await noteReading(visit, seated, 'report');
  sendPage(
    visit.res,
    <ReportPage frame={frame(visit)} report={await reportOf(visit, seated)} noted={noted} />,
  );
}

/** GET `/report/pdf`: the same as a file. Each download is a line of its own. */
export async function sendReport(visit: Visit): Promise<void> {
  const seated = await seatedOf(visit);
  const report = await reportOf(visit, seated);
  await sendDownload(visit, seated, {
    view: 'report',
    type: 'application/pdf',
    name: `report-${seated.client.id}-${report.month}.pdf`,
    async *chunks() {
      yield await makePdf(report);
    },
  });
}

async function reportOf(visit: Visit, { client }: Seated): Promise<ReportWords> {
  const { say, language, now, deps } = visit;
  const words = texts.report;
  const month = monthOf(visit, client);
  const first = month.toPlainDate({ day: 1 });
  const from = dayStart(first, client.zone);
  const until = dayStart(first.add({ months: 1 }), client.zone);
  const tally = new ReportTally(now);
  const { whole, behind } = await eachStory(visit, client, from, until, (story) => tally.add(story));
  const numbers = tally.numbers();
  const tests = (await drillsWithin(visit, client.id, from, until)).length;
  const grants = new Map((await deps.archive.grants(client.id)).map((grant) => [grant.id, grant]));
  const agreedBy = (id: string): string => grants.get(id)?.grantedBy ?? '–';
  const { there, overdue } = countCopies(await deps.archive.copies(client.id), now);
  const day = (at: number): string => date(at, client.zone, language);
  const purpose = (code: string): string => purposeLabel(visit, code);
  const system = (id: string): string => systemNames(visit, client, [id]);
  return {
    language,
    month: month.toString(),
    title: say(words.title(client.name, monthInWords(first.toString(), language))),
    made: say(words.made(visit.snapshot.organisation, instant(now, client.zone, language))),
    notes: [
      ...(whole ? [] : [say(words.cut)]),
      ...(behind === undefined ? [] : [say(words.behind(instant(behind, client.zone, language)))]),
      ...(numbers.listed.length < numbers.openings ? [say(words.notAllListed(numbers.listed.length))] : []),
      say(words.blind),
    ],
    numbers: [
      [say(words.openings), String(numbers.openings)],
      [say(words.emergencies), String(numbers.emergencies)],
      [say(words.people), String(numbers.people)],
      [say(words.time), duration(numbers.minutes * 60_000, language)],
      [say(words.read), String(numbers.read)],
      [say(words.written), String(numbers.written)],
      [say(words.copies), String(numbers.copies)],
      [say(texts.copies.reportThere), String(there)],
      [say(texts.copies.reportOverdue), String(overdue)],
      [say(words.refused), String(numbers.refused)],
      [say(words.unfinished), String(numbers.unfinished)],
      [say(words.down), size(numbers.down, language)],
      ...(tests === 0 ? [] : [[say(texts.drills.counted), String(tests)] as const]),
    ],
    charts: [
      { title: say(words.byPurpose), bars: numbers.purposes.map(([code, count]) => [purpose(code), count]) },
      { title: say(words.bySystem), bars: numbers.systems.map(([id, count]) => [system(id), count]) },
      {
        title: say(words.byReason),
        bars: numbers.reasons.map(([code, count]) => [say(reasonText(code)), count]),
      },
    ],
    table: {
      title: say(words.list),
      headers: [words.when, words.who, words.why, words.where, words.howLong, words.left, words.agreedBy].map(
        say,
      ),
      rows: numbers.listed.map((story) => [
        instant(story.at, client.zone, language),
        [story.name ?? say(texts.history.erased), functionsOf(visit, story)].filter(Boolean).join(', '),
        [purpose(story.purpose), story.reference ?? ''].filter(Boolean).join(', '),
        systemNames(visit, client, story.systems),
        duration((story.endedAt ?? now) - story.at, language),
        size(
          story.facts.reduce((sum, { down }) => sum + down, 0),
          language,
        ),
        agreedBy(story.grant),
      ]),
    },
    empty: say(words.empty(day(from), day(until - 1))),
  };
}

function functionsOf({ snapshot, say }: Visit, { functions }: Story): string {
  return functions
    .map((code) => snapshot.functions.get(code))
    .map((text) => (text === undefined ? '' : say(text)))
    .join(', ');
}

/**
 * GET `/report/consultation`: query fields `from until` (days), `system`. What a data subject may be told: on which days which
 * of the systems that hold their data were consulted, and why; who did it stands nowhere on it.
 */
export async function showConsultation(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client } = seated;
  const today = dayAt(visit.now, client.zone);
  const form = {
    from: field(visit.req.query, 'from') || today.subtract({ months: 1 }).toString(),
    until: field(visit.req.query, 'until') || today.toString(),
    system: field(visit.req.query, 'system'),
  };
  const from = readDayStart(form.from, client.zone);
  const until = readLocal(form.until, client.zone);
  if (from === undefined || until === undefined || until <= from || until - from > 800 * 86_400_000)
    throw new Refusal(422, 'bad_request', texts.report.badPeriod, texts.report.badPeriodNext);
  if (form.system !== '' && !client.systems.has(form.system))
    throw new Refusal(404, 'not_found', texts.errors.notFound, texts.errors.notFoundNext);
  const noted = await noteReading(visit, seated, 'consultation');
  const days = new Map<string, ConsultedDay>();
  const { whole } = await eachStory(visit, client, from, until, (story) => {
    if (story.kind !== 'opening') return;
    for (const id of story.systems.filter((one) => form.system === '' || one === form.system)) {
      const day = date(story.at, client.zone, visit.language);
      const key = `${day} ${id} ${story.purpose}`;
      const known = days.get(key);
      days.set(key, {
        day,
        system: systemNames(visit, client, [id]),
        purpose: purposeLabel(visit, story.purpose),
        count: (known?.count ?? 0) + 1,
      });
    }
  });
  sendPage(
    visit.res,
    <ConsultationPage
      frame={frame(visit)}
      client={client.name}
      form={form}
      systems={[...client.systems].map(([id, { name }]) => ({ id, name: visit.say(name) }))}
      days={[...days.values()].reverse()}
      whole={whole}
      noted={noted}
      made={instant(visit.now, client.zone, visit.language)}
    />,
  );
}

/** Every opening and refusal of a period, newest first. `whole` is false when there are more than a report reads. */
async function eachStory(
  visit: Visit,
  client: Client,
  from: number,
  until: number,
  take: (story: Story) => void,
): Promise<{ readonly whole: boolean; readonly behind: number | undefined }> {
  let before: HistoryPlace | undefined;
  let behind: number | undefined;
  for (let read = 0; read < mostRead; read += stride) {
    const page = await visit.deps.history.page({
      client: client.id,
      from,
      until,
      terms: [],
      before,
      limit: stride,
      brief: 'named',
    });
    page.stories.forEach(take);
    behind ??= page.behind;
    before = page.next;
    if (before === undefined) return { whole: true, behind };
  }
  return { whole: false, behind };
}

function monthOf(visit: Visit, { zone }: Client): Temporal.PlainYearMonth {
  const asked = field(visit.req.query, 'month');
  const now = dayAt(visit.now, zone).toPlainYearMonth();
  if (asked === '') return now.subtract({ months: 1 });
  if (!monthForm.test(asked))
    throw new Refusal(422, 'bad_request', texts.report.badMonth, texts.report.badPeriodNext);
  return Temporal.PlainYearMonth.from(asked);
}

function monthInWords(first: string, language: 'en' | 'fr'): string {
  return new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${first}T00:00:00Z`));
}
