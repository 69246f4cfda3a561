/**
 * An identity provider that lies on demand: every part of its answers can be replaced. Used to see what a forged or
 * confused provider can make us believe. Signs with its own EC key unless told otherwise.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface Lies {
  /** Changes the claims of the ID token; undefined values remove a claim. */
  claims?: (claims: JWTPayload) => JWTPayload;
  /** Makes the ID token itself. */
  idToken?: (claims: JWTPayload) => string | Promise<string>;
  /** Parameters of the redirect back to us. */
  callback?: (parameters: URLSearchParams) => void;
  metadata?: Readonly<Record<string, unknown>>;
  /** What the token endpoint says instead of tokens. */
  refusal?: { readonly status: number; readonly error: string };
  /** Gives a refresh token with each answer. */
  refreshToken?: string;
  /** Answers every back-channel request with this status instead. */
  status?: number;
  /** Never answers at all. */
  silent?: boolean;
}

export interface HostileProvider {
  readonly issuer: string;
  lies: Lies;
  /** Paths asked for, in order. */
  readonly asked: string[];
  sign(claims: JWTPayload, header?: { readonly typ?: string; readonly kid?: string }): Promise<string>;
  close(): Promise<void>;
}

export async function createHostileProvider(clientId = 'consentry'): Promise<HostileProvider> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const nonces = new Map<string, string>();
  const provider: HostileProvider = {
    issuer,
    lies: {},
    asked: [],
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(privateKey),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function idToken(code: string): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const honest: JWTPayload = {
      iss: issuer,
      sub: 'alice',
      aud: clientId,
      iat: now,
      exp: now + 300,
      auth_time: now,
      sid: 'sid-1',
      nonce: nonces.get(code) ?? '',
    };
    const claims = provider.lies.claims?.(honest) ?? honest;
    return provider.lies.idToken?.(claims) ?? provider.sign(claims);
  }

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', issuer);
    provider.asked.push(url.pathname);
    if (provider.lies.silent) return;
    if (provider.lies.status !== undefined) return void res.writeHead(provider.lies.status).end('{}');
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(res, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'],
          authorization_response_iss_parameter_supported: true,
          ...provider.lies.metadata,
        });
      case '/jwks':
        return json(res, { keys: [jwk] });
      case '/authorize':
        return authorize(url, res);
      case '/token':
        if (provider.lies.refusal !== undefined)
          return json(res, provider.lies.refusal, provider.lies.refusal.status);
        return json(res, {
          access_token: 'access',
          token_type: 'Bearer',
          ...(provider.lies.refreshToken === undefined ? {} : { refresh_token: provider.lies.refreshToken }),
          id_token: await idToken(new URLSearchParams(await text(req)).get('code') ?? ''),
        });
      default:
        res.writeHead(404).end();
    }
  }

  function authorize(url: URL, res: ServerResponse): void {
    const code = `code-${nonces.size}`;
    nonces.set(code, url.searchParams.get('nonce') ?? '');
    const back = new URL(url.searchParams.get('redirect_uri') ?? issuer);
    const answer = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '', iss: issuer });
    provider.lies.callback?.(answer);
    back.search = answer.toString();
    res.writeHead(302, { location: back.href }).end();
  }

  server.on('request', (req, res) => void serve(req, res).catch(() => res.destroy()));
  return provider;
}

function json(res: ServerResponse, body: unknown, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function text(req: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of req) body += String(part);
  return body;
}
