/**
 * Runs of the program on this database: each has a row, seen from time to time. What a dead run left open is closed by
 * whoever notices; an orderly end says so in every log it wrote to.
 */
import type { Acts } from './ledger-acts.ts';
import { closeAbandoned } from './ledger-exchanges.ts';
import { newId, writeEntry } from './ledger-log.ts';
import { int, optionalInt, text } from './rows.ts';

/** How this process is told apart from others on the same database. */
export interface Process {
  readonly host: string;
  readonly pid: number;
  /** Whether a process of this host is still there. */
  alive(pid: number): boolean;
}

/** A run unseen for this long is taken for dead, wherever it ran, in milliseconds. */
const unseenFor = 30_000;
/** It may only have been frozen, and go on: its row stays for so long, so that what it opens then is closed, too. */
const maybeFrozenFor = 30 * 24 * 3_600_000;

/** Closes the exchanges of runs that are gone, and forgets the runs that surely do not come back. */
export function sweep(acts: Acts, process: Process): void {
  for (const row of acts.pen.sql.otherBoots.all(acts.bootRow)) {
    const ended = optionalInt(row, 'ended_at') !== undefined;
    const dead = text(row, 'host') === process.host && !process.alive(int(row, 'pid'));
    const unseen = acts.now - int(row, 'seen_at');
    if (!ended && !dead && unseen < unseenFor) continue;
    const open = closeAbandoned(acts, int(row, 'id'));
    if (open === 0 && (ended || dead || unseen > maybeFrozenFor)) acts.pen.sql.forgetBoot.run(int(row, 'id'));
  }
}

/** `node.stopped` in the logs of this run, and its row ended. */
export function sayGoodbye(acts: Acts, visited: ReadonlySet<number>): void {
  for (const shard of visited) {
    const place = acts.pen.sql.clientOfShard.get(shard);
    if (place === undefined) continue;
    const log = acts.heads.touchIfSound(text(place, 'client'), acts.now);
    if (log === undefined || log.shard.id !== shard || !log.started) continue;
    writeEntry(acts.pen, log, { t: 'node.stopped', id: newId(), fields: { last: log.n } });
    log.started = false;
  }
  acts.pen.sql.bootEnded.run(acts.now, acts.bootRow);
}
