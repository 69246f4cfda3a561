/**
 * A process that writes to the ledger until it is killed. Says one line per receipt, once it has it, straight to the
 * file descriptor: what was said was durable before. `weak` lowers SQLite's durability, to show that tests notice.
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Grant, Opening } from '../../src/core/model.ts';
import { loadKeys } from '../../src/stores/keys.ts';
import { openForWriting } from '../../src/stores/ledger-schema.ts';
import {
  batchRunner,
  type Folder,
  intentDraft,
  openBatcher,
  openLedger,
  resultFields,
} from '../stores/ledger-world.ts';

const [dir = '', how = 'strong', times = '1000000', lanes = '8'] = process.argv.slice(2);
const keysDir = join(dir, 'keys');
const folder: Folder = {
  dir,
  file: join(dir, 'ledger.db'),
  keysDir,
  guardDir: join(dir, 'guard'),
  keys: loadKeys(keysDir),
  remove: () => undefined,
};
const acme = JSON.parse(readFileSync(join(dir, 'acme.json'), 'utf8')) as {
  opening: Opening;
  grant: Grant;
  epoch: number;
};
const draft = () => intentDraft(acme.opening, acme.epoch);
/** In one call, before anything else happens; once more for as long as whoever reads is behind. */
function say(index: number): void {
  for (;;) {
    try {
      writeSync(1, `receipt ${index}\n`);
      return;
    } catch (cause) {
      if (!(Error.isError(cause) && 'code' in cause && cause.code === 'EAGAIN')) throw cause;
    }
  }
}

if (how === 'strong') {
  const { ledger, close } = await openLedger(folder, undefined, { threads: true });
  const lane = async (): Promise<void> => {
    for (let i = 0; i < Number(times); i += 1) {
      const recorded = await ledger.intent(draft(), acme.epoch);
      if (!('receipt' in recorded)) throw new Error('moved');
      say(recorded.receipt.index);
      if (i % 3 !== 0) ledger.result(recorded, `${recorded.id}-r`, resultFields);
    }
  };
  await Promise.all(Array.from({ length: Number(lanes) }, lane));
  await close();
} else {
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  const batcher = openBatcher(folder, {
    open() {
      const db = openForWriting(folder.file);
      db.exec('PRAGMA synchronous = NORMAL');
      return db;
    },
  });
  const run = batchRunner(batcher, clock);
  for (let i = 0; i < Number(times); i += 1) {
    const { receipt } = (await run({ do: 'intent', epoch: acme.epoch, draft: draft() })) as {
      receipt: { index: number };
    };
    say(receipt.index);
  }
  batcher.close(clock.now(), clock.monotonic());
}
