/** What a client's own check asks of the provider's rules. */
import { beforeEach, expect, test } from '@jest/globals';
import { textHash } from '../../src/core/leaf.ts';
import { PoliciesTold } from '../../src/core/story-policies.ts';

let texts: Map<string, string>;
let policies: PoliciesTold;
let rested: (readonly string[])[];

function kept(text: string): string {
  texts.set(textHash(text), text);
  return textHash(text);
}

function rules(url: string): { t: string; policy: string } {
  const file = kept(JSON.stringify({ systems: { erp: { upstream: { url } } } }));
  const parts = { certificates: {}, file, profiles: {} };
  return { t: 'policy.activated', policy: kept(JSON.stringify({ client: 'acme', parts })) };
}

beforeEach(() => {
  texts = new Map();
  rested = [];
  const textOf = (hash: string) => {
    const text = texts.get(hash);
    return text === undefined ? undefined : Buffer.from(text);
  };
  policies = new PoliciesTold(
    { textOf, party: {} },
    {
      rest(systems) {
        rested.push(systems);
        return new Map(
          systems.includes('erp')
            ? [
                ['g-1', 'consent.suspended'],
                ['g-2', 'consent.lapsed'],
              ]
            : [],
        );
      },
    },
  );
});

test('whatever names a system that leads elsewhere rests before anything else is said', () => {
  expect(policies.told(rules('https://here'))).toBeUndefined();
  expect(policies.told(rules('https://here'))).toBeUndefined();
  expect(policies.line({ t: 'session.opened', grant: 'g-1' })).toBeUndefined();
  expect(policies.told(rules('https://there'))).toBeUndefined();
  expect(rested).toEqual([[], ['erp']]);
  expect(policies.line({ t: 'session.opened', grant: 'g-1' })).toContain('does not rest');
  expect(policies.line({ t: 'consent.suspended', grant: 'g-2' })).toContain('does not rest');
  expect(policies.line({ t: 'consent.suspended', grant: 'g-1' })).toBeUndefined();
  expect(policies.line({ t: 'heartbeat' })).toContain('does not rest');
  expect(policies.line({ t: 'consent.lapsed', grant: 'g-2' })).toBeUndefined();
  expect(policies.line({ t: 'heartbeat' })).toBeUndefined();
});

test('nothing is left to rest at the end, and no text hides what does', () => {
  expect(policies.told(rules('https://here'))).toBeUndefined();
  const whole = kept(JSON.stringify({ client: 'acme', file: { systems: {} } }));
  expect(policies.told({ t: 'policy.activated', policy: whole })).toContain('as one text after');
});

test('a client that was gone and comes back has systems that lead elsewhere', () => {
  expect(policies.told(rules('https://here'))).toBeUndefined();
  const gone = kept(JSON.stringify({ client: 'acme' }));
  expect(policies.told({ t: 'policy.activated', policy: gone })).toBeUndefined();
  expect(policies.end()).toBeUndefined();
  expect(policies.told(rules('https://here'))).toBeUndefined();
  expect(rested).toEqual([[], ['erp']]);
  expect(policies.end()).toContain('before a consent rests');
});

test('texts are there, and are those that were in force', () => {
  const line = rules('https://here');
  const [file] = [...texts.keys()];
  expect(policies.told({ t: 'policy.activated', policy: 'sha256:none' })).toContain(
    'text of the policy is missing',
  );
  texts.set(file ?? '', 'other');
  expect(policies.told(line)).toContain('a part of the policy');
  texts.delete(file ?? '');
  expect(policies.told(line)).toContain('a part of the policy');
  texts.set(line.policy, '{"client":"acme"}');
  expect(policies.told(line)).toContain('is not the one that was in force');
});

test('rules that were kept as one text are read, and ask nothing of consents', () => {
  const early = (url: string) => {
    const text = JSON.stringify({ client: 'acme', file: { systems: { erp: { upstream: { url } } } } });
    return { t: 'policy.activated', policy: kept(text) };
  };
  expect(policies.told(early('https://here'))).toBeUndefined();
  expect(policies.told(early('https://there'))).toBeUndefined();
  expect(policies.told(rules('https://there'))).toBeUndefined();
  expect(rested).toEqual([]);
});
