/** What the client's own check says about copies: each way in which registering, ending and telling them can be wrong. */
import { describe, expect, test } from '@jest/globals';
import { type CopyRules, usualCopies } from '../../src/core/copies.ts';
import type { LeafFields } from '../../src/core/entries.ts';
import { CopiesTold } from '../../src/core/story-copies.ts';
import type { SessionTold } from '../../src/core/story-sessions.ts';

const day = 24 * 3_600_000;
const start = Date.UTC(2026, 5, 1, 9);
const time = (ms: number) => new Date(start + ms).toISOString();
const digest = `sha256:${'A'.repeat(43)}`;

const session: SessionTold = {
  systems: ['erp'],
  operations: ['read', 'copy'],
  purpose: 'backup',
  grant: 'g',
  began: 'g',
  opened: time(0),
  ends: time(day),
  closed: false,
};
const exchange = { session: 'o', system: 'erp', operation: 'copy' };

const registered = (more: LeafFields = {}): LeafFields => ({
  ...{ at: time(0), request: 'r', session: 'o', system: 'erp', purpose: 'backup', policy: 'p', actor: 'a' },
  ...{
    keep_days: 30,
    grace_days: 7,
    destroy_by: time(30 * day),
    answer_by: time(day),
    status: 200,
    type: '',
  },
  ...more,
});
const result = (more: LeafFields = {}): LeafFields => ({
  ...{ at: time(1000), request: 'r', outcome: 'complete', down: 10, status: 200, digest },
  ...more,
});
const { digest: _, ...undigested } = result();
const destroyed = (more: LeafFields = {}): LeafFields => ({
  ...{ at: time(2000), request: 'r', session: 'o', by: 'provider', role: 'taker', actor: 'a' },
  ...{ how: 'destroyed', done: time(1500) },
  ...more,
});

const fresh = (rules: CopyRules | undefined = usualCopies, keep?: number) =>
  new CopiesTold({ hash: 'p', copyRules: () => rules }, { keepUnder: () => keep });

/** Rules that nobody can read do not say which deadlines are right. */
const unread = () =>
  new CopiesTold({ hash: 'p', copyRules: () => undefined }, { keepUnder: () => undefined });

function told(story = fresh()): CopiesTold {
  expect(story.registered(registered(), session, exchange)).toBeUndefined();
  return story;
}

describe('a registration', () => {
  test.each<[string, LeafFields, SessionTold | undefined, typeof exchange | undefined, string | undefined]>([
    ['as it should be', {}, session, exchange, undefined],
    ['of nothing that runs', {}, session, undefined, 'it registers a copy of no exchange that runs'],
    ['of another access', { session: 'p' }, session, exchange, 'its exchange is of another access or system'],
    ['of another system', { system: 'x' }, session, exchange, 'its exchange is of another access or system'],
    ['for another purpose', { purpose: 'x' }, session, exchange, 'its access has another purpose'],
    [
      ...(['where nothing may be copied', {}, { ...session, operations: ['read'] }, exchange] as const),
      'its access does not permit copies',
    ],
    ['under other rules', { policy: 'q' }, session, exchange, 'the copy names other rules than are in force'],
    [
      ...(['for longer than the rules say', { keep_days: 31, destroy_by: time(31 * day) }] as const),
      ...([session, exchange, 'the rules keep such copies for another time'] as const),
    ],
    [
      'for a time that is none',
      { keep_days: 'x' },
      session,
      exchange,
      'how long the copy is kept is no time',
    ],
    [
      'for a time past all dates',
      { keep_days: 1e15 },
      session,
      exchange,
      'how long the copy is kept is no time',
    ],
    [
      'with a grace that is none',
      { grace_days: -1 },
      session,
      exchange,
      'how long the copy is kept is no time',
    ],
    [
      ...(['with another end', { destroy_by: time(29 * day) }, session, exchange] as const),
      'the copy is to be destroyed at another time than its rules say',
    ],
  ])('%s', (_name, more, of, by, fault) => {
    expect(fresh().registered(registered(more), of, by)).toBe(fault);
  });

  test.each<[string, LeafFields, string]>([
    ['a longer grace', { grace_days: 8 }, 'the rules give such copies another time of grace'],
    ['a shorter grace', { grace_days: 0 }, 'the rules give such copies another time of grace'],
    [
      'a later answer',
      { answer_by: time(2 * day) },
      'the rules ask where such copies are kept by another time',
    ],
    [
      'an answer at no time',
      { answer_by: 'soon' },
      'until when it is to be said where the copy is kept is no time',
    ],
    [
      'a place that the rules do not say',
      { kept: 'rule' },
      'the rules say otherwise whether it is known where such copies are kept',
    ],
  ])('with %s than the rules say', (_name, more, fault) => {
    expect(fresh().registered(registered(more), session, exchange)).toBe(fault);
    // Where nobody can read them, only what is no time is wrong.
    const story = unread().registered(registered(more), session, exchange);
    expect(story).toBe(more.answer_by === 'soon' ? fault : undefined);
  });

  test('says that the rules know where it is kept exactly where they do', () => {
    const known = { ...usualCopies, place: 'Tape', custodian: 'Operations' };
    const register = (more: LeafFields) => fresh(known).registered(registered(more), session, exchange);
    expect(register({ kept: 'rule' })).toBeUndefined();
    expect(register({})).toContain('whether it is known');
  });

  test('is kept no longer than its agreement says, and as short as the shorter of both', () => {
    const kept = (days: number, keep: number, rules?: CopyRules | undefined) =>
      new CopiesTold({ hash: 'p', copyRules: () => rules }, { keepUnder: () => keep }).registered(
        registered({ keep_days: days, destroy_by: time(days * day) }),
        session,
        exchange,
      );
    expect(kept(7, 7, usualCopies)).toBeUndefined();
    expect(kept(8, 7, usualCopies)).toBe('its agreement keeps such copies for a shorter time');
    expect(kept(6, 7, usualCopies)).toBe('the rules keep such copies for another time');
    expect(kept(30, 40, usualCopies)).toBeUndefined();
    expect(kept(30, 7)).toBe('its agreement keeps such copies for a shorter time');
    expect(kept(6, 7)).toBeUndefined();
  });

  test('comes once', () => {
    expect(told().registered(registered(), session, exchange)).toBe('the copy is registered already');
  });

  test('does not come while something is owed', () => {
    const again = (ms: number, actor = 'a') =>
      registered({ request: 's', at: time(ms), destroy_by: time(ms + 30 * day), actor });
    const owes = 'its person owes what became of earlier copies';
    expect(told(unread()).registered(again(day - 1), session, exchange)).toBeUndefined();
    expect(told(unread()).registered(again(day), session, exchange)).toBe(owes);
    expect(told(unread()).registered(again(day, 'b'), session, exchange)).toBeUndefined();
    const said = told(unread());
    expect(said.kept({ session: 'o', copies: 1, actor: 'a' })).toBeUndefined();
    expect(said.registered(again(37 * day - 1), session, exchange)).toBeUndefined();
    const overdue = told(unread());
    overdue.kept({ session: 'o', copies: 1, actor: 'a' });
    expect(overdue.registered(again(37 * day), session, exchange)).toBe(owes);
    // What is gone holds nothing back, and what is left goes on doing so.
    const two = told(unread());
    expect(two.registered({ ...again(500), answer_by: time(2 * day) }, session, exchange)).toBeUndefined();
    two.resulted(result(), exchange);
    expect(two.destroyed(destroyed())).toBeUndefined();
    const third = (ms: number) => ({ ...again(ms), request: 't' });
    expect(two.registered({ ...third(day), answer_by: time(3 * day) }, session, exchange)).toBe(undefined);
    expect(two.registered({ ...again(2 * day), request: 'u' }, session, exchange)).toBe(owes);
  });
});

describe('a result', () => {
  test.each<[string, LeafFields, string | undefined]>([
    ['of a copy that left whole', result(), undefined],
    ['of one without its digest', undigested, 'a copy left whole and has no digest'],
    ['with what is no digest', result({ digest: 'sha256:x' }), 'a copy left whole and has no digest'],
    ['of half a copy', { ...undigested, outcome: 'client-abort' }, undefined],
    [
      'of half a copy, with a digest',
      result({ outcome: 'client-abort' }),
      'it has a digest of what did not leave whole',
    ],
    ['of nothing', { ...undigested, down: 0 }, undefined],
    ['of nothing, with a digest', result({ down: 0 }), 'it has a digest of what did not leave whole'],
  ])('%s', (_name, leaf, fault) => {
    expect(told().resulted(leaf, exchange)).toBe(fault);
  });

  test('of what was never registered', () => {
    expect(fresh().resulted(result(), exchange)).toBe('it has a digest and is no registered copy');
    // Older logs have copies and no register.
    expect(fresh().resulted(undigested, exchange)).toBeUndefined();
    const other = { ...undigested, request: 's' };
    expect(told().resulted(other, exchange)).toBe('a copy left that was not registered');
    expect(told().resulted({ ...other, status: 404 }, exchange)).toBeUndefined();
    expect(told().resulted(other, { ...exchange, operation: 'read' })).toBeUndefined();
  });
});

describe('where copies are kept', () => {
  test.each<[string, LeafFields, string | undefined]>([
    ['said of all', { session: 'o', copies: 1, actor: 'a' }, undefined],
    [
      'said of another number',
      { session: 'o', copies: 2, actor: 'a' },
      'it is said of another number of copies',
    ],
    [
      'said by another',
      { session: 'o', copies: 1, actor: 'b' },
      'it says where copies of somebody else are kept',
    ],
    [
      'of no copies',
      { session: 'p', copies: 0, actor: 'a' },
      'it says where copies are kept that are not there',
    ],
  ])('%s', (_name, leaf, fault) => {
    expect(told().kept(leaf)).toBe(fault);
  });
});

describe('the end of a copy', () => {
  test.each<[string, LeafFields, string | undefined]>([
    ['as it should be', {}, undefined],
    ['returned, by the contact', { how: 'returned', role: 'contact', actor: 'c' }, undefined],
    ['of none', { request: 's' }, 'it ends a copy that was never registered'],
    ['in another access', { session: 'p' }, 'it ends a copy that was never registered'],
    ['in a way that means nothing', { how: 'lost' }, 'how the copy ended has no meaning'],
    ['by the client', { by: 'client' }, 'the end of the copy is said by nobody who may'],
    ['by no role', { role: 'reader' }, 'the end of the copy is said by nobody who may'],
    ['by somebody else', { actor: 'b' }, 'the end of the copy is said by somebody else'],
    ...(
      [
        ['before it was there', time(-1)],
        ['later than it is said', time(2001)],
        ['at no time', 'yesterday'],
      ] as const
    ).map(
      ([name, done]) =>
        [name, { done }, 'the copy ended before it was there, or later than it is said'] as [
          string,
          LeafFields,
          string,
        ],
    ),
  ])('%s', (_name, more, fault) => {
    const story = told();
    story.resulted(result(), exchange);
    expect(story.destroyed(destroyed(more))).toBe(fault);
  });

  test('comes once, after the copy, and not of nothing', () => {
    const story = told();
    expect(story.destroyed(destroyed())).toBe('it ends a copy that still runs');
    story.resulted(result(), exchange);
    expect(story.destroyed(destroyed())).toBeUndefined();
    expect(story.destroyed(destroyed())).toBe('the copy was gone already');
    const nothing = told();
    nothing.resulted({ ...undigested, down: 0 }, exchange);
    expect(nothing.destroyed(destroyed())).toBe('the copy was gone already');
  });

  test('is said by somebody under another name in another part of the log', () => {
    const story = told();
    story.resulted(result(), exchange);
    story.shard();
    expect(story.destroyed(destroyed({ actor: 'other' }))).toBeUndefined();
  });
});
