/** Calls by their forms: what the writer makes of them is, byte for byte, the canonical line of the same fields. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LeafFields } from '../../src/core/entries.ts';
import { canonicalFlat, textHash } from '../../src/core/leaf.ts';
import { type Form, FormBook } from '../../src/stores/ledger-forms.ts';
import type { LogState } from '../../src/stores/ledger-log.ts';
import { FormShelf, type ReadForm } from '../../src/stores/ledger-shelf.ts';
import { type Call, encodeIntent, encodeResult, type FormedCall } from '../../src/stores/ledger-wire.ts';
import {
  batchRunner,
  intentDraft,
  makeFolder,
  openBatcher,
  resultFields,
  settle,
  standingClock,
} from './ledger-world.ts';

const log = { atText: '2026-06-01T09:00:00.000Z', boot: 'bootbootboot', node: 'nodenodenode' } as LogState;
const assigned = { v: 1, at: log.atText, boot: log.boot, node: log.node };
/** Text that looks like the places where lines differ. */
const tricky = fc.oneof(
  fc.string(),
  fc.constantFrom('"id":""', '"up":0', '"down":0,"ms":0', '\0', '\n', '"n":', '\\"id\\":\\"\\"', 'é\u2028'),
);
const count = fc.nat(2 ** 31);

function formed(call: Call | undefined): FormedCall {
  if (typeof call !== 'object') throw new Error('written out');
  return call;
}

/** As the writer reads it after it crossed. */
function read(form: Form): ReadForm {
  const shelf = new FormShelf();
  shelf.take(new FormBook().write([{ form, id: 'x' }]));
  return shelf.at(0);
}

function filled(pieces: readonly string[], values: readonly (string | number)[]): string {
  expect(pieces).toHaveLength(values.length + 1);
  return pieces.map((piece, i) => piece + (values[i] ?? '')).join('');
}

describe('a form', () => {
  test('of intents makes the lines of all its fields', () => {
    const words = fc.record({ session: tricky, system: tricky, grant: tricky, operation: tricky });
    const rest = fc.record({ method: tricky, dest: tricky, policy: tricky });
    fc.assert(
      fc.property(words, rest, fc.option(tricky), count, (claims, more, path, n) => {
        const fields: LeafFields = Object.freeze({ ...claims, ...more, epoch: 3 });
        const groups = path === null ? undefined : Object.freeze({ target: Object.freeze({ path }) });
        const draft = { client: 'acme', t: 'access.intent', id: 'request-1', fields } as const;
        const call = encodeIntent(groups === undefined ? draft : { ...draft, groups }, 3);
        if (typeof call !== 'object') return; // A claim holds what separates words.
        const pieces = read(call.form).pieces(log);
        const line = { ...fields, ...assigned, t: 'access.intent', id: 'request-1', n };
        if (path === null) {
          expect(filled(pieces, ['request-1', n])).toBe(canonicalFlat(line));
        } else {
          const commit_target = textHash('x');
          expect(filled(pieces, [commit_target, 'request-1', n])).toBe(
            canonicalFlat({ ...line, commit_target }),
          );
        }
      }),
    );
  });

  test('of results makes the lines of all their fields', () => {
    const said = fc.record({
      status: count,
      up: count,
      down: count,
      ms: count,
      type: tricky,
      disposition: tricky,
      outcome: tricky,
    });
    fc.assert(
      fc.property(said, count, count, (fields, intent, n) => {
        const receipt = { origin: 'portal.example/ledger/x/2026', index: intent, at: 0 };
        const call = formed(encodeResult('acme', receipt, 'result-1', fields));
        expect(call.numbers).toEqual([intent, fields.up, fields.down, fields.ms]);
        const { up, down, ms } = fields;
        const line = { ...fields, ...assigned, t: 'access.result', id: 'result-1', n, intent };
        const values = [down, 'result-1', intent, ms, n, '"request-1"', up];
        expect(filled(read(call.form).pieces(log), values)).toBe(
          canonicalFlat({ ...line, request: 'request-1', shard: receipt.origin }),
        );
      }),
    );
  });

  test('of results is shared by those that say the same, and by no others', () => {
    const receipt = { origin: 'o', index: 1, at: 0 };
    const form = (client: string, fields: LeafFields) =>
      formed(encodeResult(client, receipt, 'r', { ...resultFields, ...fields })).form;
    const plain = form('acme', {});
    expect(form('acme', { up: 5, down: 6, ms: 7 })).toBe(plain);
    const others = [
      form('martin', {}),
      form('acme', { status: 404 }),
      form('acme', { type: 'text/htm', disposition: 'l' }),
      form('acme', { outcome: 'client-abort' }),
      form('acmeo', {}),
    ];
    expect(new Set([plain, ...others]).size).toBe(6);
    // What says more is written out.
    expect(encodeResult('acme', receipt, 'r', { ...resultFields, digest: 'sha-256=:x:' })).toContain(
      'digest',
    );
    expect(typeof encodeResult('acme', receipt, 'an id', resultFields)).toBe('string');
  });

  test('is sent once, and again to a thread that is new', () => {
    const book = new FormBook();
    const { form } = formed(encodeResult('acme', { origin: 'o', index: 1, at: 0 }, 'r', resultFields));
    const call = { form, id: 'r' };
    expect(book.write([call, call]).fresh).toHaveLength(1);
    expect(book.write([call])).toMatchObject({ fresh: [], anew: false });
    book.restart();
    expect(book.write([call])).toMatchObject({ anew: true, numbers: [0] });
  });

  test('that was not sent condemns its batch', () => {
    expect(() => new FormShelf().at(0)).toThrow('not sent');
  });
});

test('calls by forms and calls written out stand in the log alike', async () => {
  const clock = standingClock();
  const folder = makeFolder();
  try {
    const batcher = openBatcher(folder);
    const { opening, epoch } = await settle(folder, batchRunner(batcher, clock), clock.now());
    const draft = intentDraft(opening, epoch);
    const fields = Object.freeze({ ...draft.fields });
    const groups = Object.freeze({ target: Object.freeze({ ...draft.groups?.target }) });
    const book = new FormBook();
    const intents = [1, 2].map((i) =>
      formed(encodeIntent({ ...draft, id: `by-form-${i}`, fields, groups }, epoch)),
    );
    const whole = encodeIntent({ ...draft, id: 'written' }, epoch);
    if (typeof whole !== 'string') throw new Error('not written out');
    const first = batcher.run({ calls: whole, formed: book.write(intents), commands: [] }, clock.now());
    const [, index = -1] = first.calls.numbers;
    expect(first.formed.numbers).toEqual([0, index + 1, 0, index + 2]);
    const origin = first.formed.heads[0]?.origin ?? '';
    const result = encodeResult('acme', { origin, index: index + 1, at: 0 }, 'end-1', resultFields);
    const twice = book.write([formed(result), formed(result)]);
    const second = batcher.run({ calls: '', formed: twice, commands: [] }, clock.now());
    // A result follows exactly one intent.
    expect(second.formed.numbers).toEqual([0, index + 3, -2, 0]);
    expect(second.formed.faults).toMatchObject([{ code: 'ledger_conflict' }]);
    // Decided under rights that are gone.
    const late = formed(
      encodeIntent({ ...draft, id: 'late', fields: Object.freeze({ ...fields, epoch: 0 }), groups }, 0),
    );
    expect(
      batcher.run({ calls: '', formed: book.write([late]), commands: [] }, clock.now()).formed,
    ).toMatchObject({
      numbers: [-1, epoch],
    });
    batcher.close(clock.now(), 1e6);
  } finally {
    folder.remove();
  }
});
