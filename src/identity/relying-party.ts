/**
 * Our side of each identity provider: its metadata, keys and our credentials there. Looked up when first needed,
 * once for all who wait; a provider that does not answer is left alone for a while, and people are told at once.
 */
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';
import { Fault } from '../core/faults.ts';
import type { IdentityProvider } from '../core/model.ts';
import type { Clock } from '../core/ports.ts';

/** Signature algorithms accepted from providers, whatever they announce. */
export const acceptedAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

const timeoutSeconds = 3;
/** A refresh token may be used up by an answer that we did not wait for. */
const patientSeconds = 20;
const longestPause = 30_000;

export interface RelyingParty {
  readonly configuration: oidc.Configuration;
  /** The same, for what nobody waits for and must not be done twice. */
  readonly patient: oidc.Configuration;
  /** The provider's keys; refetched when an unknown one is named, at most every 30 s. */
  readonly keys: JWTVerifyGetKey;
}

export interface RelyingParties {
  /**
   * Ready to talk to a provider, with metadata at most `maxAge` milliseconds old. Throws Fault
   * `identity_provider_unavailable`; at once if it failed a moment ago.
   */
  of(provider: IdentityProvider, maxAge: number): Promise<RelyingParty>;
  /** The policy changed: look everything up again. */
  forget(): void;
}

export interface RelyingPartyOptions {
  readonly clientSecret: (provider: IdentityProvider) => string | undefined;
  readonly clock: Clock;
  /** Plain HTTP to loopback providers, in evaluation only. */
  readonly allowHttp: boolean;
}

interface Known {
  party: RelyingParty | undefined;
  at: number;
  failures: number;
  notBefore: number;
  running: Promise<RelyingParty> | undefined;
}

export function createRelyingParties(options: RelyingPartyOptions): RelyingParties {
  const known = new Map<string, Known>();
  return {
    of(provider, maxAge) {
      const key = JSON.stringify([provider.id, provider.issuer, provider.clientId]);
      let entry = known.get(key);
      if (!entry) {
        entry = { party: undefined, at: 0, failures: 0, notBefore: 0, running: undefined };
        known.set(key, entry);
      }
      return ready(entry, provider, maxAge, options);
    },
    forget: () => known.clear(),
  };
}

async function ready(
  entry: Known,
  provider: IdentityProvider,
  maxAge: number,
  options: RelyingPartyOptions,
): Promise<RelyingParty> {
  const now = options.clock.monotonic();
  if (entry.party && now - entry.at <= maxAge) return entry.party;
  if (now < entry.notBefore)
    throw new Fault('identity_provider_unavailable', `${provider.id} failed a moment ago`);
  entry.running ??= discover(provider, entry.party, options)
    .then(
      (party) => {
        Object.assign(entry, { party, at: options.clock.monotonic(), failures: 0 });
        return party;
      },
      (cause: unknown) => {
        entry.failures += 1;
        const pause = Math.min(500 * 2 ** Math.min(entry.failures, 10), longestPause);
        entry.notBefore = options.clock.monotonic() + pause;
        throw new Fault(
          'identity_provider_unavailable',
          `${provider.id} cannot be reached or is misconfigured`,
          cause,
        );
      },
    )
    .finally(() => {
      entry.running = undefined;
    });
  return entry.running;
}

async function discover(
  provider: IdentityProvider,
  before: RelyingParty | undefined,
  options: RelyingPartyOptions,
): Promise<RelyingParty> {
  const issuer = new URL(provider.issuer);
  if (issuer.protocol !== 'https:' && !(options.allowHttp && isLoopback(issuer.hostname))) {
    throw new Error('the issuer must be reached over HTTPS');
  }
  const insecure = issuer.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
  const found = await oidc.discovery(issuer, provider.clientId, undefined, oidc.None(), {
    timeout: timeoutSeconds,
    execute: insecure,
  });
  const announced = found.serverMetadata();
  // The library compares normalised URLs; the configured issuer is an identifier and must be the same string.
  if (announced.issuer !== provider.issuer)
    throw new Error('the provider names another issuer than configured');
  if (!announced.jwks_uri) throw new Error('the provider publishes no keys');
  const algorithms = announced.id_token_signing_alg_values_supported ?? ['RS256'];
  const metadata: oidc.ServerMetadata = {
    ...(announced as oidc.ServerMetadata),
    id_token_signing_alg_values_supported: algorithms.filter((name) => acceptedAlgorithms.includes(name)),
  };
  const secret = options.clientSecret(provider);
  const configure = (timeout: number): oidc.Configuration => {
    const configuration = new oidc.Configuration(
      metadata,
      provider.clientId,
      { [oidc.clockTolerance]: 60 },
      clientAuthentication(secret, announced.token_endpoint_auth_methods_supported),
    );
    configuration.timeout = timeout;
    for (const apply of insecure) apply(configuration);
    // The ID token's own signature is checked too, not only the TLS connection it came through.
    oidc.enableNonRepudiationChecks(configuration);
    return configuration;
  };
  const keys = keysOf(announced.jwks_uri, issuer.protocol, before);
  return { configuration: configure(timeoutSeconds), patient: configure(patientSeconds), keys };
}

const keyAddresses = new WeakMap<JWTVerifyGetKey, string>();

/** The same key set as before when its address is the same, so that its pauses between fetches hold. */
function keysOf(address: string, protocol: string, before: RelyingParty | undefined): JWTVerifyGetKey {
  if (before && keyAddresses.get(before.keys) === address) return before.keys;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== protocol)
    throw new Error('keys must be fetched over HTTPS');
  const keys = createRemoteJWKSet(url, { timeoutDuration: timeoutSeconds * 1_000, cooldownDuration: 30_000 });
  keyAddresses.set(keys, address);
  return keys;
}

function clientAuthentication(
  secret: string | undefined,
  methods: readonly string[] | undefined,
): oidc.ClientAuth {
  if (secret === undefined) return oidc.None();
  return methods?.includes('client_secret_post')
    ? oidc.ClientSecretPost(secret)
    : oidc.ClientSecretBasic(secret);
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === '127.0.0.1' ||
    hostname === '[::1]' ||
    hostname === 'localhost' ||
    hostname.endsWith('.localhost')
  );
}
