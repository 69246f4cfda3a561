/** What the client's own check says about lines that mend a declaration: each way in which one can be wrong. */
import { describe, expect, test } from '@jest/globals';
import { mendingTime, mostCorrections } from '../../src/core/references.ts';
import { CorrectionStory } from '../../src/core/story-corrections.ts';

const start = Date.UTC(2026, 5, 1, 9);
const time = (ms: number) => new Date(start + ms).toISOString();
const opened = (more: Record<string, string> = {}) => ({ id: 'o', at: time(0), actor: 'a', ...more });
const corrected = (more: Record<string, string> = {}) => ({
  session: 'o',
  at: time(1),
  actor: 'a',
  what: 'reference',
  ...more,
});

describe('a line that mends', () => {
  test.each([
    ['by the person, in time', {}, {}, undefined],
    ['both', {}, { what: 'reference note' }, undefined],
    ['another access', {}, { session: 'p' }, 'it mends an access that was never declared'],
    ['by somebody else', {}, { actor: 'b' }, 'it mends the access of somebody else'],
    ['nothing', {}, { what: '' }, 'it does not say what it mends'],
    ['something else', {}, { what: 'purpose' }, 'it does not say what it mends'],
    ['too late', {}, { at: time(mendingTime + 1) }, 'it mends too late'],
    ['what is owed, late', { reference_due: time(mendingTime) }, { at: time(2 * mendingTime) }, undefined],
    [
      'a note late, though the reference is owed',
      { reference_due: time(mendingTime) },
      { at: time(2 * mendingTime), what: 'note' },
      'it mends too late',
    ],
  ] as const)('%s', (_, declared, line, fault) => {
    const story = new CorrectionStory();
    expect(story.opened(opened(declared))).toBeUndefined();
    expect(story.corrected(corrected(line))).toBe(fault);
  });

  test('is not too late once only: what was given is not owed any more', () => {
    const story = new CorrectionStory();
    story.opened(opened({ reference_due: time(mendingTime) }));
    const late = corrected({ at: time(2 * mendingTime) });
    expect([story.corrected(late), story.corrected(late)]).toEqual([undefined, 'it mends too late']);
  });

  test('comes so often and no oftener', () => {
    const story = new CorrectionStory();
    story.opened(opened());
    const all = Array.from({ length: mostCorrections + 1 }, () => story.corrected(corrected()));
    expect(all).toEqual([...Array(mostCorrections).fill(undefined), 'it mends too often']);
  });

  test('a person has another name in the next part of the log', () => {
    const story = new CorrectionStory();
    story.opened(opened());
    story.shard();
    expect(story.corrected(corrected({ actor: 'z' }))).toBeUndefined();
  });

  const unmeant = 'it tells of a check that has no meaning';
  test.each([
    ['a check of a ticket that is yet to come', { reference_due: time(mendingTime), reference_check: 'ok' }],
    ['a check of another name', { reference_check: 'passed' }],
  ])('tells nothing by %s', (_, declared) => {
    expect(new CorrectionStory().opened(opened(declared))).toBe(unmeant);
  });

  test.each([
    ['a new reference that was checked', { reference_check: 'ok' }, undefined],
    ['a new reference that was not', {}, undefined],
    ['a check of another name', { reference_check: 'fine' }, unmeant],
    ['a note beside the check that was made', { what: 'note', reference_check: 'failed' }, undefined],
    [
      'a note that makes a failed check good',
      { what: 'note', reference_check: 'ok' },
      'it tells of a check that nobody made',
    ],
    ['a note that lets the check vanish', { what: 'note' }, 'it tells of a check that nobody made'],
  ])('after a check that failed: %s', (_, line, fault) => {
    const story = new CorrectionStory();
    expect(story.opened(opened({ reference_check: 'failed' }))).toBeUndefined();
    expect(story.corrected(corrected(line))).toBe(fault);
  });

  test.each([time(1), 'soon', time(mendingTime + 1)])(
    'owed until %s is not what there is time for',
    (due) => {
      expect(new CorrectionStory().opened(opened({ reference_due: due }))).toMatch(/owed for another time/);
    },
  );
});
