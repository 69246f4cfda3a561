import { describe, expect, test } from '@jest/globals';
import type { SessionData } from 'express-session';
import fc from 'fast-check';
import { beginAttempt, internalPath, strategyKey, takeAttempt } from '../../src/identity/attempts.ts';

const origin = 'https://portal.example';

describe('a path to return to', () => {
  test.each([
    ['/', '/'],
    ['/declare?system=acme/erp&f=1', '/declare?system=acme/erp&f=1'],
    ['/a/../b', '/b'],
    ['/é', '/%C3%A9'],
    ['/a#fragment', '/a'],
  ])('%s -> %s', (asked, kept) => {
    expect(internalPath(asked, origin)).toBe(kept);
  });

  test.each([
    '',
    'declare',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/a\\..\\..\\evil',
    'https://evil.example/',
    'https://portal.example/declare',
    'javascript:alert(1)',
    '/..//evil.example',
    '/.//evil.example',
    '/sign-in',
    '/sign-in/main?again=1',
    '/callback/main?code=x',
    '/sign-out',
    '/backchannel-logout/main',
    `/${'a'.repeat(2_000)}`,
    ['/a', '/b'],
    { toString: () => '/a' },
    undefined,
    null,
  ])('%j is not one', (asked) => {
    expect(internalPath(asked, origin)).toBe('/');
  });

  test('never leaves the portal, whatever is asked', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '%2f',
      '%5c',
      '\t',
      '?',
      '#',
      'evil.example',
      'http:',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece).map((parts) => `/${parts.join('')}`),
        ),
        (asked) => {
          const kept = internalPath(asked, origin);
          const url = new URL(kept, origin);
          expect(url.origin).toBe(origin);
          expect(kept).toMatch(/^\/(?![/\\])/);
          expect(internalPath(kept, origin)).toBe(kept);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('attempts', () => {
  const attempt = (startedAt: number, provider = 'main') => ({ provider, startedAt, returnTo: '/' });

  test('are taken once', () => {
    const session: Partial<SessionData> = {};
    const state = beginAttempt(session, attempt(0));
    expect(takeAttempt(session, state, 'main', 1)?.attempt.returnTo).toBe('/');
    expect(takeAttempt(session, state, 'main', 1)).toBeUndefined();
  });

  test('brought to another provider are used up all the same', () => {
    const session: Partial<SessionData> = {};
    const state = beginAttempt(session, attempt(0));
    expect(takeAttempt(session, state, 'other', 1)).toBeUndefined();
    expect(takeAttempt(session, state, 'main', 1)).toBeUndefined();
  });

  test('are five at most; what the strategy kept for the others goes with them', () => {
    const session: Partial<SessionData> & Record<string, unknown> = {};
    const states = Array.from({ length: 8 }, (_nothing, at) => {
      const state = beginAttempt(session, attempt(at));
      session[strategyKey(state)] = { code_verifier: 'v' };
      return state;
    });
    expect(Object.keys(session.attempts ?? {})).toHaveLength(5);
    expect(Object.keys(session).filter((name) => name.startsWith('oidc:'))).toHaveLength(5);
    expect(takeAttempt(session, states[2], 'main', 9)).toBeUndefined();
    expect(takeAttempt(session, states[3], 'main', 9)).toBeDefined();
  });

  test.each([['__proto__'], ['constructor'], [7], [undefined], [['a']], [{}]])('%j is no state', (state) => {
    const session: Partial<SessionData> = {};
    beginAttempt(session, attempt(0));
    expect(takeAttempt(session, state, 'main', 1)).toBeUndefined();
  });

  test('have states that cannot be guessed', () => {
    const states = new Set(Array.from({ length: 100 }, () => beginAttempt({}, attempt(0))));
    expect(states.size).toBe(100);
    for (const state of states) expect(Buffer.from(state, 'base64url')).toHaveLength(32);
  });
});
