/** What the connections page shows of webhooks: each with how sending to it goes. */
import type { HookFault } from '../core/hooks.ts';
import type { Text } from '../core/model.ts';
import type { Seated } from './controller.ts';
import { instant } from './formats.ts';
import type { HooksProps, NewHook } from './pages/hooks.tsx';
import type { FieldErrors } from './pages/parts.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.hooks;

export async function hooksProps(
  visit: Visit,
  { client, seat, inForce }: Seated,
  form: NewHook = { address: '', events: [] },
  errors: FieldErrors = new Map(),
): Promise<Omit<HooksProps, 'frame' | 'csrf' | 'zone'>> {
  const { deps, language, say } = visit;
  const all = await deps.archive.hooks(client.id);
  const states = new Map((await deps.hookStates(all.map(({ id }) => id))).map((one) => [one.hook, one]));
  const when = (at: number): string => instant(at, client.zone, language);
  const rows = all.map((hook) => {
    const owner = inForce.seats.find(({ id }) => id === hook.seat);
    const live = hook.removedAt === undefined && owner !== undefined;
    const { takenAt, failingSince, disabledAt, fault = 'unreachable' } = states.get(hook.id) ?? {};
    const why = faultText(fault);
    const failing = failingSince === undefined ? undefined : words.failing(when(failingSince), why);
    const trouble = disabledAt === undefined ? failing : words.disabled(when(disabledAt), why);
    return {
      hook,
      owner: owner?.name ?? '–',
      live,
      takenAt,
      trouble: live && trouble !== undefined ? say(trouble) : undefined,
      mayRemove: live && seat.role === 'representative',
    };
  });
  return { rows, mayAdd: seat.role === 'representative', form, errors };
}

/** Whether a name is unknown or leads where nobody may go is not the client's to learn: it would map our networks. */
export function faultText(fault: HookFault): Text {
  return fault === 'unreachable' || fault === 'address'
    ? words.unreachable
    : words.status(fault.slice('status '.length));
}
