/**
 * What a system is told about who comes, checked as the system would: against the keys that the portal publishes, for its own
 * address, and no longer than it says.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose';
import type { Client, Opening, System } from '../../src/core/model.ts';
import { createAssertions } from '../../src/gateway/assertion.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

describe('through the gateway', () => {
  let erp: HttpUpstream;
  let backup: HttpUpstream;
  let gateway: TestGateway;

  beforeAll(async () => {
    erp = await httpUpstream();
    backup = await httpUpstream();
    gateway = await startTestGateway({ erp: erp.origin, backup: backup.origin });
  });

  afterAll(async () => {
    await gateway?.close();
    await erp?.close();
    await backup?.close();
  });

  async function published(): Promise<JSONWebKeySet> {
    const { body } = await raw(
      gateway.port,
      `GET /.well-known/jwks.json HTTP/1.1\r\nHost: ${gateway.config.portalUrl.host}\r\n\r\n`,
    );
    return JSON.parse(body);
  }

  /** What this request carries up, checked by whoever is known under `audience`. */
  async function said({ host, cookie }: OpenedAccess, seen: () => unknown, more = '') {
    await raw(
      gateway.port,
      `GET /ws HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nOrigin: http://${host}\r\n${more}\r\n`,
    );
    const keys = createLocalJWKSet(await published());
    const checked = await jwtVerify(String(seen()), keys, {
      issuer: gateway.config.portalUrl.origin,
      audience: `http://${host}`,
      algorithms: ['EdDSA'],
      maxTokenAge: 120,
      requiredClaims: ['sub', 'exp', 'purpose', 'grant', 'session'],
    });
    return checked.payload;
  }

  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

  test.each<[string, string, () => unknown]>([
    ['a request', '', () => erp.requests.at(-1)?.headers['consentry-assertion']],
    ['an upgrade', upgrade, () => erp.upgrades.at(-1)?.headers['consentry-assertion']],
  ])('%s says who, for which purpose, under which agreement', async (_name, more, seen) => {
    for (const purpose of ['support', 'hotline']) {
      const access = await gateway.open({ purpose });
      const { openings } = await gateway.app.authority.client('acme');
      const payload = await said(access, seen, more);
      const { exp = 0, iat = 0 } = payload;
      expect(payload).toMatchObject({ sub: 'alice', purpose, session: access.opening });
      expect(payload.grant).toBe(openings.get(access.opening)?.grant);
      expect(exp - iat).toBe(120);
    }
  });

  test('each system is told what is meant for it', async () => {
    const here = await gateway.open({ purpose: 'backup' });
    const there = await gateway.open({ purpose: 'backup', system: 'backup' });
    const one = await said(here, () => erp.requests.at(-1)?.headers['consentry-assertion']);
    const other = await said(there, () => backup.requests.at(-1)?.headers['consentry-assertion']);
    expect([one.aud, other.aud]).toEqual([`http://${here.host}`, `http://${there.host}`]);
    expect([one.session, other.session]).toEqual([here.opening, there.opening]);
  });

  test('only what verifies is published, and nothing of the other half', async () => {
    const { keys } = await published();
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x']]);
  });
});

describe('by a clock of the test', () => {
  const now = Date.parse('2026-03-02T09:00:00Z');
  const opening = { id: 'o-1', client: 'acme', person: 'alice', purpose: 'support', grant: 'g-1' } as Opening;
  const erp = { id: 'erp', publicOrigin: 'https://erp.acme.example' } as System;
  const wiki = { id: 'wiki', publicOrigin: 'https://wiki.acme.example' } as System;
  const snapshot = { clients: new Map<string, Client>() };

  function verified(jws: string, system: System, at: number, { jwks } = assertions) {
    return jwtVerify(jws, createLocalJWKSet(jwks as JSONWebKeySet), {
      audience: system.publicOrigin,
      currentDate: new Date(at),
    });
  }

  const assertions = createAssertions('https://portal.example');

  test('is good for a minute at least whenever it goes up, and for two at most', async () => {
    const first = assertions.of(opening, erp, snapshot, now);
    expect(assertions.of(opening, erp, snapshot, now + 59_999)).toBe(first);
    await verified(first, erp, now + 119_000);
    await expect(verified(first, erp, now + 120_000)).rejects.toThrow(errors.JWTExpired);
    const next = assertions.of(opening, erp, snapshot, now + 60_000);
    await verified(next, erp, now + 179_000);
  });

  test('where the client reads no names it says the term that stands for the person', async () => {
    const display = { level: 'pseudonym', terms: new Map([['alice', 'k7m2-p9qa']]) };
    const clients = new Map([['acme', { display } as unknown as Client]]);
    const jws = createAssertions('https://portal.example').of(opening, erp, { clients }, now);
    expect(decodeJwt(jws).sub).toBe('k7m2-p9qa');
  });

  test('a clock that was set back makes a new one', async () => {
    assertions.of(opening, erp, snapshot, now + 3_600_000);
    const earlier = await verified(assertions.of(opening, erp, snapshot, now), erp, now);
    expect(earlier.payload.iat).toBe(now / 1000);
  });

  test('the systems of one access are not mixed up', async () => {
    await verified(assertions.of(opening, erp, snapshot, now), erp, now);
    const jws = assertions.of(opening, wiki, snapshot, now);
    await verified(jws, wiki, now);
    await expect(verified(jws, erp, now)).rejects.toThrow(errors.JWTClaimValidationFailed);
  });

  test('an access that is over is forgotten', () => {
    const first = assertions.of(opening, erp, snapshot, now);
    assertions.forget('another');
    expect(assertions.of(opening, erp, snapshot, now + 1_000)).toBe(first);
    assertions.forget(opening.id);
    expect(assertions.of(opening, erp, snapshot, now + 1_000)).not.toBe(first);
  });

  test('another process signs with another key, under another name', async () => {
    const elsewhere = createAssertions('https://portal.example');
    const [mine, theirs] = [assertions, elsewhere].map((one) => one.of(opening, erp, snapshot, now));
    expect(decodeProtectedHeader(mine ?? '')).toMatchObject({ alg: 'EdDSA', typ: 'JWT' });
    expect(decodeProtectedHeader(mine ?? '').kid).not.toBe(decodeProtectedHeader(theirs ?? '').kid);
    await verified(theirs ?? '', erp, now, elsewhere);
    await expect(verified(theirs ?? '', erp, now)).rejects.toThrow(errors.JWKSNoMatchingKey);
  });
});
