import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createKeyring, openBox, random, sealBox } from '../../src/stores/disclosure.ts';
import { derive, initKeys, KeysFault, loadKeys } from '../../src/stores/keys.ts';

let parent: string;
let dir: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'consentry-keys-'));
  dir = join(parent, 'keys');
});

afterEach(() => rmSync(parent, { recursive: true, force: true }));

function faultsOf(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (cause) {
    if (cause instanceof KeysFault) return cause.faults;
    throw cause;
  }
  return [];
}

test('keys are made once, for their owner only, and never overwritten', () => {
  initKeys(dir);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  const names = readdirSync(dir).sort();
  expect(names).toEqual(['cosigner.pem', 'ledger.pem', 'master.key', 'seal.key', 'sessions.key']);
  for (const name of names) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
  const before = readFileSync(join(dir, 'master.key'), 'utf8');
  expect(faultsOf(() => initKeys(dir)).length).toBe(5);
  expect(readFileSync(join(dir, 'master.key'), 'utf8')).toBe(before);
});

test('all keys are loaded, each its own; the evaluation key only where it was asked for', () => {
  initKeys(dir);
  const keys = loadKeys(dir);
  expect(keys.ledger.asymmetricKeyType).toBe('ed25519');
  expect(keys.cosigner.asymmetricKeyType).toBe('ml-dsa-44');
  expect([keys.ledgerPublic.length, keys.cosignerPublic.length]).toEqual([32, 1312]);
  const secrets = [keys.master, keys.seal, keys.sessions].map((key) => key.toString('hex'));
  expect(new Set(secrets).size).toBe(3);
  expect(secrets.every((secret) => secret.length === 64)).toBe(true);
  expect(keys.evaluationConsent).toBeUndefined();
  const other = join(parent, 'evaluation');
  initKeys(other, { evaluation: true });
  expect(loadKeys(other).evaluationPublic?.length).toBe(32);
});

test('every fault is named at once, without a byte of a key', () => {
  expect(faultsOf(() => loadKeys(dir))[0]).toContain('is missing');
  initKeys(dir);
  const secret = readFileSync(join(dir, 'seal.key'), 'utf8').trim();
  chmodSync(join(dir, 'seal.key'), 0o640);
  writeFileSync(join(dir, 'sessions.key'), 'short\n');
  writeFileSync(join(dir, 'ledger.pem'), readFileSync(join(dir, 'cosigner.pem')));
  rmSync(join(dir, 'master.key'));
  const faults = faultsOf(() => loadKeys(dir));
  expect(faults.map((fault) => fault.replace(dir, '')).join('\n')).toMatch(
    /ledger.pem does not hold a private ed25519/,
  );
  expect(faults.join('\n')).toMatch(/master.key is missing/);
  expect(faults.join('\n')).toMatch(/seal.key has mode 0640/);
  expect(faults.join('\n')).toMatch(/sessions.key does not hold 32 bytes/);
  expect(faults.length).toBe(4);
  expect(faults.join('\n')).not.toContain(secret);
  chmodSync(dir, 0o755);
  expect(faultsOf(() => loadKeys(dir)).join('\n')).toMatch(/has mode 0755/);
});

test('a box opens with its key, in its place, unchanged, and not otherwise', () => {
  const key = random(32);
  const box = sealBox(key, 'here', 'Élodie');
  expect(openBox(key, 'here', box)).toBe('Élodie');
  expect(box.toString('latin1')).not.toContain('lodie');
  expect(() => openBox(key, 'there', box)).toThrow();
  expect(() => openBox(random(32), 'here', box)).toThrow();
  for (let i = 0; i < box.length; i += 1) {
    const changed = Buffer.from(box);
    changed[i] = (changed[i] ?? 0) ^ 1;
    expect(() => openBox(key, 'here', changed)).toThrow();
  }
  expect(sealBox(key, 'here', 'Élodie').equals(box)).toBe(false);
});

test('wrapped keys, tokens and aliases depend on the master key and on their place', () => {
  const [one, two] = [createKeyring(random(32)), createKeyring(random(32))];
  const { key, wrapped } = one.create('log 1');
  expect(one.unwrap('log 1', wrapped).equals(key)).toBe(true);
  expect(() => one.unwrap('log 2', wrapped)).toThrow();
  expect(() => two.unwrap('log 1', wrapped)).toThrow();
  expect(one.token('person', 'alice').equals(one.token('person', 'alice'))).toBe(true);
  expect(one.token('person', 'alice').equals(two.token('person', 'alice'))).toBe(false);
  expect(one.token('person', 'alice').equals(one.token('seat', 'alice'))).toBe(false);
  expect(one.alias(random(32), 'node', 'main')).not.toBe(one.alias(random(32), 'node', 'main'));
  expect(derive(key, 'a').equals(derive(key, 'b'))).toBe(false);
});

test('random bytes are handed out once', () => {
  const seen = new Set(Array.from({ length: 5000 }, () => random(16).toString('hex')));
  expect(seen.size).toBe(5000);
});
