/**
 * kill -9 under load, 20 rounds: every answer of which a client saw a byte has its intent in the log, every copy its place in the
 * register, the log checks
 * out from start to end with its story, and what was open at the kill is closed as `unknown-after-crash`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ledgerCommand } from '../../src/cli/ledger.ts';
import { createArchive } from '../../src/stores/archive.ts';
import { freePort } from '../support/gateway.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

const rounds = 20;
let upstream: HttpUpstream;
let port: number;
let folder = '-';
let child: ChildProcess | undefined;
/** Ids of intents whose answers a client saw; of each one more, `noticed` tells. */
const seen = new Set<string>();
const noticed = new EventEmitter();
/** Those of them that are copies. */
const copied = new Set<string>();

beforeAll(async () => {
  upstream = await httpUpstream((req, res) => {
    req.resume();
    res.writeHead(200, { 'content-type': 'text/plain' });
    // The id first, the rest later: an answer may be cut in the middle.
    res.write(`${String(req.headers['consentry-request'])}\n`);
    setImmediate(() => res.end('x'.repeat(2000)));
  });
  port = await freePort();
});

afterAll(async () => {
  child?.kill('SIGKILL');
  await upstream?.close();
  if (folder !== '-') await rm(folder, { recursive: true, force: true });
});

interface Ready {
  readonly folder: string;
  readonly host: string;
  readonly cookie: string;
}

async function start(): Promise<Ready> {
  child = spawn(
    'node_modules/.bin/node',
    ['test/support/gateway-process.ts', folder, String(port), upstream.origin, 'backup'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, CONSENTRY_TEST_BUILT: '1', NODE_OPTIONS: '' },
    },
  );
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('{')) return JSON.parse(line) as Ready;
  }
  throw new Error('the gateway ended before it was ready');
}

/** Sends requests until the connection breaks. */
async function load(ready: Ready, agent: Agent, path: string): Promise<void> {
  for (;;) {
    const ended = await new Promise<boolean>((resolve) => {
      const req = request(
        {
          agent,
          port,
          path,
          setHost: false,
          headers: { host: ready.host, cookie: ready.cookie, 'sec-fetch-site': 'same-origin' },
        },
        (res) => {
          let text = '';
          const note = (): void => {
            const id = text.split('\n', 1)[0] ?? '';
            if (res.statusCode !== 200 || !text.includes('\n')) return;
            if (seen.has(id)) return;
            seen.add(id);
            noticed.emit('one');
            if (path.startsWith('/export/')) copied.add(id);
          };
          res.on('data', (chunk: Buffer) => {
            text += chunk.toString();
            note();
          });
          res.on('end', () => resolve(false));
          res.on('close', () => resolve(!res.complete));
        },
      );
      req.on('error', () => resolve(true));
      req.end();
    });
    if (ended) return;
  }
}

test('20 rounds of kill -9 lose nothing that a client saw', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const ready = await start();
    folder = ready.folder;
    const before = seen.size;
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const loads = Array.from({ length: 8 }, (_, lane) =>
      load(ready, agent, lane % 2 === 0 ? '/customers/1' : '/export/full.bin'),
    );
    const enough = 20 + round * 7;
    while (seen.size < before + enough) await once(noticed, 'one');
    const gone = child === undefined ? Promise.resolve() : once(child, 'exit');
    child?.kill('SIGKILL');
    await gone;
    await Promise.all(loads);
    agent.destroy();
  }
  await start();
  const archive = await createArchive({
    file: join(folder, 'data', 'ledger.db'),
    keysDir: join(folder, 'keys'),
  });
  const intents = new Set<string>();
  const outcomes = new Map<string, number>();
  const results = new Map<string, number>();
  const registered = new Map<string, number>();
  let before: { at: number; index: number } | undefined;
  for (;;) {
    const lines = await archive.lines({
      client: 'acme',
      limit: 2000,
      disclose: [],
      ...(before === undefined ? {} : { before }),
    });
    for (const { leaf } of lines) {
      if (leaf.t === 'access.intent') intents.add(String(leaf.id));
      if (leaf.t === 'copy.registered')
        registered.set(String(leaf.request), (registered.get(String(leaf.request)) ?? 0) + 1);
      if (leaf.t !== 'access.result') continue;
      results.set(String(leaf.request), (results.get(String(leaf.request)) ?? 0) + 1);
      outcomes.set(String(leaf.outcome), (outcomes.get(String(leaf.outcome)) ?? 0) + 1);
    }
    const last = lines.at(-1);
    if (last === undefined) break;
    before = { at: Date.parse(String(last.leaf.at)), index: last.index };
  }
  expect([...seen].filter((id) => !intents.has(id))).toEqual([]);
  expect([...intents].filter((id) => results.get(id) !== 1)).toEqual([]);
  expect(copied.size).toBeGreaterThan(0);
  expect([...copied].filter((id) => registered.get(id) !== 1)).toEqual([]);
  expect([...registered].filter(([, times]) => times !== 1)).toEqual([]);
  expect(outcomes.get('unknown-after-crash')).toBeGreaterThan(0);
  expect(await archive.fsck()).toEqual([]);
  const head = await archive.head('acme');
  const parts: Uint8Array[] = [];
  for await (const part of archive.export('acme')) parts.push(part);
  await archive.close();
  await mkdir(join(folder, 'out'), { recursive: true });
  const file = join(folder, 'out', 'acme.zip');
  await writeFile(file, Buffer.concat(parts));
  const said: string[] = [];
  const terminal = {
    print: (line: string) => said.push(line),
    complain: (line: string) => said.push(line),
    events: process,
    exit: () => undefined,
  };
  const code = await ledgerCommand(['verify', file, '--key', head?.verifierKey ?? ''], {}, terminal);
  expect({ code, said: code === 0 ? '' : said.join('\n') }).toEqual({ code: 0, said: '' });
}, 180_000);
