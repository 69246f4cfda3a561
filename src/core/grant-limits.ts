/**
 * How long an agreement may last. No agreement is without an end, and none ends later than twelve months from the day
 * it is given, so that who agreed looks at it again. Pure.
 */

export const longestMonths = 12;

/**
 * The latest end (epoch milliseconds) that an agreement given at `now` may have, as the writer holds it: twelve months and a day, since
 * the form counts whole days of the client's zone and the writer knows no zone.
 */
export function latestEnd(now: number): number {
  return Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO('UTC')
    .add({ months: longestMonths, days: 1 }).epochMilliseconds;
}
