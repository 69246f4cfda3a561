/**
 * The order of the test files: those first that take longest, so that a run does not end with one of them on one core. After
 * them jest's own order: by what it remembers of the last run here, else by size. A file that is no longer there fails the run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sequencer from '@jest/test-sequencer';

// Its types describe what `require` gives; an import gives the class itself.
const TestSequencer = sequencer as unknown as typeof sequencer.default;
type Sort = InstanceType<typeof TestSequencer>['sort'];

/** By measured processor and waiting time, the longest first; each takes at least ten seconds on two cores. */
const long = [
  'browser/accessibility',
  'browser/behind-forms',
  'faults/crash',
  'portal/roles',
  'cli/serve',
  'portal/browser-pages',
  'browser/seats',
  'browser/together',
  'browser/keyboard',
  'browser/day',
  'browser/asking',
  'browser/mail-sign-in',
  'browser/no-script',
  'gateway/stop-causes',
  'gateway/reload',
  'gateway/normalising',
  'faults/left-behind',
].map((name) => join(import.meta.dirname, '..', `${name}.test.ts`));

export default class LongestFirst extends TestSequencer {
  override async sort(...[tests]: Parameters<Sort>): Promise<Awaited<ReturnType<Sort>>> {
    for (const path of long)
      if (!existsSync(path)) throw new Error(`${path} is gone: mend ${import.meta.filename}`);
    const rank = (path: string): number => (long.includes(path) ? long.indexOf(path) : long.length);
    const own = [...(await super.sort(tests))];
    return own.sort((one, other) => rank(one.path) - rank(other.path));
  }
}
