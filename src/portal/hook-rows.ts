/** The rows about webhooks: where one leads that was added, and that one was removed. Pure. */
import type { Text } from '../core/model.ts';
import type { Line } from '../core/ports.ts';
import { texts } from './texts.ts';

/** What a line of these kinds says. */
export function hookEvent(
  { groups: { work } }: Line,
  kind: 'hook.added' | 'hook.removed',
): { readonly what: Text; readonly change: Text | undefined } {
  const origin = typeof work === 'object' ? String(work.note ?? '') : '';
  return { what: texts.hooks.events[kind], change: origin === '' ? undefined : { en: origin, fr: origin } };
}
