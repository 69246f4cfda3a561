/**
 * The shape of the source, held: which room may import which, no cycles, no hidden clock or environment, nothing of
 * demo or test in production, and an ARCHITECTURE.md that tells the truth about the rooms.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const source = join(root, 'src');

interface File {
  /** Path below src/, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

interface Import {
  readonly name: string;
  /** Path below src/ for relative imports. */
  readonly file: string | undefined;
  readonly dynamic: boolean;
  readonly typeOnly: boolean;
}

const files: readonly File[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .sort()
  .map(readSource);

function readSource(path: string): File {
  const text = readFileSync(join(source, path), 'utf8');
  const found = [
    ...text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm),
    ...text.matchAll(/(await\s+import)\('([^']+)'\)/g),
    ...text.matchAll(/(new URL)\(\s*(?:import\.meta\.url\.endsWith\('\.tsx?'\) \? )?'(\.[^']+\.tsx?)'/g),
  ];
  const threads = threadsIn(text).map((script) => [
    '',
    '',
    relative(dirname(path), script).replace(/^(?!\.)/, './'),
  ]);
  const imports = [...found, ...threads].map(([, word, name = '']): Import => {
    const file = name.startsWith('.') ? relative(source, resolve(source, dirname(path), name)) : undefined;
    return { name, file, dynamic: word?.startsWith('await') ?? false, typeOnly: word?.trim() === 'type' };
  });
  return { path, text, imports };
}

/** The scripts of the threads that a file starts. */
function threadsIn(text: string): readonly string[] {
  return [...text.matchAll(/start(?:Thread)?\(\s*'([a-z]+\/[a-z-]+)'/g)].map(([, name]) => `${name}.ts`);
}

/** The first folder, or the file itself for those that stand directly in src/. */
function room(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.tsx?$/, '');
}

/** What each room may import beside itself. Whatever is not here may not. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  cli: ['app', 'config', 'log', 'program', 'stores', 'core', 'demo', 'identity'],
  app: [
    'app-portal',
    'app-notices',
    'app-hooks',
    'app-provider-hook',
    'app-robots',
    'app-endings',
    'config',
    'log',
    'gateway',
    'identity',
    'portal',
    'stores',
    'core',
  ],
  'app-portal': ['config', 'log', 'gateway', 'identity', 'portal', 'stores', 'core'],
  'app-notices': ['app-back', 'log', 'portal', 'core'],
  'app-hooks': ['app-provider-hook', 'app-back', 'log', 'portal', 'core'],
  'app-provider-hook': ['app-back', 'core'],
  'app-back': ['core'],
  'app-robots': ['log', 'core'],
  'app-endings': ['log', 'core'],
  gateway: ['core', 'log', 'threads'],
  identity: ['core', 'log'],
  portal: ['core', 'log', 'program', 'threads'],
  stores: ['core', 'log', 'threads'],
  demo: ['core', 'log'],
  config: ['settings', 'setting-formats'],
  settings: ['setting-formats'],
  'setting-formats': [],
  log: [],
  threads: ['program'],
  program: [],
  core: [],
};

/** Packages that rules may use: hashing, schemas, YAML, canonical JSON and lists of words. None of them does I/O. */
const CORE_PACKAGES = [
  'node:crypto',
  'zod',
  'yaml',
  'canonicalize',
  '@scure/bip39/wordlists/english.js',
  '@scure/bip39/wordlists/french.js',
];
/** The part of `node:net` that only reads texts. */
const PURE_NET = /^import \{(?: (?:isIP|isIPv4|isIPv6|BlockList),?)+ \} from 'node:net';$/m;

/** Code without comments and texts, so that a word in a sentence is not taken for its use. */
function bare(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/(^|[^:])\/\/.*$/gm, '$1');
}

function offenders(pick: (file: File) => boolean): string[] {
  return files.filter(pick).map(({ path }) => path);
}

describe('arrows', () => {
  test('every room is known', () => {
    expect(files.length).toBeGreaterThan(20);
    expect([...new Set(files.map(({ path }) => room(path)))].filter((name) => !(name in arrows))).toEqual([]);
  });

  test('rooms import only what their arrows allow', () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ file }) => file !== undefined && room(file) !== room(path))
        .filter(({ file }) => !arrows[room(path)]?.includes(room(file ?? '')))
        .map(({ name }) => `${path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('nothing outside src/ is imported', () => {
    expect(offenders(({ imports }) => imports.some(({ file }) => file?.startsWith('..')))).toEqual([]);
  });

  test('core uses only itself and pure packages', () => {
    const wrong = files
      .filter(({ path }) => room(path) === 'core')
      .flatMap(({ path, imports, text }) =>
        imports
          .filter(({ file, name }) => file === undefined && !CORE_PACKAGES.includes(name))
          .filter(({ name }) => name !== 'node:net' || !PURE_NET.test(text))
          .map(({ name }) => `${path} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  test('demo is reached only by its own command, and that only on demand', () => {
    const reaching = files.filter(
      ({ path, imports }) => room(path) !== 'demo' && imports.some(({ file }) => room(file ?? '') === 'demo'),
    );
    expect(reaching.map(({ path }) => path).filter((path) => !path.startsWith('cli/demo'))).toEqual([]);
    const eager = reaching.filter(({ imports }) =>
      imports.some(({ file, dynamic, typeOnly }) => room(file ?? '') === 'demo' && !dynamic && !typeOnly),
    );
    expect(eager.map(({ path }) => path)).toEqual([]);
  });

  test('commands are loaded on demand', () => {
    const main = files.find(({ path }) => path === 'main.ts');
    expect(main?.imports.filter(({ dynamic, typeOnly }) => !dynamic && !typeOnly)).toEqual([]);
    expect(main?.imports.filter(({ dynamic }) => dynamic).length).toBeGreaterThan(5);
  });

  test('there are no import cycles', () => {
    expect(cycles()).toEqual([]);
  });
});

/** Every cycle of imports that run, as a path of files. Types are gone by then and may refer both ways. */
function cycles(): string[] {
  const edges = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.flatMap(({ file, typeOnly, dynamic }) =>
        file === undefined || typeOnly || dynamic ? [] : [file],
      ),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' > '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

test('who serves takes only types from node:http, because by name it brings a second undici', () => {
  const wrong = files
    .filter(({ path }) => !['cli', 'demo'].includes(room(path)))
    .flatMap(({ path, imports }) =>
      imports.filter(({ name, typeOnly }) => name === 'node:http' && !typeOnly).map(() => path),
    );
  expect(wrong).toEqual([]);
});

test('the build makes a file for each thread', () => {
  const build = readFileSync(join(root, 'tools/bundle.ts'), 'utf8');
  const threads = files.flatMap(({ text }) => threadsIn(text));
  expect(threads.length).toBeGreaterThan(5);
  expect(threads.filter((script) => !build.includes(`'${script}'`))).toEqual([]);
});

test('zod is imported by its whole name, so that the build takes only what is used of it', () => {
  expect(offenders(({ text }) => /import (?:type )?\{[^}]*\} from 'zod'/.test(text))).toEqual([]);
});

describe('nothing hidden', () => {
  const CLOCK = 'stores/clock.ts';

  test('environment and exit belong to main and the commands', () => {
    const allowed = (path: string): boolean =>
      path === 'main.ts' || room(path) === 'cli' || room(path) === 'demo';
    // A worker may name its own process id in the log of boots; it reads nothing of the environment.
    const uses = /(?<![.\w])process\.(?:env|argv|exit|exitCode|on|once|stdout|stderr|stdin|cwd|chdir|kill)\b/;
    expect(offenders(({ path, text }) => !allowed(path) && uses.test(bare(text)))).toEqual([]);
  });

  test('time comes from the clock', () => {
    const allowed = (path: string): boolean =>
      ['main.ts', CLOCK].includes(path) || ['cli', 'demo'].includes(room(path));
    const uses = /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bprocess\.hrtime/;
    expect(offenders(({ path, text }) => !allowed(path) && uses.test(bare(text)))).toEqual([]);
  });

  test('nothing is random but what cryptography draws', () => {
    expect(offenders(({ text }) => /\bMath\.random\b/.test(bare(text)))).toEqual([]);
  });

  test('only the ledger says that something is recorded', () => {
    const made = offenders(({ text }) => /\bas (?:unknown as )?Recorded\b/.test(bare(text)));
    expect(made.filter((path) => path !== 'stores/ledger.ts')).toEqual([]);
  });

  test('events of the log are written in the code', () => {
    const calls = /\blog\.(?:error|warn|info|debug)\(\s*(?!'[^'$]*'[,)\s])/;
    expect(offenders(({ path, text }) => path !== 'log.ts' && calls.test(text))).toEqual([]);
  });
});

describe('form', () => {
  test('files are named after one thing, in kebab-case', () => {
    expect(
      offenders(
        ({ path }) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?\.tsx?$/.test(path),
      ),
    ).toEqual([]);
    expect(
      offenders(({ path }) => /(?:^|\/)(?:utils?|helpers?|common|misc|shared|lib)(?:\/|\.tsx?$)/.test(path)),
    ).toEqual([]);
  });

  test('every file begins with its job', () => {
    expect(offenders(({ text }) => !/^(?:#![^\n]*\n)?(?:\/\*\* @jsx[^\n]*\n)?\/\*\*/.test(text))).toEqual([]);
  });

  test('no file is longer than 400 lines, but for sentences in two languages', () => {
    const sentences = (path: string): boolean => path.startsWith('portal/texts/');
    const long = offenders(({ path, text }) => !sentences(path) && text.split('\n').length > 400);
    expect(long).toEqual([]);
  });

  test('no exit from the types', () => {
    expect(offenders(({ text }) => /@ts-(?:ignore|nocheck|expect-error)/.test(text))).toEqual([]);
  });
});

describe('documents', () => {
  const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

  test('the table of rooms in ARCHITECTURE.md is the one in src/', () => {
    const rows = [...architecture.matchAll(/^\| `src\/([a-z-]+)(?:\.ts|\/)` \|/gm)].map(([, name]) => name);
    const rooms = [...new Set(files.map(({ path }) => room(path)))];
    expect(rows.sort()).toEqual(rooms.sort());
  });

  test('every file that ARCHITECTURE.md names is there', () => {
    const named = [...architecture.matchAll(/`((?:src|test|tools|deploy|policies)\/[a-z0-9./-]+\.[a-z]+)`/g)];
    expect(named.length).toBeGreaterThan(3);
    for (const [, path = ''] of named) expect(() => readFileSync(join(root, path))).not.toThrow();
  });

  test('every production dependency has its sentence in ARCHITECTURE.md', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    for (const name of Object.keys(manifest.dependencies)) expect(architecture).toContain(`**${name}**`);
  });
});
