/**
 * A gateway that is frozen as a whole (SIGSTOP) for longer than its lease, while another process stops the client: what
 * came meanwhile waits in its sockets. When it goes on not a byte of it passes, either way, and every stream dies.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { stopCommand } from '../../src/cli/stop.ts';
import { limits } from '../../src/gateway/limits.ts';
import { freePort, type OpenedAccess } from '../support/gateway.ts';
import { stopwatch } from '../support/stopwatch.ts';
import {
  firstWords,
  type StreamUpstream,
  startStream,
  streamKinds,
  streamUpstream,
} from '../support/streams.ts';

let upstream: StreamUpstream;
let child: ChildProcess | undefined;
let port: number;
let ready: OpenedAccess & { readonly folder: string };

beforeEach(async () => {
  upstream = await streamUpstream();
  port = await freePort();
  const args = ['test/support/gateway-process.ts', '-', String(port), upstream.origin, 'restore'];
  child = spawn('node_modules/.bin/node', args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, CONSENTRY_TEST_BUILT: '1', NODE_OPTIONS: '' },
  });
  for await (const line of createInterface(child.stdout ?? process.stdin))
    if (line.startsWith('{')) {
      ready = JSON.parse(line);
      break;
    }
});

afterEach(async () => {
  const gone = child === undefined ? Promise.resolve() : once(child, 'exit');
  child?.kill('SIGKILL');
  await gone;
  await upstream?.close();
  if (ready !== undefined) await rm(ready.folder, { recursive: true, force: true });
});

function stopElsewhere(said: string[]): Promise<number> {
  const env = {
    CONSENTRY_PORTAL_URL: 'https://access.example.com',
    CONSENTRY_DATA: join(ready.folder, 'data'),
    CONSENTRY_KEYS: join(ready.folder, 'keys'),
    CONSENTRY_GUARD: join(ready.folder, 'guard'),
  };
  const say = (line: string): void => void said.push(line);
  return stopCommand(['--client', 'acme'], env, {
    print: say,
    complain: say,
    events: new EventEmitter(),
    exit: () => undefined,
  });
}

test('a process frozen for longer than its lease lets nothing pass of what was stopped meanwhile', async () => {
  const streams = await Promise.all(streamKinds.map((kind) => startStream(kind, port, ready, upstream)));
  const held = await Promise.all(streams.map(({ name }) => upstream.held(name)));
  child?.kill('SIGSTOP');
  const frozenAt = performance.now();
  const said: string[] = [];
  // It suspends at once, waits for a gateway to end what runs, and says that none did.
  expect(await stopElsewhere(said)).toBe(1);
  expect(said.filter((line) => line.startsWith('suspended  '))).toHaveLength(2);
  expect(said.at(-1)).toContain('nothing new passes');
  expect(performance.now() - frozenAt).toBeGreaterThan(limits.epochLease);
  for (const [i, { kind, connection }] of streams.entries())
    if (kind === 'upload') connection.socket.write('too late');
    else held[i]?.say('too late');
  const took = stopwatch();
  child?.kill('SIGCONT');
  await Promise.all(streams.map(({ over }) => over));
  expect(took().ran).toBeLessThan(1_000);
  for (const [i, { kind, body }] of streams.entries())
    expect([kind, kind === 'upload' ? held[i]?.received() : body()]).toEqual([kind, firstWords]);
  // And it has learned of the stop: what the command could not see then, it sees now.
  const again: string[] = [];
  expect(await stopElsewhere(again)).toBe(0);
});
