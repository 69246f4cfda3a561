/** Acme's log with a seat, an agreement and an opening, on a clock that stands: what most tests of the ledger begin with. */
import type { LeafFields } from '../../src/core/entries.ts';
import type { Ledger, Recorded } from '../../src/core/ports.ts';
import {
  endSound,
  type Folder,
  intentDraft,
  makeFolder,
  openLedger,
  settle,
  standingClock,
  type World,
} from './ledger-world.ts';

type Settlement = Awaited<ReturnType<typeof settle>>;

export interface SettledWorld extends Readonly<Settlement> {
  readonly folder: Folder;
  readonly clock: ReturnType<typeof standingClock>;
  /** Another one where a test opens the log again. */
  world: World;
  readonly run: Ledger['run'];
  epochNow(): Promise<number>;
  /** An intent in this opening, or its first, recorded under the epoch of now. */
  begin(opening?: Settlement['opening'], changes?: LeafFields): Promise<Recorded>;
  /** Closes it, after every check of what the test left behind. */
  end(): Promise<void>;
}

export async function settledWorld(): Promise<SettledWorld> {
  const folder = makeFolder();
  const clock = standingClock();
  const world = await openLedger(folder, clock);
  const settled = await settle(folder, (command) => world.ledger.run(command), clock.now());
  const acme: SettledWorld = {
    ...{ folder, clock, world, ...settled },
    run: (command) => acme.world.ledger.run(command),
    epochNow: async () => (await acme.world.archive.epochs()).get('acme') ?? 0,
    async begin(opening = settled.opening, changes = {}) {
      const epoch = await acme.epochNow();
      const draft = intentDraft(opening, epoch);
      const fields = { ...draft.fields, ...changes };
      const recorded = await acme.world.ledger.intent({ ...draft, fields }, epoch);
      if (!('receipt' in recorded)) throw new Error(`moved to ${recorded.moved}`);
      return recorded;
    },
    end: () => endSound(acme.world, folder),
  };
  return acme;
}
