/** Copies as their pages show them. Names nobody: who took one stands on the page of its access. */
import { type Copy, type CopyShape, type CopyState, shapeOf, stateOf } from '../core/copies.ts';
import type { Client } from '../core/model.ts';
import { shown } from '../core/shown.ts';
import { size } from './formats.ts';
import { routeInWords } from './route-words.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.copies;

export interface CopyRow {
  readonly id: string;
  readonly opening: string;
  readonly reference: string;
  readonly system: string;
  /** What the route is called. */
  readonly what: string;
  /** Size, media type, end of the file's name, part. */
  readonly facts: string;
  readonly bytes: number;
  readonly shape: CopyShape;
  readonly state: CopyState;
  readonly taken: number;
  readonly destroyBy: number;
  /** Undefined: nobody has said it. */
  readonly kept: { readonly place: string; readonly custodian: string } | undefined;
  readonly digest: string | undefined;
  readonly gone: { readonly done: number; readonly text: string } | undefined;
}

export function copyRow(
  visit: Pick<Visit, 'say' | 'language' | 'now'>,
  client: Client | undefined,
  copy: Copy,
): CopyRow {
  const { say, now } = visit;
  const route = client === undefined ? copy.path : routeInWords(client, copy.system, 'GET', copy.path);
  return {
    id: copy.id,
    opening: copy.opening,
    reference: shown(copy.reference, 80),
    system: say(systemName(client, copy.system)),
    what: typeof route === 'string' ? route : say(route),
    facts: factsOf(visit, copy),
    bytes: copy.bytes,
    shape: shapeOf(copy),
    state: stateOf(copy, now),
    taken: copy.registeredAt,
    destroyBy: copy.destroyBy,
    kept:
      copy.kept === undefined
        ? undefined
        : { place: shown(copy.kept.place, 200), custodian: shown(copy.kept.custodian, 200) },
    digest: copy.digest,
    gone: copy.gone === undefined ? undefined : { done: copy.gone.done, text: shown(copy.gone.text, 500) },
  };
}

function factsOf({ say, language }: Pick<Visit, 'say' | 'language'>, copy: Copy): string {
  const { head, bytes, outcome } = copy;
  const written = size(bytes, language);
  const shape = shapeOf(copy);
  const uncertain = outcome === undefined || outcome === 'unknown-after-crash';
  return [
    uncertain ? say(words.atLeast(written)) : written,
    ...(shape === 'whole' ? [] : [say(words.shapes[shape])]),
    ...(head.range === undefined || head.range === 'several' ? [] : [say(words.bytes(head.range))]),
    ...(head.type === '' ? [] : [head.type]),
    ...(head.extension === undefined ? [] : [`.${head.extension}`]),
    ...(head.encoded === true ? [say(words.compressed)] : []),
  ].join(', ');
}

/** Copies that are there, and of these the overdue ones and those of which nobody said where they are. */
export function countCopies(copies: readonly Copy[], now: number) {
  const states = copies.map((copy) => stateOf(copy, now));
  const count = (...some: CopyState[]) => states.filter((state) => some.includes(state)).length;
  return {
    there: count('kept', 'unanswered', 'overdue'),
    overdue: count('overdue'),
    unanswered: copies.filter(({ gone, kept }) => gone === undefined && kept === undefined).length,
  };
}
