/** The sample's robot in the day of pseudonyms: a token of its own, an access, one copy, and a run that it missed. */
import { createPrivateKey, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { expect } from '@jest/globals';
import { SignJWT } from 'jose';
import { gateway, portal, until, world } from './pseudonym-day.ts';

export const robot = 'nightly-backup';

async function tokenOf(): Promise<string> {
  const { issuer } = world.identityProvider;
  const now = Math.floor(Date.now() / 1_000);
  const assertion = await new SignJWT({ iss: robot, sub: robot, aud: issuer, jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuedAt(now)
    .setExpirationTime(now + 60)
    .sign(createPrivateKey(world.robotKey));
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', resource: portal, client_assertion: assertion },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    }),
  });
  const told = (await answer.json()) as { readonly access_token?: string };
  return String(told.access_token);
}

interface Told {
  readonly status: number;
  readonly body: string;
}

function send(method: string, host: string, path: string, bearer: string, body?: object): Promise<Told> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
    const asked = request({ host: '127.0.0.1', port: gateway.port, method, path, headers }, (answer) => {
      let told = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        told += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: told }));
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Opens, takes a copy, closes. */
export async function robotWorks(): Promise<void> {
  const wish = { systems: ['acme/backup'], purpose: 'backup', reference: 'RUN-1', minutes: 30 };
  const { host } = new URL(portal);
  const opened = await send('POST', host, '/api/v1/robots/open', await tokenOf(), wish);
  expect([opened.status, opened.status === 201 ? '' : opened.body]).toEqual([201, '']);
  const { credential } = JSON.parse(opened.body) as { readonly credential: string };
  const system = `backup.acme.localhost:${gateway.port}`;
  expect((await send('GET', system, '/backups/b-1/archive', credential)).status).toBe(200);
  const end = { result: 'done', said: '1 file' };
  expect((await send('POST', host, '/api/v1/robots/close', credential, end)).status).toBe(200);
}

/** A planned run that nobody came to: watched from now on, planned for the next instants, and over. */
export async function robotMisses(): Promise<void> {
  const watched = { client: 'acme', robot, system: 'backup', plan: 'a test' };
  const look = (runs: readonly { readonly from: number; readonly latest: number }[]) =>
    gateway.app.authority.run({
      ...{ do: 'watch-robots', watched: [{ ...watched, runs }], since: 0, unread: [] },
    });
  await look([]);
  const from = Date.now() + 1;
  await until(async () => (Date.now() > from + 10 ? true : undefined));
  expect(await look([{ from, latest: from + 5 }])).toMatchObject({ missed: 1 });
}
