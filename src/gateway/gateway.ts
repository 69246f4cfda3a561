/**
 * Puts the gateway together: registry, pools, the two handlers, the sweep over running exchanges. `app.ts` gives it
 * the ports; it gives back the listener's parts and the registry through which everything running can be cut.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Authority, Clock, Credentials, Ledger, Policies } from '../core/ports.ts';
import type { Log } from '../log.ts';
import { admit, type Turned } from './admit.ts';
import { faultAnswer, refusalAnswer, sendRaw } from './answer.ts';
import { arrive } from './arrive.ts';
import { type Assertions, createAssertions } from './assertion.ts';
import { type ClientAddress, createClientAddress } from './client-address.ts';
import { createCovers } from './covers.ts';
import { createCredentialUse } from './credential-use.ts';
import { createRegistry, type Registry } from './cutters.ts';
import { createDigests } from './digests.ts';
import { createHandler, type HandleDeps } from './handle.ts';
import { randomId } from './ids.ts';
import type { Limits } from './limits.ts';
import { createPools } from './pools.ts';
import { reset } from './raw-socket.ts';
import { createRefusals, type Refusals } from './refusals.ts';
import { tunnel } from './tunnel.ts';

export interface GatewayDeps {
  readonly policies: Policies;
  readonly authority: Authority;
  readonly ledger: Ledger;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: {
    readonly portalOrigin: string;
    readonly scheme: 'http' | 'https';
    readonly sealKey: Buffer;
    readonly loopbackAllowed: boolean;
    readonly trustedProxies: readonly string[];
    readonly limits: Limits;
  };
}

export interface Gateway {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  upgrade(req: IncomingMessage, socket: Socket, head: Buffer): Promise<void>;
  readonly refusals: Refusals;
  readonly assertions: Assertions;
  readonly addressOf: ClientAddress;
  /** Ends what is left, writes what waits. */
  close(): Promise<void>;
}

/** What belongs to one process before the gateway itself: made first, because the authority needs it. */
export interface GatewayState {
  readonly registry: Registry;
  readonly onForget: ((opening: string) => void)[];
}

export function createGatewayState(): GatewayState {
  const onForget: ((opening: string) => void)[] = [];
  const registry = createRegistry((opening) => {
    for (const forget of onForget) forget(opening);
  });
  return { registry, onForget };
}

export function createGateway(state: GatewayState, deps: GatewayDeps): Gateway {
  const { registry } = state;
  const { authority, clock, credentials, ledger, log, policies, settings } = deps;
  const digests = createDigests();
  const pools = createPools(settings.loopbackAllowed, settings.limits, () => clock.monotonic());
  const covers = createCovers();
  const credentialUse = createCredentialUse(ledger, clock, log);
  const refusals = createRefusals(ledger, log);
  const assertions = createAssertions(settings.portalOrigin);
  const addressOf = createClientAddress(settings.trustedProxies);
  state.onForget.push(
    (opening) => pools.drop(opening),
    (opening) => covers.forget(opening),
    (opening) => credentialUse.forget(opening),
    (opening) => assertions.forget(opening),
  );
  const handleDeps: HandleDeps = {
    policies,
    authority,
    ledger,
    registry,
    refusals,
    covers,
    clock,
    log,
    pools,
    digests,
    assertions,
    credentials,
    credentialUse,
    addressOf,
    ...settings,
  };
  const sweeper = setInterval(() => {
    const now = clock.now();
    const monotonic = clock.monotonic();
    for (const exchange of [...registry.all()]) exchange.sweep(now, monotonic);
  }, settings.limits.sweepInterval);
  sweeper.unref();

  return {
    handle: createHandler(handleDeps),
    async upgrade(req, socket, head) {
      const arrival = arrive(req, policies.current(), settings.scheme, clock.monotonic(), true);
      if ('why' in arrival) return sendRaw(req, socket, randomId(), refusalAnswer(arrival.reason));
      if (head.length > 0 || arrival.method !== 'GET')
        return sendRaw(req, socket, arrival.id, refusalAnswer('bad_request'));
      const admitted = await admit(
        arrival,
        req,
        { cut: (exchange) => exchange.onCut(() => reset(socket)), expect: () => undefined },
        handleDeps,
      );
      if ('kind' in admitted) return turnUpgrade(admitted, req, socket, arrival.id);
      tunnel(admitted, arrival, req, socket, {
        policies,
        ledger,
        assertions,
        credentials,
        credentialUse,
        clock,
        addressOf,
        loopbackAllowed: settings.loopbackAllowed,
        limits: settings.limits,
      });
    },
    refusals,
    assertions,
    addressOf,
    async close() {
      clearInterval(sweeper);
      for (const exchange of [...registry.all()]) exchange.cut('terminated:shutdown');
      await refusals.close();
      await pools.close();
      await digests.close();
    },
  };
}

function turnUpgrade(turned: Turned, req: IncomingMessage, socket: Socket, id: string): void {
  switch (turned.kind) {
    case 'gone':
      return reset(socket);
    case 'fault':
      return sendRaw(req, socket, id, faultAnswer(turned.code));
    case 'refused':
      return sendRaw(req, socket, id, refusalAnswer(turned.reason));
    case 'declare':
    case 'ended':
      return sendRaw(req, socket, id, refusalAnswer('not_authenticated'));
  }
}
