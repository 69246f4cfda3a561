/**
 * The writer's side of forms (ledger-forms.ts): each is read once, and filled once per batch with what all its lines of the
 * batch say alike, so that a line is a few pieces put together. Byte for byte what `fillFrame` makes of the call written out.
 */
import { fillFrame } from '../core/frame.ts';
import { canonicalValue } from '../core/leaf.ts';
import type { FormedCalls } from './ledger-forms.ts';
import type { LogState } from './ledger-log.ts';
import {
  decodeCalls,
  type HotIntent,
  type HotResult,
  plainSlots,
  resultSlots,
  targetedSlots,
} from './ledger-wire.ts';

/** Stands where the lines of a form differ. Canonical JSON holds no raw control character. */
const mark = '\0';

/** A form as read, and its pieces for one instant of one log. */
export class ReadForm<C extends HotIntent | HotResult = HotIntent | HotResult> {
  readonly call: C;
  readonly #framed: string;
  #log: LogState | undefined;
  #at = '';
  #pieces: readonly string[] = [];

  constructor(call: C) {
    this.call = call;
    let framed = marked(call.framed, 'id', '""', `"${mark}"`);
    if (call.what === 'result')
      for (const name of ['down', 'ms', 'up']) framed = marked(framed, name, '0', mark);
    this.#framed = framed;
  }

  /**
   * What stands between the values in which lines differ. Those are, in this order: for an intent the commitment to its
   * target if it has one, id, counter; for a result bytes down, id, index of the intent, milliseconds, counter, id of the
   * intent, bytes up.
   */
  pieces(log: LogState): readonly string[] {
    if (this.#log === log && this.#at === log.atText) return this.#pieces;
    this.#pieces = fill(this.call, this.#framed, log).split(mark);
    this.#log = log;
    this.#at = log.atText;
    return this.#pieces;
  }
}

/** Within strings quotes are escaped, so a name with its colon is found where it stands as a name only. */
function marked(framed: string, name: string, value: string, by: string): string {
  const at = framed.indexOf(`"${name}":${value}`);
  if (at < 0) throw new Error(`a form has no ${name}`);
  const from = at + name.length + 3;
  return framed.slice(0, from) + by + framed.slice(from + value.length);
}

function fill(call: HotIntent | HotResult, framed: string, { atText, boot, node }: LogState): string {
  const [at, by, where] = [`"${atText}"`, `"${boot}"`, `"${node}"`];
  if (call.what === 'result') {
    const origin = canonicalValue(call.origin);
    return fillFrame(framed, resultSlots, [at, by, mark, mark, where, mark, origin]);
  }
  if (call.target === '') return fillFrame(framed, plainSlots, [at, by, mark, where]);
  return fillFrame(framed, targetedSlots, [at, by, `"${mark}"`, mark, where]);
}

/** The forms that one writer knows. */
export class FormShelf {
  #forms: ReadForm[] = [];

  /** Takes the forms that came with calls. */
  take({ anew, fresh }: FormedCalls): void {
    if (anew) this.#forms = [];
    for (const text of fresh) {
      const [call] = decodeCalls(text);
      if (call === undefined) throw new Error('a form holds no call');
      this.#forms.push(new ReadForm(call));
    }
  }

  at(number: number | undefined): ReadForm {
    const form = this.#forms[number ?? -1];
    if (form === undefined) throw new Error('a call names a form that was not sent');
    return form;
  }
}

export function isIntentForm(form: ReadForm): form is ReadForm<HotIntent> {
  return form.call.what === 'intent';
}

export function isResultForm(form: ReadForm): form is ReadForm<HotResult> {
  return form.call.what === 'result';
}
