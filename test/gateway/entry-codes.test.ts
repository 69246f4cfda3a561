/** One-time codes that let nobody in: each is told why, and stands in its client's log when it is known whose it was. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CodeReason, codeAnswers } from '../../src/core/reasons-codes.ts';
import { randomId } from '../../src/gateway/ids.ts';
import { hashed } from '../../src/gateway/wanted.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type RawAnswer, raw } from '../support/raw.ts';
import { type HttpUpstream, httpUpstream } from '../support/upstreams.ts';

let upstream: HttpUpstream;
let gateway: TestGateway;

beforeAll(async () => {
  upstream = await httpUpstream();
  gateway = await startTestGateway({ erp: upstream.origin });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

function get(path: string, host: string, lines: readonly string[] = []): Promise<RawAnswer> {
  const head = [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Sec-Fetch-Dest: document', ...lines];
  return raw(gateway.port, `${head.join('\r\n')}\r\n\r\n`);
}

/** What a line of the answer's head says. */
function line({ text }: RawAnswer, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)\r$`, 'im').exec(text.split('\r\n\r\n', 1)[0] ?? '')?.[1];
}

interface Way {
  readonly opening: string;
  readonly host: string;
  /** The cookie of the browser that began. */
  readonly cookie: string;
  readonly code: string;
  readonly path: string;
}

/** A browser that began here, and a code for it in an access that was just opened. */
async function begun(lives = 60_000): Promise<Way> {
  const { opening, host } = await gateway.open();
  const asked = await get('/.consentry/declare?to=/customers', host);
  const to = new URL(line(asked, 'location') ?? '').searchParams;
  const code = randomId(32);
  const made = await gateway.app.authority.run({
    do: 'code',
    code: {
      ...{ hash: hashed(code), opening, system: 'acme/erp', nonceHash: to.get('n') ?? '' },
      expiresAt: Date.now() + lives,
    },
  });
  expect(made).toEqual({ ok: true });
  const cookie = `Cookie: ${line(asked, 'set-cookie')?.split(';')[0]}`;
  return { opening, host, cookie, code, path: `/.consentry/enter?code=${code}&f=${to.get('f')}` };
}

function expectRefused(
  answer: RawAnswer,
  reason: CodeReason | 'opening_ended',
  language: 'en' | 'fr' = 'en',
) {
  expect([answer.status, line(answer, 'set-cookie')]).toEqual([403, undefined]);
  const page = Buffer.from(answer.body, 'latin1').toString().replaceAll('\u202f', ' ');
  expect(page).toContain(`<code>${reason}</code>`);
  if (reason !== 'opening_ended') expect(page).toContain(codeAnswers[reason].next[language]);
}

async function refusals(opening: string): Promise<readonly unknown[]> {
  const lines = await gateway.lines();
  return lines
    .filter(({ leaf }) => leaf.t === 'access.refused' && leaf.session === opening)
    .map(({ leaf }) => [leaf.reason, leaf.system, leaf.count]);
}

const english = 'Accept-Language: en';

test('the code of the browser that began lets it in, once', async () => {
  const { opening, host, cookie, path } = await begun();
  const entered = await get(path, host, [cookie]);
  expect([entered.status, line(entered, 'location')]).toEqual([303, '/customers']);
  expectRefused(await get(path, host, [cookie, english]), 'code_used');
  expectRefused(await get(path, host), 'code_used', 'fr');
  // The second of the same kind waits to be counted with what follows.
  expect(await refusals(opening)).toEqual([['code_used', 'erp', 1]]);
});

test('a code that is late', async () => {
  const { opening, host, cookie, path } = await begun(0);
  expectRefused(await get(path, host, [cookie, english]), 'code_expired');
  expect(await refusals(opening)).toEqual([['code_expired', 'erp', 1]]);
});

test('a code of an access that has ended', async () => {
  const { opening, host, cookie, path } = await begun();
  await gateway.app.authority.end({ client: 'acme', opening }, 'technician', undefined);
  expectRefused(await get(path, host, [cookie]), 'opening_ended');
  expect(await refusals(opening)).toEqual([['opening_ended', 'erp', 1]]);
});

describe('a stolen code', () => {
  test.each([
    ['with nothing of the browser that began', async () => []],
    ['with what another browser began', async () => [(await begun()).cookie]],
  ])('%s opens nothing and is told; who began still gets in', async (_, linesOf) => {
    const { opening, host, cookie, path } = await begun();
    expectRefused(await get(path, host, [...(await linesOf()), english]), 'code_elsewhere');
    expect(await refusals(opening)).toEqual([['code_elsewhere', 'erp', 1]]);
    expect((await get(path, host, [cookie])).status).toBe(303);
  });

  test('at a system of another client, whose log does not hear of it', async () => {
    const { opening, path } = await begun();
    const answer = await get(path, `payroll.martin.localhost:${gateway.port}`);
    expectRefused(answer, 'code_elsewhere', 'fr');
    expect(await refusals(opening)).toEqual([['code_elsewhere', '', 1]]);
    expect((await gateway.lines('martin')).filter(({ leaf }) => leaf.t === 'access.refused')).toEqual([]);
  });
});

test('codes that nobody was given are only counted, however many come', async () => {
  const { host, cookie, path } = await begun();
  const before = (await gateway.lines()).length;
  for (let nth = 0; nth < 20; nth += 1) {
    const guessed = path.replace(/code=[\w-]+/, `code=${randomId(32)}`);
    expectRefused(await get(guessed, host, nth % 2 === 0 ? [english] : [cookie, english]), 'code_unknown');
  }
  expect((await get('/.consentry/enter', host)).body).toContain('<code>opening_missing</code>');
  expect(await gateway.lines()).toHaveLength(before);
});
