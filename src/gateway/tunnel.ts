/**
 * Carries one admitted upgrade (a WebSocket): the handshake with our own header lines, the filtered 101, then bytes
 * both ways with back-pressure. Either side's end, error or close ends both; a cut destroys both at once.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Presented } from '../core/credential.ts';
import type { System } from '../core/model.ts';
import type { Credentials } from '../core/ports.ts';
import type { Admitted } from './admit.ts';
import { type Answer, faultAnswer, sendRaw } from './answer.ts';
import type { Arrival } from './arrive.ts';
import type { Assertions } from './assertion.ts';
import type { ClientAddress } from './client-address.ts';
import { overLimit, type RegisterDeps, registerCopy } from './copying.ts';
import { addCredential } from './credential.ts';
import type { CredentialUse } from './credential-use.ts';
import { addOurs, downHeaders, passingValue } from './headers.ts';
import type { Limits } from './limits.ts';
import { plainRequest, secureRequest } from './node-http.ts';
import type { Outcome } from './outcome.ts';
import { reset } from './raw-socket.ts';
import { guardedLookup } from './upstream-address.ts';

export interface TunnelDeps extends RegisterDeps {
  readonly assertions: Assertions;
  readonly credentials: Credentials;
  readonly credentialUse: CredentialUse;
  readonly clock: { now(): number };
  readonly addressOf: ClientAddress;
  readonly loopbackAllowed: boolean;
  readonly limits: Limits;
}

/** Opens the tunnel; returns at once. The exchange ends by itself, exactly once. */
export function tunnel(
  admitted: Admitted,
  arrival: Arrival,
  req: IncomingMessage,
  client: Socket,
  deps: TunnelDeps,
): void {
  const { exchange } = admitted;
  if (exchange.ended !== undefined) return;
  if (client.destroyed) return exchange.finish('client-abort');
  const presented = deps.credentials.of(arrival.system);
  if (arrival.system.credential !== undefined && presented === undefined) {
    exchange.finish('upstream-unreachable');
    return sendRaw(req, client, arrival.id, faultAnswer('credential_unavailable'));
  }
  if (presented !== undefined) deps.credentialUse.note(admitted.opening, arrival.system);
  const handshake = ask(admitted, arrival, req, presented, deps);
  exchange.onCut(() => handshake.destroy());
  client.once('close', () => handshake.destroy());
  const give = (answer: Answer, outcome: Outcome): void => {
    if (exchange.finished) return;
    exchange.finish(outcome);
    sendRaw(req, client, arrival.id, answer);
    handshake.destroy();
  };
  // For all of it: a byte now and then does not make it longer.
  const late = setTimeout(
    () => give(faultAnswer('upstream_timeout'), 'upstream-timeout'),
    deps.limits.handshake,
  );
  handshake.once('close', () => clearTimeout(late));
  handshake.on('error', () =>
    give(faultAnswer('upstream_unreachable'), client.destroyed ? 'client-abort' : 'upstream-unreachable'),
  );
  handshake.on('response', (response) => {
    exchange.status = response.statusCode ?? 0;
    response.resume();
    const refused = arrival.system.credential !== undefined && response.statusCode === 401;
    give(
      refused ? faultAnswer('credential_refused') : refusedByUpstream(response.statusCode ?? 0),
      'upgrade-refused',
    );
  });
  handshake.on('upgrade', (response, upstream, head) => {
    clearTimeout(late);
    if (exchange.ended !== undefined || client.destroyed) {
      upstream.destroy();
      exchange.finish('client-abort');
      return;
    }
    exchange.status = 101;
    exchange.waiting = false;
    const lines = response.rawHeaders;
    const down = lines.every((part) => passingValue.test(part))
      ? downHeaders(lines, arrival, false, false)
      : undefined;
    if (down === undefined || response.statusCode !== 101) {
      upstream.destroy();
      give(faultAnswer('upstream_malformed'), 'upstream-abort');
      return;
    }
    accept(client, down.lines);
    join(admitted, arrival.system, client, upstream as Socket, head, deps);
  });
  handshake.end();
}

/** The handshake request: our header set, name and CA from the policy. */
function ask(
  admitted: Admitted,
  arrival: Arrival,
  req: IncomingMessage,
  presented: Presented | undefined,
  deps: TunnelDeps,
): ClientRequest {
  const { upstream } = arrival.system;
  const headers = [...arrival.lines];
  const assertion = deps.assertions.of(admitted.opening, arrival.system, arrival.snapshot, deps.clock.now());
  addOurs(
    headers,
    {
      host: arrival.host,
      scheme: arrival.scheme,
      address: deps.addressOf(req),
      request: arrival.id,
      assertion,
    },
    arrival.system,
  );
  addCredential(headers, presented);
  headers.push('Connection', 'Upgrade', 'Upgrade', 'websocket');
  const options = {
    host: upstream.hostname,
    port: upstream.port,
    method: 'GET',
    path: arrival.url,
    headers,
    agent: false as const,
    lookup: guardedLookup(deps.loopbackAllowed),
    maxHeaderSize: deps.limits.upstreamHeaderBytes,
  };
  if (upstream.protocol === 'http:') return plainRequest(options);
  return secureRequest({
    ...options,
    servername: upstream.serverName,
    ...(upstream.ca === undefined ? {} : { ca: upstream.ca }),
    ...presented?.tls,
  });
}

/** The system said no to the upgrade. Its status is passed on if it is one, its words are not. */
function refusedByUpstream(status: number): Answer {
  return {
    ...faultAnswer('upstream_unreachable'),
    code: 'upgrade_refused',
    status: status >= 400 && status <= 599 ? status : 502,
    next: {
      en: 'The client’s system refused this live connection. The attempt is in the log.',
      fr: 'Le système du client a refusé cette connexion continue. La tentative figure au journal.',
    },
  };
}

function accept(client: Socket, lines: readonly string[]): void {
  let head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
  for (let i = 0; i < lines.length; i += 2) {
    const name = lines[i] ?? '';
    if (!/^(?:content-length|cache-control)$/i.test(name)) head += `${name}: ${lines[i + 1]}\r\n`;
  }
  client.write(`${head}\r\n`, 'latin1');
}

/** Bytes both ways until one side ends; then neither remains. */
function join(
  admitted: Admitted,
  system: System,
  client: Socket,
  upstream: Socket,
  head: Buffer,
  deps: RegisterDeps,
): void {
  const { exchange } = admitted;
  const allowed = system.profile.copy.bytes;
  exchange.onCut(() => {
    reset(client);
    reset(upstream);
  });
  const over = (outcome: Outcome): void => {
    exchange.finish(outcome, client.destroyed ? client.writableLength : 0);
    client.destroy();
    upstream.destroy();
  };
  // Before anybody listens: what came with the 101 is the beginning of the stream.
  if (head.length > 0) upstream.unshift(head);
  client.setTimeout(0);
  upstream.setTimeout(0);
  client.setNoDelay(true);
  client.on('data', (chunk: Buffer) => {
    if (exchange.mayPass()) exchange.up += chunk.length;
  });
  let atMost = Number.POSITIVE_INFINITY;
  const give = (chunk: Buffer): void => {
    const room = atMost - exchange.down;
    if (chunk.length > room) {
      upstream.pause();
      exchange.down += room;
      client.write(chunk.subarray(0, room), () => exchange.cut('terminated:copy_limit'));
      return;
    }
    exchange.down += chunk.length;
    if (client.write(chunk)) return;
    upstream.pause();
    client.once('drain', () => state !== 'waits' && upstream.resume());
  };
  let state: 'page' | 'waits' | 'copy' = 'page';
  upstream.on('data', (chunk: Buffer) => {
    if (!exchange.mayPass()) return;
    // A live feed is a page; more than a page's worth is a copy, and registered before it becomes one.
    if (state === 'copy' || exchange.down + chunk.length <= allowed) return give(chunk);
    if (!admitted.mayCopy()) return exchange.cut('terminated:copy_gate');
    state = 'waits';
    upstream.pause();
    void registerCopy(admitted, system.id, { status: 101, type: '', live: true }, deps).then((answer) => {
      if (exchange.finished) return;
      if (!('ok' in answer)) return exchange.cut(overLimit(answer) ?? 'terminated:copy_gate');
      state = 'copy';
      atMost = answer.atMost;
      upstream.resume();
      give(chunk);
    });
  });
  upstream.on('end', () => client.end());
  client.on('error', () => over('client-abort'));
  upstream.on('error', () => over('upstream-abort'));
  client.on('close', () => over('complete'));
  upstream.on('close', () => over('complete'));
  client.pipe(upstream);
}
