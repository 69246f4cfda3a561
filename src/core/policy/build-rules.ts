/**
 * Makes hours, demands on a sign-in and a person's standing out of what files say about them. Dates that cannot be
 * read were refused before; should one get here, it lets nobody in.
 */
import { type CopyRules, usualCopies } from '../copies.ts';
import type { Calendar } from '../holidays.ts';
import type { AuthenticationDemand, Standing, SubProcessor, Validity } from '../model.ts';
import type { Schedule } from '../schedule.ts';
import { endOf, startAfter, startOf } from './instants.ts';
import type { ProvidersFile } from './schema-providers.ts';
import {
  type AuthenticationSource,
  type CharterSource,
  type CopiesSource,
  type HoursSource,
  type StandingSource,
  type ValiditySource,
  weekDays,
} from './schema-rules.ts';

export function buildDemand(source: AuthenticationSource | undefined): AuthenticationDemand | undefined {
  if (source === undefined) return undefined;
  const { acr, amr, max_age_minutes: minutes } = source;
  return { acr, amr, maxAgeSeconds: minutes === undefined ? undefined : minutes * 60 };
}

/** What a purpose says of copies; what it leaves out is as usual. */
export function buildCopies(source: CopiesSource | undefined): CopyRules | undefined {
  if (source === undefined) return undefined;
  const { keep_days, grace_days, answer_hours, custodian, place } = source;
  return {
    keepDays: keep_days ?? usualCopies.keepDays,
    graceDays: grace_days ?? usualCopies.graceDays,
    answerHours: answer_hours ?? usualCopies.answerHours,
    custodian,
    place,
  };
}

/** Gives clients with the same zone and calendar the same schedule, so that one answer serves them all. */
export type Scheduler = (source: HoursSource, zone: string, calendar: Calendar) => Schedule;

export function createScheduler(): Scheduler {
  const known = new Map<string, Schedule>();
  return (source, zone, calendar) => {
    const schedule = buildSchedule(source, zone, calendar);
    const key = JSON.stringify(schedule);
    const before = known.get(key);
    if (before === undefined) known.set(key, schedule);
    return before ?? schedule;
  };
}

function buildSchedule(source: HoursSource, zone: string, calendar: Calendar): Schedule {
  return {
    zone: source.zone ?? zone,
    windows: source.windows.map(({ days, from, until }) => ({
      days: days.map((name) => weekDays.indexOf(name) + 1),
      from: minutesOf(from),
      until: minutesOf(until),
    })),
    closedOn: source.holidays === 'closed' ? calendar : 'none',
  };
}

/** `08:30` in minutes after midnight. */
export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Between two dates of a file, the last one included. */
export function buildValidity(
  source: { readonly from: string; readonly until?: string | undefined },
  zone: string,
): Validity {
  return {
    from: startOf(source.from, zone) ?? Number.POSITIVE_INFINITY,
    until: source.until === undefined ? Number.POSITIVE_INFINITY : (endOf(source.until, zone) ?? 0),
  };
}

/** A person's standing under the charter in force and the lengths for which trainings hold. */
export function buildStanding(
  source: StandingSource,
  charter: CharterSource,
  months: ValiditySource,
  zone: string,
): Standing {
  return {
    securityTraining: trainingOf(source.security_training, months.security_training, zone),
    gdprTraining: trainingOf(source.gdpr_training, months.gdpr_training, zone),
    charter: charterOf(source.charter, charter, zone),
    confidentiality: confidentialityOf(source.confidentiality, zone),
  };
}

function trainingOf(
  source: StandingSource['security_training'],
  months: number,
  zone: string,
): Validity | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'string') return { from: 0, until: endOf(source, zone) ?? 0 };
  return {
    from: startOf(source.done, zone) ?? Number.POSITIVE_INFINITY,
    until: startAfter(source.done, { months }, zone) ?? 0,
  };
}

/** The version in force holds on; an earlier one until the days of grace are over. */
function charterOf(
  source: StandingSource['charter'],
  charter: CharterSource,
  zone: string,
): Validity | undefined {
  if (source === undefined) return undefined;
  const from = startOf(source.signed, zone) ?? Number.POSITIVE_INFINITY;
  if (source.version === charter.version) return { from, until: Number.POSITIVE_INFINITY };
  return { from, until: startAfter(charter.effective, { days: charter.grace_days }, zone) ?? 0 };
}

function confidentialityOf(source: StandingSource['confidentiality'], zone: string): Validity | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'string') return { from: 0, until: endOf(source, zone) ?? 0 };
  return { from: startOf(source.signed, zone) ?? Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY };
}

/** The other providers whose people may come in. */
export function buildSubProcessors(
  file: ProvidersFile | undefined,
  zone: string,
): ReadonlyMap<string, SubProcessor> {
  const built = Object.entries(file?.providers ?? {}).map(([id, source]): [string, SubProcessor] => {
    const { guarantees } = source;
    const approvals = Object.entries(source.approvals).map(([client, approval]): [string, Validity] => [
      client,
      buildValidity(approval, zone),
    ]);
    return [
      id,
      {
        id,
        name: source.name,
        country: source.country,
        places: source.places,
        guarantees:
          guarantees === undefined
            ? undefined
            : buildValidity({ from: guarantees.reviewed, until: guarantees.until }, zone),
        approvals: new Map(approvals),
      },
    ];
  });
  return new Map(built);
}
