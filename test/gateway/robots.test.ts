/**
 * Robots from outside in: a token of their own at the provider, an opening under an agreement that names them, one credential,
 * a close with what came of it; and everything that is no such token, or comes when or where it may not.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { createHostileProvider, type HostileProvider } from '../identity/hostile-provider.ts';
import { type AgreeOptions, agree } from '../support/agreeing.ts';
import { type LiveGateway, startLiveGateway } from '../support/live-gateway.ts';
import { open, raw } from '../support/raw.ts';
import { stopwatch } from '../support/stopwatch.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

const scimToken = 'the-secret-of-the-directory-0123456789';

let provider: HostileProvider;
let backup: HttpUpstream;
let live: LiveGateway;

/** A window that is over, whatever the time: an hour that began two hours ago, by the clock of UTC. */
function hourAgo(): { readonly from: string; readonly until: string } {
  const hour = (back: number) => new Date(Date.now() - back * 3_600_000).toISOString().slice(11, 14);
  return { from: `${hour(2)}00`, until: `${hour(1)}00` };
}

const days = 'days: [mon, tue, wed, thu, fri, sat, sun]';
const common = `issuer: "\${ISSUER}", place: FR, from: 2026-01-05, purposes: [backup]`;
const always = `windows: [{ ${days}, from: "00:00", until: "24:00" }]`;

beforeAll(async () => {
  provider = await createHostileProvider();
  backup = await httpUpstream((req, res) => {
    res.writeHead(200, { 'content-type': 'application/octet-stream' });
    res.write('begun');
    if (req.url !== '/slow') res.end();
  });
  const over = hourAgo();
  live = await startLiveGateway({ issuer: provider.issuer, backup: backup.origin, scimToken }, [
    [
      'staff.yaml',
      'robots:\n',
      `robots:
  late: { name: Late, ${common}, client_id: late, proof: private-key, responsible: alice, zone: UTC, windows: [{ ${days}, from: "${over.from}", until: "${over.until}" }] }
  unnamed: { name: Unnamed, ${common}, client_id: unnamed, proof: private-key, responsible: alice, ${always} }
  weak: { name: Weak, ${common}, client_id: weak, subject: sa-weak, audience: "urn:door", proof: secret, responsible: eve, ${always} }
  planned: { name: Planned, ${common}, client_id: planned, proof: private-key, responsible: alice, zone: UTC, windows: [{ ${days}, from: "00:00", until: "24:00", latest: "24:00" }] }
  elsewhere: { name: Elsewhere, ${common}, client_id: elsewhere, proof: private-key, responsible: alice, ${always} }
`,
    ],
    [
      'clients/acme.yaml',
      '  - who: nightly-backup\n',
      `  - { who: late, systems: [backup], from: 2026-01-05, reason: a test }
  - { who: unnamed, systems: [backup], from: 2026-01-05, reason: a test }
  - { who: planned, systems: [backup], from: 2026-01-05, reason: a test }
  - { who: weak, systems: [backup], from: 2026-01-05, reason: a test }
  - who: nightly-backup
`,
    ],
  ]);
  await granted({ people: ['robot:late', 'robot:weak', 'robot:planned', 'robot:elsewhere'] });
});

afterAll(async () => {
  await live?.close();
  await backup?.close();
  await provider?.close();
});

const granted = (more: Pick<AgreeOptions, 'people' | 'budget'>) =>
  agree(live.gateway.app, { system: 'backup', ...more });

const portal = () => live.gateway.config.portalUrl.origin;

/** What a provider says of a robot by client_credentials. */
function claims(robot = 'nightly-backup', more: Readonly<Record<string, unknown>> = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1_000);
  const jti = randomBytes(12).toString('base64url');
  const who = { iss: provider.issuer, sub: robot, client_id: robot, aud: portal() };
  return { ...who, iat: now, exp: now + 300, jti, ...more };
}

const signed = (robot?: string, more?: Readonly<Record<string, unknown>>) =>
  provider.sign(claims(robot, more), { typ: 'at+jwt' });

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

function post(path: string, bearer: string, body: unknown): Promise<Answer> {
  const { port } = live.gateway;
  return new Promise((resolve, reject) => {
    const headers = {
      host: `portal.localhost:${port}`,
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
    };
    const req = request({ port, host: '127.0.0.1', method: 'POST', path, headers }, (res) => {
      let text = '';
      res.on('data', (part: Buffer) => {
        text += part.toString();
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body: JSON.parse(text) }));
    });
    req.on('error', reject);
    req.end(JSON.stringify(body));
  });
}

const run = { systems: ['acme/backup'], purpose: 'backup', reference: 'RUN-1', minutes: 30 };

type Wish = Readonly<Record<string, unknown>>;

async function opened(token: string, more: Wish = {}): Promise<Answer> {
  return post('/api/v1/robots/open', token, { ...run, ...more });
}

function get(credential: string, path = '/'): [port: number, head: string] {
  const { port } = live.gateway;
  const head = `GET ${path} HTTP/1.1\r\nHost: backup.acme.localhost:${port}\r\nAuthorization: Bearer ${credential}\r\n\r\n`;
  return [port, head];
}

async function codeOf(answer: Promise<Answer>): Promise<readonly [number, unknown]> {
  const { status, body } = await answer;
  return [status, body.code];
}

const newest = async (kind: string) => (await live.gateway.lines()).find(({ leaf }) => leaf.t === kind);

test('opens by a token of its own, works with one credential, and closes with what came of it', async () => {
  const { status, body } = await opened(await signed());
  expect([status, body]).toEqual([
    201,
    {
      opening: expect.any(String),
      systems: [{ id: 'acme/backup', url: expect.stringContaining('//backup.acme.localhost') }],
      ends: expect.any(String),
      credential: expect.stringMatching(/^ctool_/),
      links: { close: `${portal()}/api/v1/robots/close` },
    },
  ]);
  const credential = String(body.credential);
  const line = await newest('session.opened');
  expect(line?.leaf).toMatchObject({ id: body.opening, robot: 'nightly-backup', systems: 'backup' });
  expect(line?.groups?.person).toMatchObject({ name: '⚙ Robot Nightly backup' });
  expect(line?.groups?.role).toMatchObject({ function: 'robot', responsible: 'alice' });
  expect((await raw(...get(credential))).status).toBe(200);
  expect((await newest('access.intent'))?.leaf).toMatchObject({ session: body.opening, tool: true });

  const done = { result: 'done', said: '3 files, 12 GB' };
  expect(await post('/api/v1/robots/close', credential, done)).toMatchObject({
    status: 200,
    body: { opening: body.opening, closed: true, recorded: true },
  });
  const closed = await newest('session.closed');
  expect(closed?.leaf).toMatchObject({ session: body.opening, cause: 'robot', result: 'done' });
  expect(closed?.groups?.work).toEqual({ said: '3 files, 12 GB' });
  // Said again it is done already; and the credential opens nothing after the end.
  expect((await post('/api/v1/robots/close', credential, done)).body).toMatchObject({ closed: false });
  expect((await raw(...get(credential))).body).toContain('tool_ended');
  expect(await live.gateway.app.archive.fsck()).toEqual([]);
});

test('the opening with which a planned run begins says which', async () => {
  expect((await opened(await signed('planned'))).status).toBe(201);
  const leaf = (await newest('session.opened'))?.leaf;
  const [from = 0, latest = 0] = String(leaf?.runs).split('/').map(Date.parse);
  expect([from % 86_400_000, latest - from]).toEqual([0, 86_400_000]);
  expect(Date.parse(String(leaf?.at))).toBeGreaterThanOrEqual(from);
});

test('its credential opens no other system', async () => {
  const { body } = await opened(await signed());
  const [port, head] = get(String(body.credential));
  const elsewhere = await raw(port, head.replace('backup.acme', 'erp.acme'));
  expect(elsewhere.body).toContain('tool_elsewhere');
  await post('/api/v1/robots/close', String(body.credential), { result: 'failed' });
});

test('a token that is not the robot’s own, for this portal, fresh and new, opens nothing', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const used = await signed();
  expect((await opened(used)).status).toBe(201);
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256' };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const published = await (await fetch(`${provider.issuer}/jwks`)).text();
  const rows: readonly (readonly [string, string | Promise<string>, string])[] = [
    ['used before', used, 'token_used'],
    ['for something else', signed(undefined, { aud: 'https://other.example' }), 'token_audience'],
    [
      'also for something else',
      signed(undefined, { aud: [portal(), 'https://o.example'] }),
      'token_audience',
    ],
    ['for the portal’s own client', signed(undefined, { aud: 'consentry' }), 'token_audience'],
    ['of another issuer', signed(undefined, { iss: 'https://login.example' }), 'token_issuer'],
    ['over', signed(undefined, { iat: now - 400, exp: now - 200 }), 'token_expired'],
    ['old', signed(undefined, { iat: now - 900, exp: now + 900 }), 'token_expired'],
    ['of tomorrow', signed(undefined, { iat: now + 86_400, exp: now + 86_700 }), 'token_expired'],
    ['of a day', signed(undefined, { exp: now + 86_400 }), 'token_expired'],
    ['without an end', signed(undefined, { exp: undefined }), 'token_expired'],
    ['a person’s', signed('alice'), 'token_human'],
    ['a person’s, by the robot’s client', signed(undefined, { sub: 'alice' }), 'token_human'],
    ['of somebody unknown, by the robot’s client', signed(undefined, { sub: 'x' }), 'token_human'],
    ['of a controller', signed(undefined, { sub: 'claire' }), 'token_human'],
    ['from a sign-in', signed(undefined, { nonce: 'n', auth_time: now }), 'token_human'],
    ['of another client', signed(undefined, { client_id: 'consentry', sub: 'consentry' }), 'robot_unknown'],
    ['of two clients', signed(undefined, { azp: 'late' }), 'token_type'],
    ['of no client', signed(undefined, { client_id: undefined }), 'token_type'],
    ['bound to a key', signed(undefined, { cnf: { jkt: 'x' } }), 'token_type'],
    ['a logout token', provider.sign(claims(), { typ: 'logout+jwt' }), 'token_type'],
    ['without a subject', signed(undefined, { sub: undefined }), 'token_unreadable'],
    ['unsigned', `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.`, 'token_signature'],
    [
      'signed by what is public',
      new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(published)),
      'token_signature',
    ],
    [
      'signed by a key of its own',
      new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid: 'one', jwk }).sign(privateKey),
      'token_signature',
    ],
    ['no token', 'ctool_nothing', 'token_unreadable'],
  ];
  const before = (await live.gateway.lines()).length;
  for (const [name, token, code] of rows)
    expect([name, ...(await codeOf(opened(await token)))]).toEqual([name, 401, code]);
  // Strangers write nothing into a client's log.
  expect(await live.gateway.lines()).toHaveLength(before);
});

test('of two openings with one token at the same moment one is made', async () => {
  const token = await signed();
  const answers = await Promise.all([opened(token), opened(token)]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 401]);
});

test('a robot that may not come is refused, and its client reads why', async () => {
  const weak = { sub: 'sa-weak', aud: 'urn:door' };
  const rows: readonly (readonly [string, Promise<string>, Wish, number, string])[] = [
    ['out of its window', signed('late'), {}, 403, 'robot_out_of_window'],
    ['named by no agreement', signed('unnamed'), {}, 403, 'consent_scope'],
    ['assigned nowhere', signed('elsewhere'), {}, 403, 'not_assigned'],
    ['at another system', signed(), { systems: ['acme/erp'] }, 403, 'not_assigned'],
    ['for what is for people', signed(), { purpose: 'support' }, 403, 'role_not_allowed'],
    [
      'for another machine’s purpose',
      signed(),
      { purpose: 'restore', note: 'words enough' },
      403,
      'role_not_allowed',
    ],
  ];
  for (const [name, token, more, status, code] of rows) {
    expect([name, ...(await codeOf(opened(await token, more)))]).toEqual([name, status, code]);
    const line = await newest('access.refused');
    expect([name, line?.leaf.reason, line?.leaf.method]).toEqual([name, code, 'DECLARE']);
  }
  // One with a subject and an audience of its own, as some providers give them.
  expect((await opened(await signed('weak', weak))).status).toBe(201);
});

test('a declaration that says too little, or of two clients, is not taken', async () => {
  const rows: readonly (readonly [Wish, number, string])[] = [
    [{ systems: ['acme/backup', 'martin/payroll'] }, 422, 'bad_request'],
    [{ systems: ['acme'] }, 422, 'bad_request'],
    [{ systems: ['acme/nothing'] }, 404, 'unknown_system'],
    [{ systems: ['nobody/backup'] }, 404, 'unknown_system'],
    [{ reference: '' }, 422, 'declaration_incomplete'],
    [{ reference: 'CALL-20261005-0412' }, 422, 'declaration_incomplete'],
    [{ purpose: 'holiday' }, 422, 'declaration_incomplete'],
    [{ minutes: 0 }, 422, 'bad_request'],
    [{ minutes: 'all day' }, 422, 'bad_request'],
    [{ emergency: true }, 422, 'bad_request'],
  ];
  for (const [more, status, code] of rows)
    expect([more, ...(await codeOf(opened(await signed(), more)))]).toEqual([more, status, code]);
});

test('what a technician connected is closed on their page, not here', async () => {
  const { opening } = await live.gateway.open();
  const { toolHash, toolSecret } = await import('../../src/core/tool.ts');
  const secret = toolSecret(randomBytes(32));
  await live.gateway.app.authority.run({ do: 'tool', client: 'acme', opening, hash: toolHash(secret) });
  const closing = post('/api/v1/robots/close', secret, { result: 'done' });
  expect(await codeOf(closing)).toEqual([401, 'tool_unknown']);
  const stranger = post('/api/v1/robots/close', toolSecret(randomBytes(32)), { result: 'done' });
  expect(await codeOf(stranger)).toEqual([401, 'tool_unknown']);
});

test('a budget that is used up ends what runs and refuses what comes', async () => {
  const budget = { per: 'day', zone: 'Europe/Paris', openings: 1 } as const;
  await granted({ people: ['robot:unnamed'], budget });
  const { body } = await opened(await signed('unnamed'));
  await post('/api/v1/robots/close', String(body.credential), { result: 'done' });
  expect(await codeOf(opened(await signed('unnamed')))).toEqual([403, 'budget_spent']);
  expect((await newest('access.refused'))?.leaf.reason).toBe('budget_spent');
});

test('copies that its agreement limits are limited for it too', async () => {
  const grant = await granted({
    people: ['robot:unnamed'],
    budget: { per: 'month', zone: 'Europe/Paris', copies: 1, keep: 3 },
  });
  const { body } = await opened(await signed('unnamed'));
  const credential = String(body.credential);
  expect((await raw(...get(credential))).status).toBe(200);
  const next = await raw(...get(credential));
  expect([next.status, next.body]).toEqual([403, expect.stringContaining('copy_limit')]);
  const copy = (await newest('copy.registered'))?.leaf;
  expect(copy).toMatchObject({ keep_days: 3 });
  expect((await post('/api/v1/robots/close', credential, { result: 'done', said: 'One.' })).status).toBe(200);
  await live.gateway.app.authority.run({
    ...{ do: 'grant-status', client: 'acme', grant, to: 'revoked', by: undefined },
  });
});

test('a client that suspends the agreement cuts the download at once', async () => {
  const { body } = await opened(await signed());
  const running = open(...get(String(body.credential), '/slow'));
  await running.until('begun');
  const { authority } = live.gateway.app;
  const inForce = await authority.client('acme');
  const seat = inForce.seats.find(({ role }) => role === 'representative');
  const grant = inForce.openings.get(String(body.opening))?.grant ?? '';
  const took = stopwatch();
  await authority.withdraw('acme', grant, 'suspended', { seat: seat?.id ?? '', role: 'representative' });
  await running.closed;
  const { ran, stood } = took();
  expect(ran).toBeLessThan(1_000);
  const ended = await newest('session.closed');
  expect(ended?.leaf).toMatchObject({ session: body.opening, cause: 'suspended' });
  expect(Number(ended?.leaf.cut_ms)).toBeLessThan(100 + stood);
  expect(await codeOf(opened(await signed()))).toEqual([403, 'consent_suspended']);
  await live.resume();
});

test('when its responsible person leaves, what runs is cut and nothing more opens', async () => {
  const weak = { sub: 'sa-weak', aud: 'urn:door' };
  const { body } = await opened(await signed('weak', weak));
  const running = open(...get(String(body.credential), '/slow'));
  await running.until('begun');
  const eve = { userName: 'eve@msp.example', externalId: 'eve', active: false };
  const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User'];
  const { status } = await post('/scim/v2/Users', scimToken, { schemas, ...eve });
  expect(status).toBe(201);
  await running.closed;
  expect((await newest('session.closed'))?.leaf).toMatchObject({ session: body.opening, cause: 'leaver' });
  expect(await codeOf(opened(await signed('weak', weak)))).toEqual([403, 'robot_unattended']);
  expect((await newest('access.refused'))?.leaf.reason).toBe('robot_unattended');
  // Robots of others go on.
  expect((await opened(await signed())).status).toBe(201);
});
