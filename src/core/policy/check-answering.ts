/**
 * Robots for whom nobody answers, or soon nobody. Apart from what a policy must be to take effect, as with approvers: the robot
 * stays out then (`robot_unattended`), and a fault would hold back the very change that takes a person out.
 */
import type { Snapshot } from '../model.ts';
import { robotsIn } from '../robots.ts';
import type { ApproverFindings } from './check-approvers.ts';
import { type PolicyDocument, placedIn } from './document.ts';
import { type PolicyFault, sortFaults } from './faults.ts';

/** For the staff file among `documents`; `now` is epoch milliseconds UTC. Who leaves later than a robot's own end is fine. */
export function checkAnswering(
  { people }: Pick<Snapshot, 'people'>,
  documents: readonly PolicyDocument[],
  now: number,
): ApproverFindings {
  const document = documents.find(({ path }) => path === 'staff.yaml');
  if (document === undefined) return { faults: [], warnings: [] };
  const { place } = placedIn(document);
  const faults: PolicyFault[] = [];
  const warnings: PolicyFault[] = [];
  for (const { id, until: end = Number.POSITIVE_INFINITY, robot } of robotsIn(people.values())) {
    const left = people.get(robot.responsible)?.until ?? Number.POSITIVE_INFINITY;
    if (left >= end || end <= now) continue;
    // The last moment that is inside, so that the day is the one in the file.
    const day = new Date(left - 1).toISOString().slice(0, 10);
    const [found, leaves] = left <= now ? [faults, 'left'] : [warnings, 'leaves'];
    const message = `"${robot.responsible}" ${leaves} on ${day}: name somebody else, or let the robot end by then; it stays out after that`;
    found.push({ file: document.path, ...place(['robots', id, 'responsible'], 'value'), message });
  }
  return { faults: sortFaults(faults), warnings: sortFaults(warnings) };
}
