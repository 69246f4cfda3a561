/**
 * The identity provider of the measured gateway, in a process of its own so that its work is not counted as the
 * gateway's: `node identity-process.ts PORTAL_ORIGIN`.
 */
import { randomBytes } from 'node:crypto';
import { loadBuilt } from './built.ts';
import { serveQuestions } from './protocol.ts';

const [portal = ''] = process.argv.slice(2);
const { createIdentityProvider } =
  await loadBuilt<typeof import('../../src/demo/identity-provider.ts')>('demo/identity-provider.js');
const clientSecret = randomBytes(32).toString('base64url');
const provider = await createIdentityProvider({
  clients: [
    { client_id: 'consentry', client_secret: clientSecret, redirect_uris: [`${portal}/callback/demo`] },
    {
      client_id: 'copier',
      client_secret: clientSecret,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      ...{ redirect_uris: [], response_types: [] },
    },
  ],
  people: [
    { login: 'alice', name: 'Alice Martin' },
    { login: 'claire', name: 'Claire Dubois' },
  ],
});

serveQuestions({ identity: () => ({ issuer: provider.issuer, clientSecret }) }, () => provider.close());
