/**
 * Digests of what leaves as a copy, while it leaves. Hashing costs half a millisecond a megabyte, which the main thread does not
 * have: a thread of its own hashes pieces where they lie. Small ones are put together first, short bodies are hashed here.
 * Whoever is faster than the hashing waits for it, so memory stays flat.
 */
import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../threads.ts';
import type { DigestAsked, DigestTold, Piece } from './digest-worker.ts';
import { type Hold, type Slab, slabBytes, takeSlab } from './slabs.ts';

/** Bytes up to which a body is hashed on the main thread, at its end. */
const short = 131_072;
/** Pieces at least so large are hashed where they lie. */
const large = 65_536;
/** While the thread is at a stream, this many bytes more are sent to it together. */
const together = 6 * slabBytes;
/** Bytes that one stream may have there before whoever feeds it waits. */
const mostThere = 2 * together;

/** The bytes of one body. Ends once: by `digest`, or by `drop`. */
export interface StreamDigest {
  /** Takes a piece, which lies in `slab`, or may change when this returns. False: wait for `room` before the next one. */
  take(piece: Buffer, slab?: Slab): boolean;
  /** Calls `then` once, when pieces may come again; at once when the stream was lost. */
  room(then: () => void): void;
  /** `sha256:<base64url>` of all pieces. Rejects when the thread was lost. */
  digest(): Promise<string>;
  /** Nobody wants to know. */
  drop(): void;
}

export interface Digests {
  begin(): StreamDigest;
  /** Ends the thread; digests that are asked for are rejected. */
  close(): Promise<void>;
}

export function createDigests(): Digests {
  return new OneThread();
}

class OneThread implements Digests {
  readonly #streams = new Map<number, OneStream>();
  #worker: Worker | undefined;
  #last = 0;

  begin(): StreamDigest {
    return new OneStream(this);
  }

  async close(): Promise<void> {
    const gone = this.#worker;
    this.#lost();
    await gone?.terminate();
  }

  /** A number for a stream that goes to the thread. */
  enter(stream: OneStream): number {
    this.#last += 1;
    this.#streams.set(this.#last, stream);
    return this.#last;
  }

  leave(id: number): void {
    this.#streams.delete(id);
    if (this.#streams.size === 0) this.#worker?.unref();
  }

  send(asked: DigestAsked): void {
    const worker = this.#worker ?? this.#spawn();
    worker.ref();
    worker.postMessage(asked);
  }

  #spawn(): Worker {
    const made = startThread('gateway/digest-worker', {
      name: 'digests',
      workerData: undefined,
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 },
    });
    made.on('message', (told: DigestTold) => {
      const stream = this.#streams.get(told.stream);
      if (told.digest === undefined) stream?.back();
      else stream?.told(told.digest);
    });
    const lost = (): void => {
      if (this.#worker === made) this.#lost();
    };
    made.on('error', lost);
    made.on('exit', lost);
    this.#worker = made;
    return made;
  }

  #lost(): void {
    this.#worker = undefined;
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) stream.lose();
  }
}

/** Where small pieces are put together. */
interface Filling {
  readonly slab: Slab;
  readonly hold: Hold;
  filled: number;
}

/** Pieces that are sent together, and what keeps their memory. */
interface Sent {
  readonly pieces: Piece[];
  readonly holds: Hold[];
  bytes: number;
}

class OneStream implements StreamDigest {
  readonly #thread: OneThread;
  /** What came while it may still be short. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  #id: number | undefined;
  #filling: Filling | undefined;
  /** What is sent next. */
  #next: Sent = { pieces: [], holds: [], bytes: 0 };
  /** What the thread has, in its order. */
  #there: Sent[] = [];
  /** Bytes of both. */
  #waitingBytes = 0;
  #waiting: (() => void)[] = [];
  #answer: { resolve(digest: string): void; reject(cause: Error): void } | undefined;
  #isLost = false;

  constructor(thread: OneThread) {
    this.#thread = thread;
  }

  take(piece: Buffer, slab?: Slab): boolean {
    this.#bytes += piece.length;
    if (this.#id === undefined && this.#bytes <= short) {
      this.#pieces.push(Buffer.from(piece));
      return true;
    }
    this.#id ??= this.#thread.enter(this);
    for (const earlier of this.#pieces) this.#fill(earlier);
    this.#pieces = [];
    if (slab === undefined || piece.length < large) this.#fill(piece);
    else {
      this.#flush();
      this.#add(slab, piece.byteOffset, piece.length, slab.hold());
    }
    return this.#hasRoom();
  }

  room(then: () => void): void {
    if (this.#hasRoom()) then();
    else this.#waiting.push(then);
  }

  digest(): Promise<string> {
    if (this.#isLost) return Promise.reject(lost());
    const id = this.#id;
    if (id === undefined) {
      const hash = createHash('sha256');
      for (const piece of this.#pieces) hash.update(piece);
      return Promise.resolve(`sha256:${hash.digest('base64url')}`);
    }
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#flush();
      this.#post(id);
      this.#thread.send({ do: 'end', stream: id });
    });
  }

  drop(): void {
    this.#pieces = [];
    if (this.#id === undefined || this.#isLost || this.#answer !== undefined) return;
    this.#thread.send({ do: 'drop', stream: this.#id });
    this.lose();
    this.#thread.leave(this.#id);
  }

  told(digest: string): void {
    if (this.#id !== undefined) this.#thread.leave(this.#id);
    this.#answer?.resolve(`sha256:${digest}`);
  }

  /** The thread is done with what it got first. */
  back(): void {
    const first = this.#there.shift();
    if (first === undefined || this.#id === undefined) return;
    for (const hold of first.holds) hold.done();
    this.#waitingBytes -= first.bytes;
    if (this.#there.length === 0) this.#post(this.#id);
    if (this.#hasRoom()) this.#wake();
  }

  lose(): void {
    this.#isLost = true;
    // The thread may be at it still.
    for (const { holds } of this.#there.splice(0)) for (const hold of holds) hold.lost();
    for (const hold of this.#next.holds.splice(0)) hold.done();
    this.#filling?.hold.done();
    this.#filling = undefined;
    this.#answer?.reject(lost());
    this.#wake();
  }

  #hasRoom(): boolean {
    return this.#isLost || this.#waitingBytes < mostThere;
  }

  #wake(): void {
    for (const then of this.#waiting.splice(0)) then();
  }

  #fill(piece: Buffer): void {
    for (let at = 0; at < piece.length && !this.#isLost; ) {
      const filling = this.#filling ?? beginSlab();
      this.#filling = filling;
      const part = piece.subarray(at, at + slabBytes - filling.filled);
      filling.slab.bytes.set(part, filling.filled);
      filling.filled += part.length;
      at += part.length;
      if (filling.filled === slabBytes) this.#flush();
    }
  }

  #flush(): void {
    const filling = this.#filling;
    if (filling === undefined) return;
    this.#filling = undefined;
    this.#add(filling.slab, 0, filling.filled, filling.hold);
  }

  #add(slab: Slab, from: number, length: number, hold: Hold): void {
    if (this.#isLost || this.#id === undefined) return hold.done();
    this.#next.pieces.push({ memory: slab.memory, from, length });
    this.#next.holds.push(hold);
    this.#next.bytes += length;
    this.#waitingBytes += length;
    if (this.#there.length === 0 || this.#next.bytes >= together) this.#post(this.#id);
  }

  /** Sends what waits, if anything does. */
  #post(id: number): void {
    const next = this.#next;
    if (next.bytes === 0) return;
    this.#next = { pieces: [], holds: [], bytes: 0 };
    this.#there.push(next);
    this.#thread.send({ do: 'pieces', stream: id, pieces: next.pieces });
  }
}

function beginSlab(): Filling {
  const slab = takeSlab();
  return { slab, hold: slab.hold(), filled: 0 };
}

function lost(): Error {
  return new Error('the thread that hashes was lost');
}
