/**
 * Reads back what happened since an instant, a page at a time and to the end, so that nothing that is to be told hides behind
 * two hundred newer things.
 */
import type { Story } from './core/history.ts';
import type { Archive, History, Line, LineQuery } from './core/ports.ts';

const pageLength = 200;

/** Lines of these kinds written at or after `since` (epoch milliseconds), oldest first. Throws Fault. */
export async function linesSince(
  archive: Pick<Archive, 'lines'>,
  query: Pick<LineQuery, 'client' | 'disclose'> & { readonly kinds: NonNullable<LineQuery['kinds']> },
  since: number,
): Promise<readonly Line[]> {
  const found: Line[] = [];
  let before: LineQuery['before'];
  for (;;) {
    const more = before === undefined ? {} : { before };
    const page = await archive.lines({ ...query, ...more, limit: pageLength });
    const within = page.filter((line) => writtenAt(line) >= since);
    found.push(...within);
    const last = page.at(-1);
    if (last === undefined || page.length < pageLength || within.length < page.length) break;
    before = { at: writtenAt(last), index: last.index };
  }
  return found.toReversed();
}

/** Accesses begun at or after `since`, newest first; `whole` is false while not everything is counted. Throws Fault. */
export async function storiesSince(
  history: Pick<History, 'page'>,
  client: string,
  since: number,
): Promise<{ readonly stories: readonly Story[]; readonly whole: boolean }> {
  const stories: Story[] = [];
  const query = { client, from: since, terms: [], limit: pageLength };
  let page = await history.page(query);
  const whole = page.behind === undefined;
  stories.push(...page.stories);
  while (page.next !== undefined) {
    page = await history.page({ ...query, before: page.next });
    stories.push(...page.stories);
  }
  return { stories, whole };
}

/** When a line was written, epoch milliseconds. */
export function writtenAt({ leaf }: Line): number {
  return Date.parse(String(leaf.at));
}
