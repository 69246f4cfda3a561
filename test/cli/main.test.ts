import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const program = join(root, 'dist/main.js');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the built program as a person would, with nothing in the environment but what is given. */
function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const PATH = `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`;
  return new Promise((resolve) => {
    execFile(program, [...args], { env: { PATH, ...env }, timeout: 20_000 }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out, err });
    });
  });
}

describe('the built program', () => {
  test('is executable and begins with a shebang', async () => {
    await access(program, constants.X_OK);
    expect((await readFile(program, 'utf8')).split('\n')[0]).toBe(
      '#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 ' +
        'node --max-semi-space-size=3 --heap-growing-percent=30 --no-allocation-site-pretenuring --external-memory-accounted-in-global-limit',
    );
  });

  test('version tells its release and what it runs on', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    for (const word of ['version', '--version', '-v']) {
      const { code, out } = await run([word]);
      expect(out).toMatch(/^consentry \d+\.\d+\.\d+ \(node \d+\.\d+\.\d+, sqlite \d+\.\d+\.\d+\)\n$/);
      expect(out).toContain(`consentry ${manifest.version} `);
      expect(code).toBe(0);
    }
  });

  test('ends quietly, and not as if all were well, when nobody reads on', async () => {
    const child = spawn(join(root, 'node_modules/.bin/node'), [program, 'policy', 'schema', 'client']);
    const complaints: Buffer[] = [];
    child.stderr.on('data', (piece: Buffer) => complaints.push(piece));
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([141, null]);
    expect(Buffer.concat(complaints).toString()).toBe('');
  });

  test('help lists every command', async () => {
    const { code, out } = await run(['help']);
    for (const name of ['serve', 'demo', 'init', 'doctor', 'stop', 'keys', 'ledger', 'policy', 'version'])
      expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(code).toBe(0);
  });

  test('without or with an unknown command it exits 2', async () => {
    expect((await run([])).code).toBe(2);
    for (const name of ['sevre', '__proto__', 'constructor']) {
      const { code, out, err } = await run([name]);
      expect(code).toBe(2);
      expect(out).toBe('');
      expect(err).toContain('there is no such command');
    }
  });

  test('serve with wrong settings: all faults, exit 1, no value repeated', async () => {
    const { code, err } = await run(['serve'], {
      CONSENTRY_LISTEN: 'c4n4ry',
      CONSENTRY_LISTN: 'c4n4ry',
      CONSENTRY_REDIS_URL: 'c4n4ry',
    });
    expect(code).toBe(1);
    for (const name of [
      'CONSENTRY_LISTEN:',
      'CONSENTRY_LISTN:',
      'CONSENTRY_REDIS_URL:',
      'CONSENTRY_PORTAL_URL:',
    ])
      expect(err).toContain(name);
    expect(err).not.toContain('c4n4ry');
  });
});
