/** What waits for a client's people beside the requests of technicians, each with the page on which it is dealt with. */
import { inBoth } from '../core/both-languages.ts';
import type { Grant } from '../core/model.ts';
import { isOpen } from '../core/proposals.ts';
import { ruleTime } from '../core/signers.ts';
import { contractOver } from './contract-over.ts';
import type { Seated } from './controller.ts';
import { duration } from './formats.ts';
import { matterTasks } from './matter-tasks.ts';
import type { Task } from './pages/waiting.tsx';
import { labelOf } from './proposals.tsx';
import { endsSoon } from './renewal.ts';
import { hasSigned, waitsForSignature } from './signing.tsx';
import { systemNames } from './technician.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.signing;

/** For representatives what they should decide; for the others, that it is waited for. */
export async function tasksFor(visit: Visit, seated: Seated): Promise<readonly Task[]> {
  const { client } = seated;
  const matters = await matterTasks(visit, client.id);
  // What is agreed to is refused then; questions and disputes go on.
  if ((await contractOver(visit, client)) !== undefined) return matters;
  const proposals = await visit.deps.archive.proposals(client.id);
  const proposed = proposals
    .filter((one) => isOpen(one, visit.now))
    .map((one) => ({
      href: `/proposals/${one.id}`,
      title: texts.proposals.title(labelOf(visit, one)),
      text: inBoth((language) => texts.proposals.lapses(duration(one.until - visit.now, language))[language]),
      act: texts.proposals.look,
    }));
  return [...matters, ...proposed, ...(await signatureTasks(visit, seated))];
}

/** Agreements that wait for a signature or end soon, and the rule about how to sign. */
async function signatureTasks(visit: Visit, seated: Seated): Promise<readonly Task[]> {
  const { deps, now, role } = visit;
  const id = seated.client.id;
  const signing = await deps.archive.signing(id);
  // Newest first.
  const grants = [...seated.inForce.grants.values()].toReversed();
  const { tasks } = words;
  const act = (mine: boolean) => (role === 'representative' && !mine ? tasks.look : tasks.see);
  const left = (grant: Grant, at: number) =>
    tasks.left(
      systemNames(visit, seated.client, grant.systems),
      inBoth((language) => duration(at - now, language)),
    );
  const waiting = grants
    .filter((grant) => waitsForSignature(grant, now))
    .map((grant) => ({
      href: `/agreements/${grant.id}`,
      title: grant.status === 'waiting' ? tasks.second : tasks.again,
      text: left(grant, grant.until),
      act: act(hasSigned(seated, signing, grant.id)),
    }));
  const ending = grants
    .filter((grant) => role === 'representative' && endsSoon(grant, grants, now))
    .map((grant) => ({
      href: `/agreements/new?renew=${grant.id}`,
      title: tasks.ends,
      text: left(grant, grant.until),
      act: words.renew,
    }));
  const { pending } = signing;
  const mine = seated.inForce.seats.some(
    (seat) => seat.id === pending?.seat && seat.controller === seated.controller.id,
  );
  const rule =
    pending === undefined || pending.at + ruleTime <= now
      ? []
      : [{ href: '/signing', title: tasks.rule, text: words.twoNow, act: act(mine) }];
  return [...waiting, ...rule, ...ending];
}
