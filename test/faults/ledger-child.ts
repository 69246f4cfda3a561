/**
 * A process that writes to the ledger until it is killed. Says one line per receipt, once it has it, straight to the
 * file descriptor: what was said was durable before.
 */
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Grant, Opening } from '../../src/core/model.ts';
import { loadKeys } from '../../src/stores/keys.ts';
import { type Folder, intentDraft, openLedger, resultFields } from '../stores/ledger-world.ts';

const [dir = ''] = process.argv.slice(2);
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

const { ledger } = await openLedger(folder, undefined, { threads: true });
for (let lane = 0; lane < 8; lane += 1) void write();

async function write(): Promise<void> {
  for (let i = 0; ; i += 1) {
    const recorded = await ledger.intent(draft(), acme.epoch);
    if (!('receipt' in recorded)) throw new Error('moved');
    say(recorded.receipt.index);
    if (i % 3 !== 0) ledger.result(recorded, `${recorded.id}-r`, resultFields);
  }
}
