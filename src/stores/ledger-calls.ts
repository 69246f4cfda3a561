/**
 * The hot path inside the writer: intents and results as they crossed the wire, each written with no more than its
 * own few statements. Same rules and same lines as the commands of ledger-exchanges.ts.
 */

import type { LeafFields } from '../core/entries.ts';
import { Fault } from '../core/faults.ts';
import { fillFrame } from '../core/frame.ts';
import { canonicalValue, LeafFault } from '../core/leaf.ts';
import type { Acts } from './ledger-acts.ts';
import { useBytes } from './ledger-budgets.ts';
import { endCopy } from './ledger-copy-ends.ts';
import { closeExchange, keyOf, movedBy, openExchange, permit } from './ledger-exchanges.ts';
import type { FormedCalls } from './ledger-forms.ts';
import { commitGroup, gatherLeaf, keepGroup, type LogState, nextIndex } from './ledger-log.ts';
import { kindNumbers } from './ledger-schema.ts';
import { type FormShelf, isIntentForm, isResultForm, type ReadForm } from './ledger-shelf.ts';
import {
  decodeCalls,
  faultMark,
  type HotIntent,
  type HotResult,
  movedMark,
  plainSlots,
  resultSlots,
  targetedSlots,
  type WireAnswers,
} from './ledger-wire.ts';

export const noAnswers: WireAnswers = { numbers: [], heads: [], faults: [] };

interface Answering {
  readonly numbers: number[];
  readonly heads: LogState[];
  readonly faults: Fault[];
}

/** Runs the calls of a batch in order. What is a call's own fault is its answer; anything else condemns the batch. */
export function runCalls(acts: Acts, wire: string): WireAnswers {
  if (wire === '') return noAnswers;
  const answering: Answering = { numbers: [], heads: [], faults: [] };
  for (const call of decodeCalls(wire)) {
    answer(acts, answering, call.client, (log) =>
      call.what === 'intent' ? writeIntent(acts, log, call) : writeResult(acts, log, call),
    );
  }
  acts.pen.gathered.write();
  return told(answering);
}

/** The same for calls that cross by their forms, which `shelf` has taken. */
export function runFormed(acts: Acts, shelf: FormShelf, { ids, numbers }: FormedCalls): WireAnswers {
  if (numbers.length === 0) return noAnswers;
  const answering: Answering = { numbers: [], heads: [], faults: [] };
  let at = 0;
  for (const id of ids.split(' ')) {
    const form = shelf.at(numbers[at]);
    const from = at + 1;
    if (isIntentForm(form)) {
      at += 1;
      answer(acts, answering, form.call.client, (log) => writeFormedIntent(acts, log, form, id));
    } else if (isResultForm(form)) {
      at += 5;
      const said = numbers.slice(from, at);
      answer(acts, answering, form.call.client, (log) => writeFormedResult(acts, log, form, id, said));
    }
  }
  acts.pen.gathered.write();
  return told(answering);
}

/** Undefined from `work`: moved. */
function answer(
  acts: Acts,
  { numbers, heads, faults }: Answering,
  client: string,
  work: (log: LogState) => number | undefined,
): void {
  try {
    const log = acts.heads.touch(client, acts.now);
    const index = work(log);
    numbers.push(index === undefined ? movedMark : placeIn(heads, log), index ?? log.epoch);
  } catch (cause) {
    numbers.push(faultMark, faults.length);
    faults.push(callersFault(cause));
  }
}

function told({ numbers, heads, faults }: Answering): WireAnswers {
  return {
    numbers,
    heads: heads.map((log) => ({ origin: log.shard.origin, at: log.at })),
    faults: faults.map(({ code, message }) => ({ code, detail: message })),
  };
}

function callersFault(cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  if (cause instanceof LeafFault) return new Fault('internal', cause.message);
  throw cause;
}

function placeIn(heads: LogState[], log: LogState): number {
  const place = heads.indexOf(log);
  return place >= 0 ? place : heads.push(log) - 1;
}

function writeIntent(acts: Acts, log: LogState, call: HotIntent): number | undefined {
  const hold = permit(acts, log, call.epoch, call);
  if (hold === undefined) return undefined;
  const index = nextIndex(log);
  const at = `"${log.atText}"`;
  const boot = `"${log.boot}"`;
  const node = `"${log.node}"`;
  const n = String(log.n + 1);
  if (call.target === '') {
    const leaf = fillFrame(call.framed, plainSlots, [at, boot, n, node]);
    gatherLeaf(acts.pen, log, kindNumbers[call.t], hold.seq, leaf);
  } else {
    const { commitment, line } = commitGroup(index, 'target', call.target);
    const leaf = fillFrame(call.framed, targetedSlots, [at, boot, `"${commitment}"`, n, node]);
    gatherLeaf(acts.pen, log, kindNumbers[call.t], hold.seq, leaf);
    keepGroup(log, index, line);
  }
  openExchange(acts, log, index, call.id, hold);
  return index;
}

function writeResult(acts: Acts, log: LogState, call: HotResult): number {
  const { id, session, budgeted, copy } = closeExchange(acts, keyOf(acts, log, call));
  const leaf = fillFrame(call.framed, resultSlots, [
    `"${log.atText}"`,
    `"${log.boot}"`,
    String(call.index),
    String(log.n + 1),
    `"${log.node}"`,
    canonicalValue(id),
    canonicalValue(call.origin),
  ]);
  const index = gatherLeaf(acts.pen, log, kindNumbers['access.result'], session, leaf);
  if (budgeted !== undefined)
    useBytes(acts, log, budgeted, id, movedBy(JSON.parse(leaf) as LeafFields), true);
  if (copy === true) endCopy(acts, log, id, JSON.parse(leaf) as LeafFields);
  return index;
}

function writeFormedIntent(
  acts: Acts,
  log: LogState,
  form: ReadForm<HotIntent>,
  id: string,
): number | undefined {
  const { call } = form;
  const hold = permit(acts, log, call.epoch, call);
  if (hold === undefined) return undefined;
  const index = nextIndex(log);
  const n = log.n + 1;
  const [a, b, c, d] = form.pieces(log);
  if (call.target === '') {
    gatherLeaf(acts.pen, log, kindNumbers[call.t], hold.seq, `${a}${id}${b}${n}${c}`);
  } else {
    const { commitment, line } = commitGroup(index, 'target', call.target);
    gatherLeaf(acts.pen, log, kindNumbers[call.t], hold.seq, `${a}${commitment}${b}${id}${c}${n}${d}`);
    keepGroup(log, index, line);
  }
  openExchange(acts, log, index, id, hold);
  return index;
}

/** @param said index of the intent, bytes up and down, milliseconds */
function writeFormedResult(
  acts: Acts,
  log: LogState,
  form: ReadForm<HotResult>,
  id: string,
  said: readonly number[],
): number {
  const [intent = 0, up = 0, down = 0, ms = 0] = said;
  const { origin } = form.call;
  const {
    id: request,
    session,
    budgeted,
    copy,
  } = closeExchange(acts, keyOf(acts, log, { origin, index: intent }));
  const [a, b, c, d, e, f, g, h] = form.pieces(log);
  const asked = canonicalValue(request);
  const leaf = `${a}${down}${b}${id}${c}${intent}${d}${ms}${e}${log.n + 1}${f}${asked}${g}${up}${h}`;
  const index = gatherLeaf(acts.pen, log, kindNumbers['access.result'], session, leaf);
  if (budgeted !== undefined) useBytes(acts, log, budgeted, request, { up, down }, true);
  if (copy === true) endCopy(acts, log, request, JSON.parse(leaf) as LeafFields);
  return index;
}
