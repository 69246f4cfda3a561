/**
 * The lease on which a process runs accesses: what it has not looked up or cannot write down for a while, it must not let
 * go on.
 */
import type { Archive, Clock, Cutters, Ledger } from '../core/ports.ts';
import type { Log } from '../log.ts';
import type { StopNotes } from './stop-notes.ts';

export interface AuthorityDeps {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly cutters: Cutters;
  readonly notes: StopNotes;
  readonly clock: Clock;
  readonly log: Log;
  readonly timing: {
    readonly epochInterval: number;
    readonly epochLease: number;
    readonly ledgerOutage: number;
  };
}

/** Whether epochs were read within the lease, however the time since was spent. Synchronous; asked for every piece that passes. */
export function inTouch({ timing, clock }: AuthorityDeps, epochsReadAt: number): boolean {
  return clock.monotonic() - epochsReadAt <= timing.epochLease;
}

/** A process that has not read epochs for a while, or cannot write the log, ends what it runs. */
export function endWhatIsBlind(deps: AuthorityDeps, epochsReadAt: number): void {
  const { timing, ledger, cutters, log } = deps;
  const blind = !inTouch(deps, epochsReadAt);
  const mute = ledger.failingFor() > timing.ledgerOutage;
  if (!blind && !mute) return;
  const cut = cutters.cut({}, blind ? 'terminated:lease' : 'terminated:ledger_unavailable');
  if (cut > 0)
    log.error('running exchanges ended', {
      cause: blind ? 'epochs_not_read' : 'ledger_unavailable',
      exchanges: cut,
    });
}
