/**
 * The commands without a browser as a technician runs them: one day of them as the built program’s own processes, the whole product, a real identity
 * provider, the page walked in a browser, and the machine's own curl.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { curlCommand } from '../../src/cli/curl.ts';
import { loginCommand, logoutCommand } from '../../src/cli/login.ts';
import { openCommand } from '../../src/cli/open.ts';
import { closeCommand, extendCommand, openingsCommand } from '../../src/cli/openings.ts';
import type { CommandMain } from '../../src/cli/terminal.ts';
import { createBackup } from '../../src/demo/backup.ts';
import { createErp } from '../../src/demo/erp.ts';
import { createIdentityProvider } from '../../src/demo/identity-provider.ts';
import { freePort, startTestGateway, type TestGateway } from '../support/gateway.ts';
import { type Answer, TestBrowser } from '../support/oidc.ts';

const program = join(import.meta.dirname, '../../dist/main.js');
const closing: (() => unknown)[] = [];
const running = new Set<ChildProcess>();

let gateway: TestGateway;
let portal: string;
let erp: string;
let backup: string;
/** The technician's machine. */
let machine: string;
let env: Record<string, string>;
let browser: TestBrowser;

beforeAll(async () => {
  const policies = await mkdtemp(join(tmpdir(), 'consentry-policies-'));
  closing.push(() => rm(policies, { recursive: true, force: true }));
  await cp('policies', policies, { recursive: true });
  await rm(join(policies, 'cases'), { recursive: true });
  const purposes = join(policies, 'purposes.yaml');
  const strong = '    authentication: { acr: ["urn:strong"] }\n';
  await writeFile(purposes, (await readFile(purposes, 'utf8')).replace(/^ {2}restore:\n/m, `$&${strong}`));
  const port = await freePort();
  portal = `http://portal.localhost:${port}`;
  erp = `http://erp.acme.localhost:${port}`;
  backup = `http://backup.acme.localhost:${port}`;
  const clientSecret = 'a-secret-of-the-tests-that-is-long-enough';
  const provider = await createIdentityProvider({
    clients: [
      { client_id: 'consentry', client_secret: clientSecret, redirect_uris: [`${portal}/callback/company`] },
    ],
    people: ['alice', 'claire'].map((login) => ({ login, name: login })),
    authentication: { acr: 'urn:weak', amr: ['pwd'] },
    stronger: { acr: 'urn:strong', amr: ['pwd', 'hwk'] },
  });
  closing.push(() => provider.close());
  const [books, silo] = [await createErp({}), await createBackup({})];
  closing.push(() => books.close());
  closing.push(() => silo.close());
  const upstreams = { erp: books.origin, backup: silo.origin };
  gateway = await startTestGateway({ port, policies, ...upstreams, issuer: provider.issuer, clientSecret });
  closing.push(() => gateway.close());
});

beforeEach(async () => {
  machine = await mkdtemp(join(tmpdir(), 'consentry-machine-'));
  closing.push(() => rm(machine, { recursive: true, force: true }));
  env = { PATH: process.env.PATH ?? '', HOME: machine, XDG_STATE_HOME: join(machine, 'state'), LANG: 'en' };
  browser = new TestBrowser();
});

afterEach(async () => {
  await gateway.app.authority.end({ client: 'acme', person: 'alice' }, 'technician', undefined);
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  for (const close of closing.reverse()) await close();
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return { code: code as number | null, err };
  });
  return { child, ended };
}

/** As its own process, for what its curl prints. */
async function spawned(...args: string[]): Promise<Ran> {
  const { child, ended } = start(args);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const { code, err } = await ended;
  return { code, out, err };
}

const commands: Readonly<Record<string, CommandMain>> = {
  ...{ login: loginCommand, logout: logoutCommand, open: openCommand },
  ...{ openings: openingsCommand, extend: extendCommand, close: closeCommand, curl: curlCommand },
};

/** In this process, which is much quicker; nobody sits there who could be asked. */
async function run(...args: string[]): Promise<Ran> {
  const [name = '', ...rest] = args;
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    print: (line: string) => void out.push(`${line}\n`),
    complain: (line: string) => void err.push(`${line}\n`),
    events: new EventEmitter(),
    exit: () => undefined,
  };
  const code = (await commands[name]?.(rest, env, terminal)) ?? -1;
  return { code, out: out.join(''), err: err.join('') };
}

const csrfIn = (page: Answer): string => /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';

async function send(path: string, form: Record<string, string>): Promise<Answer> {
  const csrf = csrfIn(await browser.go(`${portal}/device`));
  const headers = { origin: portal };
  return browser.go(`${portal}${path}`, { method: 'POST', form: { csrf, ...form }, headers });
}

/** The code that `consentry login` shows, and how it ends. */
async function beginLogin(...more: string[]) {
  const { child, ended } = start(['login', '--portal', portal, '--name', 'anna@tower', ...more]);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const code = /Code +([A-Z]{4}-[A-Z]{4})/.exec(line)?.[1];
    if (code !== undefined) return { code, lines, ended };
  }
  throw new Error(`no code: ${(await ended).err}`);
}

async function login(who = 'alice'): Promise<void> {
  const { code, lines, ended } = await beginLogin();
  expect(lines.join('\n')).toContain(`Open   ${portal}/device`);
  expect((await browser.signIn(`${portal}/device`, who)).text).toContain('Only if you started this yourself');
  expect((await send('/device', { code })).text).toContain('anna@tower');
  expect((await send('/device/confirm', { code, answer: 'yes', own: 'yes' })).text).toContain('signed in');
  expect(await ended).toEqual({ code: 0, err: '' });
}

const inc = ['--reference', 'INC-1'];

/** As somebody who reads what is to be confirmed. */
async function open(...args: string[]): Promise<Ran> {
  const first = await run('open', ...args);
  const hash = /--confirm (sha256:\S+)/.exec(first.err)?.[1];
  return hash === undefined ? first : run('open', ...args, '--confirm', hash);
}

const secretsIn = async (): Promise<string> => {
  const folder = join(machine, 'state/consentry/openings');
  const files = await readdir(folder);
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
};

/** Of the access to this system. */
async function secretsOf(system: string): Promise<string> {
  const listed = JSON.parse((await run('openings', '--json')).out) as {
    id: string;
    client: string;
    systems: { id: string }[];
  }[];
  const found = listed.find(({ client, systems }) => systems.some(({ id }) => `${client}/${id}` === system));
  return readFile(join(machine, `state/consentry/openings/${found?.id}.netrc`), 'utf8');
}

test('login, open, curl a page and a download, close; then nothing passes', async () => {
  await login();
  const unread = await spawned('open', 'acme/erp', '--purpose', 'hotline', ...inc);
  expect([unread.code, unread.err]).toEqual([1, expect.stringContaining('Open only the customer files')]);
  const opened = await open('acme/erp', '--purpose', 'hotline', ...inc);
  expect([opened.code, opened.out]).toEqual([0, expect.stringContaining(`consentry curl ${erp}/`)]);
  const state = join(machine, 'state/consentry');
  for (const file of await readdir(state, { recursive: true })) {
    const { mode } = await stat(join(state, file));
    expect([file, (mode & 0o077).toString(8)]).toEqual([file, '0']);
  }
  const secret = /ctool_[\w-]{43}/.exec(await secretsIn())?.[0] ?? '';
  expect(opened.out + opened.err).not.toContain(secret);

  const page = await spawned('curl', '-sS', `${erp}/api/customers`);
  expect([page.code, page.out]).toEqual([0, expect.stringContaining('"id"')]);
  const copied = await spawned('curl', '-sS', '-w', ' %{http_code}', `${erp}/export/customers.csv`);
  expect(copied.out).toMatch(/ 403$/);

  // Once per sign-in: now it is shown, and opens.
  const silo = await spawned('open', 'acme/backup', '--purpose', 'backup', ...inc, '--json');
  expect([silo.code, silo.err]).toEqual([0, expect.stringContaining('Open only the customer files')]);
  expect(JSON.parse(silo.out)).toMatchObject({ reference: 'INC-1', systems: [{ origins: [backup] }] });
  expect(silo.out).not.toContain('ctool_');
  const file = join(machine, 'archive');
  expect((await spawned('curl', '-sS', '-o', file, `${backup}/backups/b-0301/archive?mb=2`)).code).toBe(0);
  expect((await stat(file)).size).toBe(2 * 1024 * 1024);

  expect((await spawned('openings')).out.split('\n').filter(Boolean)).toHaveLength(2);
  // Which of them is said by a command that can be copied, as after opening.
  const which = await spawned('close');
  const [toErp = '', toBackup = ''] = [
    /consentry (close \S+)$/m.exec(opened.out)?.[1],
    `close ${JSON.parse(silo.out).id}`,
  ];
  expect([which.code, which.err]).toEqual([2, expect.stringContaining(`consentry ${toErp}\n`)]);
  expect(which.err).toContain(`consentry ${toBackup}\n`);
  expect((await run('extend', '--minutes', '15')).err).toMatch(/^ {4}consentry extend \S+ --minutes 15$/m);
  expect((await spawned(...toErp.split(' '))).out).toContain('closed  acme/erp, INC-1');
  const refused = await spawned('curl', '-sS', `${erp}/customers`);
  expect([refused.code, refused.out, refused.err]).toEqual([
    1,
    '',
    expect.stringContaining('nothing is sent'),
  ]);
  expect(await secretsIn()).not.toContain(secret);

  const lines = await gateway.lines();
  const kinds = (t: string) => lines.filter(({ leaf }) => leaf.t === t);
  expect(kinds('session.opened').map(({ leaf }) => leaf.command_line)).toEqual([true, true]);
  for (const { leaf } of kinds('access.intent')) expect(leaf.tool).toBe(true);
  const [newest] = kinds('session.opened');
  const claire = new TestBrowser();
  const address = `${portal}/history/${String(newest?.leaf.id)}`;
  let story = await claire.signIn(address, 'claire');
  // The page waits a moment for what is being counted, and is asked again until it is.
  while (story.status === 404) story = await claire.go(address);
  expect(story.text).toContain('declared by command line');
  expect(kinds('session.closed')).toHaveLength(1);
});

test('what is not an address of an open access gets nothing, and the credential stands on no command line', async () => {
  await login();
  await open('acme/erp', '--purpose', 'hotline', ...inc);
  const seen = join(machine, 'seen');
  await writeFile(join(machine, 'curl'), `#!/bin/sh\nfor one in "$@"; do echo "$one"; done >> '${seen}'\n`);
  await chmod(join(machine, 'curl'), 0o755);
  const path = env.PATH ?? '';
  env.PATH = `${machine}:${path}`;
  for (const address of [
    ...['http://evil.example/', `${erp}.evil.example/`, `${erp}@evil.example/`, `${erp}\\@evil.example/`],
    ...[erp.replace(/:\d+$/, ':1'), erp.replace('http:', 'https:'), `${backup}/`, `file:///etc/passwd`],
    ...[`http://{erp.acme.localhost,evil.example}/`, `--url=http://evil.example/`],
  ])
    expect([address, (await run('curl', address)).code]).toEqual([address, 1]);
  expect((await run('curl', `${erp}/`, 'http://evil.example/')).code).toBe(1);
  expect((await run('curl', '--opening', 'none', `${erp}/`)).code).toBe(1);
  for (const args of [[], ['erp'], ['-s'], [`${erp}/`, '--next', 'erp'], [`${erp}/`, '-K', 'file']])
    expect([args, (await run('curl', ...args)).code]).toEqual([args, 2]);
  await expect(stat(seen)).rejects.toThrow();

  expect((await run('curl', '-L', '-d', 'http://not.an/address', `${erp}/x`)).code).toBe(0);
  const plain = await readFile(seen, 'utf8');
  expect(plain.split('\n')).toEqual(
    expect.arrayContaining(['--netrc-file', '--proto', '=http', '-L', `${erp}/x`]),
  );
  await rm(seen);
  // Beside the application's own sign-in: a line of its own, which must not be carried to where a redirect leads.
  expect((await run('curl', '-L', '-u', 'erp:password', `${erp}/x`)).code).toBe(0);
  const beside = (await readFile(seen, 'utf8')).trim().split('\n');
  expect([beside[0], beside.at(-1)]).toEqual(['-q', '--no-location']);
  expect(beside).toContainEqual(expect.stringMatching(/^@.*\.header$/));
  expect(plain + beside.join('\n')).not.toContain('ctool_');
  await rm(join(machine, 'curl'));

  env.PATH = machine;
  const none = await run('curl', `${erp}/x`);
  expect([none.code, none.err]).toEqual([1, expect.stringContaining('this machine has no curl')]);
});

test('a refusal of Consentry’s own comes in the language of the terminal, unless another is asked for', async () => {
  await login();
  await open('acme/erp', '--purpose', 'hotline', ...inc);
  const refused = async (...args: string[]) => {
    const { out } = await spawned('curl', '-sSi', ...args, `${erp}/export/customers.csv`);
    return [/^HTTP\S+ (\d+)/.exec(out)?.[1], /^content-language: (\w+)/im.exec(out)?.[1]];
  };
  expect(await refused()).toEqual(['403', 'en']);
  expect(await refused('-H', 'accept-language: fr')).toEqual(['403', 'fr']);
  env.LANG = 'fr_FR.UTF-8';
  expect(await refused()).toEqual(['403', 'fr']);
});

test('curl itself sends the credential to the hosts of the access alone', async () => {
  await login();
  await open('acme/erp', '--purpose', 'hotline', ...inc);
  const trace = await spawned('curl', '-sSv', '-o', '/dev/null', `${erp}/customers`);
  expect(trace.err).toMatch(/> Authorization: Basic /);
  // Wherever curl is led, the file names the hosts of the access and no other.
  const heads: unknown[] = [];
  const { createServer } = await import('node:http');
  const elsewhere = createServer((req, res) => {
    heads.push(req.headers);
    res.end('elsewhere');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  closing.push(() => elsewhere.close());
  const address = elsewhere.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const netrc = (await readdir(join(machine, 'state/consentry/openings'))).find((one) =>
    one.endsWith('.netrc'),
  );
  const file = join(machine, 'state/consentry/openings', netrc ?? '');
  const child = spawn('curl', ['-sS', '--netrc-file', file, `http://other.localhost:${port}/`], { env });
  expect(await once(child, 'close')).toEqual([0, null]);
  expect(heads).toEqual([expect.not.objectContaining({ authorization: expect.anything() })]);
});

test('whoever sits there is asked, and yes is what confirms', async () => {
  await login();
  const said: string[] = [];
  const answers = ['no', 'yes', 'no', 'YES'];
  const terminal = {
    print: (line: string) => void said.push(line),
    complain: (line: string) => void said.push(line),
    ask: async (question: string) => {
      said.push(question);
      return answers.shift() ?? '';
    },
    events: new EventEmitter(),
    exit: () => undefined,
  };
  const open = (reference: string) =>
    openCommand(['acme/erp', '--purpose', 'hotline', '--reference', reference], env, terminal);
  expect(await open('INC-1')).toBe(1);
  expect(await open('INC-1')).toBe(0);
  expect(await open('INC-2')).toBe(1);
  expect(await open('INC-2')).toBe(0);
  expect(said.filter((line) => line.includes('Type yes'))).toEqual([
    ...['Confirm them? Type yes: ', 'Confirm them? Type yes: '],
    ...['Open it as well? Type yes: ', 'Open it as well? Type yes: '],
  ]);
});

test('what others may read is not used; who is not signed in gets told', async () => {
  for (const args of [
    ['open', 'acme/erp', '--purpose', 'hotline', ...inc],
    ['openings'],
    ['extend'],
    ['close'],
    ['logout'],
  ]) {
    const ran = await run(...args);
    expect([args[0], ran.code, ran.err]).toEqual([args[0], 1, expect.stringContaining('consentry login')]);
  }
  await login();
  const file = join(machine, 'state/consentry/session.json');
  await chmod(file, 0o644);
  const open = await run('openings');
  expect([open.code, open.err]).toEqual([1, expect.stringContaining('chmod 600')]);
  await chmod(file, 0o600);
  expect((await run('openings')).out).toBe('Nothing is open.\n');
  await writeFile(file, '{"portal":"http://evil.example"}');
  expect((await run('openings')).err).toContain('is damaged');
});

test.each([
  ['plain HTTP', ['login', '--portal', 'http://access.example.com']],
  ['no address', ['login', '--portal', 'access']],
  ['no portal', ['login']],
  ['an option that there is not', ['login', '--code', 'x']],
  ['no purpose', ['open', 'acme/erp', '--reference', 'INC-1']],
  ['no reference', ['open', 'acme/erp', '--purpose', 'hotline']],
  ['no system', ['open', '--purpose', 'hotline', '--reference', 'INC-1']],
  ['more time that is none', ['extend', '--minutes', 'x']],
  ['minutes that are none', ['open', 'a/b', '--purpose', 'p', '--reference', 'r', '--minutes', 'x']],
])('%s is not understood', async (_, args) => {
  expect((await run(...args)).code).toBe(2);
});

test('a code that is refused on the page signs nothing in', async () => {
  const { code, ended } = await beginLogin();
  await browser.signIn(`${portal}/device`, 'alice');
  await send('/device/confirm', { code, answer: 'no' });
  expect(await ended).toEqual({ code: 1, err: expect.stringContaining('access_denied') });
  await expect(stat(join(machine, 'state/consentry/session.json'))).rejects.toThrow();
});

/** What the shell of the sample backup server says first, to a program with this credential. */
async function firstOfShell(secret: string): Promise<string> {
  const { host, port } = new URL(backup);
  const headers = { host, authorization: `Bearer ${secret}` };
  const socket = new WebSocket(`ws://127.0.0.1:${port}/shell/ws`, { headers });
  try {
    const [data] = (await once(socket, 'message')) as [Buffer];
    return data.toString();
  } finally {
    socket.terminate();
  }
}

test('as the technicians’ page says: a SQL prompt, a shell and a backup through the demo', async () => {
  await login();
  await open('acme/erp', '--purpose', 'hotline', ...inc);
  const sql = ['-sS', '-w', '%{http_code}', '--data-urlencode', 'sql=SELECT count(*) AS n FROM invoices'];
  const change = ['-sS', '-w', '%{http_code}', '--data-urlencode', "sql=UPDATE customers SET note = 'x'"];
  expect((await spawned('curl', ...sql, `${erp}/sql`)).out).toBe('n\n6\n200');
  expect((await spawned('curl', ...change, `${erp}/sql`)).out).toMatch(/403$/);
  expect((await open('acme/erp', '--purpose', 'support', ...inc)).code).toBe(0);
  expect((await spawned('curl', ...change, `${erp}/sql`)).out).toMatch(/200$/);
  expect((await open('acme/backup', '--purpose', 'backup', ...inc)).code).toBe(0);
  const archive = await run(
    'curl',
    '-sSfO',
    '--output-dir',
    machine,
    `${backup}/backups/b-0315/archive?mb=1`,
  );
  expect([archive.code, (await stat(join(machine, 'archive'))).size]).toEqual([0, 1024 * 1024]);
  // Whoever has the socket has the machine: not for a purpose that only reads and copies.
  const copying = /password (ctool_\S+)/.exec(await secretsOf('acme/backup'))?.[1] ?? '';
  await expect(firstOfShell(copying)).rejects.toThrow('403');
});

test('a stronger sign-in in the browser counts at once; signing out there ends the command line and what it opened', async () => {
  await login();
  const weak = await open('acme/backup', '--purpose', 'restore', ...inc, '--note', 'Files of May are lost.');
  expect(weak.code).toBe(1);
  const page = /the page for it: (\S+)/.exec(weak.err)?.[1] ?? '';
  expect(page).toContain(`${portal}/sign-in/company?again=1`);
  await browser.signIn(page, 'alice');
  const strong = await open(
    'acme/backup',
    '--purpose',
    'restore',
    ...inc,
    '--note',
    'Files of May are lost.',
  );
  expect([strong.code, strong.err]).toEqual([0, expect.any(String)]);
  expect((await spawned('curl', '-sS', `${backup}/backups`)).out).toContain('b-0301');
  const secret = /password (ctool_\S+)/.exec(await secretsIn())?.[1] ?? '';
  expect(await firstOfShell(secret)).toBe('operator@silo:~$ ');

  await send('/sign-out', {});
  const refused = await spawned('curl', '-sS', `${backup}/backups`);
  expect([refused.code, refused.out, refused.err]).toEqual([1, '', expect.stringContaining('signed_out')]);
  expect((await run('open', 'acme/erp', '--purpose', 'hotline', ...inc)).err).toContain('signed_out');
  const direct = await browser.go(`${backup}/backups`, { headers: { authorization: `Bearer ${secret}` } });
  expect([direct.status, direct.text]).toEqual([403, expect.stringContaining('tool_ended')]);
});

test('a second case stays open beside the first; the same case anew closes the former; logout closes all', async () => {
  await login();
  const hotline = ['acme/erp', '--purpose', 'hotline'];
  expect((await open(...hotline, ...inc)).code).toBe(0);
  const asked = await run('open', ...hotline, '--reference', 'INC-2');
  expect([asked.code, asked.err]).toEqual([1, expect.stringContaining("--second 'INC-2'")]);
  expect((await run('open', ...hotline, '--reference', 'INC-2', '--second', 'INC-2')).code).toBe(0);
  expect((await run('open', ...hotline, ...inc, '--second', 'INC-1')).code).toBe(0);
  const open2 = JSON.parse((await run('openings', '--json')).out) as {
    id: string;
    reference: string;
    here: boolean;
  }[];
  expect(open2.map(({ reference, here }) => [reference, here]).sort()).toEqual([
    ['INC-1', true],
    ['INC-2', true],
  ]);
  // The credential of one is lost: it is closed all the same.
  const kept = join(machine, 'state/consentry/openings');
  for (const name of await readdir(kept)) if (name.includes(open2[0]?.id ?? '-')) await rm(join(kept, name));
  expect((await run('logout')).out).toContain('Signed out');
  expect(await readdir(join(machine, 'state/consentry'), { recursive: true })).toEqual(['openings']);
  const { openings } = await gateway.app.authority.client('acme');
  expect([...openings.values()].filter(({ reference }) => reference.startsWith('INC-'))).toEqual([]);
});

test('signing in anew on the same machine ends the command line before, with what it opened', async () => {
  await login();
  await open('acme/erp', '--purpose', 'hotline', ...inc);
  const { code, lines, ended } = await beginLogin();
  await send('/device', { code });
  await send('/device/confirm', { code, answer: 'yes', own: 'yes' });
  expect([await ended, lines.length > 0]).toEqual([{ code: 0, err: '' }, true]);
  expect((await run('openings')).out).toBe('Nothing is open.\n');
  expect(await readdir(join(machine, 'state/consentry/openings'))).toEqual([]);
  expect((await browser.go(`${portal}/device`)).text.match(/name="session"/g)).toHaveLength(1);
});

test('an access is lengthened by the command within its agreement, and what this machine keeps says so', async () => {
  await login();
  await open('acme/erp', '--purpose', 'hotline', ...inc, '--minutes', '10');
  const listed = async () =>
    JSON.parse((await run('openings', '--json')).out) as { id: string; ends_at: string }[];
  const [before] = await listed();
  const longer = await spawned('extend', 'acme/erp', '--minutes', '5');
  expect([longer.code, longer.err, longer.out]).toEqual([0, '', expect.stringContaining('acme/erp, INC-1')]);
  const [after] = await listed();
  expect(Date.parse(after?.ends_at ?? '') - Date.parse(before?.ends_at ?? '')).toBe(5 * 60_000);
  const file = join(machine, `state/consentry/openings/${before?.id}.json`);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ ends_at: after?.ends_at });
  expect((await spawned('curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', `${erp}/`)).out).toBe('200');
  const most = await run('extend', '--minutes', '9999');
  expect([most.code, most.err]).toEqual([1, expect.stringContaining('declaration_incomplete')]);
  expect((await run('extend', 'acme/backup')).code).toBe(1);
  const lines = (await gateway.lines()).filter(({ leaf }) => leaf.t === 'session.extended');
  expect(lines.map(({ leaf }) => [leaf.session, leaf.minutes])).toEqual([[before?.id, 5]]);
});

test('in French what people read is French, and what programs read is the same', async () => {
  env.LANG = 'fr_FR.UTF-8';
  const { code, lines, ended } = await beginLogin();
  expect(lines).toContain(`  Ouvrez ${portal}/device`);
  await browser.signIn(`${portal}/device`, 'alice');
  await send('/device', { code });
  await send('/device/confirm', { code, answer: 'yes', own: 'yes' });
  expect(await ended).toEqual({ code: 0, err: '' });
  const unread = await run('open', 'acme/erp', '--purpose', 'hotline', ...inc);
  expect([unread.code, unread.err]).toEqual([1, expect.stringContaining('Le client donne ces instructions')]);
  expect(unread.err).toContain('rien n’est ouvert');
  const opened = await open('acme/erp', '--purpose', 'hotline', ...inc, '--minutes', '10');
  expect(opened.out).toMatch(/^ouvert .*\npour .*\njusqu’à .*\nensuite +consentry curl http/);
  const french = JSON.parse((await run('openings', '--json')).out) as object[];
  env.LANG = 'en';
  const english = JSON.parse((await run('openings', '--json')).out) as object[];
  expect(french.map((one) => Object.keys(one))).toEqual(english.map((one) => Object.keys(one)));
  env.LC_ALL = 'fr_FR.UTF-8';
  const refused = await run('open', 'acme/none', '--purpose', 'hotline', ...inc);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('unknown_system')]);
  expect(refused.err).not.toMatch(/\b(the|this|system is)\b/i);
  expect((await run('extend', '--minutes', '9999')).err).toContain('minutes entières');
  expect((await run('curl', 'http://evil.example/')).err).toContain('rien n’est envoyé');
  expect((await run('close')).out).toMatch(/^fermé +acme\/erp, INC-1/);
  expect((await run('openings')).out).toBe('Rien n’est ouvert.\n');
  expect((await run('logout')).out).toContain('Déconnecté');
  expect((await spawned('help')).out).toContain('fermer ce que cette machine a ouvert');
});
