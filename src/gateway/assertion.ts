/**
 * The one signed statement a system gets about a request: who, for which purpose, under which agreement. A JWS
 * (RFC 7515) with Ed25519, audience = the system, valid for two minutes; made once a minute per opening and system.
 * The key lives as long as the process; its public half is served at the portal's `/.well-known/jwks.json`.
 */
import { generateKeyPairSync, hash, sign } from 'node:crypto';
import type { Opening, Snapshot, System } from '../core/model.ts';
import { termOf } from '../core/pseudonyms.ts';

export interface Assertions {
  /** The compact JWS for this opening at this system, with the person as the client may know them. `now` in epoch milliseconds. */
  of(opening: Opening, system: System, snapshot: Pick<Snapshot, 'clients'>, now: number): string;
  readonly jwks: { readonly keys: readonly object[] };
  forget(opening: string): void;
}

const renewAfter = 60_000;

export function createAssertions(issuer: string): Assertions {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = publicKey.export({ format: 'jwk' });
  const kid = hash('sha256', JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x }), 'base64url');
  const header = encode({ alg: 'EdDSA', kid, typ: 'JWT' });
  const made = new Map<string, Map<string, { readonly at: number; readonly jws: string }>>();

  function make(opening: Opening, system: System, subject: string, now: number): string {
    const seconds = Math.floor(now / 1000);
    const claims = {
      iss: issuer,
      aud: system.publicOrigin,
      sub: subject,
      iat: seconds,
      exp: seconds + 120,
      purpose: opening.purpose,
      grant: opening.grant,
      session: opening.id,
    };
    const signed = `${header}.${encode(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  }

  return {
    of(opening, system, { clients }, now) {
      let systems = made.get(opening.id);
      if (systems === undefined) {
        systems = new Map();
        made.set(opening.id, systems);
      }
      const found = systems.get(system.id);
      if (found !== undefined && now >= found.at && now < found.at + renewAfter) return found.jws;
      const jws = make(opening, system, termOf(clients.get(opening.client), opening.person), now);
      systems.set(system.id, { at: now, jws });
      return jws;
    },
    jwks: { keys: [{ kty: 'OKP', crv: jwk.crv, x: jwk.x, kid, alg: 'EdDSA', use: 'sig' }] },
    forget(opening) {
      made.delete(opening);
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
