import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import SCIMMY from 'scimmy';
import { Fault } from '../../src/core/faults.ts';
import { createScim } from '../../src/identity/scim.ts';
import { loadPeople, type People } from '../../src/stores/people.ts';
import { type Folder, makeFolder, openLedger } from '../stores/ledger-world.ts';
import { provider, user } from './portal.ts';
import { policyOf, technician } from './staff.ts';

const issuer = 'https://login.msp.example';
const token = 'a-secret-of-the-directory-that-is-long-enough';
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let folder: Folder;
let ledger: Awaited<ReturnType<typeof openLedger>>;
let people: People;
let server: Server;
let out: string[];
/** Lines about refusals in the operator's log. */
let refusals: number;
/** Fails recording while true. */
let failing: boolean;

const policy = policyOf(
  [provider('main', issuer)],
  [
    technician('alice', issuer, { subject: 'oid-alice' }),
    technician('bruno', issuer, { mail: 'bruno@msp.example' }),
    technician('eve', issuer, { subject: 'oid-eve' }),
  ],
  [user('david', issuer, 'oid-david')],
);

beforeAll(async () => {
  folder = makeFolder();
  await start();
});
afterAll(async () => {
  await stop();
  folder.remove();
});
beforeEach(async () => {
  await people.learn([], [...people.directory.keys()]);
  out = [];
});

async function start(): Promise<void> {
  failing = false;
  out = [];
  ledger = await openLedger(folder);
  const writer: Pick<typeof ledger.ledger, 'run'> = {
    run: (command) =>
      failing ? Promise.reject(new Fault('ledger_unavailable', 'test')) : ledger.ledger.run(command),
  };
  const clock = { now: () => Date.now(), monotonic: () => performance.now() };
  people = await loadPeople({
    policies: { current: () => policy },
    ledger: writer,
    archive: ledger.archive,
    clock,
  });
  const app = express();
  refusals = 0;
  const warn = () => {
    refusals += 1;
  };
  const log = { error() {}, warn, info() {}, debug() {} };
  const gone = async (staff: readonly { readonly id: string }[]) =>
    void out.push(...staff.map(({ id }) => id));
  app.use(
    '/scim/v2',
    createScim({ token, portalUrl: new URL('https://portal.example'), people, out: gone, clock, log }),
  );
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

async function stop(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await ledger.close();
}

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads out of JSON
  readonly body: any;
}

async function scim(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/scim/v2${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (text !== '') expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/);
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const where = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;
const patch = (id: string, ...Operations: unknown[]) =>
  scim('PATCH', `/Users/${id}`, { schemas: [patchSchema], Operations });
const isOut = (id: string) =>
  (people.current().people.get(id) ?? people.current().users.get(id))?.until === 0;
const off = { op: 'replace', value: { active: false } };
const on = { op: 'replace', value: { active: true } };

/** As Microsoft Entra ID sends a new user. */
const entra = {
  schemas: [userSchema, enterprise],
  externalId: 'oid-alice',
  userName: 'Alice@msp.example',
  active: true,
  displayName: 'Alice Martin',
  emails: [{ primary: true, type: 'work', value: 'alice@msp.example' }],
  meta: { resourceType: 'User' },
  name: { formatted: 'Alice Martin', familyName: 'Martin', givenName: 'Alice' },
  roles: [],
  [enterprise]: { department: 'Support' },
};

/** As Okta sends one. */
const okta = {
  schemas: [userSchema],
  userName: 'alice@msp.example',
  name: { givenName: 'Alice', familyName: 'Martin' },
  emails: [{ primary: true, value: 'alice@msp.example', type: 'work' }],
  displayName: 'Alice Martin',
  locale: 'fr-FR',
  externalId: 'oid-alice',
  groups: [],
  password: '1mz050nq',
  active: true,
};

async function create(body: object = entra): Promise<string> {
  const answer = await scim('POST', '/Users', body);
  expect(answer.status).toBe(201);
  return answer.body.id as string;
}

/** What a library that knows the standard makes of an answer; it throws on wrong shapes. */
function checked(body: object): object {
  return JSON.parse(JSON.stringify(new SCIMMY.Schemas.User(body, 'both')));
}

describe('what it says about itself', () => {
  test('service, resource types and schemas', async () => {
    const config = await scim('GET', '/ServiceProviderConfig');
    expect(config.body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true },
    });
    const types = await scim('GET', '/ResourceTypes');
    expect(types.body).toMatchObject({
      totalResults: 1,
      Resources: [{ id: 'User', endpoint: '/Users', schema: userSchema }],
    });
    expect((await scim('GET', '/ResourceTypes/User')).body.schema).toBe(userSchema);
    const schemas = await scim('GET', '/Schemas');
    expect(schemas.body.Resources[0].id).toBe(userSchema);
    expect((await scim('GET', `/Schemas/${userSchema}`)).status).toBe(200);
    expect((await scim('GET', '/ResourceTypes/Group')).status).toBe(404);
  });

  test('each attribute of its schema is the standard’s', async () => {
    const ours = (await scim('GET', `/Schemas/${userSchema}`)).body.attributes as {
      name: string;
      type: string;
      multiValued: boolean;
    }[];
    const theirs = JSON.parse(JSON.stringify(SCIMMY.Schemas.User.definition.describe())) as {
      attributes: { name: string; type: string; multiValued: boolean }[];
    };
    const missing = ['externalId'];
    for (const { name, type, multiValued } of ours) {
      if (missing.includes(name)) continue;
      expect(theirs.attributes).toContainEqual(expect.objectContaining({ name, type, multiValued }));
    }
  });
});

describe('the dialect of Entra ID', () => {
  test('tests the connection, creates, finds, changes, switches off, deletes', async () => {
    const nobody = await scim('GET', where('userName eq "5f1a2c3d-0000-4000-8000-000000000000"'));
    expect([nobody.status, nobody.body]).toEqual([
      200,
      {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 0,
        startIndex: 1,
        itemsPerPage: 0,
        Resources: [],
      },
    ]);
    const created = await scim('POST', '/Users', entra);
    expect(created.status).toBe(201);
    const { id } = created.body as { id: string };
    expect(created.headers.get('location')).toBe(`https://portal.example/scim/v2/Users/${id}`);
    expect(created.body.meta.location).toBe(created.headers.get('location'));
    expect(created.body).toMatchObject({
      userName: 'Alice@msp.example',
      externalId: 'oid-alice',
      active: true,
    });
    expect(created.body).not.toHaveProperty(enterprise);
    expect(checked(created.body)).toMatchObject({ id, userName: 'Alice@msp.example', active: true });
    for (const filter of [
      'userName eq "alice@MSP.example"',
      'externalId eq "oid-alice"',
      `id eq "${id}"`,
      'emails.value eq "alice@msp.example"',
      'active eq true',
    ])
      expect((await scim('GET', where(filter))).body.Resources).toEqual([created.body]);
    expect((await scim('GET', where('externalId eq "OID-ALICE"'))).body.totalResults).toBe(0);

    const renamed = await patch(
      id,
      { op: 'Replace', path: 'displayName', value: 'Alice Durand' },
      { op: 'Add', path: 'name.familyName', value: 'Durand' },
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'durand@msp.example' },
      { op: 'Add', path: 'emails[type eq "home"].value', value: 'home@msp.example' },
      { op: 'Replace', path: `${enterprise}:department`, value: 'Hosting' },
      { op: 'Add', path: 'addresses[type eq "work"].formatted', value: 'Lyon' },
    );
    expect(renamed.status).toBe(200);
    expect(renamed.body).toMatchObject({
      displayName: 'Alice Durand',
      name: { givenName: 'Alice', familyName: 'Durand', formatted: 'Alice Martin' },
      emails: [
        { type: 'work', value: 'durand@msp.example', primary: true },
        { type: 'home', value: 'home@msp.example' },
      ],
    });
    expect(isOut('alice')).toBe(false);
    const switched = await patch(id, { op: 'Replace', path: 'active', value: 'False' });
    expect([switched.status, switched.body.active, out, isOut('alice')]).toEqual([
      200,
      false,
      ['alice'],
      true,
    ]);
    const back = await patch(id, {
      op: 'Add',
      value: { active: 'True', 'name.givenName': 'Alix', [`${enterprise}:department`]: 'x' },
    });
    expect([back.body.active, back.body.name.givenName, isOut('alice')]).toEqual([true, 'Alix', false]);
    const deleted = await scim('DELETE', `/Users/${id}`);
    expect([deleted.status, deleted.body, isOut('alice'), out]).toEqual([
      204,
      undefined,
      true,
      ['alice', 'alice'],
    ]);
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
    expect((await scim('GET', '/Users')).body.totalResults).toBe(0);
  });

  test('an attribute written out with its schema', async () => {
    const id = await create();
    await patch(id, { op: 'Replace', path: `${userSchema}:active`, value: 'False' });
    expect(isOut('alice')).toBe(true);
  });
});

describe('the dialect of Okta', () => {
  test('creates, pages, replaces the whole user, switches off without a path', async () => {
    const before = await scim('GET', `${where('userName eq "alice@msp.example"')}&startIndex=1&count=100`);
    expect(before.body.totalResults).toBe(0);
    const id = await create(okta);
    const whole = await scim('PUT', `/Users/${id}`, {
      ...okta,
      id,
      active: false,
      meta: { resourceType: 'User' },
    });
    expect([whole.status, whole.body.active, isOut('alice'), out]).toEqual([200, false, true, ['alice']]);
    expect((await patch(id, on)).body.active).toBe(true);
    expect(isOut('alice')).toBe(false);
    expect((await patch(id, off)).body.active).toBe(false);
    expect(isOut('alice')).toBe(true);
    expect(JSON.stringify(whole.body)).not.toContain('1mz050nq');
  });
});

describe('whom it means', () => {
  test('a user who is in no file gains nothing and takes nobody out', async () => {
    const before = people.current();
    const id = await create({ userName: 'stranger@msp.example', externalId: 'oid-stranger', active: true });
    await patch(id, off);
    expect(people.current()).toBe(before);
    expect(out).toEqual([]);
  });

  test('an entry by its mail address, before and after it is bound', async () => {
    const id = await create({ userName: 'BRUNO@msp.example', active: false });
    expect(out).toEqual(['bruno']);
    await people.bind({ issuer, subject: 'oid-bruno' }, 'bruno@msp.example');
    expect(people.current().people.get('bruno')?.subject).toBe('');
    await patch(id, on);
    await people.bind({ issuer, subject: 'oid-bruno' }, 'bruno@msp.example');
    expect(people.current().people.get('bruno')).toMatchObject({ subject: 'oid-bruno', until: undefined });
    const other = await create({ userName: 'x', externalId: 'oid-bruno', active: false });
    expect(isOut('bruno')).toBe(true);
    await patch(other, on);
    expect(isOut('bruno')).toBe(false);
  });

  test('people of the portal too, and nobody else', async () => {
    await create({ userName: 'david', externalId: 'oid-david', active: false });
    expect([out, isOut('david'), isOut('alice'), isOut('eve')]).toEqual([['david'], true, false, false]);
  });

  test('being renamed while switched off frees nobody', async () => {
    const id = await create({ ...entra, active: false });
    await scim('PUT', `/Users/${id}`, { userName: 'other@msp.example', externalId: 'oid-other' });
    expect(isOut('alice')).toBe(true);
    await patch(id, { op: 'remove', path: 'externalId' });
    expect(isOut('alice')).toBe(true);
    await scim('DELETE', `/Users/${id}`);
    expect(isOut('alice')).toBe(true);
  });

  test('whoever was deleted stays out until somebody with that name is created, active', async () => {
    await scim('DELETE', `/Users/${await create()}`);
    await create({ userName: 'alice2@msp.example', externalId: 'oid-other' });
    expect(isOut('alice')).toBe(true);
    const again = await create({ ...entra, active: false });
    expect(isOut('alice')).toBe(true);
    await patch(again, on);
    expect(isOut('alice')).toBe(false);
  });

  test('a user with the address of a deleted one frees the address alone', async () => {
    const body = { userName: 'bruno@msp.example', externalId: 'oid-eve' };
    await scim('DELETE', `/Users/${await create(body)}`);
    expect([isOut('bruno'), isOut('eve')]).toEqual([true, true]);
    await create({ userName: 'bruno@msp.example', externalId: 'oid-new' });
    expect([isOut('bruno'), isOut('eve')]).toEqual([false, true]);
  });

  test('of two users who mean the same person, the one that is off counts', async () => {
    await create();
    await create({ userName: 'second', externalId: 'oid-alice', active: false });
    expect(isOut('alice')).toBe(true);
  });
});

describe('what is durable', () => {
  test('everything, across a restart, and sealed', async () => {
    const id = await create();
    await patch(id, off);
    await scim('DELETE', `/Users/${await create({ userName: 'david', externalId: 'oid-david' })}`);
    await stop();
    for (const word of ['Martin', 'oid-alice', 'alice@msp'])
      expect(readFileSync(folder.file).includes(word)).toBe(false);
    await start();
    expect([isOut('alice'), isOut('david'), isOut('eve')]).toEqual([true, true, false]);
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({
      id,
      userName: 'Alice@msp.example',
      active: false,
    });
    await patch(id, on);
    await stop();
    await start();
    expect(isOut('alice')).toBe(false);
  });

  test('whoever is switched off is out even if it cannot be recorded; whoever is switched on is not in', async () => {
    const id = await create();
    failing = true;
    const answer = await patch(id, off);
    expect([answer.status, answer.body.schemas, isOut('alice'), out]).toEqual([
      503,
      ['urn:ietf:params:scim:api:messages:2.0:Error'],
      true,
      ['alice'],
    ]);
    expect((await patch(id, on)).status).toBe(503);
    expect(isOut('alice')).toBe(true);
    failing = false;
    expect((await patch(id, off)).status).toBe(200);
    expect((await patch(id, on)).status).toBe(200);
    expect(isOut('alice')).toBe(false);
  });

  test('the last word counts, whichever is recorded first', async () => {
    const id = await create();
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(
        [patch(id, on), patch(id, off), patch(id, on), patch(id, off)].map(async (one) => one),
      );
      const { active } = (await scim('GET', `/Users/${id}`)).body as { active: boolean };
      const stored = (await ledger.archive.learned()).directory.find((one) => one.id === id);
      expect([isOut('alice'), stored?.active]).toEqual([!active, active]);
    }
  });
});

describe('what is refused', () => {
  test.each([
    ['no secret', ''],
    ['another', `Bearer ${token}x`],
    ['the beginning of it', `Bearer ${token.slice(0, -1)}`],
    ['another scheme', `Basic ${Buffer.from(`x:${token}`).toString('base64')}`],
    ['the secret alone', token],
  ])('%s: 401, and nothing is told', async (_name, authorization) => {
    for (const path of ['/Users', '/ServiceProviderConfig', '/nothing']) {
      const answer = await scim('GET', path, undefined, { authorization });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="scim"']);
      expect(answer.body.status).toBe('401');
    }
    expect(refusals).toBe(1);
  });

  test.each<[string, string, string, unknown, number, string | undefined]>([
    [
      'a second user of that name',
      'POST',
      '/Users',
      { ...entra, userName: 'ALICE@msp.example' },
      409,
      'uniqueness',
    ],
    ['no user name', 'POST', '/Users', { externalId: 'x' }, 400, 'invalidValue'],
    ['a user name that is no text', 'POST', '/Users', { userName: 7 }, 400, 'invalidValue'],
    ['a user name of two lines', 'POST', '/Users', { userName: 'a\nb' }, 400, 'invalidValue'],
    ['a user name without end', 'POST', '/Users', { userName: 'a'.repeat(501) }, 400, 'invalidValue'],
    ['neither active nor not', 'POST', '/Users', { userName: 'x', active: 'maybe' }, 400, 'invalidValue'],
    ['active as a number', 'POST', '/Users', { userName: 'x', active: 0 }, 400, 'invalidValue'],
    ['emails that are texts', 'POST', '/Users', { userName: 'x', emails: ['a@b'] }, 400, 'invalidValue'],
    [
      'a hundred addresses',
      'POST',
      '/Users',
      { userName: 'x', emails: Array.from({ length: 100 }, (_, i) => ({ value: `${i}@x` })) },
      400,
      'tooMany',
    ],
    ['no JSON', 'POST', '/Users', '{', 400, 'invalidSyntax'],
    ['a list', 'POST', '/Users', [entra], 400, 'invalidSyntax'],
    ['nothing', 'POST', '/Users', undefined, 400, 'invalidValue'],
    [
      'a body of a megabyte',
      'POST',
      '/Users',
      { userName: 'x', title: 'x'.repeat(1_000_000) },
      413,
      'invalidSyntax',
    ],
    ['an unknown user', 'GET', '/Users/none', undefined, 404, undefined],
    ['a change of an unknown user', 'PATCH', '/Users/none', { Operations: [off] }, 404, undefined],
    ['the end of an unknown user', 'DELETE', '/Users/none', undefined, 404, undefined],
    ['groups', 'GET', '/Groups', undefined, 404, undefined],
    ['many at once', 'POST', '/Bulk', {}, 404, undefined],
    ['another operator', 'GET', where('userName co "a"'), undefined, 400, 'invalidFilter'],
    ['two conditions', 'GET', where('userName eq "a" and active eq true'), undefined, 400, 'invalidFilter'],
    ['another attribute', 'GET', where('password eq "a"'), undefined, 400, 'invalidFilter'],
    ['a filter with a broken text', 'GET', where('userName eq "\\u12"'), undefined, 400, 'invalidFilter'],
    ['a page that is no number', 'GET', '/Users?startIndex=x', undefined, 400, 'invalidValue'],
  ])('%s', async (_name, method, path, body, status, scimType) => {
    await create();
    const answer = await scim(method, path, body);
    expect([answer.status, answer.body.status, answer.body.scimType]).toEqual([
      status,
      String(status),
      scimType,
    ]);
    expect(answer.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error']);
    expect((await scim('GET', '/Users')).body.totalResults).toBe(1);
  });

  test.each<[string, unknown, string]>([
    ['without operations', [], 'invalidSyntax'],
    ['that is no operation', ['x'], 'invalidSyntax'],
    ['of another kind', [{ op: 'move', path: 'active' }], 'invalidSyntax'],
    ['that removes nothing in particular', [{ op: 'remove' }], 'noTarget'],
    ['that removes the user name', [{ op: 'remove', path: 'userName' }], 'mutability'],
    ['that removes active', [{ op: 'remove', path: 'ACTIVE' }], 'mutability'],
    ['that gives active no value', [{ op: 'replace', path: 'active' }], 'invalidValue'],
    ['that makes active a word', [{ op: 'replace', path: 'active', value: 'no' }], 'invalidValue'],
    ['with a path that cannot be read', [{ op: 'replace', path: 'name[', value: 'x' }], 'invalidPath'],
    ['with a path that is no text', [{ op: 'replace', path: {}, value: 'x' }], 'invalidPath'],
    [
      'with a filter on a single value',
      [{ op: 'replace', path: 'active[value eq true]', value: false }],
      'invalidPath',
    ],
    [
      'with another filter',
      [{ op: 'replace', path: 'emails[value sw "a"].value', value: 'x' }],
      'invalidFilter',
    ],
    ['with a text in place of attributes', [{ op: 'replace', value: 'x' }], 'invalidValue'],
    [
      'of which one is wrong',
      [{ op: 'replace', path: 'displayName', value: 'X' }, { op: 'remove' }],
      'noTarget',
    ],
    ['a thousand times', Array.from({ length: 1_000 }, () => off), 'tooMany'],
  ])('a change %s', async (_name, Operations, scimType) => {
    const id = await create();
    const answer = await scim('PATCH', `/Users/${id}`, { schemas: [patchSchema], Operations });
    expect([answer.status, answer.body.scimType]).toEqual([400, scimType]);
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({
      active: true,
      displayName: 'Alice Martin',
    });
  });

  test.each([
    { op: 'replace', path: '__proto__.polluted', value: true },
    { op: 'add', path: 'constructor.prototype', value: { polluted: true } },
    { op: 'add', path: 'name.__proto__', value: { polluted: true } },
    { op: 'add', path: 'emails[type eq "work"].__proto__', value: { polluted: true } },
  ])('nothing gets into the program by %j', async (operation) => {
    const id = await create();
    await patch(id, operation);
    await scim(
      'PATCH',
      `/Users/${id}`,
      `{"Operations":[{"op":"add","value":{"__proto__":{"polluted":true},"name":{"__proto__":{"polluted":true}}}}]}`,
    );
    await scim(
      'POST',
      '/Users',
      '{"userName":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({
      active: true,
      userName: 'Alice@msp.example',
    });
  });

  test('two users of one name at the same time are one', async () => {
    const answers = await Promise.all([scim('POST', '/Users', okta), scim('POST', '/Users', okta)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});

describe('lists', () => {
  test('come in pages that lose nobody', async () => {
    for (let i = 0; i < 7; i += 1) await create({ userName: `user-${i}` });
    const seen: string[] = [];
    for (let start = 1; start <= 7; start += 3) {
      const page = (await scim('GET', `/Users?startIndex=${start}&count=3`)).body;
      expect([page.totalResults, page.startIndex]).toEqual([7, start]);
      seen.push(...page.Resources.map((one: { userName: string }) => one.userName));
    }
    expect(seen.sort()).toEqual(Array.from({ length: 7 }, (_, i) => `user-${i}`));
    expect((await scim('GET', '/Users?count=0')).body).toMatchObject({ totalResults: 7, itemsPerPage: 0 });
    expect((await scim('GET', '/Users?startIndex=-3&count=-1')).body).toMatchObject({
      startIndex: 1,
      itemsPerPage: 0,
    });
  });

  test('show the attributes that are asked for', async () => {
    const id = await create();
    const some = (await scim('GET', `/Users/${id}?attributes=userName,name.givenName`)).body;
    expect(Object.keys(some).sort()).toEqual(['id', 'name', 'schemas', 'userName']);
    const others = (await scim('GET', `/Users/${id}?excludedAttributes=emails,id`)).body;
    expect(others).toHaveProperty('id');
    expect(others).not.toHaveProperty('emails');
  });
});

describe('the same changes by a library that knows the standard', () => {
  test.each<[string, { op: 'add' | 'remove' | 'replace'; path?: string; value?: unknown }[]]>([
    ['a value', [{ op: 'replace', path: 'displayName', value: 'X' }]],
    ['a part', [{ op: 'replace', path: 'name.givenName', value: 'X' }]],
    ['several without a path', [{ op: 'replace', value: { displayName: 'X', active: false } }]],
    ['parts without a path', [{ op: 'add', value: { name: { givenName: 'X' } } }]],
    ['an address more', [{ op: 'add', path: 'emails', value: [{ value: 'home@x.example', type: 'home' }] }]],
    [
      'the address of a kind',
      [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'new@x.example' }],
    ],
    [
      'other addresses',
      [{ op: 'replace', path: 'emails', value: [{ value: 'only@x.example', type: 'other' }] }],
    ],
    [
      'an address less',
      [
        { op: 'add', path: 'emails', value: [{ value: 'home@x.example', type: 'home' }] },
        { op: 'remove', path: 'emails[type eq "home"]' },
      ],
    ],
    ['no addresses', [{ op: 'remove', path: 'emails' }]],
    ['no display name', [{ op: 'remove', path: 'displayName' }]],
    ['a part less', [{ op: 'remove', path: 'name.formatted' }]],
    [
      'off and on and off',
      [
        { op: 'replace', path: 'active', value: false },
        { op: 'replace', path: 'active', value: true },
        { op: 'replace', path: 'active', value: false },
      ],
    ],
  ])('%s', async (_name, operations) => {
    const id = await create();
    const before = (await scim('GET', `/Users/${id}`)).body as object;
    const theirs = new SCIMMY.Messages.PatchOp({ schemas: [patchSchema], Operations: operations });
    const expected = await theirs.apply(new SCIMMY.Schemas.User(before, 'both'), async (changed) => changed);
    const ours = await patch(id, ...operations);
    const { meta: _a, schemas: _b, ...got } = checked(ours.body) as Record<string, unknown>;
    const {
      meta: _c,
      schemas: _d,
      ...wanted
    } = JSON.parse(JSON.stringify(expected ?? before)) as Record<string, unknown>;
    expect(got).toEqual(wanted);
  });
});
