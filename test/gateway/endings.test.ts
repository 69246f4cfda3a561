/**
 * The end of a contract while the gateway runs: what is open is cut and closed, every agreement rests by a line, nobody is let in; the
 * client's programs read on; and when the contract goes on, nothing wakes by itself.
 */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import request from 'supertest';
import { WebSocket } from 'ws';
import { writeEnding } from '../../src/core/ending.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { createErp } from '../../src/demo/erp.ts';
import { tokenHash } from '../../src/portal/api/api.ts';
import { exportFiles } from '../stores/ledger-world.ts';
import type { OpenedAccess } from '../support/gateway.ts';
import { type LiveGateway, startLiveGateway } from '../support/live-gateway.ts';
import { raw } from '../support/raw.ts';

let erp: Awaited<ReturnType<typeof createErp>>;
let live: LiveGateway;

beforeEach(async () => {
  erp = await createErp();
  live = await startLiveGateway({ erp: erp.origin });
});

/** Whatever ended: tables and log agree, and the client's own check passes. */
afterEach(async () => {
  try {
    const { archive } = live.gateway.app;
    expect(await archive.fsck()).toEqual([]);
    const files = new Map(Object.entries(unzipSync(await exportFiles(archive, 'acme'))));
    const key = (await archive.head('acme'))?.verifierKey ?? '';
    expect(verifyExport(files, { key }).filter(({ kind }) => kind === 'failure')).toEqual([]);
  } finally {
    await live.close();
    await erp.close();
  }
});

const lineOf = async (kind: string) => (await live.gateway.lines()).find(({ leaf }) => leaf.t === kind)?.leaf;

async function until(kind: string) {
  for (;;) {
    const leaf = await lineOf(kind);
    if (leaf !== undefined) return leaf;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function socket({ host, cookie }: OpenedAccess) {
  const headers = { host, cookie, origin: `http://${host}` };
  const found = new WebSocket(`ws://127.0.0.1:${live.gateway.port}/ws`, { headers });
  found.on('error', () => undefined);
  await once(found, 'open');
  return { closed: once(found, 'close') };
}

function get({ host, cookie }: OpenedAccess): ReturnType<typeof raw> {
  const lines = `Host: ${host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
  return raw(live.gateway.port, `GET / HTTP/1.1\r\n${lines}`);
}

const statuses = async () => (await live.gateway.app.archive.grants('acme')).map(({ status }) => status);

async function representative() {
  const { seats } = await live.gateway.app.authority.client('acme');
  const seat = seats.find(({ role }) => role === 'representative');
  if (seat === undefined) throw new Error('nobody sits for acme');
  return seat;
}

describe('when the file says so', () => {
  test('what is open is closed, every agreement rests, programs read on; and nothing wakes by itself', async () => {
    const { app } = live.gateway;
    const seat = await representative();
    const connection = {
      ...{ id: 'c1', client: 'acme', seat: seat.id, name: 'Reader', expiresAt: Date.now() + 60_000 },
      scopes: ['log:read', 'openings:read'],
    } as const;
    const token = `cst_${'A'.repeat(43)}`;
    await app.authority.run({ do: 'connect', connection, hash: tokenHash(token) });
    const access = await live.gateway.open();
    expect((await get(access)).status).toBe(200);
    const { closed } = await socket(access);
    await live.edit(['clients/acme.yaml', 'name: ', 'status: ended\nname: ']);
    await closed;
    const began = await until('ending.began');
    expect(began).toMatchObject({ cause: 'status' });
    expect(await lineOf('session.closed')).toMatchObject({ session: access.opening });
    expect((await get(access)).status).not.toBe(200);
    expect(new Set(await statuses())).toEqual(new Set(['suspended']));
    await expect(live.gateway.open()).rejects.toThrow('no grant');
    await expect(live.resume()).rejects.toThrow('contract_over');
    for (const path of ['/ending', '/openings', '/log/head']) {
      const answer = await request(`http://127.0.0.1:${live.gateway.port}`)
        .get(`/api/v1${path}`)
        .set('host', live.gateway.config.portalUrl.host)
        .set('authorization', `Bearer ${token}`);
      expect([path, answer.status]).toEqual([path, 200]);
      if (path === '/ending') expect(answer.body).toMatchObject({ state: 'over', cause: 'status' });
    }
    await live.putBack();
    await until('ending.lifted');
    expect(new Set(await statuses())).toEqual(new Set(['suspended']));
    await live.resume();
    expect((await get(await live.gateway.open())).status).toBe(200);
  });

  test('at the very end of the last moment that it names', async () => {
    const access = await live.gateway.open();
    const { closed } = await socket(access);
    const end = new Date(Math.ceil((Date.now() + 1_500) / 1_000) * 1_000);
    const named = `${end.toISOString().slice(0, 19)}Z`;
    await live.edit(['clients/acme.yaml', 'from: 2024-01-01\n', `from: 2024-01-01\n  until: ${named}\n`]);
    await closed;
    expect(Date.now()).toBeGreaterThanOrEqual(end.getTime());
    expect(await until('ending.began')).toMatchObject({ cause: 'contract', since: end.toISOString() });
    expect((await get(access)).status).not.toBe(200);
  });
});

test('a notice that the client signs reaches every agreement at once, and is taken back the same way', async () => {
  const { app } = live.gateway;
  const seat = await representative();
  const set = async (version: number, lastDay: string) => {
    const of = { client: 'acme', version, language: 'en', author: 'Claire', zone: 'Europe/Paris' } as const;
    const terms = { lastDay, choice: undefined, by: '', note: version > 1 ? 'We go on.' : '' } as const;
    const { text, textHash } = writeEnding(of, terms, ['We say this.']);
    const signature = app.evaluation?.sign(textHash);
    if (signature === undefined) throw new Error('nobody signs');
    const evidence = { seat: seat.id, role: seat.role, language: 'en' as const, ...signature };
    return app.authority.run({ do: 'ending-set', client: 'acme', text, evidence });
  };
  const access = await live.gateway.open();
  expect((await get(access)).status).toBe(200);
  expect(await set(1, '2099-12-31')).toHaveProperty('receipt');
  const { grants } = await app.authority.client('acme');
  expect([...grants.values()].every(({ noticed }) => noticed === Date.parse('2099-12-31T23:00:00Z'))).toBe(
    true,
  );
  expect((await get(access)).status).toBe(200);
  expect(await set(2, '')).toHaveProperty('receipt');
  const after = await app.authority.client('acme');
  expect([...after.grants.values()].every(({ noticed }) => noticed === undefined)).toBe(true);
});
