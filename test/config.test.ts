import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Config, Environment, Misread, Reading } from '../src/config.ts';
import { readConfig, settingRows, settingWarnings } from '../src/config.ts';

const PORTAL = { CONSENTRY_PORTAL_URL: 'https://access.example.com' };

function good(env: Environment, evaluation = false): Reading {
  const reading = readConfig(env, { evaluation });
  if ('faults' in reading) throw new Error(reading.faults.join('\n'));
  return reading;
}

function bad(env: Environment, evaluation = false, readSecretFile?: (path: string) => string): Misread {
  const reading = readConfig(
    env,
    readSecretFile === undefined ? { evaluation } : { evaluation, readSecretFile },
  );
  if ('config' in reading) throw new Error('these settings should have been refused');
  return reading;
}

describe('defaults', () => {
  test('production needs only the portal', () => {
    const { config, secrets } = good(PORTAL);
    expect(config).toEqual({
      evaluation: false,
      production: true,
      portalUrl: new URL('https://access.example.com'),
      listen: { host: '127.0.0.1', port: 8080 },
      opsListen: { host: '127.0.0.1', port: 9464 },
      policies: './policies',
      data: './data',
      keys: './keys',
      guard: './guard',
      credentials: undefined,
      tls: undefined,
      trustedProxies: [],
      mailFrom: undefined,
      logLevel: 'info',
    });
    const { redisUrl, databaseUrl, smtpUrl, scimToken } = secrets;
    expect([redisUrl, databaseUrl, smtpUrl, scimToken]).toEqual(Array(4).fill(undefined));
  });

  test('evaluation needs nothing, keeps its files apart and follows the port', () => {
    const { config } = good({ CONSENTRY_LISTEN: '127.0.0.1:9000' }, true);
    expect(config.portalUrl.href).toBe('http://portal.localhost:9000/');
    expect([config.data, config.keys, config.guard]).toEqual([
      './data/demo',
      './data/demo/keys',
      './data/demo/guard',
    ]);
    expect([config.evaluation, config.production]).toEqual([true, false]);
  });

  test('the result cannot be changed', () => {
    const { config, secrets } = good(PORTAL);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.listen)).toBe(true);
    expect(Object.isFrozen(config.trustedProxies)).toBe(true);
    expect(Object.isFrozen(secrets)).toBe(true);
  });

  test('an empty text means not set', () => {
    expect(good({ ...PORTAL, CONSENTRY_LISTEN: '', CONSENTRY_REDIS_URL: '' }).config.listen.port).toBe(8080);
  });
});

describe('each setting has its effect', () => {
  const rows: readonly (readonly [string, string, keyof Config, unknown])[] = [
    [
      'CONSENTRY_PORTAL_URL',
      'https://door.example.net:8443',
      'portalUrl',
      new URL('https://door.example.net:8443'),
    ],
    ['CONSENTRY_LISTEN', '[::1]:81', 'listen', { host: '::1', port: 81 }],
    ['CONSENTRY_OPS_LISTEN', 'ops.internal:82', 'opsListen', { host: 'ops.internal', port: 82 }],
    ['CONSENTRY_POLICIES', '/p', 'policies', '/p'],
    ['CONSENTRY_DATA', '/d', 'data', '/d'],
    ['CONSENTRY_KEYS', '/k', 'keys', '/k'],
    ['CONSENTRY_GUARD', '/g', 'guard', '/g'],
    ['CONSENTRY_CREDENTIALS', '/c', 'credentials', '/c'],
    ['CONSENTRY_TLS', '/t', 'tls', '/t'],
    [
      'CONSENTRY_TRUSTED_PROXIES',
      '10.0.0.1, 10.1.0.0/16,::1',
      'trustedProxies',
      ['10.0.0.1', '10.1.0.0/16', '::1'],
    ],
    ['CONSENTRY_MAIL_FROM', 'access@example.com', 'mailFrom', 'access@example.com'],
    ['CONSENTRY_LOG_LEVEL', 'debug', 'logLevel', 'debug'],
  ];
  test.each(rows)('%s=%s', (name, text, field, value) => {
    expect(good({ ...PORTAL, [name]: text }).config[field]).toEqual(value);
  });

  test('the table above forgets no setting', () => {
    const plain = settingRows().filter((row) => !row.secret);
    expect(rows.map(([name]) => name)).toEqual(plain.map((row) => row.name));
  });
});

describe('faults', () => {
  test('all are told at once, with the nearest name for an unknown one', () => {
    const { faults } = bad({
      CONSENTRY_LISTN: '127.0.0.1:1',
      CONSENTRY_LISTEN: 'nowhere',
      CONSENTRY_LOG_LEVEL: 'loud',
      CONSENTRY_DATABASE_URL: 'postgres://db/consentry',
    });
    expect(faults).toHaveLength(5);
    expect(faults).toContain('CONSENTRY_LISTN: there is no such setting; the nearest is CONSENTRY_LISTEN');
    expect(faults.find((fault) => fault.startsWith('CONSENTRY_PORTAL_URL: must be set'))).toBeDefined();
    expect(faults.find((fault) => fault.startsWith('CONSENTRY_LISTEN: must be address:port'))).toBeDefined();
    expect(faults.find((fault) => fault.startsWith('CONSENTRY_LOG_LEVEL: must be one of'))).toBeDefined();
    expect(faults.find((fault) => fault.includes('PostgreSQL is not supported yet'))).toBeDefined();
  });

  test('what could be read is handed over for other checks', () => {
    const { readable } = bad({ ...PORTAL, CONSENTRY_POLICIES: '/p', CONSENTRY_LISTEN: 'nowhere' });
    expect(readable.policies).toBe('/p');
    expect(readable.portalUrl?.hostname).toBe('access.example.com');
    expect(readable.listen).toBeUndefined();
  });

  test.each([
    ['CONSENTRY_PORTAL_URL', 'http://access.example.com'],
    ['CONSENTRY_PORTAL_URL', 'ftp://access.example.com'],
    ['CONSENTRY_PORTAL_URL', 'access.example.com'],
    ['CONSENTRY_PORTAL_URL', 'https://access.example.com/portal'],
    ['CONSENTRY_PORTAL_URL', 'https://user:pass@access.example.com'],
    ['CONSENTRY_PORTAL_URL', 'https://access.example.com/?a=b'],
    ['CONSENTRY_PORTAL_URL', 'https://access.example.com/#a'],
    ['CONSENTRY_LISTEN', '8080'],
    ['CONSENTRY_LISTEN', ':8080'],
    ['CONSENTRY_LISTEN', '127.0.0.1:65536'],
    ['CONSENTRY_LISTEN', '[::1:8080'],
    ['CONSENTRY_LISTEN', '[127.0.0.1]:8080'],
    ['CONSENTRY_LISTEN', '127.0.0.1:80 '],
    ['CONSENTRY_DATA', ' ./data'],
    ['CONSENTRY_DATA', 'a\0b'],
    ['CONSENTRY_TRUSTED_PROXIES', 'all'],
    ['CONSENTRY_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['CONSENTRY_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['CONSENTRY_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['CONSENTRY_TRUSTED_PROXIES', '::/129'],
    ['CONSENTRY_LOG_LEVEL', 'INFO'],
    ['CONSENTRY_REDIS_URL', 'http://127.0.0.1'],
    ['CONSENTRY_SMTP_URL', 'smtp://'],
    ['CONSENTRY_SCIM_TOKEN', 'a'.repeat(31)],
    ['CONSENTRY_SCIM_TOKEN', `${'a'.repeat(32)} b`],
    ['CONSENTRY_SCIM_TOKEN', 'é'.repeat(40)],
  ])('%s=%s is refused', (name, text) => {
    const { faults } = bad({ ...PORTAL, [name]: text });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name}: `));
  });
});

test('the secret of the directory may lie in a file', () => {
  const token = 'a'.repeat(40);
  const env = { ...PORTAL, CONSENTRY_SCIM_TOKEN_FILE: '/run/secrets/scim' };
  const read = readConfig(env, { evaluation: false, readSecretFile: () => `${token}\n` });
  expect('secrets' in read ? read.secrets.scimToken : read.faults).toBe(token);
});

describe('evaluation mode stays on this machine', () => {
  test.each([
    [{ NODE_ENV: 'production' }, 'NODE_ENV'],
    [{ CONSENTRY_LISTEN: '0.0.0.0:8080' }, 'CONSENTRY_LISTEN'],
    [{ CONSENTRY_LISTEN: '[::]:8080' }, 'CONSENTRY_LISTEN'],
    [{ CONSENTRY_LISTEN: '127.0.0.1.example.com:8080' }, 'CONSENTRY_LISTEN'],
    [{ CONSENTRY_OPS_LISTEN: '10.0.0.1:9464' }, 'CONSENTRY_OPS_LISTEN'],
    [{ CONSENTRY_PORTAL_URL: 'https://access.example.com' }, 'CONSENTRY_PORTAL_URL'],
  ] as const)('%j is refused', (env, name) => {
    const { faults } = bad(env, true);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name}: `));
  });

  test('loopback in every form is fine', () => {
    for (const listen of ['127.0.0.1:0', '127.9.9.9:1', '[::1]:1', 'localhost:1'])
      expect(good({ CONSENTRY_LISTEN: listen }, true).config.evaluation).toBe(true);
  });
});

describe('secrets', () => {
  const URL_WITH_SECRET = 'redis://:c4n4ry-secret@127.0.0.1:6379';

  test('are read from the variable or from the file that its _FILE variant names', () => {
    expect(good({ ...PORTAL, CONSENTRY_REDIS_URL: URL_WITH_SECRET }).secrets.redisUrl).toBe(URL_WITH_SECRET);
    const reading = readConfig(
      { ...PORTAL, CONSENTRY_REDIS_URL_FILE: '/run/secrets/redis' },
      {
        evaluation: false,
        readSecretFile: (path) => (path === '/run/secrets/redis' ? `${URL_WITH_SECRET}\n` : ''),
      },
    );
    expect('secrets' in reading && reading.secrets.redisUrl).toBe(URL_WITH_SECRET);
  });

  test('set twice, unreadable or empty are faults that repeat nothing', () => {
    const unreadable = () => {
      throw new Error('c4n4ry-secret');
    };
    const twice = {
      ...PORTAL,
      CONSENTRY_REDIS_URL: URL_WITH_SECRET,
      CONSENTRY_REDIS_URL_FILE: '/c4n4ry-secret',
    };
    const file = { ...PORTAL, CONSENTRY_REDIS_URL_FILE: '/c4n4ry-secret' };
    const told = [
      bad(twice, false, () => URL_WITH_SECRET).faults,
      bad(file, false, unreadable).faults,
      bad(file, false, () => ' \n').faults,
      bad(file).faults,
      bad({ ...PORTAL, CONSENTRY_REDIS_URL: 'c4n4ry-secret' }).faults,
      bad({ ...PORTAL, CONSENTRY_DATABASE_URL: 'postgres://u:c4n4ry-secret@h/d' }).faults,
    ];
    for (const faults of told) expect(faults).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('c4n4ry');
  });

  test('show in no way of printing', () => {
    const { secrets } = good({ ...PORTAL, CONSENTRY_REDIS_URL: URL_WITH_SECRET });
    const shown = [
      `${secrets}`,
      JSON.stringify(secrets),
      JSON.stringify({ ...secrets }),
      inspect(secrets, { showHidden: true, depth: 9 }),
      inspect({ nested: { secrets } }, { depth: 9 }),
      Object.keys(secrets).join(),
    ].join('\n');
    expect(shown).not.toContain('c4n4ry');
    expect(secrets.redisUrl).toContain('c4n4ry');
  });

  test('no fault ever repeats a value, whatever it is', () => {
    const names = settingRows().map((row) => row.name);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string({ minLength: 12 }), (name, noise) => {
        const marked = `q9z${noise}`;
        const reading = readConfig({ ...PORTAL, [name]: marked }, { evaluation: false });
        if ('faults' in reading) expect(reading.faults.join('\n')).not.toContain('q9z');
      }),
    );
  });
});

describe('warnings', () => {
  const devices = (same: boolean) => (path: string) => (path === './data' || same ? 1 : 2);

  test('keys or guard beside the data', () => {
    const warnings = settingWarnings(good(PORTAL).config, devices(true));
    expect(warnings.map((warning) => warning.split(' ')[0])).toEqual(['CONSENTRY_KEYS', 'CONSENTRY_GUARD']);
    expect(settingWarnings(good(PORTAL).config, devices(false))).toEqual([]);
    expect(settingWarnings(good(PORTAL).config, () => undefined)).toEqual([]);
  });

  test('reachable from elsewhere without encryption and without a front proxy', () => {
    const open = { ...PORTAL, CONSENTRY_LISTEN: '0.0.0.0:8080' };
    expect(settingWarnings(good(open).config, devices(false))).toHaveLength(1);
    expect(settingWarnings(good({ ...open, CONSENTRY_TLS: '/t' }).config, devices(false))).toEqual([]);
    const proxied = { ...open, CONSENTRY_TRUSTED_PROXIES: '10.0.0.7' };
    expect(settingWarnings(good(proxied).config, devices(false))).toEqual([]);
  });
});

describe('the webhook of the provider', () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const address = 'https://hooks.example.com/consentry?token=x';
  const base = { ...PORTAL };

  test('is an address and a secret', () => {
    const read = readConfig(
      { ...base, CONSENTRY_PROVIDER_HOOK: address, CONSENTRY_PROVIDER_HOOK_SECRET: secret },
      { evaluation: false },
    );
    if ('faults' in read) throw new Error(read.faults.join());
    expect([read.secrets.providerHook, read.secrets.providerHookSecret]).toEqual([address, secret]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['without a secret', { CONSENTRY_PROVIDER_HOOK: address }, /HOOK: must be set together with/],
    ['without an address', { CONSENTRY_PROVIDER_HOOK_SECRET: secret }, /HOOK: must be set together with/],
    [
      'over http',
      { CONSENTRY_PROVIDER_HOOK: 'http://hooks.example.com/', CONSENTRY_PROVIDER_HOOK_SECRET: secret },
      /HOOK: must be an address such as/,
    ],
    [
      'with a user',
      { CONSENTRY_PROVIDER_HOOK: 'https://a:b@hooks.example.com/', CONSENTRY_PROVIDER_HOOK_SECRET: secret },
      /HOOK: must be an address such as/,
    ],
    [
      'with a secret that is none',
      { CONSENTRY_PROVIDER_HOOK: address, CONSENTRY_PROVIDER_HOOK_SECRET: 'short' },
      /HOOK_SECRET: must be whsec_/,
    ],
  ])('%s is one fault', (_name, env, words) => {
    const read = readConfig({ ...base, ...env }, { evaluation: false });
    expect('faults' in read ? read.faults : []).toEqual([expect.stringMatching(words)]);
  });
});
