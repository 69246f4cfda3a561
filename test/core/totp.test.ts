/** Codes of authenticator apps against RFC 6238. */
import { describe, expect, test } from '@jest/globals';
import {
  fromBase32,
  stepOfCode,
  toBase32,
  totpAddress,
  totpBytes,
  totpCode,
  totpStep,
} from '../../src/core/totp.ts';

const secret = Buffer.from('12345678901234567890');

describe('a code of an app', () => {
  // RFC 6238, appendix B; of its eight digits the last six.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at second %d is %s', (second, code) => {
    expect(totpCode(secret, totpStep(second * 1_000))).toBe(code);
    expect(stepOfCode(secret, code, second * 1_000, 0)).toBe(totpStep(second * 1_000));
  });

  test('holds one step before and after its own, and once', () => {
    const now = 1_234_567_890_000;
    const here = totpStep(now);
    const near = [-2, -1, 0, 1, 2].map((by) => stepOfCode(secret, totpCode(secret, here + by), now, 0));
    expect(near).toEqual([undefined, here - 1, here, here + 1, undefined]);
    expect(stepOfCode(secret, totpCode(secret, here), now, here)).toBeUndefined();
    expect(stepOfCode(secret, totpCode(secret, here - 1), now, here)).toBeUndefined();
    expect(stepOfCode(secret, totpCode(secret, here + 1), now, here)).toBe(here + 1);
  });

  test.each(['', '00592', '0059240', '00592a', '-05924', '００５９２４', '5924'])('is not %j', (typed) => {
    expect(stepOfCode(secret, typed, 1_234_567_890_000, 0)).toBeUndefined();
  });

  test('may be typed with a space', () => {
    expect(stepOfCode(secret, ' 005 924', 1_234_567_890_000, 0)).toBe(totpStep(1_234_567_890_000));
  });
});

describe('a secret', () => {
  test('is written in base 32 and read again', () => {
    expect(toBase32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(fromBase32(toBase32(secret))).toEqual(secret);
    expect(secret).toHaveLength(totpBytes);
  });

  test.each(['', 'GEZDGNBVGY3TQOJQ', 'gezdgnbvgy3tqojqgezdgnbvgy3tqojq', '0'.repeat(32), 'A'.repeat(33)])(
    'is not %j',
    (text) => {
      expect(fromBase32(text)).toBeUndefined();
    },
  );

  test('is told to an app by an address whose parts cannot run into one another', () => {
    const address = totpAddress('portal.example:8443', 'acme/p&q', 'ABCD');
    expect(address).toBe(
      'otpauth://totp/portal.example%3A8443:acme%2Fp%26q?secret=ABCD&issuer=portal.example%3A8443',
    );
  });
});
