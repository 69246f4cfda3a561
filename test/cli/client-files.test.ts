/** Files of clients from options and from a sheet: what is written passes the check, and with one fault nothing is written. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clientCommand } from '../../src/cli/client.ts';
import { policyCommand } from '../../src/cli/policy.ts';
import { sheetColumns } from '../../src/core/policy/client-sheet.ts';
import { folder } from '../core/policy-folder.ts';
import { stopwatch } from '../support/stopwatch.ts';
import { terminalInto } from '../support/terminal.ts';

let base: string;
let env: Readonly<Record<string, string>>;
const said: string[] = [];
const terminal = terminalInto(said);

const shared = {
  'defaults.yaml': `zone: Europe/Paris
contact: { name: Service, mail: service@msp.example }
use: contract/standard
host_pattern: "{system}.{client}.door.example"
systems:
  "*": { environment: production, profile: generic, purposes: [support] }
controllers: { issuer: "https://login.clients.example" }
`,
  'contracts/standard.yaml': `services: [support]
processing:
  subject: Support
  duration: That of the contract
  nature: Remote work
  purpose: Help for users
  data_types: [contacts]
  persons: [customers]
  obligations: Documented instructions
`,
};

beforeEach(async () => {
  said.length = 0;
  base = await mkdtemp(join(tmpdir(), 'consentry-clients-'));
  for (const { path, text } of folder(shared)) {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), text);
  }
  env = { CONSENTRY_POLICIES: base, CONSENTRY_PORTAL_URL: 'https://portal.msp.example' };
});

afterEach(() => rm(base, { recursive: true, force: true }));

const run = (...args: string[]): Promise<number> => clientCommand(args, env, terminal);
const check = (): Promise<number> => policyCommand(['check'], env, terminal);
const clients = async (): Promise<readonly string[]> => (await readdir(join(base, 'clients'))).sort();
const fileOf = (id: string): Promise<string> => readFile(join(base, 'clients', `${id}.yaml`), 'utf8');

async function importing(text: string | Uint8Array, ...options: string[]): Promise<number> {
  await writeFile(join(base, 'sheet.csv'), text);
  return run('import', join(base, 'sheet.csv'), ...options);
}

/** What was said, without the name of the sheet. */
const told = (): readonly string[] => said.map((line) => line.replace(`${join(base, 'sheet.csv')}: `, ''));

describe('client new', () => {
  const usual = [
    'dupont',
    ...['--name', 'Dupont SAS', '--tags', 'first-line', '--reference', 'C-2026-017', '--from', '2026-01-01'],
    ...['--system', 'erp=https://10.7.0.1:8069', '--system', 'files=https://10.7.0.2'],
    ...['--controller', 'b-dupont', '--controller-name', 'B. Dupont', '--function', 'Gérante'],
    ...['--role', 'representative', '--subject', 'c-7', '--authority', 'Kbis 2026-01-05'],
  ];

  test('writes a usual client in at most twelve lines, and the policy passes its check', async () => {
    expect(await run('new', ...usual)).toBe(0);
    const text = await fileOf('dupont');
    expect(text).toMatch(/^status: preparing$/m);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
    expect(await check()).toBe(0);
    expect(said.at(-1)).toBe('policies are in order: 3 clients, 4 hosts, 1 people, 1 purposes');
  });

  test('does not write over a file, unless told to', async () => {
    await run('new', ...usual);
    const before = await fileOf('dupont');
    expect(await run('new', ...usual, '--status', 'live')).toBe(1);
    expect(said).toContain('clients/dupont.yaml is there already; --replace writes it anew');
    expect(await fileOf('dupont')).toBe(before);
    const accepted = [
      '--single-approver-until',
      '2099-12-31',
      '--single-approver-reason',
      'She decides alone',
    ];
    expect(await run('new', ...usual, '--status', 'live', ...accepted, '--replace')).toBe(0);
    expect(await fileOf('dupont')).toContain('status: live');
    expect(await check()).toBe(0);
  });

  test('a live client with one approver is told, and not written, unless that is accepted for a while', async () => {
    expect(await run('new', ...usual, '--status', 'live')).toBe(1);
    expect(said[0]).toMatch(
      /^its file names one approver only: nominate a second, or accept it with absence\./,
    );
    expect(await clients()).toEqual(['acme.yaml', 'martin.yaml']);
    const over = ['--single-approver-until', '2026-01-31', '--single-approver-reason', 'For a month'];
    said.length = 0;
    expect(await run('new', ...usual, '--status', 'live', ...over)).toBe(1);
    expect(said[0]).toMatch(/^--single-approver-until: .* accepted until 2026-01-31/);
    said.length = 0;
    expect(await run('new', ...usual, '--status', 'live', ...over.slice(0, 2))).toBe(1);
    expect(said[0]).toContain('stand together');
  });

  test('says what is wrong by the option it was said with, and writes nothing', async () => {
    const wrong = usual.map((word) =>
      word === '2026-01-01' ? '2026-02-30' : word === 'representative' ? 'boss' : word,
    );
    expect(await run('new', ...wrong)).toBe(1);
    expect(said).toEqual([
      '--from: must be a real date (2026-03-31) or a time with its offset (2026-03-31T18:00:00+02:00)',
      '--role: must be one of: representative, delegate, reader',
      '2 faults; nothing was written',
    ]);
    expect(await clients()).toEqual(['acme.yaml', 'martin.yaml']);
  });

  test('a fault of the whole policy is told at the option too', async () => {
    const wrong = usual.map((word) =>
      word === 'files=https://10.7.0.2' ? 'files=https://169.254.169.254' : word,
    );
    expect(await run('new', ...wrong)).toBe(1);
    expect(said).toEqual([
      '--upstream: an upstream must not be a loopback, link-local, metadata or multicast address',
      '1 fault; nothing was written',
    ]);
  });

  test.each([[[]], [['dupont', 'martin']], [['dupont', '--nmae', 'x']]])(
    'does not understand %j',
    async (args) => {
      expect(await run('new', ...args)).toBe(2);
      expect(said[0]).toMatch(/^consentry client new/);
    },
  );
});

describe('client import', () => {
  const header =
    'client;name;reference;from;system;upstream;controller;controller_name;function;role;subject;authority';
  const rows = [
    'dupont;Dupont "SAS";C-1;2026-01-01;erp;https://10.7.0.1;b-dupont;B. Dupont;PDG;representative;c-7;Kbis',
    'dupont;;;;files;https://10.7.0.2;c-dupont;C. Dupont;DPO;reader;c-8;DPO-1',
    'zoe;Zoé, Fils & Cie;C-2;2026-01-01;erp;https://10.8.0.1;;;;;;',
  ].map((row) => row.replace('Dupont "SAS"', '"Dupont ""SAS"""'));

  test('one row per system; what belongs together by its id becomes one file', async () => {
    expect(await importing(`\uFEFF${[header, ...rows].join('\r\n')}\r\n`)).toBe(0);
    expect(said.at(-1)).toBe(`2 clients, 3 systems in ${base}; the policies are in order`);
    expect(await clients()).toEqual(['acme.yaml', 'dupont.yaml', 'martin.yaml', 'zoe.yaml']);
    const dupont = await fileOf('dupont');
    expect(dupont).toContain('name: Dupont "SAS"');
    expect(dupont).toMatch(/erp: .*10\.7\.0\.1/);
    expect(dupont).toMatch(/files: .*10\.7\.0\.2/);
    expect(dupont).toMatch(/c-dupont: .*reader/);
    expect(await fileOf('zoe')).toContain('controllers: {}');
    expect(await check()).toBe(0);
  });

  test('with commas the same', async () => {
    const commas = [header, ...rows].map((row) =>
      row
        .split(';')
        .map((cell) => (cell.includes(',') ? `"${cell}"` : cell))
        .join(','),
    );
    expect(await importing(commas.join('\n'))).toBe(0);
    expect(await fileOf('zoe')).toContain('name: Zoé, Fils & Cie');
  });

  test('--dry-run checks everything and writes nothing', async () => {
    expect(await importing([header, ...rows].join('\n'), '--dry-run')).toBe(0);
    expect(said[0]).toBe('would write  clients/dupont.yaml');
    expect(await clients()).toEqual(['acme.yaml', 'martin.yaml']);
  });

  test('all faults at once, each with row and column; nothing is written', async () => {
    const wrong = [
      header,
      'Dupont;X;C-1;2026-01-01;erp;https://10.7.0.1;;;;;;',
      'zoe;Zoé;C-2;2026-02-31;erp;10.8.0.1;;;;;;',
      'zoe;Zoe;;;crm;https://10.8.0.2;;;;boss;;',
      'anna;Anna;C-3;2026-01-01;erp;https://10.9.0.1;a;A. A.;CEO;boss;c-9;Kbis',
      'bea;Bea;C-4;2026-01-01',
      ';;;;;;;;;;;x',
      'no-name;;C-5;2026-01-01;;;;;;;;',
      'c"d;x;;;;;;;;;;',
    ];
    expect(await importing(wrong.join('\n'))).toBe(1);
    expect(told()).toEqual([
      'row 2, column client: must be an id: small letters, digits and -, beginning with a letter',
      'row 3, column from: must be a real date (2026-03-31) or a time with its offset (2026-03-31T18:00:00+02:00)',
      'row 3, column upstream: must be an http or https address without user, query or fragment',
      'row 4, column name: row 3 says "Zoé"; it must be the same, or empty',
      'row 4, column role: says something of a controller, but the column "controller" does not say which',
      'row 5, column role: must be one of: representative, delegate, reader',
      'row 6: has 4 cells where the first line names 12 columns',
      'row 7, column client: must be an id: small letters, digits and -, beginning with a letter',
      'row 8, column client: "name" is missing',
      'row 9: a quote may stand only around a whole cell; inside one it is written twice',
      '10 faults; nothing was written',
    ]);
    expect(await clients()).toEqual(['acme.yaml', 'martin.yaml']);
  });

  test('what only shows in the whole folder is told at its cell too', async () => {
    const wrong = [
      'client,name,reference,from,profile,hosts,system,upstream,controller,controller_name,function,role,subject,authority',
      'zoe,Zoé,C-2,2026-01-01,shap,,erp,https://10.1.0.1:8443,c,C,PDG,reader,c-7,Kbis',
      'zoe,,,,,,,,d,D,DAF,reader,c-7,Kbis',
      'anna,Anna,C-3,2026-01-01,,a.example erp.acme.example,erp,https://10.9.0.1,,,,,,',
    ];
    expect(await importing(wrong.join('\n'))).toBe(1);
    expect(told().toSorted()).toEqual([
      '5 faults; nothing was written',
      'clients/acme.yaml:10:22: this upstream also serves another client (clients/zoe.yaml:6); both must give shared_upstream',
      'row 2, column profile: unknown profile "shap"',
      'row 2, column upstream: this upstream also serves another client (clients/acme.yaml:10); both must give shared_upstream',
      'row 3, column subject: this account already stands at clients/zoe.yaml:8',
      'row 4, column hosts: the host erp.acme.example is already used at clients/acme.yaml:8',
    ]);
  });

  test.each([
    ['an unknown column', 'client,nmae\nzoe,x\n', ['row 1, column nmae: there is no such column']],
    ['a column twice', 'client,name,name\nzoe,x,x\n', ['row 1, column name: this column is there twice']],
    [
      'no column for the id',
      'name\nx\n',
      ['row 1: the first line must name the columns; "client" is missing'],
    ],
    ['nothing', '', ['row 1: the sheet is empty']],
    [
      'an id that means something to JavaScript',
      'client,name,system,upstream\nzoe,Z,__proto__,https://10.0.0.1\n',
      ['row 2, column system: must be an id'],
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await importing(text)).toBe(1);
    for (const [index, line] of expected.entries()) expect(told()[index]).toContain(line);
    expect(({} as { upstream?: unknown }).upstream).toBeUndefined();
  });

  test('a sheet in another encoding, or that is not there', async () => {
    expect(await importing(Buffer.from('client;name\nzoe;Zo\xe9\n', 'latin1'))).toBe(1);
    expect(told()).toEqual(['is not UTF-8; save it as "CSV UTF-8"']);
    expect(await run('import', join(base, 'none.csv'))).toBe(1);
  });

  test('a file that is there stays, unless told otherwise; then all are written', async () => {
    const acme = await fileOf('acme');
    const sheet = `client,name,reference,from\nacme,Acme,C-1,2026-01-01\nzoe,Zoé,C-2,2026-01-01\n`;
    expect(await importing(sheet)).toBe(1);
    expect(told()[0]).toBe(
      'row 2, column client: clients/acme.yaml is there already; --replace writes it anew',
    );
    expect([await fileOf('acme'), await clients()]).toEqual([acme, ['acme.yaml', 'martin.yaml']]);
    expect(await importing(sheet, '--replace')).toBe(0);
    expect(await fileOf('acme')).not.toBe(acme);
    expect((await clients()).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('the columns are listed', async () => {
    expect(await run('import', '--columns')).toBe(0);
    expect(said.map((line) => line.split(' ')[0])).toEqual(Object.keys(sheetColumns));
  });

  test('the columns are documented, each as it is listed', async () => {
    const page = await readFile('docs/policy/clients.md', 'utf8');
    for (const [column, { help }] of Object.entries(sheetColumns))
      expect(page).toContain(`| \`${column}\` | ${help} |`);
  });

  test('150 clients and 500 systems from one sheet pass the check', async () => {
    const lines = Array.from({ length: 500 }, (_, nth) => {
      const client = nth % 150;
      const first = nth < 150;
      const head = first ? `Client n° ${client};C-${client};2026-01-01;first-line` : ';;;';
      const person = first ? `rep;Rep ${client};CEO;representative;sub-${client};Kbis` : ';;;;;';
      return `client-${client};${head};sys-${nth};https://10.${20 + (nth >> 8)}.${nth & 255}.7;${person}`;
    });
    const columns =
      'client;name;reference;from;tags;system;upstream;controller;controller_name;function;role;subject;authority';
    const importTook = stopwatch();
    expect(await importing([columns, ...lines].join('\n'))).toBe(0);
    const { ran } = importTook();
    expect(said.at(-1)).toBe(`150 clients, 500 systems in ${base}; the policies are in order`);
    const checkTook = stopwatch();
    expect(await check()).toBe(0);
    expect(said.at(-1)).toMatch(/^policies are in order: 152 clients, 502 hosts/);
    process.stdout.write(`import ${Math.round(ran)} ms, check ${Math.round(checkTook().ran)} ms\n`);
    expect(ran).toBeLessThan(20_000);
    for (const name of await clients()) {
      if (name.startsWith('client-'))
        expect((await fileOf(name.replace('.yaml', ''))).trimEnd().split('\n').length).toBeLessThanOrEqual(
          12,
        );
    }
  });
});
