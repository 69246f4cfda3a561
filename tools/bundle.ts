/**
 * Makes dist/ from src/ and the packages it uses: one file for each entry, and files for what several of them share. Node reads
 * hundreds of small files far more slowly than a few large ones, in each thread anew. Nothing is shortened or renamed for
 * size, so what runs can be read. `--watch`: again with each change.
 */
import { readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type BuildOptions, type BuildResult, build, context, type Plugin } from 'esbuild';
import { root } from './root.ts';

const dist = join(root, 'dist');

/** What Node is given by its path: the program and its threads. */
const entries = [
  'main.ts',
  'gateway/digest-worker.ts',
  'portal/report-pdf-worker.ts',
  'stores/history-worker.ts',
  'stores/ledger-reader-thread.ts',
  'stores/ledger-writer-thread.ts',
  'stores/policy-worker.ts',
  'stores/portal-worker.ts',
];

/** What the bench and tests load of the built program. */
const parts = [
  'app.ts',
  'log.ts',
  'core/grant-text.ts',
  'portal/live.ts',
  'portal/portal.ts',
  'stores/archive.ts',
  'stores/history.ts',
  'stores/keys.ts',
  'stores/policy-loader.ts',
];

/** Loaded when they are first wanted, or with files of their own beside their code: they stay packages. */
const packages = [
  '@simplewebauthn/server',
  'connect-redis',
  'nodemailer',
  'oidc-provider',
  'pdfkit',
  'redis',
];

/** What packages use where somebody happens to have installed it. It comes with development dependencies only and stays out. */
const optional = ['supports-color'];

/** The demo has files of its own, so that an archive or image can leave it out. */
const demoApart: Plugin = {
  name: 'demo-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/demo\/.+\.ts$/ }, ({ path }) => ({
      path: path.replace('../', './').replace(/\.ts$/, '.js'),
      external: true,
    }));
  },
};

const all: BuildOptions = {
  bundle: true,
  splitting: true,
  // At the top: what lies beside the program is looked for from there (src/program.ts).
  chunkNames: '[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node26',
  charset: 'utf8',
  external: [...packages, ...optional],
  // Packages in the older format ask for Node's modules by this name.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
};

const builds: readonly BuildOptions[] = [
  {
    ...all,
    entryPoints: [...entries, ...parts].map((name) => join(root, 'src', name)),
    outbase: join(root, 'src'),
    outdir: dist,
    plugins: [demoApart],
  },
  {
    ...all,
    entryPoints: ['identity-provider.ts', 'seed.ts', 'world.ts'].map((name) => join(root, 'src/demo', name)),
    outdir: join(dist, 'demo'),
  },
];

if (process.argv.includes('--watch')) {
  for (const options of builds) await (await context(options)).watch();
} else {
  const built = await Promise.all(
    builds.map((options) => build({ ...options, absWorkingDir: root, metafile: true })),
  );
  await removeAllBut(new Set(built.flatMap(filesOf)));
}

/** The files that a build wrote, as paths below dist/. */
function filesOf({ metafile }: BuildResult<{ metafile: true }>): readonly string[] {
  return Object.keys(metafile.outputs).map((path) => relative(dist, join(root, path)));
}

/** Last, not first: of a program that runs from here, threads that begin during a build find their script. */
async function removeAllBut(made: ReadonlySet<string>): Promise<void> {
  for (const path of await readdir(dist, { recursive: true }))
    if (path.endsWith('.js') && !path.includes('assets/') && !made.has(path)) await rm(join(dist, path));
}
