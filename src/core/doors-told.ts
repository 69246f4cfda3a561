/** What a client's log tells of attempts to reach its systems around this door. Asks through the port it is given. */
import { type BypassCheck, checksIn, doorOf } from './doors.ts';
import type { Client } from './model.ts';
import type { Archive, LineQuery } from './ports.ts';

const stride = 1_000;
const mostStrides = 10;

/** The latest ten thousand checks, which is more than a month of hourly ones; none are asked for where nothing is claimed. Throws what the archive throws. */
export async function checksToldOf(
  archive: Pick<Archive, 'lines'>,
  { id, systems }: Pick<Client, 'id' | 'systems'>,
): Promise<readonly BypassCheck[]> {
  const found: BypassCheck[] = [];
  if ([...systems.values()].every((system) => doorOf(system).closedBy === 'not-closed')) return found;
  let before: LineQuery['before'];
  for (let nth = 0; nth < mostStrides; nth += 1) {
    const lines = await archive.lines({
      ...{ client: id, kinds: ['bypass.checked'], limit: stride, disclose: [] },
      ...(before === undefined ? {} : { before }),
    });
    found.push(...checksIn(lines));
    const last = lines.at(-1);
    if (last === undefined || lines.length < stride) break;
    before = { at: Date.parse(String(last.leaf.at)), index: last.index };
  }
  return found;
}
