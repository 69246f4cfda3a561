/**
 * Tries systems around the gateway from one place and judges whether what their files claim holds. From the gateway's own
 * machine a firewall says nothing, and a machine that reaches nothing at all says nothing either.
 */
import { doorOf, holds, ownPlace } from '../core/doors.ts';
import type { System } from '../core/model.ts';
import type { ClientCheck } from './bypass-record.ts';
import { reachesOut, type Tried, tryUpstream } from './bypass-try.ts';
import { type Finding, printFinding } from './doctor-check.ts';
import type { Terminal } from './terminal.ts';

/** Systems tried side by side. */
const atOnce = 8;

const words = {
  unreachable: 'nothing answers',
  authentication: 'it asks who comes',
  open: 'it is open',
} as const;

interface Look {
  readonly finding: Finding;
  /** Undefined: nothing was found out. */
  readonly check?: ClientCheck;
}

/**
 * Prints what was met, in the order of the systems. `well`: all that is claimed holds. What cannot be told from here is in no
 * check; systems of which nothing is claimed are not tried. `portal`: what this machine must reach for its word to count.
 */
export async function tryDoors(
  systems: readonly System[],
  place: string,
  portal: URL | undefined,
  terminal: Pick<Terminal, 'print'>,
): Promise<{ readonly found: readonly ClientCheck[]; readonly well: boolean }> {
  let out: Promise<boolean> | undefined;
  const reachesAnything = (): Promise<boolean> =>
    (out ??= portal === undefined ? Promise.resolve(false) : reachesOut(portal));
  const looks: Look[] = [];
  for (let at = 0; at < systems.length; at += atOnce) {
    const some = systems.slice(at, at + atOnce);
    looks.push(...(await Promise.all(some.map((system) => lookAt(system, place, reachesAnything)))));
  }
  for (const { finding } of looks) printFinding(finding, terminal);
  return {
    found: looks.flatMap(({ check }) => check ?? []),
    well: looks.every(({ finding }) => finding.verdict !== 'do'),
  };
}

async function lookAt(system: System, place: string, reachesAnything: () => Promise<boolean>): Promise<Look> {
  const about = `${system.client}/${system.id} from ${place}`;
  const { closedBy: claim } = doorOf(system);
  const told = (verdict: 'do' | 'note', advice: string): Look => ({ finding: { verdict, about, advice } });
  if (claim === 'not-closed') return told('note', 'not closed, as its file says; the client is told so');
  if (claim === 'firewall' && place === ownPlace)
    return told('do', 'a firewall lets this machine in; try elsewhere, with --from PLACE');
  const tried = await believed(await tryUpstream(system), reachesAnything);
  if ('untold' in tried) return told('do', `cannot be told from this machine (${tried.untold})`);
  const { result, why } = tried;
  const sentence = `${words[result]} (${why}); said to be closed by ${claim}`;
  const { id, client, upstream } = system;
  return {
    ...(holds(claim, place, result)
      ? { finding: { verdict: 'ok', about: `${about}: ${sentence}` } }
      : told('do', sentence)),
    check: { client, system: id, place, result, upstream: upstream.origin, claim, at: Date.now() },
  };
}

async function believed(tried: Tried, reachesAnything: () => Promise<boolean>): Promise<Tried> {
  if ('untold' in tried || tried.result !== 'unreachable' || (await reachesAnything())) return tried;
  return { untold: 'nor is the portal reached from here' };
}
