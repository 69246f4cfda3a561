/**
 * Settings: one table, read once, all faults at once. Secrets are kept apart and never printed.
 */
export interface Address {
  readonly host: string;
  readonly port: number;
}

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
  /** Folder of certificates (`<name>.pem` with `<name>.key`), chosen by SNI; undefined: plain HTTP behind a front proxy. */
  readonly tls: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
}

export interface Secrets {
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly smtpUrl: string | undefined;
}
