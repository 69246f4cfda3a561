/**
 * Digests of what leaves as a copy, while it leaves. Hashing costs half a millisecond a megabyte, which the main thread does not
 * have, copying a seventh: it copies the pieces into buffers that a thread of their own takes, hashes and gives back. Short bodies are hashed here.
 * Whoever is faster than the hashing waits for it, so memory stays flat.
 */
import { createHash } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../threads.ts';
import type { DigestAsked, DigestTold } from './digest-worker.ts';

/** Bytes up to which a body is hashed on the main thread, at its end. */
const short = 131_072;
/** Size of a buffer on its way to the thread. */
const bufferBytes = 524_288;
/** Buffers that one stream may have there before whoever feeds it waits. */
const mostThere = 3;
/** Buffers kept for later. */
const mostIdle = 6;

/** The bytes of one body. Ends once: by `digest`, or by `drop`. */
export interface StreamDigest {
  /** Takes a piece, which must not change any more. False: wait for `room` before the next one. */
  take(piece: Buffer): boolean;
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
  readonly #idle: ArrayBuffer[] = [];
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

  buffer(): ArrayBuffer {
    return this.#idle.pop() ?? new ArrayBuffer(bufferBytes);
  }

  send(asked: DigestAsked): void {
    const worker = this.#worker ?? this.#spawn();
    worker.ref();
    if (asked.do === 'piece') worker.postMessage(asked, [asked.buffer]);
    else worker.postMessage(asked);
  }

  #spawn(): Worker {
    const made = startThread('./digest-worker', import.meta.url, {
      name: 'digests',
      workerData: undefined,
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 32 },
    });
    made.on('message', (told: DigestTold) => {
      const stream = this.#streams.get(told.stream);
      if ('digest' in told) return stream?.told(told.digest);
      if (this.#idle.length < mostIdle) this.#idle.push(told.buffer);
      stream?.back();
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

class OneStream implements StreamDigest {
  readonly #thread: OneThread;
  /** What came while it may still be short. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  #id: number | undefined;
  #filling: ArrayBuffer | undefined;
  #filled = 0;
  #there = 0;
  #waiting: (() => void)[] = [];
  #answer: { resolve(digest: string): void; reject(cause: Error): void } | undefined;
  #isLost = false;

  constructor(thread: OneThread) {
    this.#thread = thread;
  }

  take(piece: Buffer): boolean {
    this.#bytes += piece.length;
    if (this.#id === undefined && this.#bytes <= short) {
      this.#pieces.push(piece);
      return true;
    }
    this.#id ??= this.#thread.enter(this);
    for (const earlier of this.#pieces) this.#fill(earlier);
    this.#pieces = [];
    this.#fill(piece);
    return this.#isLost || this.#there < mostThere;
  }

  room(then: () => void): void {
    if (this.#isLost || this.#there < mostThere) then();
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
      this.#flush(id);
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

  back(): void {
    this.#there -= 1;
    if (this.#there < mostThere) this.#wake();
  }

  lose(): void {
    this.#isLost = true;
    this.#answer?.reject(lost());
    this.#wake();
  }

  #wake(): void {
    for (const then of this.#waiting.splice(0)) then();
  }

  #fill(piece: Buffer): void {
    if (this.#isLost || this.#id === undefined) return;
    for (let at = 0; at < piece.length; ) {
      this.#filling ??= this.#thread.buffer();
      const part = piece.subarray(at, at + bufferBytes - this.#filled);
      new Uint8Array(this.#filling).set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === bufferBytes) this.#flush(this.#id);
    }
  }

  #flush(id: number): void {
    const buffer = this.#filling;
    if (buffer === undefined) return;
    const length = this.#filled;
    this.#filling = undefined;
    this.#filled = 0;
    this.#there += 1;
    this.#thread.send({ do: 'piece', stream: id, buffer, length });
  }
}

function lost(): Error {
  return new Error('the thread that hashes was lost');
}
