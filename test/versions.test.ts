/**
 * Versions below which a known fault applies to us. The floors are of what is really installed, not of what
 * package.json asks for, because a lock file or an older npm may have chosen something else.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');

function installed(name: string): string {
  const file = join(root, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** True when `version` is `floor` or later. Only numbers: a pre-release counts as its release's predecessor. */
function reaches(version: string, floor: string): boolean {
  const [release = '', pre] = version.split('-');
  const numbers = release.split('.').map(Number);
  const wanted = floor.split('.').map(Number);
  for (const [index, least] of wanted.entries()) {
    const have = numbers[index] ?? 0;
    if (have !== least) return have > least;
  }
  return pre === undefined;
}

test.each([
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '1.2.3', true],
  ['1.10.0', '1.9.9', true],
  ['2.0.0', '1.9.9', true],
  ['1.2.2', '1.2.3', false],
  ['1.2.3-rc.1', '1.2.3', false],
  ['0.9.0', '1.0.0', false],
])('%s reaches %s: %s', (version, floor, expected) => {
  expect(reaches(version, floor)).toBe(expected);
});

describe('what we run on', () => {
  test('Node: security releases of 2026, SQLite inside, no older parser', () => {
    expect(reaches(process.versions.node, '26.0.0')).toBe(true);
  });

  test('SQLite: the fault that could corrupt a database in WAL mode with two connections (before 3.51.3)', () => {
    expect(reaches(process.versions.sqlite ?? '0', '3.51.3')).toBe(true);
  });
});

test('npm 10, which Node 20 and 22 bring, takes the lock as it stands', () => {
  const npm = join(root, 'node_modules/npm/bin/npm-cli.js');
  expect(installed('npm')).toMatch(/^10\./);
  const flags = ['ci', '--dry-run', '--offline', '--ignore-scripts', '--no-audit', '--loglevel=error'];
  // Throws, with npm's own words, when lock and package.json are not in step.
  execFileSync(process.execPath, [npm, ...flags], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
});

describe('packages', () => {
  test.each([
    ['http-proxy-middleware', '4.1.1', 'router match by substring, header injection in fixRequestBody'],
    ['httpxy', '0.5.5', 'request smuggling with DELETE and OPTIONS'],
    ['express', '5.3.0', 'path and query parsing'],
    ['body-parser', '2.2.1', 'denial of service by many parameters'],
    ['qs', '6.16.0', 'limits of arrays passed over'],
    ['path-to-regexp', '8.4.0', 'denial of service by patterns'],
    ['passport', '0.6.0', 'session not renewed at sign-in'],
    ['openid-client', '6.8.4', 'one-time state not deleted at the callback'],
    ['undici', '8.0.0', 'the major whose behaviour was measured'],
    ['connect-redis', '10.0.0', 'the major that works with redis 5 and later'],
  ])('%s is at least %s (%s)', (name, floor) => {
    const nested = join('express', 'node_modules', name);
    const used = existsSync(join(root, 'node_modules', nested)) ? nested : name;
    expect(reaches(installed(used), floor)).toBe(true);
  });

  test('the bench measures the http-proxy-middleware that it says', () => {
    expect(installed('http-proxy-middleware')).toMatch(/^4\./);
  });
});

test('engines and the Node that comes with the project agree', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    engines: { node: string };
    devDependencies: Record<string, string>;
    allowScripts: Record<string, boolean>;
  };
  expect(manifest.engines.node).toBe('>=26');
  expect(manifest.devDependencies.node).toMatch(/^\^26\./);
  // Without this npm leaves the folder of that Node empty and every script runs on the system's. Nobody else's runs.
  const allowed = Object.entries(manifest.allowScripts).filter(([, may]) => may);
  expect(allowed).toEqual([['node', true]]);
});
