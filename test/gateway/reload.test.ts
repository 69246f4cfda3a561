/**
 * A policy that changes while the gateway runs: what changed is in the client's log before it takes effect, what no
 * longer qualifies is cut within a second and nothing else, and whatever is wrong leaves the policy as it is.
 */
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { createErp } from '../../src/demo/erp.ts';
import { freePort, type OpenedAccess, startTestGateway } from '../support/gateway.ts';
import { type Edit, type LiveGateway, startLiveGateway } from '../support/live-gateway.ts';
import { open, raw } from '../support/raw.ts';
import { stopwatch } from '../support/stopwatch.ts';

let erp: Awaited<ReturnType<typeof createErp>>;
let live: LiveGateway;
let ops: number;

const like = (name: string) => (alice: string) => alice + alice.replace(/alice/g, name);
const alices = /  alice:\n[\s\S]*?\n\n/;

async function begin(): Promise<void> {
  ops = await freePort();
  const staff = await readFile(new URL('../../policies/staff.yaml', import.meta.url), 'utf8');
  const alice = alices.exec(staff)?.[0] ?? '';
  // Celia works beside Alice here, and is like her in everything.
  live = await startLiveGateway({ erp: erp.origin, opsPort: ops }, [
    ['staff.yaml', alices, like('celia')(alice)],
  ]);
}

beforeAll(async () => {
  erp = await createErp();
});

afterAll(async () => {
  await erp?.close();
});

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${ops}/metrics`)).text();
  return Number(new RegExp(`^consentry_${name} (\\d+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Resolves once the gateway has noticed by itself that the folder has faults. */
const noticed = (): Promise<void> => until(async () => (await metric('policy_faults')) > 0);
const inOrder = (): Promise<void> => until(async () => (await metric('policy_faults')) === 0);

/** The line of an access that ended: recorded after the cut, not before it. */
async function ending({ opening }: OpenedAccess) {
  const closed = async () =>
    (await live.gateway.lines()).find(({ leaf }) => leaf.t === 'session.closed' && leaf.session === opening);
  await until(async () => (await closed()) !== undefined);
  return (await closed())?.leaf;
}

/** Takes one person out of the staff file. */
function without(person: string): Edit {
  return ['staff.yaml', new RegExp(`\\n  ${person}:\\n[\\s\\S]*?(?=\\n\\n)`), ''];
}

function socket(access: OpenedAccess): WebSocket {
  const headers = { host: access.host, cookie: access.cookie, origin: `http://${access.host}` };
  return new WebSocket(`ws://127.0.0.1:${live.gateway.port}/ws`, { headers });
}

function get(access: OpenedAccess, path = '/'): ReturnType<typeof raw> {
  return raw(
    live.gateway.port,
    `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`,
  );
}

describe('with a gateway of its own', () => {
  beforeEach(begin);
  afterEach(() => live.close());

  test('a client that is taken out of service: what is open there is cut', async () => {
    const alice = await live.gateway.open({ person: 'alice' });
    const hers = socket(alice);
    hers.on('error', () => undefined);
    await once(hers, 'open');
    const closed = once(hers, 'close');
    const took = stopwatch();
    await live.edit(['clients/acme.yaml', 'name: ', 'status: ended\nname: ']);
    await closed;
    expect(took().ran).toBeLessThan(1_500);
    expect((await get(alice)).status).not.toBe(200);
    expect(await ending(alice)).toMatchObject({ cause: 'policy' });
  });

  test('a gateway that was stopped meanwhile tells the same words', async () => {
    await live.gateway.close(true);
    await live.edit(['clients/acme.yaml', 'reference: C-2024-017', 'reference: C-2026-001']);
    const again = await startTestGateway({
      erp: erp.origin,
      policies: live.policies,
      folder: live.gateway.folder,
    });
    const lines = await again.app.archive.lines({
      client: 'acme',
      kinds: ['policy.activated'],
      limit: 1,
      disclose: ['change'],
    });
    await again.close(true);
    expect(lines[0]?.groups.change).toMatchObject({ en: expect.stringContaining('now C-2026-001') });
  });
});

describe('one after the other', () => {
  beforeAll(begin);
  afterEach(() => live.restore());
  afterAll(() => live.close());

  test('one person is removed: their WebSocket dies within a second and nobody else’s', async () => {
    const alice = await live.gateway.open({ person: 'alice' });
    const celia = await live.gateway.open({ person: 'celia' });
    const [hers, other] = [socket(alice), socket(celia)];
    await Promise.all([once(hers, 'open'), once(other, 'open')]);
    const closed = once(other, 'close');
    other.on('error', () => undefined);
    const took = stopwatch();
    await live.edit(without('celia'));
    await closed;
    expect(took().ran).toBeLessThan(1_000);
    const echoed = new Promise<void>((resolve) => {
      hers.on('message', (data) => {
        if (String(data).includes('still here')) resolve();
      });
    });
    hers.send('still here');
    await echoed;
    expect(hers.readyState).toBe(WebSocket.OPEN);
    expect((await get(alice)).status).toBe(200);
    expect((await get(celia)).status).toBe(401);
    expect(await ending(celia)).toMatchObject({ cause: 'policy' });
    hers.close();
  });

  test('what is running and could not begin now is cut, and what could goes on', async () => {
    const access = await live.gateway.open({ purpose: 'support' });
    const rest = `Host: ${access.host}\r\nOrigin: http://${access.host}\r\nSec-Fetch-Site: same-origin\r\n`;
    const upload = open(
      live.gateway.port,
      `POST /upload HTTP/1.1\r\n${rest}Cookie: ${access.cookie}\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000000\r\n\r\nabc`,
    );
    const copying = await live.gateway.open({ purpose: 'backup' });
    const download = open(
      live.gateway.port,
      `GET /export/full.bin?mb=200 HTTP/1.1\r\n${rest}Cookie: ${copying.cookie}\r\n\r\n`,
    );
    await download.until('\r\n\r\n');
    download.socket.pause();
    await until(async () => live.gateway.app.running('acme').length === 2);
    // Support only reads from now on.
    await live.edit(['purposes.yaml', /(support:[\s\S]*?operations: )\[read, write\]/, '$1[read]']);
    await upload.closed;
    expect((await get(access)).status).toBe(200);
    const running = live.gateway.app.running('acme').map(({ opening }) => opening);
    expect(running).toEqual([copying.opening]);
    expect((await live.gateway.app.authority.client('acme')).openings.has(access.opening)).toBe(true);
    download.socket.destroy();
  });

  test('what was on its way when the rules changed is not decided by the old ones', async () => {
    const access = await live.gateway.open({ purpose: 'support' });
    const body = '{"method":"customer.delete"}';
    const call = (more = ''): string =>
      `POST /api/rpc HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n` +
      `Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${more}\r\n`;
    const asked = open(live.gateway.port, call('Expect: 100-continue\r\n'));
    await asked.until('100 Continue');
    // Its body is awaited. Support only reads from now on.
    await live.edit(['purposes.yaml', /(support:[\s\S]*?operations: )\[read, write\]/, '$1[read]']);
    await live.gateway.app.reloadPolicies();
    asked.socket.write(body);
    expect(await asked.until('policy_changed')).toMatch(/\r\n\r\nHTTP\/1\.1 503 /);
    asked.socket.destroy();
    const again = await raw(live.gateway.port, call().concat(body));
    expect([again.status, again.body]).toEqual([403, expect.stringContaining('write_not_granted')]);
    const lines = (await live.gateway.lines()).filter(
      ({ leaf }) => leaf.t === 'access.intent' && leaf.session === access.opening,
    );
    expect(lines).toEqual([]);
    expect((await get(access)).status).toBe(200);
  });

  test('the log tells it first, once, and only to whom it concerns', async () => {
    const [acme, martin] = [(await live.activations()).length, (await live.activations('martin')).length];
    await live.edit(['clients/acme.yaml', 'reference: C-2024-017', 'reference: C-2026-001']);
    await live.activated(acme);
    const [line, ...before] = await live.activations();
    expect(before).toHaveLength(acme);
    expect(line?.groups.change).toEqual({
      en: 'Changed – the contract (reference): now C-2026-001, before C-2024-017',
      fr: 'Modification – le contrat (reference) : désormais C-2026-001, auparavant C-2024-017',
    });
    expect(line?.leaf).toMatchObject({ summary: 'changed: contract (1)' });
    expect(await live.activations('martin')).toHaveLength(martin);
    const text = await live.gateway.app.archive.rulesText('acme', String(line?.leaf.policy));
    expect(text).toContain('C-2026-001');
  });

  test('the operator’s numbers tell of mail too', async () => {
    expect(await metric('mail_waiting')).toBe(0);
    expect(await metric('mail_oldest_seconds')).toBe(0);
    expect(await metric('mail_failed')).toBe(0);
    expect(await metric('policy_single_approvers')).toBe(0);
  });

  describe('what is wrong leaves the policy in force, and mending it is noticed', () => {
    const alice = ['clients/acme.yaml', 'reference: C-2024-017', 'reference: C-2026-001'] as const;

    let failures: number;
    beforeEach(async () => {
      failures = await metric('policy_reload_failures');
    });

    async function stillServes(count: number): Promise<void> {
      expect((await get(await live.gateway.open())).status).toBe(200);
      expect(await live.activations()).toHaveLength(count);
      expect((await fetch(`http://127.0.0.1:${ops}/readyz`)).status).toBe(200);
      expect(await metric('policy_reload_failures')).toBeGreaterThan(failures);
    }

    test('a file that is half written', async () => {
      const count = (await live.activations()).length;
      const path = join(live.policies, 'clients/acme.yaml');
      const whole = await readFile(path, 'utf8');
      await writeFile(path, whole.slice(0, whole.indexOf('assignments:')));
      await noticed();
      await stillServes(count);
      await writeFile(path, whole.replace('C-2024-017', 'C-2026-001'));
      await live.activated(count);
      await inOrder();
    });

    test('a file that is gone, or a folder that is', async () => {
      const count = (await live.activations()).length;
      await rename(join(live.policies, 'purposes.yaml'), join(live.home, 'purposes.yaml'));
      await noticed();
      await stillServes(count);
      await rename(join(live.home, 'purposes.yaml'), join(live.policies, 'purposes.yaml'));
      await inOrder();
      await rename(live.policies, join(live.home, 'away'));
      await noticed();
      await stillServes(count);
      await rename(join(live.home, 'away'), live.policies);
      await inOrder();
      expect(await live.activations()).toHaveLength(count);
    });

    test('a link in the place of a file', async () => {
      const count = (await live.activations()).length;
      const path = join(live.policies, 'staff.yaml');
      await rename(path, join(live.home, 'staff.yaml'));
      await symlink(join(live.home, 'staff.yaml'), path);
      await noticed();
      await stillServes(count);
    });

    test('a file that may not be read', async () => {
      const count = (await live.activations()).length;
      const path = join(live.policies, 'staff.yaml');
      // Nothing is forbidden to the superuser: a folder in the file's place cannot be read by anybody.
      if (process.getuid?.() === 0) {
        await rename(path, join(live.home, 'staff.yaml'));
        await mkdir(path);
      } else await chmod(path, 0);
      await noticed();
      await stillServes(count);
    });

    test('a case of its own that does not come out', async () => {
      const count = (await live.activations()).length;
      await mkdir(join(live.policies, 'cases'));
      const one =
        '{ name: x, person: alice, client: acme, system: erp, purpose: support, at: 2026-03-02T10:00:00Z, expect: not_assigned }';
      await live.edit(['cases/own.yaml', `cases:\n  - ${one}\n`]);
      await noticed();
      await stillServes(count);
      await rm(join(live.policies, 'cases'), { recursive: true });
      await inOrder();
    });

    test('two writes at once end in the second', async () => {
      const count = (await live.activations()).length;
      await live.edit(alice);
      await live.edit(['clients/acme.yaml', 'reference: C-2026-001', 'reference: C-2026-002']);
      await until(async () => {
        const [line] = await live.activations();
        return JSON.stringify(line?.groups).includes('now C-2026-002');
      });
      expect((await live.activations()).length - count).toBeLessThanOrEqual(2);
    });
  });

  test('a folder that is a link is followed when it leads elsewhere', async () => {
    const count = (await live.activations()).length;
    const next = join(live.home, 'next');
    await cp(live.policies, next, { recursive: true });
    const path = join(next, 'clients/acme.yaml');
    await writeFile(path, (await readFile(path, 'utf8')).replace('C-2024-017', 'C-2026-001'));
    await rename(live.policies, join(live.home, 'first'));
    await symlink(join(live.home, 'first'), live.policies);
    await symlink(next, join(live.home, 'link'));
    await rename(join(live.home, 'link'), live.policies);
    await live.activated(count);
  });
});
