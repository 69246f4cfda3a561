/** What a client takes home: its log as a table, as JSON lines or for a search engine, for a time of its choice. */
import { dayAt } from '../core/days.ts';
import type { Text } from '../core/model.ts';
import { hidesNames } from '../core/pseudonyms.ts';
import { separators, type Take } from '../core/taken-rows.ts';
import { seatedOf } from './controller.ts';
import { sendDownload } from './download.ts';
import { sayErrors } from './language.ts';
import { readDayEnd, readDayStart } from './local-times.ts';
import { ProvesPage } from './pages/proves.tsx';
import { type TakeAwayForm, TakeAwayPage } from './pages/take-away.tsx';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const formats = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl',
  ecs: 'application/jsonl',
} as const;

/** GET `/take-away`. */
export async function showTakeAway(visit: Visit, frame: Framer): Promise<void> {
  const { client } = await seatedOf(visit);
  const today = dayAt(visit.now, client.zone).toString();
  const form = { from: `${today.slice(0, 8)}01`, until: today, format: 'csv', separator: ';', bom: true };
  sendPage(visit.res, <TakeAwayPage frame={frame(visit)} form={form} errors={new Map()} />);
}

/** GET `/take-away/proves`. */
export async function showProves(visit: Visit, frame: Framer): Promise<void> {
  const { client } = await seatedOf(visit);
  sendPage(visit.res, <ProvesPage frame={frame(visit)} pseudonyms={hidesNames(client)} />);
}

/**
 * GET `/take-away/log`: query fields `from until` (days in the client's zone, both inside; empty: all there is), `format`
 * (`csv`, `jsonl` or `ecs`), `separator`, `bom`. Each download is a line of its own.
 */
export async function sendLog(visit: Visit, frame: Framer): Promise<void> {
  const seated = await seatedOf(visit);
  const { client } = seated;
  const form = readForm(visit);
  const read = readTake(form, client.id, client.zone);
  if ('errors' in read) {
    const errors = sayErrors(read.errors, visit.say);
    sendPage(visit.res, <TakeAwayPage frame={frame(visit)} form={form} errors={errors} />, 422);
    return;
  }
  const { take } = read;
  await sendDownload(visit, seated, {
    view: `take-${take.format}`,
    type: formats[take.format],
    name: `accesses-${client.id}-${form.from || 'all'}-${form.until || 'now'}.${take.format === 'csv' ? 'csv' : 'jsonl'}`,
    chunks: () => visit.deps.archive.take(take),
  });
}

function readForm({ req }: Visit): TakeAwayForm {
  return {
    from: field(req.query, 'from'),
    until: field(req.query, 'until'),
    format: field(req.query, 'format'),
    separator: field(req.query, 'separator'),
    bom: field(req.query, 'bom') === 'on',
  };
}

function readTake(
  form: TakeAwayForm,
  client: string,
  zone: string,
): { readonly take: Take } | { readonly errors: ReadonlyMap<string, Text> } {
  const errors = new Map<string, Text>();
  const words = texts.takeAway;
  const from = readDayStart(form.from, zone);
  const until = readDayEnd(form.until, zone);
  if (form.from !== '' && from === undefined) errors.set('from', words.badDay);
  if (form.until !== '' && until === undefined) errors.set('until', words.badDay);
  if (from !== undefined && until !== undefined && until <= from) errors.set('until', words.badPeriod);
  const format = (['csv', 'jsonl', 'ecs'] as const).find((known) => known === form.format);
  if (format === undefined) errors.set('format', words.badFormat);
  const separator = separators.find((known) => known === form.separator) ?? ',';
  if (errors.size > 0 || format === undefined) return { errors };
  return { take: { client, from, until, format, separator, bom: form.bom && format === 'csv', zone } };
}
