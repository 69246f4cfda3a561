/** What leads a reader's eye, and since when: tables over made-up openings. */
import { describe, expect, test } from '@jest/globals';
import type { Fact, Story } from '../../src/core/history.ts';
import { sinceLastVisit, verdictOf } from '../../src/core/verdict.ts';
import { type LookContext, worthALook } from '../../src/core/worth-a-look.ts';

/** A Wednesday, 10:00 in UTC. */
const at = Date.UTC(2026, 10, 25, 10);
const minute = 60_000;

function fact(change: Partial<Fact> = {}): Fact {
  return {
    system: 'erp',
    method: 'GET',
    path: '/customers',
    operation: 'read',
    dest: 'page',
    type: 'text/html',
    disposition: '',
    result: 'complete',
    count: 1,
    up: 0,
    down: 1000,
    first: at + minute,
    last: at + minute,
    ...change,
  };
}

function story(change: Partial<Story> = {}): Story {
  return {
    kind: 'opening',
    id: 'o1',
    origin: 'log',
    index: 1,
    at,
    lastAt: at + minute,
    endedAt: undefined,
    cause: '',
    person: 'alice',
    first: false,
    name: 'Alice',
    functions: [],
    employer: '',
    systems: ['erp'],
    operations: ['read'],
    declared: [],
    purpose: 'support',
    reference: 'T-1',
    note: '',
    corrected: false,
    check: undefined,
    grant: 'g1',
    statics: 0,
    facts: [fact()],
    emergency: false,
    whole: true,
    ...change,
  };
}

const context: LookContext = {
  watch: {
    hours: {
      zone: 'UTC',
      windows: [{ days: [1, 2, 3, 4, 5], from: 8 * 60, until: 18 * 60 }],
      closedOn: 'none',
    },
    bytes: new Map([['hotline', 1_000_000]]),
  },
  purposes: new Map([
    ['support', { operations: ['read', 'write'] as const }],
    ['hotline', { operations: ['read'] as const }],
    ['backup', { operations: ['read', 'copy'] as const }],
  ]),
  endOf: (grant) => (grant === 'g1' ? at + 60 * minute : undefined),
};

const refused = (count: number, last = at + minute) =>
  fact({
    operation: 'write',
    path: '/customers/:id',
    result: 'refused:write_not_granted',
    count,
    last,
    down: 0,
  });

const saved = (last: number) => fact({ operation: 'write', path: '/customers/:id', last });

describe('worth a look', () => {
  test.each<[string, Partial<Story>, [string, number][]]>([
    ['an ordinary opening', {}, []],
    ['a refusal that belongs to no opening', { kind: 'refusal', first: true }, []],
    ['a first access', { first: true }, [['first_time', 0]]],
    ['an emergency', { emergency: true }, [['emergency', 0]]],
    ['at night', { at: Date.UTC(2026, 10, 25, 22), grant: 'g2' }, [['out_of_hours', 0]]],
    ['on a Sunday', { at: Date.UTC(2026, 10, 22, 10) }, [['out_of_hours', 0]]],
    ['after the end', { facts: [fact({ last: at + 61 * minute })] }, [['after_end', 0]]],
    ['up to the very end', { facts: [fact({ last: at + 60 * minute })] }, []],
    ['refused after the end', { facts: [refused(1, at + 61 * minute)] }, []],
    ['under an agreement that nobody knows', { grant: 'g2', facts: [fact({ last: at + 61 * minute })] }, []],
    ['a copy', { facts: [fact({ operation: 'copy', down: 77 }), fact()] }, [['copy', 77]]],
    [
      'a copy that was refused',
      { facts: [fact({ operation: 'copy', result: 'refused:copy_not_granted' })] },
      [],
    ],
    ['the most that is usual', { facts: [fact({ down: 50_000_000 })] }, []],
    ['a byte more', { facts: [fact({ down: 50_000_000 }), fact({ down: 1 })] }, [['volume', 50_000_001]]],
    [
      'what the client said is usual',
      { purpose: 'hotline', facts: [fact({ down: 1_000_001 })] },
      [['volume', 1_000_001]],
    ],
    ['much, for a purpose that copies', { purpose: 'backup', facts: [fact({ down: 9e12 })] }, []],
    [
      'much, for a purpose that is gone',
      { purpose: 'old', facts: [fact({ down: 9e12 })] },
      [['volume', 9e12]],
    ],
    [
      'three refusals, then saved',
      { facts: [refused(3), saved(at + 2 * minute)] },
      [['refused_then_allowed', 3]],
    ],
    ['two refusals, then saved', { facts: [refused(2), saved(at + 2 * minute)] }, []],
    ['saved, then three refusals', { facts: [saved(at), refused(3)] }, []],
    ['three refusals, then read on', { facts: [refused(3), fact({ last: at + 2 * minute })] }, []],
    [
      'three refusals, then saved elsewhere',
      { facts: [refused(3), { ...saved(at + 2 * minute), system: 'payroll' }] },
      [],
    ],
  ])('%s', (_, change, expected) => {
    const looks = worthALook([story(change)], context);
    expect(looks.map(({ code, amount }) => [code, amount])).toEqual(expected);
  });

  test('the most urgent first, then the newest', () => {
    const looks = worthALook(
      [
        story({ id: 'old', first: true }),
        story({ id: 'new', first: true, at: at + minute }),
        story({ id: 'late', facts: [fact({ last: at + 61 * minute })] }),
      ],
      context,
    );
    expect(looks.map((look) => look.story.id)).toEqual(['late', 'new', 'old']);
  });
});

describe('the verdict', () => {
  test('counts people once, also those without a name, refusals and missing ends', () => {
    const stories = [
      story({ person: 'a', facts: [fact({ result: 'unknown-after-crash', count: 2 })] }),
      story({ id: 'o2', person: 'a', facts: [refused(4)] }),
      story({ id: 'o3', person: 'b', name: undefined, first: true }),
      story({ id: 'o4', person: 'm', functions: ['robot'] }),
      story({ id: 'r', kind: 'refusal', person: '', facts: [refused(1)] }),
    ];
    expect(verdictOf(stories, worthALook(stories, context), false)).toEqual({
      openings: 4,
      more: false,
      people: 2,
      robots: 1,
      refused: 5,
      unfinished: 2,
      worth: 1,
    });
  });

  const hour = 60 * minute;
  test.each<[string, number[], number, boolean]>([
    ['nobody ever looked', [], at - 7 * 24 * hour, false],
    ['only now', [at - minute, at - 2 * minute], at - 7 * 24 * hour, false],
    ['an hour ago', [at - hour], at - hour, true],
    ['this visit goes on', [at - 10 * minute, at - 35 * minute, at - 2 * hour], at - 2 * hour, true],
    ['the clock was set back', [at + hour, at - hour], at - hour, true],
  ])('since: %s', (_, reads, expected, visited) => {
    expect(sinceLastVisit(reads, at)).toEqual({ at: expected, visited });
  });
});
