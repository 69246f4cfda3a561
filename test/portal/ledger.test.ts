/**
 * The portal on the real ledger: an agreement given on a page, an access declared, worked and stopped, read back in
 * words, and an export that the offline check accepts; so that no fake of ours hides a difference.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';
import request from 'supertest';
import type { Opening } from '../../src/core/model.ts';
import { type Known, verifyExport } from '../../src/core/verify.ts';
import { createEvaluationSigner } from '../../src/identity/evaluation-signer.ts';
import { LiveAuthority } from '../../src/stores/authority.ts';
import { createStopNotes } from '../../src/stores/stop-notes.ts';
import { type Folder, makeFolder, openLedger, standingClock } from '../stores/ledger-world.ts';
import { browser } from './browser.ts';
import { makeWorld, type World, wish } from './world.ts';
import { sliceOf, start } from './world-rules.ts';
import { seat } from './world-things.ts';

const form = { ...wish, systems: 'erp', purpose: 'hotline', reference: 'T#1', note: '', minutes: '30' };
const clock = standingClock(start);
let folder: Folder;
let stores: Awaited<ReturnType<typeof openLedger>>;
let world: World;

beforeAll(async () => {
  folder = makeFolder();
  stores = await openLedger(folder, clock);
  const memory = makeWorld();
  const key = folder.keys.evaluationConsent;
  if (key === undefined) throw new Error('the folder has no evaluation key');
  const signer = createEvaluationSigner(key);
  const authority = new LiveAuthority({
    ...stores,
    cutters: memory.memory.cutters,
    notes: createStopNotes(join(folder.guardDir, 'stops'), folder.keys.master, memory.deps.log),
    clock,
    log: memory.deps.log,
    timing: { epochInterval: 60_000, epochLease: 60_000, ledgerOutage: 60_000 },
  });
  const { snapshot } = memory;
  await stores.ledger.run({
    do: 'policy',
    slices: [...snapshot.clients.values()].map(({ id, sliceHash }) => ({
      client: id,
      hash: sliceHash,
      text: sliceOf(id),
      summary: 'test',
    })),
  });
  for (const [who, client, role] of [
    ['claire', 'acme', 'representative'],
    ['nadia', 'martin', 'representative'],
  ] as const) {
    await authority.run({
      do: 'seat',
      seat: seat(who, client, role, { publicKey: signer.publicKey, name: `Name of ${who}` }),
      authorisedBy: { evaluation: true },
    });
  }
  world = makeWorld({
    authority,
    archive: stores.archive,
    clock,
    evaluationSign: (textHash) => signer.sign(textHash),
  });
});

afterAll(async () => {
  await stores.close();
  folder.remove();
});

function plain(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

async function signIn(who: string): Promise<void> {
  await stores.ledger.run({
    do: 'login',
    login: {
      id: `login-${who}`,
      issuer: 'https://login.example',
      subject: who,
      sid: undefined,
      who,
      acr: undefined,
      amr: [],
      authTime: start,
      startedAt: start,
    },
  });
}

/** What the gateway would do for one exchange. */
async function exchange(opening: Opening, id: string, path: string): Promise<void> {
  const { epoch } = await stores.archive.inForce('acme');
  const recorded = await stores.ledger.intent(
    {
      client: 'acme',
      t: 'access.intent',
      id,
      fields: {
        session: opening.id,
        system: 'erp',
        grant: opening.grant,
        epoch,
        method: 'GET',
        operation: 'read',
        dest: 'page',
        policy: world.snapshot.clients.get('acme')?.sliceHash ?? '',
      },
      groups: { target: { path } },
    },
    epoch,
  );
  if ('moved' in recorded) throw new Error('the epoch moved');
  stores.ledger.result(recorded, `r-${id}`, {
    status: 200,
    up: 0,
    down: 2_048,
    ms: 3,
    type: 'text/html',
    disposition: '',
    outcome: 'complete',
  });
}

describe('one access from agreement to proof', () => {
  test('an agreement signed on the page is accepted by the ledger', async () => {
    const claire = browser(world, 'claire');
    await claire.post('/agreements/new', {
      systems: ['erp', 'backup'],
      purposes: ['hotline'],
      operations: ['read'],
      who: 'assigned',
      from: '2026-10-05',
      until: '2026-12-31',
    });
    const review = await claire.get('/agreements/review');
    const textHash = /sha256:[\w-]{43}/.exec(review.text)?.[0] ?? '';
    const answer = await claire.post('/agreements/sign', { textHash, evaluation: '1' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/agreements']);
    const list = await claire.get('/agreements');
    expect(list.text).toContain('In force');
    expect(list.text).toContain('Name of claire');
    const id = /href="\/agreements\/([\w-]{22})"/.exec(list.text)?.[1] ?? '';
    expect((await claire.get(`/agreements/${id}`)).text).toContain('explicitly agrees');
    expect((await browser(world, 'nadia').get(`/agreements/${id}`)).status).toBe(404);
  });

  test('a declaration opens, its code can be redeemed once, and only for that browser and system', async () => {
    await signIn('alice');
    const alice = browser(world, 'alice');
    const answer = await alice.post('/declare', form);
    expect(answer.status).toBe(303);
    const page = await alice.get(answer.headers.location ?? '');
    const code = /code=([\w-]{43})/.exec(page.text)?.[1] ?? '';
    const { createHash } = await import('node:crypto');
    const redeem = {
      do: 'redeem',
      codeHash: createHash('sha256').update(code).digest('base64url'),
      system: 'acme/erp',
      nonceHash: wish.n,
      cookieHash: 'c'.repeat(43),
    } as const;
    expect(await stores.ledger.run({ ...redeem, nonceHash: 'x'.repeat(43) })).toHaveProperty('refused');
    expect(await stores.ledger.run(redeem)).toMatchObject({ system: 'acme/erp' });
    expect(await stores.ledger.run(redeem)).toHaveProperty('refused');
    expect((await alice.get('/record')).text).toContain('T#1');
    expect((await alice.get('/')).text).toContain('T#1');
  });

  test('what happened is read in words, each exchange with its result, on every page', async () => {
    const { openings } = await stores.archive.inForce('acme');
    const [opening] = openings;
    if (opening === undefined) throw new Error('nothing is open');
    for (let n = 0; n < 70; n += 1) await exchange(opening, `x${n}`, n === 69 ? '/customers/:id' : `/p${n}/`);
    // The last results ride along with the next commit.
    await stores.ledger.run({ do: 'heartbeat', counts: [] });
    const claire = browser(world, 'claire');
    const first = await claire.get('/activity');
    expect(first.text).toContain('Customer record');
    expect(first.text).toContain('Alice Durand');
    expect(first.text).toContain('2.0\u00a0kB sent out');
    const older = /href="(\/activity\?before=[^"]+)"/.exec(first.text)?.[1] ?? '';
    const second = await claire.get(older);
    expect(second.text).toContain('/p0/');
    expect(second.text).not.toContain('result not known yet');
    const alone = await claire.get(`/activity?session=${opening.id}`);
    expect(alone.text).toContain('Alice Durand');
    const other = await browser(world, 'nadia').get(`/activity?session=${opening.id}`);
    expect(other.text).not.toMatch(/Alice|Customer record|\/p\d+\//);
  });

  test('stop ends it in the log; nothing can be continued after', async () => {
    const claire = browser(world, 'claire');
    const { openings } = await stores.archive.inForce('acme');
    const [opening] = openings;
    expect((await claire.post('/stop', { opening: opening?.id ?? '' })).status).toBe(303);
    const page = await claire.get('/activity');
    expect(page.text).toContain('Recorded.');
    expect(page.text).toContain('Access ended: stopped by the client');
    expect((await stores.archive.inForce('acme')).openings).toEqual([]);
    const again = await browser(world, 'alice').post('/continue', { ...wish, opening: opening?.id ?? '' });
    expect(again.status).toBe(422);
  });

  test('an agreement taken back refuses the next declaration, with the reason', async () => {
    const claire = browser(world, 'claire');
    const [grant] = await stores.archive.grants('acme');
    expect((await claire.post(`/agreements/${grant?.id ?? ''}/suspend`)).status).toBe(303);
    const refused = await browser(world, 'alice').post('/declare', form);
    expect(refused.status).toBe(422);
    expect((await claire.post(`/agreements/${grant?.id ?? ''}/resume`)).status).toBe(303);
    expect((await browser(world, 'alice').post('/declare', form)).status).toBe(303);
    expect((await claire.post(`/agreements/${grant?.id ?? ''}/revoke`)).status).toBe(303);
    const page = await claire.get('/activity');
    expect(page.text).toContain('Agreement withdrawn');
    expect(page.text).toContain('Access ended: the agreement was withdrawn');
    expect((await browser(world, 'alice').post('/declare', form)).status).toBe(422);
  });

  test('the export is a zip; the log is whole; no secret or name is in a leaf', async () => {
    const claire = browser(world, 'claire');
    const zip = await claire.agent
      .get('/export')
      .set('x-test-user', 'claire')
      .buffer(true)
      .parse((res, done) => {
        const pieces: Buffer[] = [];
        res.on('data', (piece: Buffer) => pieces.push(piece));
        res.on('end', () => done(null, Buffer.concat(pieces)));
      });
    const files = new Map(Object.entries(unzipSync(new Uint8Array(zip.body as Buffer))));
    const page = (await claire.get('/verify')).text;
    const noted = (id: string) => plain(new RegExp(`<pre id="${id}">([^<]*)</pre>`).exec(page)?.[1] ?? '');
    const failures = (known: Known) => verifyExport(files, known).filter(({ kind }) => kind === 'failure');
    expect(failures({ key: noted('key') })).toEqual([]);
    expect(failures({ key: noted('key').replace('+', '+0') })).not.toEqual([]);
    const before = await stores.archive.head('acme');
    expect(noted('state')).toBe(before?.checkpoint);
    expect(await stores.archive.fsck()).toEqual([]);
    const lines = await stores.archive.lines({ client: 'acme', limit: 1000, disclose: [] });
    const kinds = new Set(lines.map((line) => line.leaf.t));
    for (const kind of [
      'consent.granted',
      'session.opened',
      'session.closed',
      'access.refused',
      'log.read',
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(JSON.stringify(lines)).not.toMatch(/Alice|Durand|T#1|Name of|127\.0\.0\.1/);
    expect((await request(world.app).get('/export')).status).toBe(303);
  });
});
