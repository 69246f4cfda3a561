/** Generated files are what their source says now. `npm run generate` writes them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConfig, settingRows } from '../src/config.ts';
import { generated, root } from '../tools/generated.ts';

describe('in step', () => {
  test.each(generated.map(({ path, content }) => [path, content] as const))('%s', async (path, content) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(await content());
  });
});

describe('deploy/env.example', () => {
  const text = readFileSync(join(root, 'deploy/env.example'), 'utf8');

  /** The file as an environment; with `all`, the lines that are commented out are taken too. */
  function environment(all: boolean): Record<string, string> {
    const lines = text.split('\n').map((line) => (all ? line.replace(/^#(?=CONSENTRY_)/, '') : line));
    return Object.fromEntries(
      lines
        .filter((line) => /^CONSENTRY_\w+=/.test(line))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  }

  test('as it stands it is accepted', () => {
    expect(readConfig(environment(false), { evaluation: false })).toHaveProperty('config');
  });

  test('with every example taken it is accepted', () => {
    expect(readConfig(environment(true), { evaluation: false })).toHaveProperty('config');
  });

  test('names every setting, and a file variant of every secret', () => {
    const names = Object.keys(environment(true));
    for (const row of settingRows()) {
      expect(names).toContain(row.name);
      if (row.secret) expect(names).toContain(`${row.name}_FILE`);
    }
  });
});
