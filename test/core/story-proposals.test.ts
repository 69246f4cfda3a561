/** What the client's own check says of robots in proposals: whom the provider proposed openly, and nobody else. */
import { expect, test } from '@jest/globals';
import { ProposalsTold } from '../../src/core/story-proposals.ts';

const at = '2026-06-01T09:00:00.000Z';
const scope = { systems: 'backup', purposes: 'backup', operations: 'read copy' };

function told(robots: string | undefined): ProposalsTold {
  const story = new ProposalsTold();
  const proposed = { id: 'p', at, until: '2026-07-01T09:00:00.000Z', days: 90, ...scope };
  expect(story.proposed(robots === undefined ? proposed : { ...proposed, robots })).toBeUndefined();
  return story;
}

const granted = { id: 'g', proposal: 'p', at, until: '2026-08-01T09:00:00.000Z', ...scope };
const another = 'the consent names a robot that its proposal does not';

test.each<[string, string | undefined, readonly string[], string | undefined]>([
  ['the robot that was proposed', 'robot:a', ['robot:a'], undefined],
  ['people alone, of both', 'robot:a', ['assigned'], undefined],
  ['one of two', 'robot:a robot:b', ['robot:b', 'assigned'], undefined],
  ['another robot', 'robot:a', ['robot:b'], another],
  ['a robot where none was proposed', undefined, ['assigned', 'robot:a'], another],
  ['people, where none was proposed', undefined, ['assigned'], undefined],
])('a consent that names %s', (_name, robots, people, fault) => {
  expect(told(robots).accepted(granted, people)).toBe(fault);
});
