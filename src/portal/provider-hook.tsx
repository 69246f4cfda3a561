/** The provider's own webhook, read by its contact and data protection officer: how sending goes, and the last messages. */
import { type HookDelivery, type HookState, providerEvents } from '../core/hooks.ts';
import type { Language } from '../core/model.ts';
import { hour, instant } from './formats.ts';
import { faultText } from './hook-view.ts';
import { type DeliveryRow, ProviderHookPage } from './pages/provider-hook.tsx';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.providerHook;
/** Messages that the page shows at most. */
const most = 30;

/** GET `/provider/webhook`. */
export async function showProviderHook(visit: Visit, frame: Framer): Promise<void> {
  const { deps, say, language } = visit;
  const made = frame(visit, { self: '/provider/webhook' });
  const { zone } = made.imprint;
  const hook = deps.providerHook;
  if (hook === undefined)
    return sendPage(visit.res, <ProviderHookPage frame={made} shown={undefined} deliveries={[]} />);
  const [state] = await deps.hookStates([hook.id]);
  const deliveries = await deps.hookDeliveries(hook.id, most);
  const trouble = troubleOf(state, zone, language);
  sendPage(
    visit.res,
    <ProviderHookPage
      frame={made}
      shown={{
        origin: hook.origin,
        told: providerEvents.map((event) => say(words.told[event])),
        takenAt: state?.takenAt,
        bad: trouble !== undefined,
        state: say(trouble ?? (state?.takenAt === undefined ? words.quiet : words.well)),
      }}
      deliveries={deliveries.map((one) => rowOf(visit, one, zone))}
    />,
  );
}

/** Undefined: messages are taken, or none was sent. */
function troubleOf(state: HookState | undefined, zone: string, language: Language) {
  const { failingSince, disabledAt, fault = 'unreachable' } = state ?? {};
  const why = fault === 'address' ? words.address : faultText(fault);
  if (disabledAt !== undefined) return words.disabled(instant(disabledAt, zone, language), why);
  return failingSince === undefined
    ? undefined
    : texts.hooks.failing(instant(failingSince, zone, language), why);
}

function rowOf({ say, snapshot, language }: Visit, one: HookDelivery, zone: string): DeliveryRow {
  const event = providerEvents.find((known) => known === one.type);
  const details = [
    ...(one.tries === 0 ? [] : [say(words.tries(one.tries))]),
    ...(one.tries === 0 || one.nextAt === undefined
      ? []
      : [say(words.next(hour(one.nextAt, zone, language)))]),
  ];
  const kinds = {
    waiting: one.tries === 0 ? 'calm' : 'bad',
    sent: 'good',
    dead: 'bad',
    dropped: 'bad',
  } as const;
  return {
    id: one.id,
    client: snapshot.clients.get(one.client)?.name ?? one.client,
    what: event === undefined ? '–' : say(words.told[event]),
    madeAt: one.madeAt,
    state: say(words.states[one.state]),
    details: details.join(', '),
    kind: kinds[one.state],
  };
}
