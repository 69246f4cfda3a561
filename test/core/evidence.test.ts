import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Evidence, Seat } from '../../src/core/commands.ts';
import { parseCoseKey } from '../../src/core/cose.ts';
import {
  acceptsWithoutSignature,
  evaluationMessage,
  evidenceFault,
  mailAmr,
  verifyEvidence,
} from '../../src/core/evidence.ts';
import { rawPublicKey } from '../../src/core/note.ts';
import { SeatsTold } from '../../src/core/story-seats.ts';

const hash = `sha256:${createHash('sha256').update('the text').digest('base64url')}`;
const digest = Buffer.from(hash.slice(7), 'base64url');
const party = { origin: 'https://portal.example', rpId: 'portal.example' };

/** CBOR of integers and byte strings, as authenticators write keys. */
function cbor(pairs: readonly (readonly [number, number | Uint8Array])[]): Buffer {
  const head = (major: number, n: number): Buffer =>
    n < 24
      ? Buffer.from([(major << 5) | n])
      : n < 256
        ? Buffer.from([(major << 5) | 24, n])
        : Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
  const item = (v: number | Uint8Array): Buffer =>
    typeof v === 'number' ? (v < 0 ? head(1, -1 - v) : head(0, v)) : Buffer.concat([head(2, v.length), v]);
  return Buffer.concat([head(5, pairs.length), ...pairs.flatMap(([label, v]) => [item(label), item(v)])]);
}

const jwkBytes = (key: KeyObject, field: 'x' | 'y' | 'n' | 'e'): Buffer =>
  Buffer.from(String(key.export({ format: 'jwk' })[field]), 'base64url');

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const authenticators: [string, Buffer, KeyObject][] = [
  [
    'ES256',
    cbor([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, jwkBytes(ec.publicKey, 'x')],
      [-3, jwkBytes(ec.publicKey, 'y')],
    ]),
    ec.privateKey,
  ],
  [
    'EdDSA',
    cbor([
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, jwkBytes(ed.publicKey, 'x')],
    ]),
    ed.privateKey,
  ],
  [
    'RS256',
    cbor([
      [1, 3],
      [3, -257],
      [-1, jwkBytes(rsa.publicKey, 'n')],
      [-2, jwkBytes(rsa.publicKey, 'e')],
    ]),
    rsa.privateKey,
  ],
];

interface Assertion {
  readonly type?: string;
  readonly challenge?: Buffer;
  readonly origin?: string;
  readonly rpId?: string;
  readonly flags?: number;
}

function assertion(key: KeyObject, seat: string, given: Assertion = {}): Evidence {
  const clientData = Buffer.from(
    JSON.stringify({
      type: given.type ?? 'webauthn.get',
      challenge: (given.challenge ?? digest).toString('base64url'),
      origin: given.origin ?? party.origin,
      crossOrigin: false,
    }),
  );
  const rpHash = createHash('sha256')
    .update(given.rpId ?? party.rpId)
    .digest();
  const authenticatorData = Buffer.concat([rpHash, Buffer.from([given.flags ?? 0x05, 0, 0, 0, 9])]);
  const message = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]);
  const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return {
    seat,
    role: 'representative',
    method: 'passkey',
    signature: sign(algorithm, message, key).toString('base64url'),
    authenticatorData: authenticatorData.toString('base64url'),
    clientData: clientData.toString('base64url'),
    language: 'fr',
  };
}

const seatOf = (publicKey: Buffer): Pick<Seat, 'id' | 'role' | 'method' | 'publicKey'> => ({
  id: 'seat-1',
  role: 'representative',
  method: 'passkey',
  publicKey: publicKey.toString('base64url'),
});

describe.each(authenticators)('a passkey with %s', (_, cose, key) => {
  const seat = seatOf(cose);

  test('signs the text', () => {
    expect(evidenceFault(seat, assertion(key, 'seat-1'), hash, party)).toBeUndefined();
    expect(verifyEvidence(seat, assertion(key, 'seat-1'), hash)).toBe(true);
  });

  test.each<[string, Assertion, RegExp]>([
    ['another text', { challenge: Buffer.alloc(32, 1) }, /another text/],
    ['a registration', { type: 'webauthn.create' }, /no assertion/],
    ['another site', { origin: 'https://evil.example' }, /another site/],
    ['another relying party', { rpId: 'evil.example' }, /another site/],
    ['nobody present', { flags: 0x04 }, /nobody was present/],
    ['nobody verified', { flags: 0x01 }, /not verified/],
  ])('%s is refused', (__, given, expected) => {
    expect(evidenceFault(seat, assertion(key, 'seat-1', given), hash, party)).toMatch(expected);
  });

  test('any changed byte of signature or data is refused', () => {
    const good = assertion(key, 'seat-1');
    fc.assert(
      fc.property(
        fc.constantFrom('signature', 'authenticatorData', 'clientData'),
        fc.nat(),
        fc.nat(7),
        (field, at, bit) => {
          const bytes = Buffer.from(good[field as 'signature'], 'base64url');
          bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
          expect(verifyEvidence(seat, { ...good, [field]: bytes.toString('base64url') }, hash, party)).toBe(
            false,
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('seat, role and method must be those of the seat', () => {
  const [, cose, key] = authenticators[0] ?? ['', Buffer.alloc(0), ec.privateKey];
  const good = assertion(key, 'seat-1');
  const seat = seatOf(cose);
  expect(evidenceFault({ ...seat, id: 'seat-2' }, good, hash)).toMatch(/another seat/);
  expect(evidenceFault({ ...seat, role: 'delegate' }, good, hash)).toMatch(/no representative/);
  expect(evidenceFault(seat, { ...good, role: 'reader' }, hash)).toMatch(/no representative/);
  expect(evidenceFault(seat, { ...good, method: 'evaluation-key' }, hash)).toMatch(/another method/);
  expect(evidenceFault(seat, good, 'sha256:short')).toMatch(/malformed/);
});

test('the evaluation key signs the hash under its own words', () => {
  const seat = { ...seatOf(Buffer.from(rawPublicKey(ed.publicKey))), method: 'evaluation-key' as const };
  const evidence = (message: Buffer): Evidence => ({
    ...assertion(ed.privateKey, 'seat-1'),
    method: 'evaluation-key',
    signature: sign(null, message, ed.privateKey).toString('base64url'),
  });
  expect(evidenceFault(seat, evidence(evaluationMessage(hash)), hash)).toBeUndefined();
  expect(evidenceFault(seat, evidence(Buffer.from(hash)), hash)).toMatch(/does not verify/);
});

test('hostile keys and evidence never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64url');
      const evidence = { ...assertion(ec.privateKey, 'seat-1'), signature: text, clientData: text };
      expect(verifyEvidence(seatOf(Buffer.from(bytes)), evidence, hash)).toBe(false);
      expect(() => parseCoseKey(bytes)).not.toThrow();
    }),
  );
});

describe('evidence of somebody who has no key', () => {
  const seat = { id: 'seat-1', role: 'representative', method: 'mail-totp', publicKey: '' } as const;
  const none = { signature: '', authenticatorData: '', clientData: '' };
  const given: Evidence = {
    ...{ seat: 'seat-1', role: 'representative', method: 'mail-totp', language: 'fr' },
    ...{ ...none, amr: mailAmr.join(' ') },
  };
  const accepted = { withoutSignature: true };

  test('counts only where the client’s file accepts it, and never passes for a signature', () => {
    expect(evidenceFault(seat, given, hash, accepted)).toBeUndefined();
    expect(evidenceFault(seat, given, hash)).toMatch(/carries no signature/);
    expect(verifyEvidence(seat, given, hash)).toBe(false);
    const faults: [object, object, RegExp][] = [
      [{}, { signature: 'AAAA' }, /cannot have/],
      [{}, { clientData: 'AAAA' }, /cannot have/],
      [{ publicKey: 'AAAA' }, {}, /cannot have/],
      [{}, { amr: undefined }, /how its giver was known/],
      [{}, { amr: 'pop mfa' }, /how its giver was known/],
      [{ method: 'passkey' }, {}, /another method/],
      [{}, { method: 'passkey' }, /another method/],
      [{ role: 'reader' }, {}, /no representative/],
    ];
    for (const [changedSeat, changed, expected] of faults)
      expect(evidenceFault({ ...seat, ...changedSeat }, { ...given, ...changed }, hash, accepted)).toMatch(
        expected,
      );
  });

  test('of a method that nobody knows is held to a signature', () => {
    const strange = { ...seat, method: 'telepathy' as 'passkey' };
    expect(evidenceFault(strange, { ...given, method: strange.method }, hash, accepted)).toMatch(/malformed/);
  });

  test.each([
    ['{"file":{"accept_without_signature":true}}', true],
    ['{"file":{"accept_without_signature":false}}', false],
    ['{"file":{"accept_without_signature":"true"}}', false],
    ['{"accept_without_signature":true}', false],
    ['{"file":null}', false],
    ['null', false],
    ['{"file":{"accept_without', false],
    ['', false],
  ])('the policy %s accepts it: %s', (text, expected) => {
    const nothing = () => undefined;
    expect(acceptsWithoutSignature(text, nothing)).toBe(expected);
    // Kept in parts, the client's own file alone counts.
    const file = text.startsWith('{"file":') ? text.slice('{"file":'.length, -1) : text;
    const root = '{"parts":{"file":"sha256:f","assigned":"sha256:a"}}';
    const kept = (hash: string) => (hash === 'sha256:f' ? file : '{"accept_without_signature":true}');
    const direct = text === '{"accept_without_signature":true}';
    expect(acceptsWithoutSignature(root, kept)).toBe(direct || expected);
    expect(acceptsWithoutSignature(root, nothing)).toBe(false);
    expect(acceptsWithoutSignature(`${root.slice(0, -1)},${text.slice(1)}`, nothing)).toBe(false);
  });

  test('the line that seats somebody says how they are known, and no other does', () => {
    const line = {
      ...{ at: '2026-06-01T09:00:00.000Z', seat: 's', role: 'representative', method: 'mail-totp' },
      ...{ key: '', credential: '', amr: 'mail otp' },
    };
    const told = (changes: object) => new SeatsTold().seated({ ...line, ...changes });
    expect(told({})).toBeUndefined();
    const { amr: _, ...silent } = line;
    expect(new SeatsTold().seated(silent)).toMatch(/how its holder is known/);
    expect(told({ amr: 'pop' })).toMatch(/how its holder is known/);
    expect(told({ method: 'passkey', key: 'k', credential: 'c' })).toMatch(/how its holder is known/);
    expect(told({ key: 'k' })).toMatch(/a key that nobody made/);
    expect(told({ credential: 'c' })).toMatch(/a key that nobody made/);
  });
});
