/** Connects a tool to one of the technician's own accesses: makes a credential that is on the answer and nowhere else. */
import { toolHash, toolSecret } from '../core/tool.ts';
import { hour } from './formats.ts';
import { ownOpening } from './own-openings.ts';
import { ToolPage } from './pages/tool.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { technicianOf, type Visit } from './visit.ts';

const words = texts.tools;

/** POST `/openings/:id/tools`. */
export async function connectTool(visit: Visit, frame: Framer): Promise<void> {
  const { deps, res, snapshot } = visit;
  const opening = await ownOpening(visit, technicianOf(visit));
  const { id, client: name } = opening;
  const inForce = await deps.authority.client(name);
  const secret = toolSecret(deps.random(32));
  // A stop that is not recorded yet ends it all the same.
  const answer = inForce.blocked.has(id)
    ? { refused: 'opening_ended' as const }
    : await deps.authority.run({ do: 'tool', client: name, opening: id, hash: toolHash(secret) });
  if ('refused' in answer)
    throw new Refusal(409, answer.refused, words.refused[answer.refused], words.next[answer.refused]);
  const client = snapshot.clients.get(name);
  const addresses = opening.systems.flatMap((system) => client?.systems.get(system)?.publicOrigin ?? []);
  res.set('cache-control', 'no-store');
  sendPage(
    res,
    <ToolPage
      frame={frame(visit, { self: `/openings/${id}` })}
      opening={id}
      secret={secret}
      until={hour(opening.endsAt, client?.zone ?? 'UTC', visit.language)}
      address={addresses[0] ?? ''}
    />,
  );
}
