/** What the client's own check says about frames and about what delegates agreed to: each way in which one can be wrong. */
import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type FrameScope, frameFields, writeFrameText } from '../../src/core/delegations.ts';
import type { LeafFields } from '../../src/core/entries.ts';
import { evaluationMessage } from '../../src/core/evidence.ts';
import { DelegationsTold } from '../../src/core/story-delegations.ts';
import { SeatsTold } from '../../src/core/story-seats.ts';

const start = Date.UTC(2026, 9, 5, 8);
const time = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = publicKey.export({ format: 'jwk' }).x ?? '';

const scope: FrameScope = {
  ...{ systems: ['erp'], purposes: ['support'], operations: ['read'], minutes: 30 },
  ...{ hours: '', from: start, until: start + 86_400_000 },
};

function frameLine(more: Partial<FrameScope> & { readonly seat?: string } = {}, change: LeafFields = {}) {
  const terms = { ...scope, id: 'd1', client: 'acme', language: 'en' as const, seat: 'dana', ...more };
  const { text, textHash } = writeFrameText({ ...terms, sentences: ['Yes.'], author: 'C', authority: 'D' });
  const signature = sign(null, evaluationMessage(textHash), privateKey).toString('base64url');
  const leaf: LeafFields = {
    ...{ t: 'delegation.granted', id: 'd1', at: time(1), text: textHash, seat: 'claire' },
    ...{ role: 'representative', method: 'evaluation-key', signature, language: 'en' },
    ...{ authenticator_data: '', client_data: '', ...frameFields(terms) },
    ...change,
  };
  return { text, leaf };
}

function told() {
  const seats = new SeatsTold();
  const sits = (seat: string, role: string, more: LeafFields = {}) =>
    seats.seated({ at: time(0), seat, role, method: 'evaluation-key', key, by: 'client', ...more });
  sits('claire', 'representative');
  sits('dana', 'delegate');
  sits('dana-2', 'delegate', { earlier: 'dana' });
  sits('paul', 'delegate');
  sits('marc', 'reader');
  const texts = new Map<string, Uint8Array>();
  const story = new DelegationsTold(seats, { textOf: (name) => texts.get(name), party: {} });
  const give = ({ text, leaf }: ReturnType<typeof frameLine>) => {
    texts.set(`sha256:${hash('sha256', text, 'base64url')}`, Buffer.from(text));
    return story.granted(leaf);
  };
  return { seats, story, give };
}

describe('a frame', () => {
  test.each([
    ['signed by a representative', {}, {}, undefined],
    ['by nobody', {}, { seat: 'nobody' }, 'not signed by somebody seated'],
    ['by a delegate', {}, { seat: 'paul', role: 'delegate' }, 'signature of the frame'],
    ['for a reader', { seat: 'marc' }, {}, 'for nobody who sits as a delegate'],
    ['for nobody', { seat: 'nobody' }, {}, 'for nobody who sits as a delegate'],
    ['with another text', {}, { text: 'sha256:x' }, 'missing'],
    ['wider than its text', {}, { minutes: 60 }, 'differ in minutes'],
    ['for other systems than its text', {}, { systems: 'erp crm' }, 'differ in systems'],
    ['longer than a year', { until: start + 400 * 86_400_000 }, {}, 'too long'],
    ['with another signature', {}, { signature: 'A'.repeat(86) }, 'signature of the frame'],
  ])('%s', (_name, more, change, fault) => {
    const answer = told().give(frameLine(more, change));
    if (fault === undefined) expect(answer).toBeUndefined();
    else expect(answer).toContain(fault);
  });

  test('is given once and withdrawn once, by a representative', () => {
    const { story, give } = told();
    const line = (seat: string) => ({ t: 'delegation.revoked', delegation: 'd1', seat });
    expect(story.revoked(line('claire'))).toContain('not in force');
    expect(give(frameLine())).toBeUndefined();
    expect(give(frameLine())).toContain('already');
    expect(story.revoked(line('dana'))).toContain('no representative');
    expect(story.revoked(line('claire'))).toBeUndefined();
    expect(story.revoked(line('claire'))).toContain('not in force');
  });
});

describe('what a delegate agreed to', () => {
  const consent = {
    ...{ at: time(5), delegation: 'd1', request: 'r1', systems: 'erp', purposes: 'support' },
    ...{ operations: 'read', minutes: 30, first_use: `minutes=30 start_by=${time(90)}` },
  };
  test.each([
    ['within the frame', 'dana', {}, undefined],
    ['with a further passkey', 'dana-2', {}, undefined],
    ['with somebody else’s frame', 'paul', {}, 'without a frame in force'],
    ['with a frame that is none', 'dana', { delegation: 'd2' }, 'without a frame in force'],
    ['before it held', 'dana', { at: time(-5) }, 'outside the frame: time'],
    ['after it held', 'dana', { at: time(1441) }, 'outside the frame: time'],
    ['to more systems', 'dana', { systems: 'erp crm' }, 'outside the frame: systems'],
    ['to more operations', 'dana', { operations: 'read write' }, 'outside the frame: operations'],
    ['for longer', 'dana', { minutes: 31 }, 'outside the frame: minutes'],
    ['for a longer clock', 'dana', { first_use: `minutes=31 start_by=${time(90)}` }, 'frame: minutes'],
    ['a representative names one', 'claire', {}, 'does not need'],
  ])('%s', (_name, who, change, fault) => {
    const { seats, story, give } = told();
    expect(give(frameLine())).toBeUndefined();
    const seat = seats.get(who);
    if (seat === undefined) throw new Error(`${who} sits`);
    const answer = story.covers({ ...consent, ...change }, seat);
    if (fault === undefined) expect(answer).toBeUndefined();
    else expect(answer).toContain(fault);
  });

  test('unasked, for more than one use, without a frame, or after it was withdrawn', () => {
    const { seats, story, give } = told();
    give(frameLine());
    const seat = seats.get('dana');
    const claire = seats.get('claire');
    if (seat === undefined || claire === undefined) throw new Error('both sit');
    const { request: _, ...unasked } = consent;
    expect(story.covers(unasked, seat)).toContain('outside the frame: request');
    const { first_use: __, ...often } = consent;
    expect(story.covers(often, seat)).toContain('more than one use');
    expect(story.covers({ ...often, session: 'o1' }, seat)).toBeUndefined();
    const { delegation: ___, ...frameless } = consent;
    expect(story.covers(frameless, seat)).toContain('without a frame');
    expect(story.covers(frameless, claire)).toBeUndefined();
    story.revoked({ delegation: 'd1', seat: 'claire' });
    expect(story.covers(consent, seat)).toContain('without a frame in force');
  });
});
