/**
 * What `consentry rollout` looks up beyond the ledger: names, certificates, upstreams. Opens connections, sends no request. Each
 * look ends by itself.
 */
import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { Config } from '../config.ts';
import type { RefusedAddresses } from '../core/mail.ts';
import type { Upstream } from '../core/model.ts';
import type { HostFound } from '../core/rollout.ts';
import { reasonOf } from './doctor-check.ts';
import { type Resolve, resolveByName } from './upstream-addresses.ts';

export interface Probes {
  resolves(host: string): Promise<boolean>;
  /** As in `HostFound`. */
  certificate(host: string): Promise<HostFound['certificate']>;
  /** Why the upstream takes no connection; undefined: it does. */
  upstream(target: Upstream): Promise<string | undefined>;
  /** Where mail does not arrive. */
  readonly refused: RefusedAddresses;
  /** The addresses of an upstream's name. Rejects when there are none. */
  addresses: Resolve;
}

const limitMs = 5_000;

/** Looks at the real world: certificates in the folder of the settings, or else at what answers on port 443. */
export function createProbes({ tls, portalUrl }: Pick<Config, 'tls' | 'portalUrl'>): Omit<Probes, 'refused'> {
  const folder = tls === undefined ? undefined : certificatesIn(tls);
  return {
    resolves: (host) =>
      within(lookup(host)).then(
        () => true,
        () => false,
      ),
    certificate: async (host) => {
      if (folder !== undefined) return inFolder(folder, host);
      return portalUrl.protocol === 'https:' ? served(host) : undefined;
    },
    addresses: resolveByName,
    upstream: async (target) => {
      try {
        await reach(target);
        return undefined;
      } catch (error) {
        return reasonOf(error);
      }
    },
  };
}

function certificatesIn(folder: string): readonly X509Certificate[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pem'))
    .sort()
    .map((name) => new X509Certificate(readFileSync(join(folder, name))));
}

/** The certificate that the gateway would choose for the name. */
function inFolder(found: readonly X509Certificate[], host: string): HostFound['certificate'] {
  const chosen = found.find((certificate) => certificate.checkHost(host) !== undefined);
  if (chosen === undefined) return { fault: 'no certificate of CONSENTRY_TLS names it' };
  return { until: Date.parse(chosen.validTo) };
}

/** What stands in front answers for its own names; its certificate must be one that browsers take. */
async function served(host: string): Promise<HostFound['certificate']> {
  const socket = connectTls({ host, port: 443, servername: host });
  try {
    await within(ready(socket, 'secureConnect'));
    return { until: Date.parse(socket.getPeerCertificate().valid_to) };
  } catch (error) {
    return { fault: `no valid certificate is served (${reasonOf(error)})` };
  } finally {
    socket.destroy();
  }
}

async function reach({
  protocol,
  hostname: host,
  port,
  serverName: servername,
  ca,
}: Upstream): Promise<void> {
  const socket =
    protocol === 'http:'
      ? connect({ host, port })
      : connectTls({
          host,
          port,
          servername,
          ...(ca === undefined ? {} : { ca }),
          ALPNProtocols: ['http/1.1'],
        });
  try {
    await within(ready(socket, protocol === 'http:' ? 'connect' : 'secureConnect'));
  } finally {
    socket.destroy();
  }
}

function ready(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once(event, () => resolve());
  socket.on('error', reject);
  return promise;
}

/** Rejects when there is no answer in time. */
async function within<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    limitMs,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
