/**
 * What `consentry doctor` looks at beyond this machine: sign-in services, the clients' systems, names, Redis. It
 * opens connections and reads public documents; it never signs in and never sends a request to a client's system.
 */
import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Config, Secrets } from '../config.ts';
import type { IdentityProvider, Snapshot, System, Upstream } from '../core/model.ts';
import { meetingAdvice, meetingsOf, tellMeeting } from '../core/shared-machines.ts';
import type { Check, Finding } from './doctor-check.ts';
import { reasonOf } from './doctor-check.ts';
import { mailCheck } from './doctor-mail.ts';
import { addressesOf, type Resolve } from './upstream-addresses.ts';

/** Tokens are refused beyond this difference of clocks. */
const SKEW_MS = 60_000;
const DISCOVERY_BYTES = 1 << 20;

/** All checks beyond this machine, for these settings and policies. */
export function networkChecks(config: Config, secrets: Secrets, snapshot: Snapshot): readonly Check[] {
  const systems = [...snapshot.clients.values()].flatMap((client) => [...client.systems.values()]);
  const hosts = new Set([config.portalUrl.hostname, ...systems.flatMap((system) => system.hosts)]);
  return [
    ...snapshot.providers.map(providerCheck),
    ...systems.map(upstreamCheck),
    ...(snapshot.clients.size > 1 ? [meetingsCheck(systems)] : []),
    ...[...hosts].map(nameCheck),
    ...(secrets.smtpUrl === undefined ? [] : [mailCheck(secrets.smtpUrl)]),
    ...(secrets.redisUrl === undefined ? [] : [redisCheck(new URL(secrets.redisUrl))]),
  ];
}

function providerCheck(provider: IdentityProvider): Check {
  const about = `sign-in ${provider.id}`;
  return {
    about,
    look: async (signal) => {
      try {
        return await discovery(about, provider.issuer, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        const advice = `${provider.issuer} does not answer from here (${reasonOf(error)}); check the issuer in identity.yaml, its name and the firewall`;
        return [{ verdict: 'do', about, advice }];
      }
    },
  };
}

/** The discovery document is there without a redirect and names exactly the issuer that the policy names. */
async function discovery(about: string, issuer: string, signal: AbortSignal): Promise<readonly Finding[]> {
  const where = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const asked = Date.now();
  const response = await fetch(where, { signal, redirect: 'error', headers: { accept: 'application/json' } });
  const text = await readAtMost(response, DISCOVERY_BYTES);
  if (response.status !== 200)
    return [
      {
        verdict: 'do',
        about,
        advice: `${where} answered ${response.status}; check the issuer in identity.yaml`,
      },
    ];
  if (issuerOf(text) !== issuer)
    return [
      {
        verdict: 'do',
        about,
        advice: 'its discovery document names another issuer; identity.yaml must have exactly that text',
      },
    ];
  return [{ verdict: 'ok', about }, ...skew(about, response.headers.get('date'), asked)];
}

async function readAtMost(response: Response, limit: number): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > limit) throw new Error('the document is too large');
  }
  return text;
}

function issuerOf(text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    return typeof document === 'object' && document !== null && 'issuer' in document
      ? document.issuer
      : undefined;
  } catch {
    return undefined;
  }
}

/** Compares clocks by the Date header, which has whole seconds. Says nothing when there is none. */
export function skew(about: string, header: string | null, asked: number): readonly Finding[] {
  const theirs = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(theirs)) return [];
  const difference = Math.abs(theirs - asked);
  if (difference <= SKEW_MS) return [{ verdict: 'ok', about: `${about}: clock` }];
  const seconds = Math.round(difference / 1000);
  return [
    {
      verdict: 'do',
      about: `${about}: clock`,
      advice: `it differs from ours by ${seconds} s, so signing in will fail; keep both set by NTP`,
    },
  ];
}

/** Names that lead to one machine: what the policy's check cannot see, because it asks nobody. */
export function meetingsCheck(systems: readonly System[], resolve?: Resolve): Check {
  const about = 'systems of different clients';
  return {
    about,
    look: async () => {
      const meetings = meetingsOf(systems, await addressesOf(systems, resolve));
      if (meetings.length === 0) return [{ verdict: 'ok', about }];
      return meetings.map((meeting) => ({
        verdict: 'note',
        about,
        advice: `${tellMeeting(meeting)}; ${meetingAdvice}`,
      }));
    },
  };
}

function upstreamCheck(system: System): Check {
  const about = `system ${system.client}/${system.id}`;
  return { about, look: (signal) => upstream(about, system.upstream, signal) };
}

/** A connection can be made and, under TLS, the certificate is one that the gateway will accept. */
async function upstream(about: string, target: Upstream, signal: AbortSignal): Promise<readonly Finding[]> {
  const { hostname: host, port, serverName: servername, ca } = target;
  try {
    if (target.protocol === 'http:') await connected(connect({ host, port }), 'connect', signal);
    else {
      const socket = connectTls({
        host,
        port,
        servername,
        ...(ca === undefined ? {} : { ca }),
        ALPNProtocols: ['http/1.1'],
      });
      await connected(socket, 'secureConnect', signal);
    }
    return [{ verdict: 'ok', about }];
  } catch (error) {
    if (signal.aborted) throw error;
    const advice = `${target.origin} does not take connections from here (${reasonOf(error)}); check address, firewall and certificate`;
    return [{ verdict: 'do', about, advice }];
  }
}

function connected(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal.reason);
  socket.once(event, () => resolve());
  socket.on('error', reject);
  signal.addEventListener('abort', abort, { once: true });
  return promise.finally(() => {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  });
}

function nameCheck(host: string): Check {
  const about = `name ${host}`;
  return { about, look: () => name(about, host) };
}

async function name(about: string, host: string): Promise<readonly Finding[]> {
  try {
    await lookup(host);
    return [{ verdict: 'ok', about }];
  } catch (error) {
    const advice = `cannot be resolved here (${reasonOf(error)}); add a DNS record that points to this gateway or its front proxy`;
    return [{ verdict: 'do', about, advice }];
  }
}

function redisCheck(url: URL): Check {
  const about = 'redis';
  return {
    about,
    look: async (signal) => {
      const port = Number(url.port === '' ? '6379' : url.port);
      await connected(connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port }), 'connect', signal);
      return [{ verdict: 'ok', about }];
    },
  };
}
