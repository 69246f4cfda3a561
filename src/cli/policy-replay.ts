/**
 * `consentry policy replay FROM TO`: which accesses in the log of this machine the policy of a folder would have refused.
 * Reads the log, never writes to it, not even that it was read: nobody but the provider sees what it prints.
 */
import type { Grant, Opening, Operation, Snapshot } from '../core/model.ts';
import { type RecordedAccess, replay } from '../core/policy/replay.ts';
import type { Line } from '../core/ports.ts';
import { reasonAnswers } from '../core/reasons.ts';
import type { LedgerArchive } from '../stores/archive.ts';
import type { Terminal } from './terminal.ts';

export interface Span {
  /** Epoch milliseconds; `until` is no longer inside. */
  readonly from: number;
  readonly until: number;
}

const page = 500;

/** Prints a line for each access that would have been refused. 0: there is none. 1: there are some. */
export async function printReplay(
  snapshot: Snapshot,
  archive: LedgerArchive,
  span: Span,
  terminal: Terminal,
): Promise<number> {
  let asked = 0;
  let refused = 0;
  for (const client of [...(await archive.epochs()).keys()].sort()) {
    const grants = new Map((await archive.grants(client)).map((grant) => [grant.id, grant]));
    const openings = new Map<string, Opening | undefined>();
    for await (const line of accessesIn(archive, client, span)) {
      const session = String(line.leaf.session);
      if (!openings.has(session)) openings.set(session, await archive.opening(session));
      const access = accessOf(line, openings.get(session), grants);
      if (access === undefined) continue;
      asked += 1;
      const outcome = replay(snapshot, access);
      if (outcome === 'allow') continue;
      refused += 1;
      terminal.print(
        `${String(line.leaf.at)} ${client}/${access.system} ${access.opening.person} ${access.opening.purpose} ${access.method} ${access.template} ${outcome} – ${reasonAnswers[outcome].title.en}`,
      );
    }
  }
  terminal.print(`${asked} recorded accesses, of which this policy would have refused ${refused}`);
  return refused === 0 ? 0 : 1;
}

/** The accesses of a client within the span, newest first. */
async function* accessesIn(archive: LedgerArchive, client: string, span: Span): AsyncGenerator<Line> {
  let before: { readonly at: number; readonly index: number } | undefined;
  for (;;) {
    const lines = await archive.lines({
      client,
      kinds: ['access.intent', 'access.static'],
      ...(before === undefined ? {} : { before }),
      limit: page,
      disclose: ['target'],
    });
    for (const line of lines) {
      const at = Date.parse(String(line.leaf.at));
      if (at < span.from) return;
      if (at < span.until) yield line;
    }
    const last = lines.at(-1);
    if (last === undefined || lines.length < page) return;
    before = { at: Date.parse(String(last.leaf.at)), index: last.index };
  }
}

/** Undefined when the opening of the line is not known any more: a person whose key was destroyed. */
function accessOf(
  { leaf, groups }: Line,
  opening: Opening | undefined,
  grants: ReadonlyMap<string, Grant>,
): RecordedAccess | undefined {
  if (opening === undefined) return undefined;
  const { target } = groups;
  return {
    opening,
    grant: grants.get(opening.grant),
    system: String(leaf.system),
    operation: String(leaf.operation) as Operation,
    method: String(leaf.method),
    template: typeof target === 'object' ? String(target.path ?? '/') : '/',
    socket: leaf.dest === 'socket',
    at: Date.parse(String(leaf.at)),
  };
}
