/** `consentry profile learn` over traffic that the real gateway has recorded; what it prints passes the check. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { policyCommand } from '../../src/cli/policy.ts';
import { profileCommand } from '../../src/cli/profile.ts';
import type { CommandMain } from '../../src/cli/terminal.ts';
import { createErp } from '../../src/demo/erp.ts';
import type { DemoServer } from '../../src/demo/server.ts';
import { type OpenedAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { policyFolder } from '../support/policies.ts';
import { raw } from '../support/raw.ts';
import { terminalInto } from '../support/terminal.ts';

let erp: DemoServer;
let gateway: TestGateway;
let access: OpenedAccess;

async function run(
  command: CommandMain,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = terminalInto(out, err);
  return { code: await command(args, {}, terminal), out: out.join('\n'), err: err.join('\n') };
}

function learn(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { data, keys } = gateway.config;
  return run(profileCommand, 'learn', '--data', data, '--keys', keys, ...args);
}

beforeAll(async () => {
  // An application that nobody has described yet.
  const acme = await readFile('policies/clients/acme.yaml', 'utf8');
  const policies = await policyFolder({
    'clients/acme.yaml': acme.replace('profile: erp-demo', 'profile: generic'),
  });
  erp = await createErp();
  gateway = await startTestGateway({ erp: erp.origin, policies: policies.path });
  await policies.remove();
  access = await gateway.open({ purpose: 'support' });
  const head = (line: string, more = ''): string =>
    `${line} HTTP/1.1\r\nHost: ${access.host}\r\nCookie: ${access.cookie}\r\nSec-Fetch-Site: same-origin\r\n${more}\r\n`;
  const style = await (await fetch(`${erp.origin}/`)).text();
  const asset = /"(\/static\/[^"]+\.css)"/.exec(style)?.[1] ?? '/static/erp.css';
  for (const line of [
    'GET /',
    'GET /customers',
    'GET /customers/1002',
    'GET /customers/1003',
    'GET /nowhere',
  ])
    await raw(gateway.port, head(line, 'Accept: text/html\r\n'));
  await raw(gateway.port, head(`GET ${asset}`, 'Sec-Fetch-Dest: style\r\n'));
  await raw(gateway.port, head('GET /export/customers.csv'));
  const body = '{"method":"customer.read","params":{"id":"1002"}}';
  const json = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  await raw(gateway.port, head('POST /api/rpc', json) + body);
  await gateway.lastOutcome();
});

afterAll(async () => {
  await gateway?.close();
  await erp?.close();
});

test('proposes what was visited', async () => {
  const { code, out, err } = await learn('--client', 'acme', '--name', 'Shop: "ours"');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('application: { en: "Shop: \\"ours\\"", fr: "Shop: \\"ours\\"" }');
  const routes = out.split('\n').filter((line) => line.startsWith('  - '));
  expect(routes.map((line) => /path: "([^"]+)"/.exec(line)?.[1])).toEqual([
    '/',
    '/api/rpc',
    '/customers',
    '/customers/:id',
    '/export/:id',
    '/static/**',
  ]);
  expect(routes[1]).toContain('methods: [ "POST" ], operation: "write"');
  expect(routes[4]).toContain('operation: "copy"');
  expect(routes[5]).toContain('static: true');
  expect(out).not.toContain('TODO');
});

test('what it prints passes the check', async () => {
  const { out } = await learn('--client', 'acme', '--opening', access.opening, '--system', 'erp');
  const folder = await policyFolder({ 'profiles/erp-demo.yaml': `${out}\n` });
  expect(await run(policyCommand, 'check', folder.path, '--evaluation')).toMatchObject({ code: 0, err: '' });
  await folder.remove();
});

test.each([
  ['no client', [], 2, 'consentry profile learn'],
  ['a name with a line break', ['--client', 'acme', '--name', 'a\nb'], 2, 'consentry profile learn'],
  ['an unknown option', ['--client', 'acme', '--all'], 2, 'consentry profile learn'],
  ['an unknown client', ['--client', 'nobody'], 1, 'no log of this client'],
  ['an unknown opening', ['--client', 'acme', '--opening', 'x'], 1, 'nothing was opened there'],
  ['another system', ['--client', 'acme', '--system', 'backup'], 1, 'nothing was opened there'],
  ['a client that nobody entered', ['--client', 'martin'], 1, 'nobody has entered'],
])('%s', async (_name, args, code, message) => {
  const answer = await learn(...args);
  expect(answer).toMatchObject({ code, out: '' });
  expect(answer.err).toContain(message);
});
