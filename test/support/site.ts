/** The demo's systems and its identity provider, with a gateway in front of them: what a browser finds, for tests. */
import { startWorld, type World } from '../../src/demo/world.ts';
import { freePort, startTestGateway, type TestGateway } from './gateway.ts';

export interface Site {
  readonly world: World;
  readonly gateway: TestGateway;
  /** Origin of the portal. */
  readonly portal: string;
}

/** Starts all of it on free ports. The caller closes the gateway, then the world. */
export async function startSite(): Promise<Site> {
  const port = await freePort();
  const portal = `http://portal.localhost:${port}`;
  const world = await startWorld(portal);
  const { erp, backup, payroll, identityProvider, clientSecret } = world;
  const upstreams = { erp: erp.origin, backup: backup.origin, payroll: payroll.origin };
  const gateway = await startTestGateway({
    ...{ port, ...upstreams },
    ...{ issuer: identityProvider.issuer, clientSecret },
  });
  return { world, gateway, portal };
}
