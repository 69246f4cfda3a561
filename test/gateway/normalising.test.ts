/**
 * A page that the profile calls a write is never served to an opening that only reads, however its path is written
 * and however the system behind reads it; and to nobody under another name than its own in the log.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import {
  adminNames,
  adminPage,
  expressUpstream,
  hasNginx,
  iisPath,
  iisUpstream,
  type Normalising,
  nginxUpstream,
  otherPage,
  tomcatPath,
  tomcatUpstream,
} from '../support/normalising.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';
import { raw } from '../support/raw.ts';
import { pathVariants } from './path-variants.ts';

const profile = `application: { en: Test, fr: Essai }
routes:
${adminNames.map((name) => `  - { path: /${name}, operation: write }`).join('\n')}
  - { path: /public/**, operation: read }
`;

let policies: PolicyFolder;
beforeAll(async () => {
  policies = await policyFolder({ 'profiles/erp-demo.yaml': profile });
});
afterAll(() => policies.remove());

const variants = adminNames.flatMap(pathVariants);

test('the variants are many, and some are the page for each kind of server', () => {
  expect(variants.length).toBeGreaterThan(900);
  const isAdmin = (path: string | undefined): boolean => adminNames.some((name) => path === `/${name}`);
  const paths = variants.map((target) => target.split('?', 1)[0] ?? '');
  expect(paths.filter((path) => isAdmin(tomcatPath(path))).length).toBeGreaterThan(200);
  expect(paths.filter((path) => isAdmin(iisPath(path))).length).toBeGreaterThan(500);
});

async function behindNginx(): Promise<Normalising> {
  const tomcat = await tomcatUpstream();
  const nginx = await nginxUpstream(tomcat.origin);
  return {
    origin: nginx.origin,
    close: async () => void (await Promise.all([nginx.close(), tomcat.close()])),
  };
}

if (!hasNginx) {
  if (process.env.CI === 'true') throw new Error('nginx is missing and CI needs it');
  process.stderr.write('nginx is not installed: its way of reading paths is passed over\n');
}

const kinds: readonly (readonly [string, () => Promise<Normalising>])[] = [
  ['Express', expressUpstream],
  ['Tomcat', tomcatUpstream],
  ['IIS', iisUpstream],
  ...(hasNginx ? ([['nginx before Tomcat', behindNginx]] as const) : []),
];

describe.each(kinds)('%s', (_name, start) => {
  let upstream: Normalising;
  let gateway: TestGateway;

  beforeAll(async () => {
    upstream = await start();
    gateway = await startTestGateway({ erp: upstream.origin, policies: policies.path });
  });
  afterAll(async () => {
    await gateway?.close();
    await upstream?.close();
  });

  async function ask(access: OpenedAccess, target: string): Promise<string> {
    const head = `GET ${target} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\nAccept: application/json\r\nConnection: close\r\n\r\n`;
    return (await raw(gateway.port, head)).body;
  }

  test('never serves it to an opening that reads', async () => {
    const access = await gateway.open({ purpose: 'hotline' });
    const served: string[] = [];
    let others = 0;
    for (const target of variants) {
      const body = await ask(access, target);
      if (body.includes(adminPage)) served.push(target);
      if (body.includes(otherPage)) others += 1;
    }
    expect(served).toEqual([]);
    // The test would be worth nothing if everything were refused.
    expect(others).toBeGreaterThan(20);
    expect(await ask(access, '/public/a')).toContain(otherPage);
  }, 120_000);

  test('serves it to an opening that writes only under its own name in the log', async () => {
    const access = await gateway.open({ purpose: 'support' });
    const before = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.intent').length;
    const forwarded: { readonly target: string; readonly admin: boolean }[] = [];
    for (const target of variants) {
      const body = await ask(access, target);
      // What the gateway answers itself is a problem in JSON.
      if (!body.includes('"code"')) forwarded.push({ target, admin: body.includes(adminPage) });
    }
    const intents = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.intent').toReversed();
    const recorded = intents.slice(before).map(({ leaf, groups }) => {
      const path = groups.target === undefined || groups.target === 'erased' ? '' : groups.target.path;
      return `${leaf.operation} ${path}`;
    });
    expect(recorded.length).toBe(forwarded.length);
    const named = adminNames.map((name) => `write /${name}`);
    const wrong = forwarded.filter(({ admin }, at) => admin && !named.includes(recorded[at] ?? ''));
    expect(wrong).toEqual([]);
    expect(forwarded.filter(({ admin }) => admin).length).toBeGreaterThan(2);
  }, 120_000);
});
