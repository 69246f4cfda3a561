/**
 * Pictures, styles and scripts of a page: one line covers them, the end tells how many there were, and a browser may keep them
 * if it asks each time. What is no asset has its own lines and is kept by nobody.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawAnswer, raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

let upstream: HttpUpstream;
let gateway: TestGateway;
let access: OpenedAccess;
/** How many lines covered this access when the system was asked. */
let covered: Promise<number>[] = [];

beforeAll(async () => {
  upstream = await httpUpstream(async (req, res) => {
    const lines = told('access.static').then(({ length }) => length);
    covered.push(lines);
    await lines;
    const kept = { 'cache-control': 'public, max-age=31536000, immutable', expires: 'never', etag: '"v1"' };
    if (req.headers['if-none-match'] === '"v1"') return void res.writeHead(304, kept).end();
    res.writeHead(200, { 'content-type': 'text/css', 'content-length': 2, ...kept }).end('ok');
  });
  gateway = await startTestGateway({ erp: upstream.origin });
});

afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

beforeEach(async () => {
  access = await gateway.open({ purpose: 'support' });
  covered = [];
});

function ask(path: string, more = '', { host, cookie } = access): Promise<RawAnswer> {
  const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nSec-Fetch-Site: same-origin\r\n`;
  return raw(gateway.port, `${head}${more}\r\n`);
}

/** The lines of this kind that stand for this access. */
async function told(kind: string) {
  return (await gateway.lines()).filter(({ leaf }) => leaf.t === kind && leaf.session === access.opening);
}

/** Ends this access; what its last line says. */
async function end() {
  await gateway.app.authority.end({ client: 'acme', opening: access.opening }, 'technician', undefined);
  return (await gateway.lines()).find(
    ({ leaf }) => leaf.t === 'session.closed' && leaf.session === access.opening,
  )?.leaf;
}

describe('in the log', () => {
  test('one line stands before the first of them and for all of them, also when they are asked for at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(`/static/${i}.css`)));
    answers.push(await ask('/static/late.css'), await ask('/static/deep/er.js'));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await Promise.all(covered)).toEqual(answers.map(() => 1));
    const lines = await told('access.static');
    expect(lines.map(({ leaf }) => leaf)).toMatchObject([{ system: 'erp', operation: 'read' }]);
    expect(await told('access.intent')).toEqual([]);
    // What comes next carries every result that is owed: there is its own and no other.
    const results = async () => (await gateway.lines()).filter(({ leaf }) => leaf.t === 'access.result');
    const before = (await results()).length;
    await ask('/customers');
    await gateway.lastOutcome();
    expect(await results()).toHaveLength(before + 1);
  });

  test('the end tells how many there were, beside what has lines of its own', async () => {
    await ask('/customers');
    for (let i = 0; i < 3; i += 1) await ask('/static/app.css');
    expect(await end()).toMatchObject({ exchanges: 4, statics: 3 });
  });

  test('an access without any has no such line', async () => {
    await ask('/customers');
    expect(await told('access.static')).toEqual([]);
    expect(await end()).toMatchObject({ exchanges: 1, statics: 0 });
  });

  test('each access has its own line, and one more once the rights of the client have changed', async () => {
    const other = await gateway.open({ purpose: 'hotline' });
    await ask('/static/app.css');
    await ask('/static/app.css', '', other);
    expect(await told('access.static')).toHaveLength(1);
    await gateway.app.authority.end({ client: 'acme', opening: other.opening }, 'technician', undefined);
    expect((await ask('/static/app.css')).status).toBe(200);
    const epochs = (await told('access.static')).map(({ leaf }) => leaf.epoch);
    expect(new Set(epochs).size).toBe(2);
    // Ended is ended, line or not.
    expect((await ask('/static/app.css', '', other)).status).toBe(401);
  });
});

describe('in the browser', () => {
  const caching = ({ text }: RawAnswer): readonly string[] =>
    text.match(/^(?:cache-control|expires|pragma|age):.*$/gim) ?? [];

  test('an asset is kept by it alone, and asked for each time', async () => {
    const first = await ask('/static/app.css');
    expect(caching(first)).toEqual(['Cache-Control: private, no-cache']);
    expect(first.text).toMatch(/^etag: "v1"/im);
    const again = await ask('/static/app.css', 'If-None-Match: "v1"\r\n');
    expect([again.status, caching(again)]).toEqual([304, ['Cache-Control: private, no-cache']]);
  });

  test('a page is kept by nobody, whatever the system says', async () => {
    expect(caching(await ask('/customers'))).toEqual(['Cache-Control: no-store']);
  });
});
