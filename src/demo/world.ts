/**
 * Everything around Consentry in evaluation mode: one identity provider for everybody and the clients' sample
 * systems, all on loopback. Knows nothing of the gateway; `consentry demo` and the tests start it.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createBackup } from './backup.ts';
import { createErp } from './erp.ts';
import { createIdentityProvider, type DemoIdentityProvider } from './identity-provider.ts';
import { createPayroll } from './payroll.ts';
import type { DemoServer } from './server.ts';

export interface World {
  readonly identityProvider: DemoIdentityProvider;
  /** The secret the portal shares with the identity provider. */
  readonly clientSecret: string;
  /** The private key (PEM) by which the robot `nightly-backup` proves itself to the identity provider. */
  readonly robotKey: string;
  readonly erp: DemoServer;
  readonly backup: DemoServer;
  readonly payroll: DemoServer;
  /** What the sample policies call these addresses. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const people = [
  { login: 'alice', name: 'Alice Martin' },
  { login: 'bruno', name: 'Bruno Keller' },
  { login: 'eve', name: 'Eve Rossi' },
  { login: 'claire', name: 'Claire Dubois' },
  { login: 'marc', name: 'Marc Petit' },
  { login: 'nadia', name: 'Nadia Martin' },
  { login: 'david', name: 'David Lambert' },
  { login: 'carla', name: 'Carla Perrin' },
];

/**
 * Starts everything. `portalOrigin` is where the identity provider sends people back to. With `firstPort` the four
 * listen on it and the ports after it, so that a second start finds the same addresses; without it on free ones.
 */
export async function startWorld(portalOrigin: string, firstPort?: number): Promise<World> {
  const at = (offset: number): { port?: number } =>
    firstPort === undefined ? {} : { port: firstPort + offset };
  const clientSecret = randomBytes(32).toString('base64url');
  const robot = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const identityProvider = await createIdentityProvider({
    ...at(0),
    clients: [
      {
        client_id: 'consentry',
        client_secret: clientSecret,
        redirect_uris: [`${portalOrigin}/callback/company`],
        post_logout_redirect_uris: [`${portalOrigin}/signed-out`],
        backchannel_logout_uri: `${portalOrigin}/backchannel-logout/company`,
      },
      {
        client_id: 'nightly-backup',
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['client_credentials'],
        ...{ redirect_uris: [], response_types: [] },
        jwks: { keys: [{ ...robot.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
      },
    ],
    people,
  });
  const [erp, backup, payroll] = await Promise.all([
    createErp(at(1)),
    createBackup(at(2)),
    createPayroll(at(3)),
  ]);
  return {
    identityProvider,
    clientSecret,
    robotKey: robot.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    erp,
    backup,
    payroll,
    variables: {
      ISSUER: identityProvider.issuer,
      ERP_UPSTREAM: erp.origin,
      BACKUP_UPSTREAM: backup.origin,
      PAYROLL_UPSTREAM: payroll.origin,
    },
    async close() {
      await Promise.all([identityProvider.close(), erp.close(), backup.close(), payroll.close()]);
    },
  };
}
