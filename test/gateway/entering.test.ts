/**
 * The way in on a system's own host, byte for byte: what a browser is sent to the portal with, what it comes back with, and what
 * it has afterwards. Nothing of it is kept by a cache or told to the next page.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { crowdedOut, hashed, seal, unseal } from '../../src/gateway/wanted.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawAnswer, raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

describe('through the gateway', () => {
  let upstream: HttpUpstream;
  let gateway: TestGateway;
  let access: OpenedAccess;

  beforeAll(async () => {
    upstream = await httpUpstream();
    gateway = await startTestGateway({ erp: upstream.origin });
    access = await gateway.open({ purpose: 'support' });
  });

  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  /** A navigation with these cookies. */
  function go(path: string, cookies: readonly string[] = []): Promise<RawAnswer> {
    const kept = cookies.length === 0 ? '' : `Cookie: ${cookies.join('; ')}\r\n`;
    const how = 'Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Site: none\r\n';
    return raw(gateway.port, `GET ${path} HTTP/1.1\r\nHost: ${access.host}\r\n${how}${kept}\r\n`);
  }

  const valuesOf = ({ text }: RawAnswer, name: string): string[] =>
    [...text.matchAll(new RegExp(`^${name}: (.*)\\r$`, 'gim'))].map(([, value = '']) => value);

  const kept = (answer: RawAnswer): string[] =>
    valuesOf(answer, 'Set-Cookie')
      .filter((line) => !line.includes('Max-Age=0'))
      .map((line) => line.split(';')[0] ?? '');

  function expectUntold(answer: RawAnswer): void {
    expect(valuesOf(answer, 'Cache-Control')).toEqual(['no-store']);
    expect(valuesOf(answer, 'Referrer-Policy')).toEqual(['no-referrer']);
  }

  /** Sent to the portal, and back with a code that is worth something once. */
  async function begin(wanted: string) {
    const asked = await go(wanted);
    const to = new URL(valuesOf(asked, 'Location')[0] ?? '');
    const code = randomBytes(32).toString('base64url');
    await gateway.app.authority.run({
      do: 'code',
      code: {
        ...{ hash: hashed(code), opening: access.opening, system: 'acme/erp' },
        ...{ nonceHash: to.searchParams.get('n') ?? '', expiresAt: Date.now() + 60_000 },
      },
    });
    const id = to.searchParams.get('f') ?? '';
    return { asked, to, id, cookies: kept(asked), enter: `/.consentry/enter?code=${code}&f=${id}` };
  }

  test.each(['/customers?page=2', '/.consentry/declare?to=/customers'])(
    '%s leads to the portal, with what was wanted in a cookie of ten minutes',
    async (path) => {
      const { asked, to, id } = await begin(path);
      expect(asked.status).toBe(303);
      expect(to.origin + to.pathname).toBe(`${gateway.config.portalUrl.origin}/declare`);
      expect([to.searchParams.get('system'), to.href.includes('customers')]).toEqual(['acme/erp', false]);
      expectUntold(asked);
      const [line = '', ...more] = valuesOf(asked, 'Set-Cookie');
      expect(more).toEqual([]);
      expect(line.replace(/=[\w-]+/, '=…')).toBe(
        `__Host-consentry-f-${id}=…; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=Lax`,
      );
    },
  );

  test('comes back to what was wanted, with the host’s own cookie, once', async () => {
    const { cookies, enter, id } = await begin('/customers?page=2');
    const entered = await go(enter, cookies);
    expect([entered.status, ...valuesOf(entered, 'Location')]).toEqual([303, '/customers?page=2']);
    expectUntold(entered);
    const [forgotten, session = ''] = valuesOf(entered, 'Set-Cookie');
    expect(forgotten).toBe(`__Host-consentry-f-${id}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax`);
    expect(session).toMatch(/^__Host-consentry=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    expect((await go('/customers', kept(entered))).body).toBe('ok');
    const again = await go(enter, cookies);
    expect([again.status, kept(again)]).toEqual([403, []]);
    expectUntold(again);
  });

  test('leaves the former access of the same person, and nobody else’s', async () => {
    const former = async (person: string): Promise<number> => {
      const mine = await gateway.open({ purpose: 'support', person });
      const { cookies, enter } = await begin('/customers');
      expect((await go(enter, [...cookies, mine.cookie])).status).toBe(303);
      return (await go('/customers', [mine.cookie])).status;
    };
    expect(await former('alice')).toBe(303);
    // Known, and told what he lacks.
    expect(await former('bruno')).toBe(403);
  });

  test('to something that acts or downloads a page of the host leads on', async () => {
    const { cookies, enter } = await begin('/export/customers.csv?a=%22');
    const page = await go(enter, cookies);
    expect([page.status, ...valuesOf(page, 'Refresh')]).toEqual([200, '0; url=/export/customers.csv?a=%22']);
    expectUntold(page);
    expect(valuesOf(page, 'Content-Security-Policy')).toEqual(["default-src 'none'"]);
    expect(page.body).toContain('<a href="/export/customers.csv?a=%22">');
    expect(kept(page)).toHaveLength(1);
  });

  test('a code is worth nothing in another browser, or without what it was asked for with', async () => {
    const mine = await begin('/customers');
    const other = await begin('/customers');
    const code = new URL(mine.enter, 'http://x').searchParams.get('code');
    for (const [path, cookies] of [
      [mine.enter, []],
      [mine.enter, other.cookies],
      [`/.consentry/enter?code=${code}&f=${other.id}`, other.cookies],
      [`/.consentry/enter?f=${mine.id}`, mine.cookies],
    ] as const) {
      const answer = await go(path, cookies);
      expect([path, answer.status, kept(answer)]).toEqual([path, 403, []]);
    }
    expect((await go((await begin('/')).enter, [])).status).toBe(403);
    expect((await go(mine.enter, mine.cookies)).status).toBe(303);
  });

  test('of many tabs the last five are remembered', async () => {
    let jar: string[] = [];
    const all: string[] = [];
    for (let tab = 0; tab < 8; tab += 1) {
      const answer = await go(`/customers/${tab}`, jar);
      const names = valuesOf(answer, 'Set-Cookie').map((line) => line.split('=')[0] ?? '');
      jar = [...jar.filter((one) => !names.includes(one.split('=')[0] ?? '')), ...kept(answer)];
      all.push(...kept(answer));
      expect(jar).toEqual(all.slice(-5));
    }
  });
});

describe('what was wanted, sealed', () => {
  const key = randomBytes(32);
  const now = Date.parse('2026-03-02T09:00:00Z');
  const system = 'acme/erp';
  const { id, cookie, nonceHash } = seal(key, '/customers?page=2', system, now);
  const value = /=([\w-]+);/.exec(cookie)?.[1] ?? '';
  const other = seal(key, '/', system, now);

  test('is read for ten minutes, and a little before by a clock that differs', () => {
    const wanted = unseal(key, id, value, system, now);
    expect(wanted).toMatchObject({ path: '/customers?page=2', system, at: now });
    expect(hashed(wanted?.nonce ?? '')).toBe(nonceHash);
    const at = (ms: number) => unseal(key, id, value, system, now + ms) !== undefined;
    expect([-60_001, -60_000, 599_999, 600_000].map(at)).toEqual([false, true, true, false]);
  });

  const turned = `${value.slice(0, 20)}${value[20] === 'A' ? 'B' : 'A'}${value.slice(21)}`;
  test.each<[string, Buffer, string, string, string]>([
    ['another key', randomBytes(32), id, value, system],
    ['another id', key, other.id, value, system],
    ['another system', key, id, value, 'acme/backup'],
    ['one bit turned', key, id, turned, system],
    ['cut short', key, id, value.slice(0, 10), system],
    ['nothing', key, id, '', system],
  ])('is nothing with %s', (_name, ...sealed) => {
    expect(unseal(...sealed, now)).toBeUndefined();
  });

  test('makes room for one more: what cannot be read goes first, then the oldest', () => {
    const jar = new Map<string, string>([['__Host-consentry', 'the access itself']]);
    const names: string[] = [];
    for (const age of [3, 1, 4, 2]) {
      const [name = '', rest = ''] = seal(key, '/', system, now - age * 60_000).cookie.split('=');
      jar.set(name, rest.split(';')[0] ?? '');
      names.push(name);
    }
    const crowded = () => crowdedOut(key, jar, system, now);
    expect(crowded()).toEqual([]);
    jar.set('__Host-consentry-f-AAAAAAAAAAA', 'forged');
    expect(crowded()).toEqual(['__Host-consentry-f-AAAAAAAAAAA']);
    jar.set('__Host-consentry-f-BBBBBBBBBBB', 'forged');
    jar.set('__Host-consentry-f-CCCCCCCCCCC', 'forged');
    jar.delete('__Host-consentry-f-AAAAAAAAAAA');
    expect(crowded()).toEqual(['__Host-consentry-f-BBBBBBBBBBB', '__Host-consentry-f-CCCCCCCCCCC']);
    for (const letter of ['B', 'C']) jar.delete(`__Host-consentry-f-${letter.repeat(11)}`);
    for (const age of [0, 5]) {
      const [name = '', rest = ''] = seal(key, '/', system, now - age * 60_000).cookie.split('=');
      jar.set(name, rest.split(';')[0] ?? '');
      names.push(name);
    }
    // Six, of which four may stay: the ages are 3, 1, 4, 2, 0 and 5 minutes.
    expect(crowded()).toEqual([names[5], names[2]]);
  });
});
