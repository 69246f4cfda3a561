/**
 * The files and parts of files that are printed from the source: deploy/env.example and the table of settings in the
 * README from the table of settings, policies/schema.json and the reference in docs/policy/ from the policy schemas,
 * docs/openapi.json from the table of the programming interface, docs/requirements.md from the table of requirements. `npm run generate` writes them; a test and `npm run verify` say
 * when one is out of step.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SettingRow } from '../src/config.ts';
import { envExample, settingRows } from '../src/config.ts';
import { openApi } from '../src/portal/api/openapi.ts';
import { between } from './marks.ts';
import { policyPage, policyPages } from './policy-pages.ts';
import { requirementsPage } from './requirements.ts';
import { root } from './root.ts';

export { root };

export interface Generated {
  /** Path below the project's folder. */
  readonly path: string;
  /** The whole content as it should be. */
  content(): Promise<string>;
}

export const generated: readonly Generated[] = [
  { path: 'deploy/env.example', content: async () => envExample() },
  { path: 'README.md', content: readmeWithSettings },
  { path: 'policies/schema.json', content: policySchema },
  ...policyPages.map((page) => ({ path: page.path, content: () => policyPage(page) })),
  { path: 'docs/openapi.json', content: async () => `${JSON.stringify(openApi(), undefined, 2)}\n` },
  { path: 'docs/requirements.md', content: requirementsPage },
];

async function readmeWithSettings(): Promise<string> {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  return between('README.md', text, 'settings', settingsTable());
}

/** The settings as a table in Markdown. */
export function settingsTable(): string {
  const rows = settingRows().map((row) => `| \`${row.name}\` | ${defaultOf(row)} | ${row.help} |`);
  return ['| setting | default | what it is |', '| --- | --- | --- |', ...rows].join('\n');
}

function defaultOf(row: SettingRow): string {
  if (row.required) return 'must be set';
  return row.standard === undefined ? 'unset' : `\`${row.standard}\``;
}

/** Asked of the built program, so that what editors get is what the program checks. */
async function policySchema(): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [join(root, 'dist/main.js'), 'policy', 'schema'], {
    maxBuffer: 16 << 20,
  });
  return stdout;
}
