/** The backup robot of the documentation, as it stands, against the demo's identity provider and backup server. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWorld, type World } from '../../src/demo/world.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';

const exec = promisify(execFile);
let world: World;
let gateway: TestGateway;
let folder: string;

/** The runner's own copies are of another realm, in which the provider takes no object for a plain one. */
const cloned = globalThis.structuredClone;

beforeAll(async () => {
  globalThis.structuredClone = <T>(value: T): T =>
    value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);
  const port = await freePort();
  world = await startWorld(`http://portal.localhost:${port}`);
  const issuer = world.identityProvider.issuer;
  gateway = await startTestGateway({ port, issuer, backup: world.backup.origin });
  folder = await mkdtemp(join(tmpdir(), 'consentry-robot-'));
  await writeFile(join(folder, 'robot.pem'), world.robotKey, { mode: 0o600 });
});

afterAll(async () => {
  globalThis.structuredClone = cloned;
  await gateway?.close();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

const robot = (more: Readonly<Record<string, string>> = {}) =>
  exec('sh', ['deploy/backup-robot.sh'], {
    env: {
      ...{ PATH: process.env.PATH ?? '', PORTAL: gateway.config.portalUrl.origin },
      ...{ ISSUER: world.identityProvider.issuer, KEY: join(folder, 'robot.pem') },
      ...{ OUT: join(folder, 'backup.tar.gz'), ...more },
    },
  });

test('takes a backup, and the log tells all of it', async () => {
  const { stdout } = await robot();
  expect(stdout).toContain('"closed":true');
  const { size } = await stat(join(folder, 'backup.tar.gz'));
  expect(size).toBeGreaterThan(50_000_000);
  expect(await gateway.lastOutcome()).toBe('complete');
  const lines = await gateway.lines();
  const of = (kind: string) => lines.find(({ leaf }) => leaf.t === kind);
  expect(of('session.opened')?.leaf).toMatchObject({ robot: 'nightly-backup', purpose: 'backup' });
  expect(of('access.result')?.leaf).toMatchObject({ down: size, outcome: 'complete' });
  expect(of('session.closed')?.leaf).toMatchObject({ cause: 'robot', result: 'done' });
  expect(of('session.closed')?.groups.work).toEqual({ said: `${size} bytes` });
});

test('says that it failed where nothing came, and gets nowhere where it is not let in', async () => {
  await expect(robot({ PATH_OF_BACKUP: '/backups/none/archive' })).rejects.toMatchObject({ code: 1 });
  const [closed] = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'session.closed');
  expect(closed?.leaf).toMatchObject({ cause: 'robot', result: 'failed' });
  await expect(robot({ SYSTEM: 'acme/erp' })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not_assigned'),
  });
});
