/** A robot's opening by the product's own interface: a token of the identity provider, and the credential for it. */
import { request } from 'node:http';

/** The credential. Rejects with what was answered when it is none. */
export async function openRobot(
  portal: URL,
  identity: { readonly issuer: string; readonly clientSecret: string },
): Promise<string> {
  const asked = await fetch(`${identity.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', client_id: 'copier', client_secret: identity.clientSecret },
      resource: portal.origin,
    }),
  });
  const { access_token: token } = (await asked.json()) as { readonly access_token?: string };
  const wish = { systems: ['bench/app'], purpose: 'backup', reference: 'B-1', minutes: 480 };
  const answer = await post(portal, token ?? '', JSON.stringify(wish));
  const { credential } = JSON.parse(answer) as { readonly credential?: string };
  if (credential === undefined) throw new Error(answer);
  return credential;
}

/** Node does not resolve `*.localhost`, so the host line says it. */
function post(portal: URL, token: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: portal.host,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    };
    const target = { host: '127.0.0.1', port: portal.port, path: '/api/v1/robots/open' };
    const sent = request({ ...target, method: 'POST', headers }, (res) => {
      let text = '';
      res.on('data', (part: Buffer) => {
        text += part.toString();
      });
      res.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
