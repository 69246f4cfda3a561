/**
 * The table of settings: name, default, format and help of each, in one place. Reading them is config.ts; the
 * example file and the README are printed from here. A new field in Config without a row is a type error.
 */

import type { Address, Parsed } from './setting-formats.ts';
import {
  parseAddress,
  parseHookUrl,
  parseLogLevel,
  parseMailAddress,
  parseNetworks,
  parseOrigin,
  parsePath,
  parseServerUrl,
  parseToken,
  parseWebhookSecret,
} from './setting-formats.ts';

export interface Config {
  readonly evaluation: boolean;
  readonly production: boolean;
  /** Origin of the portal, no path. */
  readonly portalUrl: URL;
  readonly listen: Address;
  readonly opsListen: Address;
  readonly policies: string;
  readonly data: string;
  readonly keys: string;
  readonly guard: string;
  /** Folder of the secrets that clients handed over; undefined: `credentials` in the folder of the keys. */
  readonly credentials: string | undefined;
  /** Folder of certificates (`<name>.pem` with `<name>.key`), chosen by SNI; undefined: plain HTTP behind a front proxy. */
  readonly tls: string | undefined;
  readonly trustedProxies: readonly string[];
  /** Address that mails come from; undefined: `consentry@` and the portal's host. */
  readonly mailFrom: string | undefined;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
}

export interface Secrets {
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly scimToken: string | undefined;
  readonly ticketSecret: string | undefined;
  readonly providerHook: string | undefined;
  readonly providerHookSecret: string | undefined;
}

/** One row of the table. */
export interface Setting<T> {
  readonly name: string;
  readonly help: string;
  /** Text used when nothing is set; undefined: there is none. */
  readonly standard: string | undefined;
  /** The same in evaluation mode, where it differs. */
  readonly evaluation?: string;
  /** Must be given when there is no standard text. */
  readonly required: boolean;
  /** Shown in env.example when there is no standard text. */
  readonly example?: string;
  parse(text: string): Parsed<T>;
}

export type FromEnvironment = Omit<Config, 'evaluation' | 'production'>;

export const PREFIX = 'CONSENTRY_';

/** Every setting, keyed by its field in Config. The order is that of env.example and of the README. */
export const settings: { readonly [K in keyof FromEnvironment]: Setting<Config[K]> } = {
  portalUrl: {
    name: 'CONSENTRY_PORTAL_URL',
    help: 'Origin of the portal. Use another registrable domain than the systems have.',
    standard: undefined,
    evaluation: 'http://portal.localhost:8080',
    required: true,
    example: 'https://access.example.com',
    parse: parseOrigin,
  },
  listen: {
    name: 'CONSENTRY_LISTEN',
    help: 'Address and port on which portal and systems are served.',
    standard: '127.0.0.1:8080',
    required: true,
    parse: parseAddress,
  },
  opsListen: {
    name: 'CONSENTRY_OPS_LISTEN',
    help: 'Address and port for /livez, /readyz and /metrics. Never public.',
    standard: '127.0.0.1:9464',
    required: true,
    parse: parseAddress,
  },
  policies: {
    name: 'CONSENTRY_POLICIES',
    help: 'Folder of the policy files.',
    standard: './policies',
    required: true,
    parse: parsePath,
  },
  data: {
    name: 'CONSENTRY_DATA',
    help: 'Folder of the databases (access log, portal sessions).',
    standard: './data',
    evaluation: './data/demo',
    required: true,
    parse: parsePath,
  },
  keys: {
    name: 'CONSENTRY_KEYS',
    help: 'Folder of the keys, mode 0700; made by `consentry keys init`. Put it on another file system than the data.',
    standard: './keys',
    evaluation: './data/demo/keys',
    required: true,
    parse: parsePath,
  },
  guard: {
    name: 'CONSENTRY_GUARD',
    help: 'Folder of the newest signed heads, which show when a database was put back. Put it on another file system than the data.',
    standard: './guard',
    evaluation: './data/demo/guard',
    required: true,
    parse: parsePath,
  },
  credentials: {
    name: 'CONSENTRY_CREDENTIALS',
    help: 'Folder of the secrets that clients handed over, mode 0700. Unset: `credentials` in the folder of the keys.',
    standard: undefined,
    required: false,
    example: '/var/lib/consentry-credentials',
    parse: parsePath,
  },
  tls: {
    name: 'CONSENTRY_TLS',
    help: 'Folder of certificates (name.pem with name.key), chosen by server name. Unset: plain HTTP behind a front proxy.',
    standard: undefined,
    required: false,
    example: '/etc/consentry/tls',
    parse: parsePath,
  },
  trustedProxies: {
    name: 'CONSENTRY_TRUSTED_PROXIES',
    help: 'Addresses or networks (CIDR), separated by commas, whose X-Forwarded-* headers are believed. Unset: nobody.',
    standard: '',
    required: false,
    example: '10.0.0.7,10.1.0.0/24',
    parse: parseNetworks,
  },
  mailFrom: {
    name: 'CONSENTRY_MAIL_FROM',
    help: 'Address that notices come from. Unset: consentry@ and the host of the portal.',
    standard: undefined,
    required: false,
    example: 'access@example.com',
    parse: parseMailAddress,
  },
  logLevel: {
    name: 'CONSENTRY_LOG_LEVEL',
    help: 'error, warn, info or debug. No level prints data of clients.',
    standard: 'info',
    required: true,
    parse: parseLogLevel,
  },
};

/** Every secret, keyed by its field in Secrets; each also has a `_FILE` variant that names a file holding it. */
export const secretSettings: { readonly [K in keyof Secrets]: Setting<string> } = {
  databaseUrl: {
    name: 'CONSENTRY_DATABASE_URL',
    help: 'Address of a PostgreSQL database. Not supported yet: leave it unset, the embedded database is used.',
    standard: undefined,
    required: false,
    parse: () => ({ fault: 'PostgreSQL is not supported yet; leave it unset to use the embedded database' }),
  },
  redisUrl: {
    name: 'CONSENTRY_REDIS_URL',
    help: 'Address of a Redis for portal sessions. Unset: they are kept in the data folder.',
    standard: undefined,
    required: false,
    example: 'redis://127.0.0.1:6379/0',
    parse: (text) => parseServerUrl(text, ['redis:', 'rediss:']),
  },
  smtpUrl: {
    name: 'CONSENTRY_SMTP_URL',
    help: 'Address of a mail server for notices, with user and password if it wants them. Unset: each mail becomes a file in data/outbox.',
    standard: undefined,
    required: false,
    example: 'smtp://mail.example.com:587',
    parse: (text) => parseServerUrl(text, ['smtp:', 'smtps:']),
  },
  scimToken: {
    name: 'CONSENTRY_SCIM_TOKEN',
    help: 'Secret with which the company’s directory reports leavers at /scim/v2 of the portal, at least 32 characters. Unset: there is no such endpoint.',
    standard: undefined,
    required: false,
    parse: parseToken,
  },
  ticketSecret: {
    name: 'CONSENTRY_TICKET_SECRET',
    help: 'Secret with which the ticket system signs that a ticket was closed, at /webhooks/tickets of the portal: whsec_ and Base64 of 24 to 64 bytes (Standard Webhooks). Unset: there is no such endpoint.',
    standard: undefined,
    required: false,
    parse: parseWebhookSecret,
  },
  providerHook: {
    name: 'CONSENTRY_PROVIDER_HOOK',
    help: 'Address of your own that is told of copies that are owed and of robots that did not come, at every client (docs/webhooks.md). It may lead into private networks. Unset: nothing is sent.',
    standard: undefined,
    required: false,
    parse: parseHookUrl,
  },
  providerHookSecret: {
    name: 'CONSENTRY_PROVIDER_HOOK_SECRET',
    help: 'Secret that signs what is sent there: whsec_ and Base64 of 24 to 64 bytes (Standard Webhooks). Set both or none.',
    standard: undefined,
    required: false,
    parse: parseWebhookSecret,
  },
};

/** One row as documentation shows it. */
export interface SettingRow {
  readonly name: string;
  readonly help: string;
  readonly standard: string | undefined;
  readonly example: string | undefined;
  readonly required: boolean;
  readonly secret: boolean;
}

/** The table for documentation: env.example, the README and `consentry help` are printed from it. */
export function settingRows(): readonly SettingRow[] {
  const row = (setting: Setting<unknown>, secret: boolean): SettingRow => ({
    name: setting.name,
    help: setting.help,
    standard: setting.standard === '' ? undefined : setting.standard,
    example: setting.example,
    required: setting.required && setting.standard === undefined,
    secret,
  });
  return [
    ...Object.values(settings).map((setting) => row(setting, false)),
    ...Object.values(secretSettings).map((setting) => row(setting, true)),
  ];
}

const EXAMPLE_HEAD =
  '# Settings of Consentry: one name=value a line. An unknown CONSENTRY_* name stops the start.\n';

/**
 * The table as an environment file: help as comments, defaults commented out, what must be set left open. Settings in
 * `values` are written as set. `deploy/env.example` is this with no values; `consentry init` fills in its folders.
 */
export function envExample(values: Readonly<Record<string, string>> = {}): string {
  const parts = settingRows().map((row) => {
    const set = values[row.name];
    const text = set ?? row.standard ?? row.example ?? '';
    const line = `${row.required || set !== undefined ? '' : '#'}${row.name}=${text}`;
    const file = row.secret ? `\n#${row.name}_FILE=` : '';
    return `# ${row.help}\n${line}${file}\n`;
  });
  return [EXAMPLE_HEAD, ...parts].join('\n');
}
