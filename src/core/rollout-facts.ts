/** What a client's log tells of how far the client is: who was invited, and when its people looked. Asks through the port it is given. */
import type { Seat } from './commands.ts';
import type { Archive } from './ports.ts';
import { type Visits, visitsTo } from './visits.ts';

/** Without an archive nothing was ever recorded. `now` is epoch milliseconds. Throws what the archive throws. */
export async function toldByLog(
  client: string,
  seats: readonly Seat[],
  archive: Pick<Archive, 'lines'> | undefined,
  now: number,
): Promise<{ readonly invited: ReadonlySet<string>; readonly visits: Visits }> {
  if (archive === undefined) return { invited: new Set(), visits: { seats: new Map(), whole: true } };
  const kinds = ['controller.nominated'] as const;
  const [lines, visits] = await Promise.all([
    archive.lines({ client, kinds, limit: 1_000, disclose: ['subject'] }),
    visitsTo(
      archive,
      client,
      seats.map(({ id }) => id),
      now,
    ),
  ]);
  const invited = lines.flatMap(({ groups: { subject } }) =>
    typeof subject === 'object' && typeof subject.subject === 'string' ? [subject.subject] : [],
  );
  return { invited: new Set(invited), visits };
}
