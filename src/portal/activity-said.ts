/** Rows of lines in which somebody says something of an access: the client's review, what was done outside, and copies. */
import type { Line } from '../core/ports.ts';
import type { Row } from './activity-rows.ts';
import { disclosed } from './line-fields.ts';
import { texts } from './texts.ts';

const { copies, emergencies, outside, controller } = texts;

/** What such a line says; its `kind` is calm, and it is done. */
export function saidRow(line: Line): Pick<Row, 'what' | 'note' | 'result' | 'kind'> {
  const { leaf } = line;
  const done = { result: controller.results.done, kind: 'calm' as const };
  if (leaf.t === 'session.declared')
    return {
      ...done,
      what: leaf.late === true ? outside.lateEvent : outside.event,
      note: disclosed(line, 'work', 'said'),
    };
  if (leaf.t === 'copy.registered') return { ...done, what: copies.events.registered, note: '' };
  if (leaf.t === 'copy.kept')
    return {
      ...done,
      what: copies.events.kept,
      note: `${disclosed(line, 'work', 'place')} – ${disclosed(line, 'work', 'custodian')}`,
    };
  if (leaf.t === 'copy.destroyed') {
    const { destroyed, returned } = copies.events;
    return {
      ...done,
      what: leaf.how === 'returned' ? returned : destroyed,
      note: disclosed(line, 'work', 'said'),
    };
  }
  const what = leaf.outcome === 'in_order' ? emergencies.event.in_order : emergencies.event.not_in_order;
  return { ...done, what, note: disclosed(line, 'work', 'note') };
}
