/** The programming interface on the whole product: raw calls, every answer held against the OpenAPI document. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { unzipSync } from 'fflate';
import request from 'supertest';
import { mostConnections, type Scope, scopes } from '../../src/core/connections.ts';
import type { ControllerRole } from '../../src/core/model.ts';
import { verifyExport } from '../../src/core/verify.ts';
import { type ApiActName, apiActs, mayThrough, scopesOf } from '../../src/portal/api/acts.ts';
import { tokenHash } from '../../src/portal/api/api.ts';
import { openApi } from '../../src/portal/api/openapi.ts';
import { exportFiles } from '../stores/ledger-world.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let made = 0;

beforeAll(async () => {
  gateway = await startTestGateway();
});

/** A client may have so many connections; each test leaves none. */
afterEach(async () => {
  for (const client of ['acme', 'martin']) {
    const seat = (await seatAt(client)).id;
    for (const { id, revokedAt } of await gateway.app.archive.connections(client))
      if (revokedAt === undefined)
        await gateway.app.authority.run({ do: 'disconnect', client, connection: id, seat });
  }
});

/** Whatever was tried: tables and log agree, and the client's own check passes. */
afterAll(async () => {
  try {
    const { archive } = gateway.app;
    expect(await archive.fsck()).toEqual([]);
    const files = new Map(Object.entries(unzipSync(await exportFiles(archive, 'acme'))));
    const key = (await archive.head('acme'))?.verifierKey ?? '';
    expect(verifyExport(files, { key }).filter(({ kind }) => kind === 'failure')).toEqual([]);
  } finally {
    await gateway.close();
  }
});

async function seatAt(client: string) {
  const { seats } = await gateway.app.authority.client(client);
  const seat = seats.find(({ role }) => role === 'representative');
  if (seat === undefined) throw new Error(`nobody sits for ${client}`);
  return seat;
}

async function connect(chosen: readonly Scope[] = scopes, client = 'acme', life = 3_600_000) {
  made += 1;
  const token = `cst_${String(made).padStart(43, 'A')}`;
  const id = `connection-${made}`;
  const seat = await seatAt(client);
  const expiresAt = Date.now() + life;
  const connection = { id, client, seat: seat.id, name: 'Our dashboard', scopes: chosen, expiresAt };
  const answer = await gateway.app.authority.run({ do: 'connect', connection, hash: tokenHash(token) });
  expect(answer).toHaveProperty('receipt');
  return { id, token, seat };
}

const agent = () => request(`http://127.0.0.1:${gateway.port}`);
const call = (method: 'get' | 'post', path: string, token: string) =>
  agent()
    [method](`/api/v1${path}`)
    .set('host', gateway.config.portalUrl.host)
    .set('authorization', `Bearer ${token}`);

const ofKind = async (kind: string) => (await gateway.lines()).filter(({ leaf }) => leaf.t === kind);

const document = openApi() as {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content: Record<string, { schema: object }> }> }>
  >;
  readonly components: object;
};

/** Whether an answer is what the document says it is. */
function described(
  path: string,
  method: string,
  answer: { status: number; type: string; body: unknown },
): string {
  const responses = document.paths[path]?.[method]?.responses;
  const schema = responses?.[answer.status === 200 ? '200' : 'default']?.content[answer.type]?.schema;
  if (schema === undefined) return `${answer.status} ${answer.type} is not described`;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const check = ajv.compile({ ...schema, components: document.components });
  return check(answer.body) ? 'as described' : ajv.errorsText(check.errors);
}

describe('each act', () => {
  test('answers as the document says, with lists page by page', async () => {
    const { token } = await connect();
    await gateway.open();
    await gateway.open();
    const { body: all } = await call('get', '/openings', token);
    const { body: first } = await call('get', '/openings?limit=1', token);
    const { body: second } = await call('get', `/openings?limit=1&after=${first.next}`, token);
    expect([...first.items, ...second.items]).toEqual(all.items.slice(0, 2));
    const opening = String(all.items[0].id);
    const { body: grants } = await call('get', '/grants?limit=1', token);
    const grant = String(grants.items[0].id);
    const { body: rest } = await call('get', `/grants?limit=100&after=${grants.next}`, token);
    expect(rest.items.map(({ id }: { id: string }) => id)).not.toContain(grant);
    for (const [path, address] of [
      ['/openings', '/openings'],
      ['/openings/{id}', `/openings/${opening}`],
      ['/grants', '/grants'],
      ['/grants/{id}', `/grants/${grant}`],
      ['/requests', '/requests'],
      ['/log/head', '/log/head'],
      ['/log/events', '/log/events'],
      ['/log/events', '/log/events?limit=3'],
      ['/log/events', '/log/events?after=e1.2020.5.AAAAAAAAAAAAAAAA'],
      ['/requests/{id}', '/requests/none'],
      ['/openings/{id}', '/openings/none'],
    ] as const) {
      expect([address, described(path, 'get', await call('get', address, token))]).toEqual([
        address,
        'as described',
      ]);
    }
    const stopped = await call('post', '/stop', token).send({ opening });
    expect(described('/stop', 'post', stopped)).toBe('as described');
    expect(stopped.body.openings).toEqual([opening]);
  });

  test('stopping says in the log who, and through which connection; twice is once', async () => {
    const { token, id, seat } = await connect(['stop']);
    const { opening } = await gateway.open();
    const both = await Promise.all([1, 2].map(() => call('post', '/stop', token).send({ opening })));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const lines = (await ofKind('session.closed')).filter(({ leaf }) => leaf.session === opening);
    expect(lines.map(({ leaf }) => leaf)).toEqual([
      expect.objectContaining({ by: 'client', seat: seat.id, connection: id, cause: 'stopped' }),
    ]);
    expect((await call('post', '/stop', token).send({ opening })).status).toBe(200);
    for (const what of [{ person: 'alice' }, { everything: true }]) {
      const { opening: next } = await gateway.open();
      expect((await call('post', '/stop', token).send(what)).body.openings).toContain(next);
    }
  });

  test('withdrawing is done once, and nothing gives an agreement back', async () => {
    const { token, id } = await connect();
    const grants = [...(await gateway.app.authority.client('acme')).grants.values()];
    const grant = grants.at(-1)?.id ?? '';
    const revoke = () => call('post', `/grants/${grant}/revoke`, token).send({});
    expect((await Promise.all([revoke(), revoke()])).map(({ status }) => status)).toEqual([200, 200]);
    expect((await revoke()).status).toBe(200);
    const lines = (await ofKind('consent.revoked')).filter(({ leaf }) => leaf.grant === grant);
    expect(lines.map(({ leaf }) => leaf.connection)).toEqual([id]);
    const suspended = await call('post', `/grants/${grant}/suspend`, token).send({});
    expect([suspended.status, suspended.body.code]).toEqual([409, 'grant_ended']);
    for (const path of [`/grants/${grant}/resume`, '/grants'])
      expect((await call('post', path, token).send({})).status).toBe(404);
  });

  test('a request is asked about and refused, each in its turn', async () => {
    const { token, id } = await connect(['requests:read', 'requests:write']);
    const asked = {
      ...{ id: 'api-request', client: 'acme', person: 'alice', systems: ['erp'], purpose: 'support' },
      ...{ operations: ['read'] as const, reference: 'T-5', note: 'The invoices do not print.', minutes: 30 },
      ...{
        until: Date.now() + 3_600_000,
        status: 'raised' as const,
        raisedAt: Date.now(),
        changedAt: Date.now(),
      },
      ...{ grant: undefined, said: [] },
    };
    const groups = { person: { subject: 's', name: 'Alice' }, work: { reference: 'T-5', note: '' } };
    expect(await gateway.app.authority.run({ do: 'request', request: asked, groups })).toHaveProperty(
      'receipt',
    );
    const say = (what: string, text: unknown) =>
      call('post', `/requests/api-request/${what}`, token).send({ text });
    for (const text of ['.', '', 7, 'x'.repeat(2_001), 'Which invoices\u202e are meant?'])
      expect((await say('ask', text)).status).toBe(422);
    const first = await say('ask', 'Which invoices are meant, those of May?');
    expect(described('/requests/{id}/ask', 'post', first)).toBe('as described');
    expect(first.body.status).toBe('more_info');
    expect((await say('ask', 'Which invoices are meant, those of May?')).body.code).toBe('request_turn');
    expect((await say('refuse', 'We repair this ourselves today.')).body.status).toBe('refused');
    expect((await say('refuse', 'We repair this ourselves today.')).body.code).toBe('request_ended');
    for (const kind of ['consent.asked', 'consent.refused'])
      expect((await ofKind(kind)).map(({ leaf }) => leaf.connection)).toEqual([id]);
  });
});

describe('events', () => {
  test('are pulled to the end and then as they come; the look is a line once in fifteen minutes', async () => {
    const { token, id } = await connect(['events:read']);
    const items: { event: { id: string; action: string }; organization: { id: string } }[] = [];
    let after = '';
    for (let more = true; more; ) {
      const { body } = await call('get', `/log/events?limit=40${after}`, token);
      items.push(...body.items);
      after = `&after=${body.next}`;
      more = body.more;
    }
    expect(new Set(items.map(({ event }) => `${event.action} ${event.id}`)).size).toBe(items.length);
    expect(new Set(items.map(({ organization }) => organization.id))).toEqual(new Set(['acme']));
    const { opening } = await gateway.open();
    const { body } = await call('get', `/log/events?limit=40${after}`, token);
    expect(body.items.map(({ event }: (typeof items)[number]) => [event.action, event.id])).toEqual([
      ['session.opened', opening],
    ]);
    const looks = (await ofKind('log.read')).filter(({ leaf }) => leaf.connection === id);
    expect(looks).toHaveLength(1);
  });

  test('are pulled by one program of a client at a time; others come back, and other clients go on', async () => {
    const tokens = await Promise.all(
      ['acme', 'acme', 'martin'].map(async (client) => (await connect(['events:read'], client)).token),
    );
    const [first = '', second = '', other = ''] = tokens;
    const { archive } = gateway.app;
    const reached = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const { events } = archive;
    const pull = jest.spyOn(archive, 'events').mockImplementationOnce(async (...asked) => {
      reached.resolve();
      await held.promise;
      return events(...asked);
    });
    try {
      const running = call('get', '/log/events', first).then((answer) => answer.status);
      await reached.promise;
      const refused = await call('get', '/log/events', second);
      expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
      expect(refused.headers['retry-after']).toBe('1');
      expect((await call('get', '/log/events', other)).status).toBe(200);
      held.resolve();
      expect(await running).toBe(200);
      expect((await call('get', '/log/events', second)).status).toBe(200);
    } finally {
      held.resolve();
      pull.mockRestore();
    }
  });

  test('of another client’s place are none: 409 with a code', async () => {
    const { token } = await connect(['events:read']);
    const { body } = await call('get', '/log/events?limit=1', token);
    const other = await connect(['events:read'], 'martin');
    const answer = await call('get', `/log/events?after=${body.next}`, other.token);
    expect([answer.status, answer.body.code]).toEqual([409, 'cursor_unknown']);
  });

  test.each(['limit=0', 'limit=1001', 'after=1', 'after=e1.2026.1.x', 'client=martin'])(
    '?%s',
    async (query) => {
      const { token } = await connect(['events:read']);
      expect((await call('get', `/log/events?${query}`, token)).status).toBe(422);
    },
  );
});

describe('a token', () => {
  test('is made, first used and ended on one line each, and stands on none', async () => {
    const { token, id, seat } = await connect(['log:read']);
    for (const n of [1, 2, 3]) expect([n, (await call('get', '/log/head', token)).status]).toEqual([n, 200]);
    const end = { do: 'disconnect', client: 'acme', connection: id, seat: seat.id } as const;
    expect(await gateway.app.authority.run(end)).toHaveProperty('receipt');
    expect(await gateway.app.authority.run(end)).toEqual({ already: true });
    expect((await call('get', '/log/head', token)).status).toBe(401);
    for (const kind of ['connection.created', 'connection.used', 'connection.revoked'])
      expect((await ofKind(kind)).filter(({ leaf }) => leaf.connection === id)).toHaveLength(1);
    expect(JSON.stringify(await gateway.lines())).not.toContain(token);
  });

  test.each([
    ['none', () => ({})],
    ['one that nobody made', () => ({ authorization: `Bearer cst_${'x'.repeat(43)}` })],
    ['another scheme', (token: string) => ({ authorization: `Basic ${token}` })],
    ['a longer one', (token: string) => ({ authorization: `Bearer ${token}A` })],
    ['as a cookie', (token: string) => ({ cookie: `token=${token}; consentry=${token}` })],
  ] as const)('%s: 401 with a code, and no cookie', async (_, headers) => {
    const { token } = await connect();
    const answer = await agent()
      .get('/api/v1/openings')
      .set('host', gateway.config.portalUrl.host)
      .set(headers(token) as Record<string, string>);
    expect([answer.status, answer.body.code]).toEqual([401, 'token_invalid']);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(described('/openings', 'get', answer)).toBe('as described');
  });

  test('in the address says nothing: without the header 401, with it an unknown field', async () => {
    const { token } = await connect();
    const bare = agent().get(`/api/v1/openings?access_token=${token}`);
    expect((await bare.set('host', gateway.config.portalUrl.host)).status).toBe(401);
    expect((await call('get', `/openings?access_token=${token}`, token)).status).toBe(422);
  });

  test('there are so many for a client, and no more', async () => {
    for (let n = 0; n < mostConnections; n += 1) await connect(['stop']);
    await expect(connect(['stop'])).rejects.toThrow(/too_many_connections/);
  });

  test('that has expired is dead', async () => {
    const { token } = await connect(['log:read'], 'acme', 50);
    const until = Date.now() + 60;
    while (Date.now() < until) await new Promise((resolve) => setImmediate(resolve));
    expect((await call('get', '/log/head', token)).status).toBe(401);
  });

  test('of one client finds nothing of another', async () => {
    const { token } = await connect(scopes, 'martin');
    const { opening } = await gateway.open();
    const grant = [...(await gateway.app.authority.client('acme')).grants.keys()][0] ?? '';
    const tries = [
      call('get', `/openings/${opening}`, token),
      call('get', `/grants/${grant}`, token),
      call('post', `/grants/${grant}/revoke`, token).send({}),
      call('post', '/stop', token).send({ opening }),
      call('post', '/stop', token).send({ grant }),
      call('get', '/requests/api-request', token),
    ];
    for (const answer of await Promise.all(tries))
      expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
    await call('post', '/stop', token).send({ everything: true });
    await call('post', '/stop', token).send({ person: 'alice' });
    expect((await gateway.app.authority.client('acme')).openings.has(opening)).toBe(true);
  });
});

describe('a call that cannot be read', () => {
  test.each([
    ['no JSON', 'application/json', '{"opening":', 400],
    ['an unknown field', 'application/json', '{"everything":true,"reason":"x"}', 422],
    ['two things', 'application/json', '{"opening":"a","grant":"b"}', 422],
    ['nothing', 'application/json', '{}', 422],
    ['everything: false', 'application/json', '{"everything":false}', 422],
    ['an id that is none', 'application/json', '{"opening":"../x"}', 422],
    ['a form', 'application/x-www-form-urlencoded', 'everything=true', 415],
    ['no type', '', '{"everything":true}', 415],
    ['64 KB', 'application/json', JSON.stringify({ opening: 'x'.repeat(70_000) }), 413],
  ])('%s', async (_, type, body, status) => {
    const { token, id } = await connect(['stop']);
    const sent = call('post', '/stop', token);
    const answer = await (type === '' ? sent.unset('content-type') : sent.type(type)).send(
      type === '' ? Buffer.from(body) : body,
    );
    expect([answer.status, answer.type]).toEqual([
      type === '' && answer.status === 415 ? 415 : status,
      'application/problem+json',
    ]);
    expect((await ofKind('session.closed')).filter(({ leaf }) => leaf.connection === id)).toEqual([]);
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'after=x', 'limit=1&limit=2', 'client=martin'])(
    '?%s',
    async (query) => {
      const { token } = await connect(['openings:read']);
      expect((await call('get', `/openings?${query}`, token)).status).toBe(422);
    },
  );
});

describe('the end of the contract', () => {
  test('is read by a program, as the document says', async () => {
    const { token } = await connect(['log:read']);
    const answer = await call('get', '/ending', token);
    expect(described('/ending', 'get', answer)).toBe('as described');
    expect(answer.body).toMatchObject({ state: 'running', ends: null, choice: null, certificate: null });
  });
});

describe('scope by role by act', () => {
  const naive: Readonly<Record<ApiActName, readonly [Scope, readonly ControllerRole[]]>> = {
    requests: ['requests:read', ['representative', 'delegate', 'reader']],
    request: ['requests:read', ['representative', 'delegate', 'reader']],
    ask: ['requests:write', ['representative', 'delegate', 'reader']],
    refuse: ['requests:write', ['representative', 'delegate']],
    grants: ['grants:read', ['representative', 'delegate', 'reader']],
    grant: ['grants:read', ['representative', 'delegate', 'reader']],
    suspend: ['grants:write', ['representative']],
    revoke: ['grants:write', ['representative']],
    openings: ['openings:read', ['representative', 'delegate', 'reader']],
    opening: ['openings:read', ['representative', 'delegate', 'reader']],
    stop: ['stop', ['representative', 'delegate', 'reader']],
    events: ['events:read', ['representative', 'delegate', 'reader']],
    head: ['log:read', ['representative', 'delegate', 'reader']],
    ending: ['log:read', ['representative', 'delegate', 'reader']],
  };
  const acts = Object.keys(apiActs) as ApiActName[];
  const roles = ['representative', 'delegate', 'reader'] as const;

  test.each(acts.flatMap((act) => roles.map((role) => [act, role] as const)))('%s by a %s', (act, role) => {
    const [needed, able] = naive[act];
    for (const scope of scopes)
      expect(mayThrough([scope], role, act)).toBe(scope === needed && able.includes(role));
    expect(mayThrough([], role, act)).toBe(false);
  });

  test('a reader is offered no scope with which nothing could be done', () => {
    expect(scopesOf('reader')).not.toContain('grants:write');
    expect(scopesOf('representative')).toEqual(scopes);
  });

  test.each(acts)('%s without its scope: 403', async (name) => {
    const { method, path, scope } = apiActs[name];
    const { token } = await connect(scopes.filter((one) => one !== scope));
    const sent = call(method, path.replace(':id', 'none'), token);
    const answer = await (method === 'post' ? sent.send({}) : sent);
    expect([answer.status, answer.body.code]).toEqual([403, 'scope_missing']);
  });
});

test('a token may call so often at once; then it waits', async () => {
  const { token } = await connect(['log:read']);
  const statuses = await Promise.all(
    Array.from({ length: 130 }, async () => (await call('get', '/log/head', token)).status),
  );
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(120);
  expect(statuses).toContain(429);
});

test('the document is served to anybody, and the examples of the docs run as they are printed', async () => {
  const served = await agent().get('/api/v1/openapi.json').set('host', gateway.config.portalUrl.host);
  expect(served.body).toEqual(JSON.parse(JSON.stringify(openApi())));
  const { token } = await connect();
  const text = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const examples = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, example]) => example ?? '');
  expect(examples.length).toBeGreaterThanOrEqual(4);
  const env = { ...process.env, TOKEN: token, PORTAL: gateway.config.portalUrl.origin, NO_PROXY: '*' };
  for (const example of examples) {
    const { stdout } = await promisify(execFile)('bash', ['-ec', example], { env });
    expect(stdout).toMatch(/^\{/);
  }
});
