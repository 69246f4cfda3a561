/** Adding and removing a webhook: a representative says where and of what it is told; its secret is shown once. */
import { isHookEvent, readHookAddress } from '../core/hooks.ts';
import { sendConnections } from './connections.tsx';
import { seatedOf } from './controller.ts';
import { HookSecretPage } from './pages/hooks.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, fields, type Visit } from './visit.ts';

const words = texts.hooks;

/** POST `/connections/hooks`: fields `address events`. The secret is on the answer and nowhere else. */
export async function addHook(visit: Visit, frame: Framer): Promise<void> {
  const { deps, req, say } = visit;
  const { client, seat } = await seatedOf(visit);
  const form = { address: field(req.body, 'address').trim(), events: fields(req.body, 'events') };
  const reach = { evaluation: deps.evaluation, private: client.privateHooks === true };
  const address = readHookAddress(form.address, reach);
  const events = [...new Set(form.events)].filter(isHookEvent);
  const errors = new Map<string, string>();
  if (address === undefined) errors.set('address', say(words.addressWrong));
  if (events.length === 0 || events.length !== form.events.length)
    errors.set('events', say(words.eventsMissing));
  if (errors.size > 0 || address === undefined)
    return sendConnections(visit, frame, { hook: form, hookErrors: errors });
  const secret = `whsec_${deps.random(32).toString('base64')}`;
  const id = deps.random(12).toString('base64url');
  const answer = await deps.authority.run({
    do: 'hook-add',
    client: client.id,
    hook: { id, events, address, secret },
    by: { seat: seat.id, role: seat.role },
  });
  if ('refused' in answer) throw refusedHook(answer.refused);
  visit.res.set('cache-control', 'no-store');
  const shown = { origin: new URL(address).origin, secret };
  sendPage(visit.res, <HookSecretPage frame={frame(visit, { self: '/connections' })} {...shown} />);
}

/** POST `/connections/hooks/:id/remove`. */
export async function removeHook(visit: Visit): Promise<void> {
  const { client, seat } = await seatedOf(visit);
  const answer = await visit.deps.authority.run({
    do: 'hook-remove',
    client: client.id,
    hook: String(visit.req.params.id),
    by: { seat: seat.id, role: seat.role },
  });
  if ('refused' in answer) throw refusedHook(answer.refused);
  visit.res.redirect(303, '/connections');
}

function refusedHook(why: 'not_seated' | 'not_yet' | 'too_many_hooks' | 'hook_unknown'): Refusal {
  const { people } = texts;
  switch (why) {
    case 'not_seated':
      return new Refusal(403, why, people.notSeated, people.whatNext);
    case 'not_yet':
      return new Refusal(403, why, people.notYetFit, people.notYetFitNext);
    case 'too_many_hooks':
      return new Refusal(409, why, words.tooMany, words.tooManyNext);
    case 'hook_unknown':
      return new Refusal(404, why, words.unknown, texts.errors.notFoundNext);
  }
}
