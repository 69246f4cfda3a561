/**
 * The hot path inside the writer: intents and results as they crossed the wire, each written with no more than its
 * own few statements. Same rules and same lines as the commands of ledger-exchanges.ts.
 */
import { Fault } from '../core/faults.ts';
import type { LeafFields } from '../core/entries.ts';
import { fillFrame } from '../core/frame.ts';
import { canonicalValue, LeafFault } from '../core/leaf.ts';
import type { Acts } from './ledger-acts.ts';
import { useBytes } from './ledger-budgets.ts';
import { endCopy } from './ledger-copy-ends.ts';
import { closeExchange, keyOf, movedBy, openExchange, permit } from './ledger-exchanges.ts';
import { commitGroup, keepGroup, type LogState, nextIndex, writeLeaf } from './ledger-log.ts';
import { kindNumbers } from './ledger-schema.ts';
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

/** Runs the calls of a batch in order. What is a call's own fault is its answer; anything else condemns the batch. */
export function runCalls(acts: Acts, wire: string): WireAnswers {
  if (wire === '') return noAnswers;
  const answers = { numbers: [] as number[], heads: [] as LogState[], faults: [] as Fault[] };
  for (const call of decodeCalls(wire)) {
    try {
      const log = acts.heads.touch(call.client, acts.now);
      const index = call.what === 'intent' ? writeIntent(acts, log, call) : writeResult(acts, log, call);
      answers.numbers.push(index === undefined ? movedMark : placeIn(answers.heads, log), index ?? log.epoch);
    } catch (cause) {
      answers.numbers.push(faultMark, answers.faults.length);
      answers.faults.push(callersFault(cause));
    }
  }
  return {
    numbers: answers.numbers,
    heads: answers.heads.map((log) => ({ origin: log.shard.origin, at: log.at })),
    faults: answers.faults.map(({ code, message }) => ({ code, detail: message })),
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
    writeLeaf(acts.pen, log, kindNumbers[call.t], hold.seq, leaf);
  } else {
    const { commitment, line } = commitGroup(index, 'target', call.target);
    const leaf = fillFrame(call.framed, targetedSlots, [at, boot, `"${commitment}"`, n, node]);
    writeLeaf(acts.pen, log, kindNumbers[call.t], hold.seq, leaf);
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
  const index = writeLeaf(acts.pen, log, kindNumbers['access.result'], session, leaf);
  if (budgeted !== undefined)
    useBytes(acts, log, budgeted, id, movedBy(JSON.parse(leaf) as LeafFields), true);
  if (copy === true) endCopy(acts, log, id, JSON.parse(leaf) as LeafFields);
  return index;
}
