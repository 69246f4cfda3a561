/**
 * What is handed to operators is at least well formed and says what the documents say: the image, the unit for
 * systemd, the front proxy's sample.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConfig, settingRows } from '../src/config.ts';
import { initKeys } from '../src/stores/keys.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const settingNames = settingRows().map((row) => row.name);

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of a Dockerfile in order, continued lines joined. */
function instructions(text: string): readonly Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
      return { name, rest };
    });
}

describe('Dockerfile', () => {
  const steps = instructions(read('Dockerfile'));
  const of = (name: string): string[] => steps.filter((step) => step.name === name).map(({ rest }) => rest);
  const last = steps.slice(steps.findLastIndex(({ name }) => name === 'FROM'));

  test('every line is an instruction', () => {
    const known = 'FROM RUN WORKDIR COPY ENV USER VOLUME EXPOSE HEALTHCHECK STOPSIGNAL ENTRYPOINT CMD'.split(
      ' ',
    );
    expect(steps.filter(({ name }) => !known.includes(name))).toEqual([]);
  });

  test('two stages, from ordinary images of a fixed major version', () => {
    expect(of('FROM')).toHaveLength(2);
    for (const from of of('FROM'))
      expect(from).toMatch(/^[a-z]+:[a-z0-9-]*(?:26|bookworm)[a-z0-9-]*(?: AS build)?$/);
    expect(last.filter(({ name }) => name === 'COPY')).toEqual([
      { name: 'COPY', rest: '--from=build /image /opt/consentry' },
    ]);
  });

  test('does not run as root, and its health check asks /readyz', () => {
    const user = last.findIndex(({ name }) => name === 'USER');
    expect(last[user]?.rest).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(last.slice(user).some(({ name }) => name === 'RUN')).toBe(false);
    expect(of('HEALTHCHECK').join()).toContain('http://127.0.0.1:9464/readyz');
  });

  test('its settings are settings, and enough but for the portal', () => {
    const pairs = [
      ...of('ENV')
        .join(' ')
        .matchAll(/(CONSENTRY_\w+)=(\S+)/g),
    ].map(([, name = '', value = '']) => [name, value] as const);
    for (const [name] of pairs) expect(settingNames).toContain(name);
    const env = { ...Object.fromEntries(pairs), CONSENTRY_PORTAL_URL: 'https://access.example.com' };
    const reading = readConfig(env, { evaluation: false });
    expect(reading).toHaveProperty('config.listen.host', '0.0.0.0');
  });

  test('nothing secret gets into it', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const name of ['keys', 'data', 'guard', '*.env', '.git']) expect(ignored).toContain(name);
  });
});

describe('deploy/consentry.service', () => {
  const unit = read('deploy/consentry.service');
  const values = (key: string): string[] =>
    [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

  test('runs hardened', () => {
    expect(values('DynamicUser')).toEqual(['yes']);
    expect(values('ProtectSystem')).toEqual(['strict']);
    expect(values('NoNewPrivileges')).toEqual(['yes']);
    expect(values('PrivateTmp')).toEqual(['yes']);
    expect(values('CapabilityBoundingSet')).toEqual(['']);
    expect(values('RestrictAddressFamilies')).toEqual(['AF_INET AF_INET6 AF_UNIX']);
  });

  test('its settings are settings', () => {
    const names = values('Environment').map((pair) => pair.slice(0, pair.indexOf('=')));
    expect(names.filter((name) => name.startsWith('CONSENTRY_')).length).toBeGreaterThan(3);
    for (const name of names) if (name !== 'NODE_ENV') expect(settingNames).toContain(name);
  });

  test('hands over every key that "keys init" makes, and asks longer than a drain takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'consentry-unit-'));
    try {
      initKeys(join(folder, 'keys'));
      const made = spawnSync('ls', [join(folder, 'keys')], { encoding: 'utf8' })
        .stdout.trim()
        .split('\n');
      const handed = values('LoadCredential').map((value) => value.slice(0, value.indexOf(':')));
      expect(handed.sort()).toEqual(made.sort());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(Number(values('TimeoutStopSec')[0])).toBeGreaterThan(40);
  });

  const analyse = existsSync('/usr/bin/systemd-analyze');
  const name = analyse ? 'systemd finds nothing to say' : 'systemd is not here to look at it: form only';
  test(name, () => {
    expect(unit.split('\n').filter((line) => !/^(?:|#.*|\[\w+\]|\w+=.*)$/.test(line))).toEqual([]);
    if (!analyse) return;
    const folder = mkdtempSync(join(tmpdir(), 'consentry-unit-'));
    try {
      const file = join(folder, 'consentry.service');
      writeFileSync(file, unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
        encoding: 'utf8',
      });
      expect(stderr.split('\n').filter((line) => line.includes('consentry.service'))).toEqual([]);
      expect(status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('what is inside the built files comes with the archive, licences and all: no development dependency is', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  const built = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.js') && !path.startsWith('demo/') && !path.includes('assets/'),
  );
  // Above each part that was put in stands where it comes from.
  const inside = built.flatMap((path) =>
    [
      ...read(`dist/${path}`).matchAll(/^ *\/\/ (node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+)/gm),
    ].map(([, name = '']) => name),
  );
  expect(new Set(inside)).toContain('node_modules/express');
  expect([...new Set(inside)].filter((name) => packages[name] === undefined || packages[name].dev)).toEqual(
    [],
  );
});

test('the front proxy keeps nothing back and tries nothing twice', () => {
  const conf = read('deploy/nginx.conf');
  expect(conf.split('{').length).toBe(conf.split('}').length);
  for (const line of [
    'proxy_buffering         off;',
    'proxy_request_buffering off;',
    'proxy_next_upstream off;',
  ])
    expect(conf).toContain(line);
});
