/** Runs of robots that were expected and did not come, for the client and for the provider. */
import { inBoth } from '../core/both-languages.ts';
import type { Client, Snapshot, Text } from '../core/model.ts';
import type { Line } from '../core/ports.ts';
import { expectingClients } from '../core/robot-runs.ts';
import { robotInWords } from '../core/robots.ts';
import { instant } from './formats.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const day = 86_400_000;
/** So long a missed run is shown on first pages, and so many of them at most. */
const shownFor = 7 * day;
const most = 20;

export interface MissedRun {
  readonly key: string;
  readonly client: string;
  readonly system: Text;
  readonly sentence: Text;
}

/** What a line `robot.missed` says, in the client's zone. */
export function missedInWords(snapshot: Snapshot, { zone }: Client, { leaf }: Line): Text {
  const told = (at: unknown): Text => {
    const time = Date.parse(String(at));
    return inBoth((language) => instant(time, zone, language));
  };
  const say = leaf.observed === true ? texts.robots.missed : texts.robots.unseen;
  return say(robotInWords(snapshot, String(leaf.robot)), told(leaf.from), told(leaf.latest));
}

/** Those of the last days at one client, newest first. */
export async function missedAt(visit: Visit, client: Client): Promise<readonly MissedRun[]> {
  const lines = await visit.deps.archive.lines({
    ...{ client: client.id, kinds: ['robot.missed'], limit: most, disclose: [] },
  });
  return lines
    .filter(({ leaf }) => Date.parse(String(leaf.at)) >= visit.now - shownFor)
    .map((line) => ({
      key: `${line.origin} ${line.index}`,
      client: client.name,
      system: systemName(client, String(line.leaf.system)),
      sentence: missedInWords(visit.snapshot, client, line),
    }));
}

/** The same of all clients at which a robot is expected. */
export async function missedAcross(visit: Visit): Promise<readonly MissedRun[]> {
  const clients = expectingClients(visit.snapshot);
  return (await Promise.all(clients.map((client) => missedAt(visit, client)))).flat();
}
