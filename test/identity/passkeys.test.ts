import { createHash, createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SessionData } from 'express-session';
import type { Seat } from '../../src/core/commands.ts';
import { createEvaluationSigner } from '../../src/identity/evaluation-signer.ts';
import { type Credential, createPasskeys, type Passkeys } from '../../src/identity/passkeys.ts';
import { hashBytes } from '../../src/identity/text-hash.ts';
import { type Bends, SoftAuthenticator } from './authenticator.ts';

const rpId = 'portal.localhost';
const origin = 'http://portal.localhost:8080';
const claire = { id: 'claire', name: 'Claire Martin' };
const hashOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('base64url')}`;

let now: number;
let passkeys: Passkeys;
let authenticator: SoftAuthenticator;
let req: { session: Partial<SessionData> };

beforeEach(() => {
  now = 1_000;
  passkeys = createPasskeys({ rpId, origin, clock: { now: () => now, monotonic: () => now } });
  authenticator = new SoftAuthenticator(rpId, origin);
  req = { session: {} };
});

function seat(credential: Credential, more: Partial<Seat> = {}): Seat {
  return {
    id: 'seat-1',
    client: 'acme',
    controller: 'claire',
    issuer: 'i',
    subject: 's',
    name: 'Claire',
    role: 'representative',
    authority: 'a',
    seatedAt: 0,
    ...credential,
    ...more,
  };
}

async function enrolled(): Promise<Seat> {
  const options = await passkeys.registrationOptions(req, claire, []);
  const credential = await passkeys.verifyRegistration(req, authenticator.create(options));
  if (!credential) throw new Error('not enrolled');
  return seat(credential);
}

const bent: [string, Bends][] = [
  ['made on another site', { origin: 'http://portal.localhost.evil:8080' }],
  ['made on another port', { origin: 'http://portal.localhost:8081' }],
  ['made for another site', { rpId: 'evil.example' }],
  ['over another challenge', { challenge: randomBytes(32).toString('base64url') }],
  ['of another kind', { type: 'payment.get' }],
  ['without the person verified', { flags: 0x01 }],
  ['without the person present', { flags: 0x04 }],
];

describe('enrolling a passkey', () => {
  test('asks for a verified person and no attestation, excludes known keys, and names nobody to the authenticator', async () => {
    const options = await passkeys.registrationOptions(req, claire, ['AAAA']);
    expect(options).toMatchObject({
      rp: { id: rpId },
      attestation: 'none',
      excludeCredentials: [{ id: 'AAAA', type: 'public-key' }],
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    });
    expect(Buffer.from(options.user.id, 'base64url')).toHaveLength(32);
    expect(Buffer.from(options.user.id, 'base64url').toString('utf8')).not.toContain('claire');
    expect((await passkeys.registrationOptions(req, claire, [])).user.id).toBe(options.user.id);
  });

  test('gives the credential a seat is made of', async () => {
    const made = await enrolled();
    expect(made).toMatchObject({ method: 'passkey', credentialId: authenticator.id.toString('base64url') });
    expect(Buffer.from(made.publicKey, 'base64url').length).toBeGreaterThan(70);
  });

  test('works once for one challenge', async () => {
    const answer = authenticator.create(await passkeys.registrationOptions(req, claire, []));
    expect(await passkeys.verifyRegistration(req, answer)).toBeDefined();
    expect(await passkeys.verifyRegistration(req, answer)).toBeUndefined();
  });

  test('comes too late after five minutes', async () => {
    const options = await passkeys.registrationOptions(req, claire, []);
    now += 5 * 60_000;
    expect(await passkeys.verifyRegistration(req, authenticator.create(options))).toBeUndefined();
  });

  test('belongs to the session that asked', async () => {
    const options = await passkeys.registrationOptions(req, claire, []);
    expect(await passkeys.verifyRegistration({ session: {} }, authenticator.create(options))).toBeUndefined();
  });

  test.each(bent)('%s is refused', async (_name, bends) => {
    const options = await passkeys.registrationOptions(req, claire, []);
    expect(await passkeys.verifyRegistration(req, authenticator.create(options, bends))).toBeUndefined();
  });

  test.each([
    undefined,
    null,
    'x',
    7,
    [],
    {},
    { id: 'a' },
    { id: 'a', rawId: 'a', type: 'public-key', response: {} },
  ])('%j is no answer', async (answer) => {
    await passkeys.registrationOptions(req, claire, []);
    expect(await passkeys.verifyRegistration(req, answer)).toBeUndefined();
  });
});

describe('signing an agreement with a passkey', () => {
  const textHash = hashOf('I agree that …');

  test('asks for exactly the hash of the text, from the keys that are seated', async () => {
    const made = await enrolled();
    const evaluation = seat({ method: 'evaluation-key', credentialId: '', publicKey: '' });
    const options = await passkeys.assertionOptions(textHash, [made, evaluation]);
    expect(options).toMatchObject({
      challenge: textHash.slice('sha256:'.length),
      rpId,
      userVerification: 'required',
      allowCredentials: [{ id: made.credentialId, type: 'public-key' }],
    });
  });

  test('gives evidence that anybody can check with the public key alone', async () => {
    const made = await enrolled();
    const answer = authenticator.get(await passkeys.assertionOptions(textHash, [made]));
    const signature = await passkeys.verifyAssertion(answer, textHash, made);
    expect(signature?.method).toBe('passkey');
    const client = JSON.parse(Buffer.from(signature?.clientData ?? '', 'base64url').toString('utf8')) as {
      challenge: string;
      origin: string;
    };
    expect(client).toMatchObject({ challenge: textHash.slice('sha256:'.length), origin });
    const signed = Buffer.concat([
      Buffer.from(signature?.authenticatorData ?? '', 'base64url'),
      createHash('sha256')
        .update(Buffer.from(signature?.clientData ?? '', 'base64url'))
        .digest(),
    ]);
    // The last 64 bytes of the two coordinates of the COSE key: ... -2: x, -3: y.
    const cose = Buffer.from(made.publicKey, 'base64url');
    const y = cose.subarray(-32).toString('base64url');
    const x = cose.subarray(-67, -35).toString('base64url');
    const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    expect(verify('sha256', signed, key, Buffer.from(signature?.signature ?? '', 'base64url'))).toBe(true);
  });

  test.each(bent)('%s is refused', async (_name, bends) => {
    const made = await enrolled();
    const options = await passkeys.assertionOptions(textHash, [made]);
    expect(await passkeys.verifyAssertion(authenticator.get(options, bends), textHash, made)).toBeUndefined();
  });

  test('with another key under the same name is refused', async () => {
    const made = await enrolled();
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const options = await passkeys.assertionOptions(textHash, [made]);
    expect(
      await passkeys.verifyAssertion(authenticator.get(options, { key }), textHash, made),
    ).toBeUndefined();
  });

  test('for another text, another seat or no passkey is refused', async () => {
    const made = await enrolled();
    const answer = authenticator.get(await passkeys.assertionOptions(textHash, [made]));
    expect(await passkeys.verifyAssertion(answer, hashOf('something else'), made)).toBeUndefined();
    const other = seat({ method: 'passkey', credentialId: 'AAAA', publicKey: made.publicKey });
    expect(await passkeys.verifyAssertion(answer, textHash, other)).toBeUndefined();
    const evaluation = seat({ ...made, method: 'evaluation-key' });
    expect(await passkeys.verifyAssertion(answer, textHash, evaluation)).toBeUndefined();
  });

  test.each([undefined, null, 'x', 7, [], {}, { id: 'a', response: null }])(
    '%j is no answer',
    async (answer) => {
      const made = await enrolled();
      expect(await passkeys.verifyAssertion(answer, textHash, made)).toBeUndefined();
    },
  );
});

describe('the evaluation key', () => {
  test('signs the hash under a name of its own', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const signer = createEvaluationSigner(privateKey);
    const textHash = hashOf('text');
    const { signature, ...rest } = signer.sign(textHash);
    expect(rest).toEqual({ method: 'evaluation-key', authenticatorData: '', clientData: '' });
    const signed = Buffer.from(`consentry grant\n${textHash}`);
    expect(verify(null, signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(Buffer.from(signer.publicKey, 'base64url')).toHaveLength(32);
    const fromRaw = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: signer.publicKey },
      format: 'jwk',
    });
    expect(verify(null, signed, fromRaw, Buffer.from(signature, 'base64url'))).toBe(true);
  });

  test('signs hashes only, and is an Ed25519 key only', () => {
    const signer = createEvaluationSigner(generateKeyPairSync('ed25519').privateKey);
    expect(() => signer.sign('anything')).toThrow(RangeError);
    expect(() => createEvaluationSigner(generateKeyPairSync('ed25519').publicKey)).toThrow();
    expect(() =>
      createEvaluationSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    ).toThrow();
  });
});

test.each([
  '',
  'sha256:',
  'sha256:AAAA',
  `sha256:${'A'.repeat(44)}`,
  `sha512:${'A'.repeat(43)}`,
  `${'A'.repeat(42)}=`,
  'sha256:é',
])('%j is no hash', (text) => {
  expect(() => hashBytes(text)).toThrow(RangeError);
});
