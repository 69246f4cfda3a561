/** What is in force, in memory, while readings and acts cross on their way. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Archive, Cutters } from '../../src/core/ports.ts';
import type { Log } from '../../src/log.ts';
import { LiveAuthority } from '../../src/stores/authority.ts';
import { createStopNotes } from '../../src/stores/stop-notes.ts';
import { grantCommand, makeFolder, openLedger, settle, standingClock } from './ledger-world.ts';

const nothing = (): undefined => undefined;
const log: Log = { error: nothing, warn: nothing, info: nothing, debug: nothing };
const cutters: Cutters = {
  cut: () => 0,
  running: () => [],
  counts: () => ({ exchanges: 0, statics: 0, refused: 0, up: 0, down: 0 }),
  forget: nothing,
};

test('an agreement given while the first reading is on its way is in force when the reading is done', async () => {
  const folder = makeFolder();
  const clock = standingClock();
  const world = await openLedger(folder, clock);
  try {
    const acme = await settle(folder, (command) => world.ledger.run(command), clock.now());
    let found = nothing as () => void;
    const reading = new Promise<void>((resolve) => {
      found = resolve;
    });
    let letGo = nothing as () => void;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const archive: Archive = {
      ...world.archive,
      async inForce(client) {
        const state = await world.archive.inForce(client);
        found();
        await held;
        return state;
      },
    };
    const authority = new LiveAuthority({
      ...{ ledger: world.ledger, archive, cutters, clock, log },
      notes: createStopNotes(join(folder.guardDir, 'stops'), folder.keys.master, log),
      timing: { epochInterval: 60_000, epochLease: 60_000, ledgerOutage: 60_000 },
    });
    const first = authority.client('acme');
    await reading;
    const command = grantCommand(folder, acme.seat, clock.now());
    await authority.run(command);
    letGo();
    expect((await first).grants.get(command.grant.id)?.status).toBe('active');
    expect((await authority.client('acme')).grants.get(command.grant.id)?.status).toBe('active');
  } finally {
    await world.close();
    folder.remove();
  }
});
