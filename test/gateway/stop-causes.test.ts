/**
 * One way to end an access, whatever the cause: downloads, uploads, WebSockets and event streams end at both sides,
 * the log says why and how long the cut took, and the streams of others go on.
 */
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { stopCommand } from '../../src/cli/stop.ts';
import { createHostileProvider, type HostileProvider } from '../identity/hostile-provider.ts';
import { TestClock } from '../support/clock.ts';
import type { OpenedAccess, TestGateway } from '../support/gateway.ts';
import { type LiveGateway, startLiveGateway } from '../support/live-gateway.ts';
import { TestBrowser } from '../support/oidc.ts';
import { raw } from '../support/raw.ts';
import { stopwatch } from '../support/stopwatch.ts';
import {
  firstWords,
  type RunningStream,
  type StreamKind,
  type StreamUpstream,
  startStream,
  streamKinds,
  streamUpstream,
  until,
} from '../support/streams.ts';

const scimToken = 'the-secret-of-the-directory-0123456789';
const alices = /  alice:\n[\s\S]*?\n\n/;

/** One for each cause after which an agreement is not in force again. */
const anAgreement = {
  ...{ client: 'acme', systems: ['erp'], purposes: ['restore'] },
  operations: ['read', 'write', 'copy'],
} as const;

let upstreams: { readonly erp: StreamUpstream; readonly payroll: StreamUpstream };
let idp: HostileProvider;
let live: LiveGateway;
let clock: TestClock;
let gateway: TestGateway;

async function begin(): Promise<void> {
  upstreams = { erp: await streamUpstream(), payroll: await streamUpstream() };
  idp = await createHostileProvider();
  clock = new TestClock();
  const staff = await readFile(new URL('../../policies/staff.yaml', import.meta.url), 'utf8');
  const alice = alices.exec(staff)?.[0] ?? '';
  live = await startLiveGateway(
    {
      ...{ erp: upstreams.erp.origin, payroll: upstreams.payroll.origin, issuer: idp.issuer, scimToken },
      clock,
      agreements: [anAgreement, anAgreement, anAgreement],
    },
    [
      // Celine works beside Alice and is like her in everything.
      ['staff.yaml', alices, alice + alice.replace(/alice/g, 'celine')],
      // What ends by its time ends at its time.
      [
        'purposes.yaml',
        /(restore:[\s\S]*?)note: required([\s\S]*?)\n +finish_minutes: 120/,
        '$1note: optional$2',
      ],
    ],
  );
  gateway = live.gateway;
}

async function end(): Promise<void> {
  await live?.close();
  await idp?.close();
  await Promise.all(Object.values(upstreams ?? {}).map((upstream) => upstream.close()));
}

/** Somebody signed in to the portal in a browser of their own. */
async function signedIn(subject: string) {
  const portal = gateway.config.portalUrl;
  const browser = new TestBrowser();
  idp.lies = { claims: (claims) => ({ ...claims, sub: subject, acr: 'urn:consentry:evaluation:mfa' }) };
  const page = await browser.follow(portal);
  idp.lies = {};
  const token = (text: string): string => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  let csrf = token(page.text);
  return {
    get: (path: string) => browser.go(new URL(path, portal)),
    async post(path: string, form: Readonly<Record<string, string>> = {}) {
      if (csrf === '') csrf = token((await browser.go(new URL('/activity', portal))).text);
      const headers = { origin: portal.origin };
      return browser.go(new URL(path, portal), { method: 'POST', headers, form: { csrf, ...form } });
    },
  };
}

function start(kind: StreamKind, access: OpenedAccess): Promise<RunningStream> {
  const upstream = access.host.startsWith('payroll.') ? upstreams.payroll : upstreams.erp;
  return startStream(kind, gateway.port, access, upstream);
}

function scim(method: string, path: string, body: unknown) {
  const text = JSON.stringify(body);
  return raw(
    gateway.port,
    `${method} /scim/v2${path} HTTP/1.1\r\nHost: ${gateway.config.portalUrl.host}\r\nAuthorization: Bearer ${scimToken}\r\n` +
      `Content-Type: application/scim+json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

async function openingOf({ opening }: OpenedAccess) {
  const found = (await gateway.app.authority.client('acme')).openings.get(opening);
  if (found === undefined) throw new Error('it is not open');
  return found;
}

const closings = async (client = 'acme') =>
  (await gateway.lines(client)).map(({ leaf }) => leaf).filter(({ t }) => t === 'session.closed');

interface Cause {
  /** What the end of the access says, and the result of each of its streams. */
  readonly cause: string;
  /** Minutes for which it is opened. */
  readonly minutes?: number;
  /** Whose streams are ended with it: everything of Alice, or everything at Acme. */
  readonly with?: 'alice' | 'acme';
  /** Alice can open nothing more afterwards, whatever the policies say. */
  readonly stays?: true;
  readonly act: (access: OpenedAccess) => Promise<unknown>;
}

const causes: Readonly<Record<string, Cause>> = {
  'the representative stops it': {
    cause: 'stopped',
    act: async ({ opening }) => (await signedIn('claire')).post('/stop', { opening }),
  },
  'a reader stops it': {
    cause: 'stopped',
    act: async ({ opening }) => (await signedIn('marc')).post('/stop', { opening }),
  },
  'the agreement is withdrawn': {
    cause: 'revoked',
    act: async (access) =>
      (await signedIn('claire')).post(`/agreements/${(await openingOf(access)).grant}/revoke`),
  },
  'the agreement is suspended': {
    cause: 'suspended',
    act: async (access) =>
      (await signedIn('claire')).post(`/agreements/${(await openingOf(access)).grant}/suspend`),
  },
  'a representative disputes it': {
    cause: 'suspended',
    act: async ({ opening }) => {
      const form = { id: 'd'.repeat(22), opening, ground: 'We did not order this work.' };
      const answer = await (await signedIn('claire')).post('/matters/dispute', form);
      expect(answer.status).toBe(303);
      expect(await gateway.app.archive.matters('acme')).toContainEqual(
        expect.objectContaining({ opening, what: 'dispute' }),
      );
    },
  },
  'a technician contests its agreement': {
    cause: 'suspended',
    act: async (access) => {
      const { grant } = await openingOf(access);
      const form = {
        ...{ id: 'c'.repeat(22), client: 'acme', grant, instruction: 'agreement' },
        ground: 'It lets us copy health data.',
      };
      expect((await (await signedIn('alice')).post('/contests', form)).status).toBe(303);
      expect(await gateway.app.archive.matters('acme')).toContainEqual(
        expect.objectContaining({ what: 'contest' }),
      );
    },
  },
  'the technician closes it': {
    cause: 'technician',
    act: async ({ opening }) => {
      const alice = await signedIn('alice');
      const page = await alice.get(`/openings/${opening}`);
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      return alice.post(`/openings/${opening}/close`, { csrf });
    },
  },
  'the sign-in ends': {
    cause: 'signed-out',
    with: 'alice',
    act: async (access) =>
      gateway.app.authority
        .run({ do: 'logout', by: { login: (await openingOf(access)).login } })
        .then((ended) =>
          Promise.all(
            ended.openings.map(({ client, id }) =>
              gateway.app.authority.end({ client, opening: id }, 'signed-out', undefined),
            ),
          ),
        ),
  },
  'the identity provider ends the sign-in': {
    cause: 'signed-out',
    with: 'alice',
    act: async () => {
      const now = Math.floor(Date.now() / 1_000);
      const token = await idp.sign({
        iss: idp.issuer,
        aud: 'consentry',
        iat: now,
        exp: now + 60,
        jti: 'one',
        sub: 'alice',
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
      const url = new URL('/backchannel-logout/company', gateway.config.portalUrl);
      return new TestBrowser().go(url, { method: 'POST', form: { logout_token: token } });
    },
  },
  'the directory says that she has left': {
    stays: true,
    cause: 'leaver',
    with: 'alice',
    act: () =>
      scim('POST', '/Users', {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: 'alice@msp.example',
        externalId: 'alice',
        active: false,
      }),
  },
  'the staff file says that she has left': {
    cause: 'policy',
    with: 'alice',
    act: () => live.edit(['staff.yaml', /(alice:[\s\S]*?from: 2024-01-02\n)/, '$1    until: 2025-01-01\n']),
  },
  'the policy no longer permits the purpose there': {
    cause: 'policy',
    act: () => live.edit(['clients/acme.yaml', 'diagnosis, backup, restore,', 'diagnosis, backup,']),
  },
  'the client’s own instructions end what no longer fits them': {
    stays: true,
    cause: 'instructions',
    with: 'alice',
    act: async () => {
      const claire = await signedIn('claire');
      const form = { sensitivity: 'ordinary', assessment: 'unsaid', who: 'named', people: 'celine' };
      await claire.post('/instructions/new', form);
      const page = await claire.get('/instructions/review');
      const textHash = /name="textHash" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      return claire.post('/instructions/sign', { textHash, evaluation: '1' });
    },
  },
  'its time is over': {
    cause: 'expired',
    minutes: 1 / 2,
    act: async () => {
      clock.ahead = 30_000;
    },
  },
  'the operator stops the client': {
    cause: 'suspended',
    with: 'acme',
    act: () => {
      const { data, keys, guard } = gateway.config;
      const env = {
        CONSENTRY_PORTAL_URL: 'https://access.example.com',
        CONSENTRY_DATA: data,
        CONSENTRY_KEYS: keys,
        CONSENTRY_GUARD: guard,
      };
      const print = (): void => undefined;
      const terminal = { print, complain: print, events: new EventEmitter(), exit: print };
      return stopCommand(['--client', 'acme'], env, terminal);
    },
  },
};

async function ends(_name: string, { cause, minutes, with: also, act }: Cause): Promise<void> {
  const others = {
    celine: await gateway.open({ person: 'celine', purpose: 'support' }),
    martin: await gateway.open({ client: 'martin', system: 'payroll', purpose: 'support' }),
  };
  const theirs = await Promise.all([
    ...(also === 'acme'
      ? []
      : (['upload', 'websocket', 'events'] as const).map((kind) => start(kind, others.celine))),
    ...(also === 'alice' ? [] : [start('events', others.martin)]),
  ]);
  const access = await gateway.open({ purpose: 'restore', ...(minutes === undefined ? {} : { minutes }) });
  const mine = await Promise.all(streamKinds.map((kind) => start(kind, access)));
  const took = stopwatch();
  await act(access);
  await Promise.all(mine.map(({ over }) => over));

  for (const { kind, body } of mine)
    expect([kind, body()]).toEqual([kind, kind === 'upload' ? '' : firstWords]);
  for (const stream of theirs) await stream.goesOn();
  const again = `GET /customers HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n\r\n`;
  // Until its end is recorded, a moment later, an access that is over by its time is refused as such.
  expect([401, ...(cause === 'expired' ? [403] : [])]).toContain((await raw(gateway.port, again)).status);

  await until(async () => (await closings()).some(({ session }) => session === access.opening));
  const closed = (await closings()).filter(({ session }) => session === access.opening);
  expect(closed).toHaveLength(1);
  expect(closed[0]).toMatchObject({ cause, exchanges: 4 });
  expect(Number(closed[0]?.cut_ms)).toBeLessThan(1_000 + took().stood);
  // Results ride along with the next commit.
  await gateway.app.authority.run({ do: 'heartbeat', counts: [] });
  const lines = (await gateway.lines()).map(({ leaf }) => leaf);
  const intents = lines.filter(({ t, session }) => t === 'access.intent' && session === access.opening);
  const results = lines.filter(
    ({ t, request }) => t === 'access.result' && intents.some(({ id }) => id === request),
  );
  expect(results.map((leaf) => leaf.outcome)).toEqual(streamKinds.map(() => `terminated:${cause}`));
  const sum = (name: 'up' | 'down'): number => results.reduce((all, leaf) => all + Number(leaf[name]), 0);
  expect([sum('up'), sum('down')]).toEqual([firstWords.length, firstWords.length * 3]);
  expect([closed[0]?.up, closed[0]?.down]).toEqual([sum('up'), sum('down')]);
  expect(await gateway.app.archive.fsck()).toEqual([]);
  clock.ahead = 0;
}

const among = (stays: boolean) => Object.entries(causes).filter(([, one]) => (one.stays ?? false) === stays);

describe('each with a gateway of its own', () => {
  beforeEach(begin);
  afterEach(end);
  test.each(among(true))('%s', ends);
});

describe('one after the other', () => {
  beforeAll(begin);
  afterEach(() => live.restore());
  afterAll(end);
  test.each(among(false))('%s', ends);
});
