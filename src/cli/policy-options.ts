/** Options that every command on a policy folder takes: where it is, under which rules and with which values it is read. */
import { credentialsFolder, type Environment } from '../config.ts';
import type { LoadOptions } from '../stores/policy-files.ts';

/** What the sample policies leave open, for checking them without running the demonstration. */
export const sampleVariables = {
  ISSUER: 'http://127.0.0.1:9000',
  ERP_UPSTREAM: 'http://127.0.0.1:9001',
  BACKUP_UPSTREAM: 'http://127.0.0.1:9002',
  PAYROLL_UPSTREAM: 'http://127.0.0.1:9003',
} as const;

/** For `parseArgs`. */
export const policyOptionTable = {
  evaluation: { type: 'boolean', default: false },
  portal: { type: 'string' },
  credentials: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const;

export interface PolicyValues {
  readonly evaluation: boolean;
  readonly portal?: string | undefined;
  readonly credentials?: string | undefined;
  readonly set?: readonly string[] | undefined;
}

/** How the folder is to be read and compiled; undefined when an option is not understood. */
export function readPolicyOptions(values: PolicyValues, env: Environment): LoadOptions | undefined {
  const { evaluation, portal, set } = values;
  const fallback = evaluation ? 'http://portal.localhost:8080' : 'https://portal.invalid';
  const address = portal ?? env.CONSENTRY_PORTAL_URL ?? fallback;
  if (!URL.canParse(address)) return undefined;
  const pairs = (set ?? []).map((pair) => /^([A-Z][A-Z0-9_]*)=(.*)$/s.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  const given = Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
  const variables = evaluation ? { ...sampleVariables, ...given } : given;
  const portalUrl = new URL(address);
  return { evaluation, production: !evaluation, portalUrl, variables, ...secretsOf(values, env) };
}

/** Secret files are looked at where it is known where they are. */
function secretsOf(
  { credentials }: PolicyValues,
  env: Environment,
): Pick<LoadOptions, 'credentialsDir' | 'keysDir'> {
  const keys = env.CONSENTRY_KEYS;
  const given = credentials ?? env.CONSENTRY_CREDENTIALS;
  if (given === undefined && keys === undefined) return {};
  return {
    ...(keys === undefined ? {} : { keysDir: keys }),
    credentialsDir: credentialsFolder({ keys: keys ?? '', credentials: given }),
  };
}
