/**
 * The application's own signing in: `Authorization` and challenges pass where the profile says and never with a token of ours; a
 * form that a sign-in elsewhere posts goes on through a page of the system's own host; service workers only where listed.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { limits } from '../../src/gateway/limits.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type PolicyFolder, policyFolder } from '../support/policies.ts';
import { type OpenConnection, open, type RawAnswer, raw } from '../support/raw.ts';
import { stopwatch } from '../support/stopwatch.ts';
import { until } from '../support/streams.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

const routes = `routes:
  - { path: /saml/acs, methods: [POST], operation: read }
  - { path: /other, methods: [POST], operation: read }
  - { path: /sw.js, operation: read }
`;
const closed = `application: { en: Test, fr: Essai }\n${routes}`;
const opened = `${closed}pass_authorization: true
callbacks: [/saml/acs]
service_workers: [/sw.js]
`;

const token = `cst_${'a'.repeat(43)}`;
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

interface Setting {
  readonly policies: PolicyFolder;
  readonly upstream: HttpUpstream;
  readonly gateway: TestGateway;
  readonly access: OpenedAccess;
}

async function start(profile: string): Promise<Setting> {
  const policies = await policyFolder({ 'profiles/erp-demo.yaml': profile });
  const upstream = await httpUpstream(async (req, res, seen) => {
    const parts: Buffer[] = [];
    for await (const part of req as AsyncIterable<Buffer>) parts.push(part);
    seen.body = Buffer.concat(parts);
    const challenge = { 'www-authenticate': 'Basic realm="inner"', 'authentication-info': 'x' };
    const status = req.url === '/locked' ? 401 : 200;
    res.writeHead(status, { 'content-type': 'text/plain', 'content-length': 2, ...challenge }).end('ok');
  });
  const gateway = await startTestGateway({ erp: upstream.origin, policies: policies.path });
  return { policies, upstream, gateway, access: await gateway.open({ purpose: 'hotline' }) };
}

async function stop(setting: Setting | undefined): Promise<void> {
  await setting?.gateway.close();
  await setting?.upstream.close();
  await setting?.policies.remove();
}

function send(
  { gateway, access }: Setting,
  line: string,
  lines: readonly string[],
  body = '',
  cookie = true,
) {
  const head = [`${line} HTTP/1.1`, `Host: ${access.host}`, ...(cookie ? [`Cookie: ${access.cookie}`] : [])];
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  return raw(gateway.port, `${[...head, ...lines, ...length].join('\r\n')}\r\n\r\n${body}`);
}

const ownPage = ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty'];
const elsewhere = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
const form = 'Content-Type: application/x-www-form-urlencoded';
const worker = ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Dest: serviceworker', 'Service-Worker: script'];

describe('where the profile says nothing', () => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await start(closed);
  });
  afterAll(() => stop(setting));

  test('neither Authorization nor a challenge passes', async () => {
    const answer = await send(setting, 'GET /locked', [...ownPage, `Authorization: ${basic('a:b')}`]);
    expect(answer.status).toBe(401);
    expect(answer.text).not.toMatch(/www-authenticate|authentication-info|inner/i);
    expect(setting.upstream.requests.at(-1)?.headers.authorization).toBeUndefined();
  });

  test('a form from elsewhere and a service worker are refused', async () => {
    const before = setting.upstream.requests.length;
    const posted = await send(setting, 'POST /saml/acs', [...elsewhere, form], 'SAMLResponse=x');
    expect([posted.status, posted.body]).toEqual([403, expect.stringContaining('cross_site')]);
    const kept = await send(setting, 'GET /sw.js', worker);
    expect([kept.status, kept.body]).toEqual([403, expect.stringContaining('service_worker_refused')]);
    expect(setting.upstream.requests.length).toBe(before);
  });
});

describe('where the profile says so', () => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await start(opened);
  });
  afterAll(() => stop(setting));

  test.each([basic('ann:secret'), 'Bearer of-the-application', 'Digest username="ann"'])(
    'Authorization passes: %s',
    async (value) => {
      const answer = await send(setting, 'GET /locked', [...ownPage, `Authorization: ${value}`]);
      expect(setting.upstream.requests.at(-1)?.headers.authorization).toBe(value);
      expect(answer.text).toMatch(/www-authenticate: Basic realm="inner"/i);
    },
  );

  test.each([`Bearer ${token}`, `bearer  ${token}`, basic(`ann:${token}`), basic(`${token}:x`), token])(
    'a token of ours stays here: %s',
    async (value) => {
      const answer = await send(setting, 'GET /', [...ownPage, `Authorization: ${value}`]);
      expect(answer.status).toBe(200);
      expect(setting.upstream.requests.at(-1)?.headers.authorization).toBeUndefined();
    },
  );

  test('a form from elsewhere comes back as a page that sends it on, to nobody and before anything goes up', async () => {
    const before = setting.upstream.requests.length;
    const intents = async () =>
      (await setting.gateway.lines()).filter(({ leaf }) => leaf.t === 'access.intent').length;
    const recorded = await intents();
    const body = 'SAMLResponse=PHg%2B%0D%0A%3D&RelayState=%22%3E%3Cscript%3E&submit=%C3%A9+a';
    const answer = await send(setting, 'POST /saml/acs?idp=1&x=%22', [...elsewhere, form], body, false);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<form method="post" action="/saml/acs?idp=1&#38;x=%22">');
    expect(answer.body).toContain('name="SAMLResponse" value="PHg+&#13;&#10;="');
    expect(answer.body).toContain('name="RelayState" value="&#34;&#62;&#60;script&#62;"');
    expect(answer.text).toMatch(
      /content-security-policy: default-src 'none'; script-src 'sha256-[^']+'; frame-ancestors 'none'/i,
    );
    expect(answer.text).toMatch(/cache-control: no-store/i);
    expect(answer.text).not.toMatch(/set-cookie/i);
    expect(setting.upstream.requests.length).toBe(before);
    expect(await intents()).toBe(recorded);
  });

  test.each([
    ['another host of the site', ['Sec-Fetch-Site: same-site', ...elsewhere.slice(1)]],
    ['elsewhere, as older browsers tell it', ['Origin: https://idp.example']],
  ])('from %s too', async (_name, lines) => {
    const answer = await send(setting, 'POST /saml/acs', [...lines, form], 'SAMLResponse=x', false);
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('<form method="post"')]);
  });

  test('sent on from the own page it goes the whole way, with its line', async () => {
    const own = ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document', form];
    const answer = await send(setting, 'POST /saml/acs', own, 'SAMLResponse=x');
    expect([answer.status, answer.body]).toEqual([200, 'ok']);
    expect(setting.upstream.requests.at(-1)?.body.toString()).toBe('SAMLResponse=x');
    const line = (await setting.gateway.lines()).find(({ leaf }) => leaf.t === 'access.intent');
    expect(line?.leaf).toMatchObject({ method: 'POST', operation: 'read' });
    expect(line?.groups.target).toMatchObject({ path: '/saml/acs' });
  });

  const longest = `a=${'b'.repeat(limits.callbackBytes - 2)}`;
  const bad: readonly (readonly [string, string, readonly string[], string, number])[] = [
    ['a route that is not listed', '/other', [...elsewhere, form], 'a=b', 401],
    ['another type', '/saml/acs', [...elsewhere, 'Content-Type: text/plain'], 'a=b', 401],
    [
      'a call by a script',
      '/saml/acs',
      ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: cors', 'Sec-Fetch-Dest: empty', form],
      'a=b',
      401,
    ],
    [
      'in a frame',
      '/saml/acs',
      ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe', form],
      'a=b',
      401,
    ],
    ['compressed', '/saml/acs', [...elsewhere, form, 'Content-Encoding: gzip'], 'a=b', 401],
    ['from nobody knows where', '/saml/acs', [form], 'a=b', 401],
    ['another place in disguise', '//evil.example/saml/acs', [...elsewhere, form], 'a=b', 401],
    ['too long', '/saml/acs', [...elsewhere, form], `${longest}b`, 400],
    ['not in UTF-8', '/saml/acs', [...elsewhere, form], 'a=%ff', 400],
    ['a broken escape', '/saml/acs', [...elsewhere, form], 'a=%', 400],
    ['a NUL', '/saml/acs', [...elsewhere, form], 'a=%00', 400],
    ['too many fields', '/saml/acs', [...elsewhere, form], 'a=b&'.repeat(51), 400],
  ];

  test.each(bad)('not sent on: %s', async (_name, path, lines, body, status) => {
    const before = setting.upstream.requests.length;
    const answer = await send(setting, `POST ${path}`, lines, body, false);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('<form');
    expect(setting.upstream.requests.length).toBe(before);
  });

  test('a form without a body is sent on at once, as an empty one', async () => {
    const took = stopwatch();
    const answer = await send(setting, 'POST /saml/acs', [...elsewhere, form], '', false);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('<form method="post" action="/saml/acs">');
    expect(took().ran).toBeLessThan(5_000);
  });

  /** Without cookies, as browsers post it from elsewhere. */
  const post = (more: readonly string[]): string =>
    `${['POST /saml/acs HTTP/1.1', `Host: ${setting.access.host}`, ...elsewhere, form, ...more].join('\r\n')}\r\n\r\n`;

  test('the longest one is sent on, with a length and without', async () => {
    const chunked = (body: string): string =>
      `${post(['Transfer-Encoding: chunked'])}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const { port } = setting.gateway;
    const sent = await send(setting, 'POST /saml/acs', [...elsewhere, form], longest, false);
    expect([sent.status, sent.body]).toEqual([200, expect.stringContaining(`value="${longest.slice(2)}"`)]);
    expect((await raw(port, chunked(longest))).status).toBe(200);
    expect((await raw(port, chunked(`${longest}b`))).status).toBe(400);
  });

  test('of those on their way so many are held, and whoever is done or leaves makes room', async () => {
    const { gateway, upstream } = setting;
    const [before, recorded] = [upstream.requests.length, (await gateway.lines()).length];
    // Invited to send its body, which is when it is held.
    const hold = async (): Promise<OpenConnection> => {
      const one = open(gateway.port, post(['Content-Length: 3', 'Expect: 100-continue']));
      await one.until('100 Continue');
      return one;
    };
    const whole = (): Promise<RawAnswer> => raw(gateway.port, `${post(['Content-Length: 3'])}a=b`);
    const all = await Promise.all(Array.from({ length: limits.callbacks }, hold));
    const refused = await whole();
    expect([refused.status, refused.body]).toEqual([429, expect.stringContaining('too_many_requests')]);
    all[0]?.socket.write('a=b');
    await all[0]?.until('</html>');
    all[0] = await hold();
    expect((await whole()).status).toBe(429);
    for (const { socket } of all) socket.destroy();
    await until(async () => (await whole()).status === 200);
    expect([upstream.requests.length, (await gateway.lines()).length]).toEqual([before, recorded]);
  });

  test('a service worker passes where it is listed, and nowhere else', async () => {
    expect((await send(setting, 'GET /sw.js', worker)).status).toBe(200);
    const before = setting.upstream.requests.length;
    const older = ['Sec-Fetch-Site: same-origin', 'Service-Worker: script'];
    for (const path of ['/other.js', '/SW.js', '/sw.js/'])
      for (const lines of [worker, older]) {
        const answer = await send(setting, `GET ${path}`, lines);
        expect([answer.status, answer.body]).toEqual([
          403,
          expect.stringContaining('service_worker_refused'),
        ]);
      }
    expect(setting.upstream.requests.length).toBe(before);
  });
});
