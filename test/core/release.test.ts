/** The copy gate: which answers pass, which are withheld, which are counted. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Profile } from '../../src/core/model.ts';
import { type AnswerHead, release } from '../../src/core/release.ts';

const profile: Profile = {
  id: 'p',
  routes: [],
  idleSeconds: 60,
  copy: { attachments: true, types: ['text/csv', 'video/*', 'application/zip'], bytes: 10_000 },
};

const page: AnswerHead = {
  permitted: false,
  profile,
  status: 200,
  type: 'text/html; charset=utf-8',
  disposition: undefined,
  length: 500,
};

const withheld = { withheld: 'copy_withheld' };
const released = { released: true };

test.each<[string, Partial<AnswerHead>]>([
  ['an attachment', { disposition: 'attachment; filename="x.pdf"' }],
  ['an attachment in capitals', { disposition: 'ATTACHMENT' }],
  ['an attachment without a space', { disposition: 'attachment;filename=x' }],
  ['a disposition nobody knows', { disposition: 'form-data; name=x' }],
  ['a disposition without a name', { disposition: '; filename=x' }],
  ['a compressed answer, of which nobody knows the size', { encoded: true, length: 50 }],
  ['a type the profile names', { type: 'text/csv' }],
  ['that type with parameters and capitals', { type: 'Text/CSV ; charset=latin1' }],
  ['a kind the profile names', { type: 'video/mp4' }],
  ['a listed type shown inline', { type: 'application/zip', disposition: 'inline' }],
  ['too many bytes', { length: 10_001 }],
  ['an error page that is too long', { status: 500, length: 10_001 }],
  ['an error page that is an attachment', { status: 404, disposition: 'attachment' }],
  ['a part of a long whole', { status: 206, length: 10, range: 'bytes 0-9/20000' }],
  ['a part of an unknown whole', { status: 206, length: 10, range: 'bytes 0-9/*' }],
  ['a part that does not say of what', { status: 206, length: 10 }],
  ['a part longer than its whole', { status: 206, length: 20_000, range: 'bytes 0-9/100' }],
  ['a part with nonsense', { status: 206, length: 10, range: 'bytes 0-9/1e9' }],
])('withholds %s', (_, change) => {
  expect(release({ ...page, ...change })).toEqual(withheld);
});

test.each<[string, Partial<AnswerHead>]>([
  ['a page', {}],
  ['a page shown inline', { disposition: 'inline; filename=x.html' }],
  ['an empty disposition', { disposition: '' }],
  ['exactly as many bytes as a page may have', { length: 10_000 }],
  ['no type', { type: undefined }],
  ['a type that only begins alike', { type: 'text/csv-schema' }],
  ['an answer without a body', { type: 'text/csv', length: 0 }],
  ['a part of a short whole', { status: 206, length: 10, range: 'bytes 0-9/9000' }],
  ['no content', { status: 204, length: undefined }],
  ['not modified', { status: 304, length: 20_000 }],
  ['the head of a long answer', { head: true, length: 20_000, disposition: 'attachment' }],
])('releases %s', (_, change) => {
  expect(release({ ...page, ...change })).toEqual(released);
});

test('counts what has no length', () => {
  const part = { ...page, status: 206, range: 'bytes 0-9/100', length: undefined };
  for (const [permitted, beyond] of [
    [false, 'cut'],
    [true, 'register'],
  ] as const) {
    const counted = { released: true, countTo: 10_000, beyond };
    expect(release({ ...part, permitted })).toEqual(counted);
    expect(release({ ...page, permitted, length: undefined })).toEqual(counted);
  }
});

test('where the route copies, whatever succeeds with a body is one', () => {
  const route = { ...page, permitted: true, copyRoute: true };
  for (const status of [200, 201, 206])
    expect(release({ ...route, status, range: 'bytes 0-9/50' })).toEqual({ copy: true });
  for (const status of [302, 404, 500]) expect(release({ ...route, status })).toEqual(released);
  for (const none of [{ length: 0 }, { head: true }, { status: 204 }, { status: 304 }])
    expect(release({ ...route, ...none })).toEqual(released);
});

test('attachments pass only where the profile says that they are no copies', () => {
  const lenient = { ...profile, copy: { ...profile.copy, attachments: false } };
  expect(release({ ...page, profile: lenient, disposition: 'attachment' })).toEqual(released);
  expect(release({ ...page, profile: lenient, disposition: 'attachment', length: 10_001 })).toEqual(withheld);
});

const heads = fc.record({
  permitted: fc.boolean(),
  profile: fc.constant(profile),
  status: fc.constantFrom(200, 206, 302, 404, 500),
  type: fc.constantFrom(undefined, '', 'text/html', 'text/csv', ';', 'video/x', 'x'),
  disposition: fc.constantFrom(undefined, 'inline', 'attachment', 'x'),
  length: fc.option(fc.nat({ max: 30_000 }), { nil: undefined }),
  range: fc.option(fc.string(), { nil: undefined }),
});

describe('over all heads', () => {
  test('what is withheld where copies are not permitted is registered where they are, and nothing else changes', () => {
    fc.assert(
      fc.property(heads, (head) => {
        const [no, yes] = [false, true].map((permitted) => release({ ...head, permitted }));
        if (no === undefined || yes === undefined) throw new Error('no verdict');
        if ('withheld' in no) expect(yes).toEqual({ copy: true });
        else if ('countTo' in no) expect(yes).toEqual({ ...no, beyond: 'register' });
        else expect(yes).toEqual(no);
      }),
      { numRuns: 1000 },
    );
  });

  test('no more than the threshold passes unseen where they are not', () => {
    fc.assert(
      fc.property(heads, (head) => {
        const verdict = release({ ...head, permitted: false });
        expect(verdict).not.toHaveProperty('copy');
        if (!('released' in verdict) || head.length === 0) return;
        expect(
          ('countTo' in verdict ? verdict.countTo : undefined) ?? head.length ?? Number.POSITIVE_INFINITY,
        ).toBeLessThanOrEqual(profile.copy.bytes);
        expect(head.disposition ?? 'inline').toBe('inline');
      }),
      { numRuns: 1000 },
    );
  });
});
