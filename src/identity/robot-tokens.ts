/**
 * Who a robot is: an access token that its identity provider gave to the robot itself (RFC 6749 section 4.4, RFC 9068), for
 * this portal and nothing else, fresh, and used once. No token of a person passes, nor one that is no access token.
 */
import { hash } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Login } from '../core/commands.ts';
import { Fault } from '../core/faults.ts';
import { accountKey, type IdentityProvider, type Snapshot } from '../core/model.ts';
import type { Clock, Ledger, Policies } from '../core/ports.ts';
import { type RobotPerson, type RobotTokenFault, robotsIn } from '../core/robots.ts';
import { acceptedAlgorithms, type RelyingParties } from './relying-party.ts';

export interface ProvedRobot {
  readonly person: RobotPerson;
  readonly login: Login;
}

export interface RobotTokens {
  /**
   * The robot that shows this token, with the sign-in that is recorded for it: the token is used up, whatever comes of it.
   * Throws Fault when the provider’s keys cannot be had or nothing can be recorded.
   */
  prove(token: string): Promise<ProvedRobot | { readonly refused: RobotTokenFault }>;
}

export interface RobotTokenOptions {
  readonly policies: Policies;
  readonly parties: RelyingParties;
  readonly ledger: Pick<Ledger, 'run'>;
  readonly clock: Clock;
  readonly portalUrl: URL;
}

/** Seconds by which clocks may differ, after which a token is no longer taken, and that one may be meant to live. */
const tolerance = 60;
const oldest = 600;
const longest = 90 * 60;
const mostCharacters = 16_384;

/** Claims of sign-ins of people: an ID token, or an access token that came with one. */
const ofPeople = ['nonce', 'auth_time', 'at_hash', 'c_hash', 's_hash'];
const types = ['at+jwt', 'application/at+jwt', 'jwt'];

export function createRobotTokens(options: RobotTokenOptions): RobotTokens {
  const { policies, parties, ledger, clock, portalUrl } = options;
  return {
    async prove(token) {
      const snapshot = policies.current();
      const provider = providerOf(snapshot, token);
      if (typeof provider === 'string') return { refused: provider };
      const { keys } = await parties.of(provider, Number.POSITIVE_INFINITY);
      const now = clock.now();
      const payload = await verify(token, provider, keys, now);
      if (typeof payload === 'string') return { refused: payload };
      const found = robotOf(snapshot, provider, payload);
      if (typeof found === 'string') return { refused: found };
      if (!isFor(payload, found.robot.audience ?? portalUrl.origin)) return { refused: 'token_audience' };
      const login = loginOf(found, payload, now);
      const answer = await ledger.run({ do: 'login', login });
      return 'refused' in answer ? { refused: 'token_used' } : { person: found, login };
    },
  };
}

function providerOf(snapshot: Snapshot, token: string): IdentityProvider | RobotTokenFault {
  if (token.length > mostCharacters) return 'token_unreadable';
  try {
    const { iss } = decodeJwt(token);
    const serving = snapshot.providers.find(
      ({ issuer, serves }) => issuer === iss && serves.includes('staff'),
    );
    return serving ?? 'token_issuer';
  } catch {
    return 'token_unreadable';
  }
}

async function verify(
  token: string,
  provider: IdentityProvider,
  keys: Parameters<typeof jwtVerify>[1],
  now: number,
): Promise<JWTPayload | RobotTokenFault> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: provider.issuer,
      algorithms: acceptedAlgorithms,
      requiredClaims: ['aud', 'sub', 'iat', 'exp'],
      clockTolerance: tolerance,
      maxTokenAge: oldest,
      currentDate: new Date(now),
    });
    const { iat = 0, exp = Number.POSITIVE_INFINITY } = payload;
    if (!(exp - iat <= longest)) return 'token_expired';
    // One that is bound to a key proves nothing without that key, which is not looked at here.
    if (
      !types.includes(protectedHeader.typ?.toLowerCase() ?? 'jwt') ||
      'cnf' in payload ||
      'events' in payload
    )
      return 'token_type';
    return ofPeople.some((claim) => claim in payload) ? 'token_human' : payload;
  } catch (error) {
    return faultOf(error);
  }
}

function faultOf(error: unknown): RobotTokenFault {
  if (error instanceof errors.JWTExpired) return 'token_expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iat' || error.claim === 'exp' || error.claim === 'nbf') return 'token_expired';
    return 'token_unreadable';
  }
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return 'token_unreadable';
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  )
    return 'token_signature';
  throw new Fault('identity_provider_unavailable', 'the keys of the provider cannot be had', error);
}

/** The robot whose own client asked for the token, for itself. */
function robotOf(
  snapshot: Snapshot,
  { issuer }: IdentityProvider,
  { sub = '', client_id, azp }: JWTPayload,
): RobotPerson | RobotTokenFault {
  // A person who signed in somewhere is never taken for a machine, whichever client did it.
  if (snapshot.accounts.has(accountKey(issuer, sub))) return 'token_human';
  const client = client_id ?? azp;
  if (typeof client !== 'string' || (azp !== undefined && azp !== client)) return 'token_type';
  const robots = robotsIn(snapshot.people.values());
  const found = robots.find((one) => one.issuer === issuer && one.robot.clientId === client);
  if (found === undefined) return 'robot_unknown';
  return found.subject === sub ? found : 'token_human';
}

/** For this and nothing beside: whoever else a token is for could come here with it. */
function isFor({ aud }: JWTPayload, audience: string): boolean {
  const all = Array.isArray(aud) ? aud : [aud];
  return all.length === 1 && all[0] === audience;
}

/** Named after the token, so that a second use of it is known wherever and whenever it comes. */
function loginOf(person: RobotPerson, payload: JWTPayload, now: number): Login {
  const { iss = '', jti, iat = 0 } = payload;
  const one = typeof jti === 'string' && jti !== '' ? jti : JSON.stringify(payload);
  return {
    id: `robot-${hash('sha256', `${iss}\n${person.id}\n${one}`, 'base64url')}`,
    issuer: person.issuer,
    subject: person.subject,
    sid: undefined,
    who: person.id,
    acr: undefined,
    amr: [person.robot.proof],
    authTime: iat * 1_000,
    startedAt: now,
  };
}
