/** Digests of streams: right whatever the pieces, several at once, waited for when the thread is behind, and gone when they are. */
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createDigests, type Digests, type StreamDigest } from '../../src/gateway/digests.ts';

let digests: Digests;

beforeEach(() => {
  digests = createDigests();
});

afterEach(() => digests.close());

const sha = (...pieces: Buffer[]): string =>
  `sha256:${createHash('sha256').update(Buffer.concat(pieces)).digest('base64url')}`;

const room = (stream: StreamDigest): Promise<void> => new Promise((resolve) => stream.room(resolve));

test.each([0, 1, 131_072, 131_073, 524_288, 524_289, 1_000_003])(
  'of %i bytes in one piece',
  async (length) => {
    const piece = randomBytes(length);
    const stream = digests.begin();
    stream.take(piece);
    expect(await stream.digest()).toBe(sha(piece));
  },
);

test('of any pieces, in their order, and of several streams at once', async () => {
  const pieces = fc.array(fc.nat({ max: 400_000 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(pieces, pieces, async (...plans) => {
      const streams = plans.map((lengths) => ({
        stream: digests.begin(),
        left: lengths.map((length) => randomBytes(length)),
      }));
      const all = streams.map(({ left }) => [...left]);
      while (streams.some(({ left }) => left.length > 0))
        for (const { stream, left } of streams) {
          const piece = left.shift();
          if (piece !== undefined && !stream.take(piece)) await room(stream);
        }
      const found = await Promise.all(streams.map(({ stream }) => stream.digest()));
      expect(found).toEqual(all.map((some) => sha(...some)));
    }),
    { numRuns: 15 },
  );
});

test('who feeds faster than it hashes is told to wait, and goes on', async () => {
  const stream = digests.begin();
  const piece = randomBytes(524_288);
  let taken = 1;
  while (stream.take(piece)) taken += 1;
  // What may be on its way to the thread, and no more.
  expect(taken).toBe(6);
  await room(stream);
  stream.take(piece);
  expect(await stream.digest()).toBe(sha(...Array.from({ length: taken + 1 }, () => piece)));
});

test('what nobody wants to know any more holds up nothing', async () => {
  const dropped = digests.begin();
  while (dropped.take(randomBytes(524_288)));
  dropped.drop();
  await room(dropped);
  const stream = digests.begin();
  const piece = randomBytes(300_000);
  stream.take(piece);
  expect(await stream.digest()).toBe(sha(piece));
});

test('when the thread is lost, who waits goes on, and no digest is made up', async () => {
  const stream = digests.begin();
  while (stream.take(randomBytes(524_288)));
  const [waiting, digest] = [room(stream), stream.digest().catch((error: Error) => error.message)];
  await digests.close();
  await waiting;
  expect(await digest).toBe('the thread that hashes was lost');
  // The next one starts another.
  const next = digests.begin();
  const piece = randomBytes(300_000);
  next.take(piece);
  expect(await next.digest()).toBe(sha(piece));
});
